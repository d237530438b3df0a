"""A file as an answer that browsers save and never open in the page."""

from __future__ import annotations

import io

from flask import Response, send_file

from eventsys.errors import NotFound
from eventsys.events.materials.models import Material


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
