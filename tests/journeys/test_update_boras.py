"""Update Borås: forty leaders are invited, 25 come, two of them for a colleague, and only the silent are reminded."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page

from eventsys.clock import from_local, local, now
from eventsys.events.invitations.standing import Standing
from eventsys.events.models import Event
from eventsys.staff.models import Role
from tests.chromium import OpenPage
from tests.events.scenes import DAY
from tests.factories import make_event, make_series
from tests.invitations.scenes import counts
from tests.journeys.conftest import Product
from tests.servers import wait_until
from tests.staff_fixtures import PASSWORD, new_account

pytestmark = pytest.mark.browser

INVITED, YES, BY_COLLEAGUE, NO = 40, 25, 2, 4
SILENT = INVITED - (YES - BY_COLLEAGUE) - BY_COLLEAGUE - NO
ADDRESSES = [f"ledare{number:02}@bolag{number:02}.example" for number in range(INVITED)]
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def press(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()


def update_boras() -> Event:
    starts_at = from_local(local(now() + 30 * DAY).replace(hour=15, minute=0, second=0, microsecond=0, tzinfo=None))
    series = make_series(name="Update Borås", public=False)
    return make_event(series=series, title="Update Borås", starts_at=starts_at, by_invitation=True, capacity=30)


def sign_in(product: Product, page: Page, event: Event) -> str:
    colleague = new_account(Role.ORGANISER)
    guests = f"{product.url}/personal/evenemang/{event.id}/inbjudna"
    page.goto(guests)
    page.get_by_label("E-post").fill(colleague.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    press(page, "Logga in")
    return guests


def invite_from_a_file(page: Page) -> None:
    """The list as the office keeps it: Latin-1 and semicolons, one address twice and one that is none."""
    rows = [f"Ledare Nr {number:02};{address};Bolaget {number:02} AB" for number, address in enumerate(ADDRESSES)]
    text = "\r\n".join(["Namn;E-postadress;Företag", *rows, rows[0], "Åke Fel;ake@;Felet AB"])
    page.get_by_role("link", name="Från fil").click()
    file = {"name": "gäster.csv", "mimeType": "text/csv", "buffer": text.encode("latin-1")}
    page.set_input_files("[name=file]", file)  # type: ignore[arg-type]
    press(page, "Gå vidare")
    press(page, "Granska raderna")
    assert page.get_by_text("40 nya, 1 finns redan, 1 går inte att använda.").is_visible()
    press(page, "Lägg till 40 gäster")
    assert page.get_by_text("40 gäster är tillagda. Inget är skickat än.").is_visible()
    page.get_by_role("link", name="Skicka inbjudan till 40 personer").click()
    press(page, "Skicka till 40 personer")
    assert page.get_by_text("Inbjudan skickas nu till 40 gäster.").is_visible()


class Guest:
    """Somebody with a mail program and no patience for scripts: plain HTTP, with the form's own token."""

    def __init__(self, link: str) -> None:
        self.link = link
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def send(self, act: str, **data: str) -> str:
        with self.browser.open(self.link, timeout=20) as answer:
            token = CSRF.search(answer.read().decode())
        assert token is not None
        body = urllib.parse.urlencode({"csrf_token": token[1], **data}).encode()
        with self.browser.open(f"{self.link}/{act}", body, timeout=20) as answer:
            return str(answer.read().decode())

    def yes(self, name: str) -> None:
        assert "Du har tackat ja" in self.send("ja", name=name)

    def no(self) -> None:
        assert "Du har tackat nej" in self.send("nej", message="Tyvärr på resa.")


def at_once(calls: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result(60)


@pytest.mark.parametrize("product", ["postgresql"], indirect=True)
def test_update_boras(product: Product, page: Page, open_page: OpenPage) -> None:
    event, office = update_boras(), open_page(1280, 800)
    guests = sign_in(product, office, event)
    invite_from_a_file(office)

    wait_until(lambda: len(product.sink.letters) >= INVITED, 60, about="forty invitations")
    links = {address: product.letter(address).link_to("/inbjudan/") for address in ADDRESSES}
    assert len(set(links.values())) == INVITED
    yes, rest = ADDRESSES[: YES - BY_COLLEAGUE], ADDRESSES[YES - BY_COLLEAGUE :]
    handing, no, silent = rest[:BY_COLLEAGUE], rest[BY_COLLEAGUE : BY_COLLEAGUE + NO], rest[BY_COLLEAGUE + NO :]
    assert len(silent) == SILENT

    page.goto(links[yes[0]])
    assert page.get_by_label("Namn", exact=True).input_value() == "Ledare Nr 00"
    press(page, "Ja, jag kommer")
    assert page.get_by_text("Du har tackat ja").is_visible()
    page.goto(links[handing[0]])
    page.get_by_text("Låt en kollega gå i ditt ställe").click()
    page.get_by_label("Kollegans namn").fill("Karin Åberg")
    page.get_by_label("Kollegans e-post").fill("karin@bolag23.example")
    press(page, "Lämna över inbjudan")
    assert page.get_by_text("Du har lämnat över inbjudan till Karin Åberg").is_visible()
    bo = {"colleague_name": "Bo Alm", "colleague_email": "bo@bolag24.example"}
    Guest(links[handing[1]]).send("kollega", **bo)

    colleagues = {"karin@bolag23.example": "Karin Åberg", "bo@bolag24.example": "Bo Alm"}
    answers: list[Callable[[], None]] = [lambda a=address: Guest(links[a]).yes(f"Ledare {a}") for address in yes[1:]]
    answers += [lambda a=address: Guest(links[a]).no() for address in no]
    at_once(answers)
    for address, name in colleagues.items():
        letter = product.letter(address)
        assert "kan inte komma och vill att du går i stället" in letter.text
        Guest(letter.link_to("/inbjudan/")).yes(name)
    assert counts(event) == {
        Standing.YES: YES, Standing.HANDED_ON: BY_COLLEAGUE, Standing.NO: NO, Standing.SILENT: SILENT,
    }  # fmt: skip

    office.goto(guests)
    assert office.get_by_role("link", name=f"Ja {YES}", exact=True).is_visible()
    assert office.get_by_role("link", name=f"Ja genom en kollega {BY_COLLEAGUE}", exact=True).is_visible()
    office.get_by_role("link", name=f"Påminn de {SILENT} som inte har svarat").click()
    press(office, f"Påminn {SILENT} personer")
    assert office.get_by_text(f"Påminnelsen skickas nu till {SILENT} gäster.").is_visible()

    for address in silent:
        assert product.letter(address, 2).subject.startswith("Svara på inbjudan: Update Borås")
    for address in [*yes, *colleagues]:
        assert product.letter(address, 2).subject.startswith("Du är anmäld: Update Borås")
    for address in [*handing, *no]:
        product.letter(address, 1)
    office.goto(guests)
    assert office.get_by_role("link", name="Påminn").count() == 0
