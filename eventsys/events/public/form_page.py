"""The page of the registration form: as somebody filled it in, or empty.

When registration opens, hundreds load the empty form within a minute. It is rendered once and kept with gaps where it
differs from visitor to visitor (CSRF token, key of the form, source) or from moment to moment (the words about seats
and about the places of sessions).
It is kept under everything else that it is made of, so a kept one is never out of date.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, render_template, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from eventsys.clock import local, now
from eventsys.database import Base
from eventsys.events import queries
from eventsys.events.cards import Status, date_parts, series_name, status
from eventsys.events.forms import RegistrationForm, blank_person, registration_form
from eventsys.events.models import Event, Question
from eventsys.events.programme.forms import full_sessions, hint, offered_slots, session_hints
from eventsys.events.programme.models import Slot
from eventsys.events.programme.queries import places_in, slots_of
from eventsys.events.programme.words import places_left
from eventsys.events.seats import Seats, seats
from eventsys.i18n import language
from eventsys.identity import identity

QUEUE_OFFERED = "1"
MOST_KEPT = 200
# Unguessable, so that nothing people write can be taken for a gap.
_GAP = secrets.token_hex(8)
_CSRF, _KEY, _SOURCE, _STATUS, _FULL = (f"{_GAP}{name}" for name in ("csrf", "key", "source", "status", "full"))


@dataclass(frozen=True)
class Choices:
    """The slots of a programme to choose in; `hints` are the words at each session."""

    slots: Sequence[Slot]
    full: str = ""
    hints: Mapping[str, str] = field(default_factory=dict)


def choices_of(event: Event) -> list[Slot]:
    """The slots to choose in; one query when there are none."""
    return [slot for slot in slots_of(event) if slot.has_choice]


def form_page(event: Event, form: RegistrationForm, slots: Sequence[Slot], problem: str = "") -> str:
    """The page with a form as it is now, with its errors. `slots` are those the form lets people choose in."""
    counted, places = seats(event), places_in(event) if slots else {}
    choices = Choices(slots, full_sessions(places), session_hints(slots, places))
    return _rendered(event, form, counted, status(event, counted, now()), choices, problem)


def blank_form_page(event: Event, source: str) -> str:
    """The page with an empty form. `source` is the code of the poster or slide that led here."""
    counted, asked, slots = seats(event), queries.questions_asked(event), choices_of(event)
    shown = status(event, counted, now())
    kept: dict[Hashable, str] = current_app.extensions.setdefault("eventsys_blank_forms", {})
    key = _all_it_shows(event, asked, slots, counted)
    page = kept.get(key)
    if page is None or "_flashes" in session:
        page = _with_gaps(event, asked, slots, counted)
        if len(kept) >= MOST_KEPT:
            kept.clear()
        if "_flashes" not in session:
            kept[key] = page
    return _filled(_with_places(page, event, slots), shown.text, source)


def _all_it_shows(event: Event, asked: Sequence[Question], slots: Sequence[Slot], counted: Seats) -> Hashable:
    at = now()
    rows = (event, event.series, *asked, *slots, *(session for slot in slots for session in slot.sessions))
    has_csrf = current_app.config.get("WTF_CSRF_ENABLED", True)
    full = not counted.open_to_newcomers
    begun = sum(slot.starts_at <= at for slot in slots)
    return (language(), local(at).date(), event.phase(at), full, begun, has_csrf, identity(), *map(_values, rows))


def _values(row: Base) -> tuple[str, ...]:
    return tuple(repr(getattr(row, column.key)) for column in row.__table__.columns)


def _with_gaps(event: Event, asked: Sequence[Question], slots: Sequence[Slot], counted: Seats) -> str:
    form = registration_form(event, asked, offered_slots(slots, event, now()))
    form.source.data, form.idempotency_key.data = _SOURCE, _KEY
    hints = {str(one.id): hint(one.room, _places_gap(one.id)) for slot in slots for one in slot.sessions}
    page = _rendered(event, form, counted, Status(_STATUS, ""), Choices(slots, _FULL, hints))
    return page.replace(form.csrf_token.current_token, _CSRF) if "csrf_token" in form else page


def _places_gap(session_id: int) -> str:
    return f"{_GAP}places{session_id}."


def _with_places(page: str, event: Event, slots: Sequence[Slot]) -> str:
    if not slots:
        return page
    places = places_in(event)
    for session_id, one in places.items():
        page = page.replace(_places_gap(session_id), escape(places_left(one)))
    return page.replace(_FULL, full_sessions(places))


def _filled(page: str, words: str, source: str) -> str:
    if _CSRF in page:
        page = page.replace(_CSRF, generate_csrf())
    key = secrets.token_urlsafe(18)
    return page.replace(_KEY, key).replace(_STATUS, escape(words)).replace(_SOURCE, escape(source))


def _rendered(
    event: Event, form: RegistrationForm, counted: Seats, shown: Status, choices: Choices, problem: str = ""
) -> str:
    full = not counted.open_to_newcomers
    form.full_shown.data = choices.full
    if full:
        form.queue.data = QUEUE_OFFERED
    context: dict[str, Any] = {
        "event": event, "form": form, "title": event.in_language(language(), "title"),
        "title_lang": event.language_of(language(), "title"), "series": series_name(event),
        "date": date_parts(event.starts_at), "status": shown, "phase": event.phase(now()), "full": full,
        "queue_offered": form.queue.data == QUEUE_OFFERED, "most": event.party_size,
        "blank_person": blank_person(form), "problem": problem, "session_hints": choices.hints,
    }  # fmt: skip
    return render_template("events/registration.html", **context)
