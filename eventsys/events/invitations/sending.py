"""Sending invitations: one letter with a personal link to each guest, once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.invitations import notices
from eventsys.events.invitations.inviting import link_registered
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.queries import invitations_in
from eventsys.events.models import Event, EventState
from eventsys.events.seats import locked_event


class CannotSend(Refused):
    """Nobody could answer now; the text says why."""


def takes_answers(event: Event, at: datetime) -> bool:
    """Whether an invited person may answer, and change the answer, at this moment."""
    return event.state is EventState.PUBLISHED and at < event.registration_closes_at


def send_invitations(event_id: int, at: datetime, ids: Collection[int] | None = None) -> int:
    """Send the letter to everybody on the list who has not got it (or to those of them named by `ids`).

    Who is registered already has answered, and gets none. Returns how many letters were posted; pressing twice posts
    none the second time. Raises NotFound, CannotSend. Flushes, does not commit.
    """
    event = locked_event(event_id)
    check_sendable(event, at)
    listed = those_of(invitations_in(event.id, InvitationState.LISTED), ids)
    link_registered(listed, event, at)
    going = [one for one in listed if one.state is InvitationState.LISTED]
    for invitation in going:
        invitation.state, invitation.sent_at = InvitationState.SENT, at
    db.session.flush()
    sent = notices.send_invitation_letters(going, event)
    if going:
        audit.record("invitation.sent", f"event:{event.id}", letters=sent)
    return sent


def check_sendable(event: Event, at: datetime) -> None:
    """Raises CannotSend with what is in the way."""
    if event.state is EventState.DRAFT:
        raise CannotSend("Publicera evenemanget först, så att länkarna i breven leder någonstans.")
    if event.state is EventState.CANCELLED:
        raise CannotSend("Evenemanget är inställt, så inga inbjudningar skickas.")
    if at >= event.registration_closes_at:
        raise CannotSend("Tiden att svara har gått ut. Ändra när anmälan stänger under Inställningar och försök igen.")


def those_of(invitations: list[Invitation], ids: Collection[int] | None) -> list[Invitation]:
    """The invitations named by `ids`; None means all."""
    if ids is None:
        return invitations
    wanted = set(ids)
    return [one for one in invitations if one.id in wanted]
