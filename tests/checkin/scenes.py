"""Short words for tests about the door: doors, phones that send, what the tables hold."""

from __future__ import annotations

import itertools
import secrets
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.checkin.acts import Act
from eventsys.events.checkin.admitting import Answer, admit
from eventsys.events.checkin.keeping import add_door
from eventsys.events.checkin.models import Door, Scan, ScanAct, ScanResult
from eventsys.events.checkin.pins import Keeper, pins_of
from eventsys.events.models import Attendee, Event
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from tests.factories import make_event
from tests.staff_fixtures import Visitor, visitor

HOUR = timedelta(hours=1)
HOST, SUPERVISOR = Keeper.HOST, Keeper.SUPERVISOR
_numbers = itertools.count(1)


def event_now(**given: Any) -> Event:
    """An event that begins in half an hour, with room for registrations still."""
    starts_at = now() + HOUR / 2
    return make_event(**{"starts_at": starts_at, "ends_at": starts_at + 2 * HOUR, **given})


def make_door(event: Event, name: str = "Stora entrén", session: Session | None = None) -> Door:
    with transaction():
        return add_door(event.id, name, session.id if session else None, now())


def make_sessions(event: Event, *titles: str, capacity: int = 10, choice: bool = True) -> list[Session]:
    """Sessions side by side in one slot."""
    with transaction():
        slot = Slot(event_id=event.id, starts_at=event.starts_at, ends_at=event.ends_at, has_choice=choice)
        rooms = [
            Session(event_id=event.id, title=title, room=f"Rum {n}", capacity=capacity, position=n)
            for n, title in enumerate(titles, start=1)
        ]
        slot.sessions = rooms
        db.session.add(slot)
    return rooms


def choose(attendee: Attendee, session: Session) -> None:
    with transaction():
        db.session.add(
            SessionChoice(
                attendee_id=attendee.id, slot_id=session.slot_id, session_id=session.id, state=ChoiceState.HELD,
                held_at=now(),
            )
        )  # fmt: skip


def new_nonce() -> str:
    return secrets.token_urlsafe(18)


def act(code: str = "", *, n: int | None = None, kind: ScanAct = ScanAct.ENTER, **given: Any) -> Act:
    return Act(**{"nonce": new_nonce(), "act": kind, "code": code, "attendee_id": n, **given})


def scan(
    door: Door, what: Act | str | Attendee, keeper: Keeper = HOST, at: datetime | None = None, **given: Any
) -> Answer:
    """Do one act at the door, as the page does; a code or a person is let in."""
    if isinstance(what, Attendee):
        what = act(n=what.id, **given)
    elif isinstance(what, str):
        what = act(what, **given)
    with transaction():
        return admit(door.id, what, keeper, at or now())


def said(door: Door, what: Act | str | Attendee, keeper: Keeper = HOST, **given: Any) -> ScanResult:
    return scan(door, what, keeper, **given).result


def undo(door: Door, person: Attendee, keeper: Keeper = SUPERVISOR) -> ScanResult:
    return said(door, act(n=person.id, kind=ScanAct.UNDO), keeper)


def walk_in(door: Door, name: str = "Nya Gästen", keeper: Keeper = HOST, **given: Any) -> Answer:
    return scan(door, act(kind=ScanAct.WALK_IN, name=name, **given), keeper)


def scans(event: Event) -> list[Scan]:
    db.session.rollback()
    return list(db.session.execute(select(Scan).where(Scan.event_id == event.id).order_by(Scan.id)).scalars())


def entries(event: Event) -> list[tuple[int | None, int | None]]:
    """(person, session) of every row that counts."""
    return [(row.attendee_id, row.session_id) for row in scans(event) if row.is_entry]


class Phone:
    """A browser at a door: with the PIN typed, it fetches the list and sends scans."""

    def __init__(self, app: Flask, door: Door, keeper: Keeper | None = HOST) -> None:
        self.client: Visitor = visitor(app)
        self.path = f"/dorr/{door.token}"
        self.device = f"phone{next(_numbers)}"
        if keeper is not None:
            pins = pins_of(door)
            answer = self.client.post(self.path, data={"pin": pins.host if keeper is HOST else pins.supervisor})
            assert answer.status_code == 303, answer.text

    def list(self) -> dict[str, Any]:
        answer = self.client.get(f"{self.path}/lista")
        assert answer.status_code == 200, answer.text
        return dict(answer.json)

    def post(self, body: Any, **headers: str) -> Any:
        return self.client.post(f"{self.path}/inslapp", json=body, headers={"X-Dorr": "1", **headers})

    def send(self, *scans: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.post({"scans": list(scans)})
        assert answer.status_code == 200, answer.text
        return list(answer.json["answers"])

    def scan(self, code: str = "", **given: Any) -> dict[str, Any]:
        [answer] = self.send(self.entry(code, **given))
        return answer

    def entry(self, code: str = "", **given: Any) -> dict[str, Any]:
        known = {"code": code} if code else {}
        return {
            "nonce": new_nonce(), "act": "enter", "at": now().isoformat(), "device": self.device, "offline": False,
            **known, **given,
        }  # fmt: skip
