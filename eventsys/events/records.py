"""Sets of records about events that can be handed out. Never diet."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.attendance.rows import attendance_rows, head_of
from eventsys.events.listing import Order, Wanted
from eventsys.events.models import Event, EventState
from eventsys.handing_out import Choice, Column, RecordSet, Table, id_in

PERSONAL = {
    "Företag": "företag (kan vara en enskild firma)", "Namn": "namn", "E-post": "e-post", "Telefon": "telefon",
}  # fmt: skip


def _events() -> list[Choice]:
    query = select(Event.id, Event.title, Event.starts_at).where(Event.state != EventState.DRAFT)
    rows = db.session.execute(query.order_by(Event.starts_at.desc(), Event.id.desc()))
    return [Choice(str(row.id), f"{row.title}, {local(row.starts_at).date()}") for row in rows]


def _participants(value: str, _first: date | None, _last: date | None) -> Table:
    event = db.session.get(Event, id_in(value))
    if event is None or event.state is EventState.DRAFT:
        raise NotFound
    head = head_of([event])
    columns = [Column(name, PERSONAL.get(name, "")) for name in head.columns]
    own = [Column(name, f"svar på ”{name}”") for name in head.questions]
    rows = attendance_rows(event, Wanted(order=Order.NAME), head)
    title = f"Anmälda till {event.title}, {local(event.starts_at).date()}"
    return Table(title, [*columns[: len(columns) - len(own)], *own], rows)


SETS = (
    RecordSet(
        "events.participants", "Deltagare vid ett evenemang", "Alla anmälda, med läge och om de kom. Aldrig mat.",
        _participants, _events,
    ),
)  # fmt: skip
