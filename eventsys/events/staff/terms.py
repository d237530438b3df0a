"""Doors: a term of a series planned in one form, its drafts in one list, published together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.events.access import PLANNERS, series_for
from eventsys.events.forms import PressForm
from eventsys.events.models import Series
from eventsys.events.series import latest_event
from eventsys.events.special_days import remarks_on
from eventsys.events.staff.doors import doors, ids_from
from eventsys.events.staff.terms_forms import Row, TermForm, row_form, term_form, themes_sent, was_shown
from eventsys.events.terms.dates import dates_of
from eventsys.events.terms.drafting import Planned, draft_term, starts_taken, titles_on
from eventsys.events.terms.publishing import drafts_of, publish_ready
from eventsys.events.topics.queries import open_themes
from eventsys.fields import refuse
from eventsys.staff.guards import signed_in, staff_only

DRAFTS = "events_staff.show_series_drafts"


@doors.get("/serier/<int:series_id>/termin")
@staff_only(*PLANNERS)
def show_term(series_id: int) -> ResponseReturnValue:
    """First the rule; its dates are proposed when the form is sent."""
    series = series_for(signed_in(), series_id)
    return _page(series, term_form(series, latest_event(series), local(now()).date()), [])


def _page(series: Series, form: TermForm, rows: Sequence[Row]) -> str:
    return render_template("events/staff/term.html", series=series, form=form, rows=rows)


@doors.post("/serier/<int:series_id>/termin")
@staff_only(*PLANNERS)
def submit_term(series_id: int) -> ResponseReturnValue:
    """`gor` says what was pressed: `foresla` shows the dates of the rule, `skapa` makes drafts of those ticked."""
    series, form = series_for(signed_in(), series_id), TermForm()
    if not form.validate_on_submit():
        return _page(series, form, []), 422
    rows = _rows(series, form)
    if request.form.get("gor") != "skapa" or not all(row.was_shown for row in rows):
        return _page(series, form, rows)
    wanted = _wanted(form, rows)
    if form.form_errors or not all(row.form.validate() for row in rows if row.form.take.data):
        return _page(series, form, rows), 422
    with transaction():
        made, there = draft_term(series_id, wanted, form.hours, now())
    flash(_made(len(made), there), "good")
    return redirect(url_for(DRAFTS, series_id=series_id))


def _rows(series: Series, form: TermForm) -> list[Row]:
    days, today = dates_of(form.pattern), local(now()).date()
    themes = open_themes(series.id, ids_from(themes_sent(request.form)))
    there = titles_on(days, starts_taken(series.id))
    rows = []
    for day in days:
        remarks, title = remarks_on(day, today), there.get(day, "")
        fields = row_form(day, request.form, themes, ticked=not remarks and not title)
        rows.append(Row(day, fields, remarks, title, was_shown(day, request.form)))
    return rows


def _wanted(form: TermForm, rows: Sequence[Row]) -> list[Planned]:
    """The ticked dates; what cannot be is said above the form."""
    ticked = [row for row in rows if row.form.take.data]
    if not rows:
        refuse(form, "Det blir inga datum. Välj ett senare slutdatum eller en annan veckodag.")
    elif not ticked:
        refuse(form, "Inget datum är ikryssat. Kryssa i de datum det ska bli något.")
    themes = Counter(row.form.theme.data for row in ticked if row.form.theme.data)
    if any(count > 1 for count in themes.values()):
        refuse(form, "Samma tema är valt för flera datum. Ett tema tas upp en gång, välj det för ett av dem.")
    return [row.form.planned(row.day) for row in ticked]


def _made(made: int, there: int) -> str:
    drafts = "1 utkast är sparat." if made == 1 else f"{made} utkast är sparade."
    before = "1 datum hade redan ett evenemang" if there == 1 else f"{there} datum hade redan evenemang"
    return f"{drafts} {before} samma tid och lämnades som de var." if there else drafts


# --- its drafts ---------------------------------------------------------------------------------------------------


@doors.get("/serier/<int:series_id>/utkast")
@staff_only(*PLANNERS)
def show_series_drafts(series_id: int) -> ResponseReturnValue:
    series = series_for(signed_in(), series_id)
    return render_template("events/staff/series_drafts.html", series=series, drafts=drafts_of(series, now()))


@doors.get("/serier/<int:series_id>/utkast/publicera")
@staff_only(*PLANNERS)
def show_publishing_drafts(series_id: int) -> ResponseReturnValue:
    """Says in words what will happen, and names those that lack something."""
    series = series_for(signed_in(), series_id)
    drafts = drafts_of(series, now())
    if not any(draft.is_ready for draft in drafts):
        return redirect(url_for(DRAFTS, series_id=series_id))
    return render_template("events/staff/publish_drafts.html", series=series, drafts=drafts, form=PressForm())


@doors.post("/serier/<int:series_id>/utkast/publicera")
@staff_only(*PLANNERS)
def submit_publishing_drafts(series_id: int) -> ResponseReturnValue:
    """Publishes those that the page showed and that are ticked still, nothing made meanwhile."""
    series_for(signed_in(), series_id)
    ids = ids_from(request.form.getlist("ids"))
    with transaction():
        published, stayed = publish_ready(series_id, ids, now())
    if not ids:
        flash("Inget är publicerat. Kryssa i det som ska publiceras.", "warn")
    elif published or not stayed:
        flash("1 evenemang är publicerat." if published == 1 else f"{published} evenemang är publicerade.", "good")
    if stayed:
        flash(f"{stayed} saknar något och är kvar som utkast. Här står vad.", "warn")
    return redirect(url_for(DRAFTS, series_id=series_id))
