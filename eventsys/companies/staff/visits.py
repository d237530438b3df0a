"""Doors: visits of a company, and the year's visits against the goal."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit
from eventsys.clock import local, now
from eventsys.companies import visits as verbs
from eventsys.companies.changing import ChangedMeanwhile, marks_anew, marks_of
from eventsys.companies.diary import WantedVisits, follow_ups, is_overdue, visit_page
from eventsys.companies.figures import companies_visited, first_year, visits_in
from eventsys.companies.lists import VISIT_COLUMNS, visit_rows
from eventsys.companies.models import Visit
from eventsys.companies.queries import company_by_id
from eventsys.companies.settings import register_settings
from eventsys.companies.staff.companies import may_register
from eventsys.companies.staff.doors import READERS, REGISTRARS, company_url, doors, section_page
from eventsys.companies.staff.removing import removal_page
from eventsys.companies.staff.visit_forms import MeetingForm, VisitFilterForm, visit_filter
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.forms import Form
from eventsys.i18n import short_day
from eventsys.paging import ID, page_in_address, page_urls
from eventsys.sheets import MIME, FileKind, sheet
from eventsys.staff.guards import signed_in, staff_only

TAB = "show_companies"
PAGE = "companies_staff.show_visits"
MONTHS = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")


# --- the year -----------------------------------------------------------------------------------------------------


@doors.get("/besok")
@staff_only(*READERS)
def show_visits() -> ResponseReturnValue:
    """`?ar=2026`, and perhaps `&form=digital&vem=alva`; what is to be followed up is there whatever the year."""
    form, wanted = _filter()
    page, today = visit_page(wanted, page_in_address()), local(now()).date()
    return section_page(
        "visits", "show_visits", form=form, wanted=wanted, page=page, found=visits_in(wanted.year),
        companies=companies_visited(wanted.year), goal=register_settings().goal_visits, months=MONTHS, today=today,
        follow_ups=follow_ups(), is_overdue=is_overdue, registers=may_register(), press=Form(formdata=None),
        pages=page_urls(PAGE, page.number, page.pages, **wanted.args),
    )  # fmt: skip


def _filter() -> tuple[VisitFilterForm, WantedVisits]:
    return visit_filter(request.args, first_year(), local(now()).year)


@doors.get("/besok/lista.<kind>")
@staff_only(*REGISTRARS)
def show_visits_file(kind: str) -> ResponseReturnValue:
    """Exactly what the filter shows, as a file; that it was taken out is recorded."""
    chosen, (_, wanted) = FileKind(kind) if kind in set(FileKind) else FileKind.XLSX, _filter()
    rows = list(visit_rows(wanted))
    content = sheet(chosen, VISIT_COLUMNS, rows, f"Besök {wanted.year}")
    with transaction():
        audit.record("visit.exported", "visit:", rows=len(rows), filter=sorted(wanted.args))
    return download(content, MIME[chosen], f"besok-{wanted.year}.{chosen}")


# --- one visit ----------------------------------------------------------------------------------------------------


@doors.get(f"/<{ID}:company_id>/besok/nytt")
@staff_only(*READERS)
def show_new_visit(company_id: int) -> ResponseReturnValue:
    form = MeetingForm(formdata=None, data={"visited_on": local(now()).date(), "who": signed_in().name})
    return _form_page(company_id, form)


def _form_page(company_id: int, form: MeetingForm, visit: Visit | None = None, **context: object) -> str:
    given = {"company": company_by_id(company_id), "form": form, "visit": visit, "conflicts": [], **context}
    return section_page("visit", TAB, press=Form(formdata=None), **given)


@doors.post(f"/<{ID}:company_id>/besok/nytt")
@staff_only(*READERS)
def submit_new_visit(company_id: int) -> ResponseReturnValue:
    form = MeetingForm()
    if not form.validate_on_submit():
        return _form_page(company_id, form), 422
    try:
        with transaction():
            verbs.add_visit(company_id, form.meeting(), signed_in().name)
    except verbs.NotYet as refusal:
        form.visited_on.errors = [str(refusal)]
        return _form_page(company_id, form), 422
    flash("Besöket är inskrivet.", "good")
    return redirect(company_url(company_id))


@doors.get(f"/<{ID}:company_id>/besok/<{ID}:visit_id>")
@staff_only(*READERS)
def show_visit(company_id: int, visit_id: int) -> ResponseReturnValue:
    visit = verbs.visit_at(company_id, visit_id)
    form = MeetingForm(formdata=None, obj=visit)
    form.form.data, form.seen.data = visit.form.value, marks_of(verbs.meeting_of(visit).values())
    return _form_page(company_id, form, visit)


@doors.post(f"/<{ID}:company_id>/besok/<{ID}:visit_id>")
@staff_only(*READERS)
def submit_visit(company_id: int, visit_id: int) -> ResponseReturnValue:
    form = MeetingForm()
    if not form.validate_on_submit():
        return _form_page(company_id, form, verbs.visit_at(company_id, visit_id)), 422
    try:
        with transaction():
            verbs.edit_visit(company_id, visit_id, form.meeting(), form.seen.data or "")
    except verbs.NotYet as refusal:
        form.visited_on.errors = [str(refusal)]
        return _form_page(company_id, form, verbs.visit_at(company_id, visit_id)), 422
    except ChangedMeanwhile as refusal:
        conflicts, form.seen.data = form.conflicts(refusal.saved), marks_anew(form.seen.data, refusal.saved)
        visit = verbs.visit_at(company_id, visit_id)
        return _form_page(company_id, form, visit, conflicts=conflicts), 409
    flash("Besöket är sparat.", "good")
    return redirect(company_url(company_id))


@doors.post(f"/<{ID}:company_id>/besok/<{ID}:visit_id>/uppfoljt")
@staff_only(*READERS)
def submit_followed_up(company_id: int, visit_id: int) -> ResponseReturnValue:
    """Done, or with the button `gor=angra` still to be done; pressed in the year's list it comes back there."""
    done = request.form.get("gor") != "angra"
    with transaction():
        verbs.mark_followed_up(company_id, visit_id, now() if done else None)
    flash("Besöket är uppföljt." if done else "Besöket ska följas upp igen.", "good")
    return redirect(url_for(PAGE) if request.form.get("till") == "besok" else company_url(company_id))


@doors.get(f"/<{ID}:company_id>/besok/<{ID}:visit_id>/ta-bort")
@staff_only(*READERS)
def show_visit_removal(company_id: int, visit_id: int) -> ResponseReturnValue:
    """Asks before a visit is removed."""
    visit = verbs.visit_at(company_id, visit_id)
    return removal_page(
        company_id, f"Ta bort besöket {short_day(visit.visited_on)}?",
        "Besöket, dess teman och uppföljning tas bort och räknas inte längre mot målet. Det går inte att ångra.",
        "Ta bort besöket",
    )  # fmt: skip


@doors.post(f"/<{ID}:company_id>/besok/<{ID}:visit_id>/ta-bort")
@staff_only(*READERS)
def submit_visit_removal(company_id: int, visit_id: int) -> ResponseReturnValue:
    with transaction():
        verbs.remove_visit(company_id, visit_id)
    flash("Besöket är borttaget.", "good")
    return redirect(company_url(company_id))
