"""A change and an approval at the same moment, on both databases: no other letter than the issue's stays approved.

And what happens with the lock off, so that we know it is the lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.newsletters.issues import articles, changing, placing, planning, proofs
from eventsys.newsletters.issues.articles import Content, content_of, save_article, seen_mark
from eventsys.newsletters.issues.models import Issue, Proof
from eventsys.newsletters.issues.queries import article_by_id, issue_by_id
from eventsys.newsletters.issues.rendering import letter_of
from eventsys.newsletters.settings import change_settings, newsletter_settings
from eventsys.overwriting import ChangedMeanwhile
from eventsys.staff.models import Role
from tests.events.test_races import at_once
from tests.newsletters.issues.scenes import make_article, make_issue
from tests.newsletters.racing import overlapping
from tests.staff_fixtures import new_account, see_anew

ROUNDS = 8


def editing(article_id: int, heading: str, account_id: int) -> Callable[[], Any]:
    """Save another heading on top of whatever stands there."""

    def save() -> bool:
        with transaction():
            article = article_by_id(article_id)
            content = replace(Content(**content_of(article)), heading=heading)
            save_article(article_id, content, seen_mark(article), account_id, now())
        return True

    return save


def approving(issue_id: int, proof_id: int, account_id: int) -> Callable[[], Any]:
    def press() -> bool:
        with transaction():
            proofs.approve(issue_id, proof_id, account_id, now())
        return True

    return press


def test_a_change_and_an_approval_at_once_never_leave_another_letter_approved(app: Flask) -> None:
    asker, judge = new_account(Role.EDITOR), new_account(Role.EDITOR)
    issue = make_issue(articles=1)
    article_id = issue_by_id(issue.id).articles[0].id
    for turn in range(ROUNDS):
        with transaction():
            proof = proofs.ask_for_approval(issue.id, asker.id, now())
        results = at_once(app, approving(issue.id, proof.id, judge.id), editing(article_id, f"Rubrik {turn}", asker.id))
        assert results[1] is True, results
        assert results[0] is True or isinstance(results[0], proofs.NoLongerAsked), results
        see_anew()
        found = issue_by_id(issue.id)
        assert found.articles[0].heading == f"Rubrik {turn}"
        assert proofs.approved_proof(found) is None


def test_a_change_and_a_question_at_once_freeze_a_letter_of_its_own_version(app: Flask) -> None:
    asker = new_account(Role.EDITOR)
    issue = make_issue(articles=1)
    article_id = issue_by_id(issue.id).articles[0].id

    def ask() -> tuple[int, str]:
        with transaction():
            proof = proofs.ask_for_approval(issue.id, asker.id, now())
            return proof.issue_version, proof.letter.decode()

    for turn in range(ROUNDS):
        (version, letter), edited = at_once(app, ask, editing(article_id, f"Rubrik {turn}", asker.id))
        assert edited is True
        see_anew()
        if version == issue_by_id(issue.id).version:
            assert f"Rubrik {turn}" in letter
        else:
            assert f"Rubrik {turn}" not in letter


def test_of_two_who_save_the_same_text_at_once_the_second_is_told(app: Flask) -> None:
    issue = make_issue(articles=1)
    article = issue_by_id(issue.id).articles[0]
    seen, content = seen_mark(article), Content(**content_of(article))

    def save(heading: str) -> Callable[[], Any]:
        def press() -> str:
            with transaction():
                save_article(article.id, replace(content, heading=heading), seen, None, now())
            return heading

        return press

    results = at_once(app, save("Min rubrik"), save("Din rubrik"))
    kept = [one for one in results if isinstance(one, str)]
    assert len(kept) == 1
    assert [type(one) for one in results if not isinstance(one, str)] == [ChangedMeanwhile]
    see_anew()
    assert issue_by_id(issue.id).articles[0].heading == kept[0]


def test_two_presses_at_once_make_four_issues(app: Flask) -> None:
    def plan() -> int:
        with transaction():
            return len(planning.plan_year(2027, None, now()))

    at_once(app, plan, plan)
    see_anew()
    assert len(db.session.scalars(select(Issue).where(Issue.year == 2027)).all()) == 4


def test_who_presses_while_a_colleague_plans_the_year_finds_it_planned(app: Flask) -> None:
    def plan() -> int:
        return len(planning.plan_year(2027, None, now()))

    assert overlapping(app, plan, plan) == [4, 0]


def test_settings_saved_for_the_first_time_by_two_at_once_are_those_saved_last(app: Flask) -> None:
    first, second = (lambda: change_settings(["a@boras.example"], 5, 60)), (lambda: change_settings([], 15, 90))
    assert overlapping(app, first, second) == [None, None]
    see_anew()
    kept = newsletter_settings()
    assert (kept.seeds, kept.hold_minutes, kept.goal_new) == ("", 15, 90)


def test_two_who_move_articles_between_the_same_issues_wait_for_each_other(app: Flask) -> None:
    from_one, from_two = make_issue(number=1), make_issue(number=2)
    there, back = make_article(from_one).id, make_article(from_two).id

    def move(article_id: int, issue_id: int) -> Callable[[], Any]:
        def press() -> bool:
            with transaction():
                placing.place_article(article_id, issue_id, None, now())
            return True

        return press

    for _ in range(ROUNDS // 2):
        assert at_once(app, move(there, from_two.id), move(back, from_one.id)) == [True, True]
        assert at_once(app, move(there, from_one.id), move(back, from_two.id)) == [True, True]


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)  # SQLite lets one writer in at a time by itself
def test_without_the_lock_an_approval_slips_past_a_change(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both look at the issue before either writes, and the approval is kept beside a changed letter."""
    asker, judge = new_account(Role.EDITOR), new_account(Role.EDITOR)
    issue = make_issue(articles=1)
    article_id = issue_by_id(issue.id).articles[0].id
    with transaction():
        proof = proofs.ask_for_approval(issue.id, asker.id, now())
    both_looked = threading.Barrier(2)

    def looked_at(issue_id: int) -> Issue:
        found = db.session.get_one(Issue, issue_id)
        both_looked.wait(10)
        return found

    monkeypatch.setattr(proofs, "editable_issue", looked_at)
    monkeypatch.setattr(articles, "editable_issue", looked_at)
    results = at_once(app, approving(issue.id, proof.id, judge.id), editing(article_id, "Smugen rubrik", asker.id))
    assert results == [True, True]
    see_anew()
    kept = db.session.get_one(Proof, proof.id)
    assert kept.approved_at is not None
    assert kept.letter != letter_of(issue_by_id(issue.id)).to_bytes()
    assert changing.why_fixed(issue_by_id(issue.id)) == ""
