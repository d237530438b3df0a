"""The page of the day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.desk import ledger
from eventsys.desk.ledger import LATE
from eventsys.desk.today import today
from eventsys.events.invitations.inviting import Guest
from eventsys.events.invitations.requests import ask_for_place
from eventsys.events.models import Event, EventState
from eventsys.events.waitlist import WhyNoOffer
from eventsys.mail.delivery.run import relay_name
from eventsys.mail.models import Relay, State, Suppression
from eventsys.staff.models import Role
from tests.desk.scenes import give_series_of, make_letter
from tests.factories import make_event, make_registration, make_series
from tests.staff_fixtures import new_account


def test_an_empty_house_is_in_order(signed_in_client):
    page = signed_in_client(Role.ADMINISTRATOR).get("/personal")
    assert page.status_code == 200
    assert "Allt är i ordning" in page.text
    assert "Inget på gång" in page.text


def test_next_events_show_their_seats(signed_in_client):
    event = make_event(title="Energi för små företag", capacity=3)
    make_registration(event, 2)
    page = signed_in_client(Role.ORGANISER).get("/personal").text
    assert "Energi för små företag" in page
    assert "<b>2</b> bekräftade" in page
    assert "<b>1</b> ledig" in page
    assert "<b>1</b> lediga" not in page


def test_events_come_in_order_and_those_that_are_over_do_not(administrator):
    later = make_event(starts_at=now() + timedelta(days=5))
    sooner = make_event(starts_at=now() + timedelta(days=2))
    make_event(starts_at=now() - timedelta(days=2))
    make_event(state=EventState.DRAFT)
    assert [one.event.id for one in today(administrator, now()).next] == [sooner.id, later.id]


def test_a_paused_queue_with_free_seats_is_told_with_its_reason(signed_in_client, organiser):
    event = make_event(capacity=1, title="Full lunch")
    make_registration(event, 2)
    with transaction():
        row = db.session.get(Event, event.id)
        row.queue_paused, row.capacity = True, 2
    [standing] = today(organiser, now()).standing_queues
    assert (standing.event.id, standing.standstill, standing.seats.waiting) == (event.id, WhyNoOffer.PAUSED, 1)
    assert "Kön är pausad" in signed_in_client(organiser).get("/personal").text


def test_a_full_event_is_told_once(organiser):
    event = make_event(capacity=1)
    make_registration(event, 2)
    seen = today(organiser, now())
    assert [one.event.id for one in seen.full] == [event.id]
    assert not seen.standing_queues


def test_drafts_are_told_when_their_date_comes_near(organiser):
    near = make_event(state=EventState.DRAFT, starts_at=now() + timedelta(days=20))
    make_event(state=EventState.DRAFT, starts_at=now() + timedelta(days=60))
    assert [draft.id for draft in today(organiser, now()).drafts] == [near.id]


def test_every_number_of_letters_opens_exactly_what_it_counts(signed_in_client, administrator):
    old = now() - timedelta(days=20)
    for state in (State.UNKNOWN, State.UNKNOWN, State.REJECTED, State.BOUNCED, State.COMPLAINED, State.ACCEPTED):
        make_letter(state)
    make_letter(State.REJECTED, at=old)
    make_letter(State.UNKNOWN, at=old)
    make_letter(State.DEFERRED, at=now() - timedelta(hours=2))
    make_letter(State.DEFERRED)
    troubles = {trouble.filter.part: trouble for trouble in today(administrator, now()).troubles}
    assert {part: one.number for part, one in troubles.items()} == {"okanda": 3, "avvisade": 1, LATE: 1, "studsade": 2}
    browser = signed_in_client(administrator)
    for trouble in troubles.values():
        assert ledger.letter_page(administrator, trouble.filter).total == trouble.number
        page = browser.get("/personal/brev", query_string=trouble.filter.args).text
        assert page.count("@foretag.se</small>") == trouble.number


def test_a_stopped_mail_server_is_told_with_its_reason_and_can_be_tried_again(signed_in_client, administrator):
    with transaction():
        db.session.add(
            Relay(
                name=relay_name(), next_slot_at=now(), day=now().date(), failures=3,
                stopped_until=now() + timedelta(minutes=20), stop_reason="Brevservern svarar inte.",
            )
        )  # fmt: skip
    browser = signed_in_client(administrator)
    page = browser.get("/personal").text
    assert "Inga brev skickas just nu" in page
    assert "Brevservern svarar inte." in page
    answer = browser.post("/personal/brev/brevserver", data={"name": relay_name()})
    assert answer.status_code == 302
    assert "Inga brev skickas just nu" not in browser.get("/personal").text


def test_administrators_see_open_invitations_and_others_do_not(signed_in_client, organiser):
    new_account(Role.HOST, name="Nils Nyanställd", password="")
    assert "Nils Nyanställd" in signed_in_client(Role.ADMINISTRATOR).get("/personal").text
    assert "Nils Nyanställd" not in signed_in_client(organiser).get("/personal").text


def test_new_suppressed_addresses_are_told_for_a_week(administrator):
    with transaction():
        db.session.add(Suppression(address="ny@foretag.se", reason="finns inte", added_at=now() - timedelta(days=1)))
        db.session.add(
            Suppression(address="gammal@foretag.se", reason="finns inte", added_at=now() - timedelta(days=9))
        )
    assert today(administrator, now()).newly_suppressed == 1


def test_co_organisers_see_only_their_series(signed_in_client, co_organiser):
    ours, others = make_event(title="Anbudsskola"), make_event(title="Näringslivsdagen")
    give_series_of(ours, co_organiser)
    make_registration(others, 1)
    page = signed_in_client(co_organiser).get("/personal").text
    assert "Anbudsskola" in page
    assert "Näringslivsdagen" not in page


def test_co_organisers_see_trouble_only_with_letters_of_their_series(co_organiser):
    ours, others = make_event(title="Anbudsskola"), make_event(title="Näringslivsdagen")
    give_series_of(ours, co_organiser)
    for event in (ours, others):
        make_letter(State.UNKNOWN, about=f"registration:{make_registration(event, 1).id}")
    make_letter(State.UNKNOWN)
    assert [trouble.number for trouble in today(co_organiser, now()).troubles] == [1]


@pytest.mark.usefixtures("noon")
def test_hosts_see_the_events_of_the_day_and_no_letters(signed_in_client, host):
    make_event(title="Kvällens mingel", starts_at=now() + timedelta(seconds=30), ends_at=now() + timedelta(minutes=1))
    make_event(title="Nästa vecka", starts_at=now() + timedelta(days=7))
    make_letter(State.UNKNOWN)
    page = signed_in_client(host).get("/personal").text
    assert "Kvällens mingel" in page
    assert "Nästa vecka" not in page
    assert "fastnat" not in page


@pytest.mark.parametrize("role", list(Role))
def test_the_page_costs_the_same_number_of_queries_however_much_there_is(count_queries, signed_in_client, role):
    browser = signed_in_client(role)
    series = make_series()
    with count_queries() as few:
        browser.get("/personal")
    for number in range(8):
        event = make_event(series=series, capacity=1, starts_at=now() + timedelta(days=number, hours=8))
        make_registration(event, 2)
        make_event(series=series, state=EventState.DRAFT, starts_at=now() + timedelta(days=number, hours=1))
        make_letter(State.UNKNOWN)
    with count_queries() as many:
        assert browser.get("/personal").status_code == 200
    assert len(many) <= len(few) + 1, "\n".join(many)  # the seats, which nobody asks for without events
    # The last six: visits to follow up, welcome rounds that wait, those that stopped, the half-year's report,
    # people's own requests, and whether a backup was restored.
    assert len(many) <= 20


def test_nobody_gets_in_without_signing_in(anyone):
    for path in ("/personal", "/personal/sok", "/personal/brev", "/personal/brev/1", "/personal/brev/sparrade"):
        assert anyone.get(path).status_code == 302


def test_who_asks_for_a_place_at_a_closed_event_waits_for_an_answer(signed_in_client):
    event = make_event(title="Update Borås", by_invitation=True, request_seats=2)
    with transaction():
        ask_for_place(
            event.id, Guest("bo@alm.example", "bo@alm.example", "Bo Alm", "Alms Rör AB"), "Vill lyssna.", now()
        )
    page = signed_in_client(Role.ORGANISER).get("/personal").text
    assert "1 person ber om en plats." in page
    assert f"/personal/evenemang/{event.id}/inbjudna?lage=forfragningar" in page
    assert "ber om en plats" not in signed_in_client(Role.EDITOR).get("/personal").text
