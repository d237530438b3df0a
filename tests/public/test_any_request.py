"""Whatever a stranger sends to any public door: an answer that knows what it says, never a failure of ours.

`app.testing` lets every error through, so a request that fails shows its traceback here instead of a 500.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import html
from werkzeug.routing import BuildError, Rule

from tests.browser.conftest import House
from tests.conftest import empty_database
from tests.staff_fixtures import see_anew, visitor

# What has broken programs before ours.
HOSTILE = [
    "", " ", "0", "-1", "1", "²", "٣", "1e309", "NaN", "9" * 400, str(2**63), str(-(2**63) - 1), "\x00", "a\x00b",
    "\ud800", "å" * 5000, "a\u0301", "\u202e", "\ufeff", "’", "'", '"', "' OR 1=1 --", "<script>alert(1)</script>",
    "{{7*7}}",
    "%00", "%s%n", "../../etc/passwd", "..\\", "//evil.example", "javascript:alert(1)", "a\r\nBcc: x@evil.example",
    "=cmd|' /C calc'!A0", "2026-02-30", "0000-00-00", "9999-12-31", "24:60", "asa@ek.example", "a@b", "@",
    "a" * 65 + "@x.example",
    "556036-0793", "19121212-1212", "070-1234567", "+46" + "1" * 40, "true", "null", "[]", "y", "on",
]  # fmt: skip
ANYTHING = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40), st.binary(max_size=40))
TEXT = st.one_of(st.sampled_from([one for one in HOSTILE if one]), st.text(min_size=1, max_size=40))
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH")
CONTENT_TYPES = (
    "application/json", "text/plain", "application/xml", "multipart/form-data", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-7", "", "a/b;" * 50, "\xff",
)  # fmt: skip
HEADERS = (
    "Accept", "Accept-Language", "Cookie", "Host", "If-None-Match", "If-Modified-Since", "Range", "Referer", "Origin",
    "X-Forwarded-For", "X-Forwarded-Host", "User-Agent", "Authorization", "HX-Request", "Content-Length", "Forwarded",
)  # fmt: skip
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=12,
)


@dataclass
class Form:
    """A form as a page shows it."""

    address: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Doors:
    """All that a stranger can knock at: forms, routes, and the parts that real addresses are made of."""

    app: Flask
    pages: list[str]
    forms: list[Form]
    rules: list[Rule]
    parts: list[str]


def furnish(app: Flask) -> Doors:
    """The whole house of public pages, on the open, empty database."""
    pages = list(House(app, "").pages.values())
    forms = [form for page in pages for form in forms_on(app, page)]
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "guarded_for") and rule.endpoint != "static"
    ]
    parts = sorted({part for page in pages for part in re.split(r"[/?=&]", page) if part})
    see_anew()
    return Doors(app, pages, forms, rules, parts)


def forms_on(app: Flask, page: str) -> list[Form]:
    answer = visitor(app).get(page)
    if answer.mimetype != "text/html":
        return []
    found = []
    for one in html.fromstring(answer.text).findall(".//form"):
        form = Form(one.get("action") or page, (one.get("method") or "get").upper())
        for control in one.xpath(".//*[(self::input or self::select or self::textarea or self::button) and @name]"):
            form.values.setdefault(control.get("name"), []).append(control.get("value") or "")
        found.append(form)
    return found


def draw_form(draw: Any, doors: Doors) -> dict[str, Any]:
    """A form of a page, with some of its fields changed, doubled, left out or added."""
    form = draw(st.sampled_from(doors.forms))
    values = {name: list(options) for name, options in form.values.items()}
    for _ in range(draw(st.integers(0, 5))):
        name = draw(st.one_of(st.sampled_from([*values] or ["x"]), TEXT))
        change = draw(st.sampled_from(("replace", "double", "drop")))
        if change == "drop":
            values.pop(name, None)
        else:
            values[name] = [*(values.get(name, []) if change == "double" else []), draw(ANYTHING)]
    where = "data" if form.method == "POST" else "query_string"
    return {"path": form.address.partition("?")[0], "method": form.method, where: values}


def draw_route(draw: Any, doors: Doors) -> dict[str, Any]:
    """A route with parts of real addresses, or of anything, in the places of its arguments."""
    rule = draw(st.sampled_from(doors.rules))
    given = {name: draw(st.one_of(st.sampled_from(doors.parts), st.integers(-1, 10), TEXT)) for name in rule.arguments}
    try:
        path = doors.app.url_map.bind("").build(rule.endpoint, given)
    except (BuildError, ValueError, UnicodeEncodeError):
        path = draw(st.sampled_from(doors.pages)).partition("?")[0]
    sent = draw(st.dictionaries(TEXT, ANYTHING, max_size=4))
    return {"path": path, "method": draw(st.sampled_from(METHODS)), "data": sent}


def draw_raw(draw: Any, doors: Doors) -> dict[str, Any]:
    """Bytes of any kind to a page, under headers of any kind."""
    path = draw(st.sampled_from([*doors.pages, *(form.address for form in doors.forms)]))
    body = draw(st.one_of(st.binary(max_size=200), JSON.map(lambda value: json.dumps(value).encode())))
    values = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=60)
    return {
        "path": path.partition("?")[0],
        "method": draw(st.sampled_from(METHODS)),
        "data": body,
        "content_type": draw(st.sampled_from(CONTENT_TYPES)),
        "headers": draw(st.dictionaries(st.sampled_from(HEADERS), values, max_size=3)),
        "query_string": draw(st.one_of(st.just(""), st.binary(max_size=30).map(lambda raw: raw.decode("latin-1")))),
    }


KINDS = (draw_form, draw_form, draw_route, draw_raw)


def knock(doors: Doors, data: st.DataObject) -> None:
    request = data.draw(st.sampled_from(KINDS))(data.draw, doors)
    try:
        answer = visitor(doors.app).open(**request)
    except UnicodeEncodeError as error:  # the test's own browser cannot send it
        assert "surrogates" in str(error)  # noqa: PT017
        return
    assert answer.status_code < 500, f"{answer.status_code}: {request}"
    assert "Traceback" not in answer.text[:5000] if answer.mimetype == "text/html" else True


def fuzz(app: Flask, requests: int, soak: bool = False) -> None:
    doors = furnish(app)
    assert len(doors.forms) > 40
    assert len(doors.rules) > 90

    @settings(
        max_examples=requests, deadline=None, database=None, derandomize=not soak, print_blob=True,
        phases=[Phase.generate, Phase.shrink] if soak else [Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        knock(doors, data)

    ask()


def test_five_hundred_strange_requests_meet_no_failure(app: Flask) -> None:
    fuzz(app, 500)


@pytest.mark.soak
def test_ten_thousand_strange_requests_on_each_database_meet_no_failure(app: Flask) -> None:
    """In portions, each in a house furnished anew: a booking that was cancelled has no forms left."""
    for _ in range(10):
        fuzz(app, 1_000, soak=True)
        empty_database()
