"""Many answer at once: real threads, real databases."""

from __future__ import annotations

import functools

from eventsys.clock import now
from eventsys.events.invitations.answering import CompanyFull
from eventsys.events.invitations.standing import Standing
from eventsys.events.models import AttendeeState
from tests.events.scenes import counted
from tests.events.test_races import at_once, kinds
from tests.factories import make_person
from tests.invitations.scenes import (
    approve,
    ask_for_place,
    closed_event,
    counts,
    hand_on,
    invite,
    invited,
    letters_to,
    make_guest,
    posted,
    remind_silent,
    say_no,
    say_yes,
    send_invitations,
    the_invitation,
)


def answer(invitation_id: int, name: str = "Åsa Ek") -> functools.partial[bool]:
    def say() -> bool:
        return bool(say_yes(invitation_id, make_person(name), now()).id)

    return functools.partial(say)


def test_yes_pressed_many_times_at_once_is_one_seat_and_one_ticket(app):
    event = closed_event()
    [asa] = invited(event, "Åsa Ek")
    assert kinds(at_once(app, *[answer(asa)] * 6)) == {True: 6}
    assert counted(event) == {AttendeeState.CONFIRMED: 1}
    assert letters_to(make_guest("Åsa Ek").email) == ["invitation", "ticket"]


def test_many_say_yes_to_the_last_seat_and_one_gets_it(app):
    event = closed_event(capacity=1)
    names = [f"Gäst {number}" for number in range(8)]
    answers = [answer(one, name) for one, name in zip(invited(event, *names), names, strict=True)]
    at_once(app, *answers)
    assert counted(event) == {AttendeeState.CONFIRMED: 1, AttendeeState.WAITING: 7}
    assert counts(event) == {Standing.YES: 1, Standing.QUEUED: 7}


def test_a_company_gets_its_seats_and_no_more_however_many_press_at_once(app):
    event = closed_event(company_seats=2)
    names = [f"Gäst {number}" for number in range(6)]
    answers = [answer(one, name) for one, name in zip(invited(event, *names), names, strict=True)]
    assert kinds(at_once(app, *answers)) == {True: 2, CompanyFull: 4}
    assert counted(event) == {AttendeeState.CONFIRMED: 2}


def test_yes_and_no_and_a_colleague_at_once_end_in_one_answer(app):
    event = closed_event()
    for number in range(4):
        [asa] = invited(event, f"Gäst {number}")
        no = functools.partial(say_no, asa, "", now())
        colleague = functools.partial(hand_on, asa, make_guest(f"Kollega {number}"), now())
        at_once(app, answer(asa, f"Gäst {number}"), no, colleague)
    stood = counts(event)
    seats = counted(event)[AttendeeState.CONFIRMED]
    assert stood.get(Standing.YES, 0) == seats
    assert sum(stood.values()) == 8


def test_the_list_sent_reminded_and_filled_from_two_windows_gives_each_one_letter(app):
    event = closed_event()
    guests = [make_guest(f"Gäst {number}") for number in range(20)]
    at_once(app, *[functools.partial(invite, event.id, guests, now(), "Fil")] * 3)
    assert sum(at_once(app, *[functools.partial(send_invitations, event.id, now())] * 3)) == 20
    assert sum(at_once(app, *[functools.partial(remind_silent, event.id, now())] * 3)) == 20
    assert (posted("invitation"), posted("invitation_reminder")) == (20, 20)


def test_two_colleagues_who_let_in_the_same_person_give_one_seat(app):
    event = closed_event(request_seats=5)
    ask_for_place(event.id, make_guest("Åsa Ek"), "Vi växer.", now())
    asked = the_invitation(event, make_guest("Åsa Ek").email_key).id
    at_once(app, *[lambda: bool(approve(event.id, asked, now()).id)] * 4)
    assert counted(event) == {AttendeeState.CONFIRMED: 1}
