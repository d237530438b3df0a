"""Doors: "Kommer du?", the question of the day before, answered by the person's own link."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.booking import TooLate
from eventsys.events.models import Attendee, AttendeeState, EventState
from eventsys.events.public.doors import doors
from eventsys.events.reminders.coming import NoSeat, person_by_token, say_coming, say_not_coming
from eventsys.i18n import language, url
from eventsys.limits import limit_registrations

_WAITS = (AttendeeState.WAITING, AttendeeState.OFFERED)


@doors.get("/bokning/<token>/kommer")
def show_coming(token: str) -> ResponseReturnValue:
    """Asks, or says what has been answered. `?svar=nej` puts the no first; only a press answers."""
    attendee = person_by_token(token)
    if attendee.state in _WAITS:
        return redirect(url("events.show_booking", token=token))
    event, lang = attendee.event, language()
    return render_template(
        "events/coming.html",
        attendee=attendee,
        event=event,
        title=event.in_language(lang, "title"),
        title_lang=event.language_of(lang, "title"),
        token=token,
        has_seat=attendee.state is AttendeeState.CONFIRMED,
        can_answer=_can_answer(attendee),
        leans_to_no=request.args.get("svar") == "nej",
    )


def _can_answer(attendee: Attendee) -> bool:
    event = attendee.event
    return (
        attendee.state is AttendeeState.CONFIRMED
        and event.state is EventState.PUBLISHED
        and now() < event.starts_at
    )  # fmt: skip


@doors.post("/bokning/<token>/kommer")
@limit_registrations
def submit_coming(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    attendee, answer = person_by_token(token), request.form.get("answer")
    try:
        with transaction():
            if answer == "yes":
                say_coming(attendee, now())
            elif answer == "no":
                say_not_coming(attendee, now())
    except NoSeat:
        flash(_("Platsen är inte längre din, så svaret kunde inte sparas."), "warning")
    except TooLate:
        flash(_("Det går inte längre att svara här. Hör av dig till arrangören."), "warning")
    return redirect(url("events.show_coming", token=token))
