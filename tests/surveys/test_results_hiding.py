"""What is hidden cannot be had back: not by looking again, not by subtraction, not from the files."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from eventsys.database import db, transaction
from eventsys.events.programme.models import Session, Slot
from eventsys.sheets import FileKind
from eventsys.surveys.models import QuestionKind, Survey, SurveySettings, SurveyState, Way
from eventsys.surveys.results.exporting import TooFewToExport, What, result_file
from eventsys.surveys.results.figures import result_of
from eventsys.surveys.results.hiding import Stretch, hidden_sessions, rules_now, stretches
from eventsys.surveys.results.pooling import event_results, together
from eventsys.surveys.results.texts import text_lists
from tests.factories import make_series
from tests.surveys.results_scenes import A_DAY, EIGHTS, hand_in, make_past_event, make_survey, question_of, scale

LEAST = 7


def test_six_answers_show_a_star_and_nothing_else(app: Flask) -> None:
    survey = make_survey()
    text = question_of(survey, QuestionKind.TEXT)
    with transaction():
        hand_in(survey, EIGHTS[:6], own=[{text.id: "Bra"}] * 6)
    view = result_of(survey)
    part = view.parts[Way.PERSONAL]
    assert part.is_hidden
    assert part.nki is not None
    assert (part.nki.shown, part.nki.band) == ("*", None)
    assert all(one.is_hidden and not one.choices and one.mean is None for one in part.questions)
    assert part.stretches == []
    assert [one.is_withheld for one in text_lists(survey)] == [True]
    for what in What:
        with pytest.raises(TooFewToExport, match="minst 7"):
            result_file(view, what, FileKind.CSV)


def test_a_seventh_answer_shows_them(app: Flask) -> None:
    view = result_of(make_survey(answers=EIGHTS[:7]))
    assert view.is_shown
    assert rows_of(view, What.ROWS)


def test_the_setting_decides_how_many_are_enough(app: Flask) -> None:
    with transaction():
        db.session.add(SurveySettings(id=1, least=9))
    assert not result_of(make_survey(answers=EIGHTS)).is_shown


def test_no_file_can_be_taken_out_while_the_survey_is_open(app: Flask) -> None:
    view = result_of(make_survey(answers=EIGHTS, state=SurveyState.OPEN))
    for what in What:
        with pytest.raises(TooFewToExport, match="ha stängt"):
            result_file(view, what, FileKind.XLSX)


# --- days ---------------------------------------------------------------------------------------------------------

DAYS = st.dictionaries(
    st.integers(0, 20).map(lambda number: A_DAY + timedelta(days=number)),
    st.integers(1, 12).flatmap(lambda came: st.tuples(st.just(came), st.integers(0, came))),
)


@given(DAYS)
def test_every_stretch_of_days_has_enough_answers_and_none_is_lost(days: dict[date, tuple[int, int]]) -> None:
    found = stretches(days, LEAST)
    counting = sum(whole for _, whole in days.values())
    assert bool(found) == (counting >= LEAST)
    for one in found:
        assert sum(whole for day, (_, whole) in days.items() if day in one) >= LEAST
    if found:
        assert sum(one.answers for one in found) == sum(came for came, _ in days.values())
        assert all(sum(day in one for one in found) == 1 for day in days)


def test_the_file_knows_no_finer_day_than_the_page(app: Flask) -> None:
    survey = make_survey()
    with transaction():
        for place in range(3):
            hand_in(survey, EIGHTS[:5], day=A_DAY + timedelta(days=place))
    view = result_of(survey)
    assert view.parts[Way.PERSONAL].stretches == [Stretch(A_DAY, A_DAY + timedelta(days=2), 15)]
    spans = {(row["Från och med"], row["Till och med"]) for row in rows_of(view, What.ROWS)}
    assert spans == {("2026-03-05", "2026-03-07")}


# --- sessions -----------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 20), min_size=1, max_size=5))
def test_no_hidden_session_is_what_remains_of_its_slot(sizes: list[int]) -> None:
    sessions = {Session(id=place, slot_id=1): size for place, size in enumerate(sizes)}
    hidden = [size for session, size in sessions.items() if session.id in hidden_sessions(sessions, LEAST)]
    assert all(size in hidden for size in sizes if size < LEAST)
    answered = [size for size in hidden if size]
    others_are_shown = len(answered) < sum(1 for size in sizes if size)
    assert not answered or not others_are_shown or (len(answered) > 1 and sum(answered) >= LEAST)


def in_workshops(*sizes: int) -> Survey:
    """A survey with a question about each of several workshops side by side, of which so many answer."""
    event = make_past_event()
    with transaction():
        slot = Slot(event_id=event.id, starts_at=event.starts_at, ends_at=event.ends_at, has_choice=True)
        db.session.add(slot)
        db.session.flush()
        sessions = [Session(slot_id=slot.id, event_id=event.id, title=f"Sal {place}") for place, _ in enumerate(sizes)]
        db.session.add_all(sessions)
        db.session.flush()
        ids = [session.id for session in sessions]
    asked = [scale(f"Hur var sal {place}?", session_id=one) for place, one in enumerate(ids)]
    survey = make_survey(event, own=asked)
    with transaction():
        for question, size in zip(asked, sizes, strict=True):
            hand_in(survey, [(8, 8, 8)] * size, own=[{question.id: 9}] * size)
    return survey


def test_a_small_workshop_hides_itself_and_the_one_that_would_give_it_away(app: Flask) -> None:
    view = result_of(in_workshops(12, 9, 3))
    shown = {one.session.title: one.is_hidden for one in view.parts[Way.PERSONAL].sessions}
    assert shown == {"Sal 0": False, "Sal 1": True, "Sal 2": True}
    assert all(not one.questions for one in view.parts[Way.PERSONAL].sessions if one.is_hidden)
    figures = result_file(view, What.FIGURES, FileKind.CSV).content.decode()
    assert "Hur var sal 0?" in figures
    assert "Hur var sal 1?" not in figures
    assert "sal" not in result_file(view, What.ROWS, FileKind.CSV).content.decode()


# --- several events -----------------------------------------------------------------------------------------------


def test_nothing_small_can_be_had_by_taking_sums_from_each_other(app: Flask) -> None:
    """Every set of events anybody can ask for: their sum is that of its shown events, so differences are shown too."""
    series, sizes = make_series(), (3, 12, 5, 8, 6)
    for number, size in enumerate(sizes):
        make_survey(make_past_event(series=series), [(number + 4, 8, 8)] * size)
    rules = rules_now()
    results = event_results(rules)
    hidden = {one.survey.id for one in results if not one.is_shown}
    assert len(hidden) == 3
    for chosen in itertools.chain.from_iterable(itertools.combinations(results, n) for n in range(1, 6)):
        known = sum((one.triples for one in chosen if one.survey.id not in hidden), Counter())
        found = together(chosen, rules)
        assert found.nki.n == sum(known.values())
        assert (found.events, found.left_out) == (
            sum(one.is_shown for one in chosen),
            sum(not one.is_shown for one in chosen),
        )


def test_a_question_few_have_answered_is_a_star_in_the_file_too(app: Flask) -> None:
    food = scale()
    survey = make_survey(own=[food])
    with transaction():
        hand_in(survey, EIGHTS, own=[{food.id: 1}] * 3)
    rows = rows_of(result_of(survey), What.ROWS)
    assert {row["Hur var maten?"] for row in rows} == {"*"}


def test_the_row_of_an_answer_holds_numbers_and_days_only(app: Flask) -> None:
    survey = make_survey(answers=[*EIGHTS, (9, None, 7)])
    rows = rows_of(result_of(survey), What.ROWS)
    assert len(rows) == 9
    assert list(rows[0]) == ["Sätt", "Från och med", "Till och med", *(one.text for one in survey.questions[:3])]


def rows_of(view, what: What) -> list[dict[str, str]]:  # type: ignore[no-untyped-def]
    text = result_file(view, what, FileKind.CSV).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))
