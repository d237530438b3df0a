"""The README's pictures, made from the demonstration: `make pictures`.

Serves a fresh demonstration in a temporary folder, opens its pages in Chromium at 390 and 1280 pixels, and lays them
side by side in docs/pictures/.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from eventsys.demo import SIGN_IN
from tests.chromium import FLAGS
from tests.servers import ServerProcess, chromium_path, free_port

OUT = Path(__file__).parent.parent / "docs" / "pictures"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# Pictures of staff pages: their names, and the pages side by side in each, as (address, texts of links to follow).
LEADING: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    ("register.png", (
        ("/personal/foretag?sok=Pappersdraken", ("Pappersdrakens Kartong AB",)),
        ("/personal/nyhetsbrev/valkomstbrev", ("Omgång",)),
    )),
    ("follow-up.png", (
        ("/personal/enkater", ()),
        ("/personal/uppfoljning", ("Första halvåret",)),
    )),
    ("segment.png", (
        ("/personal/nyhetsbrev/urval/nytt", ()),
        ("/personal/nyhetsbrev/bjud-in", ("Välkommen som företagare",)),
    )),
)  # fmt: skip
OWN_LIST = """Företag;Orgnr;Adress;Postnr;Ort;Kontaktperson;E-post
Pappersdrakens Kartong AB;553247-7295;;;;Åsa Öberg;asa.oberg@pappersdraken.example
Spolens Varpverkstad;;Exempelgatan 3;503 30;Borås;Örjan Ek;orjan.ek@spolen.example
Inslagets Verkstad;553247-7296;Tänkta allén 8;504 31;Borås;;
;;Påhittsgränd 2;504 31;Borås;;
"""
GAP, PAPER = 24, "#d9dcd8"


def main() -> int:
    """Make the pictures; returns the exit code."""
    OUT.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(
            "serve", "--demo", "--port", str(port),
            env={"EVENTSYS_DATA_DIR": folder}, health=f"http://127.0.0.1:{port}/readyz", timeout=120,
        ),
        sync_playwright() as playwright,
    ):  # fmt: skip
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        home = f"http://127.0.0.1:{port}"
        public = browser.new_context(viewport=PHONE, locale="sv-SE", device_scale_factor=1.5).new_page()
        side_by_side(public_pages(public, home), "public.png")
        staff = browser.new_context(viewport=DESK, locale="sv-SE").new_page()
        side_by_side(staff_pages(staff, home), "staff.png")
        side_by_side(event_day_pages(staff, home), "event-day.png")
        side_by_side(newsletter_pages(staff, home), "newsletter.png")
        side_by_side(import_pages(staff, home), "import.png")
        for name, shown in LEADING:
            side_by_side(pages_led_to(staff, home, shown), name)
        browser.close()
    return 0


def public_pages(page: Page, home: str) -> Iterator[bytes]:
    """The calendar, an event with free seats, its form, and the ticket after registering."""
    page.goto(f"{home}/evenemang")
    yield page.screenshot()
    page.locator(".event-card:has(.badge-good) a").first.click()
    yield page.screenshot()
    page.goto(page.url.rstrip("/") + "/anmalan")
    page.fill("#company_name", "Exempelväveriet AB")
    page.fill("#booker_name", "Åsa Öberg")
    page.fill("#booker_email", "asa.oberg@foretag.example")
    yield page.screenshot()
    page.locator("form[data-once] button.button[type=submit]").last.click()
    page.wait_for_url("**/bokning/**")
    page.get_by_role("link", name="Visa biljetten").first.click()
    page.wait_for_url("**/biljett/**")
    yield page.screenshot()


def staff_pages(page: Page, home: str) -> Iterator[bytes]:
    """Today, and the busiest event's overview."""
    page.goto(f"{home}/personal/logga-in")
    page.fill("input[name=email]", SIGN_IN.email)
    page.fill("input[name=password]", SIGN_IN.password)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/personal")
    yield page.screenshot()
    page.goto(f"{home}/personal/evenemang")
    page.locator("table a").first.click()
    yield page.screenshot()


def event_day_pages(page: Page, home: str) -> Iterator[bytes]:
    """Workshops as visitors read them, and a guest list; somebody of the staff is signed in."""
    page.goto(f"{home}/evenemang/naringslivsdagen-tillsammans-langre/program")
    yield page.screenshot()
    page.goto(f"{home}/personal/evenemang?sok=halv%C3%A5ret")
    page.get_by_role("link", name="Läget i Borås, halvåret som kommer").first.click()
    page.get_by_role("link", name="Inbjudna").first.click()
    page.wait_for_url("**/inbjudna")
    yield page.screenshot()


def newsletter_pages(page: Page, home: str) -> Iterator[bytes]:
    """The issue that is being written beside its letter, and where each letter of the last one is."""
    page.goto(f"{home}/personal/nyhetsbrev")
    page.locator(".plan section", has_text="Utkast").last.locator("h2 a").click()
    page.wait_for_url("**/nummer/*")
    page.frame_locator("iframe").get_by_role("heading").first.wait_for()
    yield page.screenshot()
    page.goto(f"{home}/personal/nyhetsbrev")
    page.locator(".plan section", has_text="Utgivet").last.locator("h2 a").click()
    page.get_by_role("link", name="Utskick", exact=True).click()
    page.wait_for_url("**/utskick")
    yield page.screenshot()


def pages_led_to(page: Page, home: str, shown: tuple[tuple[str, tuple[str, ...]], ...]) -> Iterator[bytes]:
    """Pages that links lead to; somebody of the staff is signed in."""
    for address, links in shown:
        page.goto(f"{home}{address}")
        for text in links:
            with page.expect_navigation():
                page.get_by_role("link", name=text).first.click()
        yield page.screenshot()


def import_pages(page: Page, home: str) -> Iterator[bytes]:
    """What a list of our own would change, before anything is; somebody of the staff is signed in."""
    page.goto(f"{home}/personal/foretag/inlasning/ny")
    file = {"name": "textilkluster.csv", "mimeType": "text/csv", "buffer": OWN_LIST.encode()}
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Granska filen").click()
    page.get_by_role("button", name="Granska raderna").click()
    read = page.get_by_role("heading", name="Rad för rad")
    report = page.get_by_role("link", name="Visa rapporten")
    read.or_(report).first.wait_for()
    if report.count():
        report.click()
    read.wait_for()
    yield page.screenshot()


def side_by_side(shots: Iterator[bytes], name: str) -> None:
    """Paste the shots beside each other with a gap and save them small."""
    pictures = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in shots]
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) + 1)
    sheet = Image.new("RGB", (width, max(picture.height for picture in pictures) + 2 * GAP), PAPER)
    left = GAP
    for picture in pictures:
        sheet.paste(picture, (left, GAP))
        left += picture.width + GAP
    sheet.quantize(192).save(OUT / name, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
