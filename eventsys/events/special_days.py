"""What is worth a thought about a date before people are invited: holidays, days between them, weekends, July."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date

from eventsys.events.deadlines import is_working_day, swedish_holidays

QUIET_WEEKS = range(28, 32)


def remarks_on(day: date, today: date) -> list[str]:
    """Swedish sentences about the day, empty for an ordinary one. Warnings, never errors."""
    remarks = [_past(day)] if day < today else []
    if (name := swedish_holidays().get(day)) is not None:
        remarks.append(f"{_named(day)} är {_in_sentence(name)}.")
    elif day.weekday() >= 5:
        remarks.append(f"{_named(day)} är en {format_date(day, 'EEEE', locale='sv_SE')}.")
    elif is_squeezed(day):
        remarks.append(f"{_named(day)} är en klämdag. Många är lediga då.")
    if day.isocalendar().week in QUIET_WEEKS:
        remarks.append(f"Vecka {day.isocalendar().week} är mitt i semestern. Färre brukar komma.")
    return remarks


def is_squeezed(day: date) -> bool:
    """A working day alone between days off (klämdag)."""
    one = timedelta(days=1)
    return is_working_day(day) and not is_working_day(day - one) and not is_working_day(day + one)


def _past(day: date) -> str:
    return f"{_named(day)} har redan varit."


def _named(day: date) -> str:
    return format_date(day, "d MMMM y", locale="sv_SE")


def _in_sentence(name: str) -> str:
    """Swedish holidays are written without a capital in a sentence, those named after somebody apart."""
    keeps_capital = ("Kristi", "Alla")
    return name if name.startswith(keeps_capital) else name[:1].lower() + name[1:]
