# ruff: noqa: DTZ001 - times on the wall have no zone
from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select

from eventsys.clock import STOCKHOLM, from_local, local
from eventsys.events.deadlines import after_working_hours, is_working_day, offer_deadline, swedish_holidays
from eventsys.events.models import SORT_KEY
from eventsys.names import slug, sort_key
from tests import servers

quick = settings(max_examples=150, deadline=None, database=None, derandomize=True)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 31)).map(lambda naive: naive.replace(tzinfo=UTC))

IN_ORDER = [
    "Anna Alm", "Bo Alm", "Eva Celsing", "Eva Édgren", "Eva Ek", "Eva Ekberg", "Zara Luczak",
    "Zara Łuczek", "Eva Mueller", "Eva My", "Eva Müller", "Eva Vik", "Eva Wall", "Eva Zorn",
    "Eva Åberg", "Eva Ång", "Eva Ärlig", "Eva Öberg", "Eva Östh",
]  # fmt: skip


def test_names_come_in_swedish_order():
    assert sorted(IN_ORDER, key=sort_key) == IN_ORDER


def test_e_acute_is_e_and_v_and_w_are_apart():
    assert sort_key("Eva Édgren") == sort_key("Eva Edgren")
    assert sort_key("Eva Vik") < sort_key("Eva Vång") < sort_key("Eva Wall")


@quick
@given(st.text(max_size=120))
def test_every_name_has_a_key_that_fits_and_is_the_same_however_it_was_typed(name):
    key = sort_key(name)
    assert len(key) <= 240
    assert key == sort_key(unicodedata.normalize("NFD", name)) == sort_key(unicodedata.normalize("NFC", name))


@quick
@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyzåäö", min_size=1, max_size=6), min_size=2, max_size=5))
def test_swedish_words_sort_by_the_swedish_alphabet(words):
    alphabet = "abcdefghijklmnopqrstuvwxyzåäö"
    expected = sorted(words, key=lambda word: [alphabet.index(letter) for letter in word])
    assert sorted(words, key=sort_key) == expected


def test_the_order_is_the_same_in_a_postgresql_made_with_another_language():
    """Debian makes databases in en_US or sv_SE, which would put the marks for å ä ö before a."""
    server = servers.postgres_server()
    servers._servers[server].execute(
        "CREATE DATABASE of_another_language TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'"
    )
    url = server.rpartition("/")[0] + "/of_another_language"
    people = Table("people", MetaData(), Column("id", Integer, primary_key=True), Column("key", SORT_KEY))
    engine = create_engine(url)
    with engine.begin() as connection:
        people.create(connection)
        connection.execute(insert(people), [{"key": sort_key(name)} for name in reversed(IN_ORDER)])
        keys = list(connection.execute(select(people.c.key).order_by(people.c.key)).scalars())
    engine.dispose()
    servers._servers[server].drop_database(url)
    assert keys == sorted(sort_key(name) for name in IN_ORDER)


# --- addresses of pages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "address"),
    [
        ("Näringslivsdagen 2026", "naringslivsdagen-2026"),
        ("  Öl & mingel!  ", "ol-mingel"),
        ("Smørrebrød på Łódź", "smorrebrod-pa-lodz"),
        ("☕☕☕", "evenemang"),
        ("", "evenemang"),
    ],
)
def test_titles_become_readable_addresses(title, address):
    assert slug(title) == address


@quick
@given(st.text(max_size=300))
def test_an_address_of_a_page_is_plain_short_and_stable(title):
    made = slug(title)
    assert 1 <= len(made) <= 100
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not made.startswith("-")
    assert not made.endswith("-")
    assert slug(made) == made


# --- working hours ----------------------------------------------------------------------------------------------------


def wall(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        (wall(2026, 3, 2, 8), wall(2026, 3, 2, 18)),  # a whole Monday
        (wall(2026, 3, 2, 10), wall(2026, 3, 3, 10)),
        (wall(2026, 3, 6, 17), wall(2026, 3, 9, 17)),  # Friday evening to Monday
        (wall(2026, 3, 7, 12), wall(2026, 3, 9, 18)),  # from a Saturday
        (wall(2026, 3, 27, 12), wall(2026, 3, 30, 12)),  # over the night to summer time
        (wall(2026, 10, 23, 12), wall(2026, 10, 26, 12)),  # and back
        (wall(2026, 4, 2, 12), wall(2026, 4, 7, 12)),  # over Easter, Good Friday to Easter Monday
        (wall(2026, 6, 18, 12), wall(2026, 6, 22, 12)),  # over Midsummer's Eve
        (wall(2025, 12, 23, 12), wall(2025, 12, 29, 12)),  # over Christmas
        (wall(2025, 12, 30, 12), wall(2026, 1, 2, 12)),  # over New Year
    ],
)
def test_ten_working_hours(at, ends):
    assert after_working_hours(at, 10) == ends


@quick
@given(moments, st.floats(0.5, 30))
def test_working_hours_end_in_working_time_and_count_exactly(at, hours):
    ends = after_working_hours(at, hours)
    end_day = local(ends)
    assert is_working_day(end_day.date())
    assert 8 <= end_day.hour + end_day.minute / 60 <= 18
    assert abs(_working_time(at, ends) - timedelta(hours=hours)) < timedelta(milliseconds=1)


def _working_time(begin: datetime, end: datetime) -> timedelta:
    total, day = timedelta(), local(begin).date()
    while day <= local(end).date():
        if is_working_day(day):
            opens, closes = (from_local(datetime(day.year, day.month, day.day, hour)) for hour in (8, 18))
            total += max(timedelta(), min(end, closes) - max(begin, opens))
        day += timedelta(days=1)
    return total


@quick
@given(moments, st.timedeltas(timedelta(minutes=-90), timedelta(days=40)))
def test_an_offer_never_stands_past_half_of_the_time_left_and_never_under_half_an_hour(at, left):
    deadline = offer_deadline(at, at + left)
    if left < timedelta(hours=1):
        assert deadline is None
        return
    assert deadline is not None
    assert at + timedelta(minutes=30) <= deadline <= at + left / 2
    assert deadline <= after_working_hours(at, 10)


def test_holidays_are_days_off_also_those_that_only_custom_makes():
    off = [date(2026, 1, 1), date(2026, 1, 6), date(2026, 4, 3), date(2026, 5, 1), date(2026, 5, 14), date(2026, 6, 19),
           date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31)]  # fmt: skip
    assert [day for day in off if is_working_day(day)] == []
    assert is_working_day(date(2026, 4, 2))  # Maundy Thursday
    assert is_working_day(date(2026, 11, 2))


def test_holidays_are_all_there_before_anybody_asks():
    """Filled in on demand they would be missing for a second thread that asks at the same moment."""
    assert {date(year, 12, 24) for year in range(2024, 2056)} <= set(swedish_holidays())
