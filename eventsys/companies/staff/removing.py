"""The page that asks before something of a company is removed."""

from __future__ import annotations

from eventsys.companies.queries import company_by_id
from eventsys.companies.staff.doors import section_page
from eventsys.forms import Form


def removal_page(company_id: int, title: str, what_happens: str, button: str) -> str:
    """`button` says what it does; its form is sent to the page's own address."""
    return section_page(
        "removal", "show_companies", company=company_by_id(company_id), title=title, what_happens=what_happens,
        button=button, form=Form(formdata=None),
    )  # fmt: skip
