"""What holds for every programme and every order of wishes, by hypothesis."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.models import Attendee
from eventsys.events.programme.choosing import SessionFull, choose
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice
from eventsys.events.programme.promotion import _moves
from tests.events.scenes import cancel_people
from tests.factories import make_registration
from tests.programme.scenes import HELD, WAITS, kept, workshop_day

SESSIONS = 3
PEOPLE = 6


@st.composite
def queues(draw):
    """Sessions with places, people who hold at most one each and wait for at most one other, first come first."""
    capacities = draw(st.lists(st.integers(0, 3), min_size=2, max_size=4))
    free = dict(enumerate(capacities))
    sessions = st.sampled_from(list(free))
    waiting, held = [], {}
    for who in range(draw(st.integers(1, 8))):
        wants, has = draw(sessions), draw(st.none() | sessions)
        waits = SessionChoice(id=who + 1, attendee_id=who, session_id=wants, slot_id=1, state=ChoiceState.WAITING)
        if has is not None and has != wants:
            held[waits.id] = SessionChoice(attendee_id=who, session_id=has, slot_id=1, state=ChoiceState.HELD)
            free[has] -= 1
        waiting.append(waits)
    return waiting, free, held


@given(queues())
@settings(max_examples=300, deadline=None)
def test_the_moves_overfill_no_session_and_pass_nobody(made):
    waiting, free, held = made
    before, order = dict(free), [choice.id for choice in waiting]
    moves = _moves(waiting, free, held)
    moved = [choice.id for choice, _old in moves]
    assert len(moved) == len(set(moved))
    for session_id, left in free.items():
        assert left >= min(0, before[session_id])
        queue = [one for one in waiting if one.session_id == session_id]
        still_there = [one.id not in moved for one in queue]
        assert still_there == sorted(still_there), "somebody was passed in the queue"
        assert left <= 0 or not any(still_there), "a place stayed free that somebody waits for"
    assert order == [choice.id for choice in waiting]


@given(queues())
@settings(max_examples=100, deadline=None)
def test_after_the_moves_nothing_is_left_to_move(made):
    waiting, free, held = made
    moved = {choice.id for choice, _old in _moves(waiting, free, held)}
    rest = [choice for choice in waiting if choice.id not in moved]
    assert _moves(rest, free, held) == []


acts = st.lists(
    st.tuples(
        st.sampled_from(["choose", "choose", "choose", "leave slot", "cancel"]),
        st.integers(0, PEOPLE - 1),
        st.integers(0, SESSIONS - 1),
        st.booleans(),
    ),
    min_size=5,
    max_size=25,
)


@given(st.lists(st.integers(0, 3), min_size=SESSIONS, max_size=SESSIONS), acts)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_do_the_rows_stay_sound(app, capacities, wishes):
    event, sessions = workshop_day(*capacities)
    people = [one.id for one in make_registration(event, PEOPLE).attendees]
    at = now()
    for act, who, which, queue in wishes:
        at += timedelta(seconds=1)
        had = _held_by(people)
        _act(act, people[who], sessions[which], queue, at)
        _sound(sessions, capacities)
        assert all(_held_by([one]) for one in had if one != people[who]), "somebody else lost a place"


def _act(act: str, attendee_id: int, session: Session, queue: bool, at) -> None:
    attendee = db.session.get_one(Attendee, attendee_id)
    if act == "cancel":
        cancel_people([attendee], at)
    elif attendee.is_active:
        wanted = {session.slot_id: session.id if act == "choose" else None}
        try:
            kept(choose)(attendee, wanted, at, [session.id] if queue else [])
        except SessionFull:
            assert not queue


def _held_by(people: list[int]) -> set[int]:
    db.session.rollback()
    rows = db.session.query(SessionChoice).filter(SessionChoice.state == HELD, SessionChoice.attendee_id.in_(people))
    found = [row.attendee_id for row in rows]
    assert len(found) == len(set(found)), "two places in one slot"
    return set(found)


def _sound(sessions: list[Session], capacities: list[int]) -> None:
    for session, capacity in zip(sessions, capacities, strict=True):
        states = [row.state for row in db.session.query(SessionChoice).filter_by(session_id=session.id)]
        assert states.count(HELD) <= capacity
        assert not states.count(WAITS) or states.count(HELD) == capacity, "a place is free while somebody waits"
