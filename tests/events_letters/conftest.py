"""The letters, written once for each kind of database and language."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask

from eventsys.database import db
from eventsys.mail.compose import Email
from tests.events_letters.every_letter import A_MONDAY_IN_FEBRUARY, every_letter

_written: dict[tuple[str, str], dict[str, Email]] = {}


@pytest.fixture(params=("sv", "en"))
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def letters_in(lang: str) -> dict[str, Email]:
    """Every form of every letter in this language, on the database now open."""
    which = (db.engine.dialect.name, lang)
    if which not in _written:
        with time_machine.travel(A_MONDAY_IN_FEBRUARY, tick=False):
            _written[which] = every_letter(lang)
    return _written[which]


@pytest.fixture
def letters(app: Flask, lang: str) -> dict[str, Email]:
    return letters_in(lang)
