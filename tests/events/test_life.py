"""The life of an event, in every order that hypothesis can think of, against a small model of what should happen."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from eventsys.database import db
from eventsys.events.booking import AddressTaken
from eventsys.events.models import ACTIVE, SEATED, TRANSITIONS, Attendee, AttendeeState, Event
from eventsys.events.registration import FullNow, IfFull, Person
from eventsys.events.waitlist import OfferGone
from eventsys.mail.models import Delivery
from tests.conftest import empty_database
from tests.events import scenes
from tests.events.scenes import (
    CANCELLED,
    CONFIRMED,
    DECLINED,
    EXPIRED,
    HOUR,
    MONDAY,
    OFFERED,
    WAITING,
)
from tests.factories import make_event, make_person, make_wish


@dataclass
class Guest:
    """What the model knows about one person."""

    id: int
    booking: int
    together: bool
    address: str
    state: AttendeeState
    place: int = 0
    seen: int = 0  # letters posted so far
    number: int = 0  # letter number so far


@dataclass
class Model:
    """An event in forty lines: who has a seat, who waits, who is next."""

    capacity: int
    paused: bool = False
    guests: dict[int, Guest] = field(default_factory=dict)

    def number_in(self, *states: AttendeeState) -> int:
        return sum(guest.state in states for guest in self.guests.values())

    @property
    def left(self) -> int:
        return max(0, self.capacity - self.number_in(*SEATED))

    def for_newcomers(self) -> int:
        return 0 if self.number_in(WAITING) else self.left

    def promote(self) -> None:
        """Offer the free seats: by place in the queue, those who sit together at the place of their last."""
        if self.paused:
            return
        waiting = [guest for guest in self.guests.values() if guest.state is WAITING]
        last: Counter[int] = Counter()
        for guest in waiting:
            last[guest.booking] = max(last[guest.booking], guest.place)
        groups = itertools.groupby(
            sorted(waiting, key=lambda guest: (last[guest.booking] if guest.together else guest.place, guest.place)),
            key=lambda guest: (guest.together, guest.booking if guest.together else guest.id),
        )
        for party in [list(members) for _, members in groups]:
            if len(party) <= self.left:
                for guest in party:
                    guest.state = OFFERED

    def holders(self) -> list[str]:
        return sorted({guest.address for guest in self.guests.values() if guest.state in ACTIVE})

    def taken_elsewhere(self, address: str, booking: int | None) -> bool:
        active = [guest for guest in self.guests.values() if guest.state in ACTIVE and guest.booking != booking]
        return any(guest.address == address for guest in active)


ADDRESSES = [f"{word}@foretag.example" for word in ("asa", "bo", "eva", "info")]
numbers = itertools.count(1)


class Life(RuleBasedStateMachine):
    """Every verb as a door calls it, and after each the tables compared with the model."""

    app: Flask

    @initialize(capacity=st.integers(1, 4))
    def begin(self, capacity: int) -> None:
        self.at = MONDAY
        self.time = time_machine.travel(self.at, tick=False)
        self.time.start()
        self.event_id = make_event(capacity=capacity, party_size=4, starts_at=MONDAY + timedelta(days=200)).id
        self.model = Model(capacity)
        self.places = itertools.count(1)
        self.most_seated = 0

    def teardown(self) -> None:
        if hasattr(self, "time"):
            self.time.stop()
        db.session.remove()
        empty_database()

    # --- what happens

    @rule(
        addresses=st.lists(st.one_of(st.sampled_from(ADDRESSES), st.just("")), min_size=1, max_size=3),
        if_full=st.sampled_from(IfFull),
    )
    def register(self, addresses: list[str], if_full: IfFull) -> None:
        people = [_someone(address) for address in addresses]
        new = [one for one in people if not self.model.taken_elsewhere(one.email_key, None)]
        seats, queued = self.model.for_newcomers(), self.model.number_in(WAITING)
        wish = make_wish(people, if_full=if_full)
        if if_full is IfFull.REFUSE and len(new) > seats:
            with pytest.raises(FullNow) as refusal:
                scenes.register(self.event_id, wish, self.at)
            assert refusal.value.left == seats
            return
        outcome = scenes.register(self.event_id, wish, self.at)
        assert len(outcome.already) == len(people) - len(new)
        if outcome.registration is None:
            assert not new
            return
        if len(new) > seats:
            seats = seats if if_full is IfFull.TAKE_SOME else 0
        together = if_full is IfFull.QUEUE_ALL and len(people) > 1
        for index, attendee in enumerate(outcome.registration.attendees):
            self._add(attendee, together, CONFIRMED if index < seats else WAITING)
        assert not queued or CONFIRMED not in {attendee.state for attendee in outcome.registration.attendees}
        if len(new) > seats:
            self.model.promote()

    @precondition(lambda self: self._ids(*ACTIVE))
    @rule(data=st.data(), address=st.sampled_from([*ADDRESSES, ""]))
    def add_person(self, data: st.DataObject, address: str) -> None:
        guest = self._pick(data, *ACTIVE)
        party = [one for one in self.model.guests.values() if one.booking == guest.booking and one.state in ACTIVE]
        if len(party) >= 4:
            return
        person = _someone(address)
        there = any(one.address == person.email_key for one in party)
        attendee = db.session.get_one(Attendee, guest.id)
        added = scenes.add_person(attendee.registration, person, self.at, IfFull.TAKE_SOME)
        if not there and self.model.taken_elsewhere(person.email_key, None):
            assert added is None
            return
        assert added is not None
        has_seat = self.model.for_newcomers() > 0
        self._add(added, guest.together, CONFIRMED if has_seat else WAITING)
        if not has_seat:
            self.model.promote()

    @precondition(lambda self: self.model.guests)
    @rule(data=st.data(), whole=st.booleans())
    def cancel(self, data: st.DataObject, whole: bool) -> None:
        guest = self._pick(data, *AttendeeState)
        leaving = [
            one for one in self.model.guests.values() if (one.booking == guest.booking if whole else one is guest)
        ]
        rows = [db.session.get_one(Attendee, one.id) for one in leaving]
        active = [one for one in leaving if one.state in (CONFIRMED, OFFERED, WAITING)]
        assert scenes.cancel_people(rows, self.at) == len(active)
        for one in active:
            one.state = CANCELLED
        self.model.promote()

    @precondition(lambda self: self.model.guests)
    @rule(data=st.data(), accepts=st.booleans(), prefer_offered=st.integers(0, 9))
    def answer(self, data: st.DataObject, accepts: bool, prefer_offered: int) -> None:
        offered = self._ids(OFFERED)
        guest = self._pick(data, *((OFFERED,) if offered and prefer_offered else AttendeeState))
        row = db.session.get_one(Attendee, guest.id)
        open_offer = guest.state is OFFERED and row.offer_ends_at is not None and self.at < row.offer_ends_at
        verb = scenes.accept_offer if accepts else scenes.decline_offer
        if not open_offer:
            with pytest.raises(OfferGone):
                verb(row, self.at)
            return
        verb(row, self.at)
        guest.state = CONFIRMED if accepts else DECLINED
        if not accepts:
            self.model.promote()

    @rule(hours=st.integers(1, 12), ticks=st.booleans())
    def time_passes(self, hours: int, ticks: bool) -> None:
        self.at += hours * HOUR
        self.time.stop()
        self.time = time_machine.travel(self.at, tick=False)
        self.time.start()
        if not ticks:
            return
        late = [one for one in self.model.guests.values() if one.state is OFFERED and self._ends_at(one) <= self.at]
        assert scenes.expire_offers(self.event_id, self.at) == len(late)
        for one in late:
            one.state = EXPIRED
        self.model.promote()

    @rule(capacity=st.integers(1, 6))
    def change_capacity(self, capacity: int) -> None:
        scenes.edit_event(self.event_id, {"capacity": capacity}, self.at)
        self.model.capacity = capacity
        self.model.promote()

    @rule(paused=st.booleans())
    def pause(self, paused: bool) -> None:
        scenes.pause_queue(self._event(), paused, self.at)
        self.model.paused = paused
        self.model.promote()

    @precondition(lambda self: self._ids(WAITING, OFFERED))
    @rule(data=st.data())
    def staff_give_a_seat(self, data: st.DataObject) -> None:
        guest = self._pick(data, WAITING, OFFERED)
        row = db.session.get_one(Attendee, guest.id)
        if guest.state is WAITING and not self.model.left:
            with pytest.raises(OfferGone):
                scenes.give_seat(row, self.at)
            return
        scenes.give_seat(row, self.at)
        guest.state = CONFIRMED

    @precondition(lambda self: self._ids(*ACTIVE))
    @rule(data=st.data(), address=st.sampled_from([*ADDRESSES, ""]))
    def change_address(self, data: st.DataObject, address: str) -> None:
        guest = self._pick(data, *ACTIVE)
        row = db.session.get_one(Attendee, guest.id)
        person = _someone(address, row.name)
        if person.email_key != guest.address and self.model.taken_elsewhere(person.email_key, guest.booking):
            with pytest.raises(AddressTaken):
                scenes.change_details(row, person, self.at)
            return
        scenes.change_details(row, person, self.at)
        guest.address = person.email_key

    # --- what must be true after each

    @invariant()
    def the_tables_say_what_the_model_says(self) -> None:
        if not hasattr(self, "model"):
            return
        db.session.rollback()
        db.session.expire_all()
        rows = {row.id: row for row in db.session.execute(select(Attendee)).scalars()}
        assert {key: row.state for key, row in rows.items()} == {g.id: g.state for g in self.model.guests.values()}
        assert scenes.active_claims(self._event()) == self.model.holders()
        self._never_more_seated_than_there_are_seats()
        self._letters_only_grow(rows)

    def _never_more_seated_than_there_are_seats(self) -> None:
        seated = self.model.number_in(*SEATED)
        assert seated <= max(self.model.capacity, self.most_seated)
        self.most_seated = seated

    def _letters_only_grow(self, rows: dict[int, Attendee]) -> None:
        posted = dict(db.session.execute(select(Delivery.subject_id, func.count()).group_by(Delivery.subject_id)).all())
        for guest in self.model.guests.values():
            row, letters = rows[guest.id], posted.get(guest.id, 0)
            assert row.letter_number >= guest.number
            assert letters >= guest.seen
            if row.state is CONFIRMED or row.state in (CANCELLED, EXPIRED):
                assert letters >= 1
            guest.number, guest.seen = row.letter_number, letters
            assert (row.left_at is None) == (row.state in ACTIVE)
            assert (row.offer_ends_at is not None) == (row.state is OFFERED)

    # --- parts

    def _add(self, attendee: Attendee, together: bool, state: AttendeeState) -> None:
        booking, address = attendee.registration_id, attendee.email_key
        self.model.guests[attendee.id] = Guest(attendee.id, booking, together, address, state, next(self.places))

    def _ids(self, *states: AttendeeState) -> list[int]:
        return sorted(guest.id for guest in self.model.guests.values() if guest.state in states)

    def _pick(self, data: st.DataObject, *states: AttendeeState) -> Guest:
        known = self._ids(*states)
        return self.model.guests[known[data.draw(st.integers(0, len(known) - 1), label="guest")]]

    def _event(self) -> Event:
        return db.session.get_one(Event, self.event_id)

    def _ends_at(self, guest: Guest) -> datetime:
        ends_at = db.session.get_one(Attendee, guest.id).offer_ends_at
        assert ends_at is not None
        return ends_at


def _someone(address: str, name: str = "") -> Person:
    number = next(numbers)
    return make_person(name or f"Gäst {number}", address or f"gast{number}@foretag.example")


def live(app: Flask, examples: int, steps: int, soak: bool = False) -> None:
    """The short form is the same every time and stops at the first failure; the long one looks for the smallest."""
    machine = type("Life", (Life,), {"app": app})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, derandomize=not soak, deadline=None, database=None,
            phases=[Phase.generate, Phase.shrink] if soak else [Phase.generate],
            suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip


def test_whatever_happens_in_whatever_order_the_seats_and_the_queue_are_right(app):
    live(app, examples=25, steps=25)


@pytest.mark.soak
def test_whatever_happens_for_a_long_time(app):
    live(app, examples=120, steps=50, soak=True)


def test_the_table_of_transitions_leads_to_ends_from_which_nothing_leads():
    ends = {state for state, ways in TRANSITIONS.items() if not ways}
    assert ends == {CANCELLED, DECLINED, EXPIRED}
    assert not ends & set(ACTIVE)
    assert set(TRANSITIONS) == set(AttendeeState)
