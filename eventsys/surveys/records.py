"""Answers to closed surveys that can be handed out: as they are exported, without persons."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.models import Event
from eventsys.handing_out import Choice, Column, RecordSet, Table, id_in
from eventsys.surveys.models import Survey, SurveyState
from eventsys.surveys.results.exporting import What, result_table
from eventsys.surveys.results.figures import result_of

PERSONAL = {"Text": "fritext (kan namnge någon)"}


def _closed() -> list[Choice]:
    query = select(Survey.id, Event.title, Event.starts_at).join(Survey.event).where(Survey.state == SurveyState.CLOSED)
    rows = db.session.execute(query.order_by(Event.starts_at.desc(), Survey.id.desc()))
    return [Choice(str(row.id), f"{row.title}, {local(row.starts_at).date()}") for row in rows]


def _answers(value: str, _first: date | None, _last: date | None) -> Table:
    return _table(value, What.ROWS, "Enkätsvar")


def _texts(value: str, _first: date | None, _last: date | None) -> Table:
    return _table(value, What.TEXTS, "Fritextsvar")


def _table(value: str, what: What, title: str) -> Table:
    survey = db.session.get(Survey, id_in(value))
    if survey is None or survey.state is not SurveyState.CLOSED:
        raise NotFound
    columns, rows = result_table(result_of(survey), what)
    event = survey.event
    named = [Column(name, PERSONAL.get(name, "")) for name in columns]
    return Table(f"{title}, {event.title}, {local(event.starts_at).date()}", named, rows)


SETS = (
    RecordSet(
        "surveys.answers", "Svar på en enkät", "Betygen i en stängd enkät. Svaren har inga personer.", _answers, _closed
    ),
    RecordSet(
        "surveys.texts", "Fritextsvar på en enkät", "Det som skrivits i en stängd enkät, utom det som är dolt.",
        _texts, _closed,
    ),
)  # fmt: skip
