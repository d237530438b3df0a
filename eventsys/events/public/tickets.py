"""Doors for those who hold a ticket: to show, to print, for the calendar."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsys.documents import NoPdf, qr_svg
from eventsys.errors import NotFound
from eventsys.events import queries
from eventsys.events.calendar import attendee_calendar
from eventsys.events.cards import heading
from eventsys.events.emails import ticket_pdf
from eventsys.events.models import Attendee, EventState
from eventsys.events.programme.own import own_programme
from eventsys.events.programme.words import programme_lines
from eventsys.events.public.doors import calendar_file, doors
from eventsys.i18n import url
from eventsys.tokens import human_code


@doors.get("/biljett/<code>")
def show_ticket(code: str) -> ResponseReturnValue:
    if queries.revoked_ticket(code) is not None:
        return render_template("events/ticket_revoked.html"), 410
    attendee = queries.attendee_by_ticket(code)
    valid = attendee.has_seat and attendee.event.state is not EventState.CANCELLED
    return render_template(
        "events/ticket.html",
        **heading(attendee.event),
        attendee=attendee,
        valid=valid,
        programme=programme_lines(own_programme(attendee), attendee.event) if valid else [],
        qr=qr_svg(attendee.ticket_code, _("Biljettens kod")),
        human_code=human_code(attendee.ticket_code),
    )


@doors.get("/biljett/<code>/biljett.pdf")
def show_ticket_pdf(code: str) -> ResponseReturnValue:
    attendee = _with_seat(code)
    try:
        content = ticket_pdf(attendee)
    except NoPdf:
        flash(_("Biljetten kan inte skapas som PDF just nu. Skriv ut sidan i stället."), "warning")
        return redirect(url("events.show_ticket", code=code))
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="biljett.pdf"'}
    )


@doors.get("/biljett/<code>/kalender.ics")
def show_ticket_calendar(code: str) -> ResponseReturnValue:
    attendee = _with_seat(code)
    return calendar_file(attendee_calendar(attendee, own_programme(attendee)), "evenemang")


def _with_seat(code: str) -> Attendee:
    attendee = queries.attendee_by_ticket(code)
    if not attendee.has_seat or attendee.event.state is EventState.CANCELLED:
        raise NotFound
    return attendee
