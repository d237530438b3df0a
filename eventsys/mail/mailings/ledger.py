"""The ledger of a mailing: numbers that add up, the names behind each, and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from eventsys.clock import local, now
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.mail import queries
from eventsys.mail.models import WAITING, Delivery, Mailing, MailingExclusion, MailingState, State

PAGE = 50
_STRIDE = 1000
# The columns of the download. Scripts hold on to them.
COLUMNS = ("Adress", "Namn", "Företag", "Läge", "Orsak", "Försök", "SMTP-svar", "Tidpunkt")


class Part(StrEnum):
    """One number of the ledger; together they are all letters."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BOUNCED = "bounced"
    SKIPPED = "skipped"
    WAITING = "waiting"
    UNKNOWN = "unknown"


STATES_OF: dict[Part, tuple[State, ...]] = {
    Part.ACCEPTED: (State.ACCEPTED,),
    Part.REJECTED: (State.REJECTED,),
    Part.BOUNCED: (State.BOUNCED, State.COMPLAINED),
    Part.SKIPPED: (State.SKIPPED,),
    Part.WAITING: WAITING,
    Part.UNKNOWN: (State.UNKNOWN,),
}
WORDS = {
    State.QUEUED: "väntar", State.CLAIMED: "väntar", State.IN_FLIGHT: "skickas just nu",
    State.DEFERRED: "väntar på nytt försök", State.ACCEPTED: "skickat", State.REJECTED: "avvisat",
    State.BOUNCED: "studsat", State.COMPLAINED: "anmält som skräppost", State.SKIPPED: "stoppat",
    State.UNKNOWN: "okänt",
}  # fmt: skip
LEFT_OUT = "utelämnad"


@dataclass(frozen=True)
class Ledger:
    """candidates = selected + excluded; selected = the sum of `parts`. `deferred` is a part of what waits."""

    parts: dict[Part, int]
    deferred: int
    exclusions: dict[str, int]

    @property
    def selected(self) -> int:
        return sum(self.parts.values())

    @property
    def excluded(self) -> int:
        return sum(self.exclusions.values())

    @property
    def candidates(self) -> int:
        return self.selected + self.excluded


def ledger(mailing_id: int) -> Ledger:
    """Counted from the rows, all in one query each, so that it adds up at every moment."""
    by_state = select(Delivery.state, func.count()).where(Delivery.mailing_id == mailing_id).group_by(Delivery.state)
    counts = {row[0]: row[1] for row in db.session.execute(by_state)}
    reasons = (
        select(MailingExclusion.reason, func.count())
        .where(MailingExclusion.mailing_id == mailing_id)
        .group_by(MailingExclusion.reason)
        .order_by(func.count().desc(), MailingExclusion.reason)
    )
    return Ledger(
        {part: sum(counts.get(state, 0) for state in states) for part, states in STATES_OF.items()},
        counts.get(State.DEFERRED, 0),
        {row[0]: row[1] for row in db.session.execute(reasons)},
    )


def letters_in(mailing_id: int, part: Part | None = None, page: int = 1) -> Sequence[Delivery]:
    """The names behind a number (behind all of them without), 50 a page, first posted first."""
    query = select(Delivery).where(Delivery.mailing_id == mailing_id).order_by(Delivery.id)
    if part is not None:
        query = query.where(Delivery.state.in_(STATES_OF[part]))
    return db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all()


def exclusions_in(mailing_id: int, reason: str = "", page: int = 1) -> Sequence[MailingExclusion]:
    """Who was left out, for this reason or for any, 50 a page."""
    query = select(MailingExclusion).where(MailingExclusion.mailing_id == mailing_id).order_by(MailingExclusion.id)
    if reason:
        query = query.where(MailingExclusion.reason == reason)
    return db.session.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).all()


def rows_for_download(mailing_id: int) -> Iterator[tuple[str, str, str, str, str, int, str, str]]:
    """A tuple of COLUMNS for every letter and then for everybody left out; read in strides, so never all at once."""
    last = 0
    columns = (
        Delivery.id, Delivery.address, Delivery.name, Delivery.organisation, Delivery.state, Delivery.reason,
        Delivery.attempts, Delivery.smtp_code, Delivery.smtp_reply, Delivery.changed_at,
    )  # fmt: skip
    while found := db.session.execute(
        select(*columns)
        .where(Delivery.mailing_id == mailing_id, Delivery.id > last)
        .order_by(Delivery.id)
        .limit(_STRIDE)
    ).all():
        for row in found:
            answer = f"{row.smtp_code or ''} {row.smtp_reply}".strip()
            at = f"{local(row.changed_at):%Y-%m-%d %H:%M:%S}"
            yield (
                row.address, row.name, row.organisation, WORDS[row.state], row.reason, row.attempts, answer, at
            )  # fmt: skip
        last = found[-1].id
    yield from _left_out(mailing_id)


def _left_out(mailing_id: int) -> Iterator[tuple[str, str, str, str, str, int, str, str]]:
    last = 0
    while found := db.session.scalars(
        select(MailingExclusion)
        .where(MailingExclusion.mailing_id == mailing_id, MailingExclusion.id > last)
        .order_by(MailingExclusion.id)
        .limit(_STRIDE)
    ).all():
        for one in found:
            yield (one.address, one.name, one.organisation, LEFT_OUT, one.reason, 0, "", "")
        last = found[-1].id


# --- how it goes on -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outlook:
    """How a mailing goes on. `reason` says in Swedish why nothing leaves now, or is empty; `finishes_at` is None when
    only the relay sets the pace, or when somebody has to press a button first."""

    state: MailingState
    waiting: int
    reason: str
    finishes_at: datetime | None
    per_minute: int


def outlook(mailing_id: int) -> Outlook:
    """Where a mailing stands and when it ends. Raises NotFound."""
    mailing = db.session.get(Mailing, mailing_id)
    if mailing is None:
        raise NotFound
    waiting, relay = ledger(mailing_id).parts[Part.WAITING], queries.relay_status()
    reason = _why_it_waits(mailing, relay, now()) if waiting else ""
    ends = relay.finishes_at if waiting and mailing.state is MailingState.SENDING else None
    return Outlook(mailing.state, waiting, reason, ends, relay.per_minute)


def _why_it_waits(mailing: Mailing, relay: queries.RelayStatus, at: datetime) -> str:
    if mailing.state is MailingState.PAUSED:
        return mailing.reason or "Utskicket är pausat."
    if mailing.state is not MailingState.SENDING:
        return ""
    if mailing.starts_at is not None and mailing.starts_at > at:
        return f"Utskicket börjar {local(mailing.starts_at):%Y-%m-%d kl. %H.%M}."
    if relay.stop_reason:
        return relay.stop_reason
    if relay.per_day and relay.sent_today >= relay.per_day:
        return "Dagens antal brev till brevservern är nått."
    if mailing.hold_seconds and mailing.begun_at and mailing.held_until is not None and mailing.held_until > at:
        return f"De första breven går till er själva. Resten går kl. {local(mailing.held_until):%H.%M}."
    return ""
