"""Plans and goals, and figures that are written down by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.followup.entries import CannotEnter, Written, add_entry, history, take_back
from eventsys.followup.figures.of_goals import counted_of, in_period
from eventsys.followup.figures.sight import Sight
from eventsys.followup.goals import CannotPlan, add_goal, edit_goal, mark_of_goal, move_goal, remove_goal, values_of
from eventsys.followup.models import ByHand, Direction, Goal, HandEntry
from eventsys.followup.periods import PARTS, Period
from eventsys.followup.plans import HasPlan, OddYear, new_plan
from eventsys.followup.queries import by_area, entries_of, goals_of
from eventsys.overwriting import ChangedMeanwhile
from eventsys.staff.models import Role
from tests.factories import make_series
from tests.followup.scenes import make_plan

pytestmark = pytest.mark.usefixtures("app", "afterwards")

VISITS: dict[str, Any] = {"focus_area": "Dialog med företagen", "name": "Besök", "figure": "besok", "target": 30.0}
YEAR = "/personal/uppfoljning/2026"


def names(year: int = 2026) -> list[str]:
    return [goal.name for goal in goals_of(year)]


def kept(verb: Callable[..., Any], *given: Any) -> Any:
    with transaction():
        return verb(*given)


def acts() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


# --- plans --------------------------------------------------------------------------------------------------------


def test_the_first_plan_has_the_goals_of_the_office() -> None:
    goals = make_plan(2026)
    targets = {name: goal.target for name, goal in goals.items() if goal.target is not None}
    assert targets == {
        "NKI efter evenemangen": 76, "Nya prenumeranter på nyhetsbreven": 75, "Nummer av Företagsamt": 4,
        "Inlägg på LinkedIn": 40, "Företagsbesök": 150, "Omgångar av välkomstbrev": 4,
        "Informerade företagarföreningar": 100, "NKI i SKR:s mätning Insikt": 76,
    }  # fmt: skip
    by_hand = [goal.name for goal in goals.values() if goal.by_hand]
    assert by_hand == ["Inlägg på LinkedIn", "NKI i SKR:s mätning Insikt", "Svenskt Näringslivs ranking"]
    assert acts() == ["year_plan.made"]


def test_the_next_plan_is_a_copy_of_the_one_before_and_changes_alone() -> None:
    make_plan(2025)
    kept(add_goal, 2025, VISITS, now())
    kept(remove_goal, 2025, goals_of(2025)[0].id, now())
    copied = make_plan(2026)
    assert [values_of(goal) for goal in goals_of(2026)] == [values_of(goal) for goal in goals_of(2025)]
    kept(edit_goal, 2026, copied["Besök"].id, {**VISITS, "target": 60.0}, mark_of_goal(copied["Besök"]))
    assert {goal.target for goal in goals_of(2025) if goal.name == "Besök"} == {30.0}


def test_a_year_has_one_plan() -> None:
    make_plan(2026)
    with pytest.raises(HasPlan, match="2026 har redan en årsplan"):
        kept(new_plan, 2026, "Alva Ek", now())
    assert len(names()) == len(set(names()))


@pytest.mark.parametrize("year", [1999, 2030, -1, 10**12])
def test_a_year_far_away_gets_no_plan(year: int) -> None:
    with pytest.raises(OddYear):
        kept(new_plan, year, "Alva Ek", now())


# --- goals --------------------------------------------------------------------------------------------------------


def test_a_goal_joins_its_focus_area_and_moves_within_it() -> None:
    make_plan(2026)
    goal = kept(add_goal, 2026, VISITS, now())
    area = [one.name for one in dict(by_area(goals_of(2026)))["Dialog med företagen"]]
    assert area[-1] == "Besök"
    kept(move_goal, 2026, goal.id, True)
    area = [one.name for one in dict(by_area(goals_of(2026)))["Dialog med företagen"]]
    assert area[-2] == "Besök"


def test_the_first_goal_of_an_area_takes_the_area_along() -> None:
    goals = make_plan(2026)
    kept(move_goal, 2026, goals["Nya prenumeranter på nyhetsbreven"].id, True)
    assert [area for area, _ in by_area(goals_of(2026))][:2] == ["Kommunikation", "Mötesplatser"]
    before = names()
    kept(move_goal, 2026, goals_of(2026)[0].id, True)  # nowhere to go
    assert names() == before


def test_a_removed_goal_is_out_of_the_plan_and_its_rows_stay() -> None:
    goals = make_plan(2026)
    kept(remove_goal, 2026, goals["Företagsbesök"].id, now())
    assert "Företagsbesök" not in names()
    assert db.session.get(Goal, goals["Företagsbesök"].id) is not None
    with pytest.raises(NotFound):
        kept(remove_goal, 2026, goals["Företagsbesök"].id, now())


def test_a_goal_is_reached_in_its_own_year_only() -> None:
    make_plan(2025)
    goals = make_plan(2026)
    with pytest.raises(NotFound):
        kept(remove_goal, 2025, goals["Företagsbesök"].id, now())


@pytest.mark.parametrize(
    "values",
    [
        {"figure": "", "by_hand": None}, {"figure": "besok", "by_hand": ByHand.SUM}, {"figure": "okand"},
        {"figure": "besok", "series_id": 1}, {"figure": "nki", "series_id": 4711},
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_taken_is_refused(values: dict[str, Any]) -> None:
    make_plan(2026)
    with pytest.raises(CannotPlan):
        kept(add_goal, 2026, {**VISITS, **values}, now())


def test_two_colleagues_do_not_undo_each_other_unseen() -> None:
    goal = make_plan(2026)["Företagsbesök"]
    seen = mark_of_goal(goal)
    kept(edit_goal, 2026, goal.id, {**values_of(goal), "target": 160.0}, seen)
    with pytest.raises(ChangedMeanwhile):
        kept(edit_goal, 2026, goal.id, {**values_of(goal), "target": 140.0}, seen)


FORM = {
    "focus_area": "Dialog", "name": "Möten", "source": "figur:nki", "direction": "at_least", "target": "76,5",
    "unit": "", "series_id": "", "explanation": "",
}  # fmt: skip


def test_a_goal_is_added_edited_and_removed_on_the_pages(signed_in_client) -> None:
    make_plan(2026)
    series, browser = make_series(name="Frukostmöte"), signed_in_client(Role.ORGANISER)
    answer = browser.post(f"{YEAR}/mal/nytt", data={**FORM, "series_id": str(series.id), "to_stratsys": "y"})
    assert answer.status_code == 302
    goal = next(one for one in goals_of(2026) if one.name == "Möten")
    assert (goal.target, goal.series_id, goal.to_stratsys, goal.direction) == (
        76.5,
        series.id,
        True,
        Direction.AT_LEAST,
    )
    page = browser.get(f"{YEAR}/mal/{goal.id}").text
    assert 'value="76,5"' in page
    seen = page.split('name="seen"')[1].split('value="')[1].split('"')[0]
    changed = {**FORM, "source": "hand:latest", "name": "Ranking", "direction": "at_most", "unit": "plats"}
    assert browser.post(f"{YEAR}/mal/{goal.id}", data={**changed, "seen": "annat"}).status_code == 409
    assert browser.post(f"{YEAR}/mal/{goal.id}", data={**changed, "seen": seen}).status_code == 302
    goal = next(one for one in goals_of(2026) if one.name == "Ranking")
    assert (goal.figure, goal.by_hand, goal.unit) == ("", ByHand.LATEST, "plats")
    assert "försvinner ur planen" in browser.get(f"{YEAR}/mal/{goal.id}/ta-bort").text
    browser.post(f"{YEAR}/mal/{goal.id}/ta-bort")
    assert "Ranking" not in names()
    assert acts()[-3:] == ["goal.added", "goal.edited", "goal.removed"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "Skriv vad målet heter."), ({"source": ""}, "Välj varifrån siffran kommer."),
        ({"source": "figur:okand"}, "Välj varifrån siffran kommer."),
        ({"target": "många"}, "Skriv ett tal med siffror"),
        ({"target": "nan"}, "Skriv ett tal mellan"), ({"target": "1e300"}, "Skriv ett tal mellan"),
        ({"focus_area": ""}, "Skriv vilket fokusområde"), ({"name": "x" * 161}, "Texten är 161 tecken"),
        ({"source": "figur:besok", "series_id": "SERIES"}, "kan inte räknas för en serie"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_goal_is_said_at_its_field(signed_in_client, changed: dict[str, str], says: str) -> None:
    make_plan(2026)
    series = make_series()
    data = {**FORM, **{name: text.replace("SERIES", str(series.id)) for name, text in changed.items()}}
    answer = signed_in_client(Role.ORGANISER).post(f"{YEAR}/mal/nytt", data=data)
    assert answer.status_code == 422
    assert says in answer.text


# --- by hand ------------------------------------------------------------------------------------------------------


def enter(goal: Goal, day: date, amount: float | None = None, words: str = "") -> HandEntry:
    return kept(add_entry, goal.year, goal.id, Written(day, amount, words), "Alva Ek", now())


def value_of(goal: Goal, part: str) -> str:
    return counted_of(goal, Sight(Period(goal.year, part), now()), entries_of([goal.id])[goal.id]).shown


def test_entries_are_summed_by_their_day_and_exactly() -> None:
    posts = make_plan(2026)["Inlägg på LinkedIn"]
    for day, amount in ((date(2026, 6, 30), 0.1), (date(2026, 7, 1), 0.2), (date(2026, 1, 1), 0.2)):
        enter(posts, day, amount)
    assert {part: value_of(posts, part) for part in PARTS} == {
        "ar": "0,5", "h1": "0,3", "h2": "0,2", "t1": "0,2", "t2": "0,3", "t3": "–",
    }  # fmt: skip


def test_a_button_pressed_twice_enters_once(afterwards: time_machine.Traveller) -> None:
    posts = make_plan(2026)["Inlägg på LinkedIn"]
    first = enter(posts, date(2026, 2, 2), 3.0)
    assert enter(posts, date(2026, 2, 2), 3.0).id == first.id
    enter(posts, date(2026, 2, 2), 4.0)
    afterwards.shift(90)
    enter(posts, date(2026, 2, 2), 3.0)
    assert value_of(posts, "ar") == "10"


def test_of_rankings_the_latest_day_holds_and_may_be_words() -> None:
    ranking = make_plan(2026)["Svenskt Näringslivs ranking"]
    enter(ranking, date(2026, 9, 24), None, "plats 112 av 290")
    enter(ranking, date(2026, 3, 1), 131.0)
    assert (value_of(ranking, "ar"), value_of(ranking, "h1")) == ("plats 112 av 290", "131")


def test_what_is_taken_back_counts_no_more_and_stays_in_the_history() -> None:
    posts = make_plan(2026)["Inlägg på LinkedIn"]
    entry = enter(posts, date(2026, 2, 2), 7.0)
    enter(posts, date(2026, 2, 3), 5.0)
    assert kept(take_back, 2026, posts.id, entry.id, "Bo Alm", now()) is True
    assert kept(take_back, 2026, posts.id, entry.id, "Bo Alm", now()) is False
    assert value_of(posts, "ar") == "5"
    assert [(one.amount, one.taken_back_by) for one in history(posts)] == [(5.0, ""), (7.0, "Bo Alm")]
    assert [one.amount for one in in_period(history(posts), Period(2026, "ar"))] == [5.0]
    assert acts()[-1] == "hand_entry.taken_back"


@pytest.mark.parametrize(
    "written",
    [
        Written(date(2025, 12, 31), 1.0), Written(date(2027, 1, 1), 1.0), Written(date(2026, 2, 2), None),
        Written(date(2026, 2, 2), None, "många"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_goal_is_not_entered(written: Written) -> None:
    posts = make_plan(2026)["Inlägg på LinkedIn"]
    with pytest.raises(CannotEnter):
        kept(add_entry, 2026, posts.id, written, "Alva Ek", now())


def test_nothing_is_entered_for_a_day_to_come(afterwards: time_machine.Traveller) -> None:
    posts = make_plan(2027)["Inlägg på LinkedIn"]
    with pytest.raises(CannotEnter, match="har inte varit än"):
        enter(posts, date(2027, 2, 4), 1.0)
    enter(posts, date(2027, 2, 3), 1.0)


def test_a_figure_that_the_system_takes_is_not_entered(signed_in_client) -> None:
    visits = make_plan(2026)["Företagsbesök"]
    with pytest.raises(CannotEnter):
        enter(visits, date(2026, 2, 2), 1.0)
    assert signed_in_client(Role.ORGANISER).get(f"{YEAR}/mal/{visits.id}/siffror").status_code == 404


def test_figures_are_entered_and_taken_back_on_the_page(signed_in_client) -> None:
    posts, browser = make_plan(2026)["Inlägg på LinkedIn"], signed_in_client(Role.ORGANISER)
    path = f"{YEAR}/mal/{posts.id}/siffror"
    assert "Ingenting är inskrivet 2026." in browser.get(path).text
    wrong = browser.post(path, data={"day": "2026-02-02", "amount": ""})
    assert (wrong.status_code, "Skriv ett antal" in wrong.text) == (422, True)
    assert browser.post(path, data={"day": "2026-02-02", "amount": "12", "note": "LinkedIn"}).status_code == 302
    [entry] = history(posts)
    assert "<b>12</b>Hela 2026<small>1 anteckning för hand" in browser.get(path).text
    assert browser.post(f"{path}/{entry.id}/ta-tillbaka").status_code == 302
    page = browser.get(path).text
    assert "Tillbakatagen" in page
    assert "<b>–</b>Hela 2026" in page


def test_an_entry_is_not_reached_through_another_goal(signed_in_client) -> None:
    goals = make_plan(2026)
    entry = enter(goals["Inlägg på LinkedIn"], date(2026, 2, 2), 1.0)
    other = goals["NKI i SKR:s mätning Insikt"]
    path = f"{YEAR}/mal/{other.id}/siffror/{entry.id}/ta-tillbaka"
    assert signed_in_client(Role.ORGANISER).post(path).status_code == 404
    assert db.session.get(HandEntry, entry.id).taken_back_at is None
