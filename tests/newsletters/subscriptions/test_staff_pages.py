"""The staff's pages about readers and QR codes: who may, what they show, what they cost."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from eventsys import documents
from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions import codes as codes_
from eventsys.newsletters.subscriptions.models import SignUpCode, Way
from eventsys.staff.models import Role
from tests.events.scenes import kept
from tests.events_staff.test_costs import cost
from tests.newsletters.factories import make_reader
from tests.newsletters.subscriptions.scenes import ASA, asked, consents, count, fresh, has, letters, reader, say_yes
from tests.public.reading import Read, followed

BASE = "/personal/nyhetsbrev"
CODES, READERS = f"{BASE}/qr-koder", f"{BASE}/prenumeranter"


@pytest.fixture
def staff(signed_in_client):
    return signed_in_client(Role.ORGANISER)


@pytest.fixture
def code(app):
    return kept(codes_.add_code)("Frukost Viared", "Alva", now())


def test_a_code_is_made_in_one_step_and_opens_with_everything(staff):
    page = followed(staff, staff.post(CODES, data={"name": "Frukost Viared 12 mars"}))
    assert "Frukost Viared 12 mars" in page.text
    assert "Ingen prenumerant än" in page.text
    staff.post(CODES, data={"name": "frukost viared 12 MARS"})
    assert count(SignUpCode) == 1
    assert staff.post(CODES, data={"name": ""}).status_code == 422


def test_the_count_follows_those_who_come_by_the_code(staff, web, code):
    address = f"/nyhetsbrev?kalla={code.code}"
    form = Read(web.get(address)).typed | {"email": ASA}
    web.post("/nyhetsbrev", data=form)
    fragment = f"{CODES}/{code.id}/antal"
    assert staff.get(fragment).text.split() == ["<b>1</b>", "vill", "prenumerera,", "0", "har", "bekräftat"]
    say_yes()
    assert staff.get(fragment).text.split() == ["<b>1</b>", "ny", "prenumerant"]
    assert "1</b> ny prenumerant" in staff.get(f"{CODES}/{code.id}/bild").text
    assert (asked().way, asked().code_id) == (Way.CODE, code.id)


def test_the_files_of_a_code(staff, code):
    svg = staff.get(f"{CODES}/{code.id}/qr.svg")
    assert (svg.mimetype, svg.headers["Content-Disposition"]) == (
        "image/svg+xml", 'attachment; filename="qr-frukost-viared.svg"',
    )  # fmt: skip
    assert Image.open(io.BytesIO(staff.get(f"{CODES}/{code.id}/qr.png").data)).size[0] > 600
    assert f"nyhetsbrev?kalla={code.code}" in staff.get(f"{CODES}/{code.id}/affisch").text
    if documents.draws_pdf():
        paper = PdfReader(io.BytesIO(staff.get(f"{CODES}/{code.id}/affisch.pdf").data))
        assert len(paper.pages) == 1
        assert code.code in paper.pages[0].extract_text()


def test_a_code_put_away_still_counts_and_comes_back(staff, web, code):
    staff.post(f"{CODES}/{code.id}/undan")
    assert "Undanlagda (1)" in staff.get(CODES).text
    web.post("/nyhetsbrev", data={"email": ASA, "lists": FORETAGSAMT, "source": code.code})
    assert asked().code_id == code.id
    staff.post(f"{CODES}/{code.id}/fram")
    assert "Undanlagda" not in staff.get(CODES).text


def test_unknown_codes_and_readers_are_not_found(staff):
    for path in (
        f"{CODES}/99",
        f"{CODES}/99/bild",
        f"{CODES}/99/antal",
        f"{READERS}/99",
        f"{READERS}/99/avsluta",
        f"{READERS}/lista.exe",
    ):
        assert staff.get(path).status_code == (200 if path.endswith("exe") else 404), path


# --- readers ------------------------------------------------------------------------------------------------------


def test_the_list_is_searched_and_filtered_by_its_address(staff):
    make_reader(ASA, name="Åsa Öberg", organisation="Väveriet")
    make_reader("bo@alm.se", name="Bo Alm", lists=[], left=[FORETAGSAMT], way=Way.IMPORT)
    make_reader("nej@alm.se", name="Nils Nej", lists=[], refused_at=now())

    def shown(**filter_):
        words = Read(staff.get(READERS, query_string=filter_)).words
        return [name for name in ("Åsa Öberg", "Bo Alm", "Nils Nej") if name in words]

    assert shown() == ["Åsa Öberg", "Bo Alm", "Nils Nej"]
    assert shown(q="oberg vaveriet") == ["Åsa Öberg"]
    assert shown(lage="har") == ["Åsa Öberg"]
    assert shown(lage="slutat") == ["Bo Alm"]
    assert shown(lage="avbojt") == ["Nils Nej"]
    assert shown(satt="import") == ["Bo Alm"]
    assert shown(brev=FORETAGSAMT, lage="har") == ["Åsa Öberg"]
    assert shown(brev="påhittad", lage="x", satt="y", sida="-3") == ["Åsa Öberg", "Bo Alm", "Nils Nej"]


def test_a_page_of_readers_costs_the_same_however_many_there_are(staff):
    make_reader("x@x.se")
    few = len(cost(staff, READERS))
    for number in range(60):
        make_reader(f"person{number}@x.se")
    assert len(cost(staff, READERS)) == few
    assert "1–50 av 61" in staff.get(READERS).text


def test_one_reader_with_consents_as_a_history_and_letters(staff, web, code):
    web.post("/nyhetsbrev", data={"email": ASA, "lists": FORETAGSAMT, "source": code.code, "name": "Åsa"})
    known = say_yes()
    page = Read(staff.get(f"{READERS}/{known.id}")).words
    assert "QR-kod: Frukost Viared" in page
    assert "Sa ja" in page
    assert len(letters()) == 1


def test_ending_is_asked_about_on_a_page_that_changes_nothing(staff):
    """What the dialogs ask, for those without JavaScript: the button that opens them is a link there."""
    known = make_reader(ASA, name="Åsa Öberg")
    ask = f"{READERS}/{known.id}/avsluta"
    reader_page = staff.get(f"{READERS}/{known.id}").text
    for query, what in ((f"?brev={FORETAGSAMT}", "Avsluta Företagsamt"), ("", "Avsluta allt")):
        assert f'href="{ask}{query}"' in reader_page
        page = staff.get(f"{ask}{query}")
        assert page.status_code == 200
        assert f"<title>{what}?" in " ".join(page.text.split())
        assert "går inte att ångra härifrån" in page.text
        assert has() == [FORETAGSAMT]
    staff.post(ask, data=Read(staff.get(ask)).typed)
    fresh()
    assert (has(), "withdrawn foretagsamt" in consents(), reader().refused_at is None) == ([], True, False)
    for query in ("", f"?brev={FORETAGSAMT}", "?brev=finns-inte"):
        assert staff.get(f"{ask}{query}").location == f"{READERS}/{known.id}"


def test_one_list_is_ended_from_the_page_that_asks(staff):
    known = make_reader(ASA)
    ask = f"{READERS}/{known.id}/avsluta"
    staff.post(ask, data=Read(staff.get(f"{ask}?brev={FORETAGSAMT}")).typed)
    assert (has(), consents()[-1]) == ([], "withdrawn foretagsamt")


def test_staff_end_a_subscription_and_it_is_written_down(staff):
    known = make_reader(ASA)
    staff.post(f"{READERS}/{known.id}/avsluta", data={"brev": FORETAGSAMT})
    assert (has(), consents()[-1]) == ([], "withdrawn foretagsamt")
    fresh()
    assert db.session.query(AuditEntry).filter_by(action="reader.left", subject=f"reader:{known.id}").count() == 1


def test_adding_by_hand_sends_the_question(staff):
    answer = staff.post(f"{READERS}/ny", data={"email": ASA, "list": FORETAGSAMT})
    assert answer.status_code == 302
    assert (letters(), has(), asked().way) == (["confirm_subscription"], [], Way.STAFF)
    make_reader("bo@alm.se")
    again = staff.post(f"{READERS}/ny", data={"email": "bo@alm.se", "list": FORETAGSAMT})
    assert (again.status_code, "har redan breven" in again.text) == (422, True)


def test_the_list_is_taken_out_by_list_takers_only_and_that_is_recorded(staff, signed_in_client):
    make_reader(ASA, name="=cmd()", organisation="Väveriet")
    make_reader("bo@alm.se", lists=[], left=[FORETAGSAMT])
    answer = staff.get(f"{READERS}/lista.xlsx?lage=har")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["E-post", ASA]
    assert staff.get(f"{READERS}/lista.csv").text.count("\r\n") == 3
    fresh()
    entries = db.session.query(AuditEntry).filter_by(action="reader.exported").all()
    assert [entry.detail["rows"] for entry in entries] == [1, 2]
    assert ASA not in str([entry.detail for entry in entries])
    assert signed_in_client(Role.EDITOR).get(f"{READERS}/lista.xlsx").status_code == 403


@pytest.mark.parametrize("asked_for", ["", "?ar=1", "?ar=9999&manad=77&kalla=x", "?manad=3", "?kalla=page"])
def test_the_figure_opens_whatever_its_address_says(staff, asked_for):
    make_reader(ASA)
    page = staff.get(f"{READERS}/nya{asked_for}")
    assert page.status_code == 200
    assert "av målet 75" in page.text


def test_empty_pages_say_what_to_do(staff):
    assert "Inga prenumeranter än" in staff.get(READERS).text
    assert "Inga QR-koder än" in staff.get(CODES).text
