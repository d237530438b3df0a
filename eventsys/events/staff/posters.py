"""Doors: named QR codes of an event, as pictures and as posters to print."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from eventsys import documents
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.access import WRITERS, event_for, source_for
from eventsys.events.cards import date_parts
from eventsys.events.models import Event, Source
from eventsys.events.names import slug
from eventsys.events.sources import add_source, origins
from eventsys.events.staff.doors import doors, event_page
from eventsys.events.staff.forms import SourceForm
from eventsys.i18n import link
from eventsys.staff.guards import signed_in, staff_only

PNG_PIXELS = 24  # a module; about 900 pixels a side, sharp at 7 cm on paper


@doors.get("/evenemang/<int:event_id>/affischer")
@staff_only(*WRITERS)
def show_posters(event_id: int) -> ResponseReturnValue:
    return _page(event_for(signed_in(), event_id), SourceForm())


def _page(event: Event, form: SourceForm) -> str:
    named = [origin for origin in origins(event) if origin.source is not None]
    codes = [(origin, address_of(origin.source), _svg(origin.source)) for origin in named if origin.source]
    return event_page("posters", event, "show_posters", form=form, codes=codes)


def address_of(source: Source) -> str:
    """The short address that the QR code holds."""
    return link("events.show_source", code=source.code)


def _svg(source: Source) -> Markup:
    return Markup(documents.qr_svg(address_of(source), f"QR-kod till {address_of(source)}"))  # noqa: S704 - our own


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
    source = source_for(signed_in(), event_id, source_id)
    return _download(_svg(source).encode(), "image/svg+xml", f"qr-{slug(source.name)}.svg")


@doors.get("/evenemang/<int:event_id>/affischer/<int:source_id>/qr.png")
@staff_only(*WRITERS)
def show_source_png(event_id: int, source_id: int) -> ResponseReturnValue:
    source = source_for(signed_in(), event_id, source_id)
    picture = documents.qr_png(address_of(source), PNG_PIXELS)
    return _download(picture, "image/png", f"qr-{slug(source.name)}.png")


def _download(content: bytes, kind: str, name: str) -> Response:
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@doors.get("/evenemang/<int:event_id>/affischer/<int:source_id>")
@staff_only(*WRITERS)
def show_poster(event_id: int, source_id: int) -> ResponseReturnValue:
    """The poster as a page that prints on one A4."""
    return render_template("events/staff/poster.html", **_poster(source_for(signed_in(), event_id, source_id)))


@doors.get("/evenemang/<int:event_id>/affischer/<int:source_id>/affisch.pdf")
@staff_only(*WRITERS)
def show_poster_pdf(event_id: int, source_id: int) -> ResponseReturnValue:
    source = source_for(signed_in(), event_id, source_id)
    try:
        paper = documents.pdf("events/staff/poster_pdf.html", **_poster(source))
    except documents.NoPdf:
        flash("Servern kan inte göra PDF. Skriv ut sidan från webbläsaren i stället.", "warn")
        return redirect(url_for("events_staff.show_poster", event_id=event_id, source_id=source_id))
    return _download(paper, "application/pdf", f"affisch-{slug(source.event.title)}.pdf")


def _poster(source: Source) -> dict[str, Any]:
    return {
        "event": source.event, "source": source, "address": address_of(source), "qr": _svg(source),
        "date": date_parts(source.event.starts_at),
    }  # fmt: skip
