"""Doors: invite the new companies of a half-year, or a segment, to an event in one step."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.errors import NotFound, Refused
from eventsys.events.access import event_for, within_reach
from eventsys.events.invitations.inviting import Invited
from eventsys.events.invitations.sending import CannotSend, check_sendable
from eventsys.events.models import Event, EventState
from eventsys.forms import Form
from eventsys.newsletters.audience.half_years import HalfYear, half_year_named, meant_for, new_companies, offered
from eventsys.newsletters.audience.inviting import Proposal, TooMany, invite_audience, proposal
from eventsys.newsletters.audience.keys import Audience, audience_named, segment_key, segment_of
from eventsys.newsletters.audience.segments import segments
from eventsys.newsletters.staff.doors import LIST_TAKERS, doors
from eventsys.paging import ID
from eventsys.staff.guards import signed_in, staff_only

PAGE = "newsletters_staff.show_inviting"
LIST = "events_staff.show_guests"
SEND = "skicka"
MOST_NAMES = 200
"""So many of those left out stand by name."""


@dataclass(frozen=True)
class _Source:
    """Whom the address asks for, and what it said."""

    key: str
    audience: Audience


@doors.get("/bjud-in")
@staff_only(*LIST_TAKERS)
def show_inviting_events() -> ResponseReturnValue:
    """To which event? Those that are still to come."""
    at = now()
    coming = select(Event).options(joinedload(Event.series)).where(within_reach(signed_in(), at), Event.starts_at > at)
    events = db.session.scalars(coming.where(Event.state != EventState.CANCELLED).order_by(Event.starts_at, Event.id))
    key = request.args.get("fran", "")
    return render_template(
        "newsletters/staff/inviting_events.html", events=events.all(), key=key, source=_named(key), segments=segments()
    )


def _named(key: str) -> Audience | None:
    """A half-year or a segment; None when it is gone or was never one."""
    half = half_year_named(key)
    if half:
        return new_companies(half)
    try:
        return audience_named(key) if segment_of(key) is not None else None
    except NotFound:
        return None


@doors.get(f"/bjud-in/<{ID}:event_id>")
@staff_only(*LIST_TAKERS)
def show_inviting(event_id: int) -> ResponseReturnValue:
    """Who would be invited, by name, and who not and why."""
    event = event_for(signed_in(), event_id)
    return _page(event, _source(event, request.args.get("fran", "")))


def _source(event: Event, key: str) -> _Source:
    """What was asked for, or the half-year that the event is for."""
    asked = _named(key)
    if asked is not None:
        return _Source(key, asked)
    meant = _meant(event)
    return _Source(meant.key, new_companies(meant))


def _meant(event: Event) -> HalfYear:
    return meant_for(local(event.starts_at).date(), local(now()).date())


def _page(event: Event, source: _Source) -> str:
    found, too_many = Proposal(), ""
    try:
        found = proposal(event, source.audience)
    except TooMany as refusal:
        too_many = str(refusal)
    return render_template(
        "newsletters/staff/inviting.html",
        event=event,
        source=source,
        choices=_choices(event),
        found=found,
        too_many=too_many,
        closed=_why_closed(event),
        hindrance=_why_not_sent(event),
        most_names=MOST_NAMES,
        form=Form(formdata=None),
    )


def _choices(event: Event) -> list[tuple[str, list[tuple[str, str]]]]:
    halves = offered(_meant(event), local(now()).date())
    named = [(segment_key(one.id), one.name) for one in segments()]
    return [("Nya företag", [(one.key, one.name) for one in halves]), *([("Urval", named)] if named else [])]


def _why_closed(event: Event) -> str:
    """Why nobody at all can be put on the list."""
    if event.state is EventState.CANCELLED:
        return "Evenemanget är inställt, så ingen fler kan bjudas in."
    return "Evenemanget har börjat, så ingen fler kan bjudas in." if now() >= event.starts_at else ""


def _why_not_sent(event: Event) -> str:
    """Why no letter can leave now, though the list is open."""
    try:
        check_sendable(event, now())
    except CannotSend as refusal:
        return str(refusal)
    return ""


@doors.post(f"/bjud-in/<{ID}:event_id>")
@staff_only(*LIST_TAKERS)
def submit_inviting(event_id: int) -> ResponseReturnValue:
    """Those ticked are invited; with the first button their letters leave at once."""
    event = event_for(signed_in(), event_id)
    source, send = _source(event, request.form.get("fran", "")), request.form.get("gor") == SEND
    if not request.form.getlist("adress"):
        flash("Markera minst en att bjuda in.", "warn")
        return redirect(url_for(PAGE, event_id=event_id, fran=source.key))
    try:
        with transaction():
            done = invite_audience(event_id, source.audience, set(request.form.getlist("adress")), now(), send=send)
    except Refused as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(PAGE, event_id=event_id, fran=source.key))
    flash(_said(done, send), "good")
    return redirect(url_for(LIST, event_id=event_id))


def _said(done: Invited, send: bool) -> str:
    invited = "1 är inbjuden" if done.new == 1 else f"{done.new} är inbjudna"
    listed = "1 är tillagd på gästlistan" if done.new == 1 else f"{done.new} är tillagda på gästlistan"
    return f"{invited} och får sin personliga länk med e-post nu." if send else f"{listed}. Inget är skickat än."
