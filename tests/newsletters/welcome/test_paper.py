"""Welcome letters on paper: few at once, many by a worker that may die, in the postman's order, for a day."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import openpyxl
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventsys import documents, piecework
from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.models import EventState
from eventsys.newsletters import actors
from eventsys.newsletters.printing.envelopes import Box
from eventsys.newsletters.subscriptions.models import SignUpCode
from eventsys.newsletters.welcome import drawing, paper
from eventsys.newsletters.welcome.envelopes import RIGHT_WINDOW
from eventsys.newsletters.welcome.models import Choice, Folding, RoundState, WelcomeLetter, WelcomePaper, WelcomeRound
from eventsys.newsletters.welcome.settings import change_settings, welcome_settings
from eventsys.piecework import LEASE, PaperState
from eventsys.staff.models import Account, Role
from tests.factories import make_event
from tests.newsletters.welcome.paper_scenes import (
    BODY,
    codes_on,
    make_letter,
    make_letters,
    make_round,
    pages_of,
    strike,
    text_of,
    texts_of,
)
from tests.staff_fixtures import Visitor, new_account, organiser, see_anew, visitor_as  # noqa: F401


@pytest.fixture
def staff(app: Flask, organiser: Account) -> Visitor:  # noqa: F811
    """A browser signed in as organiser."""
    return visitor_as(app, organiser)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five letters a part, so that a round of some tens has several."""
    monkeypatch.setattr(paper, "LETTERS_A_PART", 5)


def page_of(round_: WelcomeRound) -> str:
    return f"/personal/nyhetsbrev/valkomstbrev/{round_.id}/papper"


def asked(round_: WelcomeRound) -> int:
    kept = welcome_settings()
    letter = paper.letter_of_round(round_, kept, now())
    with transaction():
        return paper.ask_for_paper(round_, letter, kept, "Alva", now()).id


def the_paper(number: int) -> WelcomePaper:
    see_anew()
    found = piecework.with_content(WelcomePaper, number)
    assert found is not None
    return found


def taken(number: int, after: timedelta = timedelta()) -> paper.Part:
    with transaction():
        part = paper.take_part(number, now() + after)
    assert part is not None
    return part


def trail(action: str) -> list[AuditEntry]:
    see_anew()
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


# --- who is on it -------------------------------------------------------------------------------------------------


def test_few_letters_are_handed_out_at_once_in_the_order_of_the_postman(staff: Visitor) -> None:
    round_ = make_round()
    for name, postcode in (("Öst AB", "50332"), ("Åke AB", "50332"), ("Ada AB", "51161"), ("Ek AB", "50100")):
        make_letter(round_, name, postcode=postcode)
    make_letter(round_, "Mejl AB", Choice.EMAIL, address="info@mejl.example")
    make_letter(round_, "Struken AB", Choice.STRUCK)
    make_letter(round_, "Nej tack AB", Choice.EXCLUDED)
    strike(make_letter(round_, "Ångrad AB"))
    make_letter(make_round(), "Annan omgång AB")
    answer = staff.post(page_of(round_))
    assert answer.mimetype == "application/pdf"
    assert f'filename="valkomstbrev-omgang-{round_.number}-2026-brev.pdf"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    told = texts_of(answer.data)
    assert len(told) == 4
    for said, name, place in zip(
        told, ("Ek AB", "Åke AB", "Öst AB", "Ada AB"), ("501 00", "503 32", "503 32", "511 61"), strict=True
    ):
        assert f"{name} Allégatan 1 {place} Borås" in said
        assert "Åsa Öberg, Ärlig & Co" in said
    assert trail("welcome_round.paper_taken_out")[0].detail == {"rows": 4}


def test_text_of_a_company_is_text_on_the_paper(staff: Visitor) -> None:
    round_ = make_round()
    for number, name in enumerate(("+1 <b>&amp; \"Å\" 'Ö' AB", "=cmd|' /C calc'!A0", "Ä" * 200, "</style><h1>Öl")):
        make_letter(round_, name, postcode=f"5033{number}", street="<i>Gatan</i> & 1")
    told = texts_of(staff.post(page_of(round_)).data)
    assert len(told) == 4
    assert "+1 <b>&amp; \"Å\" 'Ö' AB" in told[0]
    assert "<i>Gatan</i> & 1" in told[0]
    assert "ÄÄÄ" in told[2]
    assert "</style><h1>Öl" in told[3]


def test_those_whose_email_never_came_are_printed_alone(staff: Visitor) -> None:
    round_ = make_round(RoundState.SENT, sent_at=now())
    make_letter(round_, "Först AB")
    make_letter(round_, "Senare AB", address="borta@senare.example")
    page = staff.get(page_of(round_)).text
    assert "2 brev på papper" in page
    assert "Gör bara det brevet" in page
    [alone] = texts_of(staff.post(page_of(round_), data={"senare": "1"}).data)
    assert "Senare AB" in alone
    assert len(texts_of(staff.post(page_of(round_)).data)) == 2


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.ASKED, RoundState.APPROVED])
def test_nothing_is_printed_while_the_list_can_still_change(staff: Visitor, state: RoundState) -> None:
    round_ = make_round(state)
    make_letter(round_)
    for method, path in (("POST", ""), ("GET", "/adresser.csv")):
        answer = staff.open(f"{page_of(round_)}{path}", method=method)
        assert answer.status_code == 302
        assert "inte skickad än" in staff.get(answer.location).text
    assert trail("welcome_round.paper_taken_out") == trail("welcome_round.addresses_taken_out") == []
    assert len(pages_of(staff.get(f"{page_of(round_)}/prov.pdf").data)) == 1


def test_a_round_with_nobody_on_paper_says_so(staff: Visitor) -> None:
    round_ = make_round()
    assert "Alla i omgången får brevet med e-post." in staff.get(page_of(round_)).text
    assert "inget att skriva ut" in staff.get(staff.post(page_of(round_)).location).text


# --- the letter ---------------------------------------------------------------------------------------------------


def test_the_letter_has_a_date_the_gathering_and_two_codes_that_can_be_read(app: Flask, staff: Visitor) -> None:
    event = make_event(title="Välkomstträff på Åhaga", place="Åhaga", address="Åhagagatan 1")
    round_ = make_round(event_id=event.id)
    make_letter(round_)
    code = db.session.get(SignUpCode, round_.code_id)
    assert code is not None
    [page] = pages_of(staff.post(page_of(round_)).data)
    base = "http://127.0.0.1:8000"
    assert codes_on(page) == {f"{base}/nyhetsbrev?kalla={code.code}", f"{base}/evenemang/{event.slug}"}
    said = text_of(page)
    for part in (
        "Välkommen som företagare i Borås", "Välkomstträff på Åhaga", "kl. 10.00–11.30", "Åhagagatan 1",
        "Näringslivsenheten, Borås Stad", "(https://naring.example/ny)", f"nyhetsbrev? kalla={code.code}",
    ):  # fmt: skip
        assert part in said, part
    fonts = {str(one["/BaseFont"]) for one in _fonts(page)}
    assert fonts
    assert all("Hanken" in font for font in fonts)


def _fonts(page: object) -> Iterator[dict[str, object]]:
    own = page["/Resources"]  # type: ignore[index]
    for resources in (own, own["/XObject"]["/Letter"]["/Resources"]):
        yield from (font.get_object() for font in resources["/Font"].values())


@pytest.mark.parametrize("given", [{"state": EventState.CANCELLED}, {"state": EventState.DRAFT}, None])
def test_a_gathering_that_nobody_can_come_to_is_not_on_the_letter(app: Flask, given: dict[str, object] | None) -> None:
    event = make_event(title="Hemlig träff", **given) if given else None
    round_ = make_round(event_id=event.id if event else None)
    letter = drawing.letter_page(round_, RIGHT_WINDOW, Folding.THIRDS, round_.registered_until)
    [page] = pages_of(letter)
    assert "Hemlig" not in text_of(page)
    assert "1 juni 2026" in text_of(page)
    assert len(codes_on(page)) == 1


def test_a_letter_that_is_too_long_is_refused_and_says_by_how_much(staff: Visitor) -> None:
    round_ = make_round(body=BODY * 4)
    make_letter(round_)
    answer = staff.post(page_of(round_))
    assert answer.status_code == 302
    assert "rader för långt för en sida" in staff.get(answer.location).text
    with pytest.raises(drawing.LetterTooLong) as much:
        paper.letter_of_round(round_, welcome_settings(), now())
    longer = make_round(body=BODY * 5)
    with pytest.raises(drawing.LetterTooLong) as more:
        paper.letter_of_round(longer, welcome_settings(), now())
    assert more.value.lines > much.value.lines > 0
    assert trail("welcome_round.paper_taken_out") == []


def test_a_letter_that_is_nearly_too_long_is_written_a_little_smaller(app: Flask) -> None:
    line = "<p>Vi svarar på frågor och hittar rätt person på kommunen, och du betalar ingenting för det.</p>"
    fits = [drawing.letter_page(make_round(body=line * number), RIGHT_WINDOW, Folding.THIRDS, now().date())
            for number in (12, 17)]  # fmt: skip
    assert [len(pages_of(letter)) for letter in fits] == [1, 1]


@pytest.fixture
def spy() -> Iterator[tuple[str, list[str]]]:
    """A server that notes what is asked of it."""
    seen: list[str] = []

    class Noting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_drawing_fetches_nothing_whatever_the_text_asks_for(
    app: Flask, spy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, seen = spy
    body = (
        f'<p>Hej</p><img src="{address}/bild.png"><link rel="stylesheet" href="{address}/stil.css">'
        f'<p style="background:url({address}/bak.png)">A</p><object data="{address}/o.svg"></object>'
        f'<style>@import url({address}/i.css); p {{ background-image: url("{address}/css.png") }}</style>'
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/svg.png"/></svg><img src="file:///etc/passwd">'
    )
    round_ = make_round(body=body)
    letter = drawing.letter_page(round_, RIGHT_WINDOW, Folding.THIRDS, now().date())
    people = [drawing.Addressee(body, body, body, "50332", body)]
    assert len(pages_of(drawing.stamped(letter, [drawing.address_pages(people, RIGHT_WINDOW)], "x"))) == 1
    assert seen == []
    weasyprint = documents._weasyprint()
    weasyprint.HTML(string=f'<img src="{address}/control.png">').write_pdf()
    assert seen == ["/control.png"], "the control: such a picture is fetched by who does not refuse"


# --- many, by a worker --------------------------------------------------------------------------------------------


def test_many_letters_are_asked_for_and_fetched_when_they_are_ready(staff: Visitor, small_parts: None) -> None:
    round_ = make_round()
    make_letters(round_, 11)
    answer = staff.post(page_of(round_))
    assert answer.status_code == 302
    assert "11 brev görs nu. Du kan lämna sidan." in staff.get(answer.location).text
    [number] = piecework.to_make(WelcomePaper, now())
    part = taken(number)
    with transaction():
        assert paper.keep_part(part, paper.draw_part(part), now())
    assert "5 av 11" in staff.get(f"{page_of(round_)}/laget").text
    assert staff.get(f"{page_of(round_)}/{number}.pdf").status_code == 404
    staff.post(page_of(round_))
    assert len(paper.papers_of(round_)) == 1, "what is being made already is not begun anew"
    actors.make_welcome_paper(number)
    assert "Hämta PDF" in staff.get(page_of(round_)).text
    assert trail("welcome_round.paper_taken_out") == []
    fetched = staff.get(f"{page_of(round_)}/{number}.pdf")
    told = texts_of(fetched.data)
    people = paper.on_paper(paper.round_by_id(round_.id))
    assert len(told) == len(people) == 11
    assert [one.name for one in people if one.name in told[people.index(one)]] == [one.name for one in people]
    assert [one.postcode for one in people] == sorted(one.postcode for one in people)
    assert all("Välkommen som företagare i Borås" in page for page in told)
    assert trail("welcome_round.paper_taken_out")[0].detail == {"rows": 11}


def test_the_file_holds_the_letter_once(app: Flask) -> None:
    round_ = make_round()
    letter = paper.letter_of_round(round_, welcome_settings(), now())
    made = [
        len(drawing.stamped(letter, [drawing.address_pages([drawing.SAMPLE] * number, RIGHT_WINDOW)], "x"))
        for number in (1, 21)
    ]
    assert (made[1] - made[0]) / 20 < 1500, "bytes a page"


def test_a_killed_worker_loses_one_part_and_no_more(app: Flask, small_parts: None) -> None:
    round_ = make_round()
    make_letters(round_, 12)
    number = asked(round_)
    first = taken(number)
    with transaction():
        paper.keep_part(first, paper.draw_part(first), now())
    taken(number)  # this worker is killed while it draws
    assert piecework.to_make(WelcomePaper, now()) == []
    actors.make_welcome_paper(number)  # somebody else's lease holds
    assert the_paper(number).done == 5
    with time_machine.travel(now() + LEASE, tick=True):
        assert piecework.to_make(WelcomePaper, now()) == [number]
        actors.make_welcome_paper(number)
    made = the_paper(number)
    assert (made.state, made.done, made.total) == (PaperState.READY, 12, 12)
    told = texts_of(made.content or b"")
    assert len(told) == 12
    assert all(sum(f"Öra {n:04} AB" in page for page in told) == 1 for n in range(12))


def test_a_worker_that_was_thought_dead_adds_nothing_twice(app: Flask, small_parts: None) -> None:
    round_ = make_round()
    make_letters(round_, 12)
    number = asked(round_)
    slow, quick = taken(number), taken(number, after=LEASE)
    drawn = paper.draw_part(quick)
    with transaction():
        assert paper.keep_part(slow, drawn, now()) is False
    assert the_paper(number).done == 0
    with transaction():
        assert paper.keep_part(quick, drawn, now()) is True
    assert the_paper(number).done == 5


def test_what_cannot_be_drawn_says_so_and_can_be_asked_for_again(
    staff: Visitor, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = make_round()
    make_letters(round_, 12)
    number = asked(round_)

    def no_pdf(*_: object) -> bytes:
        raise documents.NoPdf

    with monkeypatch.context() as broken:
        broken.setattr(paper, "address_pages", no_pdf)
        with pytest.raises(documents.NoPdf):
            actors.make_welcome_paper(number)
    assert (the_paper(number).state, the_paper(number).content) == (PaperState.FAILED, None)
    assert "Det gick inte att göra dem." in staff.get(page_of(round_)).text
    again = asked(round_)
    actors.make_welcome_paper(again)
    assert the_paper(again).state is PaperState.READY


def test_a_paper_is_not_handed_out_once_anything_on_it_has_changed(staff: Visitor) -> None:
    round_ = make_round()
    letters = make_letters(round_, 12)
    change = {
        "strike": lambda: strike(letters[3]),
        "another": lambda: make_letter(round_, "Ny AB"),
        "window": lambda: _window(Box(20, 45, 85, 30)),
        "text": lambda: _text(round_, "<p>Ny text</p>"),
    }
    for what, act in change.items():
        number = asked(paper.round_by_id(round_.id))
        actors.make_welcome_paper(number)
        assert staff.get(f"{page_of(round_)}/{number}.pdf").status_code == 200, what
        act()
        assert staff.get(f"{page_of(round_)}/{number}.pdf").status_code == 404, what
        assert "Gäller inte längre" in staff.get(page_of(round_)).text


def _window(window: Box) -> None:
    with transaction():
        change_settings(None, 12, None, window, Folding.THIRDS)


def _text(round_: WelcomeRound, body: str) -> None:
    with transaction():
        paper.round_by_id(round_.id).body = body


def test_letters_on_paper_are_forgotten_after_a_day(app: Flask) -> None:
    round_ = make_round()
    make_letters(round_, 2)
    number = asked(round_)
    actors.make_welcome_paper(number)
    with time_machine.travel(now() + timedelta(hours=23, minutes=59), tick=False):
        assert not piecework.to_forget(WelcomePaper, now())
    with time_machine.travel(now() + timedelta(hours=24, minutes=1), tick=False):
        assert piecework.to_forget(WelcomePaper, now())
        actors.forget_welcome_papers(0)
        see_anew()
        assert db.session.get(WelcomePaper, number) is None


# --- the address file, and who may what ---------------------------------------------------------------------------


def test_the_address_file_has_the_same_companies_in_the_same_order(staff: Visitor) -> None:
    round_ = make_round()
    make_letter(round_, "Öst AB", postcode="50332", care_of="c/o Öberg")
    make_letter(round_, "=1+1 AB", postcode="50100", street="+46 Gatan")
    answer = staff.get(f"{page_of(round_)}/adresser.xlsx")
    assert f"valkomstbrev-omgang-{round_.number}-2026-adresser.xlsx" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Företag", "c/o", "Adress", "Postnummer", "Ort"],
        ["=1+1 AB", None, "+46 Gatan", "501 00", "Borås"],
        ["Öst AB", "c/o Öberg", "Allégatan 1", "503 32", "Borås"],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}, "texts, no formulas"
    lines = staff.get(f"{page_of(round_)}/adresser.csv").data.decode("utf-8-sig").splitlines()
    assert lines[1] == '"\'=1+1 AB";"";"\'+46 Gatan";"501 00";"Borås"'
    assert lines[2] == '"Öst AB";"c/o Öberg";"Allégatan 1";"503 32";"Borås"'
    assert [entry.detail for entry in trail("welcome_round.addresses_taken_out")] == [{"rows": 2}] * 2
    assert staff.get(f"{page_of(round_)}/adresser.exe").status_code == 404


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", Role)
def test_only_those_who_may_take_lists_out_get_letters_addresses_or_names(app: Flask, role: Role) -> None:
    round_ = make_round()
    make_letter(round_, "Lång " + "Å" * 195)
    client = visitor_as(app, new_account(role))
    takes = role in (Role.ORGANISER, Role.ADMINISTRATOR)
    writes = takes or role is Role.EDITOR
    page = client.get(page_of(round_))
    assert page.status_code == (200 if writes else 403)
    assert ("ÅÅÅÅ" in page.text) is takes
    assert ("En adress är för lång för fönstret" in page.text) is writes
    assert client.post(page_of(round_)).status_code == (200 if takes else 403)
    for path in ("adresser.xlsx", "laget"):
        assert client.get(f"{page_of(round_)}/{path}").status_code == (200 if takes else 403)
    for path in (f"{page_of(round_)}/prov.pdf", "/personal/nyhetsbrev/valkomstbrev/provark.pdf"):
        assert client.get(path).status_code == (200 if writes else 403)


def test_a_paper_of_one_round_is_not_found_under_another(staff: Visitor) -> None:
    round_, other = make_round(), make_round()
    make_letters(round_, 12)
    number = asked(round_)
    actors.make_welcome_paper(number)
    assert staff.get(f"{page_of(other)}/{number}.pdf").status_code == 404
    assert staff.get("/personal/nyhetsbrev/valkomstbrev/999999/papper").status_code == 404
    assert db.session.scalar(select(WelcomeLetter.id).where(WelcomeLetter.round_id == other.id)) is None
