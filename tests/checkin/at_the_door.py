"""What a host sees and does on the door's page, in a real browser."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from eventsys.events.checkin.models import Door
from eventsys.events.checkin.pins import pins_of

ANSWER = "[data-answer]"
KEPT = """async (page) => {
    const ready = await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
        await new Promise((r) => navigator.serviceWorker.addEventListener('controllerchange', r));
    }
    const names = (await caches.keys()).filter((name) => name.startsWith('dorr:' + page + ':'));
    return (await caches.match(page, {cacheName: names[0]})) !== undefined;
}"""


def open_door(page: Page, url: str, door: Door, supervisor: bool = False) -> Page:
    """Open the link, type the PIN, wait for the list."""
    page.goto(f"{url}/dorr/{door.token}")
    pins = pins_of(door)
    page.get_by_label("PIN-kod").fill(pins.supervisor if supervisor else pins.host)
    page.get_by_role("button", name="Öppna dörren").click()
    wait_for_list(page)
    return page


def wait_for_list(page: Page) -> None:
    page.locator("#app[data-begun]").wait_for()


def is_kept(page: Page, door: Door) -> bool:
    """Wait until the phone could open the page without network."""
    return bool(page.evaluate(KEPT, f"/dorr/{door.token}"))


def scan_by_wedge(page: Page, code: str) -> None:
    """A USB scanner types the code and Enter."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def says(page: Page, word: str, name: str = "") -> None:
    """Wait for this answer."""
    expect(page.locator(f"{ANSWER} .answer-word")).to_have_text(word)
    if name:
        expect(page.locator(f"{ANSWER} .answer-name")).to_have_text(name)


def search(page: Page, text: str) -> Any:
    """Type in the search box; the people found."""
    page.get_by_role("button", name="Sök", exact=True).click()
    page.get_by_label("Namn, företag eller kod").fill(text)
    return page.locator(".hit")


def waiting(page: Page) -> Any:
    """The amber line about what is not sent yet."""
    return page.locator("[data-waiting]")
