"""The staff's pages about events, gathered: each group of pages has a file of its own in events/staff/."""

from __future__ import annotations

from eventsys.events import words
from eventsys.events.models import Event, Registration, Series
from eventsys.events.staff import (
    attendance,
    checkin,
    copying,
    events,
    exports,
    handouts,
    invitation_adding,
    invitation_files,
    invitation_sending,
    invitations,
    letters,
    materials,
    messages,
    overview,
    papers,
    people,
    person_sessions,
    points,
    posters,
    programme,
    registration,
    reminders,
    series,
    settings,
    terms,
    themes,
)
from eventsys.events.staff.doors import doors
from eventsys.staff.acts import ACTS, LETTER_NAMES, PLACES, THINGS, Place
from eventsys.staff.navigation import SETTINGS, Entry

__all__ = ["PAGES", "doors"]

PAGES = (
    invitation_adding,
    invitation_files,
    invitation_sending,
    invitations,
    attendance,
    checkin,
    copying,
    events,
    exports,
    handouts,
    letters,
    materials,
    messages,
    overview,
    papers,
    people,
    points,
    posters,
    programme,
    person_sessions,
    registration,
    reminders,
    series,
    settings,
    terms,
    themes,
)

ACTS.update(words.ACTS)
LETTER_NAMES.update(words.LETTER_NAMES)
THINGS.update(words.THINGS)
PLACES.update(
    event=Place("events_staff.show_event", "event_id", Event),
    registration=Place("events_staff.show_registration", "registration_id", Registration),
    series=Place("events_staff.show_one_series", "series_id", Series),
)
SETTINGS.insert(
    1, Entry("Serier", "events_staff.show_series", "calendar", "Förval för nya evenemang, och egna frågor.")
)
