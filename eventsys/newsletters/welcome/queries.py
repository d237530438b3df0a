"""Reading rounds of welcome letters: one, those of a year, those that wait for somebody, and in numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from eventsys.clock import local, midnights
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.mail.models import Delivery, Mailing, MailingState, State
from eventsys.newsletters.welcome.cohort import Numbers
from eventsys.newsletters.welcome.models import Choice, RoundState, WelcomeLetter, WelcomeRound


def round_by_id(round_id: int) -> WelcomeRound:
    """Raises NotFound."""
    found = db.session.get(WelcomeRound, round_id)
    if found is None:
        raise NotFound
    return found


def locked_round(round_id: int) -> WelcomeRound:
    """The round, fresh, kept from others' changes until the transaction ends. Raises NotFound."""
    db.session.flush()
    db.session.expire_all()
    query = select(WelcomeRound).where(WelcomeRound.id == round_id).with_for_update(key_share=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def rounds_of(year: int) -> Sequence[WelcomeRound]:
    """The rounds of a year, the first number first."""
    query = select(WelcomeRound).where(WelcomeRound.year == year).order_by(WelcomeRound.number)
    return db.session.scalars(query).all()


def years_with_rounds() -> list[int]:
    """Earliest first."""
    return list(db.session.scalars(select(WelcomeRound.year).distinct().order_by(WelcomeRound.year)))


def last_round() -> WelcomeRound | None:
    """The newest there is."""
    query = select(WelcomeRound).order_by(WelcomeRound.year.desc(), WelcomeRound.number.desc())
    return db.session.scalars(query.limit(1)).first()


def open_round() -> WelcomeRound | None:
    """One that is not sent yet."""
    query = select(WelcomeRound).where(WelcomeRound.state != RoundState.SENT).order_by(WelcomeRound.id)
    return db.session.scalars(query.limit(1)).first()


def mailing_of(welcome_round: WelcomeRound) -> Mailing | None:
    """The mailing of the letters by e-mail, once it is frozen; a round may have letters on paper only."""
    return db.session.get(Mailing, welcome_round.mailing_id) if welcome_round.mailing_id is not None else None


def about(welcome_round: WelcomeRound) -> str:
    """What the round's mailing and letters say that they are about."""
    return f"welcome_round:{welcome_round.id}"


def frozen_numbers(rounds: Iterable[WelcomeRound]) -> dict[int, Numbers]:
    """These rounds in numbers as they were frozen, by id. Two queries."""
    ids = [one.id for one in rounds]
    row = WelcomeLetter
    counted: dict[int, Counter[Choice]] = defaultdict(Counter)
    by_choice = select(row.round_id, row.choice, func.count()).where(row.round_id.in_(ids))
    for round_id, choice, number in db.session.execute(by_choice.group_by(row.round_id, row.choice)):
        counted[round_id][choice] = number
    by_address = select(row.round_id, func.count(row.address.distinct())).where(row.round_id.in_(ids))
    letters = {
        found[0]: found[1]
        for found in db.session.execute(by_address.where(row.choice == Choice.EMAIL).group_by(row.round_id))
    }
    return {
        one: Numbers(
            counted[one][Choice.EMAIL], counted[one][Choice.PAPER], counted[one][Choice.STRUCK],
            counted[one][Choice.EXCLUDED], letters.get(one, 0),
        )
        for one in ids
    }  # fmt: skip


def welcome_rounds_in(year: int) -> int:
    """How many rounds left in a Swedish year; the plan of the office says four."""
    return len(rounds_sent_between(date(year, 1, 1), date(year, 12, 31)))


def rounds_sent_between(first: date, last: date) -> Sequence[WelcomeRound]:
    """The rounds that left from `first` to `last`, both Swedish days included, in the order they left."""
    begins, after = midnights(first, last)
    sent = (WelcomeRound.state == RoundState.SENT, WelcomeRound.sent_at >= begins, WelcomeRound.sent_at < after)
    return db.session.scalars(select(WelcomeRound).where(*sent).order_by(WelcomeRound.sent_at, WelcomeRound.id)).all()


def first_round_on() -> date | None:
    """The Swedish day on which the earliest round left; None when none has."""
    earliest = db.session.scalar(select(func.min(WelcomeRound.sent_at)))
    return local(earliest).date() if earliest else None


# --- what waits for somebody --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StuckRound:
    """A round whose letters stopped on their way, and why, in Swedish."""

    round: WelcomeRound
    why: str


def stuck_rounds() -> list[StuckRound]:
    """Paused ones, and those with letters of which nobody knows whether they came. One query."""
    unknown = (
        select(Delivery.mailing_id, func.count().label("number"))
        .where(Delivery.state == State.UNKNOWN, Delivery.mailing_id.is_not(None))
        .group_by(Delivery.mailing_id)
        .subquery()
    )
    query = (
        select(WelcomeRound, Mailing.state, Mailing.reason, unknown.c.number)
        .join(Mailing, Mailing.id == WelcomeRound.mailing_id)
        .join(unknown, unknown.c.mailing_id == Mailing.id, isouter=True)
        .where(or_(Mailing.state == MailingState.PAUSED, unknown.c.number > 0))
        .order_by(WelcomeRound.id)
    )
    return [StuckRound(found, _why(*rest)) for found, *rest in db.session.execute(query)]


def _why(state: MailingState, reason: str, unknown: int | None) -> str:
    if state is MailingState.PAUSED:
        return reason or "Utskicket är pausat."
    return "1 brev är okänt: det kan ha kommit fram." if unknown == 1 else f"{unknown} brev är okända."
