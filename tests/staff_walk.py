"""How a colleague goes through the staff's pages in a real browser: signs in, presses, sees that a page fits."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from eventsys.staff.models import Account
from tests.staff_fixtures import PASSWORD

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
"""To be evaluated on a page: nothing of it lies beside the window."""


def press(page: Page, label: str | re.Pattern[str]) -> None:
    """Press the button of exactly this label, or the one that the pattern fits, and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=isinstance(label, str)).click()


def sign_in(page: Page, address: str, account: Account) -> None:
    """`address` is that of the staff's pages, `http://127.0.0.1:8000/personal`."""
    page.goto(f"{address}/logga-in")
    page.get_by_label("E-post").fill(account.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    press(page, "Logga in")
