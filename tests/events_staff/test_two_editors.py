"""Two people change one event at the same time: both changes are kept, or the second is told what the first saved."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask

from eventsys.clock import from_local, local, now
from eventsys.database import db
from eventsys.events.models import DayBefore, Event
from eventsys.mail.models import Delivery
from eventsys.staff.models import Account, Role
from tests.events.scenes import edit_event
from tests.events_staff.conftest import Scene, again
from tests.staff_fixtures import Visitor, new_account, visitor_as


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the page's form if nobody typed anything."""
    form = page[page.index("<main") :]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = {name: unescape(value) for name, value in re.findall(r'([a-z-]+)="([^"]*)"', tag)}
        if given.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        if "name" in given:
            found[given["name"]] = given.get("value", "y")
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*(.*?)</textarea>', form, re.DOTALL):
        found[name] = unescape(text)
    return found


@pytest.fixture
def where(scene: Scene) -> str:
    return f"/personal/evenemang/{scene.event.id}/installningar"


def test_saving_untouched_changes_nothing(staff: Visitor, scene: Scene, where: str) -> None:
    before = columns(again(scene.event))
    assert staff.post(where, data=fields_of(staff.get(where).text)).status_code == 302
    assert columns(again(scene.event)) == before


def columns(event: Event) -> dict[str, object]:
    return {column.key: getattr(event, column.key) for column in Event.__table__.columns}


def test_two_who_change_different_things_both_keep_theirs(staff: Visitor, scene: Scene, where: str) -> None:
    mine = fields_of(staff.get(where).text)
    edit_event(scene.event.id, {"title": "Lunch om ull", "capacity": 40, "day_before": DayBefore.ASK}, now())
    assert staff.post(where, data={**mine, "price": "200 kr"}).status_code == 302
    event = again(scene.event)
    assert (event.title, event.capacity, event.day_before) == ("Lunch om ull", 40, DayBefore.ASK)
    assert event.price == "200 kr"


def test_two_who_change_the_same_are_told_and_nothing_typed_is_lost(staff: Visitor, scene: Scene, where: str) -> None:
    mine = {**fields_of(staff.get(where).text), "title": "Min lunch", "price": "200 kr"}
    edit_event(scene.event.id, {"title": "Din lunch"}, now())
    answer = staff.post(where, data=mine)
    assert answer.status_code == 409
    assert "Någon annan har ändrat samma sak" in answer.text
    assert "Sparat nu: Din lunch<br>Du har skrivit: Min lunch" in answer.text
    assert (again(scene.event).title, again(scene.event).price) == ("Din lunch", "")
    second = fields_of(answer.text)
    assert (second["title"], second["price"]) == ("Min lunch", "200 kr")
    assert staff.post(where, data=second).status_code == 302
    assert (again(scene.event).title, again(scene.event).price) == ("Min lunch", "200 kr")


def test_a_third_change_between_the_presses_is_told_too(staff: Visitor, scene: Scene, where: str) -> None:
    mine = {**fields_of(staff.get(where).text), "title": "Min lunch"}
    edit_event(scene.event.id, {"title": "Din lunch"}, now())
    second = fields_of(staff.post(where, data=mine).text)
    edit_event(scene.event.id, {"title": "Allas lunch"}, now())
    answer = staff.post(where, data=second)
    assert answer.status_code == 409
    assert "Sparat nu: Allas lunch" in answer.text


def test_the_same_change_twice_is_no_conflict(staff: Visitor, scene: Scene, where: str) -> None:
    mine = {**fields_of(staff.get(where).text), "title": "Lunch om ull"}
    edit_event(scene.event.id, {"title": "Lunch om ull"}, now())
    assert staff.post(where, data=mine).status_code == 302


def test_times_belong_together(staff: Visitor, scene: Scene, where: str) -> None:
    """One moves the event to another day, the other lets it end later: not one's start with the other's end."""
    mine = fields_of(staff.get(where).text)
    moved = scene.event.starts_at + timedelta(days=7)
    edit_event(scene.event.id, {"starts_at": moved, "ends_at": moved + timedelta(hours=1)}, now())
    ends = from_local(datetime.combine(local(scene.event.starts_at).date(), datetime.max.time().replace(microsecond=0)))
    mine = {**mine, "last_day": local(ends).date().isoformat(), "ends": "23:59"}
    mine["confirmed"] = fields_of(staff.post(where, data=mine).text)["confirmed"]  # told that people get a letter
    answer = staff.post(where, data=mine)
    assert answer.status_code == 409
    assert "<strong>Börjar</strong>" in answer.text
    assert "<strong>Slutar</strong>" in answer.text
    assert again(scene.event).starts_at == moved


def test_nobody_is_said_to_get_a_letter_for_what_somebody_else_has_changed(
    staff: Visitor, scene: Scene, where: str
) -> None:
    mine = {**fields_of(staff.get(where).text), "price": "200 kr"}
    edit_event(scene.event.id, {"place": "Textile Fashion Center"}, now())
    letters = db.session.query(Delivery).count()
    assert staff.post(where, data=mine).status_code == 302
    assert again(scene.event).place == "Textile Fashion Center"
    assert db.session.query(Delivery).count() == letters


def test_editors_of_texts_are_told_as_well(app: Flask, scene: Scene, where: str) -> None:
    editor: Account = new_account(Role.EDITOR)
    client = visitor_as(app, editor)
    mine = {**fields_of(client.get(where).text), "summary": "Min mening."}
    edit_event(scene.event.id, {"summary": "Din mening.", "title": "Lunch om ull"}, now())
    texts = where.replace("installningar", "texter")
    answer = client.post(texts, data=mine)
    assert answer.status_code == 409
    assert "Sparat nu: Din mening." in answer.text
    assert client.post(texts, data=fields_of(answer.text)).status_code == 302
    assert (again(scene.event).summary, again(scene.event).title) == ("Min mening.", "Lunch om ull")


def test_marks_that_somebody_made_up_do_no_harm(staff: Visitor, scene: Scene, where: str) -> None:
    mine = fields_of(staff.get(where).text)
    for marks in ("", "=", "title", "title=x title=y", "<script>", "å=ö"):
        answer = staff.post(where, data={**mine, "seen": marks, "title": scene.event.title})
        assert answer.status_code in (302, 409), marks
