"""Every route x every role: who may open what is written out in permissions.txt, and holds with real rows behind it.

A page whose roles are changed fails the first test until the file says the same: run with WRITE_SNAPSHOTS=1, and read
the difference before keeping it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from eventsys.staff.models import Role
from tests.house.test_foreign_ids import NOT_THEIRS, PRESSED, WORDS, roles_of
from tests.house.worlds import World, everything, make_world
from tests.staff_fixtures import Visitor, new_account, visitor, visitor_as

WRITTEN = Path(__file__).with_name("permissions.txt")
ROWS_OF_THE_HOUSE = {"year": 2027, "half": 1, "figure": "nki", "document": "rapport.pdf"}
OTHER_METHODS = ("PUT", "PATCH", "DELETE")


def guarded_rules(app: Flask) -> Iterator[Rule]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)):
        if hasattr(app.view_functions[rule.endpoint], "guarded_for"):
            yield rule


def may_open(app: Flask, rule: Rule) -> frozenset[Role]:
    """The roles that the guard lets in; administrators open everything."""
    return roles_of(app, rule) | {Role.ADMINISTRATOR}


def test_who_may_open_what_is_as_it_is_written(app_once: Flask) -> None:
    lines = {
        f"{rule.endpoint:56} {' '.join(role.value for role in Role if role in may_open(app_once, rule))}"
        for rule in guarded_rules(app_once)
    }
    found = "\n".join(sorted(lines)) + "\n"
    if os.environ.get("WRITE_SNAPSHOTS"):
        WRITTEN.write_text(found, encoding="utf-8")
    assert found.splitlines() == WRITTEN.read_text(encoding="utf-8").splitlines(), "see the docstring of this file"


@pytest.fixture
def world(app: Flask) -> World:
    return make_world("Alfa", new_account(Role.ORGANISER))


def address(app: Flask, rule: Rule, world: World) -> str:
    words = {name: word for (endpoint, name), word in WORDS.items() if endpoint == rule.endpoint}
    given = dict.fromkeys(rule.arguments, 1) | ROWS_OF_THE_HOUSE | world.ids | words
    return app.url_map.bind("").build(rule.endpoint, {name: given[name] for name in rule.arguments})


@pytest.mark.parametrize("role", Role)
def test_a_role_is_refused_on_every_route_that_is_not_its_own_and_changes_nothing(
    app: Flask, role: Role, world: World
) -> None:
    client = visitor_as(app, new_account(role))
    before, refused = everything(), 0
    for rule in guarded_rules(app):
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            if role not in may_open(app, rule):
                answer = client.open(address(app, rule, world), method=method, data=filled_in(rule, world))
                assert answer.status_code == 403, f"{role.value}: {method} {rule.rule}"
                assert "Din roll räcker inte" in answer.text, f"{role.value}: {method} {rule.rule}"
                refused += 1
    assert everything() == before
    assert (refused == 0) is (role is Role.ADMINISTRATOR)


def filled_in(rule: Rule, world: World) -> dict[str, object]:
    """What would be done, if the door were open."""
    return {
        **world.ids,
        "name": "Ny",
        "email": "ny@foretag.example",
        "title": "Ny",
        "gor": PRESSED.get(rule.endpoint, ""),
    }


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", Role)
def test_a_role_opens_every_page_that_is_its_own(app: Flask, role: Role, world: World) -> None:
    """The control: what was refused above was refused for the role. 404 is for what is not there, or another day's."""
    client, opened = visitor_as(app, new_account(role)), 0
    for rule in guarded_rules(app):
        if "GET" in (rule.methods or ()) and role in may_open(app, rule):
            answer = client.get(address(app, rule, world))
            assert answer.status_code in {200, 302, 404}, f"{role.value}: {rule.rule}: {answer.status_code}"
            opened += answer.status_code == 200
    assert opened > 5


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_route_answers_to_methods_it_does_not_have(app: Flask, world: World) -> None:
    client: Visitor = visitor_as(app, new_account(Role.ADMINISTRATOR))
    before = everything()
    for rule in guarded_rules(app):
        for method in OTHER_METHODS:
            assert client.open(address(app, rule, world), method=method).status_code == 405, f"{method} {rule.rule}"
    assert everything() == before


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_nobody_signs_in_by_saying_so(app: Flask, world: World) -> None:
    """A session that is not signed by us, and headers that proxies of others set, open nothing."""
    headers = {
        "X-Remote-User": "alva",
        "Remote-User": "alva",
        "Authorization": "Basic YWx2YTphbHZh",
        "X-Role": "administrator",
    }
    client = visitor(app)
    client.set_cookie("session", "eyJzdGFmZiI6eyJpZCI6MX19.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    for rule in guarded_rules(app):
        if "GET" in (rule.methods or ()):
            answer = client.get(address(app, rule, world), headers=headers)
            assert answer.status_code == 302, rule.rule
            assert answer.location.startswith("/personal/logga-in"), rule.rule


def test_arguments_of_the_house_are_those_that_the_neighbour_names() -> None:
    assert set(ROWS_OF_THE_HOUSE) <= NOT_THEIRS
