from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from eventsys.database import db
from eventsys.events.booking import AddressTaken, TooLate
from eventsys.events.models import TRANSITIONS, Attendee, AttendeeState, EventState
from eventsys.events.moving import CannotMove
from eventsys.events.registration import FullNow, IfFull
from eventsys.events.states import NotPossible, move
from tests.events import scenes
from tests.events.scenes import (
    CANCELLED,
    CONFIRMED,
    DAY,
    HOUR,
    MONDAY,
    OFFERED,
    WAITING,
    active_claims,
    cancel_event,
    cancel_people,
    change_booker,
    change_details,
    counted,
    letters,
    move_to_event,
    person,
    register,
    revoked,
    states,
)
from tests.factories import make_booker, make_event, make_person, make_registration, make_wish

pytestmark = pytest.mark.usefixtures("clock")

SHARED = "info@vav.example"


@pytest.fixture
def event(app):
    return make_event(capacity=5)


def sharing(event, *names):
    return make_registration(event, [make_person(name, SHARED) for name in names])


# --- the shared address: somebody active always holds it, alone -----------------------------------------------------


@pytest.mark.parametrize("order", [("A", "B", "C"), ("B", "A", "C"), ("C", "B", "A"), ("B", "C", "A"), ("C", "A", "B")])
def test_colleagues_who_share_an_address_may_leave_in_any_order(event, order):
    sharing(event, "A", "B", "C")
    for left, name in enumerate(order, start=1):
        cancel_people([person(name)], MONDAY)
        assert active_claims(event) == ([SHARED] if left < 3 else [])


def test_colleagues_who_share_an_address_may_leave_all_at_once(event):
    booking = sharing(event, "A", "B", "C")
    assert cancel_people(list(booking.attendees), MONDAY) == 3
    assert active_claims(event) == []
    assert make_registration(event, [make_person("Ny", SHARED)])


def test_an_address_is_handed_on_to_a_colleague_whose_row_is_written_first(event):
    """The database is written in the order of ids: the one who leaves has to let go before an earlier one takes."""
    sharing(event, "A", "B", "C")
    change_details(person("A"), make_person("A", "a@vav.example"), MONDAY)  # B holds the shared address now
    change_details(person("A"), make_person("A", SHARED), MONDAY)
    change_details(person("C"), make_person("C", "c@vav.example"), MONDAY)
    assert cancel_people([person("C"), person("B")], MONDAY) == 2
    assert active_claims(event) == [SHARED]


def test_a_shared_address_stays_taken_while_one_who_uses_it_is_left(event):
    sharing(event, "A", "B")
    cancel_people([person("A")], MONDAY)
    outcome = register(event.id, make_wish([make_person("Ny", SHARED)]), MONDAY)
    assert outcome.registration is None


def test_who_moves_away_from_a_shared_address_leaves_it_to_a_colleague(event):
    sharing(event, "A", "B", "C")
    change_details(person("A"), make_person("A", "a@vav.example"), MONDAY)
    assert active_claims(event) == ["a@vav.example", SHARED]
    change_details(person("C"), make_person("C", "c@vav.example"), MONDAY)
    assert active_claims(event) == ["a@vav.example", "c@vav.example", SHARED]


def test_who_moves_to_a_colleagues_address_shares_it(event):
    make_registration(event, [make_person("A", "a@vav.example"), make_person("B", "b@vav.example")])
    change_details(person("A"), make_person("A", "b@vav.example"), MONDAY)
    assert active_claims(event) == ["b@vav.example"]
    assert make_registration(event, [make_person("Ny", "a@vav.example")])


@pytest.mark.parametrize("at_once", [False, True])
def test_two_colleagues_swap_addresses(event, at_once):
    make_registration(event, [make_person("A", "a@vav.example"), make_person("B", "b@vav.example")])
    wanted = {"A": make_person("A", "b@vav.example"), "B": make_person("B", "a@vav.example")}
    if at_once:
        rows = {name: person(name).id for name in wanted}
        with scenes.transaction():
            for name, new in wanted.items():
                scenes.booking.change_details(db.session.get(Attendee, rows[name]), new, MONDAY)
    else:
        for name, new in wanted.items():
            change_details(person(name), new, MONDAY)
    assert {name: person(name).address_claim for name in wanted} == {"A": "b@vav.example", "B": "a@vav.example"}
    assert active_claims(event) == ["a@vav.example", "b@vav.example"]


def test_an_address_registered_in_another_booking_cannot_be_taken(event):
    make_registration(event, [make_person("A", "a@vav.example")])
    make_registration(event, [make_person("B", "b@vav.example")])
    with pytest.raises(AddressTaken):
        change_details(person("A"), make_person("A", "b@vav.example"), MONDAY)
    assert person("A").email_key == "a@vav.example"


def test_an_address_that_somebody_has_left_can_be_taken(event):
    make_registration(event, [make_person("A", "a@vav.example")])
    make_registration(event, [make_person("B", "b@vav.example")])
    cancel_people([person("B")], MONDAY)
    change_details(person("A"), make_person("A", "b@vav.example"), MONDAY)
    assert active_claims(event) == ["b@vav.example"]


# --- details --------------------------------------------------------------------------------------------------------


def test_a_new_address_makes_a_new_ticket_and_the_old_one_is_revoked(event):
    make_registration(event, ["A"])
    old = person("A").ticket_code
    change_details(person("A"), make_person("Bo Alm", "bo@alm.example"), MONDAY)
    assert person("Bo Alm").ticket_code != old
    assert revoked(old) == "transferred"
    assert letters("Bo Alm") == ["ticket"]
    assert person("Bo Alm").letter_number == 1


def test_a_corrected_name_is_told_in_a_new_letter_with_the_same_ticket(event):
    make_registration(event, [make_person("A", "a@vav.example")])
    code = person("A").ticket_code
    change_details(person("A"), make_person("Åsa Ek", "a@vav.example"), MONDAY)
    assert person("Åsa Ek").ticket_code == code
    assert person("Åsa Ek").sort_key == "ek, {asa"
    assert letters("Åsa Ek") == ["ticket"]


def test_a_change_that_changes_nothing_in_the_letter_sends_none(event):
    make_registration(event, [make_person("A", "a@vav.example", diet="Nötter")])
    change_details(person("A"), make_person("A", "a@vav.example", phone="033-35 70 00", diet="Ägg"), MONDAY)
    assert letters("A") == ["ticket"]
    assert person("A").diet.text == "Ägg"
    change_details(person("A"), make_person("A", "a@vav.example"), MONDAY)
    assert person("A").diet is None


def test_the_same_address_in_capitals_is_the_same_address(event):
    make_registration(event, [make_person("A", "a@vav.example")])
    code = person("A").ticket_code
    change_details(person("A"), make_person("A", "A@VAV.example"), MONDAY)
    assert person("A").ticket_code == code
    assert letters("A") == ["ticket"]


def test_one_who_waits_may_change_address_and_keeps_the_place(app):
    event = make_event(capacity=1)
    make_registration(event, ["Åsa"])
    make_registration(event, ["Bo"])
    make_registration(event, ["Eva"])
    change_details(person("Bo"), make_person("Bo", "nya@alm.example"), MONDAY)
    assert letters("Bo") == ["queued", "queued"]
    cancel_people([person("Åsa")], MONDAY)
    assert states(event)["Bo"] is OFFERED


def test_nothing_can_be_changed_after_leaving(event):
    make_registration(event, ["A"])
    cancel_people([person("A")], MONDAY)
    with pytest.raises(TooLate):
        change_details(person("A"), make_person("B"), MONDAY)


def test_nothing_can_be_changed_once_the_event_has_begun_or_is_cancelled(event):
    booking = make_registration(event, ["A"])
    starts_at = event.starts_at
    for late in (starts_at, starts_at + DAY):
        with pytest.raises(TooLate):
            change_details(person("A"), make_person("B"), late)
        with pytest.raises(TooLate):
            cancel_people([person("A")], late)
        with pytest.raises(TooLate):
            change_booker(booking, make_booker("B"), late)
    cancel_event(event.id, "", MONDAY)
    with pytest.raises(TooLate):
        cancel_people([person("A")], MONDAY)


def test_who_booked_can_be_corrected(event):
    booking = make_registration(event, ["A"])
    change_booker(booking, make_booker("Chef Persson", "Chef@vav.example"), MONDAY)
    assert person("A").registration.booker_email_key == "chef@vav.example"


# --- leaving --------------------------------------------------------------------------------------------------------


def test_who_leaves_is_told_once_and_the_ticket_is_revoked(event):
    make_registration(event, ["A"])
    code = person("A").ticket_code
    assert cancel_people([person("A")], MONDAY) == 1
    assert cancel_people([person("A")], MONDAY) == 0
    assert letters("A") == ["ticket", "seat_cancelled"]
    assert revoked(code) == "cancelled"
    assert person("A").ticket_code != code
    assert person("A").left_at == MONDAY


def test_one_of_a_party_leaves_and_the_others_stay(event):
    make_registration(event, ["A", "B"])
    cancel_people([person("A")], MONDAY)
    assert states(event) == {"A": CANCELLED, "B": CONFIRMED}


def test_nobody_leaves_when_nobody_is_chosen(app):
    assert cancel_people([], MONDAY) == 0


def test_states_change_only_by_the_table(event):
    make_registration(event, ["A"])
    with scenes.transaction(), db.session.no_autoflush:
        attendee = db.session.execute(db.select(Attendee)).scalar_one()
        for was, becomes in itertools.product(AttendeeState, repeat=2):
            attendee.state, attendee.letter_number = was, 0
            if becomes in TRANSITIONS[was]:
                move(attendee, becomes, MONDAY)
                ticked_off = {was, becomes} <= {CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW}
                assert (attendee.state, attendee.letter_number) == (becomes, 0 if ticked_off else 1)
            else:
                with pytest.raises(NotPossible):
                    move(attendee, becomes, MONDAY)
                assert (attendee.state, attendee.letter_number) == (was, 0)


# --- moving to another event ------------------------------------------------------------------------------------------


def test_a_moved_person_gets_a_seat_a_ticket_and_a_letter_at_the_other_event(event):
    other = make_event(asks_diet=True)
    make_registration(event, [make_person("A", diet="Nötter"), make_person("B")], source="affisch")
    code = person("A").ticket_code
    new = move_to_event(person("A"), other.id, MONDAY)
    assert states(event) == {"A": CANCELLED, "B": CONFIRMED}
    assert states(other) == {"A": CONFIRMED}
    assert (new.source, person("A").diet.text) == ("affisch", "Nötter")
    assert revoked(code) == "cancelled"
    assert letters("A")[-2:] == ["ticket", "seat_moved"]


def test_a_moved_person_queues_when_the_other_event_is_full(event):
    other = make_event(capacity=1)
    make_registration(other, ["X"])
    make_registration(event, ["A"])
    move_to_event(person("A"), other.id, MONDAY)
    assert states(other)["A"] is WAITING
    assert letters("A")[-2:] == ["queued", "seat_moved"]


def test_who_had_no_calendar_entry_here_gets_no_letter_that_takes_one_away(event):
    make_registration(event, ["A", "B", "D", "E", "F"])
    make_registration(event, ["C"])
    assert states(event)["C"] is WAITING
    move_to_event(person("C"), make_event().id, MONDAY)
    assert letters("C") == ["queued", "ticket"]


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_nobody_is_moved_to_a_draft_or_a_cancelled_event(event, state):
    make_registration(event, ["A"])
    with pytest.raises(CannotMove):
        move_to_event(person("A"), make_event(state=state).id, MONDAY)
    assert states(event) == {"A": CONFIRMED}


def test_nobody_is_moved_who_has_left_or_is_registered_there_or_to_the_same_event(event):
    other = make_event()
    for name in ("A", "B"):
        make_registration(event, [name])
    make_registration(other, ["B"])
    cancel_people([person("A")], MONDAY)
    for name, there in (("A", other), ("B", event)):
        with pytest.raises(CannotMove):
            move_to_event(person(name), there.id, MONDAY)
    at_home = db.session.execute(db.select(Attendee).where(Attendee.name == "B", Attendee.event_id == event.id))
    with pytest.raises(CannotMove):
        move_to_event(at_home.scalar_one(), other.id, MONDAY)
    assert letters("B") == ["ticket", "ticket"]


def test_a_party_of_many_keeps_its_wishes_apart(event):
    """A refused party changes nothing of what was there before."""
    make_registration(event, ["A", "B", "C"])
    with pytest.raises(FullNow):
        register(event.id, replace(make_wish(["D", "E", "F"]), if_full=IfFull.REFUSE), MONDAY + HOUR)
    assert counted(event) == {CONFIRMED: 3}
