"""The pages on which questions are edited, the same for a survey and for a template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.events.programme.models import Session
from eventsys.fields import refuse
from eventsys.forms import Form
from eventsys.overwriting import ChangedMeanwhile
from eventsys.surveys import questions as verbs
from eventsys.surveys.freezing import Owner, why_fixed
from eventsys.surveys.models import NKI_KINDS, SurveyQuestion
from eventsys.surveys.staff.survey_conflicts import conflicts_in
from eventsys.surveys.staff.survey_forms import IndexQuestionForm, QuestionForm, question_form


@dataclass(frozen=True)
class Place:
    """Whose questions: the owner as it is read, how it is locked, and the page that lists them."""

    owner: Owner
    lock: Callable[[], Owner]
    list_url: str
    name: str
    sessions: Sequence[Session] = field(default=())


def show_form(place: Place, question_id: int | None) -> ResponseReturnValue:
    question = None if question_id is None else verbs.question_in(place.owner, question_id)
    if why := why_fixed(place.owner):
        return _back(place, why, "warn")
    if question is None:
        return _form_page(place, _offering(place, QuestionForm(formdata=None)), None)
    form = question_form(question, verbs.mark_of_question(question))
    return _form_page(place, _offering(place, form), question)


def _offering(place: Place, form: IndexQuestionForm) -> IndexQuestionForm:
    if isinstance(form, QuestionForm):
        form.offer(place.sessions)
    return form


def _form_page(place: Place, form: IndexQuestionForm, question: SurveyQuestion | None, **more: Any) -> str:
    is_index = question is not None and question.kind in NKI_KINDS
    return render_template(
        "surveys/staff/question.html",
        **{"place": place, "form": form, "question": question, "is_index": is_index, "conflicts": (), **more},
    )


def submit_form(place: Place, question_id: int | None) -> ResponseReturnValue:
    question = None if question_id is None else verbs.question_in(place.owner, question_id)
    is_index = question is not None and question.kind in NKI_KINDS
    form = _offering(place, IndexQuestionForm() if is_index else QuestionForm())
    if not form.validate_on_submit():
        return _form_page(place, form, question), 422
    try:
        with transaction():
            _keep(place, form, question_id)
    except ChangedMeanwhile as refusal:
        return _second_look(place, form, question_id, refusal)
    except Refused as refusal:
        refuse(form, refusal)
        return _form_page(place, form, question), 422
    return _back(place, "Frågan är sparad." if question else "Frågan är tillagd.", "good")


def _keep(place: Place, form: IndexQuestionForm, question_id: int | None) -> None:
    if question_id is None:
        verbs.add_question(place.lock(), form.values(), now())
    else:
        verbs.edit_question(place.lock(), question_id, form.values(), form.seen.data, now())


def _second_look(
    place: Place, form: IndexQuestionForm, question_id: int | None, refusal: ChangedMeanwhile
) -> ResponseReturnValue:
    """What the other has saved, beside what was written; the next press saves knowingly."""
    question = verbs.question_in(place.owner, question_id or 0)
    form.seen.data = verbs.mark_of_question(question)
    return _form_page(place, form, question, conflicts=conflicts_in(refusal.saved, form.values())), 409


def submit_move(place: Place, question_id: int, up: bool) -> ResponseReturnValue:
    verbs.question_in(place.owner, question_id)
    try:
        with transaction():
            verbs.move_question(place.lock(), question_id, up, now())
    except Refused as refusal:
        return _back(place, str(refusal), "warn")
    return redirect(place.list_url)


def show_removal(place: Place, question_id: int) -> ResponseReturnValue:
    """Asks before a question is removed; of the index it says what is lost."""
    question = verbs.question_in(place.owner, question_id)
    if why := why_fixed(place.owner):
        return _back(place, why, "warn")
    is_index = question.kind in NKI_KINDS
    return render_template(
        "surveys/staff/question_removal.html", place=place, question=question, is_index=is_index, form=Form()
    )


def submit_removal(place: Place, question_id: int, without_nki: bool) -> ResponseReturnValue:
    verbs.question_in(place.owner, question_id)
    try:
        with transaction():
            verbs.remove_question(place.lock(), question_id, now(), without_nki)
    except Refused as refusal:
        return _back(place, str(refusal), "warn")
    return _back(place, "Frågan är borttagen.", "good")


def submit_nki(place: Place) -> ResponseReturnValue:
    try:
        with transaction():
            verbs.ask_for_nki(place.lock(), now())
    except Refused as refusal:
        return _back(place, str(refusal), "warn")
    return _back(place, "De tre frågorna i NKI ställs.", "good")


def _back(place: Place, said: str, kind: str) -> ResponseReturnValue:
    flash(said, kind)
    return redirect(place.list_url)
