"""Doors: what is taken out of an event, gathered; what the kitchen needs; the list for representation."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit, documents
from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.events.access import PLANNERS, event_for
from eventsys.events.attendance import papers, takeouts
from eventsys.events.attendance.badges import SHEETS
from eventsys.events.attendance.figures import attendance_of, expected_heads
from eventsys.events.attendance.kitchen import kitchen_note, who_eats_what
from eventsys.events.attendance.marking import WITH_SEAT
from eventsys.events.attendance.representation import (
    Representation,
    note_taken_out,
    place_of,
    representation,
    representation_sheet,
    usual_purpose,
)
from eventsys.events.diets import diets_are_gone
from eventsys.events.forms import PressForm
from eventsys.events.models import Event
from eventsys.events.programme.queries import slots_of
from eventsys.events.queries import people_in_state
from eventsys.events.staff.doors import doors, event_page
from eventsys.events.staff.export_forms import BadgesForm, PurposeForm
from eventsys.names import slug
from eventsys.sheets import MIME, FileKind
from eventsys.staff.guards import signed_in, staff_only

TAB = "show_handouts"
NO_PDF = "Servern kan inte göra PDF. Skriv ut sidan från webbläsaren i stället."


@doors.get("/evenemang/<int:event_id>/underlag")
@staff_only(*PLANNERS)
def show_handouts(event_id: int) -> ResponseReturnValue:
    event, at = event_for(signed_in(), event_id), now()
    return event_page(
        "handouts",
        event,
        TAB,
        began=at >= event.starts_at,
        attendance=attendance_of(event),
        expected=expected_heads(event),
        kitchen=kitchen_note(event),
        forgotten=diets_are_gone(event, at),
        representation=representation(event, at),
        seated=len(people_in_state(event, *WITH_SEAT)),
        taken=takeouts.last_taken_out(event),
        papers=papers.papers_of(event, signed_in().id),
        titles=papers.TITLES,
        badges_form=BadgesForm(),
        sheets=SHEETS.values(),
        has_choices=any(slot.has_choice for slot in slots_of(event)),
        form=PressForm(),
    )


# --- the kitchen --------------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/underlag/koket")
@staff_only(*PLANNERS)
def show_kitchen(event_id: int) -> ResponseReturnValue:
    event, at = event_for(signed_in(), event_id), now()
    return event_page(
        "kitchen",
        event,
        TAB,
        began=at >= event.starts_at,
        forgotten=diets_are_gone(event, at),
        attendance=attendance_of(event),
        kitchen=kitchen_note(event),
        expected=expected_heads(event),
    )


@doors.get("/evenemang/<int:event_id>/underlag/koket.pdf")
@staff_only(*PLANNERS)
def show_kitchen_pdf(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    name = f"till-koket-{slug(event.title)}.pdf"
    try:
        paper = _kitchen_paper(event)
    except documents.NoPdf:
        flash(NO_PDF, "warn")
        return redirect(url_for("events_staff.show_kitchen", event_id=event_id))
    with transaction():
        audit.record(takeouts.KITCHEN, f"event:{event_id}", kind="pdf")
    return download(paper, papers.PDF, name)


def _kitchen_paper(event: Event) -> bytes:
    return documents.pdf(
        "events/staff/kitchen_pdf.html",
        event=event,
        kitchen=kitchen_note(event),
        expected=expected_heads(event),
        at=now(),
    )


@doors.get("/evenemang/<int:event_id>/underlag/koket/namn")
@staff_only(*PLANNERS)
def show_who_eats_what(event_id: int) -> ResponseReturnValue:
    """Health data with names: each look is noted."""
    with transaction():
        event = event_for(signed_in(), event_id)
        eaters = who_eats_what(event)
        audit.record(takeouts.NAMES_SEEN, f"event:{event.id}", rows=len(eaters))
    return event_page("who_eats_what", event, TAB, eaters=eaters)


# --- representation -----------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/underlag/representation")
@staff_only(*PLANNERS)
def show_representation(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    return _representation_page(event, PurposeForm(data={"purpose": usual_purpose(event)}))


def _representation_page(event: Event, form: PurposeForm) -> str:
    return event_page("representation", event, TAB, form=form, found=representation(event, now()))


@doors.post("/evenemang/<int:event_id>/underlag/representation")
@staff_only(*PLANNERS)
def submit_representation(event_id: int) -> ResponseReturnValue:
    """`gor` says which file: `pdf` or `xlsx`. The purpose stands in the file and is not kept."""
    event, form = event_for(signed_in(), event_id), PurposeForm()
    if not form.validate_on_submit():
        return _representation_page(event, form), 422
    kind = "xlsx" if request.form.get("gor") == "xlsx" else "pdf"
    found, name = representation(event, now()), f"representation-{slug(event.title)}.{kind}"
    try:
        content = _representation_file(found, form.purpose.data, kind)
    except documents.NoPdf:
        flash("Servern kan inte göra PDF. Välj Excel i stället.", "warn")
        return _representation_page(event, form)
    with transaction():
        note_taken_out(event_id, len(found.people), kind)
    return download(content, MIME[FileKind.XLSX] if kind == "xlsx" else papers.PDF, name)


def _representation_file(found: Representation, purpose: str, kind: str) -> bytes:
    if kind == "xlsx":
        return representation_sheet(found, purpose)
    place, date = place_of(found.event), local(found.event.starts_at).date()
    return documents.pdf("events/staff/representation_pdf.html", found=found, purpose=purpose, place=place, date=date)
