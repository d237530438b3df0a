"""The register in a real browser: found well by axe, no wider than the window, and worked by its buttons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.clock import local, now
from eventsys.companies.models import CompanyKind, Origin
from eventsys.staff.models import Account
from tests.chromium import axe
from tests.companies.pages.scenes import (
    contacts_of,
    make_company,
    make_note,
    make_tag,
    make_visit,
    new_number,
    tag_names,
)
from tests.staff_fixtures import see_anew, served
from tests.staff_walk import FITS, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

PAGES = [
    "", "?plats=504&typ=association&minst=x", "?sok=finnsinte", "?visa=arkiverade", "/nytt", "/{one}/andra",
    "/{one}/arkivera", "/{away}/arkivera", "/{one}/kontakter/ny", "/{one}/kontakter/{contact}",
    "/{one}/kontakter/{contact}/ta-bort", "/{one}/anteckningar/ny", "/{one}/anteckningar/{note}",
    "/{one}/anteckningar/{note}/ta-bort", "/{one}/besok/nytt", "/{one}/besok/{visit}", "/{one}/besok/{visit}/ta-bort",
    "/besok", "/besok?vem=ingen", "/etiketter", "/etiketter/{tag}", "/etiketter/{tag}/ta-bort", "/{one}/etiketter",
    "/markerade/etikett?ids={one}", "/markerade/arkivera?ids={one}", "/installningar",
]  # fmt: skip


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def furnish(account: Account) -> dict[str, int]:
    year = local(now()).year
    one = make_company(
        "Hållbarhetsrapporteringsskyldighetsöversyn i Borås AB", ("info.hallbarhetsrapportering@foretag.example",),
        ("62010",), number=new_number(), kind=CompanyKind.ASSOCIATION, place="Borås", postcode="50430", employees=1200,
        registered_on=date(2026, 3, 4), website="https://www.foretag.example", origin=Origin.SCB,
        kept_by_hand=["name", "place"],
    )  # fmt: skip
    for number in range(55):
        make_company(f"Väveriet {number:02} AB", place="Sandared", employees=number)
    away = make_company("Undan AB", archived_at=now(), archived_why="Flyttat från Borås")
    visit = make_visit(
        one, date(year, 1, 1), who="Alva Ek, Bo Alm", met="Åsa Öberg, vd", themes="Lokal\nEnergi",
        follow_up="Ring om tomten", follow_up_on=date(2020, 2, 1),
    )  # fmt: skip
    make_visit(one, date(year, 1, 1), form="digital", follow_up="Klart", followed_up_at=now())
    return {
        "one": one, "away": away, "contact": contacts_of(one)[0].id, "visit": visit,
        "note": make_note(one, "Söker lokal i höst.", account.id), "tag": make_tag("Textil och mode", one),
    }  # fmt: skip


def test_every_page_fits_and_passes_axe(address: str, administrator: Account, page: Page) -> None:
    sign_in(page, address, administrator)
    page.goto(f"{address}/foretag")
    ids = furnish(administrator)
    for path in PAGES:
        answer = page.goto(f"{address}/foretag{path.format(**ids)}")
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate(FITS), path
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}/foretag")
    axe(page)
    page.set_viewport_size({"width": 320, "height": 800})
    for path in PAGES:
        page.goto(f"{address}/foretag{path.format(**ids)}")
        assert page.evaluate(FITS), f"{path} at 320"


def test_companies_are_ticked_and_given_a_tag(address: str, administrator: Account, wide_page: Page) -> None:
    one, two = make_company("Ett AB"), make_company("Två AB")
    make_company("Tre AB")
    make_tag("Textil")
    sign_in(wide_page, address, administrator)
    wide_page.goto(f"{address}/foretag")
    for name in ("Ett AB", "Två AB"):
        wide_page.get_by_label(f"Markera {name}").check()
    expect(wide_page.get_by_text("2 markerade")).to_be_visible()
    press(wide_page, "Sätt eller ta bort etikett")
    wide_page.get_by_label("Etikett").select_option("Textil")
    press(wide_page, "Sätt på 2 företag")
    expect(wide_page.get_by_role("status").first).to_contain_text("2 företag fick etiketten Textil.")
    see_anew()
    assert (tag_names(one), tag_names(two)) == (["Textil"], ["Textil"])


def test_an_error_is_met_first_and_leads_to_its_field(address: str, administrator: Account, page: Page) -> None:
    sign_in(page, address, administrator)
    page.goto(f"{address}/foretag/nytt")
    page.get_by_label("Namn").fill("Vik AB")
    page.get_by_label("Postnummer").fill("5043")
    page.get_by_label("SNI 2025").fill("textil")
    press(page, "Lägg till företaget")
    expect(page.get_by_role("alert")).to_contain_text("Det finns 2 fel")
    page.get_by_role("link", name="Skriv postnumret med fem siffror").click()
    expect(page.get_by_label("Postnummer")).to_be_focused()


def test_a_follow_up_is_marked_as_done_in_the_years_list(address: str, administrator: Account, page: Page) -> None:
    make_visit(make_company("Vik AB"), date(2026, 1, 2), follow_up="Ring om tomten")
    sign_in(page, address, administrator)
    page.goto(f"{address}/foretag/besok")
    press(page, "Klart: Ring om tomten")
    expect(page.get_by_role("status").first).to_contain_text("Besöket är uppföljt.")
    expect(page.get_by_role("heading", name="Att följa upp")).to_have_count(0)
