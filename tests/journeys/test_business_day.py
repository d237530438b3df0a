"""Näringslivsdagen: workshops, four hundred guests, two doors with cameras, one of them without network, the list."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page
from playwright.sync_api import expect as eventually
from sqlalchemy import func, select, update

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.demo import SIGN_IN
from eventsys.events.checkin.models import Door, Scan, ScanResult
from eventsys.events.models import Attendee, AttendeeState, Event
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from eventsys.events.programme.queries import places_in
from eventsys.names import sort_key
from tests import chromium
from tests.checkin.at_the_door import is_kept, open_door, waiting
from tests.checkin.cameras import film_of, flag_for
from tests.chromium import CAMERA, OpenPage
from tests.demonstration import fill_in
from tests.factories import make_registration
from tests.journeys.conftest import Product

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("product", ["sqlite"], indirect=True)]

TITLE = "Näringslivsdagen: Tillsammans längre"
FORMULA = "=cmd|'/C calc'!A0"
TICKETS = 25  # at each door


@pytest.fixture
def event(product: Product, tmp_path_factory: pytest.TempPathFactory) -> Event:
    """The demonstration's Näringslivsdag, which begins in half an hour."""
    fill_in(tmp_path_factory)
    found = db.session.execute(select(Event).where(Event.title == TITLE)).scalar_one()
    make_registration(found, ["Åke Älv", "Zlatan Ek"], company_name=FORMULA)
    let_the_day_come(found)
    return found


def let_the_day_come(event: Event) -> None:
    """Rows only: that an edit moves the programme and tells people is tested elsewhere."""
    by = now() + timedelta(minutes=30) - event.starts_at
    with transaction():
        for table in (Event, Slot):
            mine = Event.id == event.id if table is Event else Slot.event_id == event.id
            times = {"starts_at": table.starts_at, "ends_at": table.ends_at}
            rows = db.session.execute(select(table.id, *times.values()).where(mine)).all()
            for row_id, starts_at, ends_at in rows:
                moved = {"starts_at": starts_at + by, "ends_at": ends_at + by}
                db.session.execute(update(table).where(table.id == row_id).values(moved))


def press(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()


def sign_in(product: Product, page: Page, path: str) -> None:
    page.goto(f"{product.url}{path}")
    page.get_by_label("E-post").fill(SIGN_IN.email)
    page.get_by_label("Lösenord").fill(SIGN_IN.password)
    press(page, "Logga in")


def make_doors(page: Page) -> None:
    for name in ("Huvudentrén", "Gårdsentrén"):
        page.get_by_label("Namn på dörren").fill(name)
        press(page, "Gör en dörr")


def doors_of(event: Event) -> list[Door]:
    query = select(Door).where(Door.event_id == event.id).order_by(Door.id)
    return list(db.session.execute(query).scalars())


def tickets(event: Event) -> list[str]:
    """Tickets of people who come, of the demonstration's four hundred."""
    query = (
        select(Attendee.ticket_code)
        .where(Attendee.event_id == event.id, Attendee.state == AttendeeState.CONFIRMED)
        .order_by(Attendee.id)
        .limit(2 * TICKETS)
    )
    return list(db.session.execute(query).scalars())


def guest_with_a_place(event: Event) -> tuple[Attendee, Session, Session]:
    """Somebody in a workshop, that workshop, and another of the slot where a place is left."""
    places = places_in(event)
    query = select(SessionChoice).join(SessionChoice.attendee).where(Attendee.event_id == event.id)
    seated = query.where(Attendee.state == AttendeeState.CONFIRMED, SessionChoice.state == ChoiceState.HELD)
    for choice in db.session.execute(seated.order_by(SessionChoice.id)).scalars():
        for other in choice.session.slot.sessions:
            if other.id != choice.session_id and places[other.id].open_to_newcomers:
                return choice.attendee, choice.session, other
    raise AssertionError("every workshop is full")


def held(attendee: Attendee) -> set[int]:
    db.session.rollback()
    query = select(SessionChoice.session_id).where(
        SessionChoice.attendee_id == attendee.id, SessionChoice.state == ChoiceState.HELD
    )
    return set(db.session.execute(query).scalars())


def inside(event: Event) -> int:
    db.session.rollback()
    query = select(func.count()).where(Attendee.event_id == event.id, Attendee.state == AttendeeState.ATTENDED)
    return db.session.execute(query).scalar_one()


def test_a_guest_changes_workshop_on_a_phone(product: Product, event: Event, page: Page) -> None:
    guest, first, other = guest_with_a_place(event)
    page.goto(f"{product.url}/bokning/{guest.token}")
    page.get_by_role("link", name="Välj pass").click()
    page.locator("label").filter(has_text=other.title).first.click()
    press(page, "Spara valet")
    eventually(page.get_by_text(other.title).first).to_be_visible()
    assert other.id in held(guest)
    assert first.id not in held(guest)


def test_fifty_tickets_at_two_doors_one_without_network_for_a_while_and_the_list_afterwards(
    product: Product, event: Event, open_page: OpenPage, wide_page: Page, tmp_path: Path
) -> None:
    sign_in(product, wide_page, f"/personal/evenemang/{event.id}/inslapp")
    make_doors(wide_page)
    codes = tickets(event)
    pages = []
    for number, door in enumerate(doors_of(event)):
        film = film_of(tmp_path / f"door{number}.mjpeg", codes[number::2], frames=18)
        page = open_page(flags=(*CAMERA, flag_for(film)), permissions=["camera"])
        open_door(page, product.url, door)
        assert is_kept(page, door)
        pages.append(page)
    main, yard = pages
    for note in ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "net::"):
        chromium.expect(yard, note)
    for page in pages:
        page.get_by_role("button", name="Starta kameran").click()
    eventually(yard.locator("[data-inside]")).not_to_have_text("0", timeout=30_000)
    yard.context.set_offline(True)
    eventually(waiting(yard)).to_contain_text("inte bekräftad", timeout=30_000)
    eventually(main.locator(".answer-word").first).to_be_visible()
    eventually(waiting(yard)).to_contain_text(re.compile(r"[5-9]|\d\d"), timeout=60_000)  # the queue goes on meanwhile
    yard.context.set_offline(False)
    eventually(main.locator("[data-inside]")).to_have_text(str(2 * TICKETS), timeout=120_000)
    for page in pages:
        page.get_by_role("button", name="Stäng kameran").click()
    assert inside(event) == 2 * TICKETS
    entries = select(Scan.attendee_id, func.count()).where(Scan.event_id == event.id, Scan.is_entry)
    counted = db.session.execute(entries.group_by(Scan.attendee_id)).all()
    assert len(counted) == 2 * TICKETS
    assert {count for _, count in counted} == {1}
    welcomed = select(func.count()).where(Scan.event_id == event.id, Scan.result == ScanResult.WELCOME)
    assert db.session.execute(welcomed.where(Scan.was_offline)).scalar_one() > 0
    look_at_the_list(take_out(wide_page, product, event), event, tmp_path)


def take_out(page: Page, product: Product, event: Event) -> Path:
    page.goto(f"{product.url}/personal/evenemang/{event.id}/underlag")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel").or_(page.get_by_role("button", name="Excel")).first.click()
    return Path(download.value.path())


def look_at_the_list(file: Path, event: Event, folder: Path) -> None:
    sheet = load_workbook(io.BytesIO(file.read_bytes())).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:12] == (
        "Evenemang", "Datum", "Företag", "Organisationsnummer", "Namn", "E-post", "Telefon", "Status", "Pass", "Anmäld",
        "Incheckad", "Källa",
    )  # fmt: skip
    names = [str(row[4]) for row in rows]
    assert names == sorted(names, key=sort_key)
    assert names.index("Åke Älv") > names.index("Zlatan Ek")
    assert sum(row[10] is not None and row[10] != "" for row in rows) == 2 * TICKETS
    ours = [cell for row in sheet.iter_rows() for cell in row if cell.value and "calc" in str(cell.value)]
    assert {(cell.data_type, cell.value) for cell in ours} == {("s", FORMULA)}
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office:  # where it is installed, it reads the same
        look_with_office(office, file, folder)


def look_with_office(office: str, file: Path, folder: Path) -> None:
    copy = folder / "lista.xlsx"
    copy.write_bytes(file.read_bytes())
    kind = "csv:Text - txt - csv (StarCalc):59,34,76"
    subprocess.run([office, "--headless", "--convert-to", kind, "--outdir", str(folder), str(copy)], check=True)
    text = (folder / "lista.csv").read_text("utf-8")
    assert "Åke Älv" in text
    assert FORMULA in text
