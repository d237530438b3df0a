"""Doors: the themes of a series: note, change, take up at one of its events, put away."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.access import WRITERS, series_for
from eventsys.events.forms import PressForm
from eventsys.events.models import Series
from eventsys.events.staff.doors import doors
from eventsys.events.staff.topics_forms import TakeUpForm, ThemeForm, take_up_form
from eventsys.events.topics import themes as verbs
from eventsys.events.topics.models import Theme
from eventsys.events.topics.queries import can_take_up, open_themes, past_themes, theme_of
from eventsys.staff.guards import signed_in, staff_only

LIST = "events_staff.show_themes"


@doors.get("/serier/<int:series_id>/teman")
@staff_only(*WRITERS)
def show_themes(series_id: int) -> ResponseReturnValue:
    return _page(series_for(signed_in(), series_id), ThemeForm())


def _page(series: Series, form: ThemeForm) -> str:
    return render_template(
        "events/staff/themes.html",
        series=series,
        form=form,
        press_form=PressForm(),
        themes=open_themes(series.id),
        past=past_themes(series.id),
    )


@doors.post("/serier/<int:series_id>/teman")
@staff_only(*WRITERS)
def submit_theme(series_id: int) -> ResponseReturnValue:
    series, form = series_for(signed_in(), series_id), ThemeForm()
    if not form.validate_on_submit():
        return _page(series, form), 422
    with transaction():
        verbs.note_theme(series_id, form.text.data, form.heard_at.data, signed_in().name, now())
    return _back(series_id, "Temat är antecknat.")


def _back(series_id: int, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for(LIST, series_id=series_id))


def _theme(series_id: int, theme_id: int) -> Theme:
    """The theme, when it is of this series and the series within reach. Raises NotFound."""
    return theme_of(series_for(signed_in(), series_id).id, theme_id)


@doors.get("/serier/<int:series_id>/teman/<int:theme_id>")
@staff_only(*WRITERS)
def show_theme(series_id: int, theme_id: int) -> ResponseReturnValue:
    theme = _theme(series_id, theme_id)
    return _theme_page(theme, ThemeForm(obj=theme), _take_up(theme))


def _take_up(theme: Theme) -> TakeUpForm:
    return take_up_form(can_take_up(theme.series_id, now()))


def _theme_page(theme: Theme, form: ThemeForm, take_up: TakeUpForm) -> str:
    return render_template("events/staff/theme.html", series=theme.series, theme=theme, form=form, take_up=take_up)


@doors.post("/serier/<int:series_id>/teman/<int:theme_id>")
@staff_only(*WRITERS)
def submit_edited_theme(series_id: int, theme_id: int) -> ResponseReturnValue:
    theme, form = _theme(series_id, theme_id), ThemeForm()
    if not form.validate_on_submit():
        return _theme_page(theme, form, _take_up(theme)), 422
    with transaction():
        verbs.edit_theme(series_id, theme_id, form.text.data, form.heard_at.data)
    return _back(series_id, "Temat är ändrat.")


@doors.post("/serier/<int:series_id>/teman/<int:theme_id>/ta-upp")
@staff_only(*WRITERS)
def submit_theme_taken_up(series_id: int, theme_id: int) -> ResponseReturnValue:
    theme = _theme(series_id, theme_id)
    take_up = _take_up(theme)
    if not take_up.validate_on_submit():
        return _theme_page(theme, ThemeForm(formdata=None, obj=theme), take_up), 422
    with transaction():
        verbs.take_up(series_id, [theme_id], take_up.event.data)
    return _back(series_id, "Temat tas upp vid evenemanget.")


@doors.post("/serier/<int:series_id>/teman/<int:theme_id>/lagg-undan")
@staff_only(*WRITERS)
def submit_theme_put_away(series_id: int, theme_id: int) -> ResponseReturnValue:
    _theme(series_id, theme_id)
    with transaction():
        verbs.put_away(series_id, theme_id, now())
    return _back(series_id, "Temat är undanlagt. Det finns kvar i historiken.")


@doors.post("/serier/<int:series_id>/teman/<int:theme_id>/foresla-igen")
@staff_only(*WRITERS)
def submit_theme_suggested_again(series_id: int, theme_id: int) -> ResponseReturnValue:
    _theme(series_id, theme_id)
    with transaction():
        verbs.suggest_again(series_id, theme_id)
    return _back(series_id, "Temat föreslås igen.")
