"""Who is signed in at a door: a signed cookie for this door alone, and the tries with a wrong PIN."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer

from eventsys.clock import now
from eventsys.config import settings
from eventsys.events.checkin.models import Door
from eventsys.events.checkin.pins import Keeper

COOKIE = "dorr"


def keeper_here(door: Door) -> Keeper | None:
    """Who the cookie says is at this door; None without one, for another door, when its time is out or the PINs new."""
    try:
        token, version, keeper, ends_at = _signer().loads(request.cookies.get(COOKIE, ""))
        is_valid = (token, version) == (door.token, door.pin_version) and now().timestamp() < ends_at
        return Keeper(keeper) if is_valid else None
    except (BadSignature, ValueError, TypeError):
        return None


def sign_in(response: Response, door: Door, keeper: Keeper, until: datetime) -> Response:
    """Give the cookie. It goes to this door's pages only, no script reads it, and no other site can use it."""
    response.set_cookie(
        COOKIE,
        _signer().dumps([door.token, door.pin_version, keeper.value, until.timestamp()]),
        max_age=max(60, int((until - now()).total_seconds())),
        path=path_of(door),
        secure=settings().served_securely,
        httponly=True,
        samesite="Strict",
    )
    return response


def sign_out(response: Response, door: Door) -> Response:
    response.delete_cookie(COOKIE, path=path_of(door), samesite="Strict", httponly=True)
    return response


def path_of(door: Door) -> str:
    return f"/dorr/{door.token}"


def form_key() -> str:
    """What forms at the door carry: it follows from the cookie, so no other site knows it."""
    cookie = request.cookies.get(COOKIE, "")
    return hmac.new(settings().secret_key.encode(), f"door-form|{cookie}".encode(), hashlib.sha256).hexdigest()[:32]


def is_own_form() -> bool:
    return hmac.compare_digest(request.form.get("nyckel", "").encode(), form_key().encode())


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="eventsys.door")
