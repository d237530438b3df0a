"""The door in a real Chromium when the network goes away, the tab closes, the door is shut or somebody locks it."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.checkin import keeping
from eventsys.events.checkin.models import ScanResult
from eventsys.events.models import AttendeeState
from tests import chromium
from tests.checkin.at_the_door import is_kept, open_door, says, scan_by_wedge, search, wait_for_list, waiting
from tests.checkin.cameras import film_of, flag_for
from tests.checkin.conftest import Entrance
from tests.checkin.scenes import scans
from tests.chromium import CAMERA, FLAGS, OpenPage, axe
from tests.events.scenes import person
from tests.servers import require

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]


def cut(page: Page) -> None:
    """The network goes away."""
    for note in ("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "net::"):
        chromium.expect(page, note)
    page.context.set_offline(True)


def back(page: Page) -> None:
    page.context.set_offline(False)


def results(entrance: Entrance) -> list[tuple[ScanResult, bool]]:
    return [(row.result, row.clash) for row in scans(entrance.event)]


def test_the_network_goes_away_in_the_middle_and_comes_back(entrance, url, page):
    open_door(page, url, entrance.door)
    scan_by_wedge(page, entrance.asa.ticket_code)
    says(page, "Välkommen", "Åsa Öberg")
    cut(page)
    scan_by_wedge(page, entrance.bo.ticket_code)
    says(page, "Välkommen", "Bo Alm")
    expect(page.locator(".answer-unconfirmed")).to_have_text("Sparad, inte bekräftad än.")
    expect(waiting(page)).to_have_text("Sparad, inte bekräftad än (1)")
    expect(page.locator("[data-status]")).to_contain_text("Utan nät. Lista från")
    axe(page)
    scan_by_wedge(page, entrance.bo.ticket_code)
    says(page, "Redan inne", "Bo Alm")
    scan_by_wedge(page, "T1AAAAAAAAAAAAAAAA")
    says(page, "Okänd biljett")
    assert person("Bo Alm").state is AttendeeState.CONFIRMED
    back(page)
    expect(waiting(page)).to_be_hidden()
    expect(page.locator("[data-status]")).to_contain_text("Uppkopplad")
    row = scans(entrance.event)[-1]
    assert (row.attendee_id, row.was_offline, row.result) == (entrance.bo.id, True, ScanResult.WELCOME)
    assert person("Bo Alm").checked_in_at < row.at


def test_an_answer_on_the_screen_is_confirmed_when_the_network_is_back(entrance, url, page):
    open_door(page, url, entrance.door)
    cut(page)
    scan_by_wedge(page, entrance.bo.ticket_code)
    expect(page.locator(".answer-unconfirmed")).to_be_visible()
    back(page)
    expect(page.locator(".answer-unconfirmed")).to_have_count(0)
    says(page, "Välkommen", "Bo Alm")


def test_two_doors_without_network_both_admit_and_one_is_flagged(entrance, url, open_page: OpenPage):
    one = open_door(open_page(), url, entrance.door)
    other = open_door(open_page(), url, entrance.other)
    for phone in (one, other):
        cut(phone)
        scan_by_wedge(phone, entrance.asa.ticket_code)
        says(phone, "Välkommen", "Åsa Öberg")
    back(one)
    expect(waiting(one)).to_be_hidden()
    back(other)
    expect(waiting(other)).to_be_hidden()
    expect(other.locator("[data-note]")).to_contain_text("Att reda ut: Åsa Öberg (redan inne)")
    assert results(entrance) == [(ScanResult.WELCOME, False), (ScanResult.ALREADY, True)]


def test_the_page_opens_without_network_after_one_visit(entrance, url, page):
    open_door(page, url, entrance.door)
    assert is_kept(page, entrance.door)
    cut(page)
    page.reload()
    wait_for_list(page)
    scan_by_wedge(page, entrance.asa.ticket_code)
    says(page, "Välkommen", "Åsa Öberg")
    expect(search(page, "bo alm")).to_have_count(1)


def test_who_came_in_before_the_network_went_is_still_in_when_the_page_opens_again(entrance, url, page):
    open_door(page, url, entrance.door)
    assert is_kept(page, entrance.door)
    scan_by_wedge(page, entrance.asa.ticket_code)
    says(page, "Välkommen", "Åsa Öberg")
    cut(page)
    page.reload()
    wait_for_list(page)
    scan_by_wedge(page, entrance.asa.ticket_code)
    says(page, "Redan inne", "Åsa Öberg")


def test_the_camera_reads_without_network_too(entrance, url, open_page: OpenPage, tmp_path):
    film = film_of(tmp_path / "one.mjpeg", [entrance.asa.ticket_code])
    page = open_page(flags=(*CAMERA, flag_for(film)), permissions=["camera"])
    open_door(page, url, entrance.door)
    assert is_kept(page, entrance.door)
    cut(page)
    page.reload()
    wait_for_list(page)
    page.get_by_role("button", name="Starta kameran").click()
    says(page, "Välkommen", "Åsa Öberg")
    page.get_by_role("button", name="Stäng kameran").click()


def test_a_tab_closed_before_the_upload_loses_nothing(entrance, url, page):
    open_door(page, url, entrance.door)
    assert is_kept(page, entrance.door)
    cut(page)
    scan_by_wedge(page, entrance.asa.ticket_code)
    says(page, "Välkommen", "Åsa Öberg")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{url}/dorr/{entrance.door.token}")
    wait_for_list(again)
    expect(waiting(again)).to_be_hidden()
    assert results(entrance) == [(ScanResult.WELCOME, False)]


def test_two_tabs_of_one_phone_send_once(entrance, url, page):
    open_door(page, url, entrance.door)
    assert is_kept(page, entrance.door)
    second = page.context.new_page()
    second.goto(f"{url}/dorr/{entrance.door.token}")
    wait_for_list(second)
    cut(page)
    for code in (entrance.asa.ticket_code, entrance.bo.ticket_code):
        scan_by_wedge(page, code)
        expect(page.locator(".answer-unconfirmed")).to_be_visible()
    back(page)
    expect(waiting(page)).to_be_hidden()
    expect(waiting(second)).to_be_hidden()
    expect(second.locator("[data-inside]")).to_have_text("2")
    assert results(entrance) == [(ScanResult.WELCOME, False)] * 2


def test_an_answer_lost_on_the_way_is_one_row(entrance, url, page):
    """The server has done it, the phone never heard: the same nonce goes again and is answered the same."""
    open_door(page, url, entrance.door)
    chromium.expect(page, "net::")
    lost = []

    def lose_the_first(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())
            route.abort()

    page.route("**/inslapp", lose_the_first)
    scan_by_wedge(page, entrance.asa.ticket_code)
    says(page, "Välkommen", "Åsa Öberg")
    expect(page.locator(".answer-unconfirmed")).to_be_visible()
    expect(waiting(page)).to_be_hidden()
    assert len(lost) == 1
    assert results(entrance) == [(ScanResult.WELCOME, False)]


# --- closed and locked --------------------------------------------------------------------------------------------

LEFT = """async (token) => {
    const open = indexedDB.open('dorr-' + token);
    const database = await new Promise((r) => { open.onsuccess = () => r(open.result); });
    const read = (store, ask) => new Promise((r) => {
        const request = ask(database.transaction(store).objectStore(store));
        request.onsuccess = () => r(request.result);
    });
    const list = await read('facts', (store) => store.get('list'));
    const scans = await read('scans', (store) => store.count());
    return [list === undefined, scans, (await caches.keys()).length];
}"""


def test_a_door_that_staff_close_takes_what_was_kept_and_empties_the_phone(entrance, url, page):
    open_door(page, url, entrance.door)
    assert is_kept(page, entrance.door)
    cut(page)
    scan_by_wedge(page, entrance.asa.ticket_code)
    says(page, "Välkommen", "Åsa Öberg")
    with transaction():
        keeping.close_door(db.session.merge(entrance.door), now())
    chromium.expect(page, "answered 410")
    back(page)
    expect(page.get_by_role("heading", name="Stora entrén")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Dörren är stängd")
    page.wait_for_function(f"async () => JSON.stringify(await ({LEFT})('{entrance.door.token}')) === '[true,0,0]'")
    assert results(entrance) == [(ScanResult.WELCOME, False)]


def test_locking_empties_the_phone(entrance, url, page):
    open_door(page, url, entrance.door)
    assert is_kept(page, entrance.door)
    page.get_by_role("button", name="Mer", exact=True).click()
    axe(page)
    page.get_by_role("button", name="Lås och töm telefonen").click()
    expect(page.get_by_label("PIN-kod")).to_be_visible()
    assert page.evaluate(LEFT, entrance.door.token) == [True, 0, 0]


def test_new_pins_sign_everybody_out_but_what_waits_stays(entrance, url, page):
    open_door(page, url, entrance.door)
    cut(page)
    scan_by_wedge(page, entrance.asa.ticket_code)
    says(page, "Välkommen", "Åsa Öberg")
    with transaction():
        keeping.renew_pins(door := db.session.merge(entrance.door))
    chromium.expect(page, "answered 401")
    back(page)
    expect(page.locator("#waiting")).to_contain_text("Ett insläpp väntar på att sparas")
    open_door(page, url, door)
    expect(waiting(page)).to_be_hidden()
    assert results(entrance) == [(ScanResult.WELCOME, False)]


def test_a_browser_killed_between_saving_and_sending_loses_nothing(entrance, url, browser, tmp_path):
    """kill -9 of the whole Chromium; what the page said is saved lies on the disk."""
    profile = tmp_path / "profile"

    def start() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            profile, executable_path=require("chromium"), args=[*FLAGS], locale="sv-SE"
        )

    context = start()
    page = open_door(context.new_page(), url, entrance.door)
    assert is_kept(page, entrance.door)
    context.set_offline(True)
    scan_by_wedge(page, entrance.asa.ticket_code)
    expect(page.locator(".answer-unconfirmed")).to_be_visible()
    kill(processes_with(str(profile)))
    assert results(entrance) == []
    (profile / "SingletonLock").unlink(missing_ok=True)
    again = start()
    again.clear_cookies()  # Chromium writes them twice a minute, so a killed one may have forgotten who is signed in
    page = again.new_page()
    page.goto(f"{url}/dorr/{entrance.door.token}")
    expect(page.locator("#waiting")).to_contain_text("Ett insläpp väntar på att sparas")
    open_door(page, url, entrance.door)
    expect(waiting(page)).to_be_hidden()
    again.close()
    assert results(entrance) == [(ScanResult.WELCOME, False)]


def processes_with(argument: str) -> list[int]:
    """The processes of the browser whose profile this is."""
    lines = ((int(one.name), one / "cmdline") for one in Path("/proc").iterdir() if one.name.isdigit())
    found = []
    for number, line in lines:
        with contextlib.suppress(OSError):
            if argument.encode() in line.read_bytes() and number != os.getpid():
                found.append(number)
    return found


def kill(numbers: list[int]) -> None:
    assert numbers
    for number in numbers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
