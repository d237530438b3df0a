"""Every public page, in every width and colour: nothing for axe to find, nothing beside the window, nothing refused."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import House
from tests.chromium import WCAG, OpenPage, axe

pytestmark = pytest.mark.browser

# Every public page by its endpoint, and the words for what it shows in the house (see conftest.House).
PAGES = {
    "events.show_start": ["start"],
    "events.show_calendar": ["calendar", "calendar of a series", "empty calendar"],
    "events.show_embedded_list": ["embedded list"],
    "events.show_event": [
        "event with a programme",
        "event",
        "closed event",
        "full event",
        "cancelled event",
        "past event",
        "coming event",
    ],
    "events.show_registration_form": [
        "form with sessions",
        "form",
        "form for the queue",
        "shut form",
        "form for the invited",
    ],
    "events.show_received": ["received"],
    "events.show_invitation": [
        "invitation",
        "accepted invitation",
        "queued invitation",
        "declined invitation",
        "handed invitation",
        "withdrawn invitation",
    ],
    "events.show_request_form": ["request for a place"],
    "events.show_my_bookings": ["my bookings"],
    "events.show_booking": [
        "booking",
        "new booking",
        "own booking",
        "booking with an offer",
        "booking in the queue",
        "booking of a cancelled event",
        "booking with sessions",
    ],
    "events.show_booker": ["booker"],
    "events.show_person": ["person"],
    "events.show_new_person": ["new person"],
    "events.show_programme": ["programme", "programme of a course"],
    "events.show_sessions": ["sessions"],
    "events.show_cancel": ["cancel"],
    "events.show_coming": ["coming", "answered coming"],
    "events.show_ticket": ["ticket", "no ticket yet", "revoked ticket"],
    "events.show_source": ["poster"],
    "newsletters.show_archive": ["archive"],
    "newsletters.show_issue": ["issue", "next issue"],
    "newsletters_open.show_response": ["article to judge", "judged article", "example of a judgement", "unknown link"],
    "newsletters.show_sign_up": ["sign-up", "sign-up by a code"],
    "newsletters.show_confirm": ["confirm", "confirm a new address", "used confirm link", "ended confirm link"],
    "newsletters.show_preferences": ["choices", "choices of a new reader", "choices of who left"],
    "newsletters_open.show_leave": ["leave one list", "leave all lists"],
    "surveys.show_survey_form": [
        "survey",
        "survey for who was absent",
        "answered survey",
        "closed survey",
        "unknown survey",
    ],
    "surveys.show_open_survey_form": ["open survey", "open survey to come"],
    "surveys.show_thanks": ["thanks for the answer"],
    "surveys.show_results": ["results of a survey"],
    "privacy.show_privacy": ["privacy"],
    "privacy.show_request_form": ["request about oneself"],
    "privacy.show_confirm": ["confirm a request", "confirmed request", "ended request"],
    "privacy.show_accessibility": ["accessibility"],
}
# What is no page: files, pictures, feeds, a few words for the script, answers to machines.
NO_PAGES = {
    "static",
    "identity.show_stylesheet",
    "identity.show_logo",
    "health.show_health",
    "health.show_readiness",
    "metrics.show_metrics",
    "events.show_seats",
    "events.show_event_calendar",
    "events.show_picture",
    "events.show_calendar_feed",
    "events.show_atom_feed",
    "events.show_json_feed",
    "events.show_ticket_pdf",
    "events.show_ticket_calendar",
    "door.show_door",  # a page, looked at in tests/checkin
    "door.show_list",
    "door.show_script",
    "door.show_worker",
    "door.show_manifest",
    "events.show_material",
    "events.show_own_material",
    "newsletters.show_archive_feed",
    "newsletters_open.show_picture",
}
GONE = {
    "revoked ticket": 410, "withdrawn invitation": 410, "ended confirm link": 410, "ended request": 410,
    "not found": 404, "unknown link": 404,
    "closed survey": 410, "unknown survey": 404,
}  # fmt: skip
SHOWN = [word for words in PAGES.values() for word in words] + ["not found"]
TOO_WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
    const box = e.getBoundingClientRect();
    const meant = e.closest('.honeypot, .hidden-visually, .table-wrap');
    return box.width && box.right > document.documentElement.clientWidth + 1 && !meant;
}).map(e => e.outerHTML.slice(0, 90))"""

CUT = """() => [...document.querySelectorAll('main *')]
    .filter(e => e.children.length === 0 && e.textContent.trim())
    .filter(e => !e.closest('.hidden-visually, .honeypot, template, svg, select'))
    .filter(e => getComputedStyle(e).overflow !== 'visible')
    .filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)
    .map(e => e.outerHTML.slice(0, 90))"""


def test_every_public_page_is_looked_at_here(house: House) -> None:
    rules = [rule for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    found = {rule.endpoint.replace("_en.", ".") for rule in rules if not rule.rule.startswith("/personal")}
    assert found == PAGES.keys() | NO_PAGES
    assert set(SHOWN) == house.pages.keys()


def has_no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize("shown", SHOWN)
def test_a_page_on_phone_and_desk_by_day_and_by_night(house: House, look: OpenPage, shown: str) -> None:
    page = look()
    answer = page.goto(house.url + house.pages[shown])
    assert answer is not None
    assert answer.status == GONE.get(shown, 200)
    assert page.title().endswith("– Näringslivet i Borås")
    page.emulate_media(color_scheme="dark")
    axe(page, options=WCAG)
    page.set_viewport_size({"width": 320, "height": 640})
    assert has_no_sideways_scroll(page), page.evaluate(TOO_WIDE)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert has_no_sideways_scroll(page), page.evaluate(TOO_WIDE)
    axe(page)


@pytest.mark.parametrize(
    "shown",
    [
        "start", "calendar", "event", "form", "booking with an offer", "ticket", "archive", "issue", "article to judge",
        "sign-up", "choices", "confirm", "survey", "open survey", "thanks for the answer",
    ],
)  # fmt: skip
def test_a_page_in_english(house: House, look: OpenPage, shown: str) -> None:
    page = look()
    page.goto(f"{house.url}/en{house.pages[shown]}")
    assert page.locator("html").get_attribute("lang") == "en"
    assert has_no_sideways_scroll(page)
    words = page.evaluate(
        """() => {
            const main = document.querySelector('main').cloneNode(true);
            main.querySelectorAll('[lang=sv], script, template').forEach(e => e.remove());
            return main.textContent.split(/\\s+/);
        }"""
    )
    assert not {"Anmälan", "Platser", "och", "eller", "Företaget", "Avboka"} & set(words)


@pytest.mark.parametrize("shown", ["calendar", "event", "form", "booking", "ticket"])
def test_a_page_in_forced_colours_keeps_its_edges(house: House, look: OpenPage, shown: str) -> None:
    page = look(forced_colors="active")
    page.goto(house.url + house.pages[shown])
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    bare = """() => [...document.querySelectorAll('main .button, main input:not([type=hidden])')]
        .filter(e => e.offsetParent && !e.closest('.honeypot, .hidden-visually') && e.type !== 'checkbox')
        .filter(e => getComputedStyle(e).borderTopStyle === 'none').map(e => e.outerHTML.slice(0, 90))"""
    assert page.evaluate(bare) == []


@pytest.mark.parametrize("shown", ["start", "calendar", "event", "form", "booking", "ticket"])
def test_a_page_keeps_still(house: House, look: OpenPage, shown: str) -> None:
    page = look(reduced_motion="reduce")
    page.goto(house.url + house.pages[shown])
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("shown", ["event", "form", "form for the queue", "booking", "new person", "ticket"])
def test_text_twice_as_large_loses_nothing(house: House, look: OpenPage, shown: str) -> None:
    page = look(1280, 800)
    page.goto(house.url + house.pages[shown])
    page.evaluate("document.documentElement.style.fontSize = '212.5%'")
    assert has_no_sideways_scroll(page), page.evaluate(TOO_WIDE)
    assert page.evaluate(CUT) == []
    lines = "[...document.querySelectorAll('main label, main .button, main h1')].filter(e => e.offsetParent)"
    assert page.evaluate(f"{lines}.every(e => e.getBoundingClientRect().right <= innerWidth)")
