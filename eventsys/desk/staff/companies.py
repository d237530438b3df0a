"""One company's whole history on a page."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.desk.staff.doors import doors
from eventsys.events.access import PLANNERS, within_reach
from eventsys.events.attendance.history import company_history
from eventsys.paging import ID
from eventsys.staff.guards import signed_in, staff_only


@doors.get(f"/foretag/<{ID}:company_id>")
@staff_only(*PLANNERS)
def show_company(company_id: int) -> ResponseReturnValue:
    """Co-organisers see only what the company did in their series; nothing there answers as if it did not exist."""
    found = company_history(company_id, within_reach(signed_in(), now()))
    return render_template("desk/company.html", found=found)
