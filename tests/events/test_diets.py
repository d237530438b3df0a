"""Diet is kept until the day of the event is over, and not a day longer, whatever else is decided."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from eventsys.database import db
from eventsys.events.diets import diets_are_gone
from eventsys.events.models import Attendee, Diet
from eventsys.privacy.retention import actors
from eventsys.privacy.retention.running import unfinished_runs
from tests.factories import make_event, make_person, make_registration


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(Diet))


def a_night() -> None:
    actors.begin_night(0)
    for run_id in unfinished_runs():
        actors.destroy_due(run_id)


def test_diet_is_there_on_the_day_and_gone_the_day_after(app):
    event = make_event(asks_diet=True)
    make_registration(event, people=[make_person("Åsa Öberg", diet="Nötter"), make_person("Bo Ek")])
    ends_at = event.ends_at
    with time_machine.travel(ends_at + timedelta(minutes=1), tick=False) as clock:
        a_night()
        assert kept() == 1
        assert not diets_are_gone(event, ends_at)
        clock.move_to(ends_at + timedelta(days=1))
        a_night()
        assert kept() == 0
        assert diets_are_gone(event, ends_at + timedelta(days=1))
    assert db.session.scalar(select(func.count()).select_from(Attendee)) == 2
