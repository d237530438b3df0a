"""The last word before a letter goes: suppression, the mailing, its time, and whether it is still wanted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.mail.claim import Claim
from eventsys.mail.delivery.changes import Change
from eventsys.mail.letters import Letter, MailingLetter, always_wanted, letter_named
from eventsys.mail.models import Delivery, MailingState, State
from eventsys.personal import kept_no

# Longer than the slowest letter: three commands, the body and the wait for the answer to the dot, tried twice.
FLIGHT_LEASE = timedelta(minutes=12)
CANCELLED = "Utskicket avbröts."
_QUESTION = """
    SELECT address, NULL AS id, reason AS word FROM suppression WHERE address {addresses} AND lifted_at IS NULL
    UNION ALL SELECT NULL, id, state FROM mailing WHERE id {mailings}
"""
_ON_POSTGRESQL = _QUESTION.format(addresses="= ANY(%s)", mailings="= ANY(%s::int[])")
_ON_SQLITE = _QUESTION.format(
    addresses="IN (SELECT value FROM json_each(?))", mailings="IN (SELECT value FROM json_each(?))"
)
_RESTING = (MailingState.DRAFT, MailingState.PREPARED, MailingState.PAUSED)


@dataclass(frozen=True)
class Begin:
    """The wish to let a letter go. With `cannot`, why it could not be made: it ends here if it is wanted at all."""

    claim: Claim
    subject: str = ""
    cannot: str = ""
    is_our_fault: bool = False
    """Whether others of the same mailing will fail in the same way."""


def last_words(begins: list[Begin]) -> list[Change]:
    """For each letter the change claimed -> in_flight, or where else it goes and why. Asked inside the transaction."""
    at = now()
    claims = [begin.claim for begin in begins]
    suppressed, mailings = _suppressed_and_mailings(
        {claim.address for claim in claims}, {claim.mailing_id for claim in claims if claim.mailing_id is not None}
    )
    unwanted = _unwanted(claims)
    return [_last_word(begin, suppressed, mailings, unwanted, at) for begin in begins]


def _last_word(
    begin: Begin, suppressed: dict[str, str], mailings: dict[int, MailingState], unwanted: dict[int, str], at: datetime
) -> Change:
    claim = begin.claim
    mailing = mailings.get(claim.mailing_id) if claim.mailing_id is not None else None
    if mailing in _RESTING:
        return Change(claim.id, State.CLAIMED, State.QUEUED, claim.owner)
    if reason := _why_not(claim, mailing, suppressed, at) or unwanted.get(claim.id, ""):
        return Change(claim.id, State.CLAIMED, State.SKIPPED, claim.owner, reason)
    if begin.cannot:
        credit = -1 if begin.is_our_fault else 0
        return Change(
            claim.id, State.CLAIMED, State.REJECTED, claim.owner, begin.cannot, credit=credit,
            mailing_id=claim.mailing_id,
        )  # fmt: skip
    return Change(
        claim.id, State.CLAIMED, State.IN_FLIGHT, claim.owner, subject=begin.subject, lease_until=at + FLIGHT_LEASE
    )


def _why_not(claim: Claim, mailing: MailingState | None, suppressed: dict[str, str], at: datetime) -> str:
    if claim.address in suppressed:
        return f"Spärrad adress. {suppressed[claim.address]}"
    if mailing is MailingState.CANCELLED:
        return CANCELLED
    if claim.not_after is not None and at > claim.not_after:
        return "Det blev för sent att skicka."
    return ""


def _unwanted(claims: list[Claim]) -> dict[int, str]:
    """Why letters are not wanted any more, by id: many of a mailing are asked about at once, others one by one."""
    reasons: dict[int, str] = {}
    by_letter: dict[str, list[Claim]] = {}
    for claim in claims:
        by_letter.setdefault(claim.letter, []).append(claim)
    for name, group in by_letter.items():
        kind = letter_named(name)
        if isinstance(kind, MailingLetter):
            reasons |= kind.unwanted(group)
        elif kind is not None and kind.unwanted is not always_wanted:
            reasons |= {row.id: _why_unwanted(kind, row) for row in _load(group)}
    return reasons


def _why_unwanted(letter: Letter, row: Delivery) -> str:
    try:
        return letter.unwanted(row)
    except NotFound:
        return "Det som brevet handlar om finns inte längre."


def _load(claims: list[Claim]) -> list[Delivery]:
    ids = [claim.id for claim in claims]
    query = select(Delivery).where(Delivery.id.in_(ids)).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def suppressed_among(addresses: set[str]) -> dict[str, str]:
    """Which of these addresses (as rows hold them) get nothing from us, and why."""
    return _suppressed_and_mailings(addresses, set())[0]


def _suppressed_and_mailings(
    addresses: set[str], mailing_ids: set[int]
) -> tuple[dict[str, str], dict[int, MailingState]]:
    """Both in one question: it is asked many times a second. A forgotten address is known by its hash alone."""
    by_hash = {kept_no(address): address for address in addresses}
    known_as = [*addresses, *by_hash]
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        asked = connection.exec_driver_sql(_ON_POSTGRESQL, (known_as, list(mailing_ids)))
    else:
        asked = connection.exec_driver_sql(_ON_SQLITE, (json.dumps(known_as), json.dumps(list(mailing_ids))))
    found = asked.all()
    return (
        {by_hash.get(row.address, row.address): row.word for row in found if row.address is not None},
        {row.id: MailingState(row.word) for row in found if row.id is not None},
    )
