"""New companies, from a bulk file to the gathering: read in, welcomed by e-mail and on paper, invited, remembered."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect as eventually
from pypdf import PdfReader
from sqlalchemy import select

from eventsys.clock import local, now
from eventsys.companies.models import Company, Postcode
from eventsys.database import db, transaction
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.newsletters.welcome.models import Choice, WelcomeLetter, WelcomeSettings
from eventsys.staff.models import Account, Role
from tests.chromium import OpenPage
from tests.companies.imports.generator import (
    BOLAGSVERKET,
    bolagsverket_line,
    number,
    personal_number,
)
from tests.factories import in_days, make_event, make_series
from tests.journeys.conftest import Product
from tests.staff_fixtures import PASSWORD, new_account, see_anew

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("product", ["sqlite"], indirect=True)]

WITH_EMAIL, ON_PAPER, STRUCK = "Åkessons Väveri AB", "Öbergs Färgeri AB", "Vilande Garn AB"
ADDRESS = "info@akessons.example"
GATHERING = "Välkomstträff för nya företagare"


def press(page: Page, label: str | re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=isinstance(label, str)).click()


def sign_in(product: Product, page: Page, account: Account, path: str) -> None:
    page.goto(f"{product.url}{path}")
    page.get_by_label("E-post").fill(account.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    press(page, "Logga in")


@pytest.fixture
def gathering(product: Product) -> int:
    """Our postcodes, the day from which companies are new, and the gathering that is planned for them."""
    series = make_series(name="Välkomstträff")
    event = make_event(series=series, title=GATHERING, starts_at=in_days(20), capacity=30)
    with transaction():
        db.session.add(Postcode(digits="503", place="Borås"))
        db.session.add(
            WelcomeSettings(id=1, starts_on=local(now()).date() - timedelta(days=300), series_id=series.id)
        )  # fmt: skip
    return event.id


def bulk_file(folder: Path) -> Path:
    """Three new companies of ours, an old one, a sole trader, one of another town, and one that is gone."""
    recently = (local(now()).date() - timedelta(days=12)).isoformat()
    lines = [
        '"' + BOLAGSVERKET.replace(";", '";"') + '"',
        bolagsverket_line(number(1), WITH_EMAIL, registered=recently),
        bolagsverket_line(number(2), ON_PAPER, registered=recently),
        bolagsverket_line(number(3), STRUCK, registered=recently),
        bolagsverket_line(number(4), "Gamla Väveriet AB", registered="1999-04-01"),
        bolagsverket_line(personal_number(5), "Enskild Firma", "PERSON-IDORG", form="E-ORGFO", registered=recently),
        bolagsverket_line(number(6), "Annan Ort AB", postcode="11122", place="STOCKHOLM", registered=recently),
        bolagsverket_line(number(7), "Borta AB", gone="2026-01-31", why="LIAV-AVREGORS", registered=recently),
    ]
    path = folder / "bolagsverket.txt"
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8")
    return path


def read_in(page: Page, product: Product, path: Path) -> None:
    """Tried first; then everything that is ours is taken in by one press."""
    page.goto(f"{product.url}/personal/foretag/inlasning/ny")
    page.get_by_label("Fil", exact=True).set_input_files(path)
    press(page, "Granska filen")
    page.get_by_role("link", name="Visa rapporten").click(timeout=30_000)
    eventually(page.get_by_role("button", name="Läs in 4 nya företag")).to_be_visible()
    see_anew()
    assert db.session.scalars(select(Company)).all() == [], "the dry run changes nothing"
    press(page, "Läs in 4 nya företag")
    eventually(page.get_by_text("Inläst").first).to_be_visible(timeout=30_000)


def write_down_the_address(page: Page, product: Product) -> None:
    """The file has no e-mail; a colleague knows one, and finds the company without its ring."""
    page.goto(f"{product.url}/personal/foretag?sok=akesson")
    page.get_by_role("link", name=WITH_EMAIL).click()
    page.get_by_role("link", name="Lägg till kontakt").click()
    page.get_by_label(re.compile("^Namn")).fill("Åsa Åkesson")
    page.get_by_label(re.compile("^E-post")).fill(ADDRESS)
    press(page, "Lägg till kontakten")
    eventually(page.get_by_role("heading", name=WITH_EMAIL)).to_be_visible()


def welcome(page: Page, other: Page, product: Product, colleague: Account) -> str:
    """A round: one struck, a colleague approves, the e-mail leaves; the address of the round."""
    page.goto(f"{product.url}/personal/nyhetsbrev/valkomstbrev")
    press(page, re.compile("Gör omgång"))
    eventually(
        page.get_by_text("3 nya företag = 1 får e-post + 2 får papper + 0 strukna + 0 utelämnas")
    ).to_be_visible()
    address = page.url
    page.get_by_label(f"Markera {STRUCK}").check()
    page.get_by_label("Orsak", exact=True).select_option("Vilande bolag")
    press(page, "Stryk")
    page.goto(f"{address}/godkannande")
    press(page, "Be om godkännande")
    sign_in(product, other, colleague, address.removeprefix(product.url) + "/godkannande")
    press(other, "Godkänn listan och brevet")
    page.goto(f"{address}/utskick")
    press(page, re.compile("Skicka till 1 företag"))
    return address


def printed(page: Page, address: str) -> str:
    """The text of the PDF: one page, for the one on paper."""
    page.goto(f"{address}/papper")
    with page.expect_download() as download:
        page.get_by_role("button", name="Gör 1 brev").click()
    reader = PdfReader(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert len(reader.pages) == 1
    return reader.pages[0].extract_text()


def test_from_a_bulk_file_to_the_gathering(
    product: Product, gathering: int, open_page: OpenPage, tmp_path: Path
) -> None:
    organiser, colleague = new_account(Role.ORGANISER), new_account(Role.EDITOR)
    page, other = open_page(1280, 900), open_page(390, 844)
    sign_in(product, page, organiser, "/personal/foretag")
    read_in(page, product, bulk_file(tmp_path))
    write_down_the_address(page, product)
    round_address = welcome(page, other, product, colleague)

    letter = product.letter(ADDRESS)
    assert WITH_EMAIL in letter.text
    assert GATHERING.upper() in letter.text
    text = printed(page, round_address)
    assert ON_PAPER in text
    assert GATHERING in text
    see_anew()
    fates = db.session.execute(
        select(Company.name, WelcomeLetter.choice).join(Company, Company.id == WelcomeLetter.company_id)
    )
    assert dict(tuple(row) for row in fates) == {
        WITH_EMAIL: Choice.EMAIL, ON_PAPER: Choice.PAPER, STRUCK: Choice.STRUCK,
    }  # fmt: skip

    invite(page, product, gathering)
    say_yes(product, other)
    assert_remembered(page, product)
    see_anew()
    everything = " ".join(str(row) for row in db.session.execute(select(Company.__table__)))
    assert personal_number(5) not in everything


def invite(page: Page, product: Product, event_id: int) -> None:
    """Everybody new of the half-year by one press; who has no e-mail is told of."""
    registered = local(now()).date() - timedelta(days=12)
    half = f"{registered.year}-{1 if registered.month < 7 else 2}"
    page.goto(f"{product.url}/personal/nyhetsbrev/bjud-in/{event_id}?fran={half}")
    eventually(page.get_by_text(ON_PAPER)).to_be_visible()
    press(page, "Bjud in 1 företag")


def say_yes(product: Product, page: Page) -> None:
    """With the personal link of the second letter, on a phone."""
    page.goto(product.letter(ADDRESS, 2).link_to("/inbjudan/"))
    press(page, "Ja, jag kommer")
    see_anew()
    invitation = db.session.scalars(select(Invitation)).one()
    assert invitation.state is InvitationState.YES


def assert_remembered(page: Page, product: Product) -> None:
    """The page of the company knows the letter, the invitation and the registration."""
    page.goto(f"{product.url}/personal/foretag?sok=akesson")
    page.get_by_role("link", name=WITH_EMAIL).click()
    for said in (GATHERING, "Välkomstbrev omgång", "Åsa Åkesson"):
        eventually(page.get_by_text(said).first).to_be_visible()
