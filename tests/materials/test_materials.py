"""Material: who may have it, how it is handed out, what is refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.materials import keeping
from eventsys.events.materials.keeping import NothingToPublish, PoorLink, safe_link
from eventsys.events.materials.letters import LETTERS
from eventsys.events.materials.models import Material
from eventsys.events.materials.queries import materials_of
from eventsys.events.materials.uploads import LARGEST, TYPES, PoorFile, read_upload
from eventsys.events.models import AttendeeState
from eventsys.events.states import move
from eventsys.mail.models import Delivery
from eventsys.staff.models import Role
from tests.events.scenes import kept, letters, person
from tests.factories import make_event, make_person, make_registration
from tests.staff_fixtures import new_account, see_anew, visitor_as

add_link, add_file = kept(keeping.add_link), kept(keeping.add_file)
remove, publish = kept(keeping.remove), kept(keeping.publish)
order, show_to_everybody = kept(keeping.move), kept(keeping.show_to_everybody)
mark = kept(lambda name, state: move(person(name), state, now()))

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"
LINK = "https://film.boras.example/update"


def office(*parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return out.getvalue()


def picture(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


GOOD = {
    "bilder.pdf": PDF,
    "Åsas bilder.pptx": office("ppt/presentation.xml"),
    "program.docx": office("word/document.xml"),
    "siffror.xlsx": office("xl/workbook.xml"),
    "bild.png": picture("PNG"),
    "bild.JPG": picture("JPEG"),
    "foto.jpeg": picture("JPEG"),
    "anteckningar.txt": "Tack för i går".encode(),
    "gammalt.txt": "Tack för i går".encode("latin-1"),
}


def a_file(event_id, name="bilder.pdf", title="Bilderna"):
    return add_file(event_id, title, read_upload(name, GOOD.get(name, PDF)), now())


def fresh(material):
    see_anew()
    return db.session.get(Material, material.id)


# --- what a file is -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOOD)
def test_each_kind_of_file_is_known_by_its_content(name):
    upload = read_upload(name, GOOD[name])
    assert (upload.name, upload.content_type) == (name, TYPES[name.rpartition(".")[2].lower()])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sida.html", b"<script>"),
        ("bild.svg", b"<svg/>"),
        ("program.exe", b"MZ"),
        ("utan", PDF),
        ("tom.pdf", b""),
        ("bilder.pdf", b"MZ\x90\x00"),
        ("bilder.pptx", office("word/document.xml")),
        ("makron.docx", office("word/document.xml", "word/vbaProject.bin")),
        ("trasig.xlsx", b"PK\x03\x04skrap"),
        ("bild.png", picture("JPEG")),
        ("bild.jpg", b"\xff\xd8\xff och inget mer"),
        ("text.txt", b"\x00\x01\x02"),
        ("stor.pdf", PDF + b"x" * LARGEST),
    ],
)
def test_what_is_not_what_its_name_says_is_refused(name, content):
    with pytest.raises(PoorFile, match=r"\.$"):
        read_upload(name, content)


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("../../etc/bilder.pdf", "bilder.pdf"),
        ("C:\\Users\\Åsa\\bilder.pdf", "bilder.pdf"),
        ('bil"der;\r\nSet-Cookie: x.pdf', "bilder Set-Cookie x.pdf"),
        ("...pdf", "material.pdf"),
        (f"{'å' * 300}.pdf", f"{'å' * 150}.pdf"),
    ],
)
def test_a_file_name_is_one_clean_line(given_name, clean):
    assert read_upload(given_name, PDF).name == clean


@given(st.text(max_size=60), st.binary(max_size=200))
def test_any_name_and_bytes_are_kept_clean_or_refused(name, content):
    for ending in TYPES:
        try:
            kept_file = read_upload(f"{name}.{ending}", content)
        except PoorFile:
            continue
        assert not set('\r\n"/\\;') & set(kept_file.name)


@pytest.mark.parametrize(
    "address",
    ["http://x.example", "javascript:alert(1)", "https://", "//x.example", "https://localhost", "https://a b.se",
     "https://bank.se@ond.example", "https://x.example/\nSet: x", "data:text/html,x", "https://x.example:99999",
     "https://[::1", f"https://x.example/{'a' * 600}", 'https://x.example/"><b>'],
)  # fmt: skip
def test_only_whole_https_addresses_are_links(address):
    with pytest.raises(PoorLink):
        safe_link(address)


def test_a_link_is_kept_as_it_was_given():
    assert safe_link(f"  {LINK}?vad=å#del ") == f"{LINK}?vad=å#del"


# --- order, publishing --------------------------------------------------------------------------------------------


def test_material_is_added_last_moved_and_removed(event):
    one, two, three = (add_link(event.id, title, LINK, now()) for title in "123")
    order(event.id, three.id, up=True)
    order(event.id, one.id, up=True)
    assert [material.title for material in materials_of(event.id)] == ["1", "3", "2"]
    remove(event.id, three.id)
    assert [material.title for material in materials_of(event.id)] == ["1", "2"]
    with pytest.raises(NotFound):
        remove(make_event().id, two.id)


def test_the_longest_address_there_can_be_stops_nobodys_letter(app):
    event = make_event()
    long = make_person("Åsa Ek", f"{'a' * 60}@{'.'.join(['b' * 60] * 3)}.se")
    make_registration(event, [long, "Bo Alm"])
    for name in ("Åsa Ek", "Bo Alm"):
        mark(name, AttendeeState.ATTENDED)
    add_link(event.id, "Film", LINK, now())
    assert publish(event.id, now()) == 2
    keys = db.session.scalars(select(Delivery.purpose_key).where(Delivery.letter == "events/material"))
    assert not any("@" in key for key in keys)


def test_those_who_came_get_one_letter_each_however_often_it_is_published(event):
    with pytest.raises(NothingToPublish):
        publish(event.id, now())
    add_link(event.id, "Filmen", LINK, now())
    assert publish(event.id, now()) == 2
    a_file(event.id)
    assert publish(event.id, now()) == 0
    mark("Eva Ström", AttendeeState.ATTENDED)
    assert publish(event.id, now()) == 1
    assert [letter for letter in letters() if letter.endswith("material")] == [
        f"{name}: material" for name in ("Åsa Ek", "Bo Alm", "Eva Ström")
    ]


def test_colleagues_who_share_an_address_get_one_letter(app):
    event = make_event()
    make_registration(event, [make_person("Åsa Ek", "info@vav.example"), make_person("Bo Alm", "info@vav.example")])
    for name in ("Åsa Ek", "Bo Alm"):
        mark(name, AttendeeState.ATTENDED)
    add_link(event.id, "Filmen", LINK, now())
    assert publish(event.id, now()) == 1
    assert letters("Åsa Ek")[-1] == "material"


def test_the_letter_is_dropped_when_somebody_did_not_come_after_all_or_nothing_is_left(event):
    filmen = add_link(event.id, "Filmen", LINK, now())
    publish(event.id, now())
    mark("Bo Alm", AttendeeState.NO_SHOW)
    assert unwanted() == {"Åsa Ek": "", "Bo Alm": "personen är inte längre markerad som att ha kommit"}
    remove(event.id, filmen.id)
    assert unwanted()["Åsa Ek"] == "materialet är borttaget"


def unwanted() -> dict[str, str]:
    see_anew()
    query = select(Delivery).where(Delivery.letter == "events/material")
    return {one.name: LETTERS[one.letter].unwanted(one) for one in db.session.execute(query).scalars()}


# --- who may have it ----------------------------------------------------------------------------------------------


def own(name: str, material: Material) -> str:
    return f"/bokning/{person(name).token}/material/{material.id}"


def test_only_those_who_came_may_have_what_is_not_for_everybody(event, guest):
    file = a_file(event.id, "Åsas bilder.pptx")
    assert guest.get(own("Åsa Ek", file)).status_code == 404  # not published
    publish(event.id, now())
    answer = guest.get(own("Åsa Ek", file))
    assert (answer.status_code, answer.data) == (200, GOOD["Åsas bilder.pptx"])
    assert guest.get(own("Eva Ström", file)).status_code == 404
    assert guest.get(f"/bokning/{'x' * 32}/material/{file.id}").status_code == 404
    assert guest.get(f"/material/{fresh(file).token}").status_code == 404
    assert "Bilderna" in guest.get(f"/bokning/{person('Åsa Ek').token}").text
    assert "Bilderna" not in guest.get(f"/bokning/{person('Eva Ström').token}").text
    assert "Bilderna" not in guest.get(f"/evenemang/{event.slug}").text


def test_material_of_another_event_is_not_reached_through_ones_own_booking(event, guest):
    other = a_file(make_event().id)
    kept(keeping.publish)(other.event_id, now())
    assert guest.get(own("Åsa Ek", other)).status_code == 404


def test_everybody_may_have_what_is_shown_to_everybody_once_it_is_published(event, guest):
    file = a_file(event.id)
    show_to_everybody(event.id, file.id, public=True)
    address = f"/material/{fresh(file).token}"
    assert guest.get(address).status_code == 404
    publish(event.id, now())
    assert guest.get(address).data == PDF
    assert address in guest.get(f"/evenemang/{event.slug}").text
    show_to_everybody(event.id, file.id, public=False)
    assert guest.get(address).status_code == 404


def test_a_file_is_a_download_of_its_own_type_and_nothing_else(event, guest):
    file = a_file(event.id, "Åsas bilder.pptx")
    publish(event.id, now())
    headers = guest.get(own("Åsa Ek", file)).headers
    assert headers["Content-Disposition"].startswith("attachment; filename")
    assert "UTF-8''%C3%85sas%20bilder.pptx" in headers["Content-Disposition"]
    assert headers["Content-Type"] == TYPES["pptx"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"


def test_a_link_in_the_letter_leads_on_for_those_who_came(event, guest):
    film = add_link(event.id, "Filmen", LINK, now())
    publish(event.id, now())
    assert guest.get(own("Åsa Ek", film)).location == LINK
    assert guest.get(own("Eva Ström", film)).status_code == 404


# --- staff --------------------------------------------------------------------------------------------------------


def page_of(event, path=""):
    return f"/personal/evenemang/{event.id}/material{path}"


def test_staff_add_links_and_files_and_publish_them(event, staff, guest):
    staff.post(page_of(event, "/lank"), data={"link_title": "Filmen", "url": LINK})
    staff.post(page_of(event, "/fil"), data={"title": "", "file": (io.BytesIO(PDF), "bilder.pdf")})
    film, file = materials_of(event.id)
    assert (film.title, file.title, file.size) == ("Filmen", "bilder.pdf", len(PDF))
    staff.post(page_of(event, f"/{file.id}"), data={"gor": "upp"})
    staff.post(page_of(event, f"/{film.id}"), data={"gor": "visa"})
    see_anew()
    assert [one.title for one in materials_of(event.id)] == ["bilder.pdf", "Filmen"]
    assert staff.get(page_of(event, f"/{file.id}")).data == PDF
    said = staff.get(staff.post(page_of(event, "/publicera")).location).text
    assert "2 personer får ett brev." in said
    assert LINK in guest.get(f"/evenemang/{event.slug}").text
    staff.post(page_of(event, f"/{film.id}"), data={"gor": "ta-bort"})
    see_anew()
    assert [one.title for one in materials_of(event.id)] == ["bilder.pdf"]


def test_what_is_refused_says_why_and_keeps_what_was_written(event, staff):
    link = staff.post(page_of(event, "/lank"), data={"link_title": "Filmen", "url": "http://x.example"})
    assert (link.status_code, 'value="http://x.example"' in link.text) == (422, True)
    assert "Adressen ska börja med https://" in link.text
    file = staff.post(page_of(event, "/fil"), data={"title": "Sidan", "file": (io.BytesIO(b"<b>"), "sida.html")})
    assert (file.status_code, "Välj en pdf" in file.text) == (422, True)
    assert materials_of(event.id) == []


def post_file(client, path, name, content):
    """As a browser sends it. (The test client's own encoder leaves large temporary files open.)"""
    head = f'--grans\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--grans--\r\n"
    return client.post(path, data=body, content_type="multipart/form-data; boundary=grans")


def test_a_file_of_nineteen_megabytes_is_taken_and_one_of_thirty_is_not(event, staff):
    large = PDF + b"x" * (19 * 1024 * 1024)
    assert post_file(staff, page_of(event, "/fil"), "stor.pdf", large).status_code == 302
    assert [one.size for one in materials_of(event.id)] == [len(large)]
    assert post_file(staff, page_of(event, "/fil"), "jatte.pdf", PDF + b"x" * (30 * 1024 * 1024)).status_code == 413


def test_other_pages_take_no_large_files(event, staff):
    path = f"/personal/evenemang/{event.id}/inbjudna/fil"
    assert post_file(staff, path, "x.csv", b"x" * (6 * 1024 * 1024)).status_code == 413


@pytest.mark.parametrize("role", [Role.CO_ORGANISER, Role.EDITOR, Role.HOST])
def test_others_do_not_reach_the_material(app, event, role):
    file, client = a_file(event.id), visitor_as(app, new_account(role))
    for path in ("", f"/{file.id}"):
        assert client.get(page_of(event, path)).status_code in (403, 404)
    for path in ("/lank", "/fil", f"/{file.id}", "/publicera"):
        assert client.post(page_of(event, path), data={"gor": "ta-bort"}).status_code in (403, 404)
    assert fresh(file) is not None


def test_material_of_one_event_is_not_reached_through_another(event, staff):
    file = a_file(event.id)
    other = make_event()
    assert staff.get(page_of(other, f"/{file.id}")).status_code == 404
    assert staff.post(page_of(other, f"/{file.id}"), data={"gor": "ta-bort"}).status_code == 404
