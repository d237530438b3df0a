"""An answer of the door as the page gets it: names and times, never an address, a number or a diet."""

from __future__ import annotations

from typing import Any

from eventsys.events.checkin.admitting import Answer
from eventsys.events.checkin.models import ScanResult


def as_json(answer: Answer) -> dict[str, Any]:
    """`n` is the person's number in the list; `at` and `door` tell of the entry that counts."""
    person, entry, other = answer.attendee, answer.entry, answer.other
    return {
        "nonce": answer.nonce,
        "result": answer.result.value,
        "why": answer.why,
        "clash": answer.clash,
        "n": person.id if person else None,
        "name": person.name if person else "",
        "company": person.registration.company_name if person else "",
        "state": person.state.value if person else "",
        "at": _came_at(answer),
        "door": entry.door.name if entry else "",
        "other": {"title": other.title, "starts": other.starts_at.isoformat()} if other else None,
    }


def _came_at(answer: Answer) -> str | None:
    """When the person came: the room's own entry for what came later than the first."""
    if answer.attendee is None or answer.result not in (ScanResult.WELCOME, ScanResult.ALREADY):
        return None
    entry, first = answer.entry, answer.attendee.checked_in_at
    in_a_room = entry is not None and entry.session_id is not None
    moment = ((entry.client_at if entry.was_offline else None) or entry.at) if entry and in_a_room else first
    return moment.isoformat() if moment else None
