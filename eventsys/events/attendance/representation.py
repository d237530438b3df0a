"""The list that a bill for representation is filed with: purpose, date, place, who took part and from where.

What the Swedish Tax Agency asks for: https://www.skatteverket.se, "Representation" (date and place, who took part,
which organisation they represent, the purpose). Diet is never part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsys import audit
from eventsys.clock import local
from eventsys.events.models import Attendee, AttendeeState, Event
from eventsys.events.queries import people_in_state
from eventsys.sheets import xlsx

TAKEN_OUT = "representation.taken_out"


@dataclass(frozen=True)
class Representation:
    """Those who came, or while the event has not begun those who are registered, in Swedish order of names."""

    event: Event
    people: list[Attendee]
    came: bool

    @property
    def organisations(self) -> int:
        return len({one.registration.company_name.casefold() for one in self.people if one.registration.company_name})


def representation(event: Event, at: datetime) -> Representation:
    began = at >= event.starts_at
    state = AttendeeState.ATTENDED if began else AttendeeState.CONFIRMED
    return Representation(event, people_in_state(event, state), began)


def usual_purpose(event: Event) -> str:
    """What the purpose usually is: the event's name and its sentence."""
    return f"{event.title}. {event.summary}".strip() if event.summary else event.title


def note_taken_out(event_id: int, people: int, kind: str) -> None:
    """The audit trail's entry of a list handed out. In a transaction."""
    audit.record(TAKEN_OUT, f"event:{event_id}", kind=kind, rows=people)


def representation_sheet(found: Representation, purpose: str) -> bytes:
    """The list as .xlsx."""
    event = found.event
    above = (
        f"Syfte: {purpose}",
        f"Datum: {local(event.starts_at).date()}",
        f"Plats: {place_of(event)}",
        f"Antal deltagare: {len(found.people)}" + ("" if found.came else " (anmälda, evenemanget har inte varit)"),
        "",
    )
    return xlsx(("Namn", "Organisation"), ([one.name, one.registration.company_name] for one in found.people),
                "Representation", above)  # fmt: skip


def place_of(event: Event) -> str:
    return ", ".join(part for part in (event.place, event.address) if part)
