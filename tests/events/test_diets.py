"""Diet is kept until the day of the event is over, and not a day longer."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db
from eventsys.events import actors
from eventsys.events.models import Attendee, Diet
from tests.factories import make_event, make_person, make_registration


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(Diet))


def test_diet_is_there_on_the_day_and_gone_the_day_after(app):
    event = make_event(asks_diet=True)
    make_registration(event, people=[make_person("Åsa Öberg", diet="Nötter"), make_person("Bo Ek")])
    ends_at = event.ends_at
    with time_machine.travel(ends_at + timedelta(minutes=1), tick=False):
        actors.forget_diets(0)
        assert kept() == 1
    with time_machine.travel(ends_at + timedelta(days=1), tick=False):
        actors.forget_diets(0)
        assert kept() == 0
    assert db.session.scalar(select(func.count()).select_from(Attendee)) == 2


def test_forgetting_is_noted_without_whose_it_was(app):
    event = make_event(asks_diet=True)
    make_registration(event, people=[make_person("Åsa Öberg", diet="Nötter")])
    with time_machine.travel(event.ends_at + timedelta(days=2), tick=False):
        actors.forget_diets(0)
        noted = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "diet.forgotten")).one()
    assert noted.detail == {"rows": 1}
    assert "Nötter" not in str(noted.__dict__)


def test_the_clock_rings_only_when_something_is_to_be_forgotten(app):
    event = make_event(asks_diet=True)
    make_registration(event, people=[make_person("Åsa Öberg", diet="Nötter")])
    broker = app.extensions["eventsys_broker"]
    actors.ring_due()
    assert broker.queues["events"].qsize() == 0
    with time_machine.travel(now() + timedelta(days=40), tick=False):
        actors.ring_due()
    assert broker.queues["events"].qsize() == 1
