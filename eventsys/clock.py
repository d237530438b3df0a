"""The time: UTC inside, Europe/Stockholm on pages."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """An aware moment as the clock on the wall in Borås shows it."""
    return moment.astimezone(STOCKHOLM)


def from_local(wall_time: datetime) -> datetime:
    """A naive wall time in Borås as an aware moment in UTC.

    A time that summer time skips (02.30 on the last Sunday of March) becomes the moment an hour later on the wall;
    a time that occurs twice means the first.
    """
    return wall_time.replace(tzinfo=STOCKHOLM).astimezone(UTC)


def midnights(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments at which these days begin and are over in Borås: the second is the midnight after `last`."""
    return _midnight(first), _midnight(last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return from_local(datetime.combine(day, time.min))
