"""Doors for machines: the calendar as iCalendar, Atom and JSON."""

from __future__ import annotations

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.events import queries
from eventsys.events.calendar import event_calendar
from eventsys.events.cards import series_name, status
from eventsys.events.models import Event
from eventsys.events.programme.queries import slots_of_events
from eventsys.events.public.doors import calendar_file, doors
from eventsys.events.seats import Seats, seats_of
from eventsys.i18n import language, link
from eventsys.pages import kept_for_a_moment


@doors.get("/kalender.ics")
@kept_for_a_moment
def show_calendar_feed() -> ResponseReturnValue:
    """All coming events, to subscribe to."""
    events = queries.public_events(now(), request.args.get("serie", ""))
    return calendar_file(event_calendar(events, slots_of_events(events)), "kalender")


@doors.get("/evenemang.atom")
@kept_for_a_moment
def show_atom_feed() -> ResponseReturnValue:
    events = queries.public_events(now(), request.args.get("serie", ""))
    changed = max((event.published_at or event.created_at for event in events), default=now())
    feed = render_template("events/feed.atom", events=events, changed=changed)
    return Response(feed, mimetype="application/atom+xml")


@doors.get("/evenemang.json")
@kept_for_a_moment
def show_json_feed() -> ResponseReturnValue:
    """All coming events for the city's web site; every site may read it."""
    at, events = now(), queries.public_events(now(), request.args.get("serie", ""))
    counted = seats_of(events)
    response = jsonify(
        events=[_as_json(event, counted[event.id], status(event, counted[event.id], at).text) for event in events]
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _as_json(event: Event, seats: Seats, words: str) -> dict[str, object]:
    return {
        "title": event.in_language(language(), "title"),
        "summary": event.in_language(language(), "summary"),
        "series": series_name(event),
        "starts_at": local(event.starts_at).isoformat(),
        "ends_at": local(event.ends_at).isoformat(),
        "place": event.place,
        "address": event.address,
        "state": event.state.value,
        "status": words,
        "seats_left": seats.open_to_newcomers,
        "url": link("events.show_event", slug=event.slug),
        "image": link("events.show_picture", slug=event.slug),
    }
