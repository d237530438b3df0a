"""What a visitor is told about an event in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from babel.dates import format_date
from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys.clock import local
from eventsys.events.models import Event, EventPhase
from eventsys.events.seats import Seats
from eventsys.i18n import clock, language, moment, number, url

FEW = 10  # from here on the number of seats left is worth a warning colour


@dataclass(frozen=True)
class Status:
    """Whether one can come: a text, and its tone (good, warn, bad, neutral)."""

    text: str
    kind: str


def status(event: Event, seats: Seats, at: datetime) -> Status:
    """Seats left, full with a queue, not open yet, closed, over or cancelled."""
    phase = event.phase(at)
    if event.by_invitation and phase in (EventPhase.OPEN, EventPhase.UPCOMING):
        return Status(_("För inbjudna"), "neutral")
    if phase is EventPhase.OPEN:
        return _open_status(seats)
    if phase is EventPhase.UPCOMING and event.opens_at is not None:
        return Status(_("Anmälan öppnar %(when)s", when=moment(event.opens_at)), "info")
    words = {
        EventPhase.CANCELLED: (_("Inställt"), "bad"),
        EventPhase.OVER: (_("Har varit"), "neutral"),
        EventPhase.CLOSED: (_("Anmälan är stängd"), "neutral"),
        EventPhase.DRAFT: (_("Utkast"), "neutral"),
    }
    return Status(*words[phase])


def _open_status(seats: Seats) -> Status:
    left = seats.open_to_newcomers
    if not left:
        return Status(_("Fullt, ställ dig i kö"), "warn")
    text = ngettext("%(num)s plats kvar", "%(shown)s platser kvar", left, shown=number(left))
    return Status(text, "warn" if left <= FEW else "good")


def card(event: Event, seats: Seats, at: datetime) -> dict[str, Any]:
    """The event as the macro `event_card` shows it."""
    shown = status(event, seats, at)
    return {
        **date_parts(event.starts_at),
        "url": url("events.show_event", slug=event.slug),
        "title": event.in_language(language(), "title"),
        "title_lang": event.language_of(language(), "title"),
        "series": series_name(event),
        "time": f"{clock(event.starts_at)}\N{EN DASH}{clock(event.ends_at)}",
        "place": event.place,
        "status_text": shown.text,
        "status_kind": shown.kind,
        "cancelled": event.phase(at) is EventPhase.CANCELLED,
    }


def series_name(event: Event) -> str:
    return event.series.name if language() == "sv" else event.series.name_en or event.series.name


def heading(event: Event) -> dict[str, Any]:
    """What stands above a page about one event: `title` and its language, `series`, `date`, and the `event` itself."""
    return {
        "event": event,
        "title": event.in_language(language(), "title"),
        "title_lang": event.language_of(language(), "title"),
        "series": series_name(event),
        "date": date_parts(event.starts_at),
    }


def date_parts(when: datetime) -> dict[str, Any]:
    """Day, month and weekday for the date block."""
    day, locale = local(when), "en_GB" if language() == "en" else "sv_SE"
    return {
        "day": day.day,
        "month": format_date(day, "MMMM", locale=locale),
        "weekday": format_date(day, "EEEE", locale=locale),
        "datetime": day.date().isoformat(),
    }


def by_month(events: list[Event], seats: dict[int, Seats], at: datetime) -> list[tuple[str, int, list[dict[str, Any]]]]:
    """(month, year, cards) for events in order of time."""
    months = groupby(events, key=lambda event: (local(event.starts_at).year, local(event.starts_at).month))
    return [
        (date_parts(first.starts_at)["month"], year, [card(event, seats[event.id], at) for event in (first, *rest)])
        for (year, _month), group in months
        for first, *rest in [list(group)]
    ]
