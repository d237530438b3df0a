"""Doors: the list of events, a new one, throwing a draft away."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.events import planning, words
from eventsys.events.access import EVERYBODY, PLANNERS, event_for, series_for, series_open_to
from eventsys.events.agenda import Part, Wanted, agenda
from eventsys.events.drafting import draft_event
from eventsys.events.forms import PressForm
from eventsys.events.models import EventState, Series
from eventsys.events.special_days import remarks_on
from eventsys.events.staff.doors import (
    choice_in_address,
    doors,
    event_page,
    ids_from,
    number_in_address,
    page_urls,
)
from eventsys.events.staff.forms import NewEventForm, new_event_form
from eventsys.events.staff.topics_forms import SuggestedThemesForm, suggested_themes_form
from eventsys.events.topics.queries import open_themes
from eventsys.events.topics.themes import take_up
from eventsys.fields import refuse
from eventsys.staff.guards import signed_in, staff_only

LIST = "events_staff.show_events"


@doors.get("/evenemang")
@staff_only(*EVERYBODY)
def show_events() -> ResponseReturnValue:
    wanted = _wanted()
    found = agenda(signed_in(), wanted, now())
    kept: dict[str, Any] = {"serie": wanted.series_id, "sok": wanted.text or None}
    return render_template(
        "events/staff/events.html",
        found=found,
        wanted=wanted,
        tabs=[
            {
                "label": label, "count": found.counts[part], "current": part is wanted.part,
                "url": url_for(LIST, visa=part.value, **kept),
            }
            for part, label in words.PARTS.items()
        ],
        series=series_open_to(signed_in(), archived=True),
        pages=page_urls(LIST, found.number, found.pages, visa=wanted.part.value, **kept),
    )  # fmt: skip


def _wanted() -> Wanted:
    return Wanted(
        part=choice_in_address("visa", Part, Part.COMING),
        series_id=number_in_address("serie", 0) or None,
        text=request.args.get("sok", "").strip()[:100],
        page=number_in_address("sida", 1),
    )


# --- a new one ----------------------------------------------------------------------------------------------------


@doors.get("/evenemang/nytt")
@staff_only(*PLANNERS)
def show_new_event() -> ResponseReturnValue:
    """First the series, then the form that it fills."""
    account, series_id = signed_in(), number_in_address("serie", 0)
    if not series_id:
        return render_template("events/staff/choose_series.html", series=series_open_to(account))
    series = series_for(account, series_id)
    return _new_page(new_event_form(series), _themes_of(series), series, [])


def _themes_of(series: Series) -> SuggestedThemesForm:
    return suggested_themes_form(open_themes(series.id, ids_from(request.form.getlist("themes"))))


def _new_page(form: NewEventForm, themes: SuggestedThemesForm, series: Series, remarks: list[str]) -> str:
    return render_template("events/staff/new_event.html", form=form, themes=themes, series=series, remarks=remarks)


@doors.post("/evenemang/nytt/<int:series_id>")
@staff_only(*PLANNERS)
def submit_new_event(series_id: int) -> ResponseReturnValue:
    series, form = series_for(signed_in(), series_id), NewEventForm()
    themes, publishes = _themes_of(series), request.form.get("gor") == "publicera"
    if not (form.validate_on_submit() & themes.validate()):
        return _new_page(form, themes, series, []), 422
    remarks = remarks_on(form.day.data, local(now()).date())
    if publishes and remarks and form.warned.data != form.day.data.isoformat():
        form.warned.data = form.day.data.isoformat()
        return _new_page(form, themes, series, remarks)
    try:
        event_id = _keep_new(series_id, form, themes.themes.data, publishes)
    except planning.CannotPublish as refusal:
        refuse(form, refusal)
        return _new_page(form, themes, series, []), 422
    flash("Evenemanget är publicerat." if publishes else "Utkastet är sparat. Bara ni som loggar in ser det.", "good")
    return redirect(url_for("events_staff.show_event", event_id=event_id))


def _keep_new(series_id: int, form: NewEventForm, theme_ids: list[int], publishes: bool) -> int:
    with transaction():
        event = draft_event(series_id, form.values())
        take_up(series_id, theme_ids, event.id)
        if publishes:
            planning.publish(event.id, now())
        return event.id


# --- throwing a draft away ----------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/ta-bort")
@staff_only(*PLANNERS)
def show_deletion(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    if event.state is not EventState.DRAFT:
        return _not_a_draft(event_id)
    return event_page("delete", event, "", form=PressForm())


@doors.post("/evenemang/<int:event_id>/ta-bort")
@staff_only(*PLANNERS)
def submit_deletion(event_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    try:
        with transaction():
            planning.delete_draft(event_id)
    except planning.NotADraft:
        return _not_a_draft(event_id)
    flash("Utkastet är borttaget.", "good")
    return redirect(url_for(LIST, visa=Part.DRAFTS.value))


def _not_a_draft(event_id: int) -> ResponseReturnValue:
    flash("Bara ett utkast kan tas bort. Ställ in evenemanget i stället.", "warn")
    return redirect(url_for("events_staff.show_event", event_id=event_id))
