"""Doors for everybody: start, calendar, the event's page, its picture and QR codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.documents import qr_svg
from eventsys.events import queries
from eventsys.events.calendar import event_calendar
from eventsys.events.cards import by_month, card, date_parts, series_name, status
from eventsys.events.facts import pointers_of
from eventsys.events.invitations.requests import takes_requests
from eventsys.events.materials.queries import public_of
from eventsys.events.models import Event, EventPhase, EventState
from eventsys.events.picture import share_picture
from eventsys.events.programme.models import Slot
from eventsys.events.programme.queries import SessionPlaces, places_in, slots_of
from eventsys.events.programme.view import days_of
from eventsys.events.public.doors import calendar_file, doors
from eventsys.events.seats import seats, seats_of
from eventsys.events.structured import json_ld
from eventsys.i18n import link, url
from eventsys.pages import kept_for_a_moment
from eventsys.security import may_be_framed

NEXT = 3


@doors.get("/")
@kept_for_a_moment
def show_start() -> ResponseReturnValue:
    at = now()
    events = [event for event in queries.public_events(at) if event.state is not EventState.CANCELLED][:NEXT]
    counted = seats_of(events)
    return render_template("events/start.html", cards=[card(event, counted[event.id], at) for event in events])


@doors.get("/evenemang")
@kept_for_a_moment
def show_calendar() -> ResponseReturnValue:
    at, chosen = now(), request.args.get("serie", "")
    events = queries.public_events(at, chosen)
    return render_template(
        "events/calendar.html",
        months=by_month(events, seats_of(events), at),
        series=queries.public_series(at),
        chosen=chosen,
    )


@doors.get("/evenemang/lista")
@kept_for_a_moment
def show_embedded_list() -> ResponseReturnValue:
    """The list for other sites to show in a frame: no cookie, no script, no form."""
    at = now()
    events = queries.public_events(at, request.args.get("serie", ""))
    counted = seats_of(events)
    page = render_template("events/embedded.html", cards=[card(event, counted[event.id], at) for event in events])
    return may_be_framed(Response(page))


@doors.get("/evenemang/<slug>")
@kept_for_a_moment
def show_event(slug: str) -> ResponseReturnValue:
    at, event = now(), queries.event_by_slug(slug)
    counted, slots = seats(event), slots_of(event)
    address = link("events.show_event", slug=event.slug)
    return render_template(
        "events/event.html",
        event=event,
        date=date_parts(event.starts_at),
        series=series_name(event),
        status=status(event, counted, at),
        phase=event.phase(at),
        seats=counted,
        json_ld=json_ld(event, counted, at, slots),
        days=days_of(slots, _places_told(event, slots, at), whole=False),
        address=address,
        qr=qr_svg(address, event.title),
        source=request.args.get("kalla", ""),
        materials=public_of(event.id),
        token="",
        pointers=pointers_of(event) if event.phase(at) is EventPhase.OVER else [],
        asks_for_place=event.by_invitation and takes_requests(event, at),
    )


def _places_told(event: Event, slots: Sequence[Slot], at: datetime) -> dict[int, SessionPlaces]:
    """Places left in each session while one can still come."""
    counts = event.phase(at) in (EventPhase.OPEN, EventPhase.UPCOMING) and any(slot.has_choice for slot in slots)
    return places_in(event) if counts else {}


@doors.get("/evenemang/<slug>/platser")
@kept_for_a_moment
def show_seats(slug: str) -> ResponseReturnValue:
    """The words about seats left, fetched again while a form is being filled in."""
    event = queries.event_by_slug(slug)
    return render_template("events/_seats.html", status=status(event, seats(event), now()))


@doors.get("/evenemang/<slug>/kalender.ics")
@kept_for_a_moment
def show_event_calendar(slug: str) -> ResponseReturnValue:
    event = queries.event_by_slug(slug)
    return calendar_file(event_calendar([event], {event.id: slots_of(event)}), slug)


@doors.get("/evenemang/<slug>/bild.png")
@kept_for_a_moment
def show_picture(slug: str) -> ResponseReturnValue:
    """The picture that shows when the event's address is shared."""
    picture = share_picture(queries.event_by_slug(slug))
    return Response(picture, mimetype="image/png", headers={"Cache-Control": "public, max-age=600"})


@doors.get("/q/<code>")
def show_source(code: str) -> ResponseReturnValue:
    """The short address of a poster's QR code leads to its event, and says which poster it was."""
    source = queries.source_by_code(code)
    return redirect(url("events.show_event", slug=source.event.slug, kalla=source.code))
