"""Leaving and being taken back; each change with the consent that says so."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.newsletters.lists import FORETAGSAMT, series_list
from eventsys.newsletters.subscriptions.models import Reader
from tests.factories import make_series
from tests.newsletters.factories import make_reader
from tests.newsletters.subscriptions.scenes import (
    ASA,
    choose,
    complained,
    consents,
    count,
    has,
    leave,
    reader,
    refuse_all,
    take_back,
)


@pytest.fixture
def lunch(app: Flask) -> str:
    return series_list(make_series().id)


def test_leaving_one_list_keeps_the_others(app, clock, lunch):
    known = make_reader(ASA, [FORETAGSAMT, lunch])
    assert leave(known.id, lunch, now()) == [lunch]
    assert has() == [FORETAGSAMT]
    assert (reader().refused_at, consents()[-1]) == (None, f"withdrawn {lunch}")


def test_leaving_the_last_list_is_a_no_to_letters_for_all_companies_too(app, clock):
    known = make_reader(ASA)
    leave(known.id, FORETAGSAMT, now())
    assert (has(), reader().refused_at) == ([], now())


def test_leaving_twice_is_the_same_as_once(app, clock):
    known = make_reader(ASA)
    leave(known.id, FORETAGSAMT, now())
    assert leave(known.id, FORETAGSAMT, now()) == []
    assert consents() == ["given foretagsamt", "withdrawn foretagsamt"]


@pytest.mark.parametrize("key", ["", "serie:999", "påhittad"])
def test_naming_no_list_of_ours_leaves_all(app, clock, lunch, key):
    known = make_reader(ASA, [FORETAGSAMT, lunch])
    assert leave(known.id, key, now()) == [FORETAGSAMT, lunch]
    assert has() == []
    assert reader().refused_at is not None


def test_a_company_that_never_asked_says_no_to_letters_for_all(app, clock):
    known = make_reader(ASA, lists=[])
    leave(known.id, "companies", now())
    assert reader().refused_at == now()
    assert consents() == ["withdrawn companies"]


def test_a_subscriber_can_leave_the_letters_to_all_companies_alone(app, clock, lunch):
    known = make_reader(ASA, [lunch])
    leave(known.id, "companies", now())
    assert (has(), reader().refused_at) == ([lunch], None)
    assert {one.list: one.state for one in reader().subscriptions}["companies"] == "ended"


def test_the_no_to_companies_can_be_taken_back(app, clock):
    known = make_reader(ASA, lists=[])
    leave(known.id, "companies", now())
    take_back(known.id, ["companies"], now())
    assert (has(), reader().refused_at, reader().subscriptions) == ([], None, [])


def test_taking_back_restores_what_was_left_and_nothing_more(app, clock, lunch):
    known = make_reader(ASA, [FORETAGSAMT])
    refuse_all(known.id, now())
    assert take_back(known.id, [FORETAGSAMT, lunch], now()) == [FORETAGSAMT]
    assert (has(), reader().refused_at) == ([FORETAGSAMT], None)
    assert consents()[-3:] == ["withdrawn foretagsamt", "withdrawn companies", "given foretagsamt"]


def test_a_complaint_withdraws_everything(app, clock, lunch):
    make_reader(ASA, [FORETAGSAMT, lunch])
    complained("ASA@Vaveriet.se")
    assert (has(), reader().refused_at) == ([], now())
    assert consents()[-3:] == ["complained foretagsamt", f"complained {lunch}", "complained companies"]
    complained(ASA)
    assert len(consents()) == 5


def test_a_complaint_from_a_stranger_makes_no_reader(app, clock):
    complained("ingen@annan.se")
    assert count(Reader) == 0


def test_choices_begin_and_end_what_was_offered_and_leave_the_rest(app, clock, lunch):
    known = make_reader(ASA, [FORETAGSAMT, "serie:77"])
    choose(known.id, [lunch], [FORETAGSAMT, lunch], "Åsa", "Väveriet", now())
    assert has() == ["serie:77", lunch]
    assert consents()[-2:] == [f"given {lunch}", "withdrawn foretagsamt"]
    choose(known.id, [lunch], [FORETAGSAMT, lunch], "Åsa", "Väveriet", now())
    assert len(consents()) == 4
