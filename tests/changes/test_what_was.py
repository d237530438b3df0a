"""A letter about a new time or place says what the person knew before, and only what has changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.changes.models import FormerFacts
from eventsys.events.models import Event, EventState
from eventsys.mail.letters import letter_named
from eventsys.mail.models import Delivery, State
from tests.events.conftest import clock  # noqa: F401
from tests.events.scenes import edit_event, person
from tests.factories import make_event, make_registration

HOUR = timedelta(hours=1)
NO_LONGER = "Det här gäller inte längre:"

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def event(app: Flask) -> Event:
    made = make_event(starts_at=now() + timedelta(days=17, hours=1))  # Thursday 19 March at 11.00 in Borås
    make_registration(made, ["Åsa Ek"])
    return made


def no_longer(name: str = "Åsa Ek") -> list[str]:
    """What the newest letter to somebody says no longer holds."""
    db.session.rollback()
    query = select(Delivery).where(Delivery.name == name).order_by(Delivery.id.desc()).limit(1)
    delivery = db.session.execute(query).scalar_one()
    known = letter_named(delivery.letter)
    assert known is not None
    assert delivery.letter == "events/event_changed"
    _, found, rest = known.build(delivery).text.partition(f"{NO_LONGER}\n")
    return rest.partition("\n\n")[0].splitlines() if found else []


def everything_is_handed_over() -> None:
    with transaction():
        for delivery in db.session.execute(select(Delivery)).scalars():
            if delivery.state is State.QUEUED:
                delivery.state, delivery.changed_at = State.ACCEPTED, now()


def move(event: Event, **by: int) -> None:
    fresh = db.session.get_one(Event, event.id)
    by_time = timedelta(**by)
    edit_event(event.id, {"starts_at": fresh.starts_at + by_time, "ends_at": fresh.ends_at + by_time}, now())


def test_a_new_time_names_the_old_time_only(
    event: Event,
    clock: time_machine.Traveller,  # noqa: F811
) -> None:
    clock.shift(HOUR)
    move(event, hours=2)
    assert no_longer() == ["torsdag 19 mars kl. 11.00\N{EN DASH}12.30"]


def test_a_new_place_names_the_old_place_only(
    event: Event,
    clock: time_machine.Traveller,  # noqa: F811
) -> None:
    clock.shift(HOUR)
    edit_event(event.id, {"place": "Textile Fashion Center", "address": "Skaraborgsvägen 3, Borås"}, now())
    assert no_longer() == ["Åhaga, Åhagagatan 1, Borås"]


def test_two_changes_of_which_the_first_was_never_told_are_told_as_one(
    event: Event,
    clock: time_machine.Traveller,  # noqa: F811
) -> None:
    everything_is_handed_over()
    clock.shift(HOUR)
    move(event, hours=2)
    clock.shift(HOUR)
    edit_event(event.id, {"place": "Textile Fashion Center"}, now())
    assert no_longer() == ["torsdag 19 mars kl. 11.00\N{EN DASH}12.30", "Åhaga, Åhagagatan 1, Borås"]


def test_two_changes_that_were_both_told_are_told_one_by_one(
    event: Event,
    clock: time_machine.Traveller,  # noqa: F811
) -> None:
    everything_is_handed_over()
    clock.shift(HOUR)
    move(event, hours=2)
    clock.shift(HOUR)
    everything_is_handed_over()
    clock.shift(HOUR)
    move(event, hours=1)
    assert no_longer() == ["torsdag 19 mars kl. 13.00\N{EN DASH}14.30"]


def test_a_change_taken_back_before_it_was_told_says_nothing_of_it(
    event: Event,
    clock: time_machine.Traveller,  # noqa: F811
) -> None:
    everything_is_handed_over()
    clock.shift(HOUR)
    move(event, hours=2)
    clock.shift(HOUR)
    move(event, hours=-2)
    assert no_longer() == []


def test_who_registered_after_a_change_knows_nothing_of_it(
    event: Event,
    clock: time_machine.Traveller,  # noqa: F811
) -> None:
    clock.shift(HOUR)
    move(event, hours=2)
    clock.shift(HOUR)
    make_registration(event, ["Ny Ek"])
    clock.shift(HOUR)
    move(event, hours=1)
    assert no_longer("Ny Ek") == ["torsdag 19 mars kl. 13.00\N{EN DASH}14.30"]
    assert person("Ny Ek").created_at > person("Åsa Ek").created_at


def test_what_nobody_plans_by_and_drafts_leave_no_trace(event: Event) -> None:
    edit_event(event.id, {"title": "Lunch om ull"}, now())
    draft = make_event(state=EventState.DRAFT)
    move(draft, hours=2)
    assert db.session.scalar(select(func.count()).select_from(FormerFacts)) == 0
