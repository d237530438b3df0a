"""The door in a real Chromium: camera, scanner, search, no network, two phones, keyboard, and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from eventsys.events.checkin.pins import pins_of
from eventsys.events.models import AttendeeState
from tests.checkin.at_the_door import open_door, says, scan_by_wedge, search
from tests.checkin.cameras import film_of, flag_for
from tests.checkin.scenes import event_now, make_door, scans, walk_in
from tests.chromium import CAMERA, OpenPage, axe, without_axe
from tests.events.scenes import person
from tests.factories import make_registration

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


def test_a_real_ticket_before_the_camera_lets_its_person_in(entrance, url, open_page: OpenPage, tmp_path):
    film = film_of(tmp_path / "queue.mjpeg", [entrance.asa.ticket_code, entrance.bo.ticket_code])
    page = open_page(flags=(*CAMERA, flag_for(film)), permissions=["camera"])
    open_door(page, url, entrance.door)
    page.get_by_role("button", name="Starta kameran").click()
    says(page, "Välkommen", "Åsa Öberg")
    says(page, "Välkommen", "Bo Alm")
    expect(page.locator("[data-inside]")).to_have_text("2")
    page.get_by_role("button", name="Stäng kameran").click()
    assert person("Bo Alm").state is AttendeeState.ATTENDED


def test_a_usb_scanner_is_read_wherever_the_focus_is(entrance, url, page):
    open_door(page, url, entrance.door)
    scan_by_wedge(page, entrance.asa.ticket_code)
    says(page, "Välkommen", "Åsa Öberg")
    search(page, "al")
    scan_by_wedge(page, entrance.asa.ticket_code)
    says(page, "Redan inne", "Åsa Öberg")
    expect(page.locator(".answer-detail").first).to_have_text(re.compile(r"Kom \d\d\.\d\d, Stora entrén\."))
    expect(page.get_by_label("Namn, företag eller kod")).to_have_value("al")
    page.get_by_role("button", name="Mer", exact=True).focus()
    scan_by_wedge(page, entrance.bo.ticket_code)
    says(page, "Välkommen", "Bo Alm")


def test_a_person_is_found_without_the_ring_and_let_in(entrance, url, page):
    open_door(page, url, entrance.door)
    hits = search(page, "asa ob")
    expect(hits).to_have_count(1)
    hits.first.click()
    axe(page)
    page.get_by_role("button", name="Släpp in", exact=True).click()
    says(page, "Välkommen", "Åsa Öberg")
    expect(hits.first).to_contain_text("Inne")
    axe(page)


def test_a_supervisor_takes_back_and_a_host_is_not_offered_it(entrance, url, open_page: OpenPage):
    host = open_door(open_page(), url, entrance.door)
    scan_by_wedge(host, entrance.asa.ticket_code)
    says(host, "Välkommen", "Åsa Öberg")
    expect(host.get_by_role("button", name="Ångra")).to_have_count(0)
    boss = open_door(open_page(), url, entrance.door, supervisor=True)
    search(boss, "öberg").first.click()
    boss.get_by_role("button", name="Ångra insläppet").click()
    says(boss, "Insläppet är ångrat", "Åsa Öberg")
    assert person("Åsa Öberg").state is AttendeeState.CONFIRMED


def test_who_waits_is_let_in_by_a_supervisor_after_a_warning(app, url, page):
    event = event_now(capacity=1)
    make_registration(event, ["Åsa", "Bo"])
    open_door(page, url, make_door(event), supervisor=True)
    scan_by_wedge(page, person("Bo").ticket_code)
    says(page, "Står i kö", "Bo")
    page.get_by_role("button", name="Släpp in ändå").click()
    expect(page.get_by_role("dialog")).to_contain_text("även om det är fullt")
    axe(page)
    page.get_by_role("dialog").get_by_role("button", name="Släpp in ändå").click()
    says(page, "Välkommen", "Bo")


def test_somebody_without_registration_is_added(entrance, url, page):
    open_door(page, url, entrance.door)
    page.get_by_role("button", name="Utan anmälan").click()
    axe(page)
    page.get_by_role("textbox", name="Namn", exact=True).fill("Nya Gästen")
    page.get_by_role("textbox", name="Företag").fill("Spinneriet")
    page.get_by_role("button", name="Lägg till och släpp in").click()
    says(page, "Välkommen", "Nya Gästen")
    expect(page.locator("[data-inside]")).to_have_text("1")
    expect(page.locator("[data-expected]")).to_have_text("3")
    expect(search(page, "spinn")).to_have_count(1)


# --- large, by keyboard, in the dark, without script ---------------------------------------------------------------


def test_four_hundred_people_are_found_at_once(app, url, page):
    event = event_now(capacity=500, party_size=50)
    for _ in range(8):
        make_registration(event, 50)
    make_registration(event, ["Åke Ärlig"])
    door = make_door(event)
    open_door(page, url, door)
    took = page.evaluate(
        """async () => {
            const { src } = document.querySelector('script[src*="/dorr/kod/"]');
            const { Roster } = await import(src.replace('door.js', 'roster.js'));
            const list = await (await fetch(location.pathname + '/lista')).json();
            const people = list.people.concat(...Array.from({length: 4}, () => list.people));
            const roster = new Roster({...list, people});
            const rounds = [];
            for (const _ of Array(5)) {
                const began = performance.now();
                for (const text of ['a', 'ake', 'ake ar', 'vav', 'zzz']) await roster.find(text);
                rounds.push((performance.now() - began) / 5);
            }
            return [people.length, Math.min(...rounds)];  // the one that nothing else on the machine held up
        }"""
    )
    assert took[0] == 5 * 401
    assert took[1] < 50, "milliseconds for a search among two thousand"
    expect(search(page, "ake arl")).to_have_count(1)
    scan_by_wedge(page, person("Åke Ärlig").ticket_code)
    says(page, "Välkommen", "Åke Ärlig")


def test_everything_by_keyboard(entrance, url, wide_page):
    page = wide_page
    open_door(page, url, entrance.door)
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.to") == "search":
            break
    page.keyboard.press("Enter")
    page.keyboard.type("asa")
    expect(page.locator(".hit")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.activeElement.textContent") == "Släpp in"
    page.keyboard.press("Enter")
    says(page, "Välkommen", "Åsa Öberg")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_in_both_themes_on_a_narrow_phone(entrance, url, open_page: OpenPage, scheme):
    page = open_page(320, 640, color_scheme=scheme)
    open_door(page, url, entrance.door, supervisor=True)
    for code in (entrance.asa.ticket_code, entrance.asa.ticket_code, "T1AAAAAAAAAAAAAAAA"):
        word = page.locator(".answer-word")
        before = word.text_content() if word.count() else ""
        scan_by_wedge(page, code)
        expect(word).not_to_have_text(before or "-")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_without_script_a_code_or_a_name_is_let_in(entrance, url, open_page: OpenPage):
    page = open_page(java_script_enabled=False)
    without_axe(page)
    page.goto(f"{url}/dorr/{entrance.door.token}")
    page.get_by_label("PIN-kod").fill(pins_of(entrance.door).supervisor)
    page.get_by_role("button", name="Öppna dörren").click()
    page.get_by_label("Kod på biljetten").fill(entrance.asa.ticket_code)
    page.get_by_role("button", name="Släpp in").click()
    expect(page.locator(".answer-name")).to_have_text("Åsa Öberg")
    page.get_by_label("Sök på namn eller företag").fill("bo alm")
    page.get_by_role("button", name="Sök").click()
    page.get_by_role("button", name="Släpp in: Bo Alm").click()
    expect(page.locator(".answer-word")).to_have_text("Välkommen")
    page.get_by_text("Utan anmälan").click()
    page.get_by_role("textbox", name="Namn", exact=True).fill("Nya Gästen")
    page.get_by_role("button", name="Lägg till och släpp in").click()
    expect(page.locator(".answer-name")).to_have_text("Nya Gästen")
    assert len(scans(entrance.event)) == 3


def test_axe_finds_nothing_on_the_plain_pages(entrance, url, page):
    """The same pages with script for axe, their own module held back."""
    page.route("**/dorr/kod/**", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{url}/dorr/{entrance.door.token}")
    page.get_by_label("PIN-kod").fill("000000")
    page.get_by_role("button", name="Öppna dörren").click()
    axe(page)
    page.get_by_label("PIN-kod").fill(pins_of(entrance.door).supervisor)
    page.get_by_role("button", name="Öppna dörren").click()
    page.get_by_label("Kod på biljetten").fill(entrance.asa.ticket_code)
    page.get_by_role("button", name="Släpp in").click()
    axe(page)
    page.goto(f"{url}/dorr/{entrance.door.token}?q=o")


def test_a_walk_in_made_elsewhere_shows_up(entrance, url, page):
    open_door(page, url, entrance.door)
    walk_in(entrance.other, "Sena Gästen")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(search(page, "sena")).to_have_count(1)
