"""The blueprint of the staff's pages about companies, and what all of them share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, url_for

from eventsys.companies import words
from eventsys.companies.sections import sections
from eventsys.staff.models import Role

doors = Blueprint("companies_staff", __name__, url_prefix="/personal/foretag")

# Administrators may enter everywhere; the guards know that by themselves.
READERS = (Role.ORGANISER, Role.EDITOR)
"""Who may look in the register, and write down notes, visits and contacts."""
REGISTRARS = (Role.ORGANISER,)
"""Who may read in, merge, archive, and take out lists."""


@doors.context_processor
def _for_templates() -> dict[str, Any]:
    return {"words": words, "company_url": company_url}


def section_page(template: str, tab: str, **context: Any) -> str:
    """A page of the register with its tabs; `tab` is the name of the view that is current."""
    return render_template(f"companies/staff/{template}.html", tabs=sections(f"{doors.name}.{tab}"), **context)


def company_url(company_id: int) -> str:
    """The page of one company, which a higher slice has: it looks across everything."""
    return url_for("desk.show_company", company_id=company_id)
