"""Striking companies out of a round with a reason, and taking that back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete, insert
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.newsletters.issues.sanitising import line
from eventsys.newsletters.welcome.cohort import Place, reckon
from eventsys.newsletters.welcome.models import WELCOME, Choice, WelcomeLetter
from eventsys.newsletters.welcome.reopening import editable_round, note_change

LONGEST_REASON = 200
CLAIMED = "Något av företagen kom just med i en annan omgång. Ladda om sidan och se hur listan är nu."


class ClaimedMeanwhile(Refused):
    """Another round took one of the companies this very moment."""


class NobodyToStrike(Refused):
    """None of the chosen companies is to get a letter."""


def strike(
    round_id: int, company_ids: Collection[int], reason: str, by: str, account_id: int, at: datetime
) -> int:  # fmt: skip
    """These get no letter, now or later, for this reason; how many did not before.

    Those that get no letter anyway are passed over. The round is a draft again. Raises NotFound, NotEditable,
    NobodyToStrike, ClaimedMeanwhile. Flushes, does not commit.
    """
    found = editable_round(round_id)
    wanted = set(company_ids)
    chosen = [one for one in reckon(found) if one.company_id in wanted and one.gets_letter]
    if not chosen:
        raise NobodyToStrike("Markera minst ett företag som ska få brev.")
    claim([_strike_of(round_id, one, reason, by, at) for one in chosen])
    note_change(found, account_id, at)
    db.session.flush()
    audit.record("welcome_round.struck", f"welcome_round:{round_id}", companies=len(chosen))
    return len(chosen)


def _strike_of(round_id: int, one: Place, reason: str, by: str, at: datetime) -> dict[str, Any]:
    struck = replace(one, choice=Choice.STRUCK, reason=line(reason)[:LONGEST_REASON], by=by[:120], address="")
    return row_of(round_id, struck, at)


def row_of(round_id: int, one: Place, at: datetime) -> dict[str, Any]:
    """The columns of a WelcomeLetter that says what becomes of this company. Whom a rule leaves out is not claimed."""
    return {
        "round_id": round_id, "company_id": one.company_id, "choice": one.choice, "reason": one.reason, "by": one.by,
        "claim": None if one.choice is Choice.EXCLUDED else WELCOME, "address": one.address, "recipient": one.name,
        "care_of": one.care_of, "street": one.street, "postcode": one.postcode, "place": one.place, "created_at": at,
    }  # fmt: skip


def claim(rows: list[dict[str, Any]]) -> None:
    """Keep these rows; the database lets each company be claimed once, ever. Raises ClaimedMeanwhile. Flushes."""
    try:
        with db.session.begin_nested():
            db.session.execute(insert(cast(Table, WelcomeLetter.__table__)), rows)
    except IntegrityError as error:
        raise ClaimedMeanwhile(CLAIMED) from error


def take_back_strikes(round_id: int, company_ids: Collection[int], account_id: int, at: datetime) -> int:
    """These are candidates again; how many. Raises NotFound, NotEditable, NobodyToStrike. Flushes, does not commit."""
    found = editable_round(round_id)
    struck = (WelcomeLetter.round_id == round_id, WelcomeLetter.choice == Choice.STRUCK)
    done = db.session.execute(
        delete(WelcomeLetter)
        .where(*struck, WelcomeLetter.company_id.in_(list(company_ids)))
        .returning(WelcomeLetter.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not done:
        raise NobodyToStrike("Markera minst ett struket företag.")
    note_change(found, account_id, at)
    db.session.flush()
    audit.record("welcome_round.unstruck", f"welcome_round:{round_id}", companies=len(done))
    return len(done)
