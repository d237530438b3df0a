"""Settings: who sees what, appearance, the audit trail."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import event

from eventsys import audit
from eventsys.database import db, transaction
from eventsys.identity import DEFAULT_ACCENT, Identity, identity
from eventsys.staff.appearance import LARGEST_FILE, LOGO_HEIGHT, LOGO_WIDTH, PoorLogo, read_logo
from eventsys.staff.models import Account, Role
from eventsys.staff.trail import PAGE as AUDIT_PAGE
from tests.staff_fixtures import Visitor, see_anew, visitor_as

LOOK = "/personal/installningar/utseende"
TRAIL = "/personal/installningar/logg"


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_the_settings_it_may_open(signed_in_client: Callable[[Role], Visitor], role: Role) -> None:
    page = signed_in_client(role).get("/personal/installningar").text
    assert "Ditt konto" in page
    assert ("/personal/installningar/konton" in page) is (role is Role.ADMINISTRATOR)


def test_the_menu_marks_where_one_is(signed_in_client: Callable[[Role], Visitor]) -> None:
    page = signed_in_client(Role.HOST).get("/personal/installningar").text
    assert '<a href="/personal/installningar" aria-current="page">' in page


def test_the_components_page_opens(signed_in_client: Callable[[Role], Visitor]) -> None:
    assert signed_in_client(Role.EDITOR).get("/personal/komponenter").status_code == 200


@pytest.mark.parametrize(("signed_in", "queries"), [(False, 0), (True, 1)])
def test_a_page_asks_for_its_person_once_and_only_when_signed_in(
    app: Flask, organiser: Account, anyone: Visitor, signed_in: bool, queries: int
) -> None:
    client = visitor_as(app, organiser) if signed_in else anyone
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert client.get("/personal/konto" if signed_in else "/personal/logga-in").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len([statement for statement in asked if "FROM account" in statement]) == queries


# --- appearance ---------------------------------------------------------------------------------------------------


def change_look(client: Visitor, **changed: object):
    form = {
        "name": "Näringsliv Testköping", "tagline": "För företag", "tagline_en": "For companies",
        "organisation": "Testköpings kommun", "contact_email": "info@test.example", "contact_phone": "033-35 70 00",
        "accent": "#0B4F6C",
    }  # fmt: skip
    return client.post(LOOK, data={**form, **changed}, content_type="multipart/form-data")


def picture(kind: str, size: tuple[int, int] = (400, 100), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#336699").save(out, kind, **more)
    return out.getvalue()


def upload(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    return (io.BytesIO(content), name)


@pytest.fixture
def admin(app: Flask, administrator: Account) -> Visitor:
    return visitor_as(app, administrator)


def test_a_changed_identity_shows_on_the_next_page(admin: Visitor) -> None:
    assert change_look(admin).location == LOOK
    assert "Näringsliv Testköping</a>" in admin.get("/personal/installningar").text
    see_anew()
    row = db.session.get(Identity, 1)
    assert row is not None
    assert (row.accent, row.contact_email) == ("#0b4f6c", "info@test.example")
    entry = db.session.query(audit.AuditEntry).filter_by(action="identity.changed").one()
    assert "name" in entry.detail["fields"]
    assert "info@test.example" not in str(entry.detail)


@pytest.mark.parametrize(
    ("accent", "words"), [("#ffcc00", "kontrasten 1,5 mot vitt, minst 5,2"), ("grön", "Skriv färgen som #")]
)
def test_a_colour_that_cannot_be_read_is_refused_with_its_contrast(admin: Visitor, accent: str, words: str) -> None:
    answer = change_look(admin, accent=accent)
    assert answer.status_code == 422
    assert answer.text.count(words) == 2
    assert "Näringsliv Testköping" in answer.text, "what was typed must stay"
    assert identity().accent == DEFAULT_ACCENT


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_logo_is_drawn_anew_scaled_and_shown(admin: Visitor, kind: str) -> None:
    content = picture(kind, (3000, 600), **({"comment": b"taken at home"} if kind == "JPEG" else {}))
    assert change_look(admin, logo=upload(content, "logo.bin")).status_code == 302
    shown = admin.get("/logotyp")
    assert shown.mimetype == f"image/{kind.lower()}"
    with Image.open(io.BytesIO(shown.data)) as logo:
        assert logo.format == kind
        assert logo.width <= LOGO_WIDTH
        assert logo.height <= LOGO_HEIGHT
    assert b"taken at home" not in shown.data
    assert change_look(admin).status_code == 302
    assert admin.get("/logotyp").status_code == 200, "saving without a file keeps the logo"
    assert change_look(admin, remove_logo="y").status_code == 302
    assert admin.get("/logotyp").status_code == 404


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (SVG, "går inte att läsa som bild"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "går inte att läsa som bild"),
        (picture("GIF"), "går inte att läsa som bild"),
        (picture("PNG")[:200], "går inte att läsa som bild"),
        (picture("PNG", (9000, 9000)), "9000 × 9000 punkter"),
    ],
    ids=["svg", "broken", "gif", "cut off", "unfolds"],
)
def test_a_file_that_is_no_fit_picture_is_refused(admin: Visitor, content: bytes, words: str) -> None:
    answer = change_look(admin, logo=upload(content, "logo.png"))
    assert answer.status_code == 422
    assert words in answer.text
    assert admin.get("/logotyp").status_code == 404


def test_a_file_that_is_too_large_or_a_bomb_is_refused() -> None:
    with pytest.raises(PoorLogo, match="högst 500 kB"):
        read_logo(b"x" * (LARGEST_FILE + 1))
    bomb = io.BytesIO()
    Image.new("1", (13_500, 13_500)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < LARGEST_FILE
    with pytest.raises(PoorLogo):
        read_logo(bomb.getvalue())


# --- the audit trail ----------------------------------------------------------------------------------------------


@pytest.fixture
def acts(app: Flask) -> None:
    with transaction():
        for number in range(AUDIT_PAGE + 5):
            audit.act_as("Åsa <asa@boras.example>" if number % 5 else "klockan")
            audit.record("event.published" if number % 5 else "event.closed", f"event:{number % 3}", seats=number)


@pytest.mark.usefixtures("acts")
def test_the_audit_trail_is_read_page_by_page(admin: Visitor) -> None:
    first = admin.get(TRAIL).text
    assert f"1–{AUDIT_PAGE} av {AUDIT_PAGE + 5}" in first
    assert "seats: 54" in first
    second = admin.get(f"{TRAIL}?sida=2").text
    assert f"{AUDIT_PAGE + 1}–{AUDIT_PAGE + 5} av {AUDIT_PAGE + 5}" in second
    assert "seats: 4" in second
    assert 'rel="next"' not in second
    assert f"{AUDIT_PAGE + 1}–" in admin.get(f"{TRAIL}?sida=99").text
    assert admin.get(f"{TRAIL}?sida=-1").status_code == 200


@pytest.mark.usefixtures("acts")
def test_the_audit_trail_is_narrowed_by_its_address(admin: Visitor) -> None:
    assert "1–11 av 11" in admin.get(f"{TRAIL}?vem=klockan").text
    assert "1–44 av 44" in admin.get(f"{TRAIL}?vad=event.published").text
    assert "av 4<" in admin.get(f"{TRAIL}?vem=klockan&galler=event:0").text
    assert "Inget att visa" in admin.get(f"{TRAIL}?fran=2099-01-01").text
    assert "Inget att visa" in admin.get(f"{TRAIL}?till=2001-01-01").text
    assert "Inget att visa" in admin.get(f"{TRAIL}?vem=%27%3B--").text
    assert admin.get(f"{TRAIL}?fran=igår").status_code == 200


@pytest.mark.usefixtures("acts")
def test_paging_keeps_the_filter(admin: Visitor) -> None:
    page = admin.get(f"{TRAIL}?vem=%C3%85sa%20%3Casa@boras.example%3E").text
    assert "1–44 av 44" in page
    assert 'rel="next"' not in page
    assert "sida=2" in admin.get(f"{TRAIL}?fran=2020-01-01").text
    assert "fran=2020-01-01" in admin.get(f"{TRAIL}?fran=2020-01-01").text
