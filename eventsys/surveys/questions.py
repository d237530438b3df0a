"""The questions of a survey or of a template: ask, word, order, leave out.

All take their owner under its lock (queries.locked_survey, locked_template). Refused once somebody has answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.programme.models import Session
from eventsys.overwriting import mark_of, refuse_overwriting
from eventsys.surveys.freezing import Owner, note_change, refuse_if_fixed, subject_of
from eventsys.surveys.models import NKI_KINDS, Asked, QuestionKind, Survey, SurveyQuestion
from eventsys.surveys.wording import usual_questions

MOST_QUESTIONS = 30
EDITED = (
    "kind", "asked", "text", "text_en", "low", "low_en", "high", "high_en", "options", "is_required", "session_id",
)  # fmt: skip
"""What of a question is edited; its place is moved."""


class CannotAsk(Refused):
    """There are too many questions, or this one cannot be put so."""


class WithoutNki(Refused):
    """One of the three questions of the index would be missing, and nobody has said that this is meant."""


# --- reading ------------------------------------------------------------------------------------------------------


def question_in(owner: Owner, question_id: int) -> SurveyQuestion:
    """A question of this survey or template. Raises NotFound."""
    for question in owner.questions:
        if question.id == question_id:
            return question
    raise NotFound


def missing_of_nki(questions: Iterable[SurveyQuestion]) -> list[QuestionKind]:
    """Which of the three questions are not asked; with any missing there is no index."""
    asked = {question.kind for question in questions}
    return [kind for kind in NKI_KINDS if kind not in asked]


def asks_anybody(owner: Owner) -> bool:
    """Whether there is a question to those who come; without one nothing can be sent."""
    return any(question.asked is Asked.ATTENDED for question in owner.questions)


def values_of(question: SurveyQuestion) -> dict[str, Any]:
    """The columns that are edited, by name."""
    return {name: getattr(question, name) for name in EDITED}


def mark_of_question(question: SurveyQuestion) -> str:
    """For the form of a page that shows it; see overwriting.py."""
    return mark_of(values_of(question))


# --- changing -----------------------------------------------------------------------------------------------------


def add_question(owner: Owner, values: Mapping[str, Any], at: datetime) -> SurveyQuestion:
    """Ask one thing more, last; `values` are columns by name. The very same question sent twice finds the first.

    Raises Fixed, CannotAsk, NotFound for a session of another event. Flushes, does not commit.
    """
    refuse_if_fixed(owner)
    _refuse_unfit(owner, values)
    for question in owner.questions:
        if values_of(question) == {**values_of(question), **values}:
            return question
    if len(owner.questions) >= MOST_QUESTIONS:
        raise CannotAsk(f"Enkäten har redan {MOST_QUESTIONS} frågor, fler orkar ingen svara på. Ta bort en först.")
    last = max((question.position for question in owner.questions), default=0)
    question = SurveyQuestion(position=last + 1, **values)
    owner.questions.append(question)
    _noted(owner, "survey.question_added", at)
    return question


def edit_question(owner: Owner, question_id: int, values: Mapping[str, Any], seen: str, at: datetime) -> SurveyQuestion:
    """Word it differently; `seen` is `mark_of_question` as the page showed it. A question of the index stays one.

    Raises Fixed, CannotAsk, NotFound, ChangedMeanwhile. Flushes, does not commit.
    """
    refuse_if_fixed(owner)
    question = question_in(owner, question_id)
    saved = values_of(question)
    written = {**saved, **values}
    if question.kind in NKI_KINDS:
        written |= {name: saved[name] for name in ("kind", "asked", "options", "session_id")}
    _refuse_unfit(owner, written)
    refuse_overwriting(saved, written, seen)
    if written != saved:
        for name, value in written.items():
            setattr(question, name, value)
        _noted(owner, "survey.question_edited", at)
    return question


def move_question(owner: Owner, question_id: int, up: bool, at: datetime) -> None:
    """Let it change places with the one before or after it among those put to the same people.

    Raises Fixed, NotFound. Flushes, does not commit.
    """
    refuse_if_fixed(owner)
    moved = question_in(owner, question_id)
    order = [question for question in owner.questions if question.asked is moved.asked]
    others = [question for question in owner.questions if question.asked is not moved.asked]
    here = order.index(moved)
    there = max(0, here - 1) if up else min(len(order) - 1, here + 1)
    if there == here:
        return
    order.insert(there, order.pop(here))
    attended, absent = (order, others) if moved.asked is Asked.ATTENDED else (others, order)
    _number([*attended, *absent])
    _noted(owner, "survey.questions_moved", at)


def remove_question(owner: Owner, question_id: int, at: datetime, without_nki: bool = False) -> None:
    """Leave it out; one that is gone already is no error. `without_nki`: it is meant that there will be no index.

    Raises Fixed, WithoutNki. Flushes, does not commit.
    """
    refuse_if_fixed(owner)
    for question in [one for one in owner.questions if one.id == question_id]:
        if question.kind in NKI_KINDS and not without_nki:
            raise WithoutNki("Frågan är en av de tre i NKI. Utan den blir enkäten utan NKI.")
        owner.questions.remove(question)
        _noted(owner, "survey.question_removed", at)


def ask_for_nki(owner: Owner, at: datetime) -> int:
    """Ask what is missing of the three questions, in the usual words, before all others. Returns how many.

    Raises Fixed, CannotAsk. Flushes, does not commit.
    """
    refuse_if_fixed(owner)
    missing = missing_of_nki(owner.questions)
    if len(owner.questions) + len(missing) > MOST_QUESTIONS:
        raise CannotAsk(f"Enkäten får ha högst {MOST_QUESTIONS} frågor. Ta bort någon annan först.")
    owner.questions.extend(question for question in usual_questions() if question.kind in missing)
    index = sorted((one for one in owner.questions if one.kind in NKI_KINDS), key=lambda one: NKI_KINDS.index(one.kind))
    _number([*index, *(one for one in owner.questions if one.kind not in NKI_KINDS)])
    if missing:
        _noted(owner, "survey.question_added", at)
    return len(missing)


def copied(questions: Iterable[SurveyQuestion]) -> list[SurveyQuestion]:
    """The same questions, new rows without an owner. Those about a session are left out: it is another event's."""
    kept = [question for question in questions if question.session_id is None]
    return [SurveyQuestion(position=place, **values_of(one)) for place, one in enumerate(kept, start=1)]


def _refuse_unfit(owner: Owner, values: Mapping[str, Any]) -> None:
    session_id = values.get("session_id")
    if session_id is None:
        return
    if values.get("asked") is Asked.NO_SHOW:
        raise CannotAsk("Den som uteblev var inte på något pass. Välj inget pass, eller ställ frågan till dem som kom.")
    session = db.session.get(Session, session_id)
    if not isinstance(owner, Survey) or session is None or session.event_id != owner.event_id:
        raise NotFound


def _number(questions: Iterable[SurveyQuestion]) -> None:
    for position, question in enumerate(questions, start=1):
        question.position = position


def _noted(owner: Owner, act: str, at: datetime) -> None:
    note_change(owner, at)
    audit.record(act, subject_of(owner))
    db.session.flush()
    db.session.expire(owner, ["questions"])
