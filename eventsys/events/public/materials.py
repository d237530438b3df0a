"""Doors to material: public files for everybody, the rest for those who came. Always as a download."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from eventsys.events import queries
from eventsys.events.materials.handing_out import download
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
