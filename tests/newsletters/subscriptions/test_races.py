"""Several at once, on real databases: one reader, one consent, one letter."""

from __future__ import annotations

from collections import Counter

import pytest

from eventsys.clock import now
from eventsys.columns import Column
from eventsys.newsletters.lists import FORETAGSAMT, series_list
from eventsys.newsletters.subscriptions import confirming, importing, leaving, queries, signing_up
from eventsys.newsletters.subscriptions.confirming import AddressTaken, LinkUsed
from eventsys.newsletters.subscriptions.models import Consent, Reader, SignUp
from tests.events.test_races import at_once, kinds
from tests.factories import make_event, make_registration, make_series
from tests.newsletters.factories import make_reader
from tests.newsletters.racing import overlapping
from tests.newsletters.subscriptions.scenes import (
    ASA,
    ask_for_other_address,
    asked,
    confirm,
    consents,
    count,
    from_registration,
    has,
    leave,
    letters,
    sign_up,
    wish,
)


def test_one_link_confirmed_by_many_at_once_makes_one_reader_and_one_consent(app):
    sign_up(wish(), now())
    token = asked().token
    results = at_once(app, *[lambda: confirm(token, [FORETAGSAMT], now()) and True] * 6)
    assert kinds(results) == Counter({LinkUsed: 5, True: 1})
    assert (count(Reader), consents()) == (1, ["given foretagsamt"])


def test_two_links_of_one_address_confirmed_at_once_make_one_reader(app):
    lunch = series_list(make_series().id)
    booking = make_registration(make_event(), ["Åsa Lind"], wants_letters=True)
    sign_up(wish(booking.booker_email_key, lunch), now())
    page = asked(booking.booker_email_key).token
    from_registration(booking.id, now())
    tick = asked(booking.booker_email_key).token
    assert page != tick
    at_once(app, lambda: confirm(page, [lunch, FORETAGSAMT], now()), lambda: confirm(tick, [lunch, FORETAGSAMT], now()))
    assert count(Reader) == 1
    assert sorted(has(booking.booker_email_key)) == [FORETAGSAMT, lunch]
    assert count(Consent) == 2


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_without_the_lock_the_same_yes_is_counted_twice_or_fails(app, monkeypatch):
    """The control: it is the reader's lock that makes the race safe. (On SQLite there is one writer at a time.)"""
    make_reader(ASA, lists=[])
    sign_up(wish(), now())
    token = asked().token
    monkeypatch.setattr(confirming, "locked_reader", queries.reader_by_id)
    results = at_once(app, *[lambda: confirm(token, [FORETAGSAMT], now()) and True] * 8)
    assert kinds(results) != Counter({LinkUsed: 7, True: 1})


def test_a_wish_that_meets_the_confirming_of_another_waits_for_its_own(app):
    lunch = series_list(make_series().id)
    sign_up(wish(), now())
    token = asked().token
    overlapping(
        app,
        lambda: confirming.confirm(token, [FORETAGSAMT], now()),
        lambda: signing_up.sign_up(wish(ASA, lunch), now()),
    )
    assert has() == [FORETAGSAMT]
    assert [one.lists for one in queries.waiting_sign_ups(ASA, now())] == [[lunch]]


def test_many_sign_ups_of_one_address_at_once_send_one_letter(app):
    at_once(app, *[lambda: sign_up(wish(), now())] * 8)
    assert letters() == ["confirm_subscription"]


def test_one_registration_found_by_two_workers_is_asked_once(app):
    booking = make_registration(make_event(), ["Åsa Lind"], wants_letters=True)
    results = at_once(app, *[lambda: from_registration(booking.id, now())] * 4)
    assert results == [None] * 4
    assert count(SignUp) == 1


def test_one_click_from_two_places_at_once_leaves_once(app):
    known = make_reader(ASA)
    at_once(app, *[lambda: leave(known.id, FORETAGSAMT, now())] * 4)
    assert consents() == ["given foretagsamt", "withdrawn foretagsamt"]


@pytest.mark.parametrize("does", ["confirms", "leaves", "refuses all"])
def test_who_decides_while_a_list_is_taken_in_has_decided(app, does):
    sign_up(wish(), now())
    token, known = asked().token, make_reader("bo@alm.se", lists=[]) if does == "confirms" else make_reader(ASA, [])
    decide = {
        "confirms": lambda: confirming.confirm(token, [FORETAGSAMT], now()),
        "leaves": lambda: leaving.leave(known.id, FORETAGSAMT, now()),
        "refuses all": lambda: leaving.refuse_all(known.id, now()),
    }[does]
    rows = [[ASA], ["ny@a.se"]]
    results = overlapping(
        app, decide, lambda: importing.take_in(rows, {Column.EMAIL: 0}, FORETAGSAMT, "Sa ja på mässan", now())
    )
    assert not [one for one in results if isinstance(one, Exception)]
    said = {"confirms": "given foretagsamt", "leaves": "withdrawn foretagsamt", "refuses all": "withdrawn companies"}
    assert consents() == [said[does]]
    assert consents("ny@a.se") == ["imported foretagsamt"]


def test_an_address_that_is_confirmed_by_a_sign_up_at_the_same_moment_is_taken(app):
    other = "asa@annan.se"
    reader_id = make_reader(ASA).id
    ask_for_other_address(reader_id, other, "sv", now())
    change = asked(other).token
    sign_up(wish(other), now())
    results = overlapping(
        app,
        lambda: confirming.confirm(asked(other).token, [FORETAGSAMT], now()).id != reader_id,
        lambda: confirming.confirm_address(change, now()),
    )
    assert kinds(results) == Counter({True: 1, AddressTaken: 1})
    assert has() == has(other) == [FORETAGSAMT]
