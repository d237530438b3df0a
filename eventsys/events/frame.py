"""The frame of an event's own pages: its head and its tabs, also for the pages that higher slices add to it."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from eventsys.events.access import powers_of
from eventsys.events.invitations.queries import has_invitations
from eventsys.events.models import Event
from eventsys.events.seats import Seats, seats
from eventsys.i18n import link
from eventsys.staff.guards import may_enter, signed_in


def event_frame(event: Event, tab: str, counted: Seats | None = None) -> dict[str, Any]:
    """What `events/staff/_event.html` needs: event, seats, tabs, address. `tab` is the endpoint that is current."""
    counted = counted or seats(event)
    return {
        "event": event,
        "seats": counted,
        "tabs": _tabs(event, tab, counted),
        "address": link("events.show_event", slug=event.slug),
    }


def _tabs(event: Event, current: str, counted: Seats) -> list[dict[str, Any]]:
    powers = powers_of(signed_in())
    registered = counted.confirmed + counted.offered + counted.waiting
    tabs = [
        ("events_staff.show_event", "Översikt", None, True),
        ("events_staff.show_people", "Anmälda", registered, powers.see_people),
        ("events_staff.show_programme", "Program", None, True),
        ("events_staff.show_guests", "Inbjudna", None, powers.plan and _has_guests(event)),
        ("events_staff.show_entrance", "Insläpp", None, powers.see_people),
        ("events_staff.show_letters", "Brev", None, powers.plan),
        ("events_staff.show_points", "Att ta upp", None, True),
        ("events_staff.show_handouts", "Underlag", None, powers.plan),
        ("surveys_staff.show_survey", "Enkät", None, _may_open("surveys_staff.show_survey")),
        ("events_staff.show_posters", "Affischer", None, powers.write),
        ("events_staff.show_event_form", "Inställningar" if powers.plan else "Texter", None, powers.write),
    ]
    return [
        {"label": label, "count": count, "current": endpoint == current, "url": url_for(endpoint, event_id=event.id)}
        for endpoint, label, count, open_ in tabs
        if open_
    ]


def _has_guests(event: Event) -> bool:
    return event.by_invitation or has_invitations(event.id)


def _may_open(endpoint: str) -> bool:
    """Whether a higher slice has this page, and whoever is signed in may open it."""
    view = current_app.view_functions.get(endpoint)
    return view is not None and may_enter(signed_in(), getattr(view, "guarded_for", frozenset()))
