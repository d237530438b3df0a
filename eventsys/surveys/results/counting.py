"""Answers counted by the database: rows of persons never come here, only how many gave which answer.

A survey may have a hundred thousand answers; there are at most 1 331 different triples, eleven numbers of a scale.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import String, and_, case, cast, func, select

from eventsys.database import db
from eventsys.surveys.models import SurveyAnswer, SurveyQuestion, SurveyResponse, Way
from eventsys.surveys.nki import Answer

Triples = Counter[Answer]
ByWay = Mapping[tuple[int, Way], Triples]
"""The triples of surveys, by survey id and way."""
Numbers = Counter[int | None]
"""How many gave each number: 1 to 10, the place of an option, or None for "vet ej"."""

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
    """Of each day: how many answers came, and how many of them hold all three numbers of the index."""
    row = SurveyResponse
    whole = and_(row.satisfied.is_not(None), row.expectations.is_not(None), row.ideal.is_not(None))
    query = (
        select(row.way, row.day, func.count(), func.sum(case((whole, 1), else_=0)))
        .where(row.survey_id == survey_id, _WHOLE)
        .group_by(row.way, row.day)
    )
    found: dict[Way, dict[date, tuple[int, int]]] = defaultdict(dict)
    for way, day, came, of_which_whole in db.session.execute(query):
        found[way][day] = (came, of_which_whole)
    return found


def numbers_of(survey_id: int, questions: Iterable[SurveyQuestion]) -> dict[tuple[int, Way], Numbers]:
    """How many gave each number or option, by question and way.

    Nearly everybody answers by a personal link. So all are counted from the index alone, and the others taken away:
    looking up each one's way would cost more than everything else on the page.
    """
    ids = [question.id for question in questions]
    count = select(SurveyAnswer.question_id, SurveyAnswer.number, func.count())
    return _by_way(survey_id, ids, count, (SurveyAnswer.question_id, SurveyAnswer.number))


def places_of(survey_id: int, questions: Iterable[SurveyQuestion]) -> dict[tuple[int, Way], Counter[tuple[int, ...]]]:
    """How many chose each set of options, by question and way; None stands for nobody's choice and is left out."""
    ids = [question.id for question in questions]
    places = cast(SurveyAnswer.places, String)
    count = select(SurveyAnswer.question_id, places, func.count())
    found = _by_way(survey_id, ids, count, (SurveyAnswer.question_id, places))
    return {key: _sets(counts) for key, counts in found.items()}


def _sets(counts: Mapping[str | None, int]) -> Counter[tuple[int, ...]]:
    sets: Counter[tuple[int, ...]] = Counter()
    for text, persons in counts.items():
        chosen = json.loads(text) if text else None
        if chosen:
            sets[tuple(sorted(set(chosen)))] += persons
    return sets


def _by_way(
    survey_id: int, question_ids: list[int], count: Any, groups: tuple[Any, ...]
) -> dict[tuple[int, Way], Counter[Any]]:
    if not question_ids:
        return {}
    everybody = count.where(SurveyAnswer.question_id.in_(question_ids)).group_by(*groups)
    fewer = (
        count.add_columns(SurveyResponse.way)
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .where(SurveyResponse.survey_id == survey_id, SurveyResponse.way.in_(_FEWER))
        .where(SurveyAnswer.question_id.in_(question_ids))
        .group_by(*groups, SurveyResponse.way)
    )
    found: dict[tuple[int, Way], Counter[Any]] = defaultdict(Counter)
    for question_id, value, persons in db.session.execute(everybody):
        found[question_id, Way.PERSONAL][value] = persons
    for question_id, value, persons, way in db.session.execute(fewer):
        found[question_id, way][value] = persons
        found[question_id, Way.PERSONAL][value] -= persons
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
