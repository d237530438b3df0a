"""A programme in words, in the language of the page or letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from eventsys.clock import local
from eventsys.events.models import Event
from eventsys.events.programme.models import Session, Slot
from eventsys.events.programme.own import OwnProgramme
from eventsys.events.programme.parts import is_course, parts_of
from eventsys.events.programme.queries import SessionPlaces
from eventsys.i18n import clock, language, number, period


def hours(starts_at: datetime, ends_at: datetime) -> str:
    """`13.00-14.00`, with a dash."""
    return f"{clock(starts_at)}\N{EN DASH}{clock(ends_at)}"


def slot_time(slot: Slot, event: Event) -> str:
    """The hours, with the day where the event lasts more than one."""
    if local(event.starts_at).date() == local(event.ends_at).date() == local(slot.starts_at).date():
        return hours(slot.starts_at, slot.ends_at)
    return period(slot.starts_at, slot.ends_at)


def slot_name(slot: Slot) -> str:
    """What the slot is called where it stands alone: its name, or what it is."""
    given = slot.in_language(language(), "name")
    return given or (_("Välj pass") if slot.has_choice else _("Program"))


def titled(session: Session) -> str:
    """The title and the room."""
    return ", ".join(part for part in (session.in_language(language(), "title"), session.room) if part)


def places_left(places: SessionPlaces) -> str:
    """Whether a newcomer gets a place."""
    left = places.open_to_newcomers
    if not left:
        return str(_("Fullt, ställ dig i kö"))
    return str(ngettext("%(num)s plats kvar", "%(shown)s platser kvar", left, shown=number(left)))


def programme_lines(own: OwnProgramme, event: Event, queue: Mapping[int, int] | None = None) -> list[tuple[str, str]]:
    """One person's programme: (when, what), the dates of a course first, then what the person chose and queues for.

    `queue` are the person's places in the queues of sessions, where the page shows them: session id -> place.
    """
    queue = queue or {}
    lines = [(period(starts_at, ends_at), words) for starts_at, ends_at, words in course_dates(own.live_slots)]
    chosen = [(session, titled(session)) for session in own.held]
    chosen += [(session, _waits(session, queue.get(session.id))) for session in own.waits_for]
    chosen.sort(key=lambda one: one[0].slot.starts_at)
    return lines + [(slot_time(session.slot, event), words) for session, words in chosen]


def _waits(session: Session, place: int | None) -> str:
    if place is None:
        return str(_("%(session)s (i kö)", session=titled(session)))
    return str(_("%(session)s (plats %(number)s i kön)", session=titled(session), number=number(place)))


def course_dates(slots: list[Slot]) -> list[tuple[datetime, datetime, str]]:
    """(start, end, words) of each date of a course; nothing for an event on one date."""
    if not is_course(slots):
        return []
    return [
        (part.starts_at, part.ends_at, _part_words(part.number, part.names)) for part in parts_of(slots, language())
    ]


def _part_words(part: int, names: tuple[str, ...]) -> str:
    return ", ".join(names) or _("Del %(number)s", number=part)
