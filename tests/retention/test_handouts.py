"""Public records handed out: what is masked is nowhere in the file, diet is in no set, and what was given is noted."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from eventsys import audit
from eventsys.audit import AuditEntry
from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.events.models import Event, Question
from eventsys.handing_out import MASK, record_set, record_sets
from eventsys.mail.models import Delivery, Mailing, MailingExclusion
from eventsys.privacy.handouts.giving import Masking, NothingChosen, Wish, file_of
from eventsys.privacy.handouts.models import Handout
from eventsys.sheets import FileKind
from eventsys.staff.models import Account, Role
from eventsys.surveys.models import QuestionKind, Survey, SurveyAnswer, SurveyResponse, SurveyState
from tests.companies.scenes import contact_of, keep, make_company, visit_of
from tests.factories import make_event, make_person, make_registration
from tests.newsletters.factories import make_reader
from tests.retention.months import Made, make_month
from tests.staff_fixtures import Visitor, see_anew, visitor_as
from tests.surveys.results_scenes import EIGHTS, make_survey

OUT = "/personal/utlamnande"
SECRETS = ("hemliga", "Hemliga", "HEMLIGA", "070-123", "Nötallergi")


@pytest.fixture
def admin(app: Flask, administrator: Account) -> Visitor:
    return visitor_as(app, administrator)


def everything_with_secrets() -> None:
    """Something in every set, with a secret word in every personal cell."""
    event = make_event(title="Lunch", asks_diet=True)
    with transaction():
        question = Question(series_id=event.series_id, label="Vad vill du fråga?")
        db.session.add(question)
        db.session.flush()
        person = make_person(
            "Hemliga Ek", "hemliga@ek.example", phone="070-123 45 67", phone_e164="+46701234567", diet="Nötallergi",
            answers={question.id: "En hemliga fråga"},
        )  # fmt: skip
        make_registration(event, [person], company_name="Hemliga Ek Firma", sole_trader=True)
    make_reader("hemliga@ek.example", name="Hemliga Ek", organisation="Hemliga Ek Firma")
    company = make_company("Hemliga Ek Firma", care_of="c/o Hemliga", street="Hemliga gatan 1")
    keep(
        contact_of(company.id, "hemliga@ek.example", name="Hemliga Ek", phone="070-123 45 67"),
        visit_of(company.id, met="Hemliga Ek", text="Om Hemliga Ek", themes="Hemliga", follow_up="Ring Hemliga"),
    )
    make_month(Made(), 0)
    with transaction():
        mailing = db.session.scalars(select(Mailing)).one()
        for delivery in db.session.scalars(select(Delivery).where(Delivery.mailing_id == mailing.id)):
            delivery.address, delivery.name = f"hemliga{delivery.id}@ek.example", "Hemliga Ek"
            delivery.smtp_reply, delivery.reason = "550 <hemliga@ek.example>", "Nej till hemliga@ek.example"
        for left_out in db.session.scalars(select(MailingExclusion)):
            left_out.address, left_out.name = "hemliga@ek.example", "Hemliga Ek"
        audit.act_as("Hemliga Ek")
        audit.record("event.published", "event:1", name="hemliga")
    survey = make_survey(event, EIGHTS)
    with transaction():
        kept = db.session.merge(survey)
        text = next(one.id for one in kept.questions if one.kind is QuestionKind.TEXT)
        for response_id in db.session.scalars(
            select(SurveyResponse.id).where(SurveyResponse.survey_id == kept.id)
        ).all():
            db.session.add(SurveyAnswer(response_id=response_id, question_id=text, text="Tack Hemliga Ek"))


def wish_of(key: str) -> Wish:
    records = record_set(key)
    today = local(now()).date()
    first, last = (date(2020, 1, 1), today) if records.by_period else (None, None)
    if records.choices is None:
        return Wish(records, "", first, last)
    return Wish(records, _richest(records), first, last)


def _richest(records: Any) -> str:
    """The choice with the secrets in it."""
    values = [choice.value for choice in records.choices()]
    return next(value for value in values if "emliga" in repr(list(records.table(value, None, None).rows)))


def unfolded(content: bytes, kind: FileKind) -> str:
    """Every byte of the file as text; what an .xlsx has folded is unfolded."""
    if kind is FileKind.CSV:
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


KEYS = (
    "events.participants", "newsletters.readers", "mail.ledger", "surveys.texts", "companies.companies",
    "companies.contacts", "companies.visits", "staff.trail",
)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_masked_columns_are_nowhere_in_the_files_bytes(app: Flask, key: str) -> None:
    everything_with_secrets()
    wish = wish_of(key)
    columns = wish.table().columns
    names = [column.name for column in columns]
    masking = Masking(names, {column.name for column in columns if column.personal})
    for kind in FileKind:
        given = file_of(wish, masking, kind)
        text = unfolded(given.content, kind)
        assert given.rows > 0
        assert MASK in text
        assert not [secret for secret in SECRETS if secret in text]
        open_text = unfolded(file_of(wish, Masking(names, ()), kind).content, kind)
        assert [secret for secret in SECRETS if secret in open_text], "the test would not see an unmasked cell"
        assert "Nötallergi" not in open_text, "diet is in no set"


def test_the_sets_are_these_and_answers_to_surveys_hold_no_person(app: Flask) -> None:
    assert {one.key for one in record_sets()} == {*KEYS, "surveys.answers"}
    survey = make_survey(answers=EIGHTS)
    table = record_set("surveys.answers").table(str(survey.id), None, None)
    assert not [column for column in table.columns if column.personal]
    assert len(list(table.rows)) == len(EIGHTS)


def test_an_open_survey_is_not_handed_out(app: Flask) -> None:
    survey = make_survey(answers=EIGHTS, state=SurveyState.OPEN)
    with pytest.raises(NotFound):
        record_set("surveys.answers").table(str(survey.id), None, None)
    assert db.session.get(Survey, survey.id) is not None


def test_columns_that_are_left_out_are_not_there(app: Flask) -> None:
    event = make_event()
    make_registration(event, ["Åsa Ek"])
    wish = Wish(record_set("events.participants"), str(event.id))
    given = file_of(wish, Masking(["Status", "Datum"], ()), FileKind.CSV)
    rows = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Datum", "Status"]
    assert "Åsa" not in given.content.decode("utf-8-sig")
    with pytest.raises(NothingChosen):
        file_of(wish, Masking([], ()), FileKind.CSV)


def test_a_formula_is_handed_out_as_text(app: Flask) -> None:
    event = make_event()
    make_registration(event, ["=HYPERLINK(1)"])
    wish = Wish(record_set("events.participants"), str(event.id))
    content = file_of(wish, Masking(["Namn"], ()), FileKind.CSV).content.decode("utf-8-sig")
    assert '"\'=HYPERLINK(1)"' in content


# --- the pages ----------------------------------------------------------------------------------------------------


@pytest.fixture
def lunch(app: Flask) -> Event:
    event = make_event(title="Lunch")
    make_registration(event, [make_person("Åsa Ek", "asa@ek.example")])
    return event


def test_everything_personal_is_masked_until_somebody_decides_otherwise(admin: Visitor, lunch: Event) -> None:
    page = admin.get(f"{OUT}/events.participants?val={lunch.id}").text
    assert "Maskera e-post" in page
    assert MASK in page
    assert "asa@ek.example" not in page
    assert "lämnas ut öppet" not in page


def test_a_decision_is_shown_before_the_file_leaves(admin: Visitor, lunch: Event) -> None:
    form = {"kept": ["4", "5"], "masked": ["5"], "gor": "visa"}
    page = admin.post(f"{OUT}/events.participants?val={lunch.id}", data=form).text
    assert "Åsa Ek" in page
    assert "asa@ek.example" not in page
    assert "Det här lämnas ut öppet" in page
    see_anew()
    assert db.session.query(Handout).count() == 0


def test_a_handout_is_a_file_and_a_row_without_who_asked(admin: Visitor, lunch: Event) -> None:
    form = {"kept": ["0", "4", "5"], "masked": ["5"], "gor": "xlsx", "case_number": "KS 2026-77",
            "reason": "Ingen skada"}  # fmt: skip
    answer = admin.post(f"{OUT}/events.participants?val={lunch.id}", data=form)
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert rows == [("Evenemang", "Namn", "E-post"), ("Lunch", "Åsa Ek", MASK)]
    see_anew()
    handout = db.session.query(Handout).one()
    assert (handout.columns, handout.masked, handout.rows) == (["Evenemang", "Namn", "E-post"], ["E-post"], 1)
    assert (handout.case_number, handout.kind) == ("KS 2026-77", "xlsx")
    entry = db.session.query(AuditEntry).filter_by(action="handout.handed_out").one()
    assert entry.detail == {"rows": 1, "masked": 1, "kind": "xlsx"}
    listed = admin.get(f"{OUT}/lista").text
    assert "KS 2026-77" in listed
    assert "Ingen skada" in admin.get(f"{OUT}/lista/{handout.id}").text
    columns = {column.name for column in Handout.__table__.columns}
    assert not columns & {"asked_by", "recipient", "who", "name", "email"}


def test_the_trail_is_chosen_by_days(admin: Visitor) -> None:
    assert "Skriv den första dagen" not in admin.get(f"{OUT}/staff.trail").text
    answer = admin.get(f"{OUT}/staff.trail?fran=2026-02-01&till=2026-01-01").text
    assert "ligger före den första" in answer
    page = admin.get(f"{OUT}/staff.trail?fran=2026-01-01&till=2030-01-01").text
    assert "Maskera vem" in page


def test_strange_addresses_find_nothing(admin: Visitor, lunch: Event) -> None:
    for path in ("okand", "events.participants?val=x", "events.participants?val=²", "events.participants?val=99999999",
                 "events.participants?val=99999999999999999999", "companies.visits?val=1700"):  # fmt: skip
        assert admin.get(f"{OUT}/{path}").status_code == 404, path
    assert admin.post(f"{OUT}/events.participants", data={"gor": "csv"}).status_code == 404
    form = {"kept": ["4", "99", "-1", "x"], "gor": "csv"}
    assert admin.post(f"{OUT}/events.participants?val={lunch.id}", data=form).status_code == 422
    nothing = admin.post(f"{OUT}/events.participants?val={lunch.id}", data={"gor": "csv"})
    assert nothing.status_code == 422
    assert "Välj minst en kolumn" in nothing.text


def test_a_draft_is_nobodys_to_hand_out(admin: Visitor) -> None:
    draft = make_event(state="draft")
    assert admin.get(f"{OUT}/events.participants?val={draft.id}").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
@pytest.mark.parametrize("path", [OUT, f"{OUT}/lista", f"{OUT}/companies.contacts"])
def test_only_administrators_hand_out(signed_in_client, role: Role, path: str) -> None:
    assert signed_in_client(role).get(path).status_code == 403
