"""Doors: the questions of an event's survey."""

from __future__ import annotations

from functools import partial

from flask import request, url_for
from flask.typing import ResponseReturnValue

from eventsys.events.access import WRITERS
from eventsys.events.programme.queries import slots_of
from eventsys.staff.guards import staff_only
from eventsys.surveys.queries import locked_survey
from eventsys.surveys.staff import question_pages as pages
from eventsys.surveys.staff.doors import doors
from eventsys.surveys.staff.reach import survey_for

PATH = "/evenemang/<int:event_id>/enkat/fragor"
ONE = f"{PATH}/<int:survey_question_id>"


def _place(event_id: int) -> pages.Place:
    event, survey = survey_for(event_id)
    sessions = [session for slot in slots_of(event) for session in slot.sessions]
    back = url_for("surveys_staff.show_survey", event_id=event_id, _anchor="fragor")
    return pages.Place(survey, partial(locked_survey, survey.id), back, f"Enkät: {event.title}", sessions)


@doors.get(f"{PATH}/ny")
@staff_only(*WRITERS)
def show_new_survey_question(event_id: int) -> ResponseReturnValue:
    return pages.show_form(_place(event_id), None)


@doors.post(f"{PATH}/ny")
@staff_only(*WRITERS)
def submit_new_survey_question(event_id: int) -> ResponseReturnValue:
    return pages.submit_form(_place(event_id), None)


@doors.get(ONE)
@staff_only(*WRITERS)
def show_survey_question(event_id: int, survey_question_id: int) -> ResponseReturnValue:
    return pages.show_form(_place(event_id), survey_question_id)


@doors.post(ONE)
@staff_only(*WRITERS)
def submit_survey_question(event_id: int, survey_question_id: int) -> ResponseReturnValue:
    return pages.submit_form(_place(event_id), survey_question_id)


@doors.post(f"{ONE}/upp")
@staff_only(*WRITERS)
def submit_survey_question_up(event_id: int, survey_question_id: int) -> ResponseReturnValue:
    return pages.submit_move(_place(event_id), survey_question_id, up=True)


@doors.post(f"{ONE}/ner")
@staff_only(*WRITERS)
def submit_survey_question_down(event_id: int, survey_question_id: int) -> ResponseReturnValue:
    return pages.submit_move(_place(event_id), survey_question_id, up=False)


@doors.get(f"{ONE}/ta-bort")
@staff_only(*WRITERS)
def show_survey_question_removal(event_id: int, survey_question_id: int) -> ResponseReturnValue:
    return pages.show_removal(_place(event_id), survey_question_id)


@doors.post(f"{ONE}/ta-bort")
@staff_only(*WRITERS)
def submit_survey_question_removal(event_id: int, survey_question_id: int) -> ResponseReturnValue:
    return pages.submit_removal(_place(event_id), survey_question_id, "utan-nki" in request.form)


@doors.post(f"{PATH}/nki")
@staff_only(*WRITERS)
def submit_survey_nki(event_id: int) -> ResponseReturnValue:
    """Ask what is missing of the three questions of the index."""
    return pages.submit_nki(_place(event_id))
