"""Reading the whole database, secrets and all, nobody can say who gave an answer, or in which order they came."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from eventsys.database import Base, db
from eventsys.newsletters.issues.models import Article
from eventsys.newsletters.responses.keys import mark_of, new_reader_key
from eventsys.newsletters.responses.models import Response, UsedLink
from tests.desk.scenes import make_letter
from tests.newsletters.factories import make_reader
from tests.newsletters.readers.scenes import link_of, make_article, make_issue, responses, say
from tests.public.reading import everything_kept
from tests.staff_fixtures import Visitor, visitor

READERS = 24


@pytest.fixture
def article(app: Flask) -> Article:
    return make_article(make_issue())


@pytest.fixture
def answered(app: Flask, article: Article) -> list[str]:
    """Readers with their letters, and what each of them answered; the keys of their links, in the order they came."""
    keys = []
    for number in range(READERS):
        reader = make_reader(f"lasare{number}@foretag.example", name=f"Läsare {number}")
        make_letter(address=reader.address, subject_id=reader.id, name=reader.name)
        keys.append(new_reader_key(article.issue_id or 0))
        headers = {"User-Agent": f"Brevläsare/{number}", "X-Forwarded-For": f"10.0.0.{number}"}
        path = link_of(article, keys[-1])
        sent = {"svar": "ja" if number % 3 else "nej", "comment": f"Tanke {number}"}
        assert visitor(app).post(path, data=sent, headers=headers).status_code == 303
    return keys


def test_an_answer_holds_the_article_the_words_and_the_day(answered: list[str]) -> None:
    columns = {column.name for column in Response.__table__.columns}
    assert columns == {"id", "article_id", "is_useful", "comment", "state", "day"}
    assert {column.name for column in UsedLink.__table__.columns} == {"id", "article_id", "mark"}
    assert {(type(one.day), one.article_id) for one in responses()} == {(date, responses()[0].article_id)}
    assert len(responses()) == READERS


def test_no_value_of_an_answer_stands_anywhere_else_but_the_article(answered: list[str]) -> None:
    kept = everything_kept()
    own = {str(value) for row in kept.pop("article_response") for value in _telling(row)}
    marks = {str(value) for row in kept.pop("article_used_link") for value in _telling(row)}
    others = {str(value) for rows in kept.values() for row in rows for value in row}
    assert own & others == set()
    assert own & marks == set()
    assert marks & others == set()


def _telling(row: tuple[Any, ...]) -> list[Any]:
    """The id, and the words or the hash: what could tell one row from another."""
    return [row[0], *(value for value in row if isinstance(value, str) and len(value) > 6)]


def test_the_keys_are_kept_nowhere_and_no_row_leads_to_them(answered: list[str], article: Article) -> None:
    everything = repr(everything_kept())
    assert not any(key in everything or key.upper() in everything for key in answered)
    marks = set(db.session.execute(select(UsedLink.mark)).scalars())
    assert marks == {mark_of(key, article.id) for key in answered}, "only the link itself leads to its mark"
    known = {str(value) for rows in everything_kept().values() for row in rows for value in row}
    assert not marks & {mark_of(value, article.id) for value in known}


def test_the_addresses_and_programs_of_those_who_answered_are_kept_nowhere(answered: list[str]) -> None:
    everything = repr(everything_kept())
    assert not any(trace in everything for trace in ("Brevläsare/", "10.0.0.", "127.0.0.1"))


def test_no_order_of_the_rows_tells_who_came_when(answered: list[str], article: Article) -> None:
    came = [f"Tanke {number}" for number in range(READERS)]
    by_id = [one.comment for one in responses()]
    assert sorted(by_id) == sorted(came)
    assert by_id not in (came, came[::-1])
    marks = [mark_of(key, article.id) for key in answered]
    assert list(db.session.execute(select(UsedLink.mark).order_by(UsedLink.id)).scalars()) not in (marks, marks[::-1])
    same_order = [number for number, mark in enumerate(_marks_by_id()) if mark == mark_of(answered[number], article.id)]
    assert len(same_order) < READERS / 2


def _marks_by_id() -> list[str]:
    return list(db.session.execute(select(UsedLink.mark).order_by(UsedLink.id)).scalars())


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["article_response", "article_used_link"])
def test_sqlite_numbers_the_rows_of_neither_table_behind_our_back(app: Flask, table: str) -> None:
    assert "WITHOUT ROWID" in str(db.session.scalar(text(f"SELECT sql FROM sqlite_master WHERE name = '{table}'")))


def test_neither_table_points_at_anything_but_the_article(app: Flask) -> None:
    for table in (Response.__table__, UsedLink.__table__):
        assert {key.column.table.name for key in table.foreign_keys} == {"article"}
    pointing = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in ("article_response", "article_used_link")
    }
    assert pointing == set()
    assert {"article_response", "article_used_link"} <= set(inspect(db.engine).get_table_names())


def test_an_answer_leaves_no_trace_in_the_audit_trail_and_its_link_none_in_the_log(
    web: Visitor, article: Article, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    key = new_reader_key(article.issue_id or 0)
    before = everything_kept()["audit_entry"]
    with caplog.at_level(logging.DEBUG):
        say(web, article, comment="Tyst", key=key)
        web.get(link_of(article, key))
    assert everything_kept()["audit_entry"] == before
    said = caplog.text + "".join(capsys.readouterr())
    assert key not in said
    assert "Tyst" not in said
