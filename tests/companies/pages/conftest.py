"""The pages of the register: staff signed in, and a counter of queries."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.staff.models import Account
from tests.desk.scenes import count_queries  # noqa: F401
from tests.staff_fixtures import (  # noqa: F401
    Visitor,
    administrator,
    anyone,
    editor,
    host,
    organiser,
    signed_in_client,
    visitor_as,
)


@pytest.fixture
def client(app: Flask, organiser: Account) -> Visitor:  # noqa: F811
    """An organiser at the pages of the register."""
    return visitor_as(app, organiser)


@pytest.fixture
def editors(app: Flask, editor: Account) -> Visitor:  # noqa: F811
    """An editor, who looks and writes down, but archives nothing and takes out no lists."""
    return visitor_as(app, editor)
