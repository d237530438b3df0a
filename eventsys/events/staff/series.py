"""Doors: series, their own questions, and which series a co-organiser works with."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events import series as verbs
from eventsys.events.access import PLANNERS, give_series, question_for, series_for, series_given_to, series_open_to
from eventsys.events.attendance.figures import show_up
from eventsys.events.models import DayBefore, Series
from eventsys.events.staff.doors import doors
from eventsys.events.staff.forms import QuestionForm, SeriesAccessForm, SeriesForm, question_form
from eventsys.staff.guards import signed_in, staff_only
from eventsys.staff.models import Account, Role
from eventsys.staff.queries import account_by_id

ONE = "events_staff.show_one_series"


@doors.get("/serier")
@staff_only(*PLANNERS)
def show_series() -> ResponseReturnValue:
    series = series_open_to(signed_in(), archived=True)
    return render_template("events/staff/series_list.html", series=series, upcoming=verbs.coming_events(series, now()))


@doors.get("/serier/ny")
@staff_only(Role.ORGANISER)
def show_new_series() -> ResponseReturnValue:
    usual = {"hours": 2, "capacity": 50, "party_size": 5, "public": True}
    form = SeriesForm(data={**usual, "day_before": DayBefore.ASK, "says_thanks": True})
    return _page(form, None)


def _page(form: SeriesForm, series: Series | None) -> str:
    questions = series.questions if series else []
    answers = verbs.answers_to([question.id for question in questions])
    return render_template(
        "events/staff/series.html", form=form, series=series, questions=questions, answers=answers,
        shows_up=show_up(series.id) if series else None,
    )  # fmt: skip


@doors.post("/serier/ny")
@staff_only(Role.ORGANISER)
def submit_new_series() -> ResponseReturnValue:
    form = SeriesForm()
    if not form.validate_on_submit():
        return _page(form, None), 422
    try:
        with transaction():
            series_id = verbs.create_series(form.values()).id
    except verbs.NameTaken as refusal:
        form.name.errors = [str(refusal)]
        return _page(form, None), 422
    flash("Serien är sparad. Lägg till egna frågor längst ner om ni behöver.", "good")
    return redirect(url_for(ONE, series_id=series_id))


@doors.get("/serier/<int:series_id>")
@staff_only(*PLANNERS)
def show_one_series(series_id: int) -> ResponseReturnValue:
    series = series_for(signed_in(), series_id)
    return _page(SeriesForm(obj=series), series)


@doors.post("/serier/<int:series_id>")
@staff_only(*PLANNERS)
def submit_series(series_id: int) -> ResponseReturnValue:
    series, form = series_for(signed_in(), series_id), SeriesForm()
    if not form.validate_on_submit():
        return _page(form, series), 422
    try:
        with transaction():
            verbs.edit_series(series_id, form.values())
    except verbs.NameTaken as refusal:
        form.name.errors = [str(refusal)]
        return _page(form, series_for(signed_in(), series_id)), 422
    flash("Serien är sparad. Evenemang som redan finns ändras inte.", "good")
    return redirect(url_for(ONE, series_id=series_id))


@doors.post("/serier/<int:series_id>/arkivera")
@staff_only(*PLANNERS)
def submit_series_archived(series_id: int) -> ResponseReturnValue:
    return _archive(series_id, archived=True, said="Serien är arkiverad. Dess evenemang finns kvar.")


@doors.post("/serier/<int:series_id>/ta-upp")
@staff_only(*PLANNERS)
def submit_series_restored(series_id: int) -> ResponseReturnValue:
    return _archive(series_id, archived=False, said="Serien kan användas igen.")


def _archive(series_id: int, archived: bool, said: str) -> ResponseReturnValue:
    series_for(signed_in(), series_id)
    with transaction():
        verbs.archive_series(series_id, archived, now())
    flash(said, "good")
    return redirect(url_for(ONE, series_id=series_id))


# --- own questions ------------------------------------------------------------------------------------------------


def _back_to_questions(series_id: int, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for(ONE, series_id=series_id, _anchor="fragor"))


@doors.get("/serier/<int:series_id>/fragor/ny")
@staff_only(*PLANNERS)
def show_new_question(series_id: int) -> ResponseReturnValue:
    series = series_for(signed_in(), series_id)
    return render_template("events/staff/question.html", form=QuestionForm(), series=series, question=None)


@doors.post("/serier/<int:series_id>/fragor/ny")
@staff_only(*PLANNERS)
def submit_new_question(series_id: int) -> ResponseReturnValue:
    series, form = series_for(signed_in(), series_id), QuestionForm()
    if not form.validate_on_submit():
        return render_template("events/staff/question.html", form=form, series=series, question=None), 422
    with transaction():
        verbs.add_question(series_id, form.values())
    return _back_to_questions(series_id, "Frågan är sparad.")


@doors.get("/serier/<int:series_id>/fragor/<int:question_id>")
@staff_only(*PLANNERS)
def show_question(series_id: int, question_id: int) -> ResponseReturnValue:
    question = question_for(signed_in(), series_id, question_id)
    form = question_form(question)
    return render_template("events/staff/question.html", form=form, series=question.series, question=question)


@doors.post("/serier/<int:series_id>/fragor/<int:question_id>")
@staff_only(*PLANNERS)
def submit_question(series_id: int, question_id: int) -> ResponseReturnValue:
    question, form = question_for(signed_in(), series_id, question_id), QuestionForm()
    if not form.validate_on_submit():
        page = render_template("events/staff/question.html", form=form, series=question.series, question=question)
        return page, 422
    with transaction():
        verbs.edit_question(series_id, question_id, form.values())
    return _back_to_questions(series_id, "Frågan är sparad.")


@doors.post("/serier/<int:series_id>/fragor/<int:question_id>/sluta")
@staff_only(*PLANNERS)
def submit_question_retired(series_id: int, question_id: int) -> ResponseReturnValue:
    question_for(signed_in(), series_id, question_id)
    with transaction():
        verbs.retire_question(series_id, question_id, True, now())
    return _back_to_questions(series_id, "Frågan ställs inte längre. Svaren finns kvar.")


@doors.post("/serier/<int:series_id>/fragor/<int:question_id>/stall-igen")
@staff_only(*PLANNERS)
def submit_question_asked(series_id: int, question_id: int) -> ResponseReturnValue:
    question_for(signed_in(), series_id, question_id)
    with transaction():
        verbs.retire_question(series_id, question_id, False, now())
    return _back_to_questions(series_id, "Frågan ställs igen.")


@doors.post("/serier/<int:series_id>/fragor/<int:question_id>/upp")
@staff_only(*PLANNERS)
def submit_question_up(series_id: int, question_id: int) -> ResponseReturnValue:
    question_for(signed_in(), series_id, question_id)
    with transaction():
        verbs.move_question(series_id, question_id, up=True)
    return _back_to_questions(series_id, "Ordningen är ändrad.")


@doors.post("/serier/<int:series_id>/fragor/<int:question_id>/ner")
@staff_only(*PLANNERS)
def submit_question_down(series_id: int, question_id: int) -> ResponseReturnValue:
    question_for(signed_in(), series_id, question_id)
    with transaction():
        verbs.move_question(series_id, question_id, up=False)
    return _back_to_questions(series_id, "Ordningen är ändrad.")


# --- co-organisers ------------------------------------------------------------------------------------------------


@doors.get("/installningar/konton/<int:account_id>/serier")
@staff_only(Role.ADMINISTRATOR)
def show_series_access(account_id: int) -> ResponseReturnValue:
    account, form = account_by_id(account_id), _access_form()
    form.series.data = sorted(series_given_to(account_id))
    return _access_page(account, form)


def _access_form() -> SeriesAccessForm:
    form = SeriesAccessForm()
    form.series.choices = [(series.id, series.name) for series in series_open_to(signed_in(), archived=True)]
    return form


def _access_page(account: Account, form: SeriesAccessForm) -> str:
    return render_template("events/staff/series_access.html", account=account, form=form)


@doors.post("/installningar/konton/<int:account_id>/serier")
@staff_only(Role.ADMINISTRATOR)
def submit_series_access(account_id: int) -> ResponseReturnValue:
    account, form = account_by_id(account_id), _access_form()
    if not form.validate_on_submit():
        return _access_page(account, form), 422
    name = account.name
    with transaction():
        give_series(account_id, form.series.data)
    flash(f"Serierna för {name} är sparade.", "good")
    return redirect(url_for("staff_settings.show_account", account_id=account_id))
