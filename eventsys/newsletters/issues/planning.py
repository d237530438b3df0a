"""The year plan: four issues made at once with days proposed for each, and changed afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.clock import from_local
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.deadlines import is_working_day
from eventsys.events.special_days import is_squeezed
from eventsys.newsletters.issues.changing import editable_issue, note_change
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT
from eventsys.newsletters.settings import newsletter_settings
from eventsys.overwriting import refuse_overwriting

MONTHS = (3, 6, 9, 12)
"""The month of number 1 to 4."""
FIRST_YEAR, LAST_YEAR = 2020, 2060  # as far as the calendar of holidays is filled in
MEETING_BEGINS = time(9)
LONGEST_SUBJECT, LONGEST_PREHEADER = 200, 200
_TUESDAY = 1


class OutOfOrder(Refused):
    """The days of an issue do not come in the order in which the work is done."""


class YearOutOfReach(Refused):
    """No plan can be made for that year."""


@dataclass(frozen=True)
class Days:
    """When an issue is talked about, written, proofread and sent."""

    meeting_at: datetime
    manuscript_on: date
    proof_on: date
    send_on: date


def proposed_days(year: int, number: int) -> Days:
    """Working days, no klämdagar: sent on the second Tuesday of its month, or the next fit day.

    The proof is due three working days before, the manuscripts eight, and the meeting is six weeks ahead, at nine.
    """
    first = date(year, MONTHS[number - 1], 1)
    send_on = _fit_day(first + timedelta(days=(_TUESDAY - first.weekday()) % 7 + 7), 1)
    meeting_on = _fit_day(send_on - timedelta(weeks=6), -1)
    return Days(
        from_local(datetime.combine(meeting_on, MEETING_BEGINS)),
        _working_days_before(send_on, 8),
        _working_days_before(send_on, 3),
        send_on,
    )


def _fit_day(day: date, step: int) -> date:
    while not is_working_day(day) or is_squeezed(day):
        day += timedelta(days=step)
    return day


def _working_days_before(day: date, number: int) -> date:
    while number:
        day -= timedelta(days=1)
        number -= is_working_day(day)
    return _fit_day(day, -1)


def plan_year(year: int, account_id: int | None, at: datetime) -> list[Issue]:
    """Make those of the year's four issues that are not there yet; returns the new ones, so a second press makes none.

    Of two presses at the same moment one makes them. Raises YearOutOfReach. Flushes, does not commit.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise YearOutOfReach(f"Välj ett år mellan {FIRST_YEAR} och {LAST_YEAR}.")
    there = set(db.session.scalars(select(Issue.number).where(Issue.year == year)))
    made = [_new_issue(year, number, account_id, at) for number in range(1, len(MONTHS) + 1) if number not in there]
    try:
        with db.session.begin_nested():
            db.session.add_all(made)
    except IntegrityError:
        return []
    for issue in made:
        audit.record("issue.planned", f"issue:{issue.id}")
    return made


def _new_issue(year: int, number: int, account_id: int | None, at: datetime) -> Issue:
    days = proposed_days(year, number)
    return Issue(
        year=year,
        number=number,
        audience=COMPANIES if MONTHS[number - 1] == 12 else FORETAGSAMT,
        meeting_at=days.meeting_at,
        manuscript_on=days.manuscript_on,
        proof_on=days.proof_on,
        send_on=days.send_on,
        hold_minutes=newsletter_settings().hold_minutes,
        created_at=at,
        changed_at=at,
        changed_by=account_id,
    )


# --- changing -----------------------------------------------------------------------------------------------------

DAYS = ("meeting_at", "manuscript_on", "proof_on", "send_on")
WORDS = ("subject", "preheader")


def edit_days(issue_id: int, values: dict[str, Any], seen: str, at: datetime) -> Issue:
    """Change the days of the plan (DAYS; None for none). The letter says none of them, so an approval holds on.

    `seen` is `mark_of` what the page showed. Raises NotFound, NotEditable, OutOfOrder, ChangedMeanwhile. Flushes.
    """
    issue = editable_issue(issue_id)
    refuse_overwriting(days_of(issue), values, seen)
    _refuse_disorder(values)
    if days_of(issue) != values:
        for name, value in values.items():
            setattr(issue, name, value)
        issue.changed_at = at
        audit.record("issue.dates_changed", f"issue:{issue_id}")
    db.session.flush()
    return issue


def edit_words(issue_id: int, values: dict[str, str], seen: str, account_id: int | None, at: datetime) -> Issue:
    """Change subject and preheader (WORDS), otherwise as `edit_days`; asks for a new approval."""
    issue = editable_issue(issue_id)
    refuse_overwriting(words_of(issue), values, seen)
    if words_of(issue) != values:
        issue.subject, issue.preheader = values["subject"], values["preheader"]
        note_change(issue, account_id, at)
        audit.record("issue.edited", f"issue:{issue_id}", fields=list(WORDS))
    db.session.flush()
    return issue


def days_of(issue: Issue) -> dict[str, Any]:
    """The days as `edit_days` takes them."""
    return {name: getattr(issue, name) for name in DAYS}


def words_of(issue: Issue) -> dict[str, str]:
    """Subject and preheader as `edit_words` takes them."""
    return {name: getattr(issue, name) for name in WORDS}


def _refuse_disorder(values: dict[str, Any]) -> None:
    days = [values[name] for name in ("manuscript_on", "proof_on", "send_on") if values[name] is not None]
    if days != sorted(days):
        raise OutOfOrder("Dagarna kommer i fel ordning. Manus ska vara före korrektur, och korrektur före utskick.")
