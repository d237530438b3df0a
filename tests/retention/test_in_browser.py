"""The pages of law in a real browser, on a phone and a desk: axe, width, and the whole way by keyboard and button."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Page

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.handing_out import record_set
from eventsys.privacy.handouts.giving import Masking, Wish, file_of, note_handout
from eventsys.privacy.handouts.models import Handout
from eventsys.privacy.retention import actors
from eventsys.privacy.retention.models import RetentionRun
from eventsys.sheets import FileKind
from eventsys.staff.models import Account
from tests.factories import make_event, make_registration
from tests.retention.months import Made, day_of, make_month
from tests.retention.test_running import decide, work_off
from tests.staff_fixtures import served
from tests.staff_walk import FITS, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


@pytest.fixture
def pages(app: Flask) -> list[str]:
    """Every page of retention, handouts and statements, with something to see on each."""
    event = make_event(title="Näringslivsdagen med Hållbarhetsrapporteringsskyldighetsöversyn")
    make_registration(event, 3)
    make_month(Made(), 0)
    decide("events.people", "mail.letters", "newsletters.readers")
    with time_machine.travel(day_of(30, 5), tick=False):
        actors.begin_night(0)
        work_off()
    with transaction():
        wish = Wish(record_set("events.participants"), str(event.id))
        masking = Masking(["Namn", "E-post", "Status"], {"Namn", "E-post"})
        given = file_of(wish, masking, FileKind.CSV)
        note_handout(wish, masking, FileKind.CSV, given, "Alva Ek", "KS 2026-77", "", now() - timedelta(hours=1))
    run, handout = db.session.query(RetentionRun).first(), db.session.query(Handout).one()
    texts = "/installningar/texter"
    return [
        "/gallring", "/gallring/regler/events.people", "/gallring/regler/events.left", "/gallring/nu",
        "/gallring/protokoll", f"/gallring/protokoll/{run.id}",
        "/utlamnande", f"/utlamnande/events.participants?val={event.id}", "/utlamnande/staff.trail",
        "/utlamnande/companies.contacts", "/utlamnande/lista", f"/utlamnande/lista/{handout.id}",
        texts, f"{texts}/personuppgifter/sv", f"{texts}/tillganglighet/en", f"{texts}/samtycke/sv",
        f"{texts}/personuppgifter/sv/versioner", f"{texts}/personuppgifter/en/versioner/2026-11",
        "/installningar/logg", "/installningar/logg?grupp=raderade",
    ]  # fmt: skip


def test_every_page_of_law_fits_and_passes_axe(
    address: str, administrator: Account, pages: list[str], page: Page
) -> None:
    sign_in(page, address, administrator)
    for path in pages:
        answer = page.goto(address + path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate(FITS), path
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate(FITS), f"{path} at 320"
        page.set_viewport_size({"width": 390, "height": 844})


def test_a_statement_is_changed_looked_at_and_saved(page: Page, address: str, administrator: Account) -> None:
    sign_in(page, address, administrator)
    page.goto(f"{address}/installningar/texter/tillganglighet/sv")
    page.get_by_label("Tillsyn").fill("")
    press(page, "Spara som ny version")
    assert page.title().startswith("Fel: ")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.get_by_label("Tillsyn").fill("Digg ser till att **lagen** följs.")
    press(page, "Förhandsgranska")
    assert page.get_by_text("Inget är sparat än.").is_visible()
    press(page, "Spara som ny version")
    assert page.get_by_text("är sparad och visas nu").is_visible()
    page.goto(address.removesuffix("/personal") + "/tillganglighet")
    assert page.locator("strong", has_text="lagen").is_visible()


def test_records_are_handed_out_with_a_mask(page: Page, address: str, administrator: Account) -> None:
    event = make_event(title="Lunch")
    make_registration(event, ["Åsa Ek"])
    sign_in(page, address, administrator)
    page.goto(f"{address}/utlamnande")
    page.get_by_role("link", name="Deltagare vid ett evenemang").click()
    press(page, "Välj")
    page.get_by_text("Maskera namn", exact=True).click()
    press(page, "Visa raderna igen")
    assert page.get_by_text("Det här lämnas ut öppet").is_visible()
    assert page.get_by_role("cell", name="Åsa Ek").is_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Lämna ut som CSV").click()
    content = download.value.path().read_text(encoding="utf-8-sig")
    assert "Åsa Ek" in content
    assert "[maskerat]" in content
    page.goto(f"{address}/utlamnande/lista")
    assert page.get_by_role("link", name="Anmälda till Lunch").is_visible()
