"""The page of the day, and searching."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.desk.search import MOST_SHOWN, SHORTEST, is_long_enough, search
from eventsys.desk.staff.doors import doors
from eventsys.desk.today import today
from eventsys.forms import squeeze
from eventsys.staff.guards import signed_in, staff_only

LONGEST_QUERY = 100


@doors.get("")
@staff_only()
def show_today() -> ResponseReturnValue:
    """What happens next, what waits for me, what went wrong."""
    at = now()
    week = local(at).isocalendar().week
    return render_template("desk/today.html", today=today(signed_in(), at), week=week)


@doors.get("/sok")
@staff_only()
def show_search() -> ResponseReturnValue:
    """Everything that holds the words, as far as the person may see it."""
    query = squeeze(request.args.get("q", ""))[:LONGEST_QUERY]
    found = search(signed_in(), query, now()) if is_long_enough(query) else None
    return render_template("desk/search.html", q=query, found=found, shortest=SHORTEST, most=MOST_SHOWN)
