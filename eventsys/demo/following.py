"""The follow-up in the demonstration: plans of two years, figures by hand, half-years judged and settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from eventsys.audit import act_as, retelling
from eventsys.clock import local
from eventsys.database import db
from eventsys.demo.days import moment
from eventsys.followup.assessing import assess
from eventsys.followup.entries import Written, add_entry
from eventsys.followup.models import ByHand, Goal, Light
from eventsys.followup.periods import Period, has_ended
from eventsys.followup.plans import new_plan
from eventsys.followup.queries import goals_of
from eventsys.followup.reports import line_of
from eventsys.followup.settling import settle
from eventsys.staff.models import Account

DAY = timedelta(days=1)
POSTS_A_MONTH = (3, 4, 2, 4, 3, 5, 1, 3, 4, 4, 3, 2)
SURVEYED, RANKED = (74.0, 77.0), ("plats 131 av 290", "plats 118 av 290")
"""The city's NKI and ranking, last year and this."""
COMMENTS = {
    Light.GREEN: "Vi ligger i fas med planen och fortsätter på samma sätt.",
    Light.YELLOW: "Något efter. Fler tillfällen är planerade till hösten, så målet kan fortfarande nås.",
    Light.RED: "Vi hinner inte ikapp utan att lägga om arbetet. Förslag tas upp på nästa möte.",
}
WITHOUT_FIGURE = "Siffran finns inte för den tiden. Bedömningen bygger på det vi minns av året."


class Following:
    """Plans the year before and this one, and judges every half-year that has ended."""

    def __init__(self, at: datetime, organiser: Account) -> None:
        self.at, self.organiser = at, organiser
        self.this_year = local(at).year

    def fill(self) -> None:
        """Flushes, does not commit."""
        act_as(self.organiser.actor)
        for place, year in enumerate((self.this_year - 1, self.this_year)):
            self._plan(year)
            self._write_down(year, place)
            for half in (1, 2):
                if has_ended(year, half, self.at - timedelta(hours=1)):  # the latest that anything is told of
                    self._judge(year, half)
        self._write_late()

    def _at(self, day: date, clock: str) -> datetime:
        """The time on that day, never later than the present."""
        return min(moment(day, clock), self.at - timedelta(hours=1))

    def _done(self, at: datetime, act: Callable[[datetime], object]) -> None:
        """Do it at its time, in the audit trail too."""
        told = retelling.set(at)
        try:
            act(at)
            db.session.flush()
        finally:
            retelling.reset(told)

    def _plan(self, year: int) -> None:
        by = self.organiser.name
        self._done(self._at(date(year - 1, 12, 10), "13.30"), lambda at: new_plan(year, by, at))

    def _write_down(self, year: int, place: int) -> None:
        for goal in goals_of(year):
            if goal.by_hand is ByHand.SUM:
                for month, posts in enumerate(POSTS_A_MONTH, start=1):
                    self._enter(goal, date(year, month, 28), Written(date(year, month, 28), float(posts)))
            elif goal.unit == "plats":
                day = date(year, 9, 24)
                self._enter(goal, day, Written(day, None, RANKED[place], "Svenskt Näringslivs webbplats."))
            elif goal.by_hand is not None:
                day = date(year, 4, 22)
                self._enter(goal, day, Written(day, SURVEYED[place], "", "SKR:s rapport Insikt."))

    def _enter(self, goal: Goal, day: date, written: Written) -> None:
        if moment(day, "15.10") < self.at:
            by = self.organiser.name
            self._done(moment(day, "15.10"), lambda at: add_entry(goal.year, goal.id, written, by, at))

    def _judge(self, year: int, half: int) -> None:
        settled_on = Period(year, f"h{half}").last + 18 * DAY
        for goal in goals_of(year):
            self._assess(goal, half, self._at(settled_on - 3 * DAY, "10.20"))
        by = self.organiser.name
        self._done(self._at(settled_on, "14.00"), lambda at: settle(year, half, by, at))

    def _assess(self, goal: Goal, half: int, at: datetime) -> None:
        line = line_of(goal, half, at)
        light = line.suggestion or (Light.GREEN if line.value is not None else Light.YELLOW)
        comment = COMMENTS[light] if line.value is not None else WITHOUT_FIGURE
        by = self.organiser.name
        self._done(at, lambda at: assess(goal.year, half, goal.id, light, comment, by, at))

    def _write_late(self) -> None:
        """Two posts that were forgotten when the latest half-year was settled: its page shows them beside."""
        year = self.this_year if has_ended(self.this_year, 1, self.at) else self.this_year - 1
        goal = next(one for one in goals_of(year) if one.by_hand is ByHand.SUM)
        late = Written(date(year, 6, 12), 2.0, "", "Glömdes när halvåret stängdes.")
        self._done(self.at - 3 * timedelta(hours=1), lambda at: add_entry(year, goal.id, late, self.organiser.name, at))
