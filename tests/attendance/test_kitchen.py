"""The kitchen gets numbers without names; names are seen by planners only, and each look is noted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventsys.database import db, transaction
from eventsys.events.attendance.kitchen import counted, kitchen_note
from eventsys.events.models import Attendee
from eventsys.events.states import move
from eventsys.staff.models import Role
from tests.attendance.conftest import (
    NO_SHOW,
    Visitor,
    check_in,
    make_past,
    partner_of,
    people,
    shift_to_the_past,
    trail,
    visitor_as,
)
from tests.attendance.reading import pdf_text
from tests.factories import make_event, make_person, make_registration
from tests.staff_fixtures import new_account


def test_the_same_dish_in_different_words_is_counted_together() -> None:
    note = counted(["Glutenfritt", " glutenfri ", "GLUTEN-FREE.", "Vegetariskt", "vegetarian", "vegansk kost"])
    assert note.dishes == [("Glutenfritt", 3), ("Vegetariskt", 2), ("Veganskt", 1)]
    assert note.as_written == []


def test_two_dishes_of_one_person_are_one_plate() -> None:
    note = counted(["Vegetariskt, glutenfritt", "glutenfri och vegetarisk", "vegetarian & gluten free", "Vegetariskt"])
    assert note.dishes == [("Glutenfritt och vegetariskt", 3), ("Vegetariskt", 1)]


@pytest.mark.parametrize(
    "text",
    ["Celiaki", "Vegetariskt men äter fisk", "Stark jordnötsallergi", "glutenfritt, ej lök", "veg"],
)
def test_what_may_mean_anything_else_stays_as_it_was_written(text: str) -> None:
    note = counted([text, f"  {text.upper()}. "])
    assert (note.dishes, note.as_written) == ([], [(text, 2)])


def test_those_who_ask_for_nothing_are_left_out() -> None:
    assert counted(["Nej", "-", "inga allergier.", "Inget"]).people == 0


def lunch():  # type: ignore[no-untyped-def]
    event = make_event(asks_diet=True, title="Lunch på Åhaga")
    eaters = [
        make_person("Åsa Öberg", diet="glutenfritt"),
        make_person("Bo Alm", diet="Glutenfri"),
        make_person("Cia Dahl", diet="Allergisk mot kiwi"),
        make_person("Di Om"),
    ]
    make_registration(event, eaters)
    return event


def test_the_kitchen_page_and_paper_hold_numbers_and_no_names(app: Flask, staff: Visitor) -> None:
    event = lunch()
    page = staff.get(f"/personal/evenemang/{event.id}/underlag/koket").text
    paper = staff.get(f"/personal/evenemang/{event.id}/underlag/koket.pdf")
    assert paper.mimetype == "application/pdf"
    for told in (page, pdf_text(paper.data)):
        assert "Glutenfritt" in told
        assert "Allergisk mot kiwi" in told
        for name in ("Öberg", "Alm", "Dahl"):
            assert name not in told
    assert "4 personer är anmälda" in pdf_text(paper.data)
    assert trail("kitchen.taken_out")[0].detail == {"kind": "pdf"}


def test_the_kitchen_reads_how_many_came_once_anybody_has_been_checked_in(app: Flask, staff: Visitor) -> None:
    event = lunch()
    shift_to_the_past(event, timedelta(hours=3))
    address = f"/personal/evenemang/{event.id}/underlag/koket"
    assert "4 personer har en plats" in staff.get(address).text
    check_in(people(event)[0])
    page = staff.get(address).text
    assert "1 person kom." in page
    assert "har en plats" not in page


def test_an_empty_list_of_diets_says_whether_they_were_deleted(app: Flask, staff: Visitor) -> None:
    event = make_event(asks_diet=True)
    address = f"/personal/evenemang/{event.id}/underlag/koket"
    assert "Ingen har skrivit särskild kost." in staff.get(address).text
    shift_to_the_past(event, timedelta(days=2))
    assert "raderades dagen efter evenemanget" in staff.get(address).text


def test_only_those_with_a_seat_eat(app: Flask) -> None:
    event = make_past([make_person("Anna Ek", diet="Vegan"), make_person("Bo Ek", diet="Vegan")], asks_diet=True)
    with transaction():
        move(db.session.get(Attendee, people(event)[0].id), NO_SHOW, event.created_at)
    assert kitchen_note(event).dishes == [("Veganskt", 1)]


def test_who_eats_what_is_shown_to_planners_and_noted(app: Flask, staff: Visitor) -> None:
    event = lunch()
    page = staff.get(f"/personal/evenemang/{event.id}/underlag/koket/namn").text
    assert "Åsa Öberg" in page
    assert "Di Om" not in page
    [entry] = trail("diet.names_seen")
    assert (entry.subject, entry.detail) == (f"event:{event.id}", {"rows": 3})


@pytest.mark.parametrize("role", [Role.EDITOR, Role.HOST])
@pytest.mark.parametrize("path", ["underlag", "underlag/koket", "underlag/koket.pdf", "underlag/koket/namn"])
def test_others_see_neither(app: Flask, role: Role, path: str) -> None:
    client = visitor_as(app, new_account(role))
    assert client.get(f"/personal/evenemang/{lunch().id}/{path}").status_code == 403
    assert trail("diet.names_seen") == []


def test_a_co_organiser_sees_nothing_of_other_series(app: Flask) -> None:
    own, other = make_event(), lunch()
    client = partner_of(app, own)
    for path in ("underlag", "underlag/koket", "underlag/koket.pdf", "underlag/koket/namn", "underlag/representation"):
        assert client.get(f"/personal/evenemang/{own.id}/{path}").status_code == 200, path
        assert client.get(f"/personal/evenemang/{other.id}/{path}").status_code == 404, path
