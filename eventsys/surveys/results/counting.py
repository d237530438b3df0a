"""Answers counted by the database: rows of persons never come here, only how many gave which answer.

A survey may have a hundred thousand answers; there are at most 1 331 different triples, eleven numbers of a scale.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import and_, case, func, select

from eventsys.database import db
from eventsys.surveys.models import SurveyAnswer, SurveyQuestion, SurveyResponse, Way
from eventsys.surveys.nki import Answer

Triples = Counter[Answer]
ByWay = Mapping[tuple[int, Way], Triples]
"""The triples of surveys, by survey id and way."""
Numbers = Counter[int | None]
"""How many gave each number: 1 to 10, the place of an option, several places (`as_number`), or None for "vet ej"."""

_FEWER = (Way.OPEN, Way.NO_SHOW)
# What is said of a session lies apart from its answer: it is no answer more, and is told with the personal ones.
_WHOLE = SurveyResponse.way != Way.SESSION


def triples_of(survey_ids: Collection[int]) -> dict[tuple[int, Way], Triples]:
    """How many answered each triple, by survey and way. One query; a survey without answers has no entry."""
    found: dict[tuple[int, Way], Triples] = defaultdict(Counter)
    columns = (SurveyResponse.satisfied, SurveyResponse.expectations, SurveyResponse.ideal)
    query = (
        select(SurveyResponse.survey_id, SurveyResponse.way, *columns, func.count())
        .where(SurveyResponse.survey_id.in_(survey_ids), _WHOLE)
        .group_by(SurveyResponse.survey_id, SurveyResponse.way, *columns)
    )
    for survey_id, way, *answer, persons in db.session.execute(query) if survey_ids else ():
        found[survey_id, way][answer[0], answer[1], answer[2]] = persons
    return found


def handed_in(survey_ids: Collection[int]) -> Counter[tuple[int, Way]]:
    """How many answers came, by survey and way. One query."""
    query = (
        select(SurveyResponse.survey_id, SurveyResponse.way, func.count())
        .where(SurveyResponse.survey_id.in_(survey_ids), _WHOLE)
        .group_by(SurveyResponse.survey_id, SurveyResponse.way)
    )
    rows = db.session.execute(query) if survey_ids else ()
    return Counter({(survey_id, way): number for survey_id, way, number in rows})


def days_of(survey_id: int) -> dict[Way, dict[date, tuple[int, int]]]:
    """Of each day: how many answers came, and how many of them hold all three numbers of the index.

    Counted by triple and day first, in the order of the index, and those counts by day: sorting every answer by its day
    would cost ten times as much.
    """
    row = SurveyResponse
    columns = (row.way, row.satisfied, row.expectations, row.ideal, row.day)
    rows = select(*columns, func.count().label("persons")).where(row.survey_id == survey_id, _WHOLE)
    alike = rows.group_by(*columns).subquery().c
    whole = and_(alike.satisfied.is_not(None), alike.expectations.is_not(None), alike.ideal.is_not(None))
    query = select(alike.way, alike.day, func.sum(alike.persons), func.sum(case((whole, alike.persons), else_=0)))
    found: dict[Way, dict[date, tuple[int, int]]] = defaultdict(dict)
    for way, day, came, of_which_whole in db.session.execute(query.group_by(alike.way, alike.day)):
        found[way][day] = (int(came), int(of_which_whole))
    return found


def numbers_of(survey_id: int, questions: Iterable[SurveyQuestion]) -> dict[tuple[int, Way], Numbers]:
    """How many gave each number, option or set of options, by question and way.

    Nearly everybody answers by a personal link. So all are counted from the index alone, and the others taken away:
    looking up each one's way would cost more than everything else on the page.
    """
    ids = [question.id for question in questions]
    if not ids:
        return {}
    groups = (SurveyAnswer.question_id, SurveyAnswer.number)
    count = select(*groups, func.count()).where(SurveyAnswer.question_id.in_(ids))
    fewer = (
        count.add_columns(SurveyResponse.way)
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .where(SurveyResponse.survey_id == survey_id, SurveyResponse.way.in_(_FEWER))
    )
    found: dict[tuple[int, Way], Numbers] = defaultdict(Counter)
    for question_id, number, persons in db.session.execute(count.group_by(*groups)):
        found[question_id, Way.PERSONAL][number] = persons
    for question_id, number, persons, way in db.session.execute(fewer.group_by(*groups, SurveyResponse.way)):
        found[question_id, way][number] = persons
        found[question_id, Way.PERSONAL][number] -= persons
    return {key: +counts for key, counts in found.items()}


def in_sessions(questions: Iterable[SurveyQuestion]) -> Counter[tuple[int, Way]]:
    """How many answered something about each session, by session and way."""
    ids = [question.id for question in questions if question.session_id is not None]
    query = (
        select(SurveyQuestion.session_id, SurveyResponse.way, func.count(SurveyResponse.id.distinct()))
        .select_from(SurveyAnswer)
        .join(SurveyQuestion, SurveyQuestion.id == SurveyAnswer.question_id)
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .where(SurveyAnswer.question_id.in_(ids))
        .group_by(SurveyQuestion.session_id, SurveyResponse.way)
    )
    rows = db.session.execute(query) if ids else ()
    found: Counter[tuple[int, Way]] = Counter()
    for session_id, way, persons in rows:
        if session_id is not None:
            found[session_id, Way.PERSONAL if way is Way.SESSION else way] += persons
    return found
