"""Doors: change an event; editors change its texts only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.events import planning, words
from eventsys.events.access import PLANNERS, WRITERS, event_for, powers_of
from eventsys.events.editing import (
    ChangedMeanwhile,
    changed_here,
    edit_what_was_changed,
    marks_of,
    with_marks_anew,
)
from eventsys.events.models import Event, EventState, facts_of
from eventsys.events.programme.shifting import OutsideEvent
from eventsys.events.reminders.words import hints
from eventsys.events.seats import seats
from eventsys.events.special_days import remarks_on
from eventsys.events.staff.conflicts import Conflict, conflicts_in
from eventsys.events.staff.doors import doors, event_page
from eventsys.events.staff.forms import EventForm, TextsForm, event_form
from eventsys.fields import refuse
from eventsys.i18n import moment
from eventsys.staff.guards import signed_in, staff_only

Form = TypeVar("Form", bound=TextsForm)


@doors.get("/evenemang/<int:event_id>/installningar")
@staff_only(*WRITERS)
def show_event_form(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    if not powers_of(signed_in()).plan:
        return _texts_page(event, _marked(TextsForm(obj=event), event))
    return _page(event, _marked(event_form(event), event))


def _marked(form: Form, event: Event) -> Form:
    """The form, which remembers what it showed."""
    form.seen.data = marks_of(event, form.values())
    return form


def _page(event: Event, form: EventForm, to_tell: int = 0, conflicts: Sequence[Conflict] = ()) -> str:
    counted = seats(event)
    told = counted.confirmed + counted.offered + counted.waiting if _tells(event) else 0
    return event_page(
        "settings",
        event,
        "show_event_form",
        seats=counted,
        form=form,
        would_tell=told,
        to_tell=to_tell,
        reminder_hints=hints(event, now()),
        conflicts=conflicts,
    )


def _tells(event: Event) -> bool:
    """A change of time or place is told to people."""
    return event.state is EventState.PUBLISHED and now() < event.ends_at


@doors.post("/evenemang/<int:event_id>/installningar")
@staff_only(*PLANNERS)
def submit_event_form(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), EventForm()
    if not form.validate_on_submit():
        return _page(event, form), 422
    if to_tell := _people_to_tell(event, form):
        form.confirmed.data = _fingerprint(form)
        return _page(event, form, to_tell)
    try:
        with transaction():
            edited = edit_what_was_changed(event_id, form.values(), form.seen.data or "", now())
    except ChangedMeanwhile as refusal:
        event = event_for(signed_in(), event_id)
        return _page(event, form, conflicts=_conflicts(event, form, refusal)), 409
    except (planning.CannotPublish, OutsideEvent) as refusal:
        refuse(form, refusal)
        return _page(event_for(signed_in(), event_id), form), 422
    _say(event_id, edited, form)
    return redirect(url_for("events_staff.show_event", event_id=event_id))


def _conflicts(event: Event, form: TextsForm, refusal: ChangedMeanwhile) -> list[Conflict]:
    """What the page will show now, so that the next press is made knowingly."""
    form.seen.data = with_marks_anew(form.seen.data, event, refusal.saved)
    return conflicts_in(form, refusal.saved)


def _people_to_tell(event: Event, form: EventForm) -> int:
    """How many would get a letter about a new time or place that the page has not yet spoken of."""
    here = changed_here(form.facts(), form.seen.data or "")
    changes = {**facts_of(event), **here} != facts_of(event)
    if not changes or not _tells(event) or form.confirmed.data == _fingerprint(form):
        return 0
    return len(planning.active_people(event))


def _fingerprint(form: EventForm) -> str:
    return "|".join(str(fact) for fact in form.facts().values())


def _say(event_id: int, edited: planning.Edited, form: EventForm) -> None:
    said = ["Ändringarna är sparade."]
    if edited.told:
        said.append(f"{words.people(edited.told)} får ett brev om den nya tiden eller platsen.")
    if edited.offered:
        said.append(f"{words.people(edited.offered)} i kön erbjuds plats.")
    flash(" ".join(said), "good")
    event = event_for(signed_in(), event_id)
    counted = seats(event)
    if (over := counted.confirmed + counted.offered - counted.capacity) > 0:
        flash(f"{words.people(over)} fler är anmälda än det finns platser. Ingen förlorar sin plats.", "warn")
    if remarks := remarks_on(form.day.data, local(now()).date()):
        flash(" ".join(remarks), "warn")


# --- texts --------------------------------------------------------------------------------------------------------


def _texts_page(event: Event, form: TextsForm, conflicts: Sequence[Conflict] = ()) -> str:
    return event_page("texts", event, "show_event_form", form=form, conflicts=conflicts)


@doors.post("/evenemang/<int:event_id>/texter")
@staff_only(*WRITERS)
def submit_texts(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), TextsForm()
    if not form.validate_on_submit():
        return _texts_page(event, form), 422
    try:
        with transaction():
            edit_what_was_changed(event_id, form.values(), form.seen.data or "", now())
    except ChangedMeanwhile as refusal:
        event = event_for(signed_in(), event_id)
        return _texts_page(event, form, _conflicts(event, form, refusal)), 409
    except planning.CannotPublish as refusal:
        refuse(form, refusal)
        return _texts_page(event_for(signed_in(), event_id), form), 422
    flash(f"Texterna är sparade {moment(now())}.", "good")
    return redirect(url_for("events_staff.show_event_form", event_id=event_id))
