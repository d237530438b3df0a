"""The two PINs of a door. They follow from its token, its version and the secret key, so they are kept nowhere.

Staff can read them at any time; a new version ("Ny PIN") makes new ones and signs everybody out of the door.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from eventsys.config import settings
from eventsys.events.checkin.models import Door

DIGITS = 6


class Keeper(StrEnum):
    """Who stands at a door. A supervisor may also undo, and let in who has no place."""

    HOST = "host"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Pins:
    host: str
    supervisor: str


def pins_of(door: Door) -> Pins:
    """Two different PINs of six digits."""
    host, supervisor = (_number(door, keeper) for keeper in Keeper)
    if host == supervisor:
        supervisor = (supervisor + 1) % 10**DIGITS
    return Pins(f"{host:0{DIGITS}}", f"{supervisor:0{DIGITS}}")


def keeper_with(door: Door, typed: str) -> Keeper | None:
    """Whose PIN this is, spaces passed over; None for a wrong one."""
    digits, pins = "".join(typed.split()), pins_of(door)
    if hmac.compare_digest(digits.encode(), pins.supervisor.encode()):
        return Keeper.SUPERVISOR
    return Keeper.HOST if hmac.compare_digest(digits.encode(), pins.host.encode()) else None


def _number(door: Door, keeper: Keeper) -> int:
    text = f"door-pin|{door.token}|{door.pin_version}|{keeper.value}"
    digest = hmac.new(settings().secret_key.encode(), text.encode(), hashlib.sha256).digest()
    return int(int.from_bytes(digest[:8], "big") % 10**DIGITS)
