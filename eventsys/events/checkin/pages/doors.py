"""The blueprint of the door's pages, and what they share: which door, who is there, and whether it may be used.

No page here uses the session. Who is at the door stands in a cookie of its own (entering.py), SameSite=Strict; a script
says so in a header that other sites cannot send, a form carries a key that follows from the cookie.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import Busy, NotFound
from eventsys.events.checkin.entering import keeper_here
from eventsys.events.checkin.models import Door
from eventsys.events.checkin.opening import Hours, Standing, hours_of, standing_of
from eventsys.events.checkin.pins import Keeper
from eventsys.events.programme.models import Session

doors = Blueprint("door", __name__, url_prefix="/dorr")

HEADER = "X-Dorr"  # a script of ours sends it; another site would have to ask first, and is refused
SHELL = "X-Dorr-Skal"  # says that this page may be kept for later without network

# Two things only this page may do: use the camera, and run the vendored reader of QR codes, which is WebAssembly.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)


@dataclass(frozen=True)
class Place:
    """A door as a request meets it."""

    door: Door
    hours: Hours
    standing: Standing
    keeper: Keeper | None


@doors.after_request
def _with_manners(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def place_at(token: str) -> Place:
    """The door with this token. Raises NotFound."""
    query = (
        select(Door)
        .options(joinedload(Door.event), joinedload(Door.session).joinedload(Session.slot))
        .where(Door.token == token)
    )
    door = db.session.execute(query).scalar_one_or_none()
    if door is None:
        raise NotFound
    hours = hours_of(door.event)
    return Place(door, hours, standing_of(door, hours, now()), keeper_here(door))


def page(template: str, place: Place, status: int = 200, **context: Any) -> Response:
    """A page of the door."""
    html = render_template(
        f"events/door/{template}.html", place=place, door=place.door, event=place.door.event, **context
    )
    return make_response(html, status)


def shut_page(place: Place) -> Response:
    """Why the door cannot be used now."""
    return page("shut", place, 403 if place.standing is Standing.EARLY else 410)


def with_camera(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    return response


def refused(text: str, status: int) -> Response:
    """What a script is told: in clear words, as JSON."""
    return make_response(jsonify(error=text), status)


def for_scripts(view: Callable[..., Response]) -> Callable[..., Response]:
    """Everything that can go wrong is told as JSON, never as a page."""

    @functools.wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Response:
        try:
            return view(*args, **kwargs)
        except NotFound:
            return refused("Dörren finns inte.", 404)
        except Busy:
            return refused("Många skriver just nu. Försök igen.", 503)

    return answered
