"""The attendance list as rows: the columns that others hold on to, in their order, and what each person has in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import phonenumbers
from sqlalchemy import or_, select

from eventsys.clock import local
from eventsys.database import db
from eventsys.events import words
from eventsys.events.listing import Wanted, everybody_of
from eventsys.events.models import Answer, Attendee, AttendeeState, Event, Question
from eventsys.events.programme.queries import held_by
from eventsys.events.sources import origins
from eventsys.sheets import Cell

# Kept: scripts and other people's tables read these. What is new comes after them.
COLUMNS = (
    "Evenemang", "Datum", "Företag", "Organisationsnummer", "Namn", "E-post", "Telefon", "Status", "Pass", "Anmäld",
    "Incheckad", "Källa",
)  # fmt: skip


@dataclass(frozen=True)
class Head:
    """The columns of one list: the kept ones, then the own questions of the series in it."""

    questions: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*COLUMNS, *self.questions)


def head_of(events: Iterable[Event]) -> Head:
    """The columns of a list over these events. Questions with the same words are one column, also across series."""
    series = {event.series_id for event in events}
    answered = select(Answer.question_id)
    query = (
        select(Question.label)
        .where(Question.series_id.in_(series), or_(Question.retired_at.is_(None), Question.id.in_(answered)))
        .order_by(Question.series_id, Question.position, Question.id)
    )
    return Head(tuple(dict.fromkeys(db.session.execute(query).scalars())))


def attendance_rows(event: Event, wanted: Wanted, head: Head) -> Iterator[list[Cell]]:
    """A row for everybody that the list of this event's people shows with this filter, in its order. Never diet."""
    people = everybody_of(event, wanted)
    ids = [attendee.id for attendee in people]
    sessions, answers = held_by(ids), _answers(ids)
    sources = {origin.code: origin.name for origin in origins(event)}
    for attendee in people:
        given = answers.get(attendee.id, {})
        held = ", ".join(session.title for session in sessions.get(attendee.id, ()))
        source = sources.get(attendee.registration.source, attendee.registration.source)
        yield [*_kept(event, attendee, held, source), *(given.get(label, "") for label in head.questions)]


def _kept(event: Event, attendee: Attendee, sessions: str, source: str) -> list[Cell]:
    registration = attendee.registration
    came = attendee.state is AttendeeState.ATTENDED and attendee.checked_in_at is not None
    return [
        event.title,
        local(event.starts_at).date(),
        registration.company_name,
        _number(registration.company_number),
        attendee.name,
        attendee.email,
        _phone(attendee),
        words.PEOPLE[attendee.state][1],
        sessions,
        _wall(registration.created_at),
        _wall(attendee.checked_in_at) if came else None,
        source if registration.source else "",
    ]


def _number(number: str | None) -> str:
    """`556677-8899`; a sole trader's is a personal number, and is not there."""
    return f"{number[:6]}-{number[6:]}" if number else ""


def _phone(attendee: Attendee) -> str:
    """As one dials it from Sweden, so that it begins with no plus that a spreadsheet takes for a sum."""
    if not attendee.phone_e164:
        return attendee.phone
    number = phonenumbers.parse(attendee.phone_e164)
    return phonenumbers.format_out_of_country_calling_number(number, "SE")


def _wall(moment: datetime | None) -> datetime | None:
    """Swedish wall time to the minute, without a zone, as spreadsheets hold times."""
    return local(moment).replace(tzinfo=None, second=0, microsecond=0) if moment else None


def _answers(attendee_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """attendee id -> the words of a question -> the answer."""
    query = (
        select(Answer.attendee_id, Question.label, Answer.text)
        .join(Question, Question.id == Answer.question_id)
        .where(Answer.attendee_id.in_(attendee_ids))
    )
    found: dict[int, dict[str, str]] = {}
    for attendee_id, label, text in db.session.execute(query):
        found.setdefault(attendee_id, {})[label] = text
    return found
