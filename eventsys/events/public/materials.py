"""Doors to material: public files for everybody, the rest for those who came. Always as a download."""

from __future__ import annotations

import io

from flask import Response, redirect, send_file
from flask.typing import ResponseReturnValue

from eventsys.errors import NotFound
from eventsys.events import queries
from eventsys.events.materials.models import Material
from eventsys.events.materials.queries import material_for, public_material
from eventsys.events.public.doors import doors


@doors.get("/material/<token>")
def show_material(token: str) -> ResponseReturnValue:
    return download(public_material(token))


@doors.get("/bokning/<token>/material/<int:material_id>")
def show_own_material(token: str, material_id: int) -> ResponseReturnValue:
    """For somebody of this booking who came; to all others it is not there."""
    _, attendees = queries.booking_by_token(token)
    found = material_for(attendees, material_id)
    return redirect(found.url) if found.url else download(found, private=True)


def download(material: Material, private: bool = False) -> Response:
    """The file under its own name and type; no browser shows it in the page or guesses at another type."""
    if material.content is None:
        raise NotFound
    answer = send_file(
        io.BytesIO(material.content),
        mimetype=material.content_type,
        as_attachment=True,
        download_name=material.file_name,
        last_modified=material.created_at,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store" if private else "public, max-age=300"
    return answer
