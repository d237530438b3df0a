"""The door to pictures of articles, for mail programs, web pages and whoever keeps them on the way."""

from __future__ import annotations

from flask import Response, request

from eventsys.newsletters.issues.queries import picture_by_token
from eventsys.newsletters.public.doors import open_doors

_KEPT = "public, max-age=31536000, immutable"


@open_doors.get("/bild/<token>")
def show_picture(token: str) -> Response:
    """The bytes behind a token never change, so they may be kept for a year."""
    picture = picture_by_token(token)
    answer = Response(mimetype=picture.content_type)
    answer.headers["Cache-Control"] = _KEPT
    answer.set_etag(picture.sha256)
    if picture.sha256 not in request.if_none_match:
        answer.set_data(picture.content)
    answer.make_conditional(request)
    return answer
