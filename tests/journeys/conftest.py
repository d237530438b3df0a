"""The product in full: a web server, workers, a clock and a mail relay, on a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from eventsys.database import db
from eventsys.serving import running_clock, running_web, running_worker
from tests.journeys.product import app_of, fresh_settings, served_at
from tests.journeys.reading_letters import ReadLetter
from tests.servers import free_port, wait_until
from tests.sink import SmtpSink


@dataclass
class Product:
    """The running product: its address, and the relay its letters leave through."""

    app: Flask
    url: str
    sink: SmtpSink

    def letters(self, address: str, count: int) -> list[ReadLetter]:
        """The letters to an address, oldest first, as soon as there are so many; fails when there are more."""
        wait_until(lambda: len(self.sink.letters_to(address)) >= count, 60, about=f"letter {count} to {address}")
        found = self.sink.letters_to(address)
        assert len(found) == count, [letter.message["Subject"] for letter in found]
        return [ReadLetter(letter.message) for letter in found]

    def letter(self, address: str, number: int = 1) -> ReadLetter:
        """The newest letter to an address, which is this one in the row."""
        return self.letters(address, number)[-1]


@pytest.fixture(params=["sqlite", "postgresql"])
def product(request: pytest.FixtureRequest, tmp_path: Path, sink: SmtpSink) -> Iterator[Product]:
    """The product with threads for its parts; real HTTP, real SMTP, a real database."""
    port = free_port()
    settings = served_at(fresh_settings(request.param, tmp_path, smtp_url=sink.url, smtp_connections=2), port)
    with (
        app_of(settings) as app,
        running_worker(app, 2),
        running_clock(app),
        running_web(app, "127.0.0.1", port),
    ):
        yield Product(app, settings.base_url, sink)
        db.session.remove()
