"""Doors: the code on the last slide, which opens the survey without a personal link: large, as files, on paper."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys import documents
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound, Refused
from eventsys.events.access import PLANNERS, WRITERS
from eventsys.events.models import Event
from eventsys.forms import Form
from eventsys.i18n import link
from eventsys.names import slug
from eventsys.qrcodes import QrCode
from eventsys.staff.guards import staff_only
from eventsys.surveys.editing import close_open_way, open_way
from eventsys.surveys.queries import locked_survey
from eventsys.surveys.staff.doors import doors, survey_page
from eventsys.surveys.staff.reach import survey_for

HOME = "/evenemang/<int:event_id>/enkat/kod"


def _code_for(event_id: int) -> tuple[Event, QrCode]:
    """The event and its survey's code. Raises NotFound when there is none."""
    event, survey = survey_for(event_id)
    if survey.open_code is None:
        raise NotFound
    address = link("surveys.show_open_survey_form", code=survey.open_code)
    return event, QrCode(address, f"enkat-{slug(event.title)[:60]}")


@doors.get(HOME)
@staff_only(*WRITERS)
def show_survey_code(event_id: int) -> ResponseReturnValue:
    """Everything that can be done with the code; without one, what it is for."""
    event, survey = survey_for(event_id)
    qr = _code_for(event_id)[1] if survey.open_code else None
    return survey_page("code", event, survey=survey, qr=qr, press=Form())


@doors.post(HOME)
@staff_only(*PLANNERS)
def submit_survey_code(event_id: int) -> ResponseReturnValue:
    _, survey = survey_for(event_id)
    id_ = survey.id
    try:
        with transaction():
            open_way(locked_survey(id_), now())
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash("QR-koden är klar.", "good")
    return redirect(url_for("surveys_staff.show_survey_code", event_id=event_id))


@doors.post(f"{HOME}/ta-bort")
@staff_only(*PLANNERS)
def submit_survey_code_removed(event_id: int) -> ResponseReturnValue:
    _, survey = survey_for(event_id)
    id_ = survey.id
    with transaction():
        close_open_way(locked_survey(id_), now())
    flash("QR-koden gäller inte längre. De svar som kommit med den är kvar.", "good")
    return redirect(url_for("surveys_staff.show_survey", event_id=event_id))


@doors.get(f"{HOME}/bild")
@staff_only(*WRITERS)
def show_survey_slide(event_id: int) -> ResponseReturnValue:
    """For the wall: large, few words, and the address to type."""
    event, qr = _code_for(event_id)
    return render_template("surveys/staff/slide.html", event=event, qr=qr)


@doors.get(f"{HOME}/qr.svg")
@staff_only(*WRITERS)
def show_survey_svg(event_id: int) -> ResponseReturnValue:
    return _code_for(event_id)[1].svg_file()


@doors.get(f"{HOME}/qr.png")
@staff_only(*WRITERS)
def show_survey_png(event_id: int) -> ResponseReturnValue:
    return _code_for(event_id)[1].png_file()


@doors.get(f"{HOME}/affisch")
@staff_only(*WRITERS)
def show_survey_poster(event_id: int) -> ResponseReturnValue:
    event, qr = _code_for(event_id)
    return render_template("surveys/staff/poster.html", event=event, code=qr)


@doors.get(f"{HOME}/affisch.pdf")
@staff_only(*WRITERS)
def show_survey_poster_pdf(event_id: int) -> ResponseReturnValue:
    event, qr = _code_for(event_id)
    try:
        return qr.poster_file("surveys/staff/poster_pdf.html", event=event)
    except documents.NoPdf:
        flash("Servern kan inte göra PDF. Skriv ut sidan från webbläsaren i stället.", "warn")
        return redirect(url_for("surveys_staff.show_survey_poster", event_id=event_id))
