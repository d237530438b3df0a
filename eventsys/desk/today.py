"""The page of the day: what happens next, what waits for somebody, what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from eventsys.clock import local
from eventsys.companies.models import Visit
from eventsys.database import db
from eventsys.desk import ledger
from eventsys.desk.companies import due_follow_ups
from eventsys.desk.ledger import LATE, LetterFilter
from eventsys.desk.sight import SOME_LETTERS, sees_all_letters, sees_register
from eventsys.events.access import powers_of, within_reach
from eventsys.events.attendance.closing import events_nobody_marked
from eventsys.events.cards import date_parts
from eventsys.events.invitations.requests import events_with_requests
from eventsys.events.models import Event, EventState
from eventsys.events.seats import Seats, seats_of
from eventsys.events.waitlist import WhyNoOffer, why_no_offer
from eventsys.mail.queries import RelayStatus, relay_status
from eventsys.mail.restored import waits_since
from eventsys.newsletters.issues.models import Issue, Proof
from eventsys.newsletters.issues.proofs import proofs_waiting_for
from eventsys.newsletters.issues.queries import EDITORS
from eventsys.newsletters.sending.stuck import Stuck, stuck_issues
from eventsys.newsletters.welcome.approving import rounds_waiting_for
from eventsys.newsletters.welcome.models import WelcomeRound
from eventsys.newsletters.welcome.queries import StuckRound, stuck_rounds
from eventsys.staff.models import Account, Role
from eventsys.staff.waiting import Waiting, waiting_for

MOST_NEXT = 6
DRAFT_IS_NEAR = timedelta(days=30)
NEWS_LASTS = timedelta(days=7)
# A full event is full, whatever the queue; these are the reasons that somebody may want to do something about.
_WORTH_KNOWING = (WhyNoOffer.PAUSED, WhyNoOffer.TOO_LATE, WhyNoOffer.PARTIES_TOO_LARGE)


@dataclass(frozen=True)
class Coming:
    """A published event that is not over, its seats, and why its queue stands still (None: it does not)."""

    event: Event
    seats: Seats
    standstill: WhyNoOffer | None

    @property
    def is_full(self) -> bool:
        return not self.seats.left

    @property
    def date(self) -> dict[str, Any]:
        """Day, month and weekday for the date block."""
        return date_parts(self.event.starts_at)


@dataclass(frozen=True)
class Trouble:
    """Letters in one kind of trouble: how many, and the filter that opens exactly these."""

    number: int
    filter: LetterFilter


@dataclass(frozen=True)
class Today:
    """What an account's page of the day shows. Empty lists mean that all is well."""

    next: Sequence[Coming]
    total: int  # of events to come, those not shown included
    standing_queues: Sequence[Coming]
    full: Sequence[Coming]
    drafts: Sequence[Event]
    requests: Sequence[tuple[Event, int]]  # how many ask for a place at an event
    unmarked: Sequence[Event]  # past events where nobody was checked in: who came is for staff to say
    troubles: Sequence[Trouble]
    stuck_issues: Sequence[Stuck]
    restored: datetime | None  # when the backup was made, until letters by the clock were let go again
    relay: RelayStatus | None  # None for those who see only some letters
    newly_suppressed: int
    news_since: date
    invited: Sequence[Account]
    proofs: Sequence[tuple[Issue, Proof]]  # issues of the newsletter that wait for this account's approval
    follow_ups: Sequence[Visit]  # of companies, due now and not done
    rounds: Sequence[WelcomeRound]  # of welcome letters, that wait for this account's approval
    stuck_rounds: Sequence[StuckRound]
    others: Sequence[Waiting]  # what higher slices know to be waiting

    @property
    def went_wrong(self) -> bool:
        return bool(
            self.troubles
            or self.stuck_issues
            or self.stuck_rounds
            or self.restored
            or (self.relay and self.relay.stopped_until)
        )

    @property
    def waits(self) -> bool:
        events = self.standing_queues or self.full or self.drafts or self.requests or self.unmarked
        waiting = self.invited or self.newly_suppressed or self.proofs or self.rounds or self.follow_ups or self.others
        return bool(events or waiting)


def today(account: Account, at: datetime) -> Today:
    """What the account should know now. The number of queries does not grow with the number of events or letters."""
    coming = _coming(account, at)
    since = local(at).date() - NEWS_LASTS
    may_plan, sees_letters = powers_of(account).plan, sees_all_letters(account)
    return Today(
        next=coming[:MOST_NEXT],
        total=len(coming),
        standing_queues=[one for one in coming if one.standstill in _WORTH_KNOWING] if may_plan else [],
        full=[one for one in coming if one.is_full and one.standstill not in _WORTH_KNOWING] if may_plan else [],
        drafts=_drafts(account, at),
        requests=events_with_requests(within_reach(account, at), at) if may_plan else [],
        unmarked=events_nobody_marked(within_reach(account, at), at) if may_plan else [],
        troubles=_troubles(account, since),
        stuck_issues=stuck_issues() if sees_letters else [],
        restored=waits_since() if sees_letters else None,
        relay=relay_status() if sees_letters else None,
        newly_suppressed=ledger.newly_suppressed(since) if sees_letters else 0,
        news_since=since,
        invited=_invited() if account.role is Role.ADMINISTRATOR else [],
        proofs=proofs_waiting_for(account) if account.role in EDITORS else [],
        follow_ups=due_follow_ups(local(at).date()) if sees_register(account) else [],
        rounds=rounds_waiting_for(account) if account.role in EDITORS else [],
        stuck_rounds=stuck_rounds() if sees_letters else [],
        others=waiting_for(account, at),
    )


def _coming(account: Account, at: datetime) -> list[Coming]:
    query = (
        select(Event)
        .join(Event.series)
        .options(contains_eager(Event.series))
        .where(within_reach(account, at), Event.state == EventState.PUBLISHED, Event.ends_at > at)
        .order_by(Event.starts_at, Event.id)
    )
    events = list(db.session.scalars(query))
    counted = seats_of(events)
    return [Coming(event, counted[event.id], why_no_offer(event, at, counted[event.id])) for event in events]


def _drafts(account: Account, at: datetime) -> Sequence[Event]:
    """Drafts whose date comes near or has passed."""
    if not powers_of(account).write:
        return []
    query = select(Event).where(
        within_reach(account, at), Event.state == EventState.DRAFT, Event.starts_at < at + DRAFT_IS_NEAR
    )
    return db.session.scalars(query.order_by(Event.starts_at, Event.id)).all()


def _troubles(account: Account, since: date) -> list[Trouble]:
    """What is unknown or late stays until it is dealt with; what was refused or came back is news for a week."""
    if account.role not in SOME_LETTERS:
        return []
    filters = [
        LetterFilter("okanda"),
        LetterFilter("avvisade", since=since),
        LetterFilter(LATE),
        LetterFilter("studsade", since=since),
    ]
    numbers = ledger.how_many(account, filters)
    return [Trouble(number, wanted) for number, wanted in zip(numbers, filters, strict=True) if number]


def _invited() -> Sequence[Account]:
    """Accounts that were invited and have not chosen a password yet."""
    query = select(Account).where(Account.closed_at.is_(None), Account.password_hash == "")
    return db.session.scalars(query.order_by(Account.created_at, Account.id)).all()
