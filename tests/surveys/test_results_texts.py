"""Free texts: in an order that tells nothing, hidden with a reason, never a word of them in the audit trail."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.sheets import FileKind
from eventsys.surveys.models import QuestionKind, Survey, SurveyAnswer, SurveyState, Way
from eventsys.surveys.results.exporting import What, result_file
from eventsys.surveys.results.figures import result_of
from eventsys.surveys.results.texts import (
    CannotModerate,
    TextList,
    hide_text,
    may_name,
    name_parts,
    show_text,
    text_list,
    text_lists,
    text_page,
)
from tests.factories import make_event, make_registration
from tests.surveys.results_scenes import EIGHTS, choice, hand_in, make_survey, question_of

TEXTS = [f"Text {number}" for number in range(8)]


def written(*texts: str) -> tuple[Survey, TextList]:
    survey = make_survey()
    question = question_of(survey, QuestionKind.TEXT)
    with transaction():
        hand_in(survey, EIGHTS, own=[{question.id: text} for text in (texts or TEXTS)])
    return survey, text_lists(survey)[0]


def test_texts_stand_in_no_order_of_handing_in_and_are_named_by_no_answer(app: Flask) -> None:
    survey, found = written()
    page = text_page(survey, found, 1)
    assert sorted(one.text for one in page.texts) == TEXTS
    assert [one.key for one in page.texts] == sorted(one.key for one in page.texts)
    ids = db.session.scalars(select(SurveyAnswer.response_id)).all()
    assert not {one.key for one in page.texts} & set(ids)


def test_two_texts_of_the_same_person_have_nothing_in_common(app: Flask) -> None:
    other = choice("Annat?", kind=QuestionKind.TEXT)
    survey = make_survey(own=[other])
    first = question_of(survey, QuestionKind.TEXT)
    with transaction():
        hand_in(survey, EIGHTS, own=[{first.id: text, other.id: text} for text in TEXTS])
    pages = [text_page(survey, one, 1).texts for one in text_lists(survey)]
    assert len(pages) == 2
    assert not {one.key for one in pages[0]} & {one.key for one in pages[1]}


def test_hiding_takes_a_text_out_of_the_file_and_showing_brings_it_back(app: Flask) -> None:
    survey, found = written()
    one = text_page(survey, found, 1).texts[3]
    with transaction():
        hide_text(survey, found.word, one.key, "Nämner en person")
    content = result_file(result_of(survey), What.TEXTS, FileKind.CSV).content.decode()
    assert one.text not in content
    assert content.count("Text ") == 7
    assert text_page(survey, found, 1).texts[3].hidden_why == "Nämner en person"
    with transaction():
        show_text(survey, found.word, one.key)
    assert one.text in result_file(result_of(survey), What.TEXTS, FileKind.CSV).content.decode()


def test_the_audit_trail_knows_no_text_and_no_answer(app: Flask) -> None:
    survey, found = written("Åsa Ek var sur", *TEXTS[1:])
    with transaction():
        for one in text_page(survey, found, 1).texts:
            hide_text(survey, found.word, one.key, "Är kränkande")
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "survey.text_hidden").order_by(AuditEntry.id)
    ).all()
    kept = json.dumps([entry.detail for entry in entries], ensure_ascii=False)
    assert len(entries) == 8
    assert "Åsa" not in kept
    for response_id in db.session.scalars(select(SurveyAnswer.response_id)):
        assert response_id not in kept


def test_a_text_is_hidden_for_a_reason_only_and_by_its_own_survey_only(app: Flask) -> None:
    survey, found = written()
    key = text_page(survey, found, 1).texts[0].key
    with pytest.raises(CannotModerate, match="Välj varför"):
        hide_text(survey, found.word, key, "")
    with pytest.raises(NotFound):
        hide_text(make_survey(answers=EIGHTS), found.word, key, "Hör inte hit")
    with pytest.raises(NotFound):
        hide_text(survey, found.word, "0" * 20, "Hör inte hit")


def test_no_text_is_read_while_the_survey_is_open_or_few_have_answered(app: Flask) -> None:
    survey, found = written()
    with transaction():
        survey.state = SurveyState.OPEN
    assert text_lists(survey) == []
    with pytest.raises(NotFound):
        text_list(survey, found.word)
    few = make_survey()
    question = question_of(few, QuestionKind.TEXT)
    with transaction():
        hand_in(few, EIGHTS[:6], own=[{question.id: "Bra"}])
    with pytest.raises(NotFound):
        text_list(few, f"{question.id}-personal")


def test_what_no_shows_write_is_a_list_of_its_own(app: Flask) -> None:
    survey, _ = written()
    question = survey.questions[-1]
    with transaction():
        hand_in(survey, [(None, None, None)] * 7, Way.NO_SHOW, own=[{question.id: "Sjuk"}])
    assert [(one.question.id == question.id, one.way) for one in text_lists(survey)] == [
        (False, Way.PERSONAL),
        (True, Way.NO_SHOW),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fråga Åsa om det", True), ("Åsas pass var bäst", True), ("Lindströms bord", True),
        ("asa och lindstrom", False),
        ("Skriv till bo@alm.example", True), ("Ring 033-35 70 00", True), ("Ring +46 70 123 45 67", True),
        ("Bra dag, 10 av 10", False), ("Vi var 120 personer 2026", False), ("Bo kvar", False),
    ],
)  # fmt: skip
def test_what_may_name_a_person_is_pointed_out(text: str, expected: bool) -> None:
    assert may_name(text, name_parts(["Åsa Lindström", "Bo Alm"])) is expected


def test_the_names_are_those_of_the_event(app: Flask) -> None:
    event = make_event()
    other = make_registration(event, ["Torsten Quist"])
    survey = make_survey(event)
    question = question_of(survey, QuestionKind.TEXT)
    with transaction():
        hand_in(survey, EIGHTS, own=[{question.id: "Torsten pratade för länge"}, {question.id: "Bra mat"}])
    marks = {one.text: one.may_name for one in text_page(survey, text_lists(survey)[0], 1).texts}
    assert other.event_id == event.id
    assert marks == {"Torsten pratade för länge": True, "Bra mat": False}
