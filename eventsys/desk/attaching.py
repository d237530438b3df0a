"""What people wrote finds its company once an address becomes known: registrations, invitations, readers.

Only the reference to the company is set, and only where there is none: name, number and organisation stay as they were
written. An address at several companies tells nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import exists, or_, select, update

from eventsys.companies.models import Company, Contact
from eventsys.companies.queries import HELD, in_use
from eventsys.companies.register import companies_at, fits
from eventsys.database import db
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Attendee, Registration
from eventsys.newsletters.subscriptions.models import Reader

PORTION = 500


class Written(NamedTuple):
    """A row without a company: what it is, the number written if any, and its addresses."""

    kind: type[Registration] | type[Invitation] | type[Reader]
    id: int
    number: str | None
    addresses: frozenset[str]


def contacts_wait() -> bool:
    """Whether there are contacts whose addresses have not been looked for yet."""
    return bool(db.session.scalar(select(exists().where(Contact.attached_at.is_(None)))))


def attach(at: datetime, most: int = PORTION) -> int:
    """Look for what was written with the addresses of the next contacts that wait; returns how many those were.

    A row gets the company that its addresses, all of them together, belong to, if it is exactly one. Flushes, does not
    commit.
    """
    contacts = _waiting(most)
    addresses = {one.email_key for one in contacts if one.email_key}
    for one in contacts:
        one.attached_at = at
    known = companies_at(addresses)
    alone = {address for address, companies in known.items() if len(companies) == 1}
    written = _written(alone) if alone else []
    _give(_owners(written), written)
    db.session.flush()
    return len(contacts)


def _waiting(most: int) -> list[Contact]:
    query = select(Contact).where(Contact.attached_at.is_(None)).order_by(Contact.id).limit(most)
    return list(db.session.scalars(query.with_for_update(skip_locked=True)))


def _written(addresses: Collection[str]) -> list[Written]:
    """Everything without a company that one of these addresses stands on."""
    return [*_bookings(addresses), *_invitations(addresses), *_readers(addresses)]


def _bookings(addresses: Collection[str]) -> list[Written]:
    somebody = Registration.id.in_(select(Attendee.registration_id).where(Attendee.email_key.in_(addresses)))
    query = (
        select(Registration.id, Registration.company_number, Registration.booker_email_key, Attendee.email_key)
        .join(Attendee, Attendee.registration_id == Registration.id, isouter=True)
        .where(Registration.company_id.is_(None), or_(Registration.booker_email_key.in_(addresses), somebody))
    )
    found: dict[int, tuple[str | None, set[str]]] = {}
    for booking_id, number, booker, person in db.session.execute(query):
        found.setdefault(booking_id, (number, set()))[1].update({booker, person} - {None, ""})
    return [Written(Registration, each, number, frozenset(there)) for each, (number, there) in found.items()]


def _invitations(addresses: Collection[str]) -> Iterable[Written]:
    query = select(Invitation.id, Invitation.company_number, Invitation.email_key)
    rows = db.session.execute(query.where(Invitation.company_id.is_(None), Invitation.email_key.in_(addresses)))
    return [Written(Invitation, each, number, frozenset({address})) for each, number, address in rows]


def _readers(addresses: Collection[str]) -> Iterable[Written]:
    query = select(Reader.id, Reader.address).where(Reader.company_id.is_(None), Reader.address.in_(addresses))
    return [Written(Reader, each, None, frozenset({address})) for each, address in db.session.execute(query)]


def _owners(written: Collection[Written]) -> dict[str, set[int]]:
    """The companies of all addresses on these rows, also of those that nobody waits for."""
    return companies_at({address for one in written for address in one.addresses})


def _give(owners: Mapping[str, set[int]], written: Iterable[Written]) -> None:
    chosen: dict[int, list[Written]] = {}
    for one in written:
        companies = {company for address in one.addresses for company in owners.get(address, ())}
        if len(companies) == 1:
            chosen.setdefault(companies.pop(), []).append(one)
    for company_id, number in _held(chosen):
        _set(company_id, [one for one in chosen[company_id] if fits(number, one.number)])


def _held(ids: Collection[int]) -> Iterable[tuple[int, str | None]]:
    """Those of these companies that are still in use, with their numbers; none of them is merged away meanwhile."""
    query = select(Company.id, Company.number).where(in_use(), Company.id.in_(ids)).order_by(Company.id)
    return [(row[0], row[1]) for row in db.session.execute(query.with_for_update(**HELD))] if ids else []


def _set(company_id: int, written: Collection[Written]) -> None:
    for kind in (Registration, Invitation, Reader):
        ids = [one.id for one in written if one.kind is kind]
        for first in range(0, len(ids), PORTION):
            some = kind.id.in_(ids[first : first + PORTION])
            db.session.execute(update(kind).where(kind.company_id.is_(None), some).values(company_id=company_id))
