"""The staff's pages of the follow-up, gathered: each group of pages has a file in followup/staff/."""

from __future__ import annotations

from types import ModuleType

from eventsys.followup import words
from eventsys.followup.due import due_report
from eventsys.followup.staff import assessing, figures, goals, hand, report, years
from eventsys.followup.staff.doors import doors
from eventsys.staff.acts import ACTS, THINGS
from eventsys.staff.waiting import WAITING

PAGES: tuple[ModuleType, ...] = (assessing, figures, goals, hand, report, years)

ACTS.update(words.ACTS)
THINGS.update(words.THINGS)
WAITING.append(due_report)

__all__ = ["PAGES", "doors"]
