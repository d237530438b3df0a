"""Seats and invitations that are passed on: who may still decide about them."""

from __future__ import annotations

import pytest

from eventsys.clock import now
from eventsys.events.invitations.answering import AnswersClosed
from eventsys.events.invitations.inviting import Guest
from eventsys.events.invitations.models import InvitationState
from eventsys.events.invitations.queries import granted_requests
from eventsys.events.invitations.standing import Standing
from eventsys.events.models import AttendeeState
from tests.events.scenes import cancel_people, change_details, person, states
from tests.factories import make_person
from tests.invitations.scenes import (
    ask_for_place,
    closed_event,
    counts,
    hand_on,
    invited,
    letters_to,
    make_guest,
    row,
    say_no,
    the_invitation,
    withdraw,
    yes,
)
from tests.staff_fixtures import visitor


def handed_over(event) -> int:
    """Åsa says yes, and hands the seat over to Bo on the page of her booking."""
    [asa] = invited(event, "Åsa Ek")
    change_details(yes(asa), make_person("Bo Alm", "bo@alm.example"), now())
    return asa


def test_an_invitation_opens_no_seat_that_was_handed_over_to_another_address(app, event):
    asa = handed_over(event)
    page = visitor(app).get(f"/inbjudan/{row(asa).token}")
    assert page.status_code == 200
    assert person("Bo Alm").token not in page.text
    assert f"/inbjudan/{row(asa).token}/nej" not in page.text


@pytest.mark.parametrize("answer", ["no", "colleague"])
def test_whoever_handed_the_seat_over_cannot_give_it_up_any_more(event, answer):
    asa = handed_over(event)
    with pytest.raises(AnswersClosed):
        say_no(asa, "", now()) if answer == "no" else hand_on(asa, make_guest("Eva Ny"), now())
    assert states(event) == {"Bo Alm": AttendeeState.CONFIRMED}
    assert counts(event) == {Standing.YES: 1}


def test_an_invitation_whose_seat_was_handed_over_and_cancelled_can_be_answered_again(event):
    asa = handed_over(event)
    cancel_people([person("Bo Alm")], now())
    yes(asa)
    assert states(event) == {"Bo Alm": AttendeeState.CANCELLED, "Åsa Ek": AttendeeState.CONFIRMED}


def test_a_colleague_from_whom_it_was_taken_back_can_be_given_it_again(event):
    [asa] = invited(event, "Åsa Ek")
    bo = make_guest("Bo Alm")
    hand_on(asa, bo, now())
    first_link = the_invitation(event, bo.email_key).token
    yes(asa)
    hand_on(asa, bo, now())
    again = the_invitation(event, bo.email_key)
    assert again.state is InvitationState.SENT
    assert again.token != first_link
    assert letters_to(bo.email).count("invitation") == 2


def test_an_invitation_that_staff_took_back_is_not_given_again_by_a_colleague(event):
    [asa] = invited(event, "Åsa Ek")
    bo = make_guest("Bo Alm")
    hand_on(asa, bo, now())
    withdraw(event.id, [the_invitation(event, bo.email_key).id], now())
    yes(asa)
    hand_on(asa, bo, now())
    assert the_invitation(event, bo.email_key).state is InvitationState.WITHDRAWN


def test_somebody_who_asked_for_a_place_and_got_a_colleagues_uses_none_of_the_places_for_those_who_ask(app):
    event = closed_event(request_seats=1)
    [asa] = invited(event, "Åsa Ek")
    bo = Guest("bo@alm.example", "bo@alm.example", "Bo Alm", "Väveriet AB")
    ask_for_place(event.id, bo, "", now())
    hand_on(asa, bo, now())
    yes(the_invitation(event, bo.email_key).id)
    assert granted_requests(event.id) == 0
