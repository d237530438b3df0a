"""Doors for everybody: an event's programme, and the sessions that one person has chosen."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.events import queries
from eventsys.events.cards import series_name
from eventsys.events.models import Attendee, EventPhase
from eventsys.events.programme.choosing import SessionFull, SessionGone, choose
from eventsys.events.programme.forms import SessionsForm, full_sessions, offered_slots, session_hints, sessions_form
from eventsys.events.programme.own import choices_of_person
from eventsys.events.programme.queries import places_in, slots_of
from eventsys.events.programme.view import days_of
from eventsys.events.public.doors import doors
from eventsys.i18n import language, url
from eventsys.limits import limit_registrations
from eventsys.pages import kept_for_a_moment


@doors.get("/evenemang/<slug>/program")
@kept_for_a_moment
def show_programme(slug: str) -> ResponseReturnValue:
    event, at = queries.event_by_slug(slug), now()
    slots = slots_of(event)
    if not slots:
        return redirect(url("events.show_event", slug=slug))
    counts = event.phase(at) in (EventPhase.OPEN, EventPhase.UPCOMING)
    return render_template(
        "events/programme.html",
        event=event,
        series=series_name(event),
        title=event.in_language(language(), "title"),
        title_lang=event.language_of(language(), "title"),
        days=days_of(slots, places_in(event) if counts else {}),
        phase=event.phase(at),
    )


# --- what one person has chosen -----------------------------------------------------------------------------------


@doors.get("/bokning/<token>/person/<int:attendee_id>/program")
def show_sessions(token: str, attendee_id: int) -> ResponseReturnValue:
    attendee = _mine(token, attendee_id)
    form = _form(attendee)
    return _page(token, attendee, form) if form.slot_fields and attendee.is_active else _back(token)


@doors.post("/bokning/<token>/person/<int:attendee_id>/program")
@limit_registrations
def submit_sessions(token: str, attendee_id: int) -> ResponseReturnValue:
    act_as(PUBLIC)
    attendee = _mine(token, attendee_id)
    form = _form(attendee)
    if not form.validate():
        return _page(token, attendee, form, 422)
    try:
        with transaction():
            changed = choose(attendee, form.sessions_wanted, now(), form.queue_ok)
    except SessionFull as refusal:
        form.say_full(refusal.session_ids)
        return _page(token, attendee, form, 409)
    except SessionGone:
        flash(_("Programmet har ändrats. Se efter vad som gäller och välj igen."), "warning")
        return _back(token)
    if changed:
        flash(_("Valet av pass är sparat."), "good")
    return _back(token)


def _mine(token: str, attendee_id: int) -> Attendee:
    """The person with this id, when the link may manage that person. Raises NotFound otherwise."""
    _registration, attendees = queries.booking_by_token(token)
    for attendee in attendees:
        if attendee.id == attendee_id:
            return attendee
    raise NotFound


def _form(attendee: Attendee) -> SessionsForm:
    offered = offered_slots(slots_of(attendee.event), attendee.event, now())
    return sessions_form(offered, choices_of_person(attendee))


def _page(token: str, attendee: Attendee, form: SessionsForm, code: int = 200) -> ResponseReturnValue:
    event, places = attendee.event, places_in(attendee.event)
    form.full_shown.data = full_sessions(places)
    page = render_template(
        "events/sessions.html",
        event=event,
        token=token,
        attendee=attendee,
        title=event.in_language(language(), "title"),
        title_lang=event.language_of(language(), "title"),
        form=form,
        hints=session_hints(slots_of(event), places, choices_of_person(attendee)),
    )
    return page, code


def _back(token: str) -> ResponseReturnValue:
    return redirect(url("events.show_booking", token=token))
