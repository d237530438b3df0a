"""A half-year's report is settled: its figures stand as counted then. It can be opened again, and both are kept."""

from __future__ import annotations

from datetime import datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.followup.models import Settlement
from eventsys.followup.periods import has_ended
from eventsys.followup.queries import locked_plan, settlement_of
from eventsys.followup.reports import frozen, report_of


class CannotSettle(Refused):
    """The half-year goes on, the report has no goals or unjudged ones, or it is settled already."""


class NotSettled(Refused):
    """There is nothing to open."""


def settle(year: int, half: int, by: str, at: datetime) -> Settlement:
    """Freeze the report as it is counted now. Raises CannotSettle, NotFound. Flushes, does not commit."""
    locked_plan(year)
    if settlement_of(year, half) is not None:
        raise CannotSettle("Rapporten är redan fastställd.")
    if not has_ended(year, half, at):
        raise CannotSettle("Halvåret är inte slut än, så siffrorna kan fortfarande ändras.")
    report = report_of(year, half, at)
    if not report.lines:
        raise CannotSettle("Det finns inga mål att fastställa.")
    left = len(report.lines) - report.assessed
    if left:
        raise CannotSettle("Ett mål är inte bedömt än." if left == 1 else f"{left} mål är inte bedömda än.")
    found = Settlement(
        year=year, half=half, lines=[frozen(line) for line in report.lines], settled_by=by, settled_at=at
    )
    db.session.add(found)
    db.session.flush()
    audit.record("settlement.settled", f"settlement:{found.id}", year=year, half=half, goals=len(report.lines))
    return found


def reopen(year: int, half: int, why: str, by: str, at: datetime) -> None:
    """Let the report follow the data again; the settlement stays as history. Raises NotSettled, NotFound. Flushes."""
    locked_plan(year)
    found = settlement_of(year, half)
    if found is None:
        raise NotSettled("Rapporten är inte fastställd.")
    found.reopened_by, found.reopened_at, found.reopened_why = by, at, why
    audit.record("settlement.reopened", f"settlement:{found.id}", year=year, half=half)
    db.session.flush()
