"""Arranging a programme: what is refused, who is told, and that it follows its event."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.events.models import Event, EventState
from eventsys.events.planning import copy_event
from eventsys.events.programme import arranging
from eventsys.events.programme.arranging import CannotArrange
from eventsys.events.programme.models import Session, Slot
from eventsys.events.programme.queries import places_in, slots_of
from eventsys.events.programme.shifting import OutsideEvent
from tests.events.scenes import DAY, HOUR, edit_event, kept, letters
from tests.factories import make_event
from tests.programme.scenes import comes, has, make_session, make_slot, make_workshops, picks, workshop_day

pytestmark = pytest.mark.usefixtures("february")
add_slot, edit_slot, remove_slot = kept(arranging.add_slot), kept(arranging.edit_slot), kept(arranging.remove_slot)
add_session, edit_session = kept(arranging.add_session), kept(arranging.edit_session)
remove_session, move_session = kept(arranging.remove_session), kept(arranging.move_session)

WINTER = datetime(2027, 3, 5, 8, 0, tzinfo=UTC)  # 9.00 in Borås
SUMMER = datetime(2027, 4, 9, 7, 0, tzinfo=UTC)  # 9.00 there too


def a_day(**given) -> Event:
    starts_at = given.pop("starts_at", now() + 14 * DAY)
    return make_event(title="Näringslivsdagen", starts_at=starts_at, ends_at=starts_at + 8 * HOUR, **given)


def a_course() -> Event:
    """Three evenings, a week between them."""
    event = make_event(title="Anbudsskola", starts_at=WINTER, ends_at=WINTER + 14 * DAY + 2 * HOUR)
    for part in range(3):
        slot = make_slot(event, 24 * 7 * part, 2, name=f"Tillfälle {part + 1}")
        make_session(slot, "Så vinner du", room="Sal 1")
    return event


def between(event: Event, begins: float, ends: float, **more) -> dict:
    times = {"starts_at": event.starts_at + begins * HOUR, "ends_at": event.starts_at + ends * HOUR}
    return {**times, "has_choice": True, **more}


def test_two_slots_to_choose_in_may_not_overlap_but_lunch_may(app):
    event = a_day()
    add_slot(event.id, between(event, 1, 2, name="Workshoppar 1"), [{"title": "A", "capacity": 5}], now())
    with pytest.raises(CannotArrange, match="krockar med Workshoppar 1"):
        add_slot(event.id, between(event, 1.5, 2.5), [], now())
    add_slot(event.id, between(event, 1.5, 2.5, has_choice=False), [{"title": "Lunch"}], now())
    add_slot(event.id, between(event, 2, 3), [], now())
    assert len(slots_of(event)) == 3


def test_a_slot_outside_the_event_or_backwards_is_refused(app):
    event = a_day()
    for begins, ends in ((-1, 1), (7, 9), (2, 2)):
        with pytest.raises(CannotArrange):
            add_slot(event.id, between(event, begins, ends), [], now())
    assert slots_of(event) == []


def test_the_same_form_sent_twice_makes_one_slot_and_one_session(app):
    event = a_day()
    values, sessions = between(event, 1, 2), [{"title": "A", "capacity": 5}, {"title": "B", "capacity": 5}]
    one, other = (add_slot(event.id, values, sessions, now()).id for _ in range(2))
    assert one == other
    assert [add_session(event.id, one, {"title": "C", "capacity": 1}).position for _ in range(2)] == [2, 2]
    assert len(slots_of(event)[0].sessions) == 3


def test_sessions_move_up_and_down_in_their_order(app):
    event, [a, _b, c] = workshop_day(1, 1, 1)
    move_session(event.id, c.id, up=True)
    move_session(event.id, a.id, up=True)
    db.session.expire_all()
    assert [session.title for session in slots_of(event)[0].sessions] == ["A", "C", "B"]


def test_more_places_go_to_the_queue_at_once(app):
    event, [a, _b] = workshop_day(1, 1)
    comes(event, "Åsa", a)
    bo = comes(event, "Bo", a, queue=True)
    assert edit_session(event.id, a.id, {"capacity": 2}, now()).promoted == 1
    assert has(bo) == ["A"]


def test_fewer_places_than_people_takes_nobodys_place(app):
    event, [a, _b] = workshop_day(2, 1)
    people = [comes(event, name, a) for name in ("Åsa", "Bo")]
    edit_session(event.id, a.id, {"capacity": 1}, now())
    assert [has(one) for one in people] == [["A"], ["A"]]
    assert (places_in(event)[a.id].left, places_in(event)[a.id].open_to_newcomers) == (0, 0)


def test_a_new_room_is_told_once_to_those_in_the_session(app):
    event, [a, b] = workshop_day(2, 2)
    comes(event, "Åsa", a)
    comes(event, "Bo", b)
    assert edit_session(event.id, a.id, {"room": "Aulan"}, now()).told == 1
    assert edit_session(event.id, a.id, {"room": "Aulan", "title": "Nytt namn"}, now()).told == 0
    assert letters("Åsa") == ["ticket", "session_changed"]
    assert letters("Bo") == ["ticket"]


def test_a_new_time_of_a_slot_is_told_to_those_who_chose_in_it(app):
    event, [a, _b] = workshop_day(2, 2, ends_at=now() + 20 * DAY)
    comes(event, "Åsa", a)
    comes(event, "Bo")
    slot = slots_of(event)[0]
    assert edit_slot(event.id, slot.id, {"ends_at": slot.ends_at + HOUR}, now()).told == 1
    assert letters("Bo") == ["ticket"]


def test_a_new_time_of_a_part_of_a_course_is_told_to_everybody_once(app):
    event = a_course()
    comes(event, "Åsa")
    slot = slots_of(event)[1]
    assert edit_slot(event.id, slot.id, {"starts_at": slot.starts_at + HOUR}, now()).told == 1
    assert edit_slot(event.id, slot.id, {"name": "Kväll 2"}, now()).told == 0
    assert letters("Åsa") == ["ticket", "event_changed"]


def test_a_session_taken_out_moves_nobody_and_tells_its_people_to_choose_again(app):
    event, [a, b] = workshop_day(1, 2)
    asa, bo = comes(event, "Åsa", a), comes(event, "Bo", a, queue=True)
    assert remove_session(event.id, a.id, now()).told == 2
    assert (has(asa), has(bo)) == ([], [])
    assert letters("Åsa") == ["ticket", "session_removed"]
    assert [session.title for session in slots_of(event)[0].sessions] == ["B"]
    assert list(places_in(event)) == [b.id]
    with pytest.raises(NotFound):
        remove_session(event.id, a.id, now())


def test_whoever_queued_elsewhere_keeps_that_when_the_session_held_is_taken_out(app):
    event, [a, b] = workshop_day(1, 1)
    comes(event, "Åsa", a)
    bo = comes(event, "Bo", b)
    picks(bo, a, queue=True)
    remove_session(event.id, b.id, now())
    assert has(bo) == ["A?"]


def test_a_slot_taken_out_ends_all_choices_in_it(app):
    event, [a, _b] = workshop_day(1, 1)
    asa = comes(event, "Åsa", a)
    assert remove_slot(event.id, a.slot_id, now()).told == 1
    assert has(asa) == []
    assert slots_of(event) == []


def test_in_a_draft_what_is_taken_out_leaves_no_row_and_tells_nobody(app):
    event = a_day(state=EventState.DRAFT)
    [a, _b] = make_workshops(event, 1, 1)
    assert remove_session(event.id, a.id, now()).told == 0
    remove_slot(event.id, a.slot_id, now())
    assert db.session.query(Slot).count() == db.session.query(Session).count() == 0


def test_a_slot_that_people_have_chosen_in_stays_one_to_choose_in(app):
    event, [a, _b] = workshop_day(1, 1)
    comes(event, "Åsa", a)
    with pytest.raises(CannotArrange, match="redan valt"):
        edit_slot(event.id, a.slot_id, {"has_choice": False}, now())


def test_ids_of_another_event_are_not_found(app):
    event, _ = workshop_day(1)
    _other, [foreign] = workshop_day(1)
    for verb in (
        lambda: edit_session(event.id, foreign.id, {}, now()),
        lambda: remove_slot(event.id, foreign.slot_id, now()),
        lambda: add_session(event.id, foreign.slot_id, {"title": "X"}),
        lambda: move_session(event.id, foreign.id, True),
    ):
        with pytest.raises(NotFound):
            verb()


# --- following the event -------------------------------------------------------------------------------------------


def hours(event: Event) -> list[str]:
    db.session.expire_all()
    return [f"{local(slot.starts_at):%m-%d %H.%M}" for slot in slots_of(event)]


def test_a_copy_has_the_programme_at_the_same_hours_also_over_summer_time(app):
    event = a_day(starts_at=WINTER)
    make_workshops(event, 3, 4, begins=1)
    with transaction():
        copy = copy_event(event, SUMMER)
    assert hours(copy) == ["04-09 10.00"]
    assert local(copy.ends_at).hour == 17
    assert [(one.title, one.capacity, one.room) for one in slots_of(copy)[0].sessions] == [
        ("A", 3, "Sal A"), ("B", 4, "Sal B"),
    ]  # fmt: skip
    assert hours(event) == ["03-05 10.00"]


def test_a_copied_course_keeps_its_evenings_when_summer_time_begins_between_them(app):
    with transaction():
        copy = copy_event(a_course(), datetime(2027, 3, 19, 8, 0, tzinfo=UTC))
    assert hours(copy) == ["03-19 09.00", "03-26 09.00", "04-02 09.00"]
    assert local(copy.ends_at).hour == 11


def test_a_new_date_takes_the_programme_along_and_tells_everybody_once(app):
    event, [a, _b] = workshop_day(1, 1, starts_at=WINTER, ends_at=WINTER + 8 * HOUR)
    comes(event, "Åsa", a)
    edit_event(event.id, {"starts_at": SUMMER, "ends_at": SUMMER + 8 * HOUR}, now())
    assert hours(event) == ["04-09 09.00"]
    assert letters("Åsa") == ["ticket", "event_changed"]


def test_a_start_half_an_hour_earlier_leaves_the_programme_where_it_is(app):
    event, _ = workshop_day(1, starts_at=WINTER, ends_at=WINTER + 8 * HOUR)
    edit_event(event.id, {"starts_at": WINTER - HOUR / 2}, now())
    assert hours(event) == ["03-05 09.00"]


def test_an_event_moved_by_hours_takes_the_programme_along_when_it_would_not_fit(app):
    event, _ = workshop_day(1, starts_at=WINTER, ends_at=WINTER + HOUR)
    edit_event(event.id, {"starts_at": WINTER + 2 * HOUR, "ends_at": WINTER + 3 * HOUR}, now())
    assert hours(event) == ["03-05 11.00"]


def test_a_time_that_the_programme_does_not_fit_is_refused(app):
    event, _ = workshop_day(1, starts_at=WINTER, ends_at=WINTER + 2 * HOUR)
    with pytest.raises(OutsideEvent):
        edit_event(event.id, {"ends_at": WINTER + HOUR / 2}, now())
    assert hours(event) == ["03-05 09.00"]
