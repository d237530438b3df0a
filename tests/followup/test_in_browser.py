"""The pages of the follow-up in a real browser: run through axe, no wider than the window, usable without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.events.models import Series
from eventsys.followup.assessing import assess
from eventsys.followup.entries import Written, add_entry
from eventsys.followup.models import Goal, Light
from eventsys.followup.periods import last_half
from eventsys.followup.plans import new_plan
from eventsys.followup.queries import goals_of
from eventsys.followup.reports import report_of
from eventsys.followup.settling import reopen, settle
from eventsys.staff.models import Account
from tests.chromium import OpenPage, axe, without_axe
from tests.factories import in_days, make_series
from tests.followup.scenes import CAME, make_answers, make_company, make_held, seat
from tests.staff_fixtures import served
from tests.staff_walk import FITS, press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("app", ["sqlite"], indirect=True)]

LONG = "Hållbarhetsrapporteringsskyldighetsöversyn för små och medelstora företag i Sjuhärad"


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    with served(app) as at:
        yield f"{at}/personal"


def furnished() -> list[str]:
    """A plan of this year and of the half that ended latest, judged, settled and opened again; pages of every kind."""
    at, (year, half) = now(), last_half(now())
    this_year = local(at).year
    series = make_series(name="Frukostmöte om framtidens kompetensförsörjning")
    event = make_held(in_days(-20), series, title=LONG)
    with transaction():
        seat(event, make_company(), CAME, CAME)
        make_answers(event, [(8, 9, 7)] * 9, 12)
        for one in sorted({year, this_year}):
            new_plan(one, "Alva Ek", at)
        db.session.add(_long_goal(year, series))
        db.session.flush()
        for place, goal in enumerate(goals_of(year)):
            assess(year, half, goal.id, list(Light)[place % 3], f"{LONG}. Det går framåt.", "Alva Ek", at)
        settle(year, half, "Alva Ek", at)
        reopen(year, half, LONG, "Alva Ek", at)
        posts = next(goal for goal in goals_of(year) if goal.by_hand)
        assess(year, half, posts.id, Light.RED, "Långt kvar.", "Bo Alm", at)
        add_entry(year, posts.id, Written(_day(year, half), 12.0, "", LONG), "Alva Ek", at)
        settle(year, half, "Bo Alm", at)
        add_entry(year, posts.id, Written(_day(year, half), 1.5, "", "Glömd"), "Alva Ek", at)
    return [
        "", f"/{year}/{half}", f"/{this_year}/1", f"/{this_year}/2", f"/{year}/mal", f"/{year}/mal/nytt",
        f"/{year}/mal/{posts.id}", f"/{year}/mal/{posts.id}/ta-bort", f"/{year}/mal/{posts.id}/siffror",
        f"/{year}/{half}/mal/{posts.id}", f"/{year}/{half}/oppna", f"/{year}/{half}/faststall",
        f"/{this_year}/nyckeltal?period=ar", f"/{this_year}/nyckeltal/nki?period=ar",
        f"/{this_year}/nyckeltal/deltagare?period=ar&serie={series.id}", f"/{this_year}/nyckeltal/besok",
    ]  # fmt: skip


def _day(year: int, half: int) -> date:
    return report_of(year, half, now()).period.first


def _long_goal(year: int, series: Series) -> Goal:
    return Goal(
        year=year, position=99, focus_area=LONG, name=LONG, unit="deltagare", target=1234567.5, figure="deltagare",
        series_id=series.id, to_stratsys=True, explanation=LONG, created_at=now(),
    )  # fmt: skip


def test_every_page_fits_and_passes_axe(address: str, administrator: Account, page: Page) -> None:
    paths = furnished()
    sign_in(page, address, administrator)
    for path in paths:
        page.goto(f"{address}/uppfoljning{path}")
        assert page.evaluate(FITS), path
        axe(page)
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate(FITS), f"{path} at 320 px"
        page.set_viewport_size({"width": 390, "height": 844})


def test_an_office_without_a_plan_passes_axe(address: str, administrator: Account, page: Page) -> None:
    sign_in(page, address, administrator)
    page.goto(f"{address}/uppfoljning")
    assert page.evaluate(FITS)
    axe(page)


def test_a_half_year_is_planned_judged_and_settled_without_javascript(
    address: str, administrator: Account, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    without_axe(page)
    year, half = last_half(now())
    sign_in(page, address, administrator)
    page.goto(f"{address}/uppfoljning")
    page.get_by_label("År", exact=True).fill(str(year))
    press(page, "Skapa årsplanen")
    goals = list(goals_of(year))
    with transaction():
        for goal in goals[1:]:
            assess(year, half, goal.id, Light.GREEN, "", "Alva Ek", now())
    page.goto(f"{address}/uppfoljning/{year}/{half}/mal/{goals[0].id}")
    page.get_by_text("Gult", exact=True).click()
    page.get_by_label("Kommentar").fill("Två evenemang till i höst.")
    press(page, "Spara bedömningen")
    page.get_by_role("link", name="Fastställ").click()
    press(page, "Fastställ rapporten")
    assert "Rapporten är fastställd." in page.content()
    assert "Två evenemang till i höst." in page.content()
