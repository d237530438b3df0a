"""The year plan: four issues with one press, days that fit, files for calendars, and what is late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.events.deadlines import is_working_day
from eventsys.events.special_days import remarks_on
from eventsys.newsletters.issues import planning
from eventsys.newsletters.issues.calendars import calendar_of
from eventsys.newsletters.issues.lateness import late_in
from eventsys.newsletters.issues.models import ArticleState, Issue, IssueState
from eventsys.newsletters.issues.proofs import Standing
from eventsys.newsletters.issues.queries import issue_by_id, issues_of
from eventsys.overwriting import ChangedMeanwhile, mark_of
from tests.newsletters.issues.scenes import make_article, make_issue
from tests.staff_fixtures import Visitor, see_anew

HOME = "/personal/nyhetsbrev"


@pytest.mark.parametrize("year", range(2024, 2045))
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_proposed_days_are_working_days_in_order_and_in_the_month(year: int, number: int) -> None:
    days = planning.proposed_days(year, number)
    meeting = local(days.meeting_at)
    assert meeting.date() < days.manuscript_on < days.proof_on < days.send_on
    assert days.send_on.month == planning.MONTHS[number - 1]
    assert (meeting.hour, meeting.minute) == (9, 0)
    for day in (days.manuscript_on, days.proof_on, days.send_on, meeting.date()):
        assert is_working_day(day)
        assert not any("klämdag" in remark for remark in remarks_on(day, day))


def test_one_press_plans_four_issues_and_a_second_none(app: Flask, staff: Visitor) -> None:
    assert "Planera fyra nummer för 2027" in staff.get(f"{HOME}?ar=2027").text
    for _ in range(2):
        assert staff.post(f"{HOME}/ar/2027").status_code == 302
    assert [(issue.number, issue.audience) for issue in issues_of(2027)] == [
        (1, "foretagsamt"), (2, "foretagsamt"), (3, "foretagsamt"), (4, "companies"),
    ]  # fmt: skip
    page = staff.get(f"{HOME}?ar=2027").text
    assert "Alla företag" in page
    assert "Prenumeranter på Företagsamt" in page


def test_what_is_missing_is_added(app: Flask, staff: Visitor) -> None:
    make_issue(number=2)
    assert "3 nummer saknas" in staff.get(f"{HOME}?ar=2027").text
    staff.post(f"{HOME}/ar/2027")
    assert len(issues_of(2027)) == 4


@pytest.mark.parametrize("year", [1999, 2061, 99_999])
def test_no_plan_is_made_for_a_year_out_of_reach(app: Flask, staff: Visitor, year: int) -> None:
    staff.post(f"{HOME}/ar/{year}")
    assert db.session.query(Issue).count() == 0


def test_days_are_changed_and_odd_ones_are_saved_at_the_second_press(app: Flask, staff: Visitor) -> None:
    issue = make_issue()
    form = {
        "seen": mark_of(planning.days_of(issue)), "meeting_at": "2099-02-03T09:00", "manuscript_on": "2099-03-02",
        "proof_on": "2099-03-05", "send_on": "2099-12-25",
    }  # fmt: skip
    first = staff.post(f"{HOME}/nummer/{issue.id}/dagar", data=form)
    assert first.status_code == 200
    assert "juldagen" in first.text
    values = {
        "meeting_at": None, "manuscript_on": date(2099, 3, 2), "proof_on": date(2099, 3, 5),
        "send_on": date(2099, 12, 25),
    }  # fmt: skip
    form |= {"meeting_at": "", "warned": mark_of(values)}
    assert staff.post(f"{HOME}/nummer/{issue.id}/dagar", data=form).status_code == 302
    see_anew()
    assert planning.days_of(issue_by_id(issue.id)) == values


def test_days_in_the_wrong_order_or_badly_written_are_refused(app: Flask, staff: Visitor) -> None:
    issue = make_issue()
    form = {"seen": mark_of(planning.days_of(issue)), "manuscript_on": "2027-03-03", "proof_on": "2027-03-02"}
    form["warned"] = mark_of(
        {"meeting_at": None, "manuscript_on": date(2027, 3, 3), "proof_on": date(2027, 3, 2), "send_on": None}
    )
    answer = staff.post(f"{HOME}/nummer/{issue.id}/dagar", data=form)
    assert (answer.status_code, "fel ordning" in answer.text) == (422, True)
    answer = staff.post(f"{HOME}/nummer/{issue.id}/dagar", data={"send_on": "i mars"})
    assert (answer.status_code, "år-månad-dag" in answer.text) == (422, True)


def test_two_who_change_the_days_are_told(app: Flask) -> None:
    issue = make_issue()
    days = planning.days_of(issue)
    seen = mark_of(days)
    with transaction():
        planning.edit_days(issue.id, {**days, "send_on": date(2027, 3, 16)}, seen, now())
    with pytest.raises(ChangedMeanwhile), transaction():
        planning.edit_days(issue.id, {**days, "send_on": date(2027, 3, 17)}, seen, now())


# --- calendar files -----------------------------------------------------------------------------------------------


def entries(content: bytes) -> dict[str, object]:
    return {str(one["uid"]): one for one in Calendar.from_ical(content).walk("VEVENT")}


def test_an_issue_is_a_meeting_and_three_days_in_a_calendar(app: Flask, staff: Visitor) -> None:
    issue = make_issue()
    answer = staff.get(f"{HOME}/nummer/{issue.id}/kalender.ics")
    assert answer.mimetype == "text/calendar"
    found = entries(answer.data)
    keys = [f"issue-{issue.id}-{key}@127.0.0.1" for key in ("meeting", "manuscript", "proof", "send")]
    assert list(found) == keys
    meeting, send = found[keys[0]], found[keys[3]]
    assert meeting["dtstart"].dt == issue.meeting_at  # type: ignore[index]
    assert send["dtstart"].dt == issue.send_on  # type: ignore[index]
    assert send["dtend"].dt == issue.send_on + timedelta(days=1)  # type: ignore[index, operator]


def test_a_moved_day_keeps_its_name_and_rises_in_number(app: Flask) -> None:
    issue = make_issue()
    before = entries(calendar_of([issue]))
    days = planning.days_of(issue)
    moved = {**days, "send_on": days["send_on"] + timedelta(days=1)}
    with transaction():
        planning.edit_days(issue.id, moved, mark_of(days), now() + timedelta(seconds=5))
    see_anew()
    after = entries(calendar_of([issue_by_id(issue.id)]))
    assert before.keys() == after.keys()
    for uid in before:
        assert after[uid]["sequence"] > before[uid]["sequence"]  # type: ignore[index]


def test_the_year_is_one_file(app: Flask, staff: Visitor) -> None:
    staff.post(f"{HOME}/ar/2027")
    assert len(entries(staff.get(f"{HOME}/ar/2027/kalender.ics").data)) == 16
    assert staff.get(f"{HOME}/ar/2031/kalender.ics").status_code == 404


# --- what is late -------------------------------------------------------------------------------------------------


def test_what_is_late_shows_the_day_after(app: Flask) -> None:
    issue = make_issue(articles=1)
    make_article(issue, state=ArticleState.DRAFT)
    issue = issue_by_id(issue.id)
    assert issue.manuscript_on
    assert issue.proof_on
    assert issue.send_on
    assert late_in(issue, Standing(), issue.manuscript_on) == []
    (said,) = late_in(issue, Standing(), issue.manuscript_on + timedelta(days=1))
    assert said.endswith("men 1 artikel är inte klar.")
    assert len(late_in(issue, Standing(), issue.send_on + timedelta(days=1))) == 3


def test_a_scheduled_issue_is_never_late(app: Flask) -> None:
    issue = make_issue(state=IssueState.SCHEDULED)
    assert issue.send_on
    assert late_in(issue_by_id(issue.id), Standing(), issue.send_on + timedelta(days=9)) == []


def test_the_year_costs_the_same_number_of_queries_however_much_there_is(
    app: Flask, staff: Visitor, count_queries
) -> None:
    for number in (1, 2, 3, 4):
        make_issue(number=number, year=2027, articles=1)
        make_issue(number=number, year=2028, articles=6)
    with count_queries() as few:
        staff.get(f"{HOME}?ar=2027")
    with count_queries() as many:
        staff.get(f"{HOME}?ar=2028")
    assert len(many) == len(few)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_in_a_year_that_nobody_means_is_asked_for_anew(app, staff, day: str) -> None:
    issue = make_issue()
    answer = staff.post(f"/personal/nyhetsbrev/nummer/{issue.id}/dagar", data={"send_on": day})
    assert answer.status_code == 422
    assert "Skriv datumet som år-månad-dag" in answer.text
