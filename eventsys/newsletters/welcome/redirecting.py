"""Companies whose letter by e-mail never came: a letter on paper in its place, or another try in the next round."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select

from eventsys import audit
from eventsys.companies.models import Company
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.mail.models import Delivery, MailingState, State
from eventsys.newsletters.welcome.cohort import has_whole_address, why_silent
from eventsys.newsletters.welcome.models import WELCOME, Choice, WelcomeLetter, WelcomeRound
from eventsys.newsletters.welcome.queries import locked_round, mailing_of

NEVER_CAME = "brevet med e-post kom inte fram"
STOPPED = "utskicket avbröts"


class NothingToRedirect(Refused):
    """No letter of the round is in that state any more."""


@dataclass(frozen=True)
class Stranded:
    """Companies without a letter although the round is sent."""

    printable: Sequence[WelcomeLetter]
    """With a whole postal address, and nothing against writing to them; one for companies that were merged."""
    others: Sequence[WelcomeLetter]

    @property
    def rows(self) -> list[WelcomeLetter]:
        return [*self.printable, *self.others]


def stranded_in(welcome_round: WelcomeRound) -> Stranded:
    """Those whose letter was rejected, came back, or was stopped before it left. One query; two more when merged."""
    if welcome_round.mailing_id is None:
        return Stranded((), ())
    query = (
        select(WelcomeLetter, Company)
        .join(Company, Company.id == WelcomeLetter.company_id)
        .where(WelcomeLetter.round_id == welcome_round.id, WelcomeLetter.choice == Choice.EMAIL)
        .where(~_may_have_come(welcome_round.mailing_id))
        .order_by(Company.sort_key, Company.id)
    )
    found = [(row, company) for row, company in db.session.execute(query)]
    printable = _printable(found)
    return Stranded(printable, [row for row, _company in found if row not in printable])


def _may_have_come(mailing_id: int) -> ColumnElement[bool]:
    """Every letter to the address counts that is neither lost nor was stopped at the last moment, for any reason."""
    lost = Delivery.state.in_((State.REJECTED, State.BOUNCED, State.SKIPPED))
    return exists().where(Delivery.mailing_id == mailing_id, Delivery.address == WelcomeLetter.address, ~lost)


def _printable(found: Sequence[tuple[WelcomeLetter, Company]]) -> list[WelcomeLetter]:
    """Of companies that have become one meanwhile the first, unless another of them has had its letter."""
    merged = _merged() if found else {}
    had = _had_theirs([row.id for row, _company in found], merged) if merged else set()
    printable = []
    for row, company in found:
        standing = _standing(company, merged)
        is_open = standing.archived_at is None and not why_silent(company) and not why_silent(standing)
        if is_open and has_whole_address(row) and standing.id not in had:
            printable.append(row)
            had.add(standing.id)
    return printable


def _merged() -> dict[int, int]:
    """Every company that was merged, and which one into."""
    query = select(Company.id, Company.merged_into_id).where(Company.merged_into_id.is_not(None))
    return {row[0]: row[1] for row in db.session.execute(query) if row[1]}


def _standing(company: Company, merged: dict[int, int]) -> Company:
    company_id = _end_of(company.id, merged)
    return company if company_id == company.id else db.session.get_one(Company, company_id)


def _end_of(company_id: int, merged: dict[int, int]) -> int:
    while company_id in merged:
        company_id = merged[company_id]
    return company_id


def _had_theirs(stranded: Collection[int], merged: dict[int, int]) -> set[int]:
    """Companies that others were merged into, and of which one has a letter beside these, or was struck."""
    into = select(Company.merged_into_id).where(Company.merged_into_id.is_not(None))
    query = (
        select(WelcomeLetter.id, WelcomeLetter.company_id)
        .join(Company, Company.id == WelcomeLetter.company_id)
        .where(WelcomeLetter.claim == WELCOME, or_(Company.merged_into_id.is_not(None), Company.id.in_(into)))
    )
    beside = set(stranded)
    return {_end_of(row.company_id, merged) for row in db.session.execute(query) if row.id not in beside}


def print_instead(round_id: int) -> int:
    """These companies get the letter on paper; how many. Their letters by e-mail are not tried again.

    Raises NotFound, NothingToRedirect. Flushes, does not commit.
    """
    rows = stranded_in(locked_round(round_id)).printable
    if not rows:
        raise NothingToRedirect("Inget brev som inte kom fram kan skrivas ut. Ladda om sidan.")
    for row in rows:
        row.choice, row.reason = Choice.PAPER, NEVER_CAME
    db.session.flush()
    audit.record("welcome_round.printed_instead", f"welcome_round:{round_id}", companies=len(rows))
    return len(rows)


def let_go(round_id: int) -> int:
    """Whom a cancelled mailing did not reach is new again for the next round; how many.

    Raises NotFound, NothingToRedirect. Flushes, does not commit.
    """
    found = locked_round(round_id)
    mailing = mailing_of(found)
    is_cancelled = mailing is not None and mailing.state is MailingState.CANCELLED
    rows = stranded_in(found).rows if is_cancelled else []
    if not rows:
        raise NothingToRedirect("Inget företag väntar på det. Ladda om sidan.")
    for row in rows:
        row.choice, row.claim, row.reason = Choice.EXCLUDED, None, STOPPED
    db.session.flush()
    audit.record("welcome_round.let_go", f"welcome_round:{round_id}", companies=len(rows))
    return len(rows)
