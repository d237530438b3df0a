"""One link pressed many times at the same moment counts once, on both databases."""

from __future__ import annotations

import functools
from collections import Counter

from flask import Flask

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.newsletters.responses.answering import AlreadyAnswered, answer
from eventsys.newsletters.responses.keys import new_reader_key
from eventsys.newsletters.responses.models import UsedLink
from tests.events.test_races import at_once
from tests.newsletters.readers.scenes import link_of, make_article, make_issue, responses
from tests.staff_fixtures import visitor


def pressed(article_id: int, key: str, useful: bool) -> str:
    try:
        with transaction():
            answer(article_id, key, useful, "Samtidigt", local(now()).date())
    except AlreadyAnswered:
        return "already"
    finally:
        db.session.remove()
    return "counted"


def test_a_link_used_by_six_at_once_counts_once(app: Flask) -> None:
    article = make_article(make_issue())
    for _round in range(3):
        key = new_reader_key(article.issue_id or 0)
        presses = [functools.partial(pressed, article.id, key, bool(number % 2)) for number in range(6)]
        assert Counter(at_once(app, *presses)) == {"counted": 1, "already": 5}
    assert len(responses()) == 3
    assert db.session.query(UsedLink).count() == 3


def test_different_links_at_once_all_count(app: Flask) -> None:
    issue = make_issue()
    article = make_article(issue)
    presses = [functools.partial(pressed, article.id, new_reader_key(issue.id), True) for _each in range(6)]
    assert at_once(app, *presses) == ["counted"] * 6
    assert len(responses()) == 6


def test_two_presses_of_the_page_itself_are_one_answer_and_one_kind_refusal(app: Flask) -> None:
    path = link_of(make_article(make_issue()))
    press = functools.partial(_post, app, path)
    assert sorted(at_once(app, press, press)) == [303, 409]
    assert len(responses()) == 1


def _post(app: Flask, path: str) -> int:
    return visitor(app).post(path, data={"svar": "ja"}).status_code
