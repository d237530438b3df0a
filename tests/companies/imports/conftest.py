"""Staff, and postcodes of Borås."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from eventsys.companies.imports import receiving
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


@pytest.fixture(autouse=True)
def no_files_of_others(app: Flask) -> None:
    """The folder where files wait belongs to the whole session; each test begins with it empty."""
    for path in receiving.folder().iterdir():
        path.unlink()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
