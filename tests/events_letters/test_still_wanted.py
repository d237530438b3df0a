"""The last question before a letter leaves: is it still wanted? What is out of date never leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events import booking, moving, notices, planning
from eventsys.events.models import Attendee, Event, Message
from eventsys.mail.compose import Email
from eventsys.mail.letters import letter_named
from eventsys.mail.models import Delivery
from tests.factories import make_booker, make_event, make_person, make_registration


def letters_to(address: str) -> list[Delivery]:
    db.session.rollback()
    db.session.expire_all()
    query = select(Delivery).where(Delivery.address == address).order_by(Delivery.id)
    return list(db.session.execute(query).scalars())


def why_dropped(delivery: Delivery) -> str:
    letter = letter_named(delivery.letter)
    assert letter is not None
    return letter.unwanted(delivery)


@pytest.fixture
def karin(app: Flask) -> Attendee:
    [attendee] = make_registration(make_event(), ["Karin Åberg"]).attendees
    return attendee


def test_a_ticket_is_wanted_by_the_one_who_has_a_seat(karin: Attendee) -> None:
    [ticket] = letters_to("karin.aberg@foretag.se")
    assert ticket.letter == "events/ticket"
    assert why_dropped(ticket) == ""


def test_a_ticket_is_dropped_after_a_cancellation(karin: Attendee) -> None:
    with transaction():
        booking.cancel_people([karin], now())
    ticket, goodbye = letters_to("karin.aberg@foretag.se")
    assert why_dropped(ticket)
    assert (goodbye.letter, why_dropped(goodbye)) == ("events/seat_cancelled", "")


def test_letters_to_the_former_holder_of_a_seat_are_dropped(karin: Attendee) -> None:
    with transaction():
        booking.change_details(karin, make_person("Bo Öberg"), now())
    [before] = letters_to("karin.aberg@foretag.se")
    [after] = letters_to("bo.oberg@foretag.se")
    assert why_dropped(before) == "personen har bytt adress"
    assert why_dropped(after) == ""


def test_a_message_to_the_former_holder_is_dropped_since_it_holds_the_new_ones_link(karin: Attendee) -> None:
    with transaction():
        written = Message(
            event_id=karin.event_id, subject="Hej", body="Hej", sent_to="confirmed", sent_by="a", created_at=now()
        )
        db.session.add(written)
        db.session.flush()
        notices.send_message(written, [karin])
    _, message = letters_to("karin.aberg@foretag.se")
    assert (message.letter, why_dropped(message)) == ("events/message", "")
    with transaction():
        booking.change_details(karin, make_person("Bo Öberg"), now())
    _, message = letters_to("karin.aberg@foretag.se")
    assert why_dropped(message) == "personen har bytt adress"


def test_a_letter_is_dropped_when_a_newer_one_replaces_it(karin: Attendee) -> None:
    with transaction():
        planning.edit_event(karin.event_id, {"place": "Textile Fashion Center"}, now())
    ticket, changed = letters_to("karin.aberg@foretag.se")
    assert why_dropped(ticket) == "ersatt av ett nyare brev"
    assert (changed.letter, why_dropped(changed)) == ("events/event_changed", "")
    with transaction():
        planning.edit_event(karin.event_id, {"place": "Åhaga"}, now())
    _, changed, changed_again = letters_to("karin.aberg@foretag.se")
    assert why_dropped(changed) == "ersatt av ett nyare brev"
    assert why_dropped(changed_again) == ""


def move(karin: Attendee) -> tuple[Event, Delivery]:
    """Karin moved to another event; that event, and the letter that says so."""
    other = make_event(title="Vävfrukost")
    with transaction():
        moving.move_to_event(karin, other.id, now())
    return other, letters_to("karin.aberg@foretag.se")[-1]


def built(delivery: Delivery) -> Email:
    letter = letter_named(delivery.letter)
    assert letter is not None
    return letter.build(delivery)


def test_a_move_takes_the_old_entry_out_of_the_calendar_and_puts_the_new_one_in(karin: Attendee) -> None:
    ticket = built(letters_to("karin.aberg@foretag.se")[0]).attachments[0].content.decode()
    uid = next(line for line in ticket.splitlines() if line.startswith("UID:"))
    _, moved = move(karin)
    assert (moved.letter, why_dropped(moved)) == ("events/seat_moved", "")
    [entry] = [file for file in built(moved).attachments if file.content_type == "text/calendar"]
    assert entry.params["method"] == "CANCEL"
    assert {"METHOD:CANCEL", "STATUS:CANCELLED", uid} <= set(entry.content.decode().splitlines())
    new_ticket = letters_to("karin.aberg@foretag.se")[-2]
    content = built(new_ticket).attachments[0].content.decode()
    assert "METHOD:REQUEST" in content
    assert uid not in content.splitlines()


def test_the_letter_about_a_move_knows_what_became_of_the_new_seat(karin: Attendee) -> None:
    other, moved = move(karin)
    assert "Flyttad till Vävfrukost" in built(moved).subject
    query = select(Attendee).where(Attendee.event_id == other.id)
    there = db.session.execute(query).scalar_one()
    with transaction():
        booking.cancel_people([there], now())
    assert built(letters_to("karin.aberg@foretag.se")[2]).subject.startswith("Avbokat")


def test_the_letter_about_a_move_does_not_leave_when_the_new_seat_was_handed_on(karin: Attendee) -> None:
    other, moved = move(karin)
    there = db.session.execute(select(Attendee).where(Attendee.event_id == other.id)).scalar_one()
    with transaction():
        booking.change_details(there, make_person("Bo Öberg"), now())
    assert why_dropped(moved) == "personen har bytt adress"


def test_a_cancelled_event_is_told_and_nothing_else(karin: Attendee) -> None:
    with transaction():
        planning.cancel_event(karin.event_id, "Talaren är sjuk.", now())
    ticket, cancelled = letters_to("karin.aberg@foretag.se")
    assert why_dropped(ticket)
    assert (cancelled.letter, why_dropped(cancelled)) == ("events/event_cancelled", "")


def test_a_ticket_that_is_late_does_not_leave_after_the_event(karin: Attendee) -> None:
    with time_machine.travel(karin.event.ends_at + timedelta(minutes=1)):
        [ticket] = letters_to("karin.aberg@foretag.se")
        assert why_dropped(ticket)


def test_a_place_in_the_queue_is_told_until_a_seat_is_offered(app: Flask) -> None:
    event = make_event(capacity=1)
    [seated] = make_registration(event, ["Karin Åberg"]).attendees
    make_registration(event, ["Bo Öberg"])
    [queued] = letters_to("bo.oberg@foretag.se")
    assert (queued.letter, why_dropped(queued)) == ("events/queued", "")
    with transaction():
        booking.cancel_people([seated], now())
    queued, offered = letters_to("bo.oberg@foretag.se")
    assert why_dropped(queued)
    assert (offered.letter, why_dropped(offered)) == ("events/seat_offered", "")


def test_an_overview_to_the_bookers_former_address_is_dropped(app: Flask) -> None:
    registration = make_registration(make_event(), ["Karin Åberg"], booker=make_booker("Eva Ek"))
    [overview] = letters_to("eva.ek@foretag.se")
    assert (overview.letter, why_dropped(overview)) == ("events/booking", "")
    with transaction():
        booking.change_booker(registration, make_booker("Eva Ek", "eva@foretag.se"), now())
    [overview] = letters_to("eva.ek@foretag.se")
    assert why_dropped(overview) == "personen har bytt adress"


def test_what_is_built_from_a_delivery_is_the_letter_to_its_person(app: Flask) -> None:
    event: Event = make_event()
    make_registration(event, ["Karin Åberg", "Bo Öberg"], booker=make_booker("Eva Ek"))
    subjects = {}
    for delivery in db.session.execute(select(Delivery)).scalars():
        letter = letter_named(delivery.letter)
        assert letter is not None
        subjects[delivery.address] = letter.build(delivery).subject.partition(":")[0]
    assert subjects == {
        "karin.aberg@foretag.se": "Du är anmäld",
        "bo.oberg@foretag.se": "Du är anmäld",
        "eva.ek@foretag.se": "Du har anmält 2 personer",
    }
