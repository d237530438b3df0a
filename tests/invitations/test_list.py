"""The guest list: who gets on it, who gets the letter and the reminder, and numbers that add up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.invitations.inviting import ListClosed
from eventsys.events.invitations.letters import LETTERS
from eventsys.events.invitations.listing import BY_COLLEAGUE, GROUPS, Wanted, guests_of
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.queries import overview, seats_by_company
from eventsys.events.invitations.reminding import PoorDate, silent_reminder
from eventsys.events.invitations.requests import AlreadyDecided, NoRequests, QuotaUsed
from eventsys.events.invitations.sending import CannotSend
from eventsys.events.invitations.standing import ANSWERED, ON_THE_LIST, Standing
from eventsys.events.models import AttendeeState, Event, EventState
from eventsys.events.planning import copy_event, event_from_series
from eventsys.mail.models import Delivery
from tests.events.scenes import DAY, HOUR, cancel_event, cancel_people, edit_event, kept, person, states
from tests.factories import make_registration, make_series
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
    refuse,
    remind_silent,
    remind_silent_on,
    row,
    say_no,
    see,
    send_invitations,
    the_invitation,
    withdraw,
    yes,
)


def test_one_invitation_for_each_address_however_often_it_is_given(event):
    guests = [make_guest("Åsa Ek"), make_guest("Bo Alm"), make_guest("Åsa Öberg", email="ÅSA.EK@vaveriet-ab.example")]
    first = invite(event.id, guests, now(), "Fil")
    again = invite(event.id, [*guests[:2], make_guest("Eva Ström")], now(), "Fil")
    assert (first.new, first.known) == (3, 0)  # å is another letter than a in an address
    assert (again.new, again.known) == (1, 2)
    assert counts(event) == {Standing.LISTED: 4}


def test_the_whole_cohort_is_invited_in_one_step(event):
    cohort = (make_guest(f"Gäst {number}") for number in range(300))
    assert invite(event.id, cohort, now(), "Nya företag 2026").new == 300
    assert send_invitations(event.id, now()) == 300
    assert posted("invitation") == 300


def test_somebody_registered_already_counts_as_yes_and_gets_no_invitation(app):
    event = closed_event(by_invitation=False)
    make_registration(event, ["Åsa Ek"])
    address = person("Åsa Ek").email
    done = invite(event.id, [make_guest("Åsa Ek", email=address), make_guest("Bo Alm")], now(), "Fil")
    assert (done.new, done.registered) == (2, 1)
    assert send_invitations(event.id, now()) == 1
    assert counts(event) == {Standing.YES: 1, Standing.SILENT: 1}
    assert "invitation" not in letters_to(address)


def test_each_gets_one_letter_and_only_those_not_sent_to_before(event):
    invited(event, "Åsa Ek", "Bo Alm")
    assert send_invitations(event.id, now()) == 0
    eva = invited(event, "Eva Ström", sent=False)
    invited_too = invited(event, "Nils Ek", sent=False)
    assert send_invitations(event.id, now(), eva) == 1
    assert row(invited_too[0]).state is InvitationState.LISTED
    assert posted("invitation") == 3


def test_nothing_is_sent_for_a_draft_or_a_cancelled_or_closed_event(app, clock):
    draft, open_ = closed_event(state=EventState.DRAFT), closed_event()
    invited(draft, "Åsa Ek", sent=False)
    invited(open_, "Åsa Ek", sent=False)
    with pytest.raises(CannotSend, match="Publicera"):
        send_invitations(draft.id, now())
    cancel_event(open_.id, "Sjukdom", now())
    with pytest.raises(CannotSend, match="inställt"):
        send_invitations(open_.id, now())
    with pytest.raises(ListClosed):
        invite(open_.id, [make_guest("Bo Alm")], now(), "Fil")


def test_one_taken_off_the_list_and_put_back_gets_a_new_link_and_a_new_letter(event, clock):
    [asa] = invited(event, "Åsa Ek")
    old = row(asa).token
    assert withdraw(event.id, [asa], now()) == 1
    assert withdraw(event.id, [asa], now()) == 0
    clock.shift(HOUR)
    invite(event.id, [make_guest("Åsa Ek")], now(), "Fil")
    send_invitations(event.id, now())
    assert row(asa).token != old
    assert letters_to("asa.ek@vaveriet-ab.example") == ["invitation", "invitation"]


def test_withdrawing_leaves_seats_alone(event):
    asa, bo = invited(event, "Åsa Ek", "Bo Alm")
    yes(asa)
    assert withdraw(event.id, [asa, bo], now()) == 1
    assert counts(event) == {Standing.YES: 1, Standing.WITHDRAWN: 1}
    assert states(event) == {"Åsa Ek": AttendeeState.CONFIRMED}


def test_ids_of_another_event_are_unknown(event):
    [other] = invited(closed_event(), "Åsa Ek")
    with pytest.raises(NotFound):
        withdraw(event.id, [other], now())


# --- reminders ----------------------------------------------------------------------------------------------------


def test_only_the_silent_are_reminded_and_once_a_round(event, clock):
    asa, bo, eva, nils = invited(event, "Åsa Ek", "Bo Alm", "Eva Ström", "Nils Ek")
    yes(asa)
    say_no(bo, "", now())
    invited(event, "Ej Skickad", sent=False)
    assert remind_silent(event.id, now()) == 2
    assert remind_silent(event.id, now()) == 0
    clock.shift(HOUR)
    assert remind_silent(event.id, now()) == 0
    clock.shift(DAY)
    yes(eva)
    assert remind_silent(event.id, now()) == 1
    assert (row(eva).reminders, row(nils).reminders) == (1, 2)
    assert letters_to("nils.ek@vaveriet-ab.example") == ["invitation", *["invitation_reminder"] * 2]


def test_nobody_is_reminded_when_nobody_can_answer(event, clock):
    invited(event, "Åsa Ek")
    clock.move_to(event.starts_at)
    assert remind_silent(event.id, now()) == 0


def unwanted(letter: str) -> dict[str, str]:
    """First name -> why that letter would be stopped at the last moment; "" for those that go."""
    see()
    query = select(Delivery).where(Delivery.letter == f"events/{letter}").order_by(Delivery.id)
    return {one.name.split()[0]: LETTERS[one.letter].unwanted(one) for one in db.session.execute(query).scalars()}


def test_a_letter_that_waits_is_dropped_when_the_answer_comes_first(event):
    asa, bo, _eva = invited(event, "Åsa Ek", "Bo Alm", "Eva Ström")
    remind_silent(event.id, now())
    assert unwanted("invitation_reminder") == {"Åsa": "", "Bo": "", "Eva": ""}
    say_no(asa, "", now())
    withdraw(event.id, [bo], now())
    why = {"Åsa": "inbjudan är besvarad", "Bo": "inbjudan är återkallad", "Eva": ""}
    assert unwanted("invitation_reminder") == why
    cancel_event(event.id, "Sjukdom", now())
    assert all(unwanted("invitation_reminder").values())


def test_the_clocks_reminder_has_a_day_that_can_be_changed_and_taken_away(event):
    remind_silent_on(event.id, now() + 3 * DAY, now())
    remind_silent_on(event.id, now() + 4 * DAY, now())
    see()
    assert silent_reminder(event.id).due_at > now() + 3 * DAY + HOUR
    remind_silent_on(event.id, None, now())
    see()
    assert silent_reminder(event.id) is None
    for wrong in (now() - HOUR, event.starts_at):
        with pytest.raises(PoorDate):
            remind_silent_on(event.id, wrong, now())


# --- those who ask ------------------------------------------------------------------------------------------------


def test_one_who_asks_and_is_let_in_has_a_seat_and_a_ticket(app):
    event = closed_event(request_seats=1)
    ask_for_place(event.id, make_guest("Åsa Ek"), "Vi växer.", now())
    assert counts(event) == {Standing.REQUESTED: 1}
    approve(event.id, the_invitation(event, make_guest("Åsa Ek").email_key).id, now())
    assert states(event) == {"Åsa Ek": AttendeeState.CONFIRMED}
    assert letters_to(make_guest("Åsa Ek").email) == ["ticket"]
    assert counts(event) == {Standing.YES: 1}
    with pytest.raises(NoRequests):
        ask_for_place(event.id, make_guest("Bo Alm"), "Vi med.", now())


def test_one_who_is_refused_gets_one_kind_letter(app):
    event = closed_event(request_seats=1)
    ask_for_place(event.id, make_guest("Åsa Ek"), "Vi växer.", now())
    asked = the_invitation(event, make_guest("Åsa Ek").email_key).id
    refuse(event.id, asked, now())
    with pytest.raises(AlreadyDecided):
        approve(event.id, asked, now())
    assert letters_to(make_guest("Åsa Ek").email) == ["request_refused"]
    with pytest.raises(NotFound):
        yes(asked)


def test_the_quota_of_those_who_ask_holds_and_a_seat_given_back_frees_it(app):
    event = closed_event(request_seats=1)
    for name in ("Åsa Ek", "Bo Alm"):
        ask_for_place(event.id, make_guest(name), "Vi växer.", now())
    asa, bo = (the_invitation(event, make_guest(name).email_key).id for name in ("Åsa Ek", "Bo Alm"))
    approve(event.id, asa, now())
    with pytest.raises(QuotaUsed):
        approve(event.id, bo, now())
    cancel_people([person("Åsa Ek")], now())
    approve(event.id, bo, now())
    assert counts(event) == {Standing.LEFT: 1, Standing.YES: 1}


def test_an_address_on_the_list_that_asks_changes_nothing(app):
    event = closed_event(request_seats=1)
    invited(event, "Åsa Ek")
    ask_for_place(event.id, make_guest("Åsa Ek"), "Vi växer.", now())
    assert counts(event) == {Standing.SILENT: 1}


def test_nobody_asks_where_no_place_is_offered(event):
    with pytest.raises(NoRequests):
        ask_for_place(event.id, make_guest("Åsa Ek"), "Vi växer.", now())


# --- settings -----------------------------------------------------------------------------------------------------


def test_an_event_of_a_closed_series_begins_closed_and_a_copy_keeps_it(app):
    closed, open_ = make_series(name="Update Borås", public=False), make_series(name="Fredagslunch")
    at = now() + 14 * DAY
    event = kept(event_from_series)(closed, "Update Borås", at, at + HOUR)
    assert event.by_invitation
    assert not kept(event_from_series)(open_, "Lunch", at, at + HOUR).by_invitation
    edit_event(event.id, {"company_seats": 2, "request_seats": 5}, now())
    copy = kept(copy_event)(event, at + DAY)
    assert (copy.by_invitation, copy.company_seats, copy.request_seats) == (True, 2, 5)


# --- numbers ------------------------------------------------------------------------------------------------------

ACTS = ("yes", "no", "hand_on", "leave", "withdraw", "remind")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(ACTS)), max_size=12))
def test_the_numbers_add_up_and_open_the_names_they_count_whatever_happens(app, acts):
    event = closed_event(capacity=2, company_seats=3)
    invited(event, *(f"Gäst {number}" for number in range(5)))
    for number, act in acts:
        _do(event, number, act)
    counted = overview(event.id)
    assert sum(counted.counts.values()) == _rows(event)
    assert counted.on_the_list == counted[Standing.LISTED] + counted[Standing.SILENT] + counted.answered
    assert counted.answered == sum(counted[one] for one in ANSWERED)
    for group, standings in GROUPS.items():
        assert guests_of(event.id, Wanted(group=group)).total == sum(counted[one] for one in standings), group
    assert guests_of(event.id, Wanted(group=BY_COLLEAGUE)).total == counted.by_colleague
    seated = [state for state in states(event).values() if state in (AttendeeState.CONFIRMED, AttendeeState.OFFERED)]
    assert len(seated) <= 2
    assert all(one.seats <= 3 for one in seats_by_company(event.id))
    assert set(ON_THE_LIST) >= set(ANSWERED)


def _rows(event: Event) -> int:
    return len(db.session.execute(select(Invitation.id).where(Invitation.event_id == event.id)).all())


def _do(event: Event, number: int, act: str) -> None:
    guest = the_invitation(event, make_guest(f"Gäst {number}").email_key)
    try:
        if act == "yes":
            yes(guest.id)
        elif act == "no":
            say_no(guest.id, "", now())
        elif act == "hand_on":
            hand_on(guest.id, make_guest(f"Kollega {number}"), now())
        elif act == "withdraw":
            withdraw(event.id, [guest.id], now())
        elif act == "leave" and guest.attendee:
            cancel_people([guest.attendee], now())
        else:
            remind_silent(event.id, now() + timedelta(days=1))
    except Refused:
        return


def test_the_audit_trail_counts_and_names_nobody(event):
    asa, _bo = invited(event, "Åsa Ek", "Bo Alm")
    withdraw(event.id, [asa], now())
    remind_silent(event.id, now())
    query = select(AuditEntry).where(AuditEntry.action.startswith("invitation.")).order_by(AuditEntry.id)
    entries = list(db.session.execute(query).scalars())
    assert [entry.action.partition(".")[2] for entry in entries] == ["listed", "sent", "withdrawn", "reminded"]
    assert not any("Åsa" in str(entry.detail) or "@" in str(entry.detail) for entry in entries)
