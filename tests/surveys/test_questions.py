"""The questions of a survey: asked, worded, ordered, left out, and fast once somebody has answered."""

from __future__ import annotations

import functools

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.overwriting import ChangedMeanwhile
from eventsys.surveys import questions as verbs
from eventsys.surveys.answering import Given, QuestionsChanged, submit_response
from eventsys.surveys.asked import fingerprint
from eventsys.surveys.freezing import Fixed
from eventsys.surveys.models import NKI_KINDS, Asked, QuestionKind, Survey, SurveyState
from eventsys.surveys.queries import locked_survey
from tests.events.test_races import at_once, kinds
from tests.factories import make_event
from tests.programme.scenes import make_workshops
from tests.surveys.asking_scenes import kinds_of, make_template, one_of, seen, values, with_survey, with_template
from tests.surveys.factories import fresh, invitations, make_open_survey, make_question, make_survey, question

OURS = QuestionKind


@pytest.fixture
def survey(app: Flask) -> Survey:
    return make_survey(make_event(), state=SurveyState.DRAFT)


def test_a_new_question_comes_last_and_raises_the_version(survey: Survey) -> None:
    with_survey(survey, verbs.add_question, values())
    assert [question.text for question in survey.questions][-1] == "Hur var maten?"
    assert survey.version == 2
    acts = list(
        db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "survey.question_added").order_by(AuditEntry.id)
        )
    )
    assert [(act.subject, act.detail) for act in acts] == [(f"survey:{survey.id}", {})]


def test_the_same_question_sent_twice_is_asked_once(survey: Survey) -> None:
    for _ in range(2):
        with_survey(survey, verbs.add_question, values())
    assert len(survey.questions) == 6


def test_there_is_an_end_to_how_much_is_asked(survey: Survey) -> None:
    for number in range(len(survey.questions), verbs.MOST_QUESTIONS):
        with_survey(survey, verbs.add_question, values(f"Fråga {number}?"))
    with pytest.raises(verbs.CannotAsk, match="Ta bort en först"):
        with_survey(survey, verbs.add_question, values("En till?"))


def test_a_question_of_the_index_keeps_its_kind_and_who_is_asked(survey: Survey) -> None:
    index = one_of(survey, OURS.IDEAL)
    with_survey(
        survey, verbs.edit_question, index.id, values("Nära idealet?", OURS.TEXT, asked=Asked.NO_SHOW), seen(index)
    )
    edited = one_of(fresh(survey), OURS.IDEAL)
    assert (edited.text, edited.asked) == ("Nära idealet?", Asked.ATTENDED)


def test_who_comes_second_to_the_same_question_is_told(survey: Survey) -> None:
    index = one_of(survey, OURS.IDEAL)
    before, id_ = seen(index), index.id
    with_survey(survey, verbs.edit_question, id_, {"text": "Först"}, before)
    with pytest.raises(ChangedMeanwhile) as refused:
        with_survey(survey, verbs.edit_question, id_, {"text": "Sedan"}, before)
    assert refused.value.saved == {"text": "Först"}
    with_survey(survey, verbs.edit_question, id_, {"text": "Sedan"}, seen(one_of(fresh(survey), OURS.IDEAL)))
    assert one_of(fresh(survey), OURS.IDEAL).text == "Sedan"


def test_questions_change_places_among_those_to_the_same_people(survey: Survey) -> None:
    last = [one for one in survey.questions if one.asked is Asked.ATTENDED][-1]
    move(survey, last.id, up=False)  # there is none after it but that to no-shows
    assert kinds_of(survey) == [*NKI_KINDS, OURS.TEXT, OURS.TEXT]
    move(survey, last.id, up=True)
    assert kinds_of(survey) == [OURS.SATISFIED, OURS.EXPECTATIONS, OURS.TEXT, OURS.IDEAL, OURS.TEXT]
    move(survey, one_of(survey, OURS.SATISFIED).id, up=True)
    assert kinds_of(survey)[0] is OURS.SATISFIED


def move(survey: Survey, question_id: int, up: bool) -> None:
    with transaction():
        verbs.move_question(locked_survey(survey.id), question_id, up, now())
    fresh(survey)


def test_a_question_of_the_index_goes_only_when_it_is_meant(survey: Survey) -> None:
    id_ = one_of(survey, OURS.IDEAL).id
    with pytest.raises(verbs.WithoutNki, match="utan NKI"):
        with_survey(survey, verbs.remove_question, id_)
    assert verbs.missing_of_nki(survey.questions) == []
    with_survey(survey, verbs.remove_question, id_, without_nki=True)
    assert verbs.missing_of_nki(survey.questions) == [OURS.IDEAL]
    with_survey(survey, verbs.remove_question, id_, without_nki=True)  # gone already


def test_the_three_questions_come_back_first_and_in_their_order(survey: Survey) -> None:
    for kind in (OURS.SATISFIED, OURS.IDEAL):
        with_survey(survey, verbs.remove_question, one_of(survey, kind).id, without_nki=True)
    with_survey(survey, verbs.add_question, values())
    assert with_survey(survey, verbs.ask_for_nki) == 2
    assert kinds_of(survey)[:3] == list(NKI_KINDS)
    assert with_survey(survey, verbs.ask_for_nki) == 0


def test_a_question_is_about_a_session_of_the_same_event_and_never_put_to_who_was_absent(survey: Survey) -> None:
    own = make_workshops(survey.event, 9)[0]
    foreign = make_workshops(make_event(), 9)[0]
    own_id, foreign_id = own.id, foreign.id
    with pytest.raises(NotFound):
        with_survey(survey, verbs.add_question, values(session_id=foreign_id))
    with pytest.raises(verbs.CannotAsk, match="uteblev"):
        with_survey(survey, verbs.add_question, values(session_id=own_id, asked=Asked.NO_SHOW))
    with_survey(survey, verbs.add_question, values(session_id=own_id))
    assert one_of(fresh(survey), OURS.SCALE).session_id == own_id


def test_questions_of_a_template_belong_to_no_event(app: Flask) -> None:
    template = make_template()
    session = make_workshops(make_event(), 9)[0]
    with pytest.raises(NotFound):
        with_template(template, verbs.add_question, values(session_id=session.id))
    with_template(template, verbs.add_question, values())
    assert OURS.SCALE in kinds_of(template)


def test_a_question_of_another_survey_is_not_found(survey: Survey) -> None:
    other = make_survey(make_event())
    id_ = one_of(other, OURS.IDEAL).id
    with pytest.raises(NotFound):
        with_survey(survey, verbs.edit_question, id_, {"text": "Min"}, "")
    with_survey(survey, verbs.remove_question, id_, without_nki=True)
    assert OURS.IDEAL in kinds_of(fresh(other))


# --- fast at the first answer -------------------------------------------------------------------------------------


def answer(survey: Survey, number: int = 8) -> None:
    token = invitations(survey)[0].token
    given, shown = {question(survey, OURS.SATISFIED).id: Given(number)}, fingerprint(survey, Asked.ATTENDED)
    with transaction():
        submit_response(token, given, shown, now())


def test_after_the_first_answer_no_question_can_be_changed(app: Flask) -> None:
    survey = make_open_survey(2, [make_question()])
    answer(survey)
    survey = fresh(survey)
    before, id_ = [seen(one) for one in survey.questions], survey.questions[-1].id
    for act, args in (
        (verbs.add_question, (values(),)), (verbs.edit_question, (id_, {"text": "Ny"}, "")),
        (verbs.move_question, (id_, True)), (verbs.remove_question, (id_,)), (verbs.ask_for_nki, ()),
    ):  # fmt: skip
        with pytest.raises(Fixed, match="står fast"):
            with_survey(survey, act, *args)
    assert [seen(one) for one in fresh(survey).questions] == before


def test_an_open_survey_that_nobody_has_answered_can_still_be_changed(app: Flask) -> None:
    survey = make_open_survey(2)
    with_survey(survey, verbs.add_question, values())
    assert len(fresh(survey).questions) == 6


def test_a_closed_survey_cannot_be_changed(survey: Survey) -> None:
    with transaction():
        locked_survey(survey.id).state = SurveyState.CLOSED
    with pytest.raises(Fixed, match="har stängt"):
        with_survey(survey, verbs.add_question, values())


def test_of_an_edit_and_the_first_answer_at_once_one_gives_way(app: Flask) -> None:
    """Whoever comes second finds the questions fast, or changed; never an answer to what was not asked."""
    survey = make_open_survey(1)
    token, index = invitations(survey)[0].token, question(survey, OURS.SATISFIED)
    id_, shown, before, survey_id = index.id, fingerprint(survey, Asked.ATTENDED), seen(index), survey.id

    def hand_in() -> bool:
        with transaction():
            submit_response(token, {id_: Given(8)}, shown, now())
        return True

    def edit() -> bool:
        with transaction():
            verbs.edit_question(locked_survey(survey_id), id_, {"text": "En annan fråga?"}, before, now())
        return True

    found = kinds(at_once(app, functools.partial(hand_in), functools.partial(edit)))
    assert found in ({True: 1, Fixed: 1}, {True: 1, QuestionsChanged: 1})
