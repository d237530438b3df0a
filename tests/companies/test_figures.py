"""The figures of the register: the year's visits and the associations that were informed."""

from __future__ import annotations

from datetime import date

from flask import Flask

from eventsys.clock import now
from eventsys.companies.figures import companies_visited, informed_associations, visits_in
from eventsys.companies.models import CompanyKind
from tests.companies.pages.scenes import make_company, make_visit


def test_visits_on_site_and_digital_ones_count_by_the_day_they_took_place(app: Flask) -> None:
    one, two = make_company(), make_company(archived_at=now())
    for day in (date(2026, 1, 1), date(2026, 1, 31), date(2026, 12, 31)):
        make_visit(one, day)
    make_visit(two, date(2026, 6, 6), form="digital")
    make_visit(two, date(2026, 6, 7), form="information")
    make_visit(two, date(2025, 12, 31))
    make_visit(two, date(2027, 1, 1))
    found = visits_in(2026)
    assert (found.on_site, found.digital, found.information, found.counted) == (3, 1, 1, 4)
    assert found.by_month == (2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1)
    assert companies_visited(2026) == 2


def test_a_company_that_was_only_informed_is_not_visited(app: Flask) -> None:
    make_visit(make_company(), date(2026, 6, 7), form="information")
    assert companies_visited(2026) == 0


def test_associations_count_as_informed_by_any_form_in_the_year(app: Flask) -> None:
    met, told, last_year, company = (
        make_company(kind=kind) for kind in (*[CompanyKind.ASSOCIATION] * 3, CompanyKind.COMPANY)
    )
    make_visit(met, date(2026, 2, 3))
    make_visit(told, date(2026, 2, 3), form="information")
    make_visit(last_year, date(2025, 2, 3))
    make_visit(company, date(2026, 2, 3))
    assert informed_associations(2026) == {met, told}


def test_a_year_without_visits_is_nought(app: Flask) -> None:
    assert (visits_in(2026).counted, sum(visits_in(2026).by_month), companies_visited(2026)) == (0, 0, 0)
