"""Doors: named QR codes of an event, as pictures and as posters to print."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys import documents
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.access import WRITERS, event_for, source_for
from eventsys.events.cards import date_parts
from eventsys.events.models import Event, Source
from eventsys.events.sources import add_source, origins
from eventsys.events.staff.doors import doors, event_page
from eventsys.events.staff.forms import SourceForm
from eventsys.i18n import link
from eventsys.names import slug
from eventsys.qrcodes import QrCode
from eventsys.staff.guards import signed_in, staff_only


@doors.get("/evenemang/<int:event_id>/affischer")
@staff_only(*WRITERS)
def show_posters(event_id: int) -> ResponseReturnValue:
    return _page(event_for(signed_in(), event_id), SourceForm())


def _page(event: Event, form: SourceForm) -> str:
    named = [origin for origin in origins(event) if origin.source is not None]
    codes = [(origin, qr_code(origin.source)) for origin in named if origin.source]
    return event_page("posters", event, "show_posters", form=form, codes=codes)


def qr_code(source: Source) -> QrCode:
    """It holds the short address of the source."""
    return QrCode(link("events.show_source", code=source.code), slug(source.name))


@doors.post("/evenemang/<int:event_id>/affischer")
@staff_only(*WRITERS)
def submit_source(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), SourceForm()
    if not form.validate_on_submit():
        return _page(event, form), 422
    with transaction():
        add_source(event_id, form.name.data, now())
    flash("QR-koden är klar att ladda ner och skriva ut.", "good")
    return redirect(url_for("events_staff.show_posters", event_id=event_id))


@doors.get("/evenemang/<int:event_id>/affischer/<int:source_id>/qr.svg")
@staff_only(*WRITERS)
def show_source_svg(event_id: int, source_id: int) -> ResponseReturnValue:
    return qr_code(source_for(signed_in(), event_id, source_id)).svg_file()


@doors.get("/evenemang/<int:event_id>/affischer/<int:source_id>/qr.png")
@staff_only(*WRITERS)
def show_source_png(event_id: int, source_id: int) -> ResponseReturnValue:
    return qr_code(source_for(signed_in(), event_id, source_id)).png_file()


@doors.get("/evenemang/<int:event_id>/affischer/<int:source_id>")
@staff_only(*WRITERS)
def show_poster(event_id: int, source_id: int) -> ResponseReturnValue:
    """The poster as a page that prints on one A4."""
    return _poster_page(source_for(signed_in(), event_id, source_id))


@doors.get("/evenemang/<int:event_id>/affischer/<int:source_id>/affisch.pdf")
@staff_only(*WRITERS)
def show_poster_pdf(event_id: int, source_id: int) -> ResponseReturnValue:
    source = source_for(signed_in(), event_id, source_id)
    code = QrCode(qr_code(source).address, slug(source.event.title))
    try:
        return code.poster_file("events/staff/poster_pdf.html", **_facts(source))
    except documents.NoPdf:
        flash("Servern kan inte göra PDF. Skriv ut sidan från webbläsaren i stället.", "warn")
        return redirect(url_for("events_staff.show_poster", event_id=event_id, source_id=source_id))


def _poster_page(source: Source) -> str:
    return render_template("events/staff/poster.html", code=qr_code(source), **_facts(source))


def _facts(source: Source) -> dict[str, Any]:
    return {"event": source.event, "source": source, "date": date_parts(source.event.starts_at)}
