"""Every figure against an independent count, and every page of a figure against the figure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.models import EventState
from eventsys.followup.figures.catalogue import FIGURES, Figure
from eventsys.followup.figures.counted import UNKNOWN, total
from eventsys.followup.figures.sight import Sight
from eventsys.followup.periods import PARTS, Period
from eventsys.staff.models import Role
from tests.factories import make_series
from tests.followup.counting import Books, adds_up, plain_number
from tests.followup.scenes import CAME, TwoYears, make_answers, make_company, make_held, seat, wall

YEARS = (2025, 2026)


def periods() -> Iterator[Period]:
    return (Period(year, part) for year, part in itertools.product(YEARS, PARTS))


def series_for(figure: Figure, two_years: TwoYears) -> list[int | None]:
    return [None, *(one.id for one in two_years.series)] if figure.by_series else [None]


def test_every_figure_of_every_period_is_what_an_independent_count_says(two_years: TwoYears) -> None:
    books, compared, at = Books(now()), 0, now()
    for period in periods():
        sight = Sight(period, at)
        for figure in FIGURES.values():
            for series_id in series_for(figure, two_years):
                counted = figure.count(sight, series_id)
                expected = books.figure(figure.name)(period.first, period.last, series_id)
                assert counted.value == expected, f"{figure.name} {period.label} {series_id}"
                compared += 1
    assert compared == 12 * (7 + 5 * 4)


def test_some_figures_are_what_plain_sql_says(two_years: TwoYears) -> None:
    sight = Sight(Period(2026, "h1"), now())
    begins, after = wall("2026-01-01 00:00"), wall("2026-07-01 00:00")
    visits = (
        "SELECT count(*) FROM visit WHERE form <> 'information' AND visited_on BETWEEN '2026-01-01' AND '2026-06-30'"
    )
    assert FIGURES["besok"].count(sight, None).value == plain_number(visits) > 0
    held = "SELECT count(*) FROM event WHERE state = 'published' AND starts_at >= :begins AND starts_at < :after"
    moments = {"begins": begins.replace(tzinfo=None), "after": after.replace(tzinfo=None)}
    assert FIGURES["evenemang"].count(sight, None).value == plain_number(held, **moments) > 0


def test_every_drill_down_adds_up_to_its_figure(two_years: TwoYears) -> None:
    seen = dict.fromkeys(FIGURES, 0)
    for period in periods():
        sight = Sight(period, now())
        for figure in FIGURES.values():
            for series_id in series_for(figure, two_years):
                counted = figure.count(sight, series_id)
                if counted.value is None:
                    assert not total(counted.lines)
                    continue
                assert adds_up(figure, counted), f"{figure.name} {period.label} {series_id}"
                seen[figure.name] += 1
    assert min(seen.values()) >= 6, seen


TABLE = re.compile(r'id="lines".*?</table>', re.DOTALL)


def test_the_page_of_each_figure_shows_every_line_and_the_figure(signed_in_client, two_years: TwoYears) -> None:
    browser = signed_in_client(Role.EDITOR)
    for figure, part in itertools.product(FIGURES.values(), PARTS):
        counted = figure.count(Sight(Period(2026, part), now()), None)
        page = browser.get(f"/personal/uppfoljning/2026/nyckeltal/{figure.name}?period={part}")
        assert page.status_code == 200
        assert f"<b>{counted.shown}</b>" in page.text
        assert counted.base in page.text
        table = TABLE.search(page.text)
        rows = table[0].split("<tbody>")[1].split("</tbody>")[0].count("<tr") if table else 0
        assert rows == len(counted.lines), f"{figure.name} {part}"


def test_the_page_of_events_adds_up_as_it_is_read(signed_in_client, two_years: TwoYears) -> None:
    """The column of people, read off the page, is the figure."""
    page = signed_in_client(Role.ORGANISER).get("/personal/uppfoljning/2026/nyckeltal/deltagare?period=ar").text
    body = TABLE.search(page)[0].split("<tbody>")[1].split("</tbody>")[0]
    numbers = re.findall(r'<td class="num nowrap">(\d+)</td>', body)
    assert sum(map(int, numbers)) == Books(now()).deltagare(date(2026, 1, 1), date(2026, 12, 31))
    assert body.count("inte med i siffran") == 1  # where nobody has said who came


def test_a_line_of_a_new_reader_tells_no_name_and_no_address(signed_in_client, two_years: TwoYears) -> None:
    page = signed_in_client(Role.ORGANISER).get("/personal/uppfoljning/2026/nyckeltal/prenumeranter?period=ar").text
    assert "QR-kod: Frukost i Viared" in page
    assert "@ek.example" not in page
    assert "Åsa Lind" not in page


# --- borders and what is not there --------------------------------------------------------------------------------


def test_a_half_year_begins_at_swedish_midnight(app: Flask, afterwards: time_machine.Traveller) -> None:
    series = make_series()
    make_held(wall("2026-06-30 23:59"), series)
    make_held(wall("2026-07-01 00:00"), series)
    make_held(wall("2026-12-31 23:59"), series)
    make_held(wall("2027-01-01 00:00"), series)
    found = {part: FIGURES["evenemang"].count(Sight(Period(2026, part), now()), None).value for part in ("h1", "h2")}
    assert found == {"h1": 1, "h2": 2}
    assert FIGURES["evenemang"].count(Sight(Period(2027, "h1"), now()), None).value == 1


def test_a_cancelled_event_is_in_no_figure(app: Flask, afterwards: time_machine.Traveller) -> None:
    event = make_held(wall("2026-03-03 11:30"), make_series(), state=EventState.CANCELLED)
    other = make_held(wall("2026-03-04 11:30"), make_series())
    with transaction():
        seat(event, make_company(), CAME)
        seat(other, make_company(), CAME, CAME)
    sight = Sight(Period(2026, "ar"), now())
    values = {name: FIGURES[name].count(sight, None).value for name in ("evenemang", "deltagare", "foretag")}
    assert values == {"evenemang": 1, "deltagare": 2, "foretag": 1}


def test_a_year_without_anything_knows_nothing(app: Flask, afterwards: time_machine.Traveller) -> None:
    for figure in FIGURES.values():
        counted = figure.count(Sight(Period(2026, "ar"), now()), None)
        assert (counted.value, counted.shown) == (None, UNKNOWN), figure.name
        assert counted.base, figure.name


def test_nought_is_said_of_what_could_have_been_and_not_of_what_was_before(two_years: TwoYears) -> None:
    counts = ("prenumeranter", "nummer", "valkomstbrev", "evenemang", "deltagare", "foretag", "nya-foretag", "besok")
    before, since, to_come = (Sight(Period(year, "ar"), now()) for year in (2024, 2027, 2028))
    for name in counts:
        assert FIGURES[name].count(before, None).shown == UNKNOWN, name
        assert FIGURES[name].count(to_come, None).shown == UNKNOWN, name
        assert FIGURES[name].count(since, None).value is not None, name
    assert FIGURES["nummer"].count(since, None).shown == "0"
    assert FIGURES["foreningar"].count(to_come, None).shown == UNKNOWN


def test_an_event_of_which_nobody_said_who_came_is_not_nobody(app: Flask, afterwards: time_machine.Traveller) -> None:
    make_held(wall("2026-03-03 11:30"), make_series(), is_closed=False)
    counted = FIGURES["deltagare"].count(Sight(Period(2026, "ar"), now()), None)
    assert counted.shown == UNKNOWN
    assert "inte sagt vilka som kom" in counted.base
    assert FIGURES["evenemang"].count(Sight(Period(2026, "ar"), now()), None).value == 1


# --- what surveys hide --------------------------------------------------------------------------------------------


def test_a_figure_of_answers_is_never_without_its_base(two_years: TwoYears) -> None:
    books, period = Books(now()), Period(2026, "ar")
    shown = books.shown(period.first, period.last)
    answered = sum(len(books.complete(one)) for one in shown)
    counted = FIGURES["nki"].count(Sight(period, now()), None)
    invited = sum(one["invited"] for one in shown)
    assert counted.base.startswith(f"{answered} av {invited} svarade, {len(shown)} evenemang, ")
    assert re.fullmatch(r"\d+ ± \d+(,\d)?", counted.shown)


def test_no_sum_less_another_gives_away_a_small_event(app: Flask, afterwards: time_machine.Traveller) -> None:
    """The whole year, its halves, thirds and series: whichever is taken from whichever, the small event is in none."""
    series, others = make_series(), make_series()
    big = make_held(wall("2026-02-02 11:30"), series)
    small = make_held(wall("2026-05-05 11:30"), series)
    late = make_held(wall("2026-10-10 11:30"), others)
    with transaction():
        make_answers(big, [(8, 8, 8)] * 9, 12)
        make_answers(small, [(1, 1, 1)] * 6, 12)
        make_answers(late, [(9, 9, 9)] * 7, 12)
    nki = FIGURES["nki"]
    pages = [nki.count(Sight(Period(2026, part), now()), one) for part in PARTS for one in (None, series.id, others.id)]
    assert {sum(line.number for line in page.lines) for page in pages} == {0, 7, 9, 16}
    answered = [re.match(r"(\d+) av", page.base) for page in pages]
    assert {int(found[1]) for found in answered if found} == {7, 9, 16}
    alone = nki.count(Sight(Period(2026, "t2"), now()), None)
    assert (alone.shown, alone.value) == ("*", None)
    assert "6" not in "".join(map(str, (cell for line in alone.lines for cell in line.cells[3:])))


def test_the_page_of_a_hidden_event_shows_a_star_and_no_number(
    signed_in_client, app: Flask, afterwards: time_machine.Traveller
) -> None:
    with transaction():
        make_answers(make_held(wall("2026-05-05 11:30"), make_series(), title="Liten träff"), [(1, 1, 1)] * 6, 12)
    page = signed_in_client(Role.ORGANISER).get("/personal/uppfoljning/2026/nyckeltal/nki?period=t2").text
    row = page.split("Liten träff")[1].split("</tr>")[0]
    assert re.findall(r'<td class="num nowrap">(.*?)</td>', row) == ["*", "–", "–"]


# --- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "nyckeltal/okand", "nyckeltal?period=q1", "nyckeltal/nki?period=q1", "nyckeltal/nki?serie=x",
        "nyckeltal/nki?serie=99999999999", "nyckeltal/nki?serie=4711", "nyckeltal/besok?serie=1",
    ],
)  # fmt: skip
def test_what_an_address_invents_is_not_found(signed_in_client, path: str) -> None:
    assert signed_in_client(Role.ORGANISER).get(f"/personal/uppfoljning/2026/{path}").status_code == 404


@pytest.mark.parametrize("year", [0, 1, 1949, 2151, 9999, 10000])
def test_a_year_that_nobody_means_is_not_found(signed_in_client, year: int) -> None:
    browser = signed_in_client(Role.ORGANISER)
    for path in ("nyckeltal", "nyckeltal/nki", "1", "mal"):
        assert browser.get(f"/personal/uppfoljning/{year}/{path}").status_code == 404


# --- what it costs ------------------------------------------------------------------------------------------------


def test_the_page_of_figures_costs_the_same_however_much_there_is(
    count_queries, signed_in_client, two_years: TwoYears
) -> None:
    browser = signed_in_client(Role.ORGANISER)
    with count_queries() as few:
        browser.get("/personal/uppfoljning/2026/nyckeltal?period=t1")
    with count_queries() as many:
        browser.get("/personal/uppfoljning/2026/nyckeltal?period=ar")
    assert len(many) <= len(few), "\n".join(many)
    assert len(many) <= 20
    for figure in FIGURES:
        with count_queries() as one:
            browser.get(f"/personal/uppfoljning/2026/nyckeltal/{figure}?period=ar")
        assert len(one) <= 9, "\n".join(one)
