from __future__ import annotations

import pytest

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.models import Attendee, EventState
from eventsys.events.registration import FullNow, IfFull, PartyTooLarge, RegistrationClosed
from tests.events import scenes
from tests.events.scenes import (
    CONFIRMED,
    DAY,
    HOUR,
    MONDAY,
    OFFERED,
    WAITING,
    add_person,
    bookings,
    cancel_people,
    counted,
    letters,
    register,
    register_by_hand,
    states,
)
from tests.factories import make_booker, make_event, make_person, make_registration, make_wish

pytestmark = pytest.mark.usefixtures("clock")


def test_each_person_of_a_booking_gets_a_seat_a_ticket_and_a_letter(app):
    event = make_event(capacity=3)
    booking = register(event.id, make_wish(["Åsa Ek", "Bo Alm", "Eva Ö"]), MONDAY).registration
    assert states(event) == {"Åsa Ek": CONFIRMED, "Bo Alm": CONFIRMED, "Eva Ö": CONFIRMED}
    assert len({attendee.ticket_code for attendee in booking.attendees}) == 3
    assert len({attendee.token for attendee in booking.attendees} | {booking.token}) == 4
    assert letters() == ["Åsa Ek: ticket", "Bo Alm: ticket", "Eva Ö: ticket"]


def test_a_booker_who_does_not_attend_gets_the_overview_and_no_seat(app):
    event = make_event()
    register(event.id, make_wish(["Åsa Ek"], booker=make_booker("Chef Persson")), MONDAY)
    assert states(event) == {"Åsa Ek": CONFIRMED}
    assert letters("Chef Persson") == ["booking"]


def test_the_same_form_sent_twice_makes_one_booking(app):
    event = make_event()
    wish = make_wish(["Åsa Ek"], idempotency_key="a" * 24)
    first = register(event.id, wish, MONDAY).registration
    again = register(event.id, wish, MONDAY + HOUR).registration
    assert again.id == first.id
    assert letters() == ["Åsa Ek: ticket"]


def test_the_same_form_finds_its_booking_also_after_the_event_is_full_or_closed(app):
    event = make_event(capacity=1)
    wish = make_wish(1, idempotency_key="b" * 24)
    first = register(event.id, wish, MONDAY).registration
    assert register(event.id, wish, MONDAY).registration.id == first.id
    assert register(event.id, wish, MONDAY + 30 * DAY).registration.id == first.id


def test_a_form_that_was_refused_may_be_sent_again_with_a_choice(app):
    event = make_event(capacity=1)
    make_registration(event)
    key = {"idempotency_key": "c" * 24}
    with pytest.raises(FullNow):
        register(event.id, make_wish(["Åsa Ek"], **key), MONDAY)
    register(event.id, make_wish(["Åsa Ek"], if_full=IfFull.TAKE_SOME, **key), MONDAY)
    assert states(event)["Åsa Ek"] is WAITING


def test_an_address_that_is_registered_is_left_out_and_told_by_letter(app):
    event = make_event()
    make_registration(event, [make_person("Åsa Ek", "asa@ek.example")])
    people = [make_person("Åsa Igen", "ASA@ek.example"), make_person("Bo Alm")]
    outcome = register(event.id, make_wish(people), MONDAY)
    assert [one.name for one in outcome.already] == ["Åsa Igen"]
    assert states(event) == {"Åsa Ek": CONFIRMED, "Bo Alm": CONFIRMED}
    assert letters("Åsa Ek") == ["ticket", "already_registered"]


def test_when_everybody_is_registered_there_is_no_new_booking(app):
    event = make_event()
    make_registration(event, [make_person("Åsa Ek", "asa@ek.example")])
    outcome = register(event.id, make_wish([make_person("Åsa", "asa@ek.example")]), MONDAY)
    assert outcome.registration is None
    assert bookings(event) == 1


def test_nobody_can_be_pestered_with_letters_that_they_are_registered(app, clock):
    event = make_event()
    make_registration(event, [make_person("Åsa Ek", "asa@ek.example")])
    for _ in range(5):
        register(event.id, make_wish([make_person("X", "asa@ek.example")]), MONDAY)
    assert letters("Åsa Ek") == ["ticket", "already_registered"]
    clock.move_to(MONDAY + HOUR)
    register(event.id, make_wish([make_person("X", "asa@ek.example")]), MONDAY + HOUR)
    assert letters("Åsa Ek") == ["ticket", "already_registered", "already_registered"]


def test_who_has_left_may_register_again_under_the_same_address(app):
    event = make_event()
    asa = make_person("Åsa Ek", "asa@ek.example")
    first = make_registration(event, [asa])
    cancel_people(list(first.attendees), MONDAY)
    again = register(event.id, make_wish([asa]), MONDAY).registration
    assert again.id != first.id
    assert counted(event)[CONFIRMED] == 1


def test_colleagues_without_an_own_address_share_the_bookers(app):
    event = make_event()
    people = [make_person(name, "info@vav.example") for name in ("Åsa Ek", "Bo Alm", "Eva Ö")]
    make_registration(event, people)
    assert counted(event)[CONFIRMED] == 3
    assert scenes.active_claims(event) == ["info@vav.example"]


def test_the_same_person_written_twice_in_one_booking_takes_one_seat(app):
    event = make_event()
    make_registration(event, [make_person(name, "asa@ek.example") for name in ("Åsa Ek", "åsa ek", "Bo Alm")])
    assert states(event) == {"Åsa Ek": CONFIRMED, "Bo Alm": CONFIRMED}


def test_a_party_larger_than_allowed_is_refused_and_says_how_many(app):
    event = make_event(party_size=2)
    with pytest.raises(PartyTooLarge) as refusal:
        register(event.id, make_wish(3), MONDAY)
    assert refusal.value.most == 2
    assert bookings(event) == 0


def test_a_full_event_says_how_many_seats_are_left_and_keeps_nothing(app):
    event = make_event(capacity=3)
    make_registration(event, 2)
    with pytest.raises(FullNow) as refusal:
        register(event.id, make_wish(2), MONDAY)
    assert refusal.value.left == 1
    assert counted(event)[CONFIRMED] == 2
    assert len(letters()) == 2


def test_a_party_may_take_the_seats_there_are_and_queue_for_the_rest(app):
    event = make_event(capacity=1)
    register(event.id, make_wish(["Åsa Ek", "Bo Alm"], if_full=IfFull.TAKE_SOME), MONDAY)
    assert states(event) == {"Åsa Ek": CONFIRMED, "Bo Alm": WAITING}
    assert letters() == ["Åsa Ek: ticket", "Bo Alm: queued"]


def test_a_party_that_sits_together_or_not_at_all_queues_as_one(app):
    event = make_event(capacity=1)
    register(event.id, make_wish(["Åsa Ek", "Bo Alm"], if_full=IfFull.QUEUE_ALL), MONDAY)
    assert states(event) == {"Åsa Ek": WAITING, "Bo Alm": WAITING}


def test_while_anyone_waits_a_free_seat_is_not_for_newcomers(app):
    event = make_event(capacity=2, queue_paused=True)
    first = make_registration(event, 2)
    make_registration(event, ["Kön Först"])
    cancel_people(list(first.attendees), MONDAY)
    with pytest.raises(FullNow) as refusal:
        register(event.id, make_wish(["Ny Person"]), MONDAY)
    assert refusal.value.left == 0
    register(event.id, make_wish(["Ny Person"], if_full=IfFull.TAKE_SOME), MONDAY)
    assert states(event)["Ny Person"] is WAITING


def test_who_queues_behind_a_party_too_large_for_the_seats_left_is_offered_one_at_once(app):
    event = make_event(capacity=2)
    register(event.id, make_wish(["A", "B", "C"], if_full=IfFull.QUEUE_ALL), MONDAY)
    register(event.id, make_wish(["Ny Person"], if_full=IfFull.TAKE_SOME), MONDAY)
    assert states(event)["Ny Person"] is OFFERED
    assert states(event)["A"] is WAITING


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"state": EventState.DRAFT}, MONDAY),
        ({"state": EventState.CANCELLED}, MONDAY),
        ({"opens_at": MONDAY + HOUR}, MONDAY),
        ({"closes_at": MONDAY + HOUR}, MONDAY + HOUR),
        ({"closes_at": MONDAY + 60 * DAY}, MONDAY + 14 * DAY),  # never after the start
    ],
)
def test_closed_doors_take_no_registrations(app, given, at):
    event = make_event(**given)
    with pytest.raises(RegistrationClosed):
        register(event.id, make_wish(), at)


def test_an_event_that_is_not_there_is_not_found(app):
    with pytest.raises(NotFound):
        register(4711, make_wish(), MONDAY)


# --- by hand ------------------------------------------------------------------------------------------------------


def test_staff_add_people_after_registration_has_closed_but_never_past_the_queue(app):
    event = make_event(capacity=1, closes_at=MONDAY)
    outcome = register_by_hand(event.id, make_wish(["Åsa Ek"]), MONDAY + HOUR, "alva@boras.example")
    assert outcome.registration.added_by == "alva@boras.example"
    with pytest.raises(FullNow):
        register_by_hand(event.id, make_wish(["Bo Alm"]), MONDAY + HOUR, "alva@boras.example")


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_nobody_is_added_by_hand_to_a_draft_or_a_cancelled_event(app, state):
    event = make_event(state=state)
    with pytest.raises(RegistrationClosed):
        register_by_hand(event.id, make_wish(), MONDAY, "alva@boras.example")


# --- one more person ----------------------------------------------------------------------------------------------


def test_a_person_added_later_gets_a_seat_and_a_letter(app):
    event = make_event()
    booking = make_registration(event, ["Åsa Ek"])
    add_person(booking, make_person("Bo Alm"), MONDAY, IfFull.REFUSE)
    assert states(event) == {"Åsa Ek": CONFIRMED, "Bo Alm": CONFIRMED}
    assert letters("Bo Alm") == ["ticket"]


def test_the_form_for_one_more_person_sent_twice_adds_one(app):
    event = make_event()
    booking = make_registration(event, ["Åsa Ek"])
    bo = make_person("Bo Alm")
    first = add_person(booking, bo, MONDAY, IfFull.REFUSE)
    assert add_person(booking, bo, MONDAY, IfFull.REFUSE).id == first.id
    assert counted(event)[CONFIRMED] == 2


def test_a_booking_never_holds_more_active_people_than_a_party_may_be(app):
    event = make_event(party_size=2)
    booking = make_registration(event, 2)
    with pytest.raises(PartyTooLarge):
        add_person(booking, make_person(), MONDAY, IfFull.REFUSE)
    cancel_people([booking.attendees[0]], MONDAY)
    add_person(booking, make_person("Bo Alm"), MONDAY, IfFull.REFUSE)
    assert counted(event)[CONFIRMED] == 2


def test_one_more_person_under_the_bookers_address_holds_no_claim_of_its_own(app):
    event = make_event()
    booking = make_registration(event, [make_person("Åsa Ek", "info@vav.example")])
    add_person(booking, make_person("Bo Alm", "info@vav.example"), MONDAY, IfFull.REFUSE)
    assert scenes.active_claims(event) == ["info@vav.example"]


def test_one_more_person_who_is_registered_elsewhere_is_told_by_letter(app):
    event = make_event()
    make_registration(event, [make_person("Bo Alm", "bo@alm.example")])
    booking = make_registration(event, ["Åsa Ek"])
    assert add_person(booking, make_person("Bo A", "bo@alm.example"), MONDAY, IfFull.REFUSE) is None
    assert letters("Bo Alm") == ["ticket", "already_registered"]
    assert counted(event)[CONFIRMED] == 2


def test_one_more_person_queues_or_is_refused_when_the_event_is_full(app):
    event = make_event(capacity=1)
    booking = make_registration(event, ["Åsa Ek"])
    with pytest.raises(FullNow):
        add_person(booking, make_person("Bo Alm"), MONDAY, IfFull.REFUSE)
    add_person(booking, make_person("Bo Alm"), MONDAY, IfFull.TAKE_SOME)
    assert states(event)["Bo Alm"] is WAITING


def test_what_was_read_before_the_lock_is_read_anew_under_it(app):
    """A door reads the booking, another cancels one of its people, then the door's verb gets the lock."""
    event = make_event(party_size=2)
    booking = make_registration(event, [make_person(name, "info@vav.example") for name in ("Åsa Ek", "Bo Alm")])
    with scenes.transaction():
        rows = db.session.get(type(booking), booking.id)
        assert all(attendee.is_active for attendee in rows.attendees)
        db.session.connection().execute(
            Attendee.__table__.update().where(Attendee.name == "Bo Alm").values(state=scenes.CANCELLED)
        )
        scenes.registration.add_person(rows, make_person("Eva Ö"), MONDAY, IfFull.REFUSE)
    assert counted(event)[CONFIRMED] == 2
