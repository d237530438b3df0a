"""Pages kept for a moment are never stale for who has just registered, and never somebody else's."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.events.models import EventState
from tests.events import scenes
from tests.factories import make_event, make_registration, make_series
from tests.public.reading import filled, form_of
from tests.staff_fixtures import Visitor, visitor


def test_seats_left_are_right_on_every_page_at_once_after_a_registration(web: Visitor) -> None:
    event = make_event(capacity=30)
    pages = ["/", "/evenemang", "/evenemang/lista", f"/evenemang/{event.slug}", f"/evenemang/{event.slug}/platser"]
    for left in (30, 29, 28):
        for path in pages:
            assert f"{left} platser kvar" in web.get(path).text, path
        assert web.get("/evenemang.json").get_json()["events"][0]["seats_left"] == left
        web.post(form_of(event), data=filled(booker_email=f"a{left}@x.example", booker_name=f"Person {left}"))


def test_a_kept_page_saves_the_work_of_making_it_again(app: Flask, web: Visitor) -> None:
    event = make_event()
    web.get(f"/evenemang/{event.slug}")
    [(_count, _at, kept)] = app.extensions["eventsys_pages"].values()
    kept.set_data(b"the kept one")
    assert web.get(f"/evenemang/{event.slug}").data == b"the kept one"
    make_event()
    assert b"the kept one" not in web.get(f"/evenemang/{event.slug}").data


@pytest.mark.parametrize("first", ["/evenemang", "/en/evenemang"])
def test_a_kept_page_is_never_that_of_another_language(web: Visitor, first: str) -> None:
    make_event(title="Vävdagen", title_en="Weaving day")
    web.get(first)
    assert "Vävdagen" in web.get("/evenemang").text
    assert "Weaving day" in web.get("/en/evenemang").text


def test_a_kept_page_is_never_that_of_another_filter_or_poster(web: Visitor) -> None:
    one, other = make_event(title="Lunchen"), make_event(title="Kursen", series=make_series())
    web.get("/evenemang")
    assert other.title not in web.get(f"/evenemang?serie={one.series.slug}").text
    web.get(f"/evenemang/{one.slug}")
    assert "kalla=affisch" in web.get(f"/evenemang/{one.slug}?kalla=affisch").text
    assert "kalla=affisch" not in web.get(f"/evenemang/{one.slug}").text


def test_a_page_that_is_not_there_yet_is_there_once_it_is_published(web: Visitor) -> None:
    draft = make_event(state=EventState.DRAFT)
    assert web.get(f"/evenemang/{draft.slug}").status_code == 404
    scenes.publish(draft.id, now())
    assert web.get(f"/evenemang/{draft.slug}").status_code == 200


def test_a_cancelled_event_is_cancelled_at_once(web: Visitor) -> None:
    event = make_event()
    make_registration(event, 1)
    web.get(f"/evenemang/{event.slug}")
    scenes.cancel_event(event.id, "Talaren är sjuk.", now())
    assert "Talaren är sjuk." in web.get(f"/evenemang/{event.slug}").text


def test_a_kept_page_carries_nobodys_cookie_or_message(app: Flask, with_csrf: None) -> None:
    event = make_event()
    somebody = visitor(app)
    somebody.get(form_of(event))
    for path in ("/", "/evenemang", f"/evenemang/{event.slug}"):
        somebody.get(path)
        answer = visitor(app).get(path)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] in {"no-cache", "no-store"}
