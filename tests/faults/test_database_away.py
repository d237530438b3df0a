"""The database is away, or held by somebody else: a page says so, and nothing is half done."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from flask import Flask

from eventsys import create_app, database
from eventsys.database import transaction
from eventsys.events.seats import locked_event
from tests.conftest import settings_for_tests
from tests.factories import make_event
from tests.public.reading import filled, form_of, people_at
from tests.servers import free_port
from tests.staff_fixtures import visitor


@pytest.fixture
def cut_off(tmp_path: Path) -> Flask:
    """An application whose database does not answer."""
    url = f"postgresql+psycopg://eventsys@127.0.0.1:{free_port()}/nobody"
    app = create_app(settings_for_tests(url, tmp_path, log_level="CRITICAL"))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.mark.parametrize(("path", "words"), [("/", "Det är många här just nu"), ("/en/", '<html lang="en">')])
def test_every_page_says_that_the_database_is_away(cut_off: Flask, path: str, words: str) -> None:
    with cut_off.app_context():
        answer = visitor(cut_off).get(path)
        assert answer.status_code == 503
        assert words in answer.text
        assert int(answer.headers["Retry-After"]) > 0
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_form_sent_while_the_database_is_away_is_answered_by_the_same_page(cut_off: Flask) -> None:
    with cut_off.app_context():
        for form_path in ("/evenemang/lunch/anmalan", "/mina-bokningar"):
            assert visitor(cut_off).post(form_path, data=filled() | {"email": "x@x.example"}).status_code == 503


def test_machines_are_told_apart_from_a_dead_process(cut_off: Flask) -> None:
    with cut_off.app_context():
        assert visitor(cut_off).get("/healthz").status_code == 200
        ready = visitor(cut_off).get("/readyz")
        assert (ready.status_code, ready.get_json()["database"]) == (503, "does not answer")


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_whoever_waits_too_long_for_the_seats_is_asked_to_try_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_by_another_may_be_waited_for(app, monkeypatch, seconds=0.3)


@pytest.mark.soak
@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_whoever_waits_too_long_for_the_seats_is_asked_to_try_again_on_postgresql(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_by_another_may_be_waited_for(app, monkeypatch, seconds=8)


def held_by_another_may_be_waited_for(app: Flask, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(database, "LOCK_WAIT_SECONDS", seconds)
    event = make_event()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), transaction():
            locked_event(event.id)
            held.set()
            done.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(10)
    try:
        answer = visitor(app).post(form_of(event), data=filled())
    finally:
        done.set()
        holder.join(10)
    assert answer.status_code == 503
    assert "Det är många här just nu" in answer.text
    assert people_at(event) == []
    assert visitor(app).post(form_of(event), data=filled()).status_code == 302
