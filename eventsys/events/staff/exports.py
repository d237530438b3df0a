"""Doors: attendance lists as files, of one event as its list shows it, and of several for the follow-up."""

from __future__ import annotations

from datetime import timedelta

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms.fields.choices import SelectChoice

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.events import words
from eventsys.events.access import PLANNERS, event_for, series_for, series_open_to, within_reach
from eventsys.events.attendance.exporting import (
    File,
    Period,
    attendance_file,
    events_in,
    note_export,
    note_period_export,
    period_file,
)
from eventsys.events.listing import Show
from eventsys.events.staff.doors import doors
from eventsys.events.staff.export_forms import PeriodForm
from eventsys.events.staff.people import wanted_in_address
from eventsys.sheets import MIME, FileKind
from eventsys.staff.guards import signed_in, staff_only


@doors.get("/evenemang/<int:event_id>/anmalda/deltagare.<kind>")
@staff_only(*PLANNERS)
def show_export(event_id: int, kind: str) -> ResponseReturnValue:
    """Exactly the people of the list with the filter in the address, all its pages."""
    event, wanted = event_for(signed_in(), event_id), wanted_in_address()
    file = attendance_file(event, _kind(kind), wanted)
    with transaction():
        note_export(event_id, _kind(kind), file.people)
    return _sent(file, _kind(kind))


def _kind(name: str) -> FileKind:
    if name not in set(FileKind):
        abort(404)
    return FileKind(name)


def _sent(file: File, kind: FileKind) -> ResponseReturnValue:
    return download(file.content, MIME[kind], file.name)


# --- several events -----------------------------------------------------------------------------------------------


@doors.get("/evenemang/deltagare")
@staff_only(*PLANNERS)
def show_period() -> ResponseReturnValue:
    """Choose series and period; how many events that is stands beside the buttons."""
    form = _form()
    asked = bool(request.args)
    if asked and not form.validate():
        return render_template("events/staff/period.html", form=form, events=None), 422
    events = events_in(_period(form), within_reach(signed_in(), now())) if asked else None
    return render_template("events/staff/period.html", form=form, events=events)


@doors.get("/evenemang/deltagare.<kind>")
@staff_only(*PLANNERS)
def show_period_export(kind: str) -> ResponseReturnValue:
    form = _form()
    if not form.validate():
        return render_template("events/staff/period.html", form=form, events=None), 422
    period = _period(form)
    file = period_file(events_in(period, within_reach(signed_in(), now())), period, _kind(kind))
    with transaction():
        note_period_export(period, _kind(kind), file.people)
    return _sent(file, _kind(kind))


def _form() -> PeriodForm:
    """As the address says; what it does not say is the last twelve months, all series, and everybody."""
    today = local(now()).date()
    usual = {"fran": (today - timedelta(days=365)).isoformat(), "till": today.isoformat(), "vilka": Show.ALL.value}
    form = PeriodForm(MultiDict(usual | request.args.to_dict()), meta={"csrf": False})
    series = series_open_to(signed_in(), archived=True)
    form.serie.choices = [SelectChoice("", "Alla serier"), *(SelectChoice(str(one.id), one.name) for one in series)]
    shows = (Show.ALL, Show.CONFIRMED, Show.ATTENDED, Show.NO_SHOW)
    form.vilka.choices = [SelectChoice(show.value, words.SHOWS[show]) for show in shows]
    return form


def _period(form: PeriodForm) -> Period:
    series_id = int(form.serie.data) if form.serie.data else None
    if series_id is not None:
        series_for(signed_in(), series_id)
    return Period(form.fran.data, form.till.data, series_id, Show(form.vilka.data))
