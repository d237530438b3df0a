"""An approved round leaves: its letters by e-mail as a mailing of exactly the approved bytes, its paper to be printed.

Who has fallen away since the list was frozen is left out with the reason, and comes back in the next round if that
reason does not hold any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from eventsys import audit
from eventsys.companies.models import Company
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.mail.mailings import course
from eventsys.mail.mailings.freezing import Excluded, Recipient, freeze, new_mailing
from eventsys.mail.models import Suppression
from eventsys.newsletters.audience.choosing import SAME_ADDRESS
from eventsys.newsletters.sending.readers import with_readers
from eventsys.newsletters.subscriptions.models import Reader, Subscription
from eventsys.newsletters.welcome.approving import rendered_of
from eventsys.newsletters.welcome.cohort import (
    ARCHIVED,
    REFUSED,
    SUPPRESSED,
    says_no,
    suppressed,
    to_companies,
    why_silent,
)
from eventsys.newsletters.welcome.letters import LETTER, together
from eventsys.newsletters.welcome.models import WELCOME, Choice, RoundState, WelcomeLetter, WelcomeRound
from eventsys.newsletters.welcome.queries import about, locked_round
from eventsys.newsletters.welcome.rendering import trouble_with_gathering

MERGED = "sammanslaget med ett företag som får brevet"
PAPER = "får brevet på papper"
STRUCK = "struket: {}"
_LONGEST = 200


class CannotLeave(Refused):
    """The round must not leave as it is; the text says why and what to do."""


def leave(round_id: int, at: datetime) -> int:
    """The approved round leaves now; how many letters by e-mail. Of two who press at once the second is refused.

    Raises NotFound, CannotLeave, NoLongerAsked. Flushes, does not commit.
    """
    found = locked_round(round_id)
    if found.state is RoundState.SENT:
        raise CannotLeave(f"{found.name} är redan skickad. Ladda om sidan.")
    if found.state is not RoundState.APPROVED:
        raise CannotLeave("Omgången är inte godkänd. Be en kollega att godkänna den först.")
    if trouble := trouble_with_gathering(found, at):
        raise CannotLeave(f"{trouble} Tryck på Ändra först.")
    _let_fall(round_id)
    letters = _mail(found, at)
    found.state, found.sent_at = RoundState.SENT, at
    db.session.flush()
    audit.record("welcome_round.sent", f"welcome_round:{round_id}", letters=letters)
    return letters


# --- what has happened since it was frozen ------------------------------------------------------------------------


def _let_fall(round_id: int) -> None:
    """Rows of companies that shall not have the letter any more become exclusions without a claim."""
    taken: set[int] = set()
    for letter, company, no, blocked in db.session.execute(_with_fate(round_id)).all():
        if reason := _why_fallen(letter, company, no, blocked, taken):
            letter.choice, letter.claim, letter.reason = Choice.EXCLUDED, None, reason
    db.session.flush()


def _with_fate(round_id: int) -> Any:
    """The round's letters with their companies, whether the address says no, and whether it is suppressed."""
    return (
        select(WelcomeLetter, Company, says_no(), Suppression.id)
        .join(Company, Company.id == WelcomeLetter.company_id)
        .join(Reader, Reader.address == WelcomeLetter.address, isouter=True)
        .join(Subscription, to_companies(), isouter=True)
        .join(Suppression, suppressed(WelcomeLetter.address), isouter=True)
        .where(WelcomeLetter.round_id == round_id, WelcomeLetter.choice.in_((Choice.EMAIL, Choice.PAPER)))
        .order_by(WelcomeLetter.id)
    )


def _why_fallen(letter: WelcomeLetter, company: Company, no: bool, blocked: int | None, taken: set[int]) -> str:
    if reason := why_silent(company):
        return reason
    if company.merged_into_id is not None:
        return MERGED if _is_taken(company, taken) else ""
    if company.archived_at is not None:
        return ARCHIVED
    if letter.choice is Choice.EMAIL and no:
        return REFUSED
    return SUPPRESSED if letter.choice is Choice.EMAIL and blocked is not None else ""


def _is_taken(company: Company, taken: set[int]) -> bool:
    """Whether the company it was merged into has a letter of its own, or gets one as another of the merged."""
    standing = company
    while standing.merged_into_id is not None:
        standing = db.session.get_one(Company, standing.merged_into_id)
    has_own = exists().where(WelcomeLetter.company_id == standing.id, WelcomeLetter.claim == WELCOME)
    if standing.id in taken or db.session.scalar(select(has_own)):
        return True
    taken.add(standing.id)
    return False


# --- the mailing --------------------------------------------------------------------------------------------------


def _mail(found: WelcomeRound, at: datetime) -> int:
    """Freeze and start the letters by e-mail; how many. A round with paper only has no mailing."""
    rows = db.session.scalars(
        select(WelcomeLetter)
        .join(Company, Company.id == WelcomeLetter.company_id)
        .where(WelcomeLetter.round_id == found.id)
        .order_by(Company.sort_key, Company.id)
    ).all()
    shared: dict[str, list[WelcomeLetter]] = defaultdict(list)
    for row in rows:
        if row.choice is Choice.EMAIL:
            shared[row.address].append(row)
    if not shared:
        return 0
    mailing = new_mailing(found.name, about(found))
    recipients = [Recipient(0, address, organisation=_named(several)) for address, several in shared.items()]
    balance = freeze(mailing.id, LETTER, rendered_of(found), with_readers(recipients), _left_out(rows, shared))
    found.mailing_id = mailing.id
    db.session.flush()
    course.start(mailing.id, at)
    return balance.letters


def _named(rows: Sequence[WelcomeLetter]) -> str:
    said = together([row.recipient for row in rows])
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def _left_out(rows: Sequence[WelcomeLetter], shared: dict[str, list[WelcomeLetter]]) -> Iterator[Excluded]:
    """Every company of the round without a letter of its own by e-mail, so that the ledger adds up in companies."""
    named = {several[0].id for several in shared.values()}
    for row in rows:
        if row.id not in named:
            yield Excluded(row.address, "", row.recipient, _reason(row))


def _reason(row: WelcomeLetter) -> str:
    if row.choice is Choice.EMAIL:
        return SAME_ADDRESS
    if row.choice is Choice.PAPER:
        return PAPER
    return STRUCK.format(row.reason) if row.choice is Choice.STRUCK else row.reason
