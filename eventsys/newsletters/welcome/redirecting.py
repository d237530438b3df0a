"""Companies whose letter by e-mail never came: a letter on paper in its place, or another try in the next round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, select

from eventsys import audit
from eventsys.companies.models import Company
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.mail.delivery.lastword import CANCELLED
from eventsys.mail.models import Delivery, MailingState, State
from eventsys.newsletters.welcome.cohort import has_whole_address, why_silent
from eventsys.newsletters.welcome.models import Choice, WelcomeLetter, WelcomeRound
from eventsys.newsletters.welcome.queries import locked_round, mailing_of

NEVER_CAME = "brevet med e-post kom inte fram"
STOPPED = "utskicket avbröts"


class NothingToRedirect(Refused):
    """No letter of the round is in that state any more."""


@dataclass(frozen=True)
class Stranded:
    """Companies without a letter although the round is sent."""

    printable: Sequence[WelcomeLetter]
    """With a whole postal address, and nothing against writing to them."""
    others: Sequence[WelcomeLetter]

    @property
    def rows(self) -> list[WelcomeLetter]:
        return [*self.printable, *self.others]


def stranded_in(welcome_round: WelcomeRound) -> Stranded:
    """Those whose letter was rejected, came back, or was stopped when the mailing was cancelled. One query."""
    if welcome_round.mailing_id is None:
        return Stranded((), ())
    query = (
        select(WelcomeLetter, Company)
        .join(Company, Company.id == WelcomeLetter.company_id)
        .where(WelcomeLetter.round_id == welcome_round.id, WelcomeLetter.choice == Choice.EMAIL)
        .where(~_may_have_come(welcome_round.mailing_id))
        .order_by(Company.sort_key, Company.id)
    )
    found = db.session.execute(query).all()
    printable = [row for row, company in found if has_whole_address(row) and not why_silent(company)]
    return Stranded(printable, [row for row, _company in found if row not in printable])


def _may_have_come(mailing_id: int) -> ColumnElement[bool]:
    """Every letter to the address counts that is neither lost nor was stopped with the whole mailing."""
    lost = Delivery.state.in_((State.REJECTED, State.BOUNCED))
    stopped = and_(Delivery.state == State.SKIPPED, Delivery.reason == CANCELLED)
    its_letter = (Delivery.mailing_id == mailing_id, Delivery.address == WelcomeLetter.address)
    return exists().where(*its_letter, ~or_(lost, stopped))


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
