"""Doors: the year plan, the days of an issue, and both as calendar files."""

from __future__ import annotations

from datetime import date

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.errors import NotFound
from eventsys.events.special_days import remarks_on
from eventsys.forms import Form
from eventsys.newsletters.issues import planning, proofs
from eventsys.newsletters.issues.audiences import audience_names
from eventsys.newsletters.issues.calendars import calendar_of
from eventsys.newsletters.issues.changing import NotEditable
from eventsys.newsletters.issues.lateness import late_in
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.issues.queries import ideas, issue_by_id, issues_of, names_of, years_planned
from eventsys.newsletters.responses.figures import useful_by_article
from eventsys.newsletters.staff.conflicts import Conflict, conflicts_in
from eventsys.newsletters.staff.dates_forms import LABELS, DaysForm
from eventsys.newsletters.staff.doors import WRITERS, doors, issue_page, section_page
from eventsys.overwriting import ChangedMeanwhile, mark_of
from eventsys.staff.guards import signed_in, staff_only

YEAR = "newsletters_staff.show_year"


@doors.get("")
@staff_only(*WRITERS)
def show_year() -> ResponseReturnValue:
    """The issues of a year (`?ar=`), what is late in them, and what waits for whoever looks."""
    year = _year_asked_for()
    issues = issues_of(year)
    standings = proofs.standings_of(issues)
    today = local(now()).date()
    return section_page(
        "year",
        "show_year",
        year=year,
        years=_years_to_choose(year, today.year),
        issues=issues,
        missing=len(planning.MONTHS) - len(issues),
        standings=standings,
        late={issue.id: late_in(issue, standings[issue.id], today) for issue in issues},
        audiences=audience_names(issues),
        names=names_of(article.owner_id for issue in issues for article in issue.articles),
        useful=useful_by_article([issue.id for issue in issues if issue.published_at]),
        waiting=proofs.proofs_waiting_for(signed_in()),
        ideas=len(ideas()),
        today=today,
        at=now(),
        form=Form(formdata=None),
    )


def _year_asked_for() -> int:
    """The year in the address, or this one."""
    asked = request.args.get("ar", 0, type=int)
    if planning.FIRST_YEAR <= asked <= planning.LAST_YEAR:
        return asked
    return local(now()).year


def _years_to_choose(shown: int, this_year: int) -> list[int]:
    wanted = {*years_planned(), shown, this_year, this_year + 1}
    return sorted(year for year in wanted if planning.FIRST_YEAR <= year <= planning.LAST_YEAR)


@doors.post("/ar/<int:year>")
@staff_only(*WRITERS)
def submit_year(year: int) -> ResponseReturnValue:
    """Make the four issues, or those of them that are missing."""
    try:
        with transaction():
            made = len(planning.plan_year(year, signed_in().id, now()))
    except planning.YearOutOfReach as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(YEAR))
    numbers = "Numret är planerat." if made == 1 else f"{made} nummer är planerade. Ändra dagarna om de inte passar."
    flash(numbers if made else f"Alla nummer för {year} finns redan.", "good")
    return redirect(url_for(YEAR, ar=year))


@doors.get("/ar/<int:year>/kalender.ics")
@staff_only(*WRITERS)
def show_year_calendar(year: int) -> Response:
    issues = issues_of(year)
    if not issues:
        raise NotFound
    return download(calendar_of(issues), "text/calendar", f"foretagsamt-{year}.ics")


@doors.get("/nummer/<int:issue_id>/kalender.ics")
@staff_only(*WRITERS)
def show_issue_calendar(issue_id: int) -> Response:
    issue = issue_by_id(issue_id)
    return download(calendar_of([issue]), "text/calendar", f"foretagsamt-{issue.year}-{issue.number}.ics")


# --- the days of an issue -----------------------------------------------------------------------------------------


@doors.get("/nummer/<int:issue_id>/dagar")
@staff_only(*WRITERS)
def show_days(issue_id: int) -> ResponseReturnValue:
    issue = issue_by_id(issue_id)
    return _days_page(issue, DaysForm.of(issue))


def _days_page(issue: Issue, form: DaysForm, conflicts: list[Conflict] | None = None) -> str:
    return issue_page("days", issue, "", form=form, conflicts=conflicts or [], remarks=_remarks(form))


def _remarks(form: DaysForm) -> list[str]:
    """What is worth a thought about the days, each day's own."""
    meeting, *others = form.values().values()
    days: list[date] = [local(meeting).date()] if meeting else []
    days += [one for one in others if one]
    today = local(now()).date()
    return [remark for one in dict.fromkeys(days) for remark in remarks_on(one, today)]


@doors.post("/nummer/<int:issue_id>/dagar")
@staff_only(*WRITERS)
def submit_days(issue_id: int) -> ResponseReturnValue:
    """Days that are no working days are saved at the second press, once their remarks have been read."""
    issue, form = issue_by_id(issue_id), DaysForm()
    if not form.validate_on_submit():
        return _days_page(issue, form), 422
    values = form.values()
    remarks = "|".join(_remarks(form))
    if remarks and values != planning.days_of(issue) and form.warned.data != mark_of(values):
        form.warned.data = mark_of(values)
        return _days_page(issue, form)
    try:
        with transaction():
            planning.edit_days(issue_id, values, form.seen.data or "", now())
    except ChangedMeanwhile as refusal:
        issue = issue_by_id(issue_id)
        form.seen.data = mark_of(planning.days_of(issue))
        return _days_page(issue, form, conflicts_in(LABELS, refusal.saved, values)), 409
    except planning.OutOfOrder as refusal:
        form.manuscript_on.errors = [str(refusal)]
        return _days_page(issue_by_id(issue_id), form), 422
    except NotEditable as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(YEAR, ar=issue.year))
    flash(f"Dagarna för {issue.name} är sparade.", "good")
    return redirect(url_for(YEAR, ar=issue.year))
