"""The report of a half-year: right to the number, judged by people, settled, opened again, taken out."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.companies.models import Visit
from eventsys.database import db, transaction
from eventsys.desk.today import today
from eventsys.followup.assessing import IsSettled, assess
from eventsys.followup.entries import Written, add_entry
from eventsys.followup.goals import remove_goal
from eventsys.followup.lights import suggested
from eventsys.followup.models import Assessment, Direction, Goal, Light, Settlement
from eventsys.followup.periods import Period, has_ended, last_half, report_period
from eventsys.followup.queries import goals_of, settlement_of, settlements_of
from eventsys.followup.reports import Report, report_of
from eventsys.followup.settling import CannotSettle, NotSettled, reopen, settle
from eventsys.staff.models import Role
from tests.followup.counting import Books
from tests.followup.scenes import TwoYears, make_plan, wall

YEAR = "/personal/uppfoljning/2026"


def judge_all(year: int, half: int, light: Light = Light.GREEN) -> None:
    with transaction():
        for goal in goals_of(year):
            assess(year, half, goal.id, light, "Går bra.", "Alva Ek", now())


def settle_now(year: int, half: int) -> Settlement:
    with transaction():
        return settle(year, half, "Alva Ek", now())


def shown(report: Report) -> dict[str, str]:
    return {line.name: line.shown for line in report.lines}


# --- right to the number ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("year", "half"), [(2025, 1), (2025, 2), (2026, 1), (2026, 2)])
def test_the_report_is_right_to_the_number(two_years: TwoYears, year: int, half: int) -> None:
    make_plan(year)
    books, period = Books(now()), report_period(year, half)
    compared = 0
    for line in report_of(year, half, now()).lines:
        if line.figure:
            assert line.value == books.figure(line.figure)(period.first, period.last, None), line.name
            assert line.base, line.name
            compared += 1
    assert compared == 10


def test_the_second_half_is_told_as_the_whole_year_for_goals_are_for_a_year() -> None:
    assert [report_period(2026, half) for half in (1, 2)] == [Period(2026, "h1"), Period(2026, "ar")]


def test_every_figure_of_the_page_opens_what_it_was_counted_from(signed_in_client, two_years: TwoYears) -> None:
    make_plan(2026)
    browser = signed_in_client(Role.EDITOR)
    page = browser.get(f"{YEAR}/1").text
    for line in report_of(2026, 1, now()).lines:
        part = page.split(f'id="mal-{line.goal_id}"')[1].split("</li>")[0]
        link = part.split('class="goal-figure"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
        opened = browser.get(link)
        assert opened.status_code == 200, line.name
        assert f"<b>{line.shown}</b>" in opened.text, line.name


def test_the_report_costs_the_same_however_many_goals_and_rows(
    count_queries, signed_in_client, two_years: TwoYears
) -> None:
    make_plan(2026)
    browser = signed_in_client(Role.ORGANISER)
    with count_queries() as few:
        browser.get(f"{YEAR}/2")
    with transaction():
        for place, series in enumerate(two_years.series * 8):
            figure = ("nki", "deltagare", "narvaro", "evenemang")[place % 4]
            more = {"figure": figure, "series_id": series.id, "created_at": now()}
            db.session.add(Goal(year=2026, position=100 + place, focus_area="Serier", name=f"Mål {place}", **more))
    judge_all(2026, 2)
    with count_queries() as full:
        browser.get(f"{YEAR}/2")
    assert len(full) <= len(few), "\n".join(full)
    assert len(full) <= 24, "\n".join(full)


# --- lights -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "target", "direction", "share", "light"),
    [
        (38, 75, Direction.AT_LEAST, 0.5, Light.GREEN), (37.5, 75, Direction.AT_LEAST, 0.5, Light.GREEN),
        (37, 75, Direction.AT_LEAST, 0.5, Light.YELLOW), (30, 75, Direction.AT_LEAST, 0.5, Light.YELLOW),
        (29, 75, Direction.AT_LEAST, 0.5, Light.RED), (0, 75, Direction.AT_LEAST, 1, Light.RED),
        (100, 100, Direction.AT_MOST, 1, Light.GREEN), (125, 100, Direction.AT_MOST, 1, Light.YELLOW),
        (126, 100, Direction.AT_MOST, 1, Light.RED), (0, 0, Direction.AT_LEAST, 1, Light.GREEN),
        (None, 75, Direction.AT_LEAST, 1, None), (5, None, Direction.AT_LEAST, 1, None),
        (5, 75, Direction.AT_LEAST, 0, None),
    ],
)  # fmt: skip
def test_a_light_is_suggested_from_the_part_of_the_target(
    value: float | None, target: float | None, direction: Direction, share: float, light: Light | None
) -> None:
    assert suggested(value, target, direction, share) is light


@pytest.mark.parametrize(
    ("moment", "part", "share"),
    [
        ("2026-07-01 12:00", "h1", 0.5), ("2026-04-10 12:00", "h1", 100 / 365), ("2025-12-31 23:59", "ar", 0.0),
        ("2027-01-01 00:00", "ar", 1.0), ("2026-05-01 00:00", "t1", 1 / 3), ("2024-12-31 12:00", "ar", 0.0),
    ],
)  # fmt: skip
def test_the_share_of_the_year_follows_the_swedish_day(moment: str, part: str, share: float) -> None:
    assert Period(2026, part).share_of_year(wall(moment)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("moment", "half", "is_over"),
    [
        ("2026-06-30 23:59", (2025, 2), False), ("2026-07-01 00:00", (2026, 1), True),
        ("2026-12-31 23:59", (2026, 1), True), ("2027-01-01 00:00", (2026, 2), True),
    ],
)  # fmt: skip
def test_a_half_year_ends_at_swedish_midnight(moment: str, half: tuple[int, int], is_over: bool) -> None:
    assert last_half(wall(moment)) == half
    assert has_ended(2026, 1, wall(moment)) is is_over


def test_an_nki_is_held_against_all_of_its_target_and_visits_against_half(two_years: TwoYears) -> None:
    make_plan(2026)
    lines = {line.name: line for line in report_of(2026, 1, now()).lines}
    visits, index = lines["Företagsbesök"], lines["NKI efter evenemangen"]
    assert visits.suggestion is suggested(visits.value, 75, Direction.AT_LEAST)
    assert index.suggestion is suggested(index.value, 76, Direction.AT_LEAST)
    assert lines["Svenskt Näringslivs ranking"].suggestion is None


# --- judging ------------------------------------------------------------------------------------------------------


def test_who_said_what_is_kept_and_the_latest_holds(signed_in_client, two_years: TwoYears) -> None:
    goal = make_plan(2026)["Företagsbesök"]
    browser, path = signed_in_client(Role.ORGANISER), f"{YEAR}/1/mal/{make_id(goal)}"
    for light, comment in (("red", "Långt kvar."), ("yellow", "Bättre nu."), ("yellow", "Bättre nu.")):
        assert browser.post(path, data={"light": light, "comment": comment}).status_code == 302
    rows = db.session.scalars(select(Assessment).order_by(Assessment.id)).all()
    assert [(one.light, one.comment) for one in rows] == [(Light.RED, "Långt kvar."), (Light.YELLOW, "Bättre nu.")]
    page = browser.get(path).text
    assert page.index("Bättre nu.") < page.rindex("Långt kvar.")
    line = next(one for one in report_of(2026, 1, now()).lines if one.goal_id == goal.id)
    assert (line.light, line.comment, line.said_by) == (Light.YELLOW, "Bättre nu.", "Alva Organiser")
    assert report_of(2026, 2, now()).assessed == 0  # of the other half nothing is said


def make_id(goal: Goal) -> int:
    return goal.id


@pytest.mark.parametrize("light", ["", "blue", "GREEN"])
def test_a_light_that_is_none_is_refused(signed_in_client, app: Flask, light: str) -> None:
    goal = make_plan(2026)["Företagsbesök"]
    answer = signed_in_client(Role.ORGANISER).post(f"{YEAR}/1/mal/{goal.id}", data={"light": light, "comment": "Bra"})
    assert answer.status_code == 422
    assert "Välj grönt, gult eller rött." in answer.text
    assert "Bra" in answer.text  # what was written is not lost


def test_a_light_is_a_word_and_a_shape_on_the_page(signed_in_client, app: Flask) -> None:
    goals = list(make_plan(2026).values())
    with transaction():
        for goal, light in zip(goals, Light, strict=False):
            assess(2026, 1, goal.id, light, "", "Alva Ek", now())
    page = signed_in_client(Role.EDITOR).get(f"{YEAR}/1").text
    for goal, kind, word in zip(
        goals, ("good", "warn", "bad", "neutral"), ("Grönt", "Gult", "Rött", "Inte bedömt"), strict=False
    ):
        part = page.split(f'id="mal-{goal.id}"')[1].split("</li>")[0]
        assert f'<span class="light {kind}" aria-hidden="true"></span>{word}' in part


# --- settling -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("two_years")
def test_settled_figures_stay_and_what_they_are_now_is_shown_beside(signed_in_client) -> None:
    goals = make_plan(2026)
    judge_all(2026, 1)
    before = report_of(2026, 1, now())
    settle_now(2026, 1)
    with transaction():
        visit = db.session.scalars(select(Visit).where(Visit.visited_on == date(2026, 6, 30))).first()
        assert visit is not None
        db.session.add(Visit(company_id=visit.company_id, visited_on=date(2026, 6, 29), created_at=now()))
        add_entry(2026, goals["Inlägg på LinkedIn"].id, Written(date(2026, 5, 5), 3.0), "Alva Ek", now())
    after = report_of(2026, 1, now())
    assert shown(after) == shown(before)
    differing = {line.name: line.now.shown for line in after.lines if line.now}
    visits = int(shown(before)["Företagsbesök"])
    assert differing["Företagsbesök"] == str(visits + 1)
    assert differing["Inlägg på LinkedIn"] == "3"
    page = signed_in_client(Role.EDITOR).get(f"{YEAR}/1").text
    assert "Siffrorna står som de var då." in page
    assert f"<b>Nu:</b> {visits + 1} besök" in page


def test_what_nobody_has_changed_is_the_same_a_year_later(
    two_years: TwoYears, afterwards: time_machine.Traveller
) -> None:
    goals = make_plan(2026)
    with transaction():
        written = Written(date(2026, 4, 22), None, "plats 112 av 290")
        add_entry(2026, goals["Svenskt Näringslivs ranking"].id, written, "Alva Ek", now())
    for half in (1, 2):
        judge_all(2026, half)
        settle_now(2026, half)
    afterwards.shift(timedelta(days=400))
    for half in (1, 2):
        assert [line.name for line in report_of(2026, half, now()).lines if line.now] == []


@pytest.mark.usefixtures("afterwards")
def test_a_settled_report_keeps_goals_that_are_removed_and_tells_of_new_ones(app: Flask, signed_in_client) -> None:
    goals = make_plan(2026)
    judge_all(2026, 1)
    settle_now(2026, 1)
    with transaction():
        remove_goal(2026, goals["Inlägg på LinkedIn"].id, now())
        db.session.add(
            Goal(year=2026, position=99, focus_area="Nytt", name="Nytt mål", figure="besok", created_at=now())
        )
    report = report_of(2026, 1, now())
    assert "Inlägg på LinkedIn" in shown(report)
    assert "Nytt mål" not in shown(report)
    assert report.added_since == 1
    page = signed_in_client(Role.ORGANISER).get(f"{YEAR}/1")
    assert page.status_code == 200
    assert "1 mål har kommit till" in page.text


@pytest.mark.usefixtures("afterwards")
def test_a_report_is_settled_when_the_half_is_over_and_every_goal_is_judged(app: Flask) -> None:
    make_plan(2026)
    make_plan(2027)
    with pytest.raises(CannotSettle, match="13 mål är inte bedömda"):
        settle_now(2026, 1)
    judge_all(2026, 1)
    judge_all(2027, 1)
    with pytest.raises(CannotSettle, match="inte slut"):
        settle_now(2027, 1)
    settle_now(2026, 1)
    with pytest.raises(CannotSettle, match="redan fastställd"):
        settle_now(2026, 1)
    with pytest.raises(IsSettled), transaction():
        assess(2026, 1, goals_of(2026)[0].id, Light.RED, "", "Alva Ek", now())


@pytest.mark.usefixtures("afterwards")
def test_a_report_is_opened_again_with_a_reason_and_both_are_kept(signed_in_client, app: Flask) -> None:
    make_plan(2026)
    judge_all(2026, 1)
    browser = signed_in_client(Role.ORGANISER)
    assert "Fastställ rapporten" in browser.get(f"{YEAR}/1/faststall").text
    browser.post(f"{YEAR}/1/faststall")
    assert settlement_of(2026, 1) is not None
    assert browser.post(f"{YEAR}/1/oppna", data={"why": ""}).status_code == 422
    browser.post(f"{YEAR}/1/oppna", data={"why": "Besök saknades."})
    assert settlement_of(2026, 1) is None
    page = browser.get(f"{YEAR}/1").text
    assert "Besök saknades." in page
    browser.post(f"{YEAR}/1/faststall")
    assert [one.reopened_why for one in settlements_of(2026, 1)] == ["", "Besök saknades."]
    acts = [
        one
        for one in db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))
        if one.startswith("settlement")
    ]
    assert acts == ["settlement.settled", "settlement.reopened", "settlement.settled"]
    with pytest.raises(NotSettled), transaction():
        reopen(2026, 2, "Av misstag", "Alva Ek", now())


@pytest.mark.usefixtures("afterwards")
def test_pressing_settle_too_early_says_why(signed_in_client, app: Flask) -> None:
    make_plan(2026)
    browser = signed_in_client(Role.ORGANISER)
    assert browser.post(f"{YEAR}/1/faststall").status_code == 302
    assert "13 mål är inte bedömda än." in browser.get(f"{YEAR}/1").text


# --- files --------------------------------------------------------------------------------------------------------


def table(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_the_files_say_what_the_page_says_and_never_a_figure_without_its_base(
    signed_in_client, two_years: TwoYears
) -> None:
    make_plan(2026)
    judge_all(2026, 2, Light.YELLOW)
    browser, report = signed_in_client(Role.EDITOR), report_of(2026, 2, now())
    about, standing, head, *rows = table(browser.get(f"{YEAR}/2/verksamhetsberattelse.xlsx").data)
    assert about[0] == "Uppföljning andra halvåret 2026, siffror för hela 2026."
    assert standing[0].startswith("Inte fastställd")
    assert [(row[1], row[5], row[6]) for row in rows] == [(one.name, one.shown, one.base) for one in report.lines]
    numbers = {one.name: one.value for one in report.lines if one.value is not None}
    assert {row[1]: row[4] for row in rows if isinstance(row[4], int)} == numbers
    assert head[4] == "Utfall"
    *_, head, first, second, third, fourth = table(browser.get(f"{YEAR}/2/stratsys.xlsx").data)
    stratsys = [first, second, third, fourth]
    assert [row[0] for row in stratsys] == [one.name for one in report.lines if one.to_stratsys]
    assert all(row[9] for row in stratsys)
    assert browser.get(f"{YEAR}/2/annat.xlsx").status_code == 404
    taken = [
        one.detail["what"]
        for one in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        if one.action == "report.exported"
    ]
    assert taken == ["verksamhetsberattelse", "stratsys"]


def test_the_paper_has_every_goal_with_figure_base_and_light(signed_in_client, two_years: TwoYears) -> None:
    make_plan(2026)
    judge_all(2026, 1)
    settle_now(2026, 1)
    answer = signed_in_client(Role.EDITOR).get(f"{YEAR}/1/rapport.pdf")
    assert answer.mimetype == "application/pdf"
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).split())
    for line in report_of(2026, 1, now()).lines:
        assert line.shown in text
        assert line.base in text, line.base
    assert text.count("Grönt") == 1 + 13
    assert "Fastställd" in text


# --- who may, and what is due -------------------------------------------------------------------------------------

GETS = ("", "/2026/1", "/2026/2", "/2026/mal", "/2026/nyckeltal", "/2026/nyckeltal/nki", "/2026/1/rapport.pdf",
        "/2026/1/stratsys.xlsx", "/2026/1/mal/{goal}", "/2026/mal/{hand}/siffror")  # fmt: skip
KEEPERS_GET = ("/2026/mal/nytt", "/2026/mal/{goal}", "/2026/mal/{goal}/ta-bort", "/2026/1/faststall", "/2026/1/oppna")
POSTS = ("", "/2026/mal/nytt", "/2026/mal/{goal}", "/2026/mal/{goal}/flytta", "/2026/mal/{goal}/ta-bort",
         "/2026/1/mal/{goal}", "/2026/1/faststall", "/2026/1/oppna", "/2026/mal/{hand}/siffror",
         "/2026/mal/{hand}/siffror/1/ta-tillbaka")  # fmt: skip


@pytest.mark.usefixtures("afterwards")
@pytest.mark.parametrize("role", list(Role))
def test_who_reads_and_who_changes(signed_in_client, app: Flask, role: Role) -> None:
    goals = make_plan(2026)
    ids = {"goal": goals["Företagsbesök"].id, "hand": goals["Inlägg på LinkedIn"].id}
    browser = signed_in_client(role)
    reads = role in (Role.ADMINISTRATOR, Role.ORGANISER, Role.EDITOR)
    keeps = role in (Role.ADMINISTRATOR, Role.ORGANISER)
    for path in GETS:
        assert browser.get(f"/personal/uppfoljning{path.format(**ids)}").status_code == (200 if reads else 403), path
    for path in KEEPERS_GET:
        assert browser.get(f"/personal/uppfoljning{path.format(**ids)}").status_code == (200 if keeps else 403), path
    for path in POSTS:
        answer = browser.post(f"/personal/uppfoljning{path.format(**ids)}")
        assert (answer.status_code == 403) is not keeps, path
    assert ("Uppföljning" in browser.get("/personal").text) is reads


@pytest.mark.usefixtures("afterwards")
def test_an_editor_meets_no_button_that_changes(signed_in_client, app: Flask) -> None:
    goals = make_plan(2026)
    judge_all(2026, 1)
    browser = signed_in_client(Role.EDITOR)
    hand = goals["Inlägg på LinkedIn"].id
    paths = ("", "/2026/1", "/2026/mal", f"/2026/1/mal/{hand}", f"/2026/mal/{hand}/siffror")
    for path in paths:
        main = browser.get(f"/personal/uppfoljning{path}").text.split("<main")[1]
        assert 'method="post"' not in main, path
        assert "Fastställ<" not in main, path


@pytest.mark.usefixtures("afterwards")
def test_the_page_of_the_day_asks_for_the_report_until_it_is_settled(
    signed_in_client, app: Flask, organiser, editor
) -> None:
    browser = signed_in_client(organiser)
    assert "Uppföljning andra halvåret" not in browser.get("/personal").text  # no plan
    make_plan(2026)
    assert "0 av 13 mål är bedömda." in browser.get("/personal").text
    assert today(editor, now()).others == []
    judge_all(2026, 2)
    assert "Alla mål är bedömda. Rapporten ska fastställas." in browser.get("/personal").text
    settle_now(2026, 2)
    assert "Uppföljning andra halvåret" not in browser.get("/personal").text


def test_the_page_of_the_day_waits_until_the_half_is_over(app: Flask, organiser) -> None:
    with time_machine.travel(datetime(2026, 6, 30, 21, 59, tzinfo=UTC), tick=False):
        make_plan(2026)
        assert today(organiser, now()).others == []
        [due] = today(organiser, now() + timedelta(minutes=1)).others
        assert due.label == "Uppföljning första halvåret 2026"


@pytest.mark.usefixtures("afterwards")
def test_an_office_without_a_plan_is_told_how_to_begin(signed_in_client, app: Flask) -> None:
    browser = signed_in_client(Role.ORGANISER)
    assert "Ingen årsplan än" in browser.get("/personal/uppfoljning").text
    assert browser.get(f"{YEAR}/1").status_code == 404
    answer = browser.post("/personal/uppfoljning", data={"year": "2026"})
    assert answer.location == f"{YEAR}/mal"
    again = browser.post("/personal/uppfoljning", data={"year": "2026"})
    assert (again.status_code, "2026 har redan en årsplan." in again.text) == (422, True)
    assert browser.post("/personal/uppfoljning", data={"year": ""}).status_code == 422
    with transaction():
        for goal in goals_of(2026):
            remove_goal(2026, goal.id, now())
    assert "Inga mål 2026" in browser.get(f"{YEAR}/1").text
    assert "Inga mål 2026" in browser.get(f"{YEAR}/mal").text
