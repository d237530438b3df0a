"""Doors: an event's first page, publishing, cancelling, the queue's pause."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.events import planning, waitlist, words
from eventsys.events.access import EVERYBODY, PLANNERS, event_for, powers_of
from eventsys.events.attendance import closing
from eventsys.events.attendance.figures import attendance_of, expected_heads
from eventsys.events.facts import facts_of
from eventsys.events.figures import sign_ups
from eventsys.events.forms import PressForm
from eventsys.events.invitations.queries import silent_invited
from eventsys.events.models import DayBefore, Event, EventState
from eventsys.events.reminders.coming import said_coming
from eventsys.events.seats import seats
from eventsys.events.sources import origins
from eventsys.events.special_days import remarks_on
from eventsys.events.staff.doors import doors, event_page
from eventsys.events.staff.forms import CancelEventForm
from eventsys.i18n import short_day
from eventsys.staff.guards import signed_in, staff_only


@doors.get("/evenemang/<int:event_id>")
@staff_only(*EVERYBODY)
def show_event(event_id: int) -> ResponseReturnValue:
    event, at = event_for(signed_in(), event_id), now()
    counted, signed_up = seats(event), sign_ups(event, at)
    return event_page(
        "overview",
        event,
        "show_event",
        seats=counted,
        sign_ups=[(short_day(day), count) for day, count in signed_up.counts],
        by_week=signed_up.by_week,
        origins=origins(event),
        why_no_offer=waitlist.why_no_offer(event, at) if counted.waiting else None,
        remarks=_remarks(event),
        missing=_missing(event),
        cancel_form=CancelEventForm(),
        silent=len(silent_invited(event.id)),
        said_coming=said_coming(event.id) if event.day_before is DayBefore.ASK else None,
        asks_who_came=closing.asks_who_came(event, at),
        facts=facts_of(event) if powers_of(signed_in()).write else [],
        attendance=attendance_of(event) if _has_begun(event, at) else None,
        expected=expected_heads(event, counted) if event.state is EventState.PUBLISHED and event.ends_at > at else None,
    )


def _has_begun(event: Event, at: datetime) -> bool:
    return event.state is EventState.PUBLISHED and event.starts_at <= at


def _remarks(event: Event) -> list[str]:
    """Only while there is time to choose another day."""
    if event.state is not EventState.DRAFT:
        return []
    return remarks_on(local(event.starts_at).date(), local(now()).date())


def _missing(event: Event) -> str:
    """What stands in the way of publishing a draft, in words; empty when nothing does."""
    try:
        planning.check_ready(event)
    except planning.CannotPublish as refusal:
        return str(refusal)
    return ""


# --- publishing ---------------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/publicera")
@staff_only(*PLANNERS)
def show_publishing(event_id: int) -> ResponseReturnValue:
    return _publishing_page(event_for(signed_in(), event_id))


def _publishing_page(event: Event, refusal: str = "") -> str:
    return event_page(
        "publish", event, "", form=PressForm(), missing=_missing(event), remarks=_remarks(event), refusal=refusal
    )


@doors.post("/evenemang/<int:event_id>/publicera")
@staff_only(*PLANNERS)
def submit_publishing(event_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    try:
        with transaction():
            planning.publish(event_id, now())
    except planning.CannotPublish as refusal:
        return _publishing_page(event_for(signed_in(), event_id), str(refusal)), 422
    flash("Evenemanget är publicerat och syns för alla.", "good")
    return _back(event_id)


def _back(event_id: int) -> ResponseReturnValue:
    return redirect(url_for("events_staff.show_event", event_id=event_id))


# --- cancelling ---------------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/stall-in")
@staff_only(*PLANNERS)
def show_cancelling(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    if event.state is not EventState.PUBLISHED:
        return _back(event_id)
    return _cancelling_page(event, CancelEventForm())


def _cancelling_page(event: Event, form: CancelEventForm) -> str:
    return event_page("cancel", event, "", form=form, silent=len(silent_invited(event.id)))


@doors.post("/evenemang/<int:event_id>/stall-in")
@staff_only(*PLANNERS)
def submit_cancelling(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), CancelEventForm()
    if not form.validate_on_submit():
        return _cancelling_page(event, form), 422
    try:
        with transaction():
            told = planning.cancel_event(event_id, form.why.data, now())
    except planning.CannotPublish as refusal:
        flash(str(refusal), "warn")
        return _back(event_id)
    flash(f"Evenemanget är inställt. {_told(told)}", "good")
    return _back(event_id)


def _told(told: int) -> str:
    return f"{words.people(told)} får ett brev om det." if told else "Ingen ny behövde meddelas."


# --- the queue ----------------------------------------------------------------------------------------------------


@doors.post("/evenemang/<int:event_id>/ko/paus")
@staff_only(*PLANNERS)
def submit_pause(event_id: int) -> ResponseReturnValue:
    return _pause(event_id, paused=True, said="Kön är pausad. Ingen får en ledig plats förrän du startar den igen.")


@doors.post("/evenemang/<int:event_id>/ko/start")
@staff_only(*PLANNERS)
def submit_resume(event_id: int) -> ResponseReturnValue:
    return _pause(event_id, paused=False, said="Kön är igång igen.")


def _pause(event_id: int, paused: bool, said: str) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    with transaction():
        waitlist.pause_queue(event, paused, now())
    flash(said, "good")
    return _back(event_id)
