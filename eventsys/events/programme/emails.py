"""The letters about sessions: one pure function each, from rows to Email."""

from __future__ import annotations

from typing import Any

from eventsys.events.emails import letter_with_ticket, plain_letter
from eventsys.events.models import Attendee
from eventsys.events.programme.models import Session
from eventsys.events.programme.words import slot_time
from eventsys.i18n import language, speaking
from eventsys.mail.compose import Email


def sessions_chosen(attendee: Attendee) -> Email:
    """What the person has chosen, after a change."""
    return letter_with_ticket("events/sessions_chosen", attendee)


def session_gained(attendee: Attendee, session: Session) -> Email:
    """The place that the person queued for."""
    return _about_session("events/session_gained", attendee, session)


def session_changed(attendee: Attendee, session: Session) -> Email:
    """New time or room."""
    return _about_session("events/session_changed", attendee, session)


def session_removed(attendee: Attendee, session: Session) -> Email:
    """The session will not take place: choose another."""
    return _about_session("events/session_removed", attendee, session)


def _about_session(letter: str, attendee: Attendee, session: Session) -> Email:
    with speaking(attendee.registration.lang):
        write = letter_with_ticket if attendee.has_seat else plain_letter
        return write(letter, attendee, session=_facts(session, attendee))


def _facts(session: Session, attendee: Attendee) -> dict[str, Any]:
    return {
        "title": session.in_language(language(), "title"),
        "when": slot_time(session.slot, attendee.event),
        "room": session.room,
    }
