"""A round under its lock as a draft: what was frozen for an approval thaws as soon as anything is changed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from eventsys import audit
from eventsys.database import db
from eventsys.newsletters.issues.changing import NotEditable
from eventsys.newsletters.welcome.models import Choice, RoundState, WelcomeLetter, WelcomeRound
from eventsys.newsletters.welcome.queries import locked_round

IS_SENT = "{name} är skickad och går inte att ändra."


def editable_round(round_id: int) -> WelcomeRound:
    """The round under its lock, as a draft; an approval, or the question for one, is gone.

    Raises NotFound, NotEditable. Flushes, does not commit.
    """
    found = locked_round(round_id)
    if found.state is RoundState.SENT:
        raise NotEditable(IS_SENT.format(name=found.name))
    if found.state is not RoundState.DRAFT:
        thaw(found)
        audit.record("welcome_round.reopened", f"welcome_round:{round_id}")
    return found


def thaw(welcome_round: WelcomeRound) -> None:
    """Nothing of the round is frozen any more but its strikes; its companies are reckoned anew. Flushes."""
    frozen = (WelcomeLetter.round_id == welcome_round.id, WelcomeLetter.choice != Choice.STRUCK)
    db.session.execute(delete(WelcomeLetter).where(*frozen).execution_options(synchronize_session=False))
    welcome_round.state, welcome_round.letter, welcome_round.sha256 = RoundState.DRAFT, None, ""
    welcome_round.asked_by = welcome_round.asked_at = None
    welcome_round.approved_by = welcome_round.approved_at = None
    db.session.flush()


def note_change(welcome_round: WelcomeRound, account_id: int, at: datetime) -> None:
    """The text or the list has changed: a new version, by this account. The round must be locked."""
    welcome_round.version += 1
    welcome_round.changed_by, welcome_round.changed_at = account_id, at


def reopen(round_id: int, account_id: int, at: datetime) -> WelcomeRound:
    """Somebody presses Ändra. Raises NotFound, NotEditable. Flushes, does not commit."""
    found = editable_round(round_id)
    note_change(found, account_id, at)
    db.session.flush()
    return found
