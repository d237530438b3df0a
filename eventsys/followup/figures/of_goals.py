"""The figure of a goal, whether the system takes it or colleagues write it down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from babel.dates import format_date

from eventsys.followup.figures.catalogue import FIGURES
from eventsys.followup.figures.counted import Counted, many, unknown
from eventsys.followup.figures.sight import Sight
from eventsys.followup.models import ByHand, Goal, HandEntry
from eventsys.followup.periods import Period
from eventsys.i18n import number

NO_ENTRY = "ingenting inskrivet"


def counted_of(goal: Goal, sight: Sight, entries: Sequence[HandEntry]) -> Counted:
    """The goal's figure in the period of `sight`; `entries` are those of the goal, taken back or not, oldest first."""
    figure = FIGURES.get(goal.figure)
    if figure is not None:
        return figure.count(sight, goal.series_id)
    return entered(goal, in_period(entries, sight.period))


def in_period(entries: Sequence[HandEntry], period: Period) -> list[HandEntry]:
    """Those that hold and are about a day of the period, by day."""
    found = [one for one in entries if one.taken_back_at is None and period.first <= one.day <= period.last]
    return sorted(found, key=lambda one: (one.day, one.id))


def entered(goal: Goal, entries: Sequence[HandEntry]) -> Counted:
    """What these entries come to: their sum, or what the latest of them says."""
    if not entries:
        return unknown(NO_ENTRY)
    if goal.by_hand is ByHand.SUM:
        value = exact_sum(entries)
        return Counted(value, number(value), f"{many(len(entries), 'anteckning', 'anteckningar')} för hand")
    latest = entries[-1]
    by_whom = f"gäller {_in_words(latest.day)}, inskrivet av {latest.added_by}"  # with its year: it is kept
    return Counted(latest.amount, latest.words or number(latest.amount or 0), by_whom)


def exact_sum(entries: Sequence[HandEntry]) -> float:
    """The sum of amounts as people wrote them: 0,1 and 0,2 are 0,3."""
    return float(sum(Fraction(str(one.amount or 0)) for one in entries))


def grows(goal: Goal) -> bool:
    """Whether the figure adds up over the year, so that a half is held against half the target."""
    figure = FIGURES.get(goal.figure)
    return figure.grows if figure is not None else goal.by_hand is ByHand.SUM


def _in_words(day: date) -> str:
    """`22 april 2026`, in any year: what a settled report keeps is held against this."""
    return format_date(day, "d MMMM y", locale="sv")
