from __future__ import annotations

from datetime import timedelta

import pytest

from eventsys.events.models import EventState
from eventsys.events.registration import IfFull
from eventsys.events.waitlist import OfferGone, WhyNoOffer, events_with_work, position_in_queue, why_no_offer
from tests.events.scenes import (
    CANCELLED,
    CONFIRMED,
    DAY,
    DECLINED,
    EXPIRED,
    HOUR,
    MONDAY,
    OFFERED,
    WAITING,
    accept_offer,
    add_person,
    cancel_by_staff,
    cancel_event,
    cancel_people,
    counted,
    decline_offer,
    edit_event,
    expire_offers,
    give_seat,
    letters,
    move_to_event,
    pause_queue,
    person,
    register,
    states,
)
from tests.factories import make_event, make_person, make_registration, make_wish

pytestmark = pytest.mark.usefixtures("clock")
TUESDAY = MONDAY + DAY


@pytest.fixture
def full(app):
    """One seat, taken by Åsa; Bo and Eva wait."""
    event = make_event(capacity=1)
    for name in ("Åsa", "Bo", "Eva"):
        make_registration(event, [name])
    return event


@pytest.fixture
def offered(full):
    """Åsa has left; Bo is offered her seat until tomorrow at ten."""
    cancel_people([person("Åsa")], MONDAY)
    return full


# --- every path that frees or adds a seat -----------------------------------------------------------------------------


def test_a_seat_freed_by_its_person_is_offered_to_the_first_in_the_queue(full):
    cancel_people([person("Åsa")], MONDAY)
    assert states(full) == {"Åsa": CANCELLED, "Bo": OFFERED, "Eva": WAITING}
    assert letters("Bo") == ["queued", "seat_offered"]
    assert letters("Eva") == ["queued"]


def test_a_seat_freed_by_staff_is_offered_to_the_queue(full):
    cancel_by_staff([person("Åsa")], MONDAY)
    assert states(full)["Bo"] is OFFERED


def test_seats_added_to_the_event_are_offered_to_the_queue(full):
    assert edit_event(full.id, {"capacity": 3}, MONDAY).offered == 2
    assert states(full) == {"Åsa": CONFIRMED, "Bo": OFFERED, "Eva": OFFERED}


def test_a_declined_seat_goes_to_the_next(offered):
    decline_offer(person("Bo"), MONDAY + HOUR)
    assert states(offered) == {"Åsa": CANCELLED, "Bo": DECLINED, "Eva": OFFERED}


def test_a_seat_whose_offer_has_ended_goes_to_the_next(offered):
    assert expire_offers(offered.id, TUESDAY + HOUR) == 1
    assert states(offered) == {"Åsa": CANCELLED, "Bo": EXPIRED, "Eva": OFFERED}
    assert letters("Bo") == ["queued", "seat_offered", "offer_ended"]


def test_who_leaves_with_an_open_offer_frees_its_seat(offered):
    cancel_people([person("Bo")], MONDAY)
    assert states(offered)["Eva"] is OFFERED


def test_a_seat_freed_by_a_move_is_offered_to_the_queue(full):
    move_to_event(person("Åsa"), make_event().id, MONDAY)
    assert states(full)["Bo"] is OFFERED


def test_a_queue_that_is_resumed_offers_what_has_become_free(full):
    pause_queue(full, True, MONDAY)
    cancel_people([person("Åsa")], MONDAY)
    assert states(full)["Bo"] is WAITING
    pause_queue(full, False, MONDAY + HOUR)
    assert states(full)["Bo"] is OFFERED


def test_a_party_that_shrinks_fits_into_the_seats_left(app):
    event = make_event(capacity=2)
    make_registration(event, ["A", "B", "C"], if_full=IfFull.QUEUE_ALL)
    assert set(states(event).values()) == {WAITING}
    cancel_people([person("C")], MONDAY)
    assert states(event) == {"A": OFFERED, "B": OFFERED, "C": CANCELLED}


def test_an_event_put_off_to_a_later_day_offers_seats_that_it_was_too_late_for(app):
    event = make_event(capacity=1, starts_at=MONDAY + 3 * HOUR)
    make_registration(event, ["Åsa"])
    make_registration(event, ["Bo"])
    cancel_people([person("Åsa")], MONDAY)
    assert states(event)["Bo"] is WAITING
    edit_event(event.id, {"starts_at": MONDAY + 9 * DAY, "ends_at": MONDAY + 9 * DAY + HOUR}, MONDAY)
    assert states(event)["Bo"] is OFFERED


def test_fewer_seats_take_nobodys_seat_and_offer_none_until_there_is_room(full):
    edit_event(full.id, {"capacity": 3}, MONDAY)
    accept_offer(person("Bo"), MONDAY)
    edit_event(full.id, {"capacity": 1}, MONDAY)
    make_registration(full, ["Nils"])
    cancel_people([person("Bo")], MONDAY)
    assert states(full) == {"Åsa": CONFIRMED, "Bo": CANCELLED, "Eva": OFFERED, "Nils": WAITING}
    cancel_people([person("Åsa")], MONDAY)
    assert states(full)["Nils"] is WAITING
    cancel_people([person("Eva")], MONDAY)
    assert states(full)["Nils"] is OFFERED


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_accepted_offer_is_a_seat_with_a_ticket(offered):
    accept_offer(person("Bo"), MONDAY + HOUR)
    assert states(offered)["Bo"] is CONFIRMED
    assert letters("Bo") == ["queued", "seat_offered", "ticket"]
    assert person("Bo").offer_ends_at is None


def test_an_offer_holds_its_seat_once(offered):
    make_registration(offered, ["Nils"])
    assert counted(offered) == {CANCELLED: 1, OFFERED: 1, WAITING: 2}


@pytest.mark.parametrize("answer", [accept_offer, decline_offer])
def test_an_answer_on_the_stroke_of_the_deadline_comes_too_late(offered, answer):
    ends_at = person("Bo").offer_ends_at
    with pytest.raises(OfferGone):
        answer(person("Bo"), ends_at)
    assert expire_offers(offered.id, ends_at) == 1


def test_an_answer_just_before_the_deadline_counts(offered):
    ends_at = person("Bo").offer_ends_at
    assert expire_offers(offered.id, ends_at - timedelta(seconds=1)) == 0
    accept_offer(person("Bo"), ends_at - timedelta(seconds=1))


@pytest.mark.parametrize("answer", [accept_offer, decline_offer])
def test_a_second_answer_finds_the_offer_gone(offered, answer):
    answer(person("Bo"), MONDAY)
    with pytest.raises(OfferGone):
        accept_offer(person("Bo"), MONDAY)
    with pytest.raises(OfferGone):
        decline_offer(person("Bo"), MONDAY)


def test_those_who_wait_or_have_a_seat_have_no_offer_to_answer(full):
    for name in ("Åsa", "Bo"):
        with pytest.raises(OfferGone):
            accept_offer(person(name), MONDAY)


def test_a_decline_and_an_expiry_in_the_same_tick_free_the_seat_once(offered):
    make_registration(offered, ["Nils"])
    ends_at = person("Bo").offer_ends_at
    decline_offer(person("Bo"), ends_at - timedelta(microseconds=1))
    assert expire_offers(offered.id, ends_at) == 0
    assert states(offered) == {"Åsa": CANCELLED, "Bo": DECLINED, "Eva": OFFERED, "Nils": WAITING}


def test_offers_die_with_the_event_and_the_seat_goes_to_nobody(offered):
    assert cancel_event(offered.id, "Sjuk talare", MONDAY) == 2
    assert counted(offered) == {CANCELLED: 3}
    with pytest.raises(OfferGone):
        accept_offer(person("Bo"), MONDAY)
    assert expire_offers(offered.id, MONDAY + 2 * DAY) == 0
    assert letters("Bo")[-1] == "event_cancelled"


# --- deadlines --------------------------------------------------------------------------------------------------------


def test_an_offer_stands_for_a_working_day(offered):
    assert person("Bo").offer_ends_at == TUESDAY  # from Monday at ten: eight hours of Monday, two of Tuesday


def test_near_the_event_an_offer_stands_for_half_of_the_time_left(app):
    event = make_event(capacity=1, starts_at=MONDAY + 7 * HOUR)  # the cut-off is in four hours
    make_registration(event, ["Åsa"])
    make_registration(event, ["Bo"])
    cancel_people([person("Åsa")], MONDAY)
    assert person("Bo").offer_ends_at == MONDAY + 2 * HOUR


def test_no_seat_is_offered_after_the_cut_off(app):
    event = make_event(capacity=1, starts_at=MONDAY + DAY)
    make_registration(event, ["Åsa"])
    make_registration(event, ["Bo"])
    cancel_people([person("Åsa")], MONDAY + DAY - 3 * HOUR)
    assert states(event)["Bo"] is WAITING
    assert why_no_offer(event, MONDAY + DAY - 3 * HOUR) is WhyNoOffer.TOO_LATE


def test_when_the_start_moves_closer_open_offers_end_by_the_new_cut_off(offered):
    edit_event(offered.id, {"starts_at": MONDAY + 6 * HOUR, "ends_at": MONDAY + 8 * HOUR}, MONDAY)
    assert person("Bo").offer_ends_at == MONDAY + 3 * HOUR
    with pytest.raises(OfferGone):
        accept_offer(person("Bo"), MONDAY + 3 * HOUR)


# --- order ------------------------------------------------------------------------------------------------------------


def test_smaller_parties_pass_one_that_is_too_large_but_it_keeps_its_place(app):
    event = make_event(capacity=2)
    make_registration(event, ["Åsa", "Bo"])
    make_registration(event, ["A", "B"], if_full=IfFull.QUEUE_ALL)
    make_registration(event, ["Eva"])
    cancel_people([person("Åsa")], MONDAY)
    assert states(event)["Eva"] is OFFERED
    make_registration(event, ["Nils"])
    cancel_people([person("Eva"), person("Bo")], MONDAY)
    assert states(event) | {"A": None, "B": None} == {
        "Åsa": CANCELLED, "Bo": CANCELLED, "Eva": CANCELLED, "A": None, "B": None, "Nils": WAITING,
    }  # fmt: skip
    assert (states(event)["A"], states(event)["B"]) == (OFFERED, OFFERED)


def test_a_party_that_may_be_parted_takes_the_seats_there_are(app):
    event = make_event(capacity=1)
    make_registration(event, ["Åsa"])
    make_registration(event, ["A", "B"])
    cancel_people([person("Åsa")], MONDAY)
    assert states(event) == {"Åsa": CANCELLED, "A": OFFERED, "B": WAITING}


def test_nobody_passes_the_queue_by_being_added_to_a_booking_far_ahead(full):
    booking = person("Bo").registration
    make_registration(full, ["Nils"])
    add_person(booking, make_person("Vän till Bo"), MONDAY + HOUR, IfFull.TAKE_SOME)
    edit_event(full.id, {"capacity": 4}, MONDAY + 2 * HOUR)
    assert states(full) == {"Åsa": CONFIRMED, "Bo": OFFERED, "Eva": OFFERED, "Nils": OFFERED, "Vän till Bo": WAITING}


def test_a_party_that_sits_together_waits_at_the_place_of_its_last(full):
    party = make_registration(full, ["A", "B"], if_full=IfFull.QUEUE_ALL)
    make_registration(full, ["Nils"], at=MONDAY + HOUR)
    add_person(party, make_person("C"), MONDAY + 2 * HOUR, IfFull.TAKE_SOME)
    edit_event(full.id, {"capacity": 6}, MONDAY + 3 * HOUR)
    now = states(full)
    assert [now[name] for name in ("Bo", "Eva", "Nils", "A", "B", "C")] == [OFFERED] * 3 + [WAITING] * 3
    edit_event(full.id, {"capacity": 7}, MONDAY + 3 * HOUR)
    assert counted(full)[OFFERED] == 6


def test_people_see_their_place_in_the_queue(full):
    assert [position_in_queue(person(name)) for name in ("Åsa", "Bo", "Eva")] == [None, 1, 2]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"queue_paused": True}, WhyNoOffer.PAUSED),
        ({"state": EventState.CANCELLED}, WhyNoOffer.NOT_PUBLISHED),
        ({}, WhyNoOffer.NO_SEAT),
    ],
)
def test_staff_see_why_nobody_is_offered_a_seat(full, change, why):
    for field, value in change.items():
        setattr(full, field, value)
    assert why_no_offer(full, MONDAY) is why


def test_staff_see_that_parties_are_too_large_and_that_nobody_waits(app):
    event = make_event(capacity=1)
    assert why_no_offer(event, MONDAY) is WhyNoOffer.NOBODY_WAITS
    make_registration(event, ["A", "B"], if_full=IfFull.QUEUE_ALL)
    assert why_no_offer(event, MONDAY) is WhyNoOffer.PARTIES_TOO_LARGE


# --- staff ------------------------------------------------------------------------------------------------------------


def test_staff_give_a_free_seat_past_the_queue_but_never_one_too_many(full):
    pause_queue(full, True, MONDAY)
    with pytest.raises(OfferGone):
        give_seat(person("Eva"), MONDAY)
    cancel_people([person("Åsa")], MONDAY)
    give_seat(person("Eva"), MONDAY)
    assert states(full) == {"Åsa": CANCELLED, "Bo": WAITING, "Eva": CONFIRMED}
    assert letters("Eva") == ["queued", "ticket"]
    with pytest.raises(OfferGone):
        give_seat(person("Bo"), MONDAY)


def test_staff_confirm_an_offered_seat_which_takes_no_other(offered):
    give_seat(person("Bo"), MONDAY)
    assert states(offered) == {"Åsa": CANCELLED, "Bo": CONFIRMED, "Eva": WAITING}


def test_the_clock_finds_events_whose_offers_have_ended(offered):
    ends_at = person("Bo").offer_ends_at
    assert events_with_work(ends_at - timedelta(seconds=1)) == []
    assert events_with_work(ends_at) == [offered.id]
    expire_offers(offered.id, ends_at)
    assert events_with_work(ends_at) == []


def test_expired_offers_of_another_event_are_left_alone(offered):
    other = make_event(capacity=1)
    for name in ("X", "Y"):
        make_registration(other, [name])
    cancel_people([person("X")], MONDAY)
    expire_offers(offered.id, MONDAY + 2 * DAY)
    assert states(other)["Y"] is OFFERED


def test_a_person_who_let_an_offer_pass_may_queue_again_at_the_end(offered):
    expire_offers(offered.id, TUESDAY)
    register(offered.id, make_wish([make_person("Bo")], if_full=IfFull.TAKE_SOME), TUESDAY)
    assert person("Bo").state is WAITING
    assert states(offered)["Eva"] is OFFERED
