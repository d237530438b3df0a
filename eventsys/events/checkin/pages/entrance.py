"""Doors: the page of a door, its PIN, and locking it again."""

from __future__ import annotations

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit
from flask_limiter.util import get_remote_address

from eventsys.events.checkin import words
from eventsys.events.checkin.entering import form_key, is_own_form, path_of, sign_in, sign_out
from eventsys.events.checkin.opening import Standing
from eventsys.events.checkin.pages.doors import SHELL, Place, doors, page, place_at, shut_page, with_camera
from eventsys.events.checkin.pages.plain import plain_part
from eventsys.events.checkin.pages.scripts import version
from eventsys.events.checkin.pins import keeper_with
from eventsys.limits import limiter

TRIES, TRIES_AT_DOOR = "10 per 10 minutes", "60 per hour"
WRONG = 422


@doors.get("/<token>")
def show_door(token: str) -> ResponseReturnValue:
    """The page that lets people in; before that the PIN. With `?q=` it searches without script."""
    place = place_at(token)
    if place.standing is not Standing.OPEN:
        return shut_page(place)
    return _pin_page(place) if place.keeper is None else _shell(place)


def _shell(place: Place) -> Response:
    """The page without a single name in it, which the phone may keep; the list comes by itself."""
    searched = "q" in request.args
    response = page(
        "door", place, words=words.for_script(), keepers=words.KEEPERS, script_version=version(), key=form_key(),
        **plain_part(place, request.args.get("q", "")),
    )  # fmt: skip
    if not searched:
        response.headers[SHELL] = version()
    return with_camera(response)


def _pin_page(place: Place, error: str = "", status: int = 200) -> Response:
    return page("pin", place, status, error=error, script_version=version())


def _too_many(_limit: RequestLimit) -> Response:
    place = place_at(str((request.view_args or {})["token"]))
    text = "För många försök med fel PIN. Vänta tio minuter och försök igen, eller be den ansvariga om rätt PIN."
    return _pin_page(place, text, 429)


def _address_and_door() -> str:
    return f"{get_remote_address()} {request.path}"


def _counts(response: Response) -> bool:
    return response.status_code == WRONG


@doors.post("/<token>")
@limiter.limit(TRIES, key_func=_address_and_door, deduct_when=_counts, on_breach=_too_many)
@limiter.limit(TRIES_AT_DOOR, key_func=lambda: request.path, deduct_when=_counts, on_breach=_too_many)
def submit_pin(token: str) -> ResponseReturnValue:
    """Only wrong PINs count against the limits, by address and door, and by door."""
    place = place_at(token)
    if place.standing is not Standing.OPEN:
        return shut_page(place)
    keeper = keeper_with(place.door, request.form.get("pin", "")[:40])
    if keeper is None:
        return _pin_page(place, "PIN-koden stämmer inte. Kontrollera de sex siffrorna och försök igen.", WRONG)
    return sign_in(_to(place), place.door, keeper, place.hours.ends_at)


@doors.post("/<token>/las")
def submit_lock(token: str) -> ResponseReturnValue:
    """Sign out. The page's script has emptied the phone before it sends this."""
    place = place_at(token)
    return sign_out(_to(place), place.door) if is_own_form() else _to(place)


def _to(place: Place) -> Response:
    return Response(status=303, headers={"Location": path_of(place.door)})
