"""Surveys, their questions, who was asked, and answers that nobody can join to a person.

The tables of answers have no key in common with those of people: no reference, no moment finer than the day, no numbers
that count upwards, and on SQLite no rowid, which would tell in which order they came.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states
from eventsys.events.models import Attendee, Event


class SurveyState(StrEnum):
    DRAFT = "draft"
    """It does not open by itself."""
    READY = "ready"
    """It opens by itself at `opens_at`."""
    OPEN = "open"
    CLOSED = "closed"


class QuestionKind(StrEnum):
    SATISFIED = "satisfied"
    """The first of the three questions of the index, all on the scale from 1 to 10."""
    EXPECTATIONS = "expectations"
    IDEAL = "ideal"
    SCALE = "scale"
    """Another question from 1 to 10."""
    CHOICE = "choice"
    CHOICES = "choices"
    TEXT = "text"


NKI_KINDS = (QuestionKind.SATISFIED, QuestionKind.EXPECTATIONS, QuestionKind.IDEAL)
SCALE_KINDS = (*NKI_KINDS, QuestionKind.SCALE)


class Asked(StrEnum):
    """Who a question is for."""

    ATTENDED = "attended"
    NO_SHOW = "no_show"


class Way(StrEnum):
    """By which way an answer came; each is counted and shown apart."""

    PERSONAL = "personal"
    OPEN = "open"
    """By the QR code on the last slide, without a personal link."""
    NO_SHOW = "no_show"
    SESSION = "session"
    """What a personal answer says of one session, kept apart from the rest of it and from that of other sessions.

    Which sessions somebody held a place in is known; beside the other answers it would tell whose they are. No answer
    of its own: never counted among those who have answered.
    """


class Survey(Base):
    """The survey of an event. With the first answer (`frozen_at`) its questions stand fast."""

    __tablename__ = "survey"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)
    state: Mapped[SurveyState] = mapped_column(states(SurveyState), default=SurveyState.DRAFT, index=True)
    opens_at: Mapped[datetime | None] = mapped_column(index=True)
    """None: so many hours after the event's end, as the settings say."""
    closes_at: Mapped[datetime | None]
    """None: so many days after it has opened, as the settings say."""
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    reminder_days: Mapped[list[int]] = mapped_column(JSON, default=list)
    """So many days after it opened the silent are reminded; three times at most."""
    reminders_sent: Mapped[int] = mapped_column(default=0)
    asks_no_shows: Mapped[bool] = mapped_column(default=True)
    intro: Mapped[str] = mapped_column(Text, default="")
    intro_en: Mapped[str] = mapped_column(Text, default="")
    thanks: Mapped[str] = mapped_column(Text, default="")
    thanks_en: Mapped[str] = mapped_column(Text, default="")
    open_code: Mapped[str | None] = mapped_column(String(20), unique=True)
    """Stands in the QR code of the last slide; None when there is no open way."""
    frozen_at: Mapped[date | None]
    """The day of the first answer; finer would tell whose it was."""
    invited: Mapped[int] = mapped_column(default=0)
    """How many who attended were asked when it opened; the rows of who it was may be deleted one day."""
    shown_publicly_at: Mapped[datetime | None]
    """Staff chose to show the results on a page of the event."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    event: Mapped[Event] = relationship()
    questions: Mapped[list[SurveyQuestion]] = relationship(
        back_populates="survey", order_by="SurveyQuestion.position, SurveyQuestion.id", cascade="all, delete-orphan"
    )


class SurveyTemplate(Base):
    """What the surveys of a series begin as. Its questions are those with its series_id."""

    __tablename__ = "survey_template"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    is_automatic: Mapped[bool] = mapped_column(default=True)
    """Every event of the series gets its survey without anybody thinking of it."""
    asks_no_shows: Mapped[bool] = mapped_column(default=True)
    reminder_days: Mapped[list[int]] = mapped_column(JSON, default=list)
    intro: Mapped[str] = mapped_column(Text, default="")
    intro_en: Mapped[str] = mapped_column(Text, default="")
    thanks: Mapped[str] = mapped_column(Text, default="")
    thanks_en: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]

    questions: Mapped[list[SurveyQuestion]] = relationship(
        back_populates="template", order_by="SurveyQuestion.position, SurveyQuestion.id", cascade="all, delete-orphan"
    )


class SurveyQuestion(Base):
    """A question of one survey, or of the template of a series."""

    __tablename__ = "survey_question"
    __table_args__ = (CheckConstraint("(survey_id IS NULL) <> (series_id IS NULL)", name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"), index=True)
    series_id: Mapped[int | None] = mapped_column(
        ForeignKey("survey_template.series_id", ondelete="CASCADE"), index=True
    )  # fmt: skip
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[QuestionKind] = mapped_column(states(QuestionKind))
    asked: Mapped[Asked] = mapped_column(states(Asked), default=Asked.ATTENDED)
    text: Mapped[str] = mapped_column(String(300))
    text_en: Mapped[str] = mapped_column(String(300), default="")
    low: Mapped[str] = mapped_column(String(80), default="")
    """What 1 means."""
    low_en: Mapped[str] = mapped_column(String(80), default="")
    high: Mapped[str] = mapped_column(String(80), default="")
    """What 10 means."""
    high_en: Mapped[str] = mapped_column(String(80), default="")
    options: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """Of a choice: `{"sv": ..., "en": ...}` each; an answer names it by its place, from 0."""
    is_required: Mapped[bool] = mapped_column(default=False)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="SET NULL"))
    """About this session; only those who chose it are asked."""

    survey: Mapped[Survey | None] = relationship(back_populates="questions")
    template: Mapped[SurveyTemplate | None] = relationship(back_populates="questions")

    def in_language(self, lang: str, field: str) -> str:
        """A text in the page's language, or in Swedish where there is none."""
        swedish: str = getattr(self, field)
        return swedish if lang == "sv" else (getattr(self, f"{field}_en") or swedish)


class SurveyInvitation(Base):
    """Somebody was asked, and whether they have answered: never when, and never what."""

    __tablename__ = "survey_invitation"
    __table_args__ = (UniqueConstraint("survey_id", "attendee_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"))
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), index=True)
    asked: Mapped[Asked] = mapped_column(states(Asked), default=Asked.ATTENDED)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    has_answered: Mapped[bool] = mapped_column(default=False)
    reminders: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime]

    survey: Mapped[Survey] = relationship()
    attendee: Mapped[Attendee] = relationship()


class SurveyResponse(Base):
    """One answer handed in. The three numbers of the index stand in the row itself, to be counted fast."""

    __tablename__ = "survey_response"
    __table_args__ = (
        Index("ix_survey_response_counting", "survey_id", "way", "satisfied", "expectations", "ideal", "day"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    """Random, so that it says nothing of when it came."""
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id", ondelete="CASCADE"))
    way: Mapped[Way] = mapped_column(states(Way), default=Way.PERSONAL)
    day: Mapped[date]
    """In Borås. Nothing finer is kept anywhere. Of what is said of a session: the day the survey opened."""
    satisfied: Mapped[int | None]
    expectations: Mapped[int | None]
    ideal: Mapped[int | None]


class SurveyAnswer(Base):
    """What one answer says to one question that is not of the index."""

    __tablename__ = "survey_answer"
    __table_args__ = (
        Index("ix_survey_answer_question", "question_id", "number"),
        {"sqlite_with_rowid": False},
    )

    response_id: Mapped[str] = mapped_column(ForeignKey("survey_response.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("survey_question.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int | None]
    """1 to 10 of a scale, or the place of the option chosen, from 0; of several options see `as_number`."""
    text: Mapped[str] = mapped_column(Text, default="")
    hidden_why: Mapped[str] = mapped_column(String(120), default="")
    """A text that names somebody, or is otherwise not to be shown: why a colleague hid it."""


def as_number(places: Iterable[int]) -> int:
    """Places of several options as one number, which an index can hold: the sum of 2 to the power of each.

    >>> as_number([0, 2])
    5
    """
    return sum(1 << place for place in set(places))


def as_places(number: int) -> list[int]:
    """The places that a number stands for, rising."""
    return [place for place in range(number.bit_length()) if number >> place & 1]


class SurveySettings(Base):
    """The one row of settings; without it the defaults hold."""

    __tablename__ = "survey_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    least: Mapped[int] = mapped_column(default=7)
    """Fewer answers than that are never shown as a figure."""
    goal: Mapped[int] = mapped_column(default=76)
    """The city's goal for its NKI."""
    bands: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """From which number each band begins; empty: those of nki.BANDS."""
    opens_after_hours: Mapped[int] = mapped_column(default=1)
    closes_after_days: Mapped[int] = mapped_column(default=14)
    reminder_days: Mapped[list[int]] = mapped_column(JSON, default=lambda: [3, 7])
