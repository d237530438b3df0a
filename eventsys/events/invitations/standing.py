"""Where an invited person stands: what the invitation says, seen together with the seat it led to.

Each invitation stands in exactly one place, so the numbers of the overview add up.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_

from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.models import SEATED, Attendee, AttendeeState


class Standing(StrEnum):
    """The values stand in the address of the list."""

    LISTED = "ej_skickade"
    SILENT = "vantar"
    YES = "ja"
    QUEUED = "ko"
    NO = "nej"
    HANDED_ON = "lamnat_over"
    LEFT = "avbokat"
    REQUESTED = "forfragningar"
    REFUSED = "avslag"
    WITHDRAWN = "aterkallade"


ANSWERED = (Standing.YES, Standing.QUEUED, Standing.NO, Standing.HANDED_ON, Standing.LEFT)
INVITED = (Standing.SILENT, *ANSWERED)
ON_THE_LIST = (Standing.LISTED, *INVITED)

QUEUES = (AttendeeState.WAITING, AttendeeState.OFFERED)
SITS = tuple(state for state in SEATED if state not in QUEUES)
HAS_LEFT = (AttendeeState.CANCELLED, AttendeeState.DECLINED, AttendeeState.EXPIRED)

_PLAIN = {
    InvitationState.LISTED: Standing.LISTED,
    InvitationState.SENT: Standing.SILENT,
    InvitationState.NO: Standing.NO,
    InvitationState.HANDED_ON: Standing.HANDED_ON,
    InvitationState.REQUESTED: Standing.REQUESTED,
    InvitationState.REFUSED: Standing.REFUSED,
    InvitationState.WITHDRAWN: Standing.WITHDRAWN,
}


def standing(state: InvitationState, seat: AttendeeState | None) -> Standing:
    """Where somebody stands; `seat` is the state of the attendee that a yes led to, None when there is none."""
    if state is not InvitationState.YES:
        return _PLAIN[state]
    if seat in SITS:
        return Standing.YES
    return Standing.QUEUED if seat in QUEUES else Standing.LEFT


def standing_of(invitation: Invitation) -> Standing:
    return standing(invitation.state, invitation.attendee.state if invitation.attendee else None)


def is_handed_over(invitation: Invitation) -> bool:
    """Whether the seat that a yes led to has another address now; then the invitation decides on it no more."""
    seat = invitation.attendee if invitation.state is InvitationState.YES else None
    return seat is not None and seat.is_active and seat.email_key != invitation.email_key


def stands_in(*wanted: Standing) -> ColumnElement[bool]:
    """The same as a condition on Invitation, outer-joined with Attendee."""
    return or_(*(_condition(one) for one in wanted))


def _condition(wanted: Standing) -> ColumnElement[bool]:
    said_yes = Invitation.state == InvitationState.YES
    seats: dict[Standing, ColumnElement[bool]] = {
        Standing.YES: Attendee.state.in_(SITS),
        Standing.QUEUED: Attendee.state.in_(QUEUES),
        Standing.LEFT: or_(Attendee.id.is_(None), Attendee.state.in_(HAS_LEFT)),
    }
    if wanted in seats:
        return and_(said_yes, seats[wanted])
    return Invitation.state == next(state for state, name in _PLAIN.items() if name is wanted)
