"""A page costs the same number of queries however many rows it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event as events

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.messages import send_message
from eventsys.events.selection import Selection
from tests.events_staff.conftest import Scene
from tests.factories import make_event, make_registration, make_series
from tests.staff_fixtures import Visitor


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_more):  # type: ignore[no-untyped-def]
        if "FROM identity" not in statement:  # kept for a second, then read anew, whatever the page
            asked.append(statement)

    events.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        events.remove(db.engine, "before_cursor_execute", note)


def cost(client: Visitor, path: str) -> list[str]:
    client.get(path)
    with counted() as asked:
        assert client.get(path).status_code == 200
    return asked


def more_of_everything(scene: Scene) -> None:
    for _ in range(12):
        make_registration(scene.event, 3)
        make_event(series=make_series())
    with transaction():
        send_message(scene.event.id, Selection.ALL, [], "Hej", "Text", "Alva", now())


@pytest.mark.parametrize(
    "path",
    ["/evenemang", "/evenemang/{0}", "/evenemang/{0}/anmalda", "/evenemang/{0}/brev", "/evenemang/{0}/affischer",
     "/evenemang/{0}/anmalda?lage=ko", "/evenemang/{0}/meddelande", "/serier"],
)  # fmt: skip
def test_the_number_of_queries_does_not_grow_with_the_rows(app: Flask, staff: Visitor, scene: Scene, path: str) -> None:
    address = "/personal" + path.format(scene.event.id)
    with transaction():
        db.session.get(type(scene.event), scene.event.id).capacity = 20
    for _ in range(7):
        make_registration(scene.event, 3)
    few = cost(staff, address)
    more_of_everything(scene)
    many = cost(staff, address)
    assert len(many) == len(few), "\n".join(many)
    assert len(many) <= 15  # the last three: what surveys know of the event, and of the one before it


def test_a_large_booking_in_the_queue_costs_no_more_than_a_small_one(app: Flask, staff: Visitor, scene: Scene) -> None:
    small, large = (make_registration(scene.event, people) for people in (1, 8))
    few, many = (cost(staff, f"/personal/anmalan/{booking.id}") for booking in (small, large))
    assert len(many) == len(few), "\n".join(many)
