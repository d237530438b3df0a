"""Reading the whole database, system columns and logs and letters too, nobody can say who gave an answer.

Those who answered are known, and so are the answers; what is proven here is that nothing joins the two: no value that
both have, no order in which both stand, nothing that the database keeps of how a row was written.
"""

from __future__ import annotations

import itertools
import logging
import random
from collections import defaultdict
from datetime import date
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import text

from eventsys.database import Base, db, transaction
from eventsys.logs import configure_logs
from eventsys.mail.models import Delivery
from eventsys.surveys import answering
from eventsys.surveys.models import QuestionKind, Survey, SurveyAnswer, SurveyInvitation
from tests.programme.scenes import make_session, make_slot, make_workshops
from tests.public.reading import everything_kept
from tests.staff_fixtures import visitor
from tests.surveys.factories import (
    filled_in,
    fresh,
    invitations,
    let_the_clock_work,
    make_held_event,
    make_question,
    make_survey,
    responses,
)

pytestmark = pytest.mark.usefixtures("clock")

PEOPLE, ANSWERED = 40, 24
OF_ANSWERS = {"survey_response", "survey_answer"}


@pytest.fixture
def survey(app: Flask) -> Survey:
    """Forty came, with a question about a session for everybody."""
    event = make_held_event(PEOPLE)
    session = make_session(make_slot(event), "Inledning")
    survey = make_survey(event, [make_question(QuestionKind.SCALE, "Inledningen?", session_id=session.id)])
    let_the_clock_work()
    return fresh(survey)


@pytest.fixture
def answered(app: Flask, survey: Survey) -> list[SurveyInvitation]:
    """Who answered, in the order they did, not that of their rows; the first wrote "Tanke 0", the next "Tanke 1" ..."""
    who = random.Random(4).sample(invitations(survey), ANSWERED)
    about = f"q{survey.questions[-1].id}"
    for number, one in enumerate(who):
        headers = {"User-Agent": f"Telefon/{number}", "X-Forwarded-For": f"10.0.0.{number}"}
        form = filled_in(survey, number % 10 + 1, f"Tanke {number}", **{about: str(number % 10 + 1)})
        assert visitor(app).post(f"/enkat/{one.token}", data=form, headers=headers).status_code == 303
    return who


def words_by_response(survey: Survey) -> dict[str, int]:
    """The id of each whole answer -> the place in the order of answering that its words give away to this test."""
    rows = db.session.query(SurveyAnswer).filter(SurveyAnswer.text.startswith("Tanke"))
    return {row.response_id: int(row.text.removeprefix("Tanke ")) for row in rows}


# --- values -------------------------------------------------------------------------------------------------------


def test_the_rows_of_answers_hold_what_was_said_and_the_day_alone(answered: list[Any], survey: Survey) -> None:
    columns = {table: {column.name for column in Base.metadata.tables[table].columns} for table in OF_ANSWERS}
    assert columns == {
        "survey_response": {"id", "survey_id", "way", "day", "satisfied", "expectations", "ideal"},
        "survey_answer": {"response_id", "question_id", "number", "text", "hidden_why"},
    }
    assert {type(one.day) for one in responses(survey)} == {date}
    assert len(words_by_response(survey)) == ANSWERED


def test_no_key_leads_from_an_answer_to_anybody(app: Flask) -> None:
    pointed_at = {key.column.table.name for name in OF_ANSWERS for key in Base.metadata.tables[name].foreign_keys}
    assert pointed_at == {"survey", "survey_question", "survey_response"}
    pointing = {
        table.name for table in Base.metadata.sorted_tables for key in table.foreign_keys
        if key.column.table.name in OF_ANSWERS
    }  # fmt: skip
    assert pointing == {"survey_answer"}


def test_no_join_on_equal_values_leads_from_one_answer_to_few_people(answered: list[Any], survey: Survey) -> None:
    """Every column of answers is held against every column of every other table, as text.

    A value that stands in both must stand in so many answers that it singles out nobody's.
    """
    kept = everything_kept()
    told = {name: kept.pop(name) for name in OF_ANSWERS}
    elsewhere: dict[str, set[str]] = defaultdict(set)
    for name, rows in kept.items():
        for row in rows:
            for value in row:
                elsewhere[str(value)].add(name)
    small = {str(number) for number in range(200)} | {"None", "", "True", "False", "[]", "{}"}
    for name, rows in told.items():
        for position, column in enumerate(Base.metadata.tables[name].columns):
            values = [str(row[position]) for row in rows]
            for value in set(values) & elsewhere.keys() - small:
                assert values.count(value) >= ANSWERED, f"{value} in {name}.{column.name} and {elsewhere[value]}"
    ids = {str(row[0]) for row in told["survey_response"]}
    assert not ids & elsewhere.keys()


def test_small_numbers_of_people_and_answers_have_nothing_in_common(answered: list[Any], survey: Survey) -> None:
    """What a row of an invitation counts is the same for everybody who has answered."""
    marks = {
        (one.survey_id, one.asked, one.reminders, one.invited_at) for one in invitations(survey) if one.has_answered
    }
    assert len(marks) == 1
    columns = {column.name for column in SurveyInvitation.__table__.columns}
    assert columns == {
        "id", "survey_id", "attendee_id", "asked", "token", "has_answered", "reminders", "invited_at",
    }  # fmt: skip


def test_links_addresses_and_programs_are_not_kept_with_answers(answered: list[Any], survey: Survey) -> None:
    kept = everything_kept()
    told = repr([kept[name] for name in OF_ANSWERS])
    assert not any(one.token in told for one in invitations(survey))
    assert not any(trace in repr(kept) for trace in ("Telefon/", "10.0.0.", "127.0.0.1"))


def test_nothing_else_was_written_when_somebody_answered(app: Flask, survey: Survey) -> None:
    before = everything_kept()
    one = invitations(survey)[5]
    visitor(app).post(f"/enkat/{one.token}", data=filled_in(survey, text="Tyst"))
    after = everything_kept()
    assert {name for name in after if after[name] != before[name]} == {*OF_ANSWERS, "survey", "survey_invitation"}
    assert fresh(survey).frozen_at == date(2027, 3, 8)
    of_survey = zip(before["survey"][0], after["survey"][0], strict=True)
    assert [pair for pair in of_survey if pair[0] != pair[1]] == [(None, date(2027, 3, 8))]


def test_which_sessions_somebody_was_in_is_not_to_be_read_from_their_answer(app: Flask) -> None:
    """No answer says of two sessions, and none of a session and of anything else."""
    event = make_held_event(1)
    rooms = make_workshops(event, 9, 9, 9)
    survey = make_survey(event, [make_question(QuestionKind.SCALE, room.title, session_id=room.id) for room in rooms])
    let_the_clock_work()
    with transaction():
        for room in rooms:
            room_row = db.session.merge(room)
            room_row.slot.has_choice = False
    asked = [one for one in fresh(survey).questions if one.session_id is not None]
    form = filled_in(survey, 8, "Bra", **{f"q{one.id}": "7" for one in asked})
    assert visitor(app).post(f"/enkat/{invitations(survey)[0].token}", data=form).status_code == 303
    by_response = defaultdict(set)
    for row in db.session.query(SurveyAnswer):
        by_response[row.response_id].add(row.question_id)
    about = {one.id for one in asked}
    assert all(len(questions) == 1 or not questions & about for questions in by_response.values())
    whole = [one for one in responses(survey) if one.satisfied is not None]
    assert all(not by_response[one.id] & about for one in whole)


# --- order --------------------------------------------------------------------------------------------------------


def test_no_order_of_the_answers_tells_in_which_order_they_came(answered: list[Any], survey: Survey) -> None:
    """By their ids, and as the table gives them when nobody asks for an order."""
    came = words_by_response(survey)
    orders = [[came[id_] for id_ in sorted(came)]]
    if db.engine.dialect.name == "sqlite":
        plain = db.session.execute(text("SELECT id FROM survey_response")).scalars()
        orders.append([came[id_] for id_ in plain if id_ in came])
    for order in orders:
        assert not is_almost_sorted(order)


def test_no_order_of_the_invitations_tells_who_answered_when(answered: list[Any], survey: Survey) -> None:
    when = {one.id: number for number, one in enumerate(answered)}
    plain = list(db.session.execute(text("SELECT id FROM survey_invitation")).scalars())
    assert not is_almost_sorted([when[id_] for id_ in plain if id_ in when])


def is_almost_sorted(order: list[int]) -> bool:
    """Far more neighbours stand in the order of coming (or its reverse) than chance puts there."""
    rising = sum(one < other for one, other in itertools.pairwise(order))
    return not len(order) * 0.15 < rising < len(order) * 0.85


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", sorted(OF_ANSWERS))
def test_sqlite_numbers_no_answers_behind_our_back(app: Flask, table: str) -> None:
    assert "WITHOUT ROWID" in str(db.session.scalar(text(f"SELECT sql FROM sqlite_master WHERE name = '{table}'")))


# --- what PostgreSQL keeps of each row ----------------------------------------------------------------------------


def written_by(table: str) -> dict[str, str]:
    """The key of each row -> the transaction that wrote it."""
    db.session.rollback()
    rows = db.session.execute(text(f"SELECT id, xmin::text FROM {table}")).all()
    return {str(id_): xmin for id_, xmin in rows}


def pairs_by_xmin(who: list[Any], survey: Survey) -> int:
    """How many people one finds by looking for the answer that was written together with their mark."""
    answers, people = written_by("survey_response"), written_by("survey_invitation")
    together = defaultdict(list)
    for id_ in words_by_response(survey):
        together[answers[id_]].append(id_)
    of_people = defaultdict(list)
    for one in who:
        of_people[people[str(one.id)]].append(one.id)
    return sum(len(of_people[xmin]) == len(together[xmin]) == 1 for xmin in of_people)


def places(table: str) -> list[str]:
    """The keys of the rows in the order in which they lie in the file."""
    db.session.rollback()
    return [str(id_) for id_ in db.session.execute(text(f"SELECT id FROM {table} ORDER BY ctid")).scalars()]


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_the_transaction_that_wrote_a_row_pairs_nobody_with_an_answer(answered: list[Any], survey: Survey) -> None:
    assert pairs_by_xmin(answered, survey) == 0
    assert len(set(written_by("survey_invitation").values())) == 1
    assert len(set(written_by("survey_response").values())) == 1


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_the_place_of_a_row_says_nothing_of_who_answered(answered: list[Any], survey: Survey) -> None:
    """Everybody's row is written each time, so where it lies depends on how many have answered, and not on who."""
    order = [int(id_) for id_ in places("survey_invitation")]
    when = {one.id: number for number, one in enumerate(answered)}
    assert len(order) == PEOPLE
    assert not is_almost_sorted([when[id_] for id_ in order if id_ in when])


@pytest.fixture
def one_row_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard off: the mark is set as anybody would set it."""

    def mark_alone(invitation: SurveyInvitation) -> None:
        invitation.has_answered = True
        db.session.flush()

    monkeypatch.setattr(answering, "mark", mark_alone)
    monkeypatch.setattr(answering, "stir", lambda _survey: None)


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_without_the_guard_everybody_is_found_by_the_transaction(
    one_row_marked: None, answered: list[Any], survey: Survey
) -> None:
    assert pairs_by_xmin(answered, survey) == ANSWERED
    when = {str(one.id): number for number, one in enumerate(answered)}
    assert is_almost_sorted([when[id_] for id_ in places("survey_invitation") if id_ in when])


# --- outside the tables -------------------------------------------------------------------------------------------


def test_no_line_of_the_log_holds_a_link_or_what_was_said(
    app: Flask, survey: Survey, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    one, other = invitations(survey)[:2]
    usual = structlog.get_config()
    configure_logs("DEBUG")
    with caplog.at_level(logging.DEBUG):
        visitor(app).get(f"/enkat/{one.token}")
        visitor(app).post(f"/enkat/{one.token}", data=filled_in(survey, text="Tyst"))
        monkeypatch.setattr(answering, "mark", lambda _invitation: 1 / 0)
        app.testing = False
        assert visitor(app).post(f"/enkat/{other.token}", data=filled_in(survey, text="Tyst")).status_code == 500
        app.testing = True
    structlog.configure(**usual)
    said = caplog.text + "".join(capsys.readouterr())
    assert "ZeroDivisionError" in said
    assert "/enkat/<token>" in said
    assert not any(trace in said for trace in (one.token, other.token, "Tyst"))


def test_the_rows_of_letters_hold_nothing_of_what_was_answered(answered: list[Any]) -> None:
    """What letters say is read in test_letters.py and in the journey: the link of whom they are for, and no answer."""
    assert db.session.query(Delivery).filter(Delivery.letter == "surveys/invitation").count() == PEOPLE
    kept = everything_kept()
    told = repr([rows for name, rows in kept.items() if name not in OF_ANSWERS])
    assert "Tanke" not in told
