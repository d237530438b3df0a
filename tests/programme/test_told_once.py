"""Who is told when a slot changes: each person once, and nobody loses the letter they still need."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.letters import LETTERS
from eventsys.events.models import AttendeeState
from eventsys.events.programme import arranging
from eventsys.mail.models import Delivery
from tests.events.scenes import cancel_people, kept
from tests.programme.scenes import comes, picks, workshop_day

remove_slot = kept(arranging.remove_slot)
edit_slot = kept(arranging.edit_slot)
remove_session = kept(arranging.remove_session)
edit_session = kept(arranging.edit_session)


def letters(attendee, letter: str) -> list[Delivery]:
    db.session.rollback()
    query = select(Delivery).where(Delivery.subject_id == attendee.id, Delivery.letter == f"events/{letter}")
    return list(db.session.scalars(query))


def in_one_and_waiting_for_another():
    """Åsa holds a place in B and queues for A, where Bo is."""
    event, (a, b) = workshop_day(1, 5)
    comes(event, "Bo Alm", a)
    asa = comes(event, "Åsa Ek", b)
    picks(asa, a, queue=True)
    return event, a, asa


def test_whoever_holds_one_session_and_queues_for_another_is_told_once_that_the_slot_is_gone(app):
    event, a, asa = in_one_and_waiting_for_another()
    assert remove_slot(event.id, a.slot_id, now()).told == 2
    assert len(letters(asa, "session_removed")) == 1


def test_whoever_holds_one_session_and_queues_for_another_is_told_once_of_the_new_time(app):
    event, a, asa = in_one_and_waiting_for_another()
    slot = a.slot
    times = {"starts_at": slot.starts_at + timedelta(minutes=10), "ends_at": slot.ends_at + timedelta(minutes=10)}
    assert edit_slot(event.id, slot.id, times, now()).told == 2
    [told] = letters(asa, "session_changed")
    assert told.purpose_key.split(":")[2] != str(a.id)  # about the place that is theirs


def offered_with_a_wish():
    """Bo is offered the only seat of the event, and has wished for a session."""
    event, (a, *_) = workshop_day(1, 1, capacity=1)
    asa = comes(event, "Åsa Ek")
    bo = comes(event, "Bo Alm", a)
    cancel_people([asa], now())
    db.session.refresh(bo)
    assert bo.state is AttendeeState.OFFERED
    return event, a, bo


def test_an_offer_that_is_under_way_is_still_sent_when_a_wished_session_moves_or_goes(app):
    event, a, bo = offered_with_a_wish()
    [offer] = letters(bo, "seat_offered")
    edit_session(event.id, a.id, {"room": "Sal Z"}, now())
    remove_session(event.id, a.id, now())
    db.session.expire_all()
    assert LETTERS["events/seat_offered"].unwanted(offer) == ""
