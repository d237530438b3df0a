"""The letters about invitations, by name: from a delivery's row to the letter, and whether it is still wanted."""

from __future__ import annotations

from eventsys.clock import now
from eventsys.events.invitations import emails
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.notices import SAMPLE
from eventsys.events.invitations.queries import registered_under
from eventsys.events.invitations.sending import takes_answers
from eventsys.events.models import Event
from eventsys.mail.compose import Email
from eventsys.mail.letters import subject_of
from eventsys.mail.models import Delivery
from eventsys.mail.outbox import Letter

ANSWERED = "inbjudan är besvarad"
WITHDRAWN = "inbjudan är återkallad"
NO_ANSWERS = "tiden att svara har gått ut, eller evenemanget är inställt"
REGISTERED = "personen är redan anmäld"


def _asked(delivery: Delivery) -> Invitation:
    return subject_of(Invitation, delivery)


def _is_sample(delivery: Delivery) -> bool:
    return (delivery.purpose_key or "").startswith(f"{SAMPLE}:")


def _invitation(delivery: Delivery) -> Email:
    if not _is_sample(delivery):
        return emails.invitation(_asked(delivery))
    event = subject_of(Event, delivery)
    return emails.invitation_sample(event, delivery.name, delivery.lang)


def _unwanted(delivery: Delivery) -> str:
    """Asked at the last moment, so that nobody who has just answered is asked or reminded."""
    if _is_sample(delivery):
        return ""
    asked = _asked(delivery)
    if asked.state is not InvitationState.SENT:
        return WITHDRAWN if asked.state is InvitationState.WITHDRAWN else ANSWERED
    if not takes_answers(asked.event, now()):
        return NO_ANSWERS
    return REGISTERED if registered_under(asked.event_id, [asked.email_key]) else ""


def _refused_unwanted(delivery: Delivery) -> str:
    return "" if _asked(delivery).state is InvitationState.REFUSED else ANSWERED


def _called_off_unwanted(delivery: Delivery) -> str:
    return "" if _asked(delivery).state is InvitationState.SENT else ANSWERED


LETTERS: dict[str, Letter] = {
    "events/invitation": Letter(build=_invitation, unwanted=_unwanted),
    "events/invitation_reminder": Letter(
        build=lambda delivery: emails.invitation_reminder(_asked(delivery)), unwanted=_unwanted
    ),
    "events/invitation_called_off": Letter(
        build=lambda delivery: emails.invitation_called_off(_asked(delivery)), unwanted=_called_off_unwanted
    ),
    "events/request_refused": Letter(
        build=lambda delivery: emails.request_refused(_asked(delivery)), unwanted=_refused_unwanted
    ),
}
