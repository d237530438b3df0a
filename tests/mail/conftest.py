"""An application whose relay is a scriptable SMTP server, and letters that behave as a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.config import Settings
from eventsys.database import db, transaction
from eventsys.mail import relay as relay_module
from eventsys.mail import smtp
from eventsys.mail.claim import Claim
from eventsys.mail.compose import Email
from eventsys.mail.delivery import drain
from eventsys.mail.models import Delivery, DeliveryEvent, Relay, State
from eventsys.mail.outbox import Letter, post
from tests.sink import SmtpSink

LETTER, MAILING = "tests/letter", "tests/mailing"


@dataclass
class Manners:
    """How the test letter behaves, by subject id."""

    builds: dict[int, Callable[[Delivery], Email]] = field(default_factory=dict)
    unwanted: dict[int, str | Exception] = field(default_factory=dict)


def plain_letter(delivery: Delivery) -> Email:
    number = delivery.subject_id
    return Email(f"Brev {number}", f"Hej {delivery.name}, detta är brev {number}.\n", f"<p>Brev {number}, åäö</p>")


def mailing_values(claims: Sequence[Claim]) -> list[dict[str, str]]:
    return [{"NAME": one.name, "LEAVE": f"https://boras.example/avsluta/{one.token}"} for one in claims]


@pytest.fixture
def manners(app: Flask) -> Iterator[Manners]:
    """Register the test letter; what is put into the manners holds for this test."""
    held = Manners()

    def build(delivery: Delivery) -> Email:
        return held.builds.get(delivery.subject_id, plain_letter)(delivery)

    def unwanted(delivery: Delivery) -> str:
        answer = held.unwanted.get(delivery.subject_id, "")
        if isinstance(answer, Exception):
            raise answer
        return answer

    letters = app.extensions.setdefault("eventsys_letters", {})
    letters[LETTER] = Letter(build, unwanted)
    yield held
    del letters[LETTER]


@pytest.fixture
def use_settings(app: Flask) -> Iterator[Callable[..., None]]:
    """Change settings of the application for this test."""
    before: Settings = app.extensions["eventsys_settings"]

    def change(**given: Any) -> None:
        app.extensions["eventsys_settings"] = replace(app.extensions["eventsys_settings"], **given)

    yield change
    app.extensions["eventsys_settings"] = before


@pytest.fixture
def relay(app: Flask, manners: Manners, sink: SmtpSink, use_settings: Callable[..., None]) -> SmtpSink:
    """A relay that takes everything until told otherwise."""
    use_settings(smtp_url=sink.url, smtp_connections=4)
    return sink


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "CONNECT_SECONDS", 5.0)
    monkeypatch.setattr(smtp, "COMMAND_SECONDS", 5.0)
    monkeypatch.setattr(smtp, "DOT_SECONDS", 5.0)


def post_letters(count: int, first: int = 1, **given: Any) -> list[int]:
    """Post letters to person1@firma.example and so on; their ids."""
    with transaction():
        return [_post(number, **given) for number in range(first, first + count)]


def _post(number: int, **given: Any) -> int:
    values = {
        "purpose_key": f"test:{number}",
        "address": f"person{number}@firma.example",
        "name": f"Person {number}",
        **given,
    }
    delivery = post(LETTER, number, **values)
    assert delivery is not None
    return delivery.id


def deliver_all() -> bool:
    db.session.remove()
    more = drain(20)
    db.session.remove()
    return more


def delivery(delivery_id: int) -> Delivery:
    db.session.remove()
    return db.session.get_one(Delivery, delivery_id)


def states() -> dict[int, State]:
    """The state of every letter, by its subject id."""
    db.session.remove()
    return {row.subject_id: row.state for row in db.session.execute(select(Delivery.subject_id, Delivery.state))}


def history(delivery_id: int) -> list[State]:
    db.session.remove()
    query = select(DeliveryEvent.became).where(DeliveryEvent.delivery_id == delivery_id).order_by(DeliveryEvent.id)
    return list(db.session.scalars(query))


def the_relay() -> Relay:
    db.session.remove()
    return db.session.scalars(select(Relay)).one()
