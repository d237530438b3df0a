"""Företagsamt, from the plan of the year to a ledger of 8 500 names: written, approved, sent, paused, left, gone on."""

from __future__ import annotations

import io
import re
import urllib.request
from collections import Counter
from email.message import EmailMessage

import pytest
from lxml import html
from openpyxl import load_workbook
from PIL import Image
from playwright.sync_api import Page
from playwright.sync_api import expect as eventually
from sqlalchemy import select

from eventsys.clock import local, now
from eventsys.database import db
from eventsys.demo import SIGN_IN
from eventsys.mail.mailings.ledger import COLUMNS
from eventsys.mail.models import Delivery, State
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT
from eventsys.newsletters.subscriptions.models import Reader
from eventsys.staff.models import Account, Role
from tests.chromium import OpenPage
from tests.demonstration import fill_in
from tests.journeys.conftest import Product
from tests.servers import wait_until
from tests.sink import Letter

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("product", ["sqlite"], indirect=True)]

AT_LEAST = 8500
ARTICLES = (
    ("Så växer handeln på Viared", "Fyra företag berättar.", "Åsa Öberg på Väveriet säger: vi anställer åtta."),
    ("Gratis rådgivning i vår", "Boka en timme hos oss.", "Vi träffas på ditt företag eller digitalt."),
    ("Anbudsskola för nybörjare", "Tre kvällar i mars.", "Du lär dig läsa ett förfrågningsunderlag."),
)
# The demonstration's letters are on their way too; these are of the issue.
SUBJECT = "Företagsamt: så växer näringslivet i vår"


@pytest.fixture
def year(product: Product, tmp_path_factory: pytest.TempPathFactory) -> int:
    """The demonstration, and a year of which nothing is planned."""
    fill_in(tmp_path_factory)
    return local(now()).year + 1


def press(page: Page, label: str | re.Pattern[str]) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=isinstance(label, str)).click()


def sign_in(product: Product, page: Page, email: str, path: str) -> None:
    page.goto(f"{product.url}{path}")
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Lösenord").fill(SIGN_IN.password)
    press(page, "Logga in")


def colleague() -> str:
    """Somebody else who may approve."""
    query = select(Account.email).where(Account.role == Role.EDITOR, Account.email != SIGN_IN.email)
    return db.session.scalars(query).first() or ""


def picture() -> dict[str, object]:
    made = io.BytesIO()
    Image.new("RGB", (1800, 900), "#0f5c66").save(made, "JPEG")
    return {"name": "viared.jpg", "mimeType": "image/jpeg", "buffer": made.getvalue()}


def plan_the_year(product: Product, page: Page, year: int) -> str:
    """Four issues by one press; the address of the December issue, which is for all companies."""
    sign_in(product, page, SIGN_IN.email, f"/personal/nyhetsbrev?ar={year}")
    press(page, f"Planera fyra nummer för {year}")
    eventually(page.get_by_role("heading", name=f"nr 4 {year}")).to_be_visible()
    page.get_by_role("link", name=f"Företagsamt nr 4 {year}", exact=True).click()
    page.wait_for_url("**/nummer/*")
    return page.url


def write_the_issue(page: Page) -> None:
    """A subject, and three articles, the first with a picture; the page saves while one writes."""
    page.get_by_label("Ämnesrad").fill(SUBJECT)
    saved(page, "form:not([data-article])")
    for number, (heading, lead, body) in enumerate(ARTICLES):
        press(page, "Lägg till artikeln")
        page.get_by_label("Rubrik", exact=True).fill(heading)
        page.get_by_label("Ingress").fill(lead)
        page.locator("trix-editor").click()
        page.keyboard.type(body)
        if number == 0:
            page.get_by_label("Bild (frivilligt)").set_input_files(picture())  # type: ignore[arg-type]
            eventually(page.locator("[data-picture] img")).to_be_visible()
            page.get_by_label("Bildbeskrivning").fill("Handelsplatsen på Viared sedd från vägen")
        page.locator(".article-states").get_by_text("Klar", exact=True).click()  # the label lies over its circle
        page.get_by_role("button", name="Spara", exact=True).click()
        saved(page, "form[data-article]")
        eventually(page.locator(".article-list li").nth(number)).to_contain_text("Klar")


def saved(page: Page, form: str) -> None:
    eventually(page.locator(f"{form} [data-save-state]")).to_have_text(re.compile(r"Sparat kl\. \d\d\.\d\d"))


def preview(page: Page, address: str) -> None:
    page.goto(f"{address}/forhandsvisning?som=telefon")
    letter = page.frame_locator("iframe").first
    eventually(letter.get_by_role("heading", name=ARTICLES[0][0])).to_be_visible()
    eventually(letter.get_by_alt_text("Handelsplatsen på Viared sedd från vägen")).to_be_visible()


def approve(product: Product, page: Page, other: Page, address: str) -> None:
    """One asks, another approves; who asked cannot."""
    page.goto(f"{address}/kontroll")
    press(page, "Be om godkännande")
    eventually(page.get_by_text("Numret väntar på godkännande.").first).to_be_visible()
    assert page.get_by_role("button", name="Godkänn brevet").count() == 0
    sign_in(product, other, colleague(), address.removeprefix(product.url) + "/kontroll")
    other.get_by_role("link", name="Läs och svara").click()
    press(other, "Godkänn brevet")
    eventually(other.get_by_text("Godkänt").first).to_be_visible()


def send(product: Product, page: Page, address: str) -> int:
    """At once, without a hold; slowly, so that it can be paused in the middle. To how many, as the page says."""
    page.goto(f"{address}/utskick")
    page.get_by_role("link", name="Skicka nu", exact=True).click()
    page.get_by_label("Minuter mellan de första breven och resten").fill("0")
    product.sink.manner.delay = 0.02
    button = re.compile(r"Skicka till ([\d\s]+) mottagare")
    told = button.search(page.get_by_role("button", name=button).inner_text())
    assert told is not None
    press(page, button)
    wait_until(lambda: len(of_the_issue(product)) >= 40, 90, about="letters of the issue")
    return int("".join(told[1].split()))


def of_the_issue(product: Product) -> list[Letter]:
    """Letters of the mailing that came: they alone can be left with one click."""
    return [letter for letter in list(product.sink.letters) if b"List-Unsubscribe-Post" in letter.raw]


def pause(product: Product, page: Page, address: str) -> None:
    page.goto(f"{address}/utskick")
    press(page, "Pausa")
    eventually(page.get_by_text("Utskicket är pausat", exact=True)).to_be_visible()
    came = -1
    while came != len(of_the_issue(product)):  # what was on the wire when the button was pressed
        came = len(of_the_issue(product))
        page.wait_for_timeout(500)


def one_who_waits(issue: Issue) -> Reader:
    query = (
        select(Reader)
        .join(Delivery, Delivery.subject_id == Reader.id)
        .where(Delivery.mailing_id == issue.mailing_id, Delivery.state == State.QUEUED)
        .order_by(Delivery.id.desc())
    )
    return db.session.scalars(query.limit(1)).one()


def leave_by_one_click(address: str) -> int:
    """As a mail program does it (RFC 8058): a POST without cookies, page or token."""
    asked = urllib.request.Request(address, data=b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return int(answer.status)


def go_on(product: Product, page: Page) -> None:
    product.sink.manner.delay = 0.0
    press(page, "Fortsätt")
    eventually(page.locator("#liggare .badge", has_text="Klart")).to_be_visible(timeout=240_000)


def ledger_file(page: Page, address: str) -> list[tuple[str, ...]]:
    """What the ledger's download says, a row a name."""
    answer = page.request.get(f"{address}/utskick/liggare.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.body())).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0] == COLUMNS
    return [tuple("" if cell is None else str(cell) for cell in row) for row in rows[1:]]


def header(letter: Letter, name: str) -> str:
    return str(letter.message[name])


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind.partition("/")[2],))
    assert found is not None
    return str(found.get_content())


def leave_link(product: Product, reader: Reader) -> str:
    """Who subscribes leaves Företagsamt; a company that never asked leaves the letters to companies."""
    subscribes = any(one.list == FORETAGSAMT for one in reader.subscriptions)
    return f"{product.url}/avsluta/{reader.token}?brev={FORETAGSAMT if subscribes else COMPANIES}"


def assert_reads_well(product: Product, letter: Letter) -> None:
    """A letter of the issue, as the standard library parses it."""
    message = letter.message
    text, page = part(message, "text/plain"), part(message, "text/html")
    assert message["Subject"] == SUBJECT
    assert all(len(line) <= 998 for line in letter.raw.split(b"\r\n"))
    assert len(page.encode()) < 100_000
    for heading, _lead, body in ARTICLES:
        assert heading in text
        assert body in text
        assert body in html.fromstring(page).text_content()
    reader = db.session.execute(select(Reader).where(Reader.address == letter.recipients[0])).scalar_one()
    leave = leave_link(product, reader)
    assert header(letter, "List-Unsubscribe") == f"<{leave}>"
    assert header(letter, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    links = html.fromstring(page).xpath("//a/@href")
    assert leave in links
    assert f"{product.url}/nyhetsbrev/val/{reader.token}" in links
    assert "@@" not in page + text
    if reader.name:
        assert reader.name in header(letter, "To")


def test_an_issue_reaches_more_than_8500_companies_and_every_one_is_accounted_for_by_name(
    product: Product, year: int, open_page: OpenPage
) -> None:
    page, other = open_page(1280, 900), open_page(1280, 900)
    address = plan_the_year(product, page, year)
    write_the_issue(page)
    preview(page, address)
    approve(product, page, other, address)
    recipients = send(product, page, address)
    assert recipients >= AT_LEAST
    pause(product, page, address)
    db.session.rollback()
    issue = db.session.scalars(select(Issue).where(Issue.year == year, Issue.number == 4)).one()
    leaver = one_who_waits(issue)
    assert leave_by_one_click(leave_link(product, leaver)) == 200
    go_on(product, page)

    rows = ledger_file(page, address)
    chosen = [row for row in rows if row[3] != "utelämnad"]
    by_state = Counter(row[3] for row in chosen)
    seeds = len(chosen) - recipients
    assert 0 <= seeds <= 10
    assert sum(by_state.values()) == len(chosen) == len({row[0] for row in chosen})
    assert by_state == {"skickat": len(chosen) - 1, "stoppat": 1}
    assert [row[0] for row in chosen if row[3] == "stoppat"] == [leaver.address]

    came = Counter(letter.recipients[0] for letter in of_the_issue(product))
    assert came == Counter(row[0] for row in chosen if row[3] == "skickat")
    assert max(came.values()) == 1
    for letter in of_the_issue(product)[:: max(1, recipients // 20)]:
        assert_reads_well(product, letter)
