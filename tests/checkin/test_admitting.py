"""What the door answers, and what it leaves in the tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events import notices
from eventsys.events.checkin.models import ScanAct, ScanResult
from eventsys.events.letters import LETTERS
from eventsys.events.messages import send_message
from eventsys.events.models import AttendeeState
from eventsys.events.selection import Selection
from eventsys.mail.models import Delivery
from eventsys.tokens import human_code
from tests.checkin.conftest import Entrance
from tests.checkin.scenes import (
    HOUR,
    SUPERVISOR,
    act,
    choose,
    entries,
    event_now,
    make_door,
    make_sessions,
    said,
    scan,
    scans,
    undo,
    walk_in,
)
from tests.events.scenes import CONFIRMED, cancel_event, cancel_people, change_details, letters, person
from tests.factories import make_person, make_registration

ATTENDED = AttendeeState.ATTENDED
WELCOME, ALREADY = ScanResult.WELCOME, ScanResult.ALREADY


def test_a_ticket_lets_its_person_in_once_and_the_second_time_says_when_and_where(entrance: Entrance) -> None:
    first = scan(entrance.door, entrance.asa.ticket_code)
    assert (first.result, first.attendee.name, first.attendee.state) == (WELCOME, "Åsa Öberg", ATTENDED)
    again = scan(entrance.other, entrance.asa.ticket_code)
    assert (again.result, again.entry.door.name, again.clash) == (ALREADY, "Stora entrén", False)
    assert entries(entrance.event) == [(entrance.asa.id, None)]
    assert person("Åsa Öberg").checked_in_at is not None


@pytest.mark.parametrize("typed", ["lower", "human", "human without hyphen", "spaces"])
def test_a_code_may_be_typed_as_people_type(entrance: Entrance, typed: str) -> None:
    code = entrance.asa.ticket_code
    shown = human_code(code)
    forms = {"lower": code.lower(), "human": shown, "human without hyphen": shown.replace("-", "").lower()}
    assert said(entrance.door, forms.get(typed, f" {code[:6]} {code[6:]} ")) is WELCOME


def test_a_person_is_let_in_by_name(entrance: Entrance) -> None:
    assert said(entrance.door, entrance.bo) is WELCOME
    assert said(entrance.door, entrance.bo.ticket_code) is ALREADY


def test_the_same_nonce_is_one_row_and_the_same_answer(entrance: Entrance) -> None:
    once = act(entrance.asa.ticket_code)
    answers = [scan(entrance.door, once) for _ in range(3)]
    assert {answer.result for answer in answers} == {WELCOME}
    assert len(scans(entrance.event)) == 1
    assert said(entrance.other, once) is ScanResult.REFUSED  # a nonce of another door says nothing about its person


def test_a_ticket_handed_on_is_revoked_and_names_nobody(entrance: Entrance) -> None:
    old = entrance.asa.ticket_code
    change_details(person("Åsa Öberg"), make_person("Elin Sjö", "elin@ny.example"), now())
    answer = scan(entrance.door, old)
    assert (answer.result, answer.attendee) == (ScanResult.REVOKED, None)
    assert said(entrance.door, person("Elin Sjö").ticket_code) is WELCOME


def test_who_has_cancelled_is_told_so_by_ticket_and_by_name(entrance: Entrance) -> None:
    old = entrance.bo.ticket_code
    cancel_people([person("Bo Alm")], now())
    assert said(entrance.door, old) is ScanResult.CANCELLED
    assert said(entrance.door, person("Bo Alm")) is ScanResult.CANCELLED
    assert entries(entrance.event) == []


def test_nobody_is_let_in_to_a_cancelled_event(entrance: Entrance) -> None:
    cancel_event(entrance.event.id, "Sjuk", now())
    answer = scan(entrance.door, person("Åsa Öberg").ticket_code)
    assert answer.result is ScanResult.CANCELLED
    assert walk_in(entrance.door).result is ScanResult.CANCELLED


def test_a_ticket_of_another_event_says_which_and_nothing_of_its_person(entrance: Entrance) -> None:
    other = event_now(title="Julbordet")
    guest = make_registration(other, ["Märta Ek"]).attendees[0]
    answer = scan(entrance.door, guest.ticket_code)
    assert (answer.result, answer.other.title, answer.attendee) == (ScanResult.WRONG_EVENT, "Julbordet", None)
    assert scans(entrance.event)[0].attendee_id is None
    assert said(entrance.door, act(n=guest.id)) is ScanResult.UNKNOWN


@pytest.mark.parametrize("code", ["T1AAAAAAAAAAAAAAAA", "hej", "ÅÄÖÅÄÖÅÄ", "0" * 80, "%%%%%%%%", "'; DROP"])
def test_what_is_no_ticket_is_unknown(entrance: Entrance, code: str) -> None:
    assert said(entrance.door, code) is ScanResult.UNKNOWN


def test_who_waits_is_let_in_by_a_supervisor_alone_also_beyond_the_seats(app) -> None:
    event = event_now(capacity=1)
    make_registration(event, ["Åsa", "Bo"])
    door = make_door(event)
    assert said(door, person("Bo")) is ScanResult.WAITING
    assert said(door, act(n=person("Bo").id, anyway=True)) is ScanResult.WAITING
    assert said(door, act(n=person("Bo").id, anyway=True), SUPERVISOR) is WELCOME
    assert (person("Bo").state, person("Åsa").state) == (ATTENDED, CONFIRMED)


def test_who_was_marked_absent_comes_after_all(entrance: Entrance) -> None:
    entrance.asa.state = AttendeeState.NO_SHOW
    db.session.commit()
    assert said(entrance.door, entrance.asa.ticket_code) is WELCOME


def test_the_phones_clock_counts_for_what_it_kept_offline_when_it_makes_sense(entrance: Entrance) -> None:
    at, before = now(), now() - timedelta(minutes=20)
    scan(entrance.door, entrance.asa, at=at, was_offline=True, client_at=before)
    assert person("Åsa Öberg").checked_in_at == before
    scan(entrance.door, entrance.bo, at=at, was_offline=True, client_at=at + HOUR)
    assert person("Bo Alm").checked_in_at == at


def test_two_doors_that_both_admitted_offline_are_both_kept_and_the_second_is_flagged(entrance: Entrance) -> None:
    scan(entrance.door, entrance.asa, was_offline=True, client_at=now())
    second = scan(entrance.other, entrance.asa, was_offline=True, client_at=now())
    assert (second.result, second.clash, second.entry.door.name) == (ALREADY, True, "Stora entrén")
    rows = scans(entrance.event)
    assert [(row.result, row.is_entry, row.clash) for row in rows] == [(WELCOME, True, False), (ALREADY, False, True)]


# --- rooms --------------------------------------------------------------------------------------------------------


def test_a_room_lets_in_who_chose_it_and_that_is_arrival_too(entrance: Entrance) -> None:
    weave, dye = make_sessions(entrance.event, "Väva", "Färga")
    choose(entrance.asa, weave)
    to_weave, to_dye = make_door(entrance.event, "Väva", weave), make_door(entrance.event, "Färga", dye)
    assert said(to_dye, entrance.asa) is ScanResult.WRONG_SESSION
    assert said(to_weave, entrance.asa) is WELCOME
    assert said(to_weave, entrance.asa) is ALREADY
    assert person("Åsa Öberg").state is ATTENDED
    arrived = scan(entrance.door, entrance.asa)
    assert (arrived.result, arrived.entry.door.name) == (ALREADY, "Väva")


def test_who_came_in_by_the_entrance_is_let_into_the_room_afterwards(entrance: Entrance) -> None:
    [weave] = make_sessions(entrance.event, "Väva")
    choose(entrance.asa, weave)
    to_weave = make_door(entrance.event, "Väva", weave)
    assert [said(entrance.door, entrance.asa), said(to_weave, entrance.asa)] == [WELCOME, WELCOME]
    assert entries(entrance.event) == [(entrance.asa.id, None), (entrance.asa.id, weave.id)]


def test_a_supervisor_lets_others_into_a_room_while_there_are_places(entrance: Entrance) -> None:
    [weave] = make_sessions(entrance.event, "Väva", capacity=1)
    to_weave = make_door(entrance.event, "Väva", weave)
    assert said(to_weave, act(n=entrance.asa.id, anyway=True), SUPERVISOR) is WELCOME
    full = scan(to_weave, act(n=entrance.bo.id, anyway=True), SUPERVISOR)
    assert (full.result, full.why) == (ScanResult.WRONG_SESSION, "room_full")


def test_a_session_for_everybody_is_open_to_everybody(entrance: Entrance) -> None:
    [talk] = make_sessions(entrance.event, "Invigning", choice=False, capacity=0)
    assert said(make_door(entrance.event, "Salen", talk), entrance.asa) is WELCOME


# --- back ---------------------------------------------------------------------------------------------------------


def test_a_supervisor_takes_an_entry_back_and_the_ticket_works_again(entrance: Entrance) -> None:
    scan(entrance.door, entrance.asa)
    assert undo(entrance.other, entrance.asa) is ScanResult.UNDONE
    assert (person("Åsa Öberg").state, person("Åsa Öberg").checked_in_at) == (CONFIRMED, None)
    assert said(entrance.other, entrance.asa.ticket_code) is WELCOME
    assert [row.act for row in scans(entrance.event)] == [ScanAct.ENTER, ScanAct.UNDO, ScanAct.ENTER]


def test_a_host_cannot_take_back(entrance: Entrance) -> None:
    scan(entrance.door, entrance.asa)
    assert said(entrance.door, act(n=entrance.asa.id, kind=ScanAct.UNDO)) is ScanResult.REFUSED
    assert person("Åsa Öberg").state is ATTENDED


def test_who_is_in_at_another_room_stays_in_the_house(entrance: Entrance) -> None:
    [weave] = make_sessions(entrance.event, "Väva")
    choose(entrance.asa, weave)
    to_weave = make_door(entrance.event, "Väva", weave)
    scan(entrance.door, entrance.asa)
    scan(to_weave, entrance.asa)
    assert undo(entrance.door, entrance.asa) is ScanResult.UNDONE
    assert person("Åsa Öberg").state is ATTENDED
    assert undo(entrance.door, entrance.asa) is ScanResult.REFUSED
    assert undo(to_weave, entrance.asa) is ScanResult.UNDONE
    assert person("Åsa Öberg").state is CONFIRMED


def test_undoing_what_was_never_done_is_refused(entrance: Entrance) -> None:
    assert undo(entrance.door, entrance.asa) is ScanResult.REFUSED


def test_staff_take_back_by_hand_and_the_door_lets_in_again(entrance: Entrance) -> None:
    scan(entrance.door, entrance.asa)
    entrance.asa.state = CONFIRMED
    db.session.commit()
    assert said(entrance.door, entrance.asa) is WELCOME
    assert entries(entrance.event) == [(entrance.asa.id, None)]


# --- without registration -----------------------------------------------------------------------------------------


def test_somebody_without_registration_becomes_a_booking_of_one_who_came(entrance: Entrance) -> None:
    answer = walk_in(entrance.door, "Nya Gästen", company="Spinneriet")
    guest = person("Nya Gästen")
    assert (answer.result, guest.state, guest.email, guest.address_claim) == (WELCOME, ATTENDED, "", None)
    assert (guest.registration.company_name, guest.registration.added_by) == ("Spinneriet", "Insläpp: Stora entrén")
    assert letters("Nya Gästen") == []
    assert entries(entrance.event) == [(guest.id, None)]


def test_with_an_address_the_ticket_follows_by_letter(entrance: Entrance) -> None:
    walk_in(entrance.door, "Nya Gästen", email="Nya@Gast.example")
    guest = person("Nya Gästen")
    assert (guest.email_key, guest.address_claim) == ("nya@gast.example", "nya@gast.example")
    assert letters("Nya Gästen") == ["ticket"]


def test_an_address_that_is_registered_already_is_shared(entrance: Entrance) -> None:
    walk_in(entrance.door, "Kollegan", email=entrance.asa.email)
    assert (person("Kollegan").address_claim, letters("Kollegan")) == (None, ["ticket"])


def test_a_full_house_needs_a_supervisor_but_keeps_who_was_let_in_offline(app) -> None:
    event = event_now(capacity=1)
    make_registration(event, ["Åsa"])
    door = make_door(event)
    full = walk_in(door, "En")
    assert (full.result, full.why) == (ScanResult.REFUSED, "full")
    assert walk_in(door, "Två", SUPERVISOR, anyway=True).result is WELCOME
    assert walk_in(door, "Tre", was_offline=True).result is WELCOME


def test_letters_to_everybody_pass_over_who_has_no_address(entrance: Entrance) -> None:
    for name in ("Utan Adress", "Också Utan"):
        walk_in(entrance.door, name)
    guests = [person("Utan Adress"), person("Också Utan")]
    with transaction():
        for guest in guests:
            notices.tell_confirmed(guest)
            notices.tell_event_cancelled(guest)
        sent = send_message(entrance.event.id, Selection.ALL, (), "Hej", "Tack", "Alva", now())
    assert sent.letters == 2  # Åsa and Bo
    assert letters("Utan Adress") == letters("Också Utan") == []


def test_a_ticket_letter_still_queued_is_wanted_after_the_person_came_in(entrance: Entrance) -> None:
    scan(entrance.door, entrance.asa)
    db.session.rollback()
    letter = db.session.execute(select(Delivery).where(Delivery.name == "Åsa Öberg")).scalar_one()
    assert LETTERS[letter.letter].unwanted(letter) == ""
