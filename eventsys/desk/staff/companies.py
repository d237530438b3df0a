"""One company's whole history on a page, and which associations were informed."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.companies.sections import sections
from eventsys.desk.companies import company_page
from eventsys.desk.sight import REGISTER_READERS
from eventsys.desk.staff.doors import doors
from eventsys.events.access import WRITERS
from eventsys.events.attendance.associations import associations
from eventsys.fields import FIRST_YEAR
from eventsys.paging import ID
from eventsys.staff.guards import signed_in, staff_only


@doors.get(f"/foretag/<{ID}:company_id>")
@staff_only(*WRITERS)
def show_company(company_id: int) -> ResponseReturnValue:
    """Co-organisers see only what the company did in their series; nothing there answers as if it did not exist."""
    found = company_page(signed_in(), company_id, now())
    return render_template("desk/company.html", found=found, company=found.company, today=local(now()).date())


@doors.get("/foretag/foreningar")
@staff_only(*REGISTER_READERS)
def show_associations() -> ResponseReturnValue:
    """Every association, and whether and how it was informed in a year."""
    this_year = local(now()).year
    asked = request.args.get("ar", this_year, type=int)
    year = asked if FIRST_YEAR <= asked <= this_year else this_year
    found = associations(year)
    return render_template(
        "desk/associations.html", found=found, informed=sum(one.in_time is not None for one in found), year=year,
        this_year=this_year, tabs=sections("desk.show_associations"),
    )  # fmt: skip
