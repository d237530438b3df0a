"""The last word before a letter goes: suppression, the mailing, its time, and whether it is still wanted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.mail.delivery.changes import Change
from eventsys.mail.delivery.claiming import Claim
from eventsys.mail.letters import always_wanted, letter_named
from eventsys.mail.models import Delivery, Mailing, MailingState, State, Suppression

# Longer than the slowest letter: three commands, the body and the wait for the answer to the dot, tried twice.
FLIGHT_LEASE = timedelta(minutes=12)


@dataclass(frozen=True)
class Begin:
    """The wish to let a letter go. With `cannot`, why it could not be made: it ends here if it is wanted at all."""

    claim: Claim
    subject: str = ""
    cannot: str = ""


def last_words(begins: list[Begin]) -> list[Change]:
    """For each letter the change claimed -> in_flight, or where else it goes and why. Asked inside the transaction."""
    at = now()
    rows = {row.id: row for row in _load(begins)}
    suppressed = _suppressed({begin.claim.address for begin in begins})
    mailings = _mailings({begin.claim.mailing_id for begin in begins})
    return [_last_word(begin, rows.get(begin.claim.id), suppressed, mailings, at) for begin in begins]


def _last_word(
    begin: Begin, row: Delivery | None, suppressed: dict[str, str], mailings: dict[int, Mailing], at: datetime
) -> Change:
    claim = begin.claim
    mailing = mailings.get(claim.mailing_id) if claim.mailing_id is not None else None
    if mailing is not None and mailing.state is MailingState.PAUSED:
        return Change(claim.id, State.CLAIMED, State.QUEUED, claim.owner)
    if reason := _why_not(claim, mailing, suppressed, at) or _unwanted(row):
        return Change(claim.id, State.CLAIMED, State.SKIPPED, claim.owner, reason)
    if begin.cannot:
        return Change(claim.id, State.CLAIMED, State.REJECTED, claim.owner, begin.cannot)
    return Change(
        claim.id, State.CLAIMED, State.IN_FLIGHT, claim.owner, subject=begin.subject, lease_until=at + FLIGHT_LEASE
    )


def _why_not(claim: Claim, mailing: Mailing | None, suppressed: dict[str, str], at: datetime) -> str:
    if claim.address in suppressed:
        return f"Adressen är spärrad: {suppressed[claim.address]}"
    if mailing is not None and mailing.state is MailingState.CANCELLED:
        return "Utskicket avbröts."
    limits = [limit for limit in (claim.not_after, mailing.not_after if mailing else None) if limit is not None]
    if limits and at > min(limits):
        return "Det blev för sent att skicka."
    return ""


def _unwanted(row: Delivery | None) -> str:
    if row is None:
        return ""
    letter = letter_named(row.letter)
    try:
        return letter.unwanted(row) if letter else ""
    except NotFound:
        return "Det som brevet handlar om finns inte längre."


def _load(begins: list[Begin]) -> list[Delivery]:
    """The rows whose letters have something to ask, in one query."""
    ids = [begin.claim.id for begin in begins if _asks(begin.claim)]
    if not ids:
        return []
    query = select(Delivery).where(Delivery.id.in_(ids)).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def _asks(claim: Claim) -> bool:
    letter = letter_named(claim.letter)
    return letter is not None and letter.unwanted is not always_wanted


def _suppressed(addresses: set[str]) -> dict[str, str]:
    query = select(Suppression.address, Suppression.reason).where(
        Suppression.address.in_(addresses), Suppression.lifted_at.is_(None)
    )
    return {row.address: row.reason for row in db.session.execute(query)}


def _mailings(ids: Iterable[int | None]) -> dict[int, Mailing]:
    wanted = [each for each in ids if each is not None]
    if not wanted:
        return {}
    query = select(Mailing).where(Mailing.id.in_(wanted)).execution_options(populate_existing=True)
    return {mailing.id: mailing for mailing in db.session.scalars(query)}
