"""What the pages of the event day ask the database: no more with four hundred people than with a few."""

from __future__ import annotations

import itertools

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.checkin.models import Door
from eventsys.events.invitations.inviting import invite
from eventsys.events.invitations.sending import send_invitations
from eventsys.events.models import Event, Registration
from eventsys.events.programme.models import Session
from eventsys.events.topics.points import add_point
from tests.checkin.scenes import event_now, make_door, scan, walk_in
from tests.events_staff.conftest import Scene
from tests.events_staff.test_costs import cost
from tests.factories import make_person, make_registration
from tests.invitations.scenes import make_guest
from tests.programme.scenes import make_workshops
from tests.staff_fixtures import Visitor, visitor

_numbers = itertools.count(1)

PAGES = (
    "", "/anmalda", "/program", "/program/salar", "/inbjudna", "/inbjudna/tidigare", "/inslapp", "/inslapp/nu",
    "/underlag", "/underlag/koket", "/underlag/koket/namn", "/underlag/representation", "/ta-upp", "/brev",
    "/anmalda/deltagare.xlsx",
)  # fmt: skip
MOST = 22


@pytest.fixture
def day(scene: Scene) -> Event:
    """An event that begins soon, with sessions to choose and a door; room for everybody."""
    event = event_now(capacity=500, series=scene.series)
    for hour in (0, 1):
        make_workshops(event, 1, 2, 300, begins=hour)
    make_door(event)
    return event


def more(event: Event, number: int) -> list[Registration]:
    """People with sessions, some in their queues; each third has come; as many guests; one thing to bring up."""
    bookings = [_booking(event, n) for n in range(number)]
    door = db.session.scalars(select(Door).where(Door.event_id == event.id)).first()
    for booking in bookings[::3]:
        scan(door, booking.attendees[0])
        scan(door, booking.attendees[0], was_offline=True)  # two doors without network
    walk_in(door)
    make_door(event, f"Sidodörr {next(_numbers)}")
    with transaction():
        invite(event.id, [make_guest(f"Gäst {next(_numbers)}", f"Bolag {n}") for n in range(number)], now(), "Fil")
        send_invitations(event.id, now())
        add_point(event.id, f"Säg {next(_numbers)}", "Alva", now())
    return bookings


def _booking(event: Event, n: int) -> Registration:
    sessions = db.session.scalars(select(Session).where(Session.event_id == event.id).order_by(Session.id)).all()
    pair = (sessions[n % 3], sessions[3 + n % 3])
    wanted = {session.slot_id: session.id for session in pair}
    number = next(_numbers)
    person = make_person(f"Person {number}", diet="Veganskt", sessions=wanted, queue_ok=tuple(wanted.values()))
    return make_registration(event, [person], company_name=f"Bolag {number} AB")


def test_the_pages_of_the_day_ask_no_more_for_many_people(app: Flask, staff: Visitor, day: Event) -> None:
    more(day, 6)
    few = _asked_by_staff(staff, day)
    more(day, 24)
    many = _asked_by_staff(staff, day)
    grown = {page: asked for page, asked in many.items() if len(asked) > min(MOST, len(few[page]))}
    assert not grown, "\n".join(next(iter(grown.values())))


def _asked_by_staff(staff: Visitor, event: Event) -> dict[str, list[str]]:
    return {page: cost(staff, f"/personal/evenemang/{event.id}{page}") for page in PAGES}


def test_the_pages_of_one_booking_ask_no_more_for_many_people(app: Flask, day: Event) -> None:
    booking = more(day, 6)[0]
    few = _asked_by(visitor(app), day, booking)
    more(day, 24)
    many = _asked_by(visitor(app), day, booking)
    grown = {page: asked for page, asked in many.items() if len(asked) > min(10, len(few[page]))}
    assert not grown, "\n".join(next(iter(grown.values())))


def _asked_by(client: Visitor, event: Event, booking: Registration) -> dict[str, list[str]]:
    person = booking.attendees[0]
    paths = (
        f"/evenemang/{event.slug}/anmalan", f"/bokning/{booking.token}", f"/bokning/{person.token}/kommer",
        f"/biljett/{person.ticket_code}", f"/bokning/{booking.token}/person/{person.id}",
    )  # fmt: skip
    return {path: cost(client, path) for path in paths}
