"""Doors: the door list and the badges: few at once, many by a worker, fetched by the one who asked."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit, documents
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.events import words
from eventsys.events.access import PLANNERS, attendee_for, event_for
from eventsys.events.actors import make_paper
from eventsys.events.attendance import papers
from eventsys.events.attendance.badges import SHEETS, TEN, outline_page
from eventsys.events.attendance.marking import WITH_SEAT
from eventsys.events.models import Event
from eventsys.events.programme.queries import slots_of
from eventsys.events.queries import people_in_state
from eventsys.events.selection import chosen
from eventsys.events.staff.doors import doors, ids_from
from eventsys.events.staff.export_forms import BadgesForm
from eventsys.staff.guards import signed_in, staff_only

AT_ONCE = 50  # people; half a second of work
NO_PDF = "Servern kan inte göra PDF. Be den som sköter servern att köra eventsys check."
NOBODY = "Det finns ingen med en plats att skriva ut."


@doors.post("/evenemang/<int:event_id>/underlag/dorrlista")
@staff_only(*PLANNERS)
def submit_door_list(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    ids = [one.id for one in people_in_state(event, *WITH_SEAT)]
    has_choices = any(slot.has_choice for slot in slots_of(event))
    return _made(event, papers.DOOR_LIST, papers.Plan(ids, sessions=has_choices))


@doors.post("/evenemang/<int:event_id>/underlag/namnskyltar")
@staff_only(*PLANNERS)
def submit_badges(event_id: int) -> ResponseReturnValue:
    """For those ticked in the list, or for everybody with a seat."""
    event, form = event_for(signed_in(), event_id), BadgesForm()
    sheet = form.sheet.data if form.sheet.data in SHEETS else TEN.code
    ticked = ids_from(request.form.getlist("ids"))
    people = chosen(event.id, ticked) if ticked else people_in_state(event, *WITH_SEAT)
    ids = [one.id for one in people if one.has_seat]
    return _made(event, papers.BADGES, papers.Plan(ids, sheet, bool(form.sessions.data)))


@doors.get("/anmalan/<int:registration_id>/person/<int:attendee_id>/namnskylt.pdf")
@staff_only(*PLANNERS)
def show_badge(registration_id: int, attendee_id: int) -> ResponseReturnValue:
    attendee = attendee_for(signed_in(), registration_id, attendee_id)
    ids = [attendee.id] if attendee.has_seat else []
    return _made(attendee.event, papers.BADGES, papers.Plan(ids, TEN.code))


@doors.get("/underlag/provark-<sheet>.pdf")
@staff_only(*PLANNERS)
def show_outline_page(sheet: str) -> ResponseReturnValue:
    """Outlines only, to hold against the paper that the badges will be printed on."""
    chosen_sheet = SHEETS.get(sheet, TEN)
    try:
        return download(outline_page(chosen_sheet), papers.PDF, f"provark-{chosen_sheet.code}.pdf")
    except documents.NoPdf:
        return Response(NO_PDF, 503, mimetype="text/plain")


def _made(event: Event, kind: str, plan: papers.Plan) -> ResponseReturnValue:
    """Few people: the file itself. Many: it is asked for, and the page says how far it is."""
    try:
        if len(plan.ids) <= AT_ONCE:
            return _made_at_once(event, kind, plan)
        with transaction():
            paper = papers.ask_for_paper(event, signed_in().id, kind, plan, now())
            make_paper.ring_after_commit(paper.id)
    except papers.NobodyOnIt:
        flash(NOBODY, "warn")
    except documents.NoPdf:
        flash(NO_PDF, "warn")
    else:
        flash(f"{papers.TITLES[kind]} för {words.people(len(plan.ids))} görs nu. Du kan lämna sidan.", "info")
    return redirect(url_for("events_staff.show_handouts", event_id=event.id, _anchor="papper"))


def _made_at_once(event: Event, kind: str, plan: papers.Plan) -> ResponseReturnValue:
    content, name = papers.made_at_once(event, kind, plan), papers.file_name(event, kind)
    with transaction():
        _note(event.id, kind, len(plan.ids))
    return download(content, papers.PDF, name)


def _note(event_id: int, kind: str, people: int) -> None:
    audit.record(papers.TAKEN_OUT[kind], f"event:{event_id}", rows=people)


# --- asked for ----------------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/underlag/papper")
@staff_only(*PLANNERS)
def show_papers(event_id: int) -> ResponseReturnValue:
    """The part of the page that moves: how far the papers are that this person asked for."""
    event = event_for(signed_in(), event_id)
    asked = papers.papers_of(event, signed_in().id)
    return render_template("events/staff/_papers.html", event=event, papers=asked, titles=papers.TITLES)


@doors.get("/evenemang/<int:event_id>/underlag/papper/<int:paper_id>.pdf")
@staff_only(*PLANNERS)
def show_paper(event_id: int, paper_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    with transaction():
        paper = papers.ready_paper(event, signed_in().id, paper_id)
        _note(event_id, paper.kind, paper.total)
        content, name = paper.content or b"", paper.file_name
    return download(content, papers.PDF, name)
