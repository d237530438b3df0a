"""What a page at the door sends: read from JSON, checked to the last field, as plain values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from eventsys.errors import Refused
from eventsys.events.checkin.models import ScanAct
from eventsys.forms import normal_email, squeeze

MOST_AT_ONCE = 100
LONGEST_BODY = 256 * 1024

_NONCE = re.compile(r"[A-Za-z0-9_-]{16,40}")
_DEVICE = re.compile(r"[A-Za-z0-9_-]{0,40}")
_BIGGEST_ID = 2**31


class BadUpload(Refused):
    """What was sent cannot be read; the text says which part."""


@dataclass(frozen=True)
class Act:
    """One thing a host did. `attendee_id` or `code` says who; a walk-in has a name instead."""

    nonce: str
    act: ScanAct
    code: str = ""
    attendee_id: int | None = None
    client_at: datetime | None = None
    device: str = ""
    was_offline: bool = False  # the host was answered by the phone alone, and let the person in
    anyway: bool = False  # a supervisor lets in somebody without a place
    name: str = ""
    company: str = ""
    email: str = ""


def read_acts(sent: Any) -> list[Act]:
    """The acts of an upload, in their order. Raises BadUpload with a text that says what is wrong where."""
    scans = sent.get("scans") if isinstance(sent, dict) else None
    if not isinstance(scans, list) or not scans:
        raise BadUpload('Skicka {"scans": [...]} med minst en post.')
    if len(scans) > MOST_AT_ONCE:
        raise BadUpload(f"Skicka högst {MOST_AT_ONCE} poster åt gången.")
    return [_act(scan, place) for place, scan in enumerate(scans, start=1)]


def _act(scan: Any, place: int) -> Act:
    if not isinstance(scan, dict):
        raise BadUpload(f"Post {place} är inget objekt.")
    read = _Reader(scan, place)
    return read.checked(
        Act(
            nonce=read.matching("nonce", _NONCE),
            act=read.act(),
            code=squeeze(read.text("code", 80)),
            attendee_id=read.number("n"),
            client_at=read.moment("at"),
            device=read.matching("device", _DEVICE),
            was_offline=read.flag("offline"),
            anyway=read.flag("anyway"),
            name=squeeze(read.text("name", 120)),
            company=squeeze(read.text("company", 200)),
            email=read.email(),
        )
    )


class _Reader:
    """The fields of one scan, or BadUpload."""

    def __init__(self, scan: dict[str, Any], place: int) -> None:
        self._scan, self._place = scan, place

    def text(self, field: str, longest: int) -> str:
        value = self._scan.get(field)
        if value is None:
            return ""
        return str(self._value(field, isinstance(value, str) and len(value) <= longest))

    def matching(self, field: str, pattern: re.Pattern[str]) -> str:
        text = self.text(field, 200)
        self._value(field, pattern.fullmatch(text) is not None)
        return text

    def act(self) -> ScanAct:
        return ScanAct(self._value("act", self._scan.get("act") in [act.value for act in ScanAct]))

    def number(self, field: str) -> int | None:
        value = self._scan.get(field)
        if value is None:
            return None
        is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value < _BIGGEST_ID
        return int(self._value(field, is_id))

    def flag(self, field: str) -> bool:
        return bool(self._value(field, isinstance(self._scan.get(field, False), bool)))

    def moment(self, field: str) -> datetime | None:
        text = self.text(field, 40)
        return self._parsed(field, _moment, text) if text else None

    def email(self) -> str:
        text = squeeze(self.text("email", 254))
        if text:
            self._parsed("email", normal_email, text)
        return text

    def checked(self, act: Act) -> Act:
        """Each act has what it needs."""
        if act.act is ScanAct.WALK_IN:
            self._value("name", bool(act.name))
        elif act.attendee_id is None and (act.act is ScanAct.UNDO or not act.code):
            self._value("n", False)
        return act

    def _value(self, field: str, is_right: bool) -> Any:
        if not is_right:
            raise BadUpload(f"Post {self._place}: fältet {field} saknas eller är fel.")
        return self._scan.get(field)

    def _parsed(self, field: str, parse: Callable[[str], Any], text: str) -> Any:
        try:
            return parse(text)
        except (ValueError, OverflowError) as error:
            raise BadUpload(f"Post {self._place}: fältet {field} saknas eller är fel.") from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("without a zone")
    return moment.astimezone(UTC)
