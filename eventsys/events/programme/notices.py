"""Which letter about sessions goes to whom. Posts rows in the caller's transaction; sends nothing itself.

A letter about one session names it in its purpose key, so that it is told once, whatever other letters follow. All of
them carry the ticket and the whole calendar as they are when the letter leaves.
"""

from __future__ import annotations

from collections.abc import Iterable

from eventsys.events.models import Attendee
from eventsys.events.programme.models import Session, SessionChoice
from eventsys.mail.outbox import Posting, post_all


def tell_sessions_chosen(attendee: Attendee) -> None:
    """What the person has chosen now; replaced by whichever letter comes after it."""
    post_all([_posting("events/sessions_chosen", attendee, f"{attendee.letter_number}")])


def tell_session_gained(choice: SessionChoice) -> None:
    """The place that somebody queued for is theirs."""
    post_all([_posting("events/session_gained", choice.attendee, f"{choice.session_id}:c{choice.id}")])


def tell_session_changed(session: Session, attendees: Iterable[Attendee]) -> None:
    """New time or room of a session, once for each change."""
    key = f"{session.id}:s{session.sequence}"
    post_all([_posting("events/session_changed", attendee, key) for attendee in attendees])


def tell_session_removed(session: Session, attendees: Iterable[Attendee]) -> None:
    """The session is taken out of the programme: choose another."""
    post_all([_posting("events/session_removed", attendee, f"{session.id}:gone") for attendee in attendees])


def _posting(letter: str, attendee: Attendee, key: str) -> Posting:
    return Posting(
        letter,
        attendee.id,
        purpose_key=f"{letter}:{attendee.id}:{key}",
        address=attendee.email,
        name=attendee.name,
        lang=attendee.registration.lang,
        about=f"registration:{attendee.registration_id}",
    )
