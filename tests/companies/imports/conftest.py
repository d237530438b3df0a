"""Staff, and postcodes of Borås."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from eventsys.companies.imports.postcodes import keep_postcodes
from eventsys.database import transaction
from tests.companies.imports.generator import OURS
from tests.staff_fixtures import (  # noqa: F401
    administrator,
    anyone,
    editor,
    host,
    organiser,
    signed_in_client,
)


@pytest.fixture
def ours(app: Flask) -> None:
    """The table of postcodes is filled."""
    with transaction():
        keep_postcodes("\n".join(OURS))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
