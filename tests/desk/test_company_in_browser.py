"""The pages of companies in a real browser: found well by axe, and no wider than the window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from eventsys.clock import now
from eventsys.companies.merging import merge
from eventsys.database import transaction
from eventsys.staff.models import Role
from tests.chromium import axe
from tests.companies.scenes import anew, keep, make_company, new_number, note_of, visit_of
from tests.desk.test_company import furnished
from tests.staff_fixtures import PASSWORD, new_account, served
from tests.staff_walk import FITS

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

PAGES = [
    "foretag/{full}", "foretag/{empty}", "foretag/{merged}", "foretag/{merged}/sla-isar", "foretag/{full}/sla-ihop",
    "foretag/{full}/sla-ihop?med={empty}", "foretag/{full}/sla-ihop?med={merged}", "foretag/dubbletter",
    "foretag/foreningar", "foretag/foreningar?ar=2024", "sok?q=vaveriet",
]  # fmt: skip


@pytest.fixture
def address(app) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def furnish() -> dict[str, int]:
    full, merged = furnished(), make_company("Väveriet i Borås", number=new_number())
    empty = make_company("Väveriet", street="Hållbarhetsrapporteringsskyldighetsgatan 17", postcode="50330")
    association = make_company("Företagarna i Borås", kind="association")
    make_company("Sjuhäradsbygdens hantverksförening", kind="association")
    keep(note_of(empty.id), visit_of(association.id))
    with transaction():
        merge(full.id, merged.id, now())
    return {"full": anew(full).id, "merged": anew(merged).id, "empty": anew(empty).id}


def test_every_page_fits_and_passes_axe(address, page):
    account, ids = new_account(Role.ORGANISER), furnish()
    page.goto(f"{address}/logga-in")
    page.get_by_label("E-post").fill(account.email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Logga in").click()
    for path in PAGES:
        answer = page.goto(f"{address}/{path.format(**ids)}")
        assert answer is not None, path
        assert answer.status == 200, path
        assert page.evaluate(FITS), path
        axe(page)
