"""Choosing sessions: places, queues, swaps, and what happens when somebody leaves."""

from __future__ import annotations

import pytest

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.programme.choosing import SessionFull, SessionGone
from eventsys.events.programme.models import Session
from eventsys.events.programme.queries import places_in, slots_of
from tests.events.scenes import (
    DAY,
    accept_offer,
    cancel_event,
    cancel_people,
    change_details,
    give_seat,
    letters,
    move_to_event,
    person,
)
from tests.factories import make_event, make_person, make_registration
from tests.programme.scenes import (
    comes,
    has,
    held,
    make_session,
    make_slot,
    make_workshops,
    picks,
    titles,
    workshop_day,
)


def test_who_registers_with_a_session_holds_a_place_in_it(app):
    event, [a, b] = workshop_day(2, 2)
    asa = comes(event, "Åsa Ek", a)
    assert has(asa) == ["A"]
    places = places_in(event)
    assert (places[a.id].held, places[a.id].left, places[b.id].left) == (1, 1, 2)
    assert letters("Åsa Ek") == ["ticket"]


def test_a_full_session_is_refused_by_name_and_nothing_is_booked(app):
    event, [a, _b] = workshop_day(1, 1)
    comes(event, "Åsa Ek", a)
    with pytest.raises(SessionFull) as refusal:
        comes(event, "Bo Alm", a)
    assert refusal.value.session_ids == {a.id}
    assert letters("Bo Alm") == []


def test_a_party_that_wants_the_last_place_twice_is_refused_as_a_whole(app):
    event, [a, _b] = workshop_day(1, 1)
    both = [make_person(name, sessions={a.slot_id: a.id}) for name in ("Åsa Ek", "Bo Alm")]
    with pytest.raises(SessionFull):
        make_registration(event, both)
    assert held(event) == {}


def test_who_says_they_queue_stands_in_the_queue_of_a_full_session(app):
    event, [a, _b] = workshop_day(1, 1)
    comes(event, "Åsa Ek", a)
    assert has(comes(event, "Bo Alm", a, queue=True)) == ["A?"]


def test_a_person_keeps_the_place_while_queueing_for_a_better_one(app):
    event, [a, b] = workshop_day(1, 1)
    comes(event, "Åsa Ek", a)
    bo = comes(event, "Bo Alm", b)
    assert picks(bo, a, queue=True)
    assert has(bo) == ["B", "A?"]


def test_a_place_that_comes_free_starts_a_chain_of_swaps_until_nothing_moves(app):
    event, [a, b, c] = workshop_day(1, 1, 1)
    people = [comes(event, name, session) for name, session in (("Åsa", a), ("Bo", b), ("Cia", c))]
    asa, bo, cia = people
    picks(bo, a, queue=True)
    picks(cia, b, queue=True)
    dan = comes(event, "Dan", c, queue=True)
    cancel_people([asa], now())
    assert [has(one) for one in (bo, cia, dan)] == [["A"], ["B"], ["C"]]
    assert letters("Dan") == ["ticket", "session_gained"]
    assert letters("Bo") == ["ticket", "sessions_chosen", "session_gained"]


def test_the_first_in_the_queue_gets_the_place_not_the_one_who_asks_just_then(app):
    event, [a, _b] = workshop_day(1, 9)
    asa = comes(event, "Åsa", a)
    bo = comes(event, "Bo", a, queue=True)
    cancel_people([asa], now())
    assert has(bo) == ["A"]
    with pytest.raises(SessionFull):
        comes(event, "Cia", a)


def test_while_somebody_waits_a_place_that_is_free_is_not_for_newcomers(app):
    """Such as when rows were changed past the verbs: who comes later does not pass the queue."""
    event, [a, _b] = workshop_day(1, 9)
    comes(event, "Åsa", a)
    comes(event, "Bo", a, queue=True)
    with transaction():
        db.session.get_one(Session, a.id).capacity = 2
    with pytest.raises(SessionFull):
        comes(event, "Cia", a)


def test_two_who_want_each_others_full_sessions_change_places(app):
    event, [a, b] = workshop_day(1, 1)
    asa, bo = comes(event, "Åsa", a), comes(event, "Bo", b)
    picks(asa, b, queue=True)
    assert has(asa) == ["A", "B?"]
    picks(bo, a, queue=True)
    assert (has(asa), has(bo)) == (["B"], ["A"])


def test_who_stands_behind_somebody_else_does_not_change_places_past_them(app):
    event, [a, b] = workshop_day(1, 1)
    asa, bo = comes(event, "Åsa", a), comes(event, "Bo", b)
    cia = comes(event, "Cia", b, queue=True)
    picks(asa, b, queue=True)
    picks(bo, a, queue=True)
    assert (has(asa), has(bo), has(cia)) == (["A", "B?"], ["B", "A?"], ["B?"])


def test_choosing_the_place_one_holds_leaves_the_queue(app):
    event, [a, b] = workshop_day(1, 1)
    comes(event, "Åsa", a)
    bo = comes(event, "Bo", b)
    picks(bo, a, queue=True)
    assert picks(bo, b)
    assert has(bo) == ["B"]
    assert not picks(bo, b)


def test_choosing_none_gives_the_place_to_the_next(app):
    event, [a, _b] = workshop_day(1, 1)
    asa, bo = comes(event, "Åsa", a), comes(event, "Bo", a, queue=True)
    picks(asa, None, slot=a.slot_id)
    assert (has(asa), has(bo)) == ([], ["A"])


def test_who_waits_for_the_event_keeps_a_wish_that_is_fulfilled_with_the_seat(app):
    event, [a, _b] = workshop_day(1, 1, capacity=1)
    asa, bo = comes(event, "Åsa", a), comes(event, "Bo", a)
    assert has(bo) == ["A?"]
    assert places_in(event)[a.id].waiting == 0
    cancel_people([asa], now())
    assert has(bo) == ["A?"]
    accept_offer(person("Bo"), now())
    assert has(bo) == ["A"]
    assert letters("Bo") == ["queued", "seat_offered", "ticket"]


def test_a_seat_given_by_staff_brings_the_session_wished_for(app):
    event, [a, _b] = workshop_day(1, 1, capacity=1)
    asa, bo = comes(event, "Åsa", a), comes(event, "Bo", a)
    cancel_people([asa], now())
    give_seat(person("Bo"), now())
    assert has(bo) == ["A"]


def test_a_wish_of_one_who_waits_for_the_event_makes_no_session_full(app):
    event, [a, _b] = workshop_day(2, 1, capacity=1)
    asa = comes(event, "Åsa")
    comes(event, "Bo", a)
    assert picks(asa, a)
    assert has(asa) == ["A"]


def test_an_event_called_off_ends_all_choices_and_gives_nobody_a_place(app):
    event, [a, _b] = workshop_day(1, 1)
    asa, bo = comes(event, "Åsa", a), comes(event, "Bo", a, queue=True)
    cancel_event(event.id, "Sjukdom", now())
    assert (has(asa), has(bo)) == ([], [])
    assert letters("Bo") == ["ticket", "event_cancelled"]


def test_a_seat_handed_to_somebody_else_keeps_its_sessions(app):
    event, [a, _b] = workshop_day(1, 1)
    asa = comes(event, "Åsa", a)
    change_details(person("Åsa"), make_person("Eva Ek", "eva@ek.example"), now())
    assert has(asa) == ["A"]


def test_who_is_moved_to_another_event_leaves_the_sessions_of_the_first(app):
    event, [a, _b] = workshop_day(1, 1)
    asa, bo = comes(event, "Åsa", a), comes(event, "Bo", a, queue=True)
    move_to_event(person("Åsa"), make_event().id, now())
    assert (has(asa), has(bo)) == ([], ["A"])


def test_nobody_holds_two_places_in_one_slot_but_one_in_each(app):
    event, [a, b] = workshop_day(2, 2)
    later = make_workshops(event, 2, begins=1)
    asa = comes(event, "Åsa", a, later[0])
    picks(asa, b)
    assert has(asa) == ["B", "A"]
    assert titles([asa]) == [["B", "A"]]


def test_what_is_not_to_choose_or_has_begun_is_refused(app):
    event, [a, b] = workshop_day(2, 2)
    _other, [foreign, _] = workshop_day(2, 2)
    common = make_session(make_slot(event, 2), "Lunch")
    asa = comes(event, "Åsa", a)
    with pytest.raises(SessionGone):
        picks(asa, foreign)
    with pytest.raises(SessionGone):
        picks(asa, common)
    with pytest.raises(SessionGone):
        picks(asa, b, at=event.starts_at)
    cancel_people([asa], now())
    with pytest.raises(SessionGone):
        picks(asa, b)


def test_a_slot_that_has_begun_gives_no_more_places_away(app):
    event, [a, _b] = workshop_day(1, 1, ends_at=now() + 30 * DAY)
    later = make_workshops(event, 1, begins=48)
    asa = comes(event, "Åsa", a, later[0])
    bo = comes(event, "Bo", a, later[0], queue=True)
    picks(asa, None, slot=later[0].slot_id, at=event.starts_at)
    assert has(bo) == ["A?", "A"]


def test_the_programme_comes_in_order_of_time_in_two_queries(app):
    event, _sessions = workshop_day(1, 1)
    make_slot(event, -1, name="Kaffe")
    db.session.expire_all()
    assert [slot.name for slot in slots_of(event)] == ["Kaffe", "Workshoppar"]
    assert [session.title for session in slots_of(event)[1].sessions] == ["A", "B"]
