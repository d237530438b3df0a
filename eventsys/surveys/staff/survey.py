"""Doors: the survey of an event: made, looked through, made ready, opened and closed by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.events.access import PLANNERS, WRITERS, event_for
from eventsys.events.attendance.closing import has_ended
from eventsys.events.models import Event
from eventsys.fields import refuse
from eventsys.forms import Form
from eventsys.overwriting import ChangedMeanwhile
from eventsys.staff.guards import signed_in, staff_only
from eventsys.surveys import editing, planning
from eventsys.surveys.closing import close_survey
from eventsys.surveys.freezing import why_fixed
from eventsys.surveys.inviting import number_left_to_ask
from eventsys.surveys.models import Survey
from eventsys.surveys.opening import open_survey
from eventsys.surveys.queries import locked_survey, locked_with_event, survey_of
from eventsys.surveys.questions import missing_of_nki
from eventsys.surveys.settings import survey_settings
from eventsys.surveys.staff.describing import SOURCES, lacks_english, missing_english, told
from eventsys.surveys.staff.doors import doors, survey_page
from eventsys.surveys.staff.reach import survey_for
from eventsys.surveys.staff.survey_conflicts import Conflict, conflicts_in
from eventsys.surveys.staff.survey_forms import TextsForm, TimesForm, texts_form, times_form

HOME = "/evenemang/<int:event_id>/enkat"


@doors.get(HOME)
@staff_only(*WRITERS)
def show_survey(event_id: int) -> ResponseReturnValue:
    """The survey as it is, and what will happen; without one, what a press on the button gives."""
    event = event_for(signed_in(), event_id)
    survey = survey_of(event.id)
    if survey is None:
        return _none_page(event)
    return survey_page(
        "survey", event, survey=survey, press=Form(), told=told(survey, survey_settings(), now()),
        fixed=why_fixed(survey), missing=missing_english(survey), without_nki=bool(missing_of_nki(survey.questions)),
        lacks_english=lacks_english, is_over=has_ended(event, now()),
    )  # fmt: skip


def _none_page(event: Event) -> str:
    """What would be made, not kept."""
    draft = planning.draft_of(event, now())
    return survey_page(
        "survey_none", event, press=Form(), source=SOURCES[planning.model_of(event)[0]],
        told=told(draft, survey_settings(), now()), by_itself=planning.will_be_made(event),
    )  # fmt: skip


@doors.post(HOME)
@staff_only(*PLANNERS)
def submit_new_survey(event_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    return _done(event_id, lambda: planning.make_survey(event_id, now()), "Enkäten är skapad. Se igenom den.")


def _done(event_id: int, verb: Callable[[], Any], said: str) -> ResponseReturnValue:
    """Do it in a transaction and say so, or say why not."""
    try:
        with transaction():
            verb()
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(said, "good")
    return redirect(url_for("surveys_staff.show_survey", event_id=event_id))


@doors.post(f"{HOME}/klar")
@staff_only(*PLANNERS)
def submit_survey_ready(event_id: int) -> ResponseReturnValue:
    _, survey = survey_for(event_id)
    id_ = survey.id
    return _done(event_id, lambda: editing.make_ready(locked_survey(id_), now()), "Enkäten öppnar av sig själv.")


@doors.post(f"{HOME}/utkast")
@staff_only(*PLANNERS)
def submit_survey_back(event_id: int) -> ResponseReturnValue:
    _, survey = survey_for(event_id)
    id_ = survey.id
    said = "Enkäten är ett utkast igen och öppnar inte av sig själv."
    return _done(event_id, lambda: editing.take_back(locked_survey(id_), now()), said)


# --- now ----------------------------------------------------------------------------------------------------------


@doors.get(f"{HOME}/oppna")
@staff_only(*PLANNERS)
def show_survey_opening(event_id: int) -> ResponseReturnValue:
    """Asks before letters go out, and says to how many."""
    event, survey = survey_for(event_id)
    return survey_page("opening", event, survey=survey, press=Form(), letters=number_left_to_ask(survey))


@doors.post(f"{HOME}/oppna")
@staff_only(*PLANNERS)
def submit_survey_opened(event_id: int) -> ResponseReturnValue:
    _, survey = survey_for(event_id)
    id_ = survey.id
    said = "Enkäten är öppen. Breven går ut inom någon minut."
    return _done(event_id, lambda: open_survey(locked_with_event(id_), now()), said)


@doors.get(f"{HOME}/stang")
@staff_only(*PLANNERS)
def show_survey_closing(event_id: int) -> ResponseReturnValue:
    event, survey = survey_for(event_id)
    return survey_page("closing", event, survey=survey, press=Form())


@doors.post(f"{HOME}/stang")
@staff_only(*PLANNERS)
def submit_survey_closed(event_id: int) -> ResponseReturnValue:
    _, survey = survey_for(event_id)
    id_ = survey.id
    return _done(event_id, lambda: close_survey(locked_with_event(id_), now()), "Enkäten är stängd.")


# --- texts and times ----------------------------------------------------------------------------------------------


@doors.get(f"{HOME}/texter")
@staff_only(*WRITERS)
def show_survey_texts(event_id: int) -> ResponseReturnValue:
    event, survey = survey_for(event_id)
    if why := why_fixed(survey):
        flash(why, "warn")
        return redirect(url_for("surveys_staff.show_survey", event_id=event_id))
    return _texts_page(event, texts_form(survey, editing.mark_of_texts(survey)))


def _texts_page(event: Event, form: TextsForm, conflicts: Sequence[Conflict] = ()) -> str:
    return survey_page("survey_texts", event, form=form, conflicts=conflicts)


@doors.post(f"{HOME}/texter")
@staff_only(*WRITERS)
def submit_survey_texts(event_id: int) -> ResponseReturnValue:
    event, survey = survey_for(event_id)
    form, id_ = TextsForm(), survey.id
    if not form.validate_on_submit():
        return _texts_page(event, form), 422
    try:
        with transaction():
            editing.edit_texts(locked_survey(id_), form.values(), form.seen.data, now())
    except ChangedMeanwhile as refusal:
        event, survey = survey_for(event_id)
        form.seen.data = editing.mark_of_texts(survey)
        return _texts_page(event, form, conflicts_in(refusal.saved, form.values())), 409
    except Refused as refusal:
        refuse(form, refusal)
        return _texts_page(survey_for(event_id)[0], form), 422
    return _saved(event_id, "Texterna är sparade.")


def _saved(event_id: int, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for("surveys_staff.show_survey", event_id=event_id))


@doors.get(f"{HOME}/tider")
@staff_only(*PLANNERS)
def show_survey_times(event_id: int) -> ResponseReturnValue:
    event, survey = survey_for(event_id)
    return _times_page(event, survey, times_form(survey, editing.mark_of_times(survey)))


def _times_page(event: Event, survey: Survey, form: TimesForm, conflicts: Sequence[Conflict] = ()) -> str:
    return survey_page(
        "survey_times",
        event,
        survey=survey,
        form=form,
        conflicts=conflicts,
        told=told(survey, survey_settings(), now()),
    )


@doors.post(f"{HOME}/tider")
@staff_only(*PLANNERS)
def submit_survey_times(event_id: int) -> ResponseReturnValue:
    event, survey = survey_for(event_id)
    form, id_ = TimesForm(), survey.id
    if not form.validate_on_submit():
        return _times_page(event, survey, form), 422
    try:
        with transaction():
            editing.edit_times(locked_survey(id_), form.values(), form.seen.data, now())
    except ChangedMeanwhile as refusal:
        event, survey = survey_for(event_id)
        form.seen.data = editing.mark_of_times(survey)
        return _times_page(event, survey, form, conflicts_in(refusal.saved, form.values())), 409
    except Refused as refusal:
        refuse(form, refusal)
        return _times_page(*survey_for(event_id), form), 422
    return _saved(event_id, "Tiderna är sparade.")
