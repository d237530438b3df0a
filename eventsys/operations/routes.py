"""The door for Prometheus: /metrics."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from eventsys.clock import now
from eventsys.config import settings
from eventsys.counters import counted
from eventsys.database import db
from eventsys.operations.metrics import figures_of
from eventsys.operations.sight import Sight, look_around

doors = Blueprint("metrics", __name__)

_PROXIES_SAY = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Via")


@doors.get("/metrics")
def show_metrics() -> ResponseReturnValue:
    """All figures; for others than those who may see them there is no such page."""
    if not (_has_token() or _comes_from_this_machine()):
        abort(404)
    text = generate_latest(figures_of(_sight())) + generate_latest(counted(settings().metrics_folder))
    return text, 200, {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"}


def _sight() -> Sight | None:
    try:
        return look_around(now())
    except SQLAlchemyError:
        db.session.rollback()
        return None


def _has_token() -> bool:
    token = settings().metrics_token
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _comes_from_this_machine() -> bool:
    """From loopback, and no proxy in front: behind one, every request comes from loopback, the whole world's too.

    A proxy shows by what it says, by being trusted, or by the https:// in the public address, which we do not serve.
    """
    if settings().trusted_proxies or settings().served_securely:
        return False
    return _is_loopback(request.remote_addr) and not any(name in request.headers for name in _PROXIES_SAY)


def _is_loopback(address: str | None) -> bool:
    try:
        return ip_address(address or "").is_loopback
    except ValueError:
        return False
