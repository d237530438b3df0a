"""Many at once with the same links: one answer for each. And what happens with the lock off."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.surveys import answering
from eventsys.surveys.answering import AlreadyAnswered, Given, submit_open_response, submit_response
from eventsys.surveys.asked import fingerprint
from eventsys.surveys.models import Asked, QuestionKind, Survey, SurveyInvitation, Way
from tests.events.test_races import IMPATIENT, at_once, kinds, unlocked  # noqa: F401
from tests.staff_fixtures import visitor
from tests.surveys.factories import filled_in, fresh, invitations, make_open_survey, question, responses


def press(app: Flask, token: str, form: dict[str, Any]) -> int:
    """Press until it is answered: a slow machine asks some to wait and try again (503), and nothing is lost by it."""
    codes = (int(visitor(app).post(f"/enkat/{token}", data=form).status_code) for _ in range(40))
    return next(code for code in codes if code != 503)


def test_two_hundred_who_answer_by_the_same_hundred_links_give_a_hundred_answers(app: Flask) -> None:
    survey = make_open_survey(100)
    form = filled_in(survey, 8, "Bra")
    links = [one.token for one in invitations(survey)] * 2
    results = at_once(app, *(functools.partial(press, app, token, form) for token in links), threads=20)
    assert Counter(results) == {303: 100, 409: 100}
    assert len(responses(survey)) == 100
    assert all(one.has_answered for one in invitations(survey))


def hand_in(survey_id: int, token: str) -> bool:
    with transaction():
        survey = db.session.get_one(Survey, survey_id)
        given = {question(survey, QuestionKind.SATISFIED).id: Given(8)}
        shown = fingerprint(survey, Asked.ATTENDED)
        submit_response(token, given, shown, now())
    return True


@pytest.fixture
def looked_before_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has seen that nothing is in waits until the other has seen it too, or cannot because of the lock."""
    both, real = threading.Barrier(2), answering._checked

    def wait_and_check(*args: Any) -> Any:
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(IMPATIENT)
        return real(*args)

    monkeypatch.setattr(answering, "_checked", wait_and_check)


@pytest.mark.usefixtures("looked_before_stored")
def test_with_the_lock_two_at_the_same_moment_give_one_answer(app: Flask) -> None:
    survey = make_open_survey(1)
    token = invitations(survey)[0].token
    results = at_once(app, *[functools.partial(hand_in, survey.id, token)] * 2)
    assert kinds(results) == {True: 1, AlreadyAnswered: 1}
    assert len(responses(survey)) == 1


@pytest.mark.usefixtures("looked_before_stored")
def test_without_the_lock_two_at_the_same_moment_give_two(
    unlocked: Flask, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    survey = make_open_survey(1)
    token = invitations(survey)[0].token
    monkeypatch.setattr(answering, "locked_survey", lambda id_: db.session.get_one(Survey, id_))
    monkeypatch.setattr(answering, "_locked_invitation", _read)
    results = at_once(unlocked, *[functools.partial(hand_in, survey.id, token)] * 2)
    assert kinds(results) == {True: 2}
    assert len(responses(survey)) == 2


def _read(token: str) -> SurveyInvitation:
    return db.session.scalars(select(SurveyInvitation).where(SurveyInvitation.token == token)).one()


def test_one_form_of_the_open_way_sent_many_times_at_once_is_one_answer(app: Flask) -> None:
    survey = make_open_survey(1, open_code="abc123")
    given = {question(survey, QuestionKind.SATISFIED).id: Given(8)}
    shown = fingerprint(survey, Asked.ATTENDED)

    def send() -> bool:
        with transaction():
            submit_open_response("abc123", "samma", given, shown, now())
        return True

    assert kinds(at_once(app, *[send] * 6)) == {True: 1, AlreadyAnswered: 5}
    assert [one.way for one in responses(survey)] == [Way.OPEN]
    assert fresh(survey).frozen_at is not None
