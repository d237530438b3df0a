"""After a restore nobody gets twice what left since the backup, and nobody waits for an answer to what they do now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.backup.commands import backup_command, restore_command
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.delivery import drain
from eventsys.mail.mailings import course
from eventsys.mail.models import Delivery, DeliveryEvent, Mailing, MailingState, State
from eventsys.mail.outbox import Priority, post
from eventsys.mail.restored import NothingWaits, last_restored, note_restored, release_letters, waits_since
from eventsys.staff.models import Role
from tests.backup.scenes import application, ran
from tests.conftest import DATABASES
from tests.factories import make_event, make_registration
from tests.sink import SmtpSink

TICKET = "events/ticket"


@pytest.fixture(params=DATABASES)
def restored(request: pytest.FixtureRequest, sink: SmtpSink, tmp_path: Path) -> Iterator[Flask]:
    """A system that was restored: its backup was made with letters in every waiting state, and before they left."""
    with application("sqlite", tmp_path / "from"):
        event = make_event()
        make_registration(event, ["Åsa Ek"])
        make_registration(event, ["Bo Alm"])
        mailings = {
            "begun": new_mailing(MailingState.SENDING, begun_at=now()),
            "tomorrow": new_mailing(MailingState.SENDING, starts_at=now() + timedelta(days=1)),
            "paused": new_mailing(MailingState.PAUSED),
            "cancelled": new_mailing(MailingState.CANCELLED),
        }
        for name, mailing_id in mailings.items():
            letter(name, mailing_id=mailing_id)
        letter("next week", not_before=now() + timedelta(days=7))
        letter("in flight", state=State.IN_FLIGHT)
        letter("claimed", state=State.CLAIMED)
        letter("deferred", state=State.DEFERRED)
        letter("sent", state=State.ACCEPTED)
        assert ran(backup_command, tmp_path / "a.backup").exit_code == 0
    with application(request.param, tmp_path / "to", smtp_url=sink.url) as app:
        said = ran(restore_command, tmp_path / "a.backup")
        assert said.exit_code == 0
        assert "2 mailings are paused, and 7 letters" in said.output
        yield app


def new_mailing(state: MailingState, **given: object) -> int:
    with transaction():
        values = {"name": "Inbjudan", "state": state, "created_at": now(), "starts_at": now(), **given}
        mailing = Mailing(**values)
        db.session.add(mailing)
        db.session.flush()
        return mailing.id


def letter(purpose: str, state: State | None = None, **given: object) -> None:
    attendee_id = db.session.scalar(select(Delivery.subject_id).limit(1)) or 1
    with transaction():
        address = f"{purpose.replace(' ', '-')}@foretag.se"
        made = post(TICKET, attendee_id, purpose_key=purpose, address=address, name="Åsa Ek", **given)  # type: ignore[arg-type]
        assert made is not None
        made.state = state or made.state


def deliver_all() -> None:
    db.session.remove()
    drain(20)
    db.session.remove()


def states() -> dict[str, State]:
    db.session.remove()
    found = {row.purpose_key: row.state for row in db.session.execute(select(Delivery.purpose_key, Delivery.state))}
    return {key: state for key, state in found.items() if ":" not in key}


def test_what_waited_when_the_backup_was_made_is_unknown_and_does_not_leave(restored: Flask, sink: SmtpSink) -> None:
    deliver_all()
    assert sink.letters == []
    assert states() == {
        "begun": State.UNKNOWN,
        "tomorrow": State.QUEUED,
        "paused": State.UNKNOWN,
        "cancelled": State.QUEUED,
        "next week": State.QUEUED,
        "in flight": State.UNKNOWN,
        "claimed": State.UNKNOWN,
        "deferred": State.UNKNOWN,
        "sent": State.ACCEPTED,
    }
    booked = Delivery.address.in_(["asa.ek@foretag.se", "bo.alm@foretag.se"])
    tickets = db.session.scalars(select(Delivery.state).where(booked))
    assert list(tickets) == [State.UNKNOWN] * 2


def test_staff_are_told_why_in_the_letter_and_in_its_history(restored: Flask) -> None:
    found = db.session.scalars(select(Delivery).where(Delivery.purpose_key == "claimed")).one()
    assert "Brevet kan ha skickats efter det" in found.reason
    assert (found.lease_owner, found.lease_until) == ("", None)
    last = db.session.scalars(
        select(DeliveryEvent).where(DeliveryEvent.delivery_id == found.id).order_by(DeliveryEvent.id.desc())
    ).first()
    assert last is not None
    assert (last.was, last.became) == (State.CLAIMED, State.UNKNOWN)


def test_mailings_on_their_way_are_paused_with_the_reason(restored: Flask) -> None:
    rows = db.session.scalars(select(Mailing).order_by(Mailing.id)).all()
    assert [row.state for row in rows] == [
        MailingState.PAUSED, MailingState.PAUSED, MailingState.PAUSED, MailingState.CANCELLED,
    ]  # fmt: skip
    assert "säkerhetskopia" in rows[0].reason


def test_who_registers_now_gets_the_ticket_at_once(restored: Flask, sink: SmtpSink) -> None:
    make_registration(make_event(), ["Cia Ny"])
    deliver_all()
    assert [letter.recipients for letter in sink.letters] == [("cia.ny@foretag.se",)]


def test_a_reminder_by_the_clock_waits_until_staff_let_the_clock_send_again(restored: Flask) -> None:
    letter("before", priority=Priority.REMINDER)
    assert states()["before"] is State.UNKNOWN
    with transaction():
        release_letters()
    letter("after", priority=Priority.REMINDER)
    assert (states()["before"], states()["after"]) == (State.UNKNOWN, State.QUEUED)


def test_a_mailing_that_begins_is_paused_until_staff_let_the_clock_send_again(restored: Flask) -> None:
    first = new_mailing(MailingState.PREPARED)
    with transaction():
        course.start(first)
    assert db.session.get_one(Mailing, first).state is MailingState.PAUSED
    with transaction():
        course.go_on(first)
        release_letters()
    second = new_mailing(MailingState.PREPARED)
    with transaction():
        course.start(second)
    assert db.session.get_one(Mailing, first).state is MailingState.SENDING
    assert db.session.get_one(Mailing, second).state is MailingState.SENDING


def test_the_trail_says_that_it_was_restored_and_from_when(restored: Flask) -> None:
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "backup.restored")).one()
    assert noted.actor == "kommandoraden"
    assert noted.detail["letters"] == 7
    assert noted.detail["mailings"] == 2
    assert last_restored() == waits_since()


def test_a_system_that_was_never_restored_waits_for_nobody(app: Flask) -> None:
    make_event()
    letter("reminder", priority=Priority.REMINDER)
    assert states()["reminder"] is State.QUEUED
    with pytest.raises(NothingWaits), transaction():
        release_letters()


def test_a_second_restore_waits_again(app: Flask) -> None:
    for _ in range(2):
        with transaction():
            note_restored(now(), 1, 2, 3)
        assert waits_since() is not None
        with transaction():
            release_letters()
        assert waits_since() is None


# --- the pages ----------------------------------------------------------------------------------------------------

NOTICE = "Systemet är återställt ur en säkerhetskopia"


def test_the_page_of_the_day_and_the_letters_say_so_until_the_button_was_pressed(app: Flask, signed_in_client) -> None:
    browser = signed_in_client(Role.ADMINISTRATOR)
    assert NOTICE not in browser.get("/personal").text
    with transaction():
        note_restored(now(), 1, 2, 3)
    for path in ("/personal", "/personal/brev"):
        assert NOTICE in browser.get(path).text
    answer = browser.post("/personal/brev/efter-aterstallning")
    assert "Klockan skickar igen" in browser.get(answer.location).text
    assert NOTICE not in browser.get("/personal").text
    twice = browser.post("/personal/brev/efter-aterstallning")
    assert "redan låtit klockan" in browser.get(twice.location).text
    noted = db.session.scalars(select(AuditEntry.actor).where(AuditEntry.action == "backup.letters_released")).all()
    assert len(noted) == 1
    assert noted[0] != "klockan"


def test_who_does_not_see_all_letters_cannot_let_them_go(app: Flask, signed_in_client) -> None:
    with transaction():
        note_restored(now(), 1, 2, 3)
    browser = signed_in_client(Role.HOST)
    assert NOTICE not in browser.get("/personal").text
    assert browser.post("/personal/brev/efter-aterstallning").status_code == 403
    assert waits_since() is not None
