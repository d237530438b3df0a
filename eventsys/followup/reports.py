"""The report of a half-year: per focus area each goal with its figure, light and comment, live or as it was settled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventsys.followup.figures.counted import Counted
from eventsys.followup.figures.of_goals import counted_of, grows
from eventsys.followup.figures.sight import Sight
from eventsys.followup.lights import suggested
from eventsys.followup.models import Assessment, Direction, Goal, Light, Settlement
from eventsys.followup.periods import Period, report_period
from eventsys.followup.queries import assessments_of, entries_of, goals_of, plan_of, settlement_of


@dataclass(frozen=True)
class ReportLine:
    """One goal. Of a settled report `shown` and `base` are as they were; `now` is what they are, where that differs."""

    goal_id: int
    focus_area: str
    name: str
    unit: str
    target: float | None
    direction: Direction
    to_stratsys: bool
    explanation: str
    shown: str
    base: str
    value: float | None
    light: Light | None
    comment: str
    said_by: str
    suggestion: Light | None = None
    now: Counted | None = None
    figure: str = ""
    series_id: int | None = None
    is_removed: bool = False
    """It was in the plan when the report was settled, and is no more."""


@dataclass(frozen=True)
class Report:
    year: int
    half: int
    period: Period
    settlement: Settlement | None
    lines: Sequence[ReportLine]
    added_since: int = 0
    """Goals that came into the plan after the report was settled; they are not in it."""

    @property
    def areas(self) -> list[tuple[str, list[ReportLine]]]:
        """The lines by focus area, areas in the order of their first goal."""
        found: dict[str, list[ReportLine]] = {}
        for line in self.lines:
            found.setdefault(line.focus_area, []).append(line)
        return list(found.items())

    @property
    def assessed(self) -> int:
        return sum(line.light is not None for line in self.lines)

    def number_of(self, light: Light) -> int:
        return sum(line.light is light for line in self.lines)

    def for_stratsys(self) -> list[ReportLine]:
        """Those marked with *."""
        return [line for line in self.lines if line.to_stratsys]


def report_of(year: int, half: int, at: datetime) -> Report:
    """The report, counted now, and where it is settled as it was settled. A fixed number of queries.

    Raises NotFound for a year without a plan.
    """
    plan_of(year)
    live, settlement = _live(year, half, at), settlement_of(year, half)
    period = report_period(year, half)
    if settlement is None:
        return Report(year, half, period, None, live)
    now = {line.goal_id: line for line in live}
    lines = [_settled(one, now.get(one["goal_id"])) for one in settlement.lines]
    return Report(year, half, period, settlement, lines, len(now.keys() - {line.goal_id for line in lines}))


def line_of(goal: Goal, half: int, at: datetime) -> ReportLine:
    """One goal of a report as it is now."""
    said = assessments_of([goal.id], half).get(goal.id)
    sight = Sight(report_period(goal.year, half), at)
    return _line(goal, sight, counted_of(goal, sight, entries_of([goal.id]).get(goal.id, [])), said)


def _live(year: int, half: int, at: datetime) -> list[ReportLine]:
    goals = goals_of(year)
    ids = [goal.id for goal in goals]
    entries, said, sight = entries_of(ids), assessments_of(ids, half), Sight(report_period(year, half), at)
    return [_line(goal, sight, counted_of(goal, sight, entries.get(goal.id, [])), said.get(goal.id)) for goal in goals]


def _line(goal: Goal, sight: Sight, counted: Counted, said: Sequence[Assessment] | None) -> ReportLine:
    share = sight.period.share_of_year(sight.at) if grows(goal) else 1.0
    latest = said[0] if said else None
    return ReportLine(
        goal_id=goal.id, focus_area=goal.focus_area, name=goal.name, unit=goal.unit, target=goal.target,
        direction=goal.direction, to_stratsys=goal.to_stratsys, explanation=goal.explanation, shown=counted.shown,
        base=counted.base, value=counted.value, light=latest.light if latest else None,
        comment=latest.comment if latest else "", said_by=latest.by if latest else "",
        suggestion=suggested(counted.value, goal.target, goal.direction, share), figure=goal.figure,
        series_id=goal.series_id,
    )  # fmt: skip


# --- settled ------------------------------------------------------------------------------------------------------

_KEPT = (
    "goal_id", "focus_area", "name", "unit", "target", "to_stratsys", "explanation", "shown", "base", "value",
    "comment", "said_by", "figure", "series_id",
)  # fmt: skip


def frozen(line: ReportLine) -> dict[str, Any]:
    """The line as a settlement keeps it."""
    kept = {name: getattr(line, name) for name in _KEPT}
    return {**kept, "direction": line.direction.value, "light": line.light.value if line.light else None}


def _settled(kept: Mapping[str, Any], now: ReportLine | None) -> ReportLine:
    differs = now is not None and _numbers(now.shown, now.base) != _numbers(kept["shown"], kept["base"])
    return ReportLine(
        **{name: kept[name] for name in _KEPT},
        direction=Direction(kept["direction"]),
        light=Light(kept["light"]) if kept["light"] else None,
        now=Counted(now.value, now.shown, now.base) if now is not None and differs else None,
        is_removed=now is None,
    )


def _numbers(shown: str, base: str) -> tuple[str, list[str]]:
    """The figure, and the numbers that its base tells: words may be put otherwise one day, which changes nothing."""
    return shown, re.findall(r"\d+", base)
