"""Destroying what is due, a portion a transaction, with the protocol counted up in the same one.

A run that is killed is gone on with: what it has destroyed stands in its lines, what is left is found anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.privacy.retention.models import RetentionLine, RetentionRun
from eventsys.retention import Force, category, force_of, in_force, interval_words

PORTION = 200
NIGHT_BEGINS = 2
"""The hour in Borås from which the day's run begins."""
CHANGED = "Regeln ändrades medan gallringen pågick, så resten står kvar."


@dataclass(frozen=True)
class Due:
    """What a category would lose now."""

    force: Force
    before: datetime
    count: int


def what_is_due(at: datetime) -> list[Due]:
    """The dry run: every category that is destroyed by itself, and how much of it would be now. A query a category."""
    found = ((force, force.interval.before(at)) for force in in_force())
    return [Due(force, before, force.category.due(before)) for force, before in found]


def begin_run(at: datetime, by: str, night: date | None = None) -> RetentionRun | None:
    """A new run with a line for each category that has something due. Flushes, does not commit.

    None when another process has begun the run of this night.
    """
    run = RetentionRun(night=night, begun_by=by, begun_at=at)
    run.lines = [_line(due) for due in what_is_due(at) if due.count]
    if not run.lines:
        run.finished_at = at
    try:
        with db.session.begin_nested():
            db.session.add(run)
    except IntegrityError:
        return None
    if run.lines:
        audit.record("retention.begun", f"retention_run:{run.id}", categories=len(run.lines))
    return run


def _line(due: Due) -> RetentionLine:
    force = due.force
    return RetentionLine(
        category=force.category.key, name=force.category.name, rule=interval_words(force.interval, force.category),
        reference=force.reference, decided_on=force.decided_on, deed=force.category.deed, before=due.before,
        due=due.count, destroyed=0,
    )  # fmt: skip


def go_on(run_id: int, at: datetime) -> bool:
    """Destroy the next portion of a run. Returns whether there may be more. Raises NotFound. Flushes.

    Workers take turns by the row's lock: one portion is destroyed and counted at a time.
    """
    run = db.session.get(RetentionRun, run_id, with_for_update=True, populate_existing=True)
    if run is None:
        raise NotFound
    line = next((one for one in run.lines if one.finished_at is None), None)
    if line is None:
        _finish(run, at)
        return False
    if not _still_holds(line, at):
        line.remark, line.finished_at = CHANGED, at
    else:
        destroyed = category(line.category).carry_out(line.before, PORTION, at)
        line.destroyed += destroyed
        line.finished_at = at if destroyed < PORTION else None
    db.session.flush()
    return True


def _still_holds(line: RetentionLine, at: datetime) -> bool:
    """Whether the rule, as it is now, would destroy this too."""
    try:
        force = force_of(line.category)
    except NotFound:  # a program that knows the category no more
        return False
    return force is not None and line.before <= force.interval.before(at) and line.reference == force.reference


def _finish(run: RetentionRun, at: datetime) -> None:
    if run.finished_at is None:
        run.finished_at = at
        audit.record("retention.destroyed", f"retention_run:{run.id}", rows=run.destroyed)
    db.session.flush()


def unfinished_runs() -> Sequence[int]:
    """Ids of runs that were cut off, or that a worker is at; for the clock."""
    return db.session.scalars(
        select(RetentionRun.id).where(RetentionRun.finished_at.is_(None)).order_by(RetentionRun.id)
    ).all()


def night_to_begin(at: datetime) -> date | None:
    """The day whose run has not begun and may; None when it has, or when it is too early."""
    wall = local(at)
    if wall.hour < NIGHT_BEGINS:
        return None
    begun = db.session.scalar(select(RetentionRun.id).where(RetentionRun.night == wall.date()))
    return None if begun else wall.date()
