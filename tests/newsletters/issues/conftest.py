"""What the tests of issues share: accounts and browsers signed in."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.staff.models import Account, Role
from tests.staff_fixtures import Visitor, anyone, new_account, signed_in_client, visitor_as

__all__ = ["anyone", "signed_in_client"]


@pytest.fixture
def writer(app: Flask) -> Account:
    return new_account(Role.EDITOR, name="Ask Skriver")


@pytest.fixture
def staff(app: Flask, writer: Account) -> Visitor:
    """A browser signed in as the writer."""
    return visitor_as(app, writer)
