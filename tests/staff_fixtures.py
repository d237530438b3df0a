"""Accounts for tests, and browsers signed in as them. Import what a folder needs into its conftest.py."""

from __future__ import annotations

import contextlib
import contextvars
import functools
import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from waitress import create_server

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.staff.models import Account, Role
from eventsys.staff.passwords import hash_password

PASSWORD = "fyra lugna ord räcker"
_numbers = itertools.count(1)
_hash = functools.cache(hash_password)


class Visitor(FlaskClient):
    """A browser whose requests stand on their own, as in a real server.

    The `app` fixture keeps one application context open for the test; Flask would run every request inside it, so that
    `g`, the language and the database session were shared. Here each request gets an empty context; afterwards the
    test's own session forgets what it has read.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        answer = contextvars.Context().run(functools.partial(super().open, *args, **kwargs))
        see_anew()
        return answer


def see_anew() -> None:
    """Let the test's own session read again what others have changed meanwhile."""
    db.session.rollback()
    db.session.expire_all()


def visitor(app: Flask) -> Visitor:
    """A browser that nobody has signed in."""
    return Visitor(app, app.response_class, use_cookies=True)


def new_account(
    role: Role = Role.ADMINISTRATOR, *, email: str = "", name: str = "", password: str = PASSWORD
) -> Account:
    """An open account; password="" makes one that has not accepted its invitation."""
    email = email or f"{role.value}{next(_numbers)}@boras.example"
    account = Account(
        email=email, name=name or f"Alva {role.value.title()}", role=role, created_at=now(), sessions_valid_from=now(),
        password_hash=_hash(password) if password else "",
    )  # fmt: skip
    with transaction():
        db.session.add(account)
    return account


def visitor_as(app: Flask, account: Account) -> Visitor:
    """A browser signed in to this account, without the slow password."""
    client = visitor(app)
    at = now().timestamp()
    with client.session_transaction() as session:
        session["staff"] = {"id": account.id, "begun_at": at, "used_at": at}
    return client


@pytest.fixture
def administrator(app: Flask) -> Account:
    return new_account(Role.ADMINISTRATOR)


@pytest.fixture
def organiser(app: Flask) -> Account:
    return new_account(Role.ORGANISER)


@pytest.fixture
def editor(app: Flask) -> Account:
    return new_account(Role.EDITOR)


@pytest.fixture
def host(app: Flask) -> Account:
    return new_account(Role.HOST)


@pytest.fixture
def co_organiser(app: Flask) -> Account:
    return new_account(Role.CO_ORGANISER)


@pytest.fixture
def anyone(app: Flask) -> Visitor:
    """A browser that nobody has signed in."""
    return visitor(app)


@pytest.fixture
def signed_in_client(app: Flask) -> Callable[[Role | Account], Visitor]:
    """signed_in_client(Role.HOST) or signed_in_client(an_account): a browser signed in."""

    def make(who: Role | Account) -> Visitor:
        return visitor_as(app, new_account(who) if isinstance(who, Role) else who)

    return make


@contextlib.contextmanager
def served(app: Flask) -> Iterator[str]:
    """The application behind waitress on a free port, for a real browser; gives its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(server.close)
        thread.join(5)
        server.task_dispatcher.shutdown()
