"""A popular lunch opens, and everybody presses at once."""

from __future__ import annotations

import functools
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from eventsys.config import Settings
from eventsys.database import db
from eventsys.events.models import Attendee, AttendeeState, Registration
from eventsys.mail.models import Delivery
from tests.factories import make_event
from tests.faults.crowd import Client, Reply, all_at_once
from tests.journeys.product import app_of, fresh_settings, process, served_at
from tests.servers import free_port

CLIENTS, SEATS = 300, 200


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_three_hundred_at_once_get_exactly_the_two_hundred_seats(kind: str, tmp_path: Path) -> None:
    port = free_port()
    settings = served_at(fresh_settings(kind, tmp_path), port)
    with app_of(settings):
        event = make_event(capacity=SEATS)
    path = f"/evenemang/{event.slug}/anmalan"
    with process("web", settings=settings, port=port):
        clients = [Client(port) for _ in range(CLIENTS)]
        forms = [typed(number) | client.form(path) for number, client in enumerate(clients)]
        began = time.monotonic()
        replies = all_at_once(
            [functools.partial(client.post, path, form) for client, form in zip(clients, forms, strict=True)]
        )
        took = time.monotonic() - began
        for client in clients:
            client.close()
    broken = [reply for reply in replies if not isinstance(reply, Reply)]
    assert broken == []
    answers = [reply for reply in replies if isinstance(reply, Reply)]
    assert Counter(reply.status for reply in answers) == {302: SEATS, 409: CLIENTS - SEATS}
    assert took < 40
    for number, reply in enumerate(answers):
        if reply.status == 302:
            assert reply.location.startswith("/bokning/")
        else:
            assert "Platserna tog slut medan du fyllde i. Inget du skrivit är borta." in reply.page
            assert typed(number)["booker_name"] in reply.page
            assert typed(number)["booker_email"] in reply.page
    assert counted(settings) == {"confirmed": SEATS, "bookings": SEATS, "letters": SEATS}
    assert taken_by_those_told(settings) == {typed(n)["booker_name"] for n, a in enumerate(answers) if a.status == 302}


def typed(number: int) -> dict[str, str]:
    return {
        "company_name": f"Företag {number} AB",
        "booker_name": f"Åsa Person{number}",
        "booker_email": f"person{number}@foretag.example",
        "booker_comes": "y",
    }


def counted(settings: Settings) -> dict[str, int]:
    with app_of(settings):
        states = Counter(db.session.execute(select(Attendee.state)).scalars())
        assert set(states) == {AttendeeState.CONFIRMED}
        return {
            "confirmed": states[AttendeeState.CONFIRMED],
            "bookings": db.session.execute(select(func.count()).select_from(Registration)).scalar_one(),
            "letters": db.session.execute(select(func.count()).select_from(Delivery)).scalar_one(),
        }


def taken_by_those_told(settings: Settings) -> set[str]:
    with app_of(settings):
        return set(db.session.execute(select(Attendee.name)).scalars())
