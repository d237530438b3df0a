"""Series and their own questions: begin, change, archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.models import Answer, Event, EventState, Question, Series
from eventsys.names import slug


class NameTaken(Refused):
    """Another series has this name."""


def create_series(values: dict[str, Any]) -> Series:
    """A new series (`values` are columns of Series). Raises NameTaken. Flushes, does not commit."""
    _check_name(values["name"], None)
    series = Series(slug=_free_slug(values["name"]), **values)
    db.session.add(series)
    db.session.flush()
    audit.record("series.created", f"series:{series.id}")
    return series


def edit_series(series_id: int, values: dict[str, Any]) -> Series:
    """Change a series; events that exist keep what they have. Raises NotFound, NameTaken. Flushes."""
    series = locked_series(series_id)
    _check_name(values["name"], series.id)
    changed = sorted(field for field, value in values.items() if getattr(series, field) != value)
    for field in changed:
        setattr(series, field, values[field])
    if changed:
        audit.record("series.edited", f"series:{series.id}", fields=changed)
    db.session.flush()
    return series


def archive_series(series_id: int, archived: bool, at: datetime) -> Series:
    """Put a series away, or take it up again; its events stay as they are. Flushes, does not commit."""
    series = locked_series(series_id)
    if archived != (series.archived_at is not None):
        series.archived_at = at if archived else None
        audit.record("series.archived" if archived else "series.restored", f"series:{series.id}")
    db.session.flush()
    return series


def locked_series(series_id: int) -> Series:
    """The series, fresh, kept from others' changes until the transaction ends. Raises NotFound."""
    query = select(Series).where(Series.id == series_id).with_for_update().execution_options(populate_existing=True)
    series = db.session.execute(query).scalar_one_or_none()
    if series is None:
        raise NotFound
    return series


def _check_name(name: str, own_id: int | None) -> None:
    query = select(Series.id).where(func.lower(Series.name) == name.lower(), Series.id != (own_id or 0))
    if db.session.execute(query).first() is not None:
        raise NameTaken("Det finns redan en serie med det namnet. Välj ett annat.")


def _free_slug(name: str) -> str:
    wanted = slug(name)[:70]
    taken = set(db.session.execute(select(Series.slug).where(Series.slug.startswith(wanted))).scalars())
    candidates = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if candidate not in taken)


def coming_events(series: Sequence[Series], at: datetime) -> dict[int, int]:
    """How many published events of each series are still to come."""
    query = (
        select(Event.series_id, func.count())
        .where(Event.series_id.in_([one.id for one in series]), Event.state == EventState.PUBLISHED, Event.ends_at > at)
        .group_by(Event.series_id)
    )
    return dict(db.session.execute(query).all())


def latest_event(series: Series) -> Event | None:
    """The event of the series that is last in time, drafts included, those called off not."""
    query = select(Event).where(Event.series_id == series.id, Event.state != EventState.CANCELLED)
    return db.session.scalars(query.order_by(Event.starts_at.desc(), Event.id.desc()).limit(1)).first()


# --- own questions ------------------------------------------------------------------------------------------------


def add_question(series_id: int, values: dict[str, Any]) -> Question:
    """Ask one more thing of each person, last. The same form sent twice finds the first. Flushes."""
    series = locked_series(series_id)
    questions = _questions(series.id)
    for question in questions:
        if question.label == values["label"] and question.retired_at is None:
            return question
    last = max((question.position for question in questions), default=0)
    question = Question(series_id=series.id, position=last + 1, **values)
    db.session.add(question)
    audit.record("series.question_added", f"series:{series.id}")
    db.session.flush()
    return question


def edit_question(series_id: int, question_id: int, values: dict[str, Any]) -> Question:
    """Change a question; answers given stay. Raises NotFound. Flushes, does not commit."""
    question = _question(series_id, question_id)
    for field, value in values.items():
        setattr(question, field, value)
    audit.record("series.question_edited", f"series:{series_id}", question=question.id)
    db.session.flush()
    return question


def retire_question(series_id: int, question_id: int, retired: bool, at: datetime) -> Question:
    """Ask it no more, or again; answers given stay. Raises NotFound. Flushes, does not commit."""
    question = _question(series_id, question_id)
    question.retired_at = at if retired else None
    audit.record("series.question_retired" if retired else "series.question_asked", f"series:{series_id}")
    db.session.flush()
    return question


def move_question(series_id: int, question_id: int, up: bool) -> None:
    """Let a question change places with the one before or after it that is asked. Raises NotFound. Flushes."""
    moved = _question(series_id, question_id)
    order = [question for question in _questions(series_id) if question.retired_at is None or question is moved]
    here = order.index(moved)
    there = max(0, here - 1) if up else min(len(order) - 1, here + 1)
    order.insert(there, order.pop(here))
    for position, question in enumerate(order, start=1):
        question.position = position
    db.session.flush()


def answers_to(question_ids: list[int]) -> dict[int, int]:
    """How many people have answered each of these questions."""
    query = select(Answer.question_id, func.count()).where(Answer.question_id.in_(question_ids))
    query = query.group_by(Answer.question_id)
    return dict(db.session.execute(query).all())


def _questions(series_id: int) -> list[Question]:
    query = select(Question).where(Question.series_id == series_id).order_by(Question.position, Question.id)
    return list(db.session.execute(query).scalars())


def _question(series_id: int, question_id: int) -> Question:
    locked_series(series_id)
    question = db.session.get(Question, question_id)
    if question is None or question.series_id != series_id:
        raise NotFound
    return question
