"""The settings of the welcome letters: kept when they hold, refused at the field that is wrong."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.database import db
from eventsys.newsletters.welcome.models import Folding, WelcomeSettings
from eventsys.newsletters.welcome.settings import welcome_settings
from eventsys.staff.models import Account, Role
from tests.factories import make_series
from tests.public.reading import Read
from tests.staff_fixtures import Visitor, new_account, organiser, see_anew, visitor_as  # noqa: F401

PATH = "/personal/nyhetsbrev/valkomstbrev/installningar"
FIELDS = {
    "starts_on": "2026-03-01", "most_months": "18", "series_id": "", "window_left": "20", "window_top": "50",
    "window_width": "90", "window_height": "35", "folding": "half",
}  # fmt: skip


@pytest.fixture(autouse=True)
def town() -> None:
    """Nobody has set anything yet."""


@pytest.fixture
def staff(app: Flask, organiser: Account) -> Visitor:  # noqa: F811
    """A browser signed in as organiser."""
    return visitor_as(app, organiser)


def kept() -> WelcomeSettings:
    see_anew()
    return welcome_settings()


def test_settings_are_kept_and_noted(staff: Visitor) -> None:
    series = make_series(name="Välkomstträff")
    answer = staff.post(PATH, data={**FIELDS, "series_id": str(series.id)})
    assert answer.status_code == 302
    now_kept = kept()
    assert (now_kept.starts_on, now_kept.most_months, now_kept.series_id) == (date(2026, 3, 1), 18, series.id)
    window = (now_kept.window_left, now_kept.window_top, now_kept.window_width, now_kept.window_height)
    assert window == (20, 50, 90, 35)
    assert now_kept.folding is Folding.HALF
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "welcome_settings.changed").order_by(AuditEntry.id)
    ).all()
    assert len(entries) == 1
    page = Read(staff.get(PATH))
    assert page.tree.xpath("//select[@id='series_id']/option[@selected]/text()") == ["Välkomstträff"]
    assert page.tree.xpath("//input[@id='window_left']/@value") == ["20"]


def test_before_anybody_has_set_anything_the_right_window_is_shown(staff: Visitor) -> None:
    page = Read(staff.get(PATH))
    assert [page.tree.xpath(f"//input[@id='window_{name}']/@value")[0] for name in ("left", "top", "width", "height")] \
        == ["110", "45", "85", "30"]  # fmt: skip
    left = Read(staff.get(f"{PATH}?fonster=vanster"))
    assert left.tree.xpath("//input[@id='window_left']/@value") == ["20"]
    assert db.session.get(WelcomeSettings, 1) is None, "looking keeps nothing"


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("window_left", "150", "Flytta det åt vänster eller gör det smalare."),
        ("window_left", "2", "närmare kanten når inte skrivaren"),
        ("window_top", "130", "pappret viks vid 148,5 mm"),
        ("window_width", "50", "minst 60 mm brett"),
        ("window_height", "10", "minst 20 mm högt"),
        ("window_height", "-1", "Skriv ett tal mellan 0 och 297."),
        ("window_top", "fem", "Skriv talet med siffror."),
        ("window_left", "", "Skriv ett tal mellan 0 och 210."),
        ("most_months", "0", "Skriv ett tal mellan 1 och 60."),
        ("starts_on", "igår", "Skriv datumet som år-månad-dag"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_changes_nothing(
    staff: Visitor, field: str, value: str, why: str
) -> None:
    answer = staff.post(PATH, data={**FIELDS, field: value})
    assert answer.status_code == 422
    page = Read(answer)
    assert why in page.tree.xpath(f"string(//*[@id='{field}-error'])")
    assert page.tree.xpath("//*[@class='error-summary']")
    assert page.tree.xpath(f"//*[@id='{field}']/@value")[:1] in ([value], [])
    assert db.session.get(WelcomeSettings, 1) is None


def test_an_unknown_folding_is_refused(staff: Visitor) -> None:
    assert staff.post(PATH, data={**FIELDS, "folding": "dragspel"}).status_code == 422
    assert staff.post(PATH, data={key: value for key, value in FIELDS.items() if key != "folding"}).status_code == 422


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", Role)
def test_writers_see_the_settings_and_those_who_take_lists_out_change_them(app: Flask, role: Role) -> None:
    client = visitor_as(app, new_account(role))
    changes = role in (Role.ORGANISER, Role.ADMINISTRATOR)
    page = client.get(PATH)
    assert page.status_code == (200 if changes or role is Role.EDITOR else 403)
    assert ("Spara inställningarna" in page.text) is changes
    assert client.post(PATH, data=FIELDS).status_code == (302 if changes else 403)
