"""A programme as the macro `timeline` shows it, a list for each day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from eventsys.clock import local
from eventsys.events.programme.models import Session, Slot
from eventsys.events.programme.queries import SessionPlaces
from eventsys.events.programme.words import places_left, slot_name
from eventsys.i18n import clock, day, language

Places = Mapping[int, SessionPlaces]


def days_of(slots: Sequence[Slot], places: Places, whole: bool = True) -> list[dict[str, Any]]:
    """The days of a programme: `name` (empty when there is only one) and `points` for the time line.

    `whole`: with descriptions and speakers. Slots without any session yet are left out.
    """
    shown = [slot for slot in slots if slot.sessions]
    days = [list(found) for _, found in groupby(shown, lambda slot: local(slot.starts_at).date())]
    return [
        {
            "name": day(found[0].starts_at) if len(days) > 1 else "",
            "points": [_point(slot, places, whole) for slot in found],
        }
        for found in days
    ]


def _point(slot: Slot, places: Places, whole: bool) -> dict[str, Any]:
    if not slot.has_choice:
        only = _part(slot.sessions[0], {}, whole)
        name = slot.in_language(language(), "name")
        if name and name != only["title"]:
            only["title"] = f"{name}: {only['title']}"
        return {**only, "time": clock(slot.starts_at)}
    parts = [_part(session, places, whole) for session in slot.sessions]
    return {"time": clock(slot.starts_at), "title": slot_name(slot), "parallel": parts}


def _part(session: Session, places: Places, whole: bool) -> dict[str, Any]:
    lang, counted = language(), places.get(session.id)
    part: dict[str, Any] = {
        "title": session.in_language(lang, "title"),
        "lang": session.language_of(lang, "title"),
        "place": session.room,
        "who": ", ".join(name for name, _role in session.speaker_list),
    }
    if whole:
        part["text"] = session.in_language(lang, "description")
        part["who"] = "; ".join(", ".join(one for one in pair if one) for pair in session.speaker_list)
    if counted is not None:
        kind = "good" if counted.open_to_newcomers else "warn"
        part |= {"status_text": places_left(counted), "status_kind": kind}
    return part
