"""Days on which somebody would really arrange something: no holidays, no days between them, no July."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from eventsys.clock import from_local
from eventsys.events.deadlines import is_working_day
from eventsys.events.special_days import QUIET_WEEKS, is_squeezed

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
_ONE = timedelta(days=1)


class Days:
    """Hands out days near a distance from today, each day once."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._taken: set[date] = set()

    def take(self, distance: int, weekday: int) -> date:
        """The first free suitable day of the week that is at least so many days ahead (or, if negative, back)."""
        day = self._today + timedelta(days=distance)
        while day.weekday() != weekday or day in self._taken or not is_suitable(day):
            day += _ONE if distance > 0 else -_ONE
        self._taken.add(day)
        return day


def is_suitable(day: date) -> bool:
    """A working day that people are likely to spend at work."""
    at_christmas = (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 7)
    quiet = day.isocalendar().week in QUIET_WEEKS
    return is_working_day(day) and not (at_christmas or quiet or is_squeezed(day))


def at_work(today: date, days_ago: int, clock: str) -> datetime:
    """The time on the last working day that is at least so many days ago."""
    day = today - timedelta(days=days_ago)
    while not is_working_day(day):
        day -= _ONE
    return moment(day, clock)


def moment(day: date, clock: str) -> datetime:
    """`11.30` on the day, in Borås, as a moment in UTC."""
    return from_local(datetime.combine(day, time.fromisoformat(clock.replace(".", ":"))))


def opening_after(today: date, days: int, clock: str) -> datetime:
    """The time on the first working day that is at least so many days ahead."""
    day = today + timedelta(days=days)
    while not is_working_day(day):
        day += _ONE
    return moment(day, clock)
