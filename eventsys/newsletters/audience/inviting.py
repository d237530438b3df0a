"""Inviting an audience to an event: who would be put on its guest list, who not and why, and doing it in one step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from eventsys.companies.models import Company, Contact
from eventsys.companies.queries import in_use
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.invitations.inviting import Guest, Invited, invite
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.queries import registered_under
from eventsys.events.invitations.sending import check_sendable, send_invitations
from eventsys.events.models import Event
from eventsys.events.seats import locked_event
from eventsys.mail.mailings.freezing import NO_ADDRESS, Excluded, Recipient
from eventsys.newsletters.audience.choosing import choose
from eventsys.newsletters.audience.keys import Audience

ON_THE_LIST = "finns redan på gästlistan"
TAKEN_OFF = "har tagits bort från gästlistan"
REGISTERED = "är redan anmäld"
MOST = 1000
"""So many can be invited at a time; more are no guest list."""
_PORTION = 500


class TooMany(Refused):
    """The audience is too large for a guest list."""


class NobodyChosen(Refused):
    """None of those chosen can be invited."""


@dataclass
class Proposal:
    """Everybody of an audience: `guests` can be invited, `left_out` cannot, and each says why."""

    guests: list[Guest] = field(default_factory=list)
    left_out: list[Excluded] = field(default_factory=list)

    @property
    def not_reached(self) -> list[Excluded]:
        """Those without an e-mail address."""
        return [one for one in self.left_out if one.reason == NO_ADDRESS]

    @property
    def others(self) -> list[Excluded]:
        """Those left out for another reason."""
        return [one for one in self.left_out if one.reason != NO_ADDRESS]


def proposal(event: Event, audience: Audience) -> Proposal:
    """Who of the audience can be invited to the event, in the order of their companies' names; four queries or so.

    Raises TooMany.
    """
    found, said = Proposal(), list(choose(audience))
    reached = [one for one in said if isinstance(one, Recipient)]
    found.left_out.extend(one for one in said if isinstance(one, Excluded))
    if len(reached) > MOST:
        raise TooMany(f"Det är {len(reached)} mottagare. Högst {MOST} kan bjudas in åt gången: välj ett mindre urval.")
    hindrances = _hindrances(event.id, [one.address for one in reached])
    numbers = dict(_numbers(reached))
    for one in sorted(reached, key=lambda one: (one.organisation.lower(), one.address)):
        if one.address in hindrances:
            found.left_out.append(Excluded(one.address, one.name, one.organisation, hindrances[one.address]))
        else:
            found.guests.append(_guest(one, numbers.get(one.address)))
    return found


def _guest(one: Recipient, number: str | None) -> Guest:
    return Guest(one.address, one.address, one.name[:120], one.organisation[:200], number)


def _hindrances(event_id: int, addresses: Sequence[str]) -> dict[str, str]:
    """Address -> why it is not invited once more. Who asked for a place themselves can be invited."""
    off = (InvitationState.WITHDRAWN, InvitationState.REFUSED)
    listed = db.session.execute(
        select(Invitation.email_key, Invitation.state).where(
            Invitation.event_id == event_id, Invitation.state != InvitationState.REQUESTED
        )
    )
    found = dict.fromkeys(registered_under(event_id, addresses), REGISTERED)
    return {row.email_key: TAKEN_OFF if row.state in off else ON_THE_LIST for row in listed} | found


def _numbers(reached: Sequence[Recipient]) -> Iterator[tuple[str, str]]:
    """The number of each company that is alone with its name at the address: (address, number)."""
    names = {one.address: one.organisation for one in reached}
    for begin in range(0, len(reached), _PORTION):
        addresses = [one.address for one in reached[begin : begin + _PORTION]]
        rows = db.session.execute(
            select(Contact.email_key, Company.name, Company.number)
            .join(Company, Company.id == Contact.company_id)
            .where(in_use(), Contact.email_key.in_(addresses), Company.number.is_not(None))
        )
        for address, name, number in rows:
            if address and number and names[address] == name:
                yield address, number


def invite_audience(
    event_id: int, audience: Audience, addresses: Collection[str], at: datetime, *, send: bool
) -> Invited:
    """Put those of the audience with these addresses on the guest list; with `send` each gets the invitation at once.

    Whoever got there meanwhile is left as they are, so pressing twice invites nobody twice. Raises NotFound,
    ListClosed, TooMany, NobodyChosen, and CannotSend when `send` is wanted and nobody could answer. Flushes, does not
    commit.
    """
    event = locked_event(event_id)
    if send and event.cancelled_at is None and at < event.starts_at:
        check_sendable(event, at)
    guests = [one for one in proposal(event, audience).guests if one.email_key in addresses]
    done = invite(event_id, guests, at, audience.name)
    if not guests:
        raise NobodyChosen("Ingen av de valda kan bjudas in nu. De kan redan stå på gästlistan.")
    if send:
        send_invitations(event_id, at, _just_listed(event_id, [one.email_key for one in guests]))
    return done


def _just_listed(event_id: int, addresses: Sequence[str]) -> list[int]:
    wanted = set(addresses)
    rows = db.session.execute(
        select(Invitation.id, Invitation.email_key).where(
            Invitation.event_id == event_id, Invitation.state == InvitationState.LISTED
        )
    )
    return [row.id for row in rows if row.email_key in wanted]
