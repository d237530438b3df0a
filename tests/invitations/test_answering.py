"""Answers to an invitation: what each leads to, and what cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsys.clock import now
from eventsys.events.invitations.answering import AnswersClosed, ColleagueAnswers, CompanyFull, NotToThem
from eventsys.events.invitations.models import InvitationState
from eventsys.events.invitations.standing import Standing
from eventsys.events.models import AttendeeState
from eventsys.events.registration import OnlyInvited
from tests.events.scenes import add_person, cancel_event, cancel_people, person, register, register_by_hand, states
from tests.factories import make_event, make_person, make_registration, make_wish
from tests.invitations.scenes import (
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


def test_a_yes_is_a_seat_and_a_ticket(event):
    [asa] = invited(event, "Åsa Ek")
    yes(asa)
    assert states(event) == {"Åsa Ek": AttendeeState.CONFIRMED}
    assert counts(event) == {Standing.YES: 1}
    assert letters_to("asa.ek@vaveriet-ab.example") == ["invitation", "ticket"]


def test_a_yes_when_the_event_is_full_is_a_place_in_the_queue(app):
    event = closed_event(capacity=1)
    asa, bo = invited(event, "Åsa Ek", "Bo Alm")
    yes(asa)
    yes(bo)
    assert counts(event) == {Standing.YES: 1, Standing.QUEUED: 1}
    assert letters_to("bo.alm@vaveriet-ab.example")[-1] == "queued"


def test_yes_twice_is_one_seat_and_one_ticket(event):
    [asa] = invited(event, "Åsa Ek")
    first, second = yes(asa), yes(asa)
    assert first.id == second.id
    assert letters_to("asa.ek@vaveriet-ab.example").count("ticket") == 1


def test_the_ticket_goes_to_the_invited_address_whatever_the_form_says(event):
    [asa] = invited(event, "Åsa Ek")
    attendee = yes(asa, "Någon Annan")
    assert (attendee.name, attendee.email) == ("Någon Annan", "asa.ek@vaveriet-ab.example")


def test_a_no_after_a_yes_frees_the_seat_for_the_queue(app):
    event = closed_event(capacity=1)
    asa, bo = invited(event, "Åsa Ek", "Bo Alm")
    yes(asa)
    yes(bo)
    say_no(asa, "Jag är på resa.", now())
    assert states(event) == {"Åsa Ek": AttendeeState.CANCELLED, "Bo Alm": AttendeeState.OFFERED}
    assert counts(event) == {Standing.NO: 1, Standing.QUEUED: 1}
    assert row(asa).note == "Jag är på resa."


def test_a_yes_after_a_no_is_a_seat_again(event):
    [asa] = invited(event, "Åsa Ek")
    yes(asa)
    say_no(asa, "", now())
    yes(asa)
    assert counts(event) == {Standing.YES: 1}
    assert person("Åsa Ek").state is AttendeeState.CONFIRMED


def test_a_seat_cancelled_in_the_booking_shows_as_cancelled(event):
    [asa] = invited(event, "Åsa Ek")
    yes(asa)
    cancel_people([person("Åsa Ek")], now())
    assert counts(event) == {Standing.LEFT: 1}
    yes(asa)
    assert counts(event) == {Standing.YES: 1}


def test_somebody_registered_by_staff_has_said_yes(event):
    [asa] = invited(event, "Åsa Ek")
    guest = make_guest("Åsa Ek")
    register_by_hand(event.id, make_wish([_person(guest)]), now(), "lena")
    assert counts(event) == {Standing.YES: 1}
    assert yes(asa).id == person("Åsa Ek").id


def _person(guest):
    return make_person(guest.name, guest.email)


# --- a colleague --------------------------------------------------------------------------------------------------


def test_a_colleague_gets_an_invitation_of_the_same_company_and_answers_it(event):
    [asa] = invited(event, "Åsa Ek", company_number="5560360793")
    hand_on(asa, make_guest("Bo Alm", "", email="bo@vaveriet.example"), now())
    bo = the_invitation(event, "bo@vaveriet.example")
    assert (bo.company_name, bo.company_number, bo.handed_from_id) == ("Väveriet AB", "5560360793", asa)
    assert letters_to("bo@vaveriet.example") == ["invitation"]
    yes(bo.id)
    assert counts(event) == {Standing.HANDED_ON: 1, Standing.YES: 1}


def test_one_who_answers_after_handing_on_takes_the_invitation_back(event):
    [asa] = invited(event, "Åsa Ek")
    hand_on(asa, make_guest("Bo Alm"), now())
    yes(asa)
    assert counts(event) == {Standing.YES: 1, Standing.WITHDRAWN: 1}


def test_an_invitation_that_a_colleague_has_used_cannot_be_used_again(event):
    [asa] = invited(event, "Åsa Ek")
    hand_on(asa, make_guest("Bo Alm"), now())
    yes(the_invitation(event, make_guest("Bo Alm").email_key).id)
    with pytest.raises(ColleagueAnswers):
        yes(asa)
    with pytest.raises(ColleagueAnswers):
        hand_on(asa, make_guest("Eva Ström"), now())
    assert counts(event) == {Standing.HANDED_ON: 1, Standing.YES: 1}


def test_an_invitation_is_free_again_when_the_colleague_says_no_or_leaves(event):
    [asa] = invited(event, "Åsa Ek")
    hand_on(asa, make_guest("Bo Alm"), now())
    say_no(the_invitation(event, make_guest("Bo Alm").email_key).id, "", now())
    yes(asa)
    assert counts(event) == {Standing.YES: 1, Standing.NO: 1}


def test_handing_on_gives_up_the_seat(event):
    [asa] = invited(event, "Åsa Ek")
    yes(asa)
    hand_on(asa, make_guest("Bo Alm"), now())
    assert states(event) == {"Åsa Ek": AttendeeState.CANCELLED}
    assert counts(event) == {Standing.HANDED_ON: 1, Standing.SILENT: 1}


def test_one_cannot_hand_it_to_oneself_or_back(event):
    [asa] = invited(event, "Åsa Ek")
    with pytest.raises(NotToThem):
        hand_on(asa, make_guest("Åsa Ek"), now())
    hand_on(asa, make_guest("Bo Alm"), now())
    with pytest.raises(NotToThem):
        hand_on(the_invitation(event, make_guest("Bo Alm").email_key).id, make_guest("Åsa Ek"), now())


@pytest.mark.parametrize("answer", ["none", "no"])
def test_a_colleague_who_is_invited_already_keeps_their_own(event, answer):
    asa, bo = invited(event, "Åsa Ek", "Bo Alm")
    if answer == "no":
        say_no(bo, "", now())
    before = row(bo).state
    hand_on(asa, make_guest("Bo Alm"), now())
    assert (row(asa).state, row(bo).state) == (InvitationState.HANDED_ON, before)
    assert letters_to(make_guest("Bo Alm").email) == ["invitation"]


# --- who may not, and when ----------------------------------------------------------------------------------------


def test_nobody_else_registers_for_a_closed_event(event):
    with pytest.raises(OnlyInvited):
        register(event.id, make_wish(1), now())
    [asa] = invited(event, "Åsa Ek")
    yes(asa)
    with pytest.raises(OnlyInvited):
        add_person(person("Åsa Ek").registration, _person(make_guest("Bo Alm")), now(), make_wish(1).if_full)
    register_by_hand(event.id, make_wish(1), now(), "lena")


def test_a_company_gets_no_more_seats_than_it_may(app):
    event = closed_event(company_seats=1)
    asa, bo, eva = [*invited(event, "Åsa Ek", "Bo Alm"), *invited(event, "Eva Ström", company="Färgeriet AB")]
    yes(asa)
    with pytest.raises(CompanyFull) as refusal:
        yes(bo)
    assert refusal.value.most == 1
    yes(eva)
    say_no(asa, "", now())
    yes(bo)
    assert counts(event) == {Standing.YES: 2, Standing.NO: 1}


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("Väveriet AB", "5560360793"), ("Väveriet i Borås", "5560360793"), True),
        (("Väveriet AB", "5560360793"), ("Väveriet AB", "5565150785"), False),
        (("Väveriet AB", None), ("väveriet  ab", None), True),
        (("Väveriet AB", "5560360793"), ("Väveriet AB", None), True),
        (("", None), ("", None), False),
    ],
)
def test_a_company_is_known_by_its_number_or_where_it_has_none_by_its_name(app, first, second, same):
    event = closed_event(company_seats=1)
    [asa] = invited(event, "Åsa Ek", company=first[0], company_number=first[1], email="a@x.example")
    [bo] = invited(event, "Bo Alm", company=second[0], company_number=second[1], email="b@x.example")
    yes(asa)
    if same:
        with pytest.raises(CompanyFull):
            yes(bo)
    else:
        yes(bo)


def test_no_answer_counts_after_it_was_taken_back_or_closed_or_cancelled(app, clock):
    event = closed_event(closes_at=now() + timedelta(days=3))
    asa, bo = invited(event, "Åsa Ek", "Bo Alm")
    withdraw(event.id, [asa], now())
    with pytest.raises(AnswersClosed):
        yes(asa)
    clock.move_to(now() + timedelta(days=3))
    with pytest.raises(AnswersClosed):
        yes(bo)
    with pytest.raises(AnswersClosed):
        hand_on(bo, make_guest("Eva Ström"), now())
    cancelled = closed_event()
    [eva] = invited(cancelled, "Eva Ström")
    cancel_event(cancelled.id, "Sjukdom", now())
    with pytest.raises(AnswersClosed):
        say_no(eva, "", now())


def test_an_invitation_is_open_although_registration_opens_later(app, clock):
    event = closed_event(opens_at=now() + timedelta(days=2))
    [asa] = invited(event, "Åsa Ek")
    yes(asa)
    assert counts(event) == {Standing.YES: 1}


def test_an_invitation_to_an_open_event_works_beside_the_form(app):
    event = make_event()
    [asa] = invited(event, "Åsa Ek")
    make_registration(event, ["Bo Alm"])
    yes(asa)
    assert states(event) == {"Bo Alm": AttendeeState.CONFIRMED, "Åsa Ek": AttendeeState.CONFIRMED}
