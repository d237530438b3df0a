"""Which letter goes to whom on the guest list. Posts rows in the caller's transaction; sends nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Event
from eventsys.mail.outbox import Posting, post_all

SAMPLE = "invitation_sample"


def send_invitation_letters(invitations: Sequence[Invitation], event: Event) -> int:
    """The letter with the personal link, at most once for each time somebody is put on the list."""
    ends_at = event.registration_closes_at
    return post_all(
        [_posting("events/invitation", one, f"{one.created_at:%Y%m%d%H%M%S%f}", ends_at) for one in invitations]
    )


def send_reminders(invitations: Sequence[Invitation], event: Event) -> int:
    """The reminder of this round; `reminders` has been counted up already."""
    ends_at = event.registration_closes_at
    return post_all(
        [
            _posting("events/invitation_reminder", one, f"{one.created_at:%Y%m%d%H%M%S%f}:{one.reminders}", ends_at)
            for one in invitations
        ]
    )


def tell_refused(invitation: Invitation, at: datetime) -> int:
    return post_all([_posting("events/request_refused", invitation, f"{at:%Y%m%d%H%M%S}", None)])


def tell_called_off(invitations: Sequence[Invitation]) -> int:
    """To those who have an invitation and have not answered it; once, however often it is called."""
    return post_all([_posting("events/invitation_called_off", one, "", None) for one in invitations])


def send_sample(event: Event, address: str, name: str, lang: str, at: datetime) -> int:
    """The invitation as guests get it, to a colleague, with a link that answers nothing. One a minute."""
    key = f"{SAMPLE}:{event.id}:{lang}:{sha256(address.encode()).hexdigest()}:{at:%Y%m%d%H%M}"
    about = f"event:{event.id}"
    return post_all([Posting("events/invitation", event.id, key, address, name, lang, about)])


def _posting(letter: str, invitation: Invitation, suffix: str, not_after: datetime | None) -> Posting:
    return Posting(
        letter,
        invitation.id,
        purpose_key=f"{letter}:{invitation.id}:{suffix}",
        address=invitation.email,
        name=invitation.name,
        lang=invitation.lang,
        about=f"invitation:{invitation.id}",
        not_after=not_after,
    )
