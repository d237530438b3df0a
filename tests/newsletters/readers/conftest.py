"""Visitors, staff, and a counter of queries."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.staff.models import Account, Role
from tests.desk.scenes import count_queries  # noqa: F401
from tests.public.conftest import use_settings, web, with_csrf  # noqa: F401
from tests.staff_fixtures import Visitor, administrator, new_account, organiser, visitor_as  # noqa: F401


@pytest.fixture
def writer(app: Flask) -> Visitor:
    """A browser signed in as editor."""
    return visitor_as(app, new_account(Role.EDITOR, name="Elin Skriver"))


@pytest.fixture
def staff(app: Flask, organiser: Account) -> Visitor:  # noqa: F811
    """A browser signed in as organiser."""
    return visitor_as(app, organiser)
