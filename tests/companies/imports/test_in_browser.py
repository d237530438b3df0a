"""The pages of imports in a real browser: found well by axe, no wider than the window, moving by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from eventsys.companies.actors import read_import
from eventsys.staff.models import Account
from tests.chromium import axe
from tests.companies.imports.generator import bolagsverket_line, number
from tests.companies.imports.scenes import begun, bolagsverket_file, csv_file, make_company, read, taken_in
from tests.staff_fixtures import served
from tests.staff_walk import FITS, sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("app", ["sqlite"], indirect=True),
    pytest.mark.usefixtures("ours"),
]

LONG = "Hållbarhetsrapporteringsskyldighetsöversyn i Borås Aktiebolag"
PAGES = [
    "", "/ny", "/ny?fel=storlek", "/postnummer", "/{waits}", "/{read}", "/{read}?visa=refused", "/{done}", "/{failed}",
    "/{own}",
]  # fmt: skip


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def press(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label).click()


def bulk(folder: Path, name: str = "bolagsverket_bulkfil.txt") -> Path:
    lines = [bolagsverket_line(number(n), f"{LONG if n == 3 else 'Väveriet'} {n}") for n in range(1, 130)]
    return bolagsverket_file(folder / name, [*lines, "skräp", bolagsverket_line(number(200), postcode="11122")])


def furnish(folder: Path) -> dict[str, int]:
    make_company(
        "Gamla Väveriet AB", number=number(1), postcode="50330", kept_by_hand=["street"], street="Egna gatan 2"
    )
    own = csv_file(folder / "min lista.csv", f"Företag;Orgnr;E-post\n{LONG};12;ingen\nÅkes AB;;a@akes.example\n")
    done = taken_in(own).id
    cut = bulk(folder, "cut.txt")
    cut.write_bytes(cut.read_bytes()[:-9])
    failed, found = read(cut).id, read(bulk(folder)).id
    return {"done": done, "failed": failed, "read": found, "own": read(own).id, "waits": begun(bulk(folder, "b.txt"))}


def test_every_page_fits_and_passes_axe(address: str, administrator: Account, page: Page, tmp_path: Path) -> None:
    sign_in(page, address, administrator)
    ids = furnish(tmp_path)
    for path in PAGES:
        answer = page.goto(f"{address}/foretag/inlasning{path.format(**ids)}")
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate(FITS), path
    page.emulate_media(color_scheme="dark")
    axe(page)
    page.set_viewport_size({"width": 320, "height": 700})
    for path in PAGES:
        page.goto(f"{address}/foretag/inlasning{path.format(**ids)}")
        assert page.evaluate(FITS), path


def test_a_list_of_ours_is_taken_in_from_its_page(
    address: str, administrator: Account, page: Page, tmp_path: Path, app: Flask
) -> None:
    sign_in(page, address, administrator)
    page.goto(f"{address}/foretag/inlasning/ny")
    press(page, "Granska filen")
    expect(page.get_by_role("alert")).to_contain_text("Välj en fil.")
    page.get_by_label("Fil", exact=True).set_input_files(csv_file(tmp_path / "a.csv", "Bolag;Ort\nÅkes AB;Borås\n"))
    press(page, "Granska filen")
    expect(page.get_by_role("combobox", name="Företag", exact=True)).to_have_value("0")
    press(page, "Granska raderna")
    expect(page.locator("#lage")).to_contain_text("väntar på sin tur")
    read_import(int(page.url.rpartition("/")[2]))
    page.get_by_role("link", name="Visa rapporten").click()
    expect(page.get_by_role("button", name="Läs in 1 nytt företag")).to_be_visible()
