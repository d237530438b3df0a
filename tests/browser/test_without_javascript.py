"""What guests and readers do, in a browser that runs no script; other forms are tried so in tests of their own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from eventsys.events.invitations.models import InvitationState
from eventsys.newsletters.lists import FORETAGSAMT
from tests.browser.conftest import House
from tests.browser.test_the_form import Press
from tests.chromium import without_axe
from tests.invitations import scenes as invitations
from tests.newsletters.subscriptions.scenes import asked, has

pytestmark = pytest.mark.browser
READER = "elin.utan.skript@vaveriet.example"


def test_those_invited_say_yes_and_no(house: House, plain_page: Page, press: Press) -> None:
    page = plain_page
    without_axe(page)
    event = house.new_event(title="Rundabordssamtal", by_invitation=True)
    comes, stays_away = invitations.invited(event, "Åsa Ek", "Bo Alm")
    page.goto(f"{house.url}/inbjudan/{invitations.row(comes).token}")
    press(page, "Ja, jag kommer")
    assert invitations.row(comes).state is InvitationState.YES
    page.goto(f"{house.url}/inbjudan/{invitations.row(stays_away).token}")
    press(page, "Nej, jag kan inte komma")
    assert invitations.row(stays_away).state is InvitationState.NO


def test_a_reader_signs_up_confirms_chooses_leaves_and_comes_back(house: House, plain_page: Page, press: Press) -> None:
    page = plain_page
    without_axe(page)
    page.goto(f"{house.url}/nyhetsbrev")
    page.get_by_label("E-post").fill(READER)
    press(page, "Prenumerera")
    assert page.locator("h1").inner_text() == "Titta i din inkorg"
    page.goto(f"{house.url}/nyhetsbrev/bekrafta/{asked(READER).token}")
    press(page, "Ja, jag vill prenumerera")
    assert has(READER) == [FORETAGSAMT]
    page.get_by_label("Namn", exact=False).first.fill("Elin Ek")
    press(page, "Spara")
    page.get_by_role("link", name="Avsluta alla brev").click()
    press(page, "Avsluta alla brev")
    assert has(READER) == []
    press(page, "Ångra")
    assert has(READER) == [FORETAGSAMT]
