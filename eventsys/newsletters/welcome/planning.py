"""Rounds are made and written: the day until which companies are new, the text, the gathering, the code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.models import Event, EventState
from eventsys.newsletters.issues.sanitising import clean_html, line
from eventsys.newsletters.subscriptions.codes import add_code
from eventsys.newsletters.welcome.models import RoundState, WelcomeLetter, WelcomeRound, WelcomeSettings
from eventsys.newsletters.welcome.queries import last_round, locked_round, open_round
from eventsys.newsletters.welcome.rendering import keep_qr_codes
from eventsys.newsletters.welcome.reopening import editable_round, note_change
from eventsys.newsletters.welcome.settings import welcome_settings
from eventsys.newsletters.welcome.words import BODY, SUBJECT
from eventsys.onerow import one_row_to_change
from eventsys.overwriting import refuse_overwriting

LONGEST_SUBJECT, LONGEST_BODY = 200, 40_000
COLUMNS = ("subject", "body", "event_id")


class RoundStillOpen(Refused):
    """The round before is not sent yet, or a colleague made one this very moment."""


class NoFirstDay(Refused):
    """Nobody has said from which day companies are new."""


class CannotRemove(Refused):
    """Only a round that is a draft can be removed."""


# --- making -------------------------------------------------------------------------------------------------------


def next_number(year: int) -> int:
    """The number of the year's next round."""
    return (db.session.scalar(select(func.max(WelcomeRound.number)).where(WelcomeRound.year == year)) or 0) + 1


def make_round(account_id: int, by: str, registered_until: date, at: datetime) -> WelcomeRound:
    """The next round of the year, with the text of the last one, or one to begin with. One is open at a time.

    Raises NoFirstDay, RoundStillOpen. Flushes, does not commit.
    """
    if welcome_settings().starts_on is None:
        raise NoFirstDay("Bestäm först från vilken dag företag räknas som nya.")
    if (still := open_round()) is not None:
        raise RoundStillOpen(f"{still.name} är inte skickad än. Skicka den eller ta bort den först.")
    year, last = local(at).year, last_round()
    made = WelcomeRound(
        year=year, number=next_number(year), registered_until=registered_until,
        subject=last.subject if last else SUBJECT, body=last.body if last else BODY, event_id=next_gathering(at),
        created_at=at, changed_at=at, changed_by=account_id,
    )  # fmt: skip
    _keep(made)
    made.code_id = add_code(made.name, by, at).id
    keep_qr_codes(made, by, at)
    audit.record("welcome_round.added", f"welcome_round:{made.id}")
    return made


def _keep(made: WelcomeRound) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError as error:
        raise RoundStillOpen("En kollega gjorde just omgången. Ladda om sidan.") from error


def begin_on(day: date) -> None:
    """Companies registered that day or later are new to us. Flushes, does not commit."""
    one_row_to_change(WelcomeSettings).starts_on = day
    db.session.flush()
    audit.record("welcome_round.begun_on", "welcome_settings:1", day=day.isoformat())


def next_gathering(at: datetime) -> int | None:
    """The next published event of the series for new companies, or None."""
    series_id = welcome_settings().series_id
    if series_id is None:
        return None
    coming = (Event.series_id == series_id, Event.state == EventState.PUBLISHED, Event.starts_at > at)
    return db.session.scalars(select(Event.id).where(*coming).order_by(Event.starts_at, Event.id).limit(1)).first()


def remove_round(round_id: int) -> None:
    """A draft goes with its strikes; its companies are new again. Raises NotFound, CannotRemove. Flushes."""
    found = locked_round(round_id)
    if found.state is not RoundState.DRAFT:
        raise CannotRemove("Bara en omgång som är ett utkast går att ta bort. Tryck på Ändra först.")
    db.session.execute(WelcomeLetter.__table__.delete().where(WelcomeLetter.round_id == round_id))  # type: ignore[attr-defined]
    db.session.delete(found)
    db.session.flush()
    audit.record("welcome_round.removed", f"welcome_round:{round_id}")


# --- writing ------------------------------------------------------------------------------------------------------


def words_of(welcome_round: WelcomeRound) -> dict[str, Any]:
    """What is written in a round, by column."""
    return {name: getattr(welcome_round, name) for name in COLUMNS}


def edit_round(
    round_id: int, given: Mapping[str, Any], seen: str, account_id: int, at: datetime
) -> WelcomeRound:  # fmt: skip
    """Write all of COLUMNS. A round that waits for approval, or has it, is a draft again when anything differs.

    `seen` is mark_of what the page showed. Raises NotFound, NotEditable, ChangedMeanwhile. Flushes, does not commit.
    """
    found = locked_round(round_id)
    written = _clean(given)
    before = words_of(found)
    refuse_overwriting(before, written, seen)
    if written != before:
        found = editable_round(round_id)
        for name, value in written.items():
            setattr(found, name, value)
        note_change(found, account_id, at)
        if written["event_id"] != before["event_id"]:
            keep_qr_codes(found, "", at)
        db.session.flush()
        audit.record("welcome_round.edited", f"welcome_round:{round_id}")
    return found


def ask_until(round_id: int, day: date, account_id: int, at: datetime) -> WelcomeRound:
    """Companies registered that day or earlier are asked about; the round is a draft again when that is another day.

    Raises NotFound, NotEditable. Flushes, does not commit.
    """
    found = locked_round(round_id)
    if found.registered_until != day:
        found = editable_round(round_id)
        found.registered_until = day
        note_change(found, account_id, at)
        db.session.flush()
        audit.record("welcome_round.edited", f"welcome_round:{round_id}")
    return found


def _clean(given: Mapping[str, Any]) -> dict[str, Any]:
    if given["event_id"] is not None and db.session.get(Event, given["event_id"]) is None:
        raise NotFound
    subject = line(given["subject"])[:LONGEST_SUBJECT]
    return {**{name: given[name] for name in COLUMNS}, "subject": subject, "body": clean_html(given["body"])}
