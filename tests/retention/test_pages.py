"""Pages of retention: rules with their decisions, what would go, protocols as page, table and paper."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
import time_machine
from flask import Flask
from pypdf import PdfReader

from eventsys.audit import AuditEntry
from eventsys.database import db
from eventsys.privacy.retention import actors
from eventsys.privacy.retention.models import RetentionRun
from eventsys.retention import RetentionRule, Unit
from eventsys.staff.models import Account, Role
from tests.retention.months import Made, day_of, make_month
from tests.retention.test_running import decide, work_off
from tests.staff_fixtures import Visitor, see_anew, visitor_as

RULES = "/personal/gallring"
PEOPLE = f"{RULES}/regler/events.people"


@pytest.fixture
def admin(app: Flask, administrator: Account) -> Visitor:
    return visitor_as(app, administrator)


@pytest.fixture
def run_id(app: Flask) -> int:
    make_month(Made(), 0)
    decide("events.people", "mail.letters")
    with time_machine.travel(day_of(30, 5), tick=False):
        actors.begin_night(0)
        work_off()
    return db.session.query(RetentionRun.id).one()[0]


def test_a_rule_is_set_and_the_privacy_page_says_so(admin: Visitor) -> None:
    assert "12 månader" not in admin.get("/personuppgifter").text
    form = {"number": "12", "unit": "months", "reference": "KS 2026-00123 § 45", "decided_on": "2026-11-02"}
    answer = admin.post(PEOPLE, data=form)
    assert answer.location == RULES
    see_anew()
    rule = db.session.get_one(RetentionRule, "events.people")
    assert (rule.number, rule.unit, rule.decided_on) == (12, Unit.MONTHS, date(2026, 11, 2))
    page = admin.get(RULES).text
    assert "KS 2026-00123 § 45" in page
    assert "Gallras" in page
    shown = "<strong>Deltagare vid evenemang:</strong> till 12 månader efter evenemanget."
    assert shown in admin.get("/personuppgifter").text
    assert "until 12 months after the event." in admin.get("/en/personuppgifter").text


def test_a_rule_without_a_reference_waits_and_is_not_on_the_privacy_page(admin: Visitor) -> None:
    answer = admin.post(PEOPLE, data={"number": "12", "unit": "months", "reference": "", "decided_on": ""})
    assert "Inget gallras förrän" in admin.get(answer.location).text
    assert "Väntar på beslut" in admin.get(RULES).text
    assert "12 månader" not in admin.get("/personuppgifter").text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"decided_on": ""}, "Skriv dagen då beslutet fattades."),
        ({"reference": ""}, "Utan beteckning gallras inget."),
        ({"decided_on": "2140-01-01"}, "inte varit än"),
        ({"number": "tolv"}, "Skriv antalet med siffror."),
        ({"number": "0"}, "minst 1 månad"),
        ({"number": "-1"}, "Skriv ett antal mellan"),
        ({"unit": "år"}, "Not a valid choice"),
    ],
)
def test_a_rule_that_says_too_little_is_refused_with_what_to_do(
    admin: Visitor, changed: dict[str, str], words: str
) -> None:
    form = {"number": "12", "unit": "months", "reference": "KS 1", "decided_on": "2026-11-02", **changed}
    answer = admin.post(PEOPLE, data=form)
    assert answer.status_code == 422
    assert words in answer.text or "unit" in changed
    see_anew()
    assert db.session.query(RetentionRule).count() == 0


def test_a_rule_is_taken_away(admin: Visitor) -> None:
    decide("events.people")
    assert "borttagen" in admin.get(admin.post(f"{PEOPLE}/ta-bort").location).text
    assert "redan borttagen" in admin.get(admin.post(f"{PEOPLE}/ta-bort").location).text
    assert admin.get(f"{RULES}/regler/events.nothing").status_code == 404
    assert admin.post(f"{RULES}/regler/events.nothing", data={}).status_code == 404


def test_looking_at_what_would_go_destroys_nothing(admin: Visitor) -> None:
    make_month(made := Made(), 0)
    decide("events.people")
    with time_machine.travel(day_of(30, 5), tick=False):
        page = visitor_as(admin.application, _account()).get(f"{RULES}/nu").text
    assert "Deltagare vid evenemang" in page
    assert '<td class="num">1</td>' in page
    assert made.gone("events.people") == 0


def _account() -> Account:
    return db.session.query(Account).first()


def test_a_protocol_says_what_how_many_when_and_by_which_decision(admin: Visitor, run_id: int) -> None:
    page = admin.get(f"{RULES}/protokoll/{run_id}").text
    for words in ("Deltagare vid evenemang", "Gjorda namnlösa", "12 månader efter evenemanget", "Påhittat KS 2026-1",
                  "3 uppgifter gallrades", "Gäller utan beslut"):  # fmt: skip
        assert words in page, words
    listed = admin.get(f"{RULES}/protokoll").text
    assert f"{RULES}/protokoll/{run_id}" in listed
    assert admin.get(f"{RULES}/protokoll/{run_id + 1}").status_code == 404


def test_a_protocol_is_taken_out_as_table_and_on_paper_and_that_is_recorded(admin: Visitor, run_id: int) -> None:
    file = admin.get(f"{RULES}/protokoll/{run_id}/protokoll.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.data)).active.iter_rows(values_only=True))
    assert [row[:3] for row in rows[1:]] == [
        ("Mat och allergi", "Borttagna", 1), ("Deltagare vid evenemang", "Gjorda namnlösa", 1),
        ("Brevloggen", "Gjorda namnlösa", 1),
    ]  # fmt: skip
    assert "Påhittat KS 2026-1" in admin.get(f"{RULES}/protokoll/{run_id}/protokoll.csv").data.decode("utf-8-sig")
    paper = admin.get(f"{RULES}/protokoll/{run_id}/protokoll.pdf")
    text = " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages).split())
    assert "Gallringsprotokoll" in text
    assert "Deltagare vid evenemang" in text
    see_anew()
    entries = db.session.query(AuditEntry).filter_by(action="retention.protocol_taken_out").order_by(AuditEntry.id)
    assert [one.detail["kind"] for one in entries] == ["xlsx", "csv", "pdf"]


def test_without_anything_destroyed_the_list_says_so(admin: Visitor) -> None:
    assert "Inget har gallrats än" in admin.get(f"{RULES}/protokoll").text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", [RULES, f"{RULES}/nu", f"{RULES}/protokoll", PEOPLE])
def test_only_administrators_see_retention(signed_in_client, role: Role, path: str) -> None:
    assert signed_in_client(role).get(path).status_code == 403
