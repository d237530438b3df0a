"""The blueprint of the public pages about events; the files of this folder hang their doors on it."""

from flask import Blueprint, Response

doors = Blueprint("events", __name__)


def calendar_file(content: bytes, name: str) -> Response:
    """An .ics answer that calendars open."""
    disposition = f'attachment; filename="{name}.ics"'
    return Response(content, mimetype="text/calendar", headers={"Content-Disposition": disposition})
