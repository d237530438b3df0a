"""Tokens, the clock, dates on pages, settings, forms and the broker."""

# ruff: noqa: DTZ001 - times on the wall have no zone
from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm

from eventsys import tokens
from eventsys.broker import BrokerAway, Job, init_broker, start_worker
from eventsys.broker import job as declare_job
from eventsys.clock import from_local, local
from eventsys.config import Settings, SettingsError, load_settings, with_own_secret
from eventsys.forms import EmailField, LineField, PhoneField, at_most, normal_email, required, squeeze
from eventsys.i18n import clock, day, moment, number, period, short_day, speaking
from eventsys.tick import tick
from tests.servers import free_port

quick = settings(max_examples=150, deadline=None, database=None, derandomize=True)

# --- tokens -----------------------------------------------------------------------------------------------------------


def test_tokens_are_long_different_and_safe_in_an_address():
    made = {tokens.new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(token) for token in made} == {32}
    assert all(character.isalnum() or character in "-_" for token in made for character in token)


def test_ticket_codes_fit_the_alphanumeric_mode_of_qr_codes():
    made = {tokens.new_ticket_code() for _ in range(1000)}
    assert len(made) == 1000
    assert all(tokens.looks_like_ticket(code) and len(code) == 18 for code in made)
    assert set("".join(made)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_the_code_for_reading_aloud_is_the_beginning_of_the_ticket():
    assert tokens.human_code("T1ABCDEFGHIJKLMNOP") == "ABCD-EFGH"


@quick
@given(st.text(max_size=24))
def test_other_texts_do_not_look_like_tickets(text):
    assert not tokens.looks_like_ticket(text)
    assert not tokens.looks_like_ticket(tokens.new_ticket_code() + "\n")


# --- the clock --------------------------------------------------------------------------------------------------------


def test_a_wall_time_that_summer_time_skips_is_an_hour_later_on_the_wall():
    moment_in_utc = from_local(datetime(2026, 3, 29, 2, 30))
    assert moment_in_utc == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert local(moment_in_utc).replace(tzinfo=None) == datetime(2026, 3, 29, 3, 30)


def test_a_wall_time_that_comes_twice_means_the_first():
    assert from_local(datetime(2026, 10, 25, 2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@quick
@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_a_wall_time_comes_back_as_it_was_unless_summer_time_skips_it(wall):
    back = local(from_local(wall)).replace(tzinfo=None)
    assert back - wall in (timedelta(0), timedelta(hours=1))
    if back != wall:
        assert (wall.month, wall.hour, wall.isoweekday()) == (3, 2, 7)


# --- dates on pages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def in_march(app):
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False):
        yield


@pytest.mark.usefixtures("in_march")
def test_dates_are_written_the_swedish_way_and_in_english():
    start, end = datetime(2026, 3, 6, 10, 30, tzinfo=UTC), datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
    assert period(start, end) == "fredag 6 mars kl. 11.30–13.00"
    assert short_day(date(2027, 5, 1)) == "1 maj 2027"
    assert number(8500) == "8\N{NO-BREAK SPACE}500"
    with speaking("en"):
        assert moment(start) == "Friday 6 March at 11:30"
        assert number(8500) == "8,500"


@pytest.mark.usefixtures("in_march")
def test_the_clock_on_pages_follows_summer_time():
    assert clock(datetime(2026, 3, 28, 11, tzinfo=UTC)) == "12.00"
    assert clock(datetime(2026, 3, 29, 11, tzinfo=UTC)) == "13.00"
    assert clock(datetime(2026, 10, 25, 11, tzinfo=UTC)) == "12.00"


@pytest.mark.usefixtures("in_march")
def test_the_day_on_pages_is_the_day_in_boras_not_in_utc():
    assert day(datetime(2026, 6, 1, 22, 30, tzinfo=UTC)) == "tisdag 2 juni"
    assert period(datetime(2026, 6, 1, 21, tzinfo=UTC), datetime(2026, 6, 1, 23, tzinfo=UTC)).count("juni") == 2


@pytest.mark.usefixtures("in_march")
def test_the_year_is_told_when_it_is_not_this_one_in_boras():
    assert day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)).endswith("2027")


# --- forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("Anna@Foretag.SE", "anna@foretag.se"),
        (" åsa.öberg@räksmörgås.se ", "åsa.öberg@räksmörgås.se"),
        ("anna@xn--rksmrgs-5wao1o.se", "anna@räksmörgås.se"),
        ("anna@RÄKSMÖRGÅS.se", "anna@räksmörgås.se"),
        (unicodedata.normalize("NFD", "åsa@räksmörgås.se"), "åsa@räksmörgås.se"),
        ("o'neill+lunch@sub.foretag.example", "o'neill+lunch@sub.foretag.example"),
    ],
)
def test_addresses_are_compared_in_one_form(typed, normal):
    assert normal_email(typed) == normal
    assert normal_email(normal) == normal


@pytest.mark.parametrize(
    "typed", ["", "anna", "anna@", "@foretag.se", "anna@@foretag.se", "anna@foretag", "anna foretag@x.se",
              "a@b.se, c@d.se", "a@b.se\nBcc: x@y.se", "a@" + "b" * 300 + ".se", "<a@b.se>", "a@[127.0.0.1]"],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        normal_email(typed)


@quick
@given(st.emails())
def test_an_address_in_its_normal_form_stays_as_it_is(address):
    try:
        normal = normal_email(address)
    except ValueError:
        return
    assert normal_email(normal) == normal == normal_email(address.upper())


@quick
@given(st.text(max_size=5000))
def test_a_squeezed_line_is_one_line_that_every_database_and_letter_takes(text):
    line = squeeze(text)
    assert squeeze(line) == line
    assert line == line.strip()
    assert "  " not in line
    assert line.isprintable()
    line.encode()


def test_marks_that_nobody_sees_do_not_part_a_name():
    assert squeeze("Eriks\N{SOFT HYPHEN}son\N{ZERO WIDTH SPACE}") == "Eriksson"
    assert squeeze("A\u030asa\r\nBcc: x") == "Åsa Bcc: x"
    assert squeeze(None) == ""


class Card(PlainForm):
    name = LineField("Namn", [required("Skriv namnet."), at_most(120)])
    email = EmailField("E-post")
    phone = PhoneField("Mobil")


def card(**typed: str) -> Card:
    form = Card(MultiDict(typed))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("033-35 70 00", "+4633357000"),
        ("+46 33 35 70 00", "+4633357000"),
        ("0046 33 357000", "+4633357000"),
        ("070-123 45 67", "+46701234567"),
        ("+47 22 12 34 56", "+4722123456"),
        ("", ""),
    ],
)
def test_phones_are_kept_as_typed_and_in_the_international_form(app, typed, e164):
    form = card(name="A", phone=typed)
    assert (form.errors, form.phone.e164, form.phone.data) == ({}, e164, typed)


@pytest.mark.parametrize("typed", ["12", "ring mig", "+46 33 35 70 00 00 00 00 00", "0" * 40])
def test_what_is_no_phone_says_how_to_write_one(app, typed):
    assert "033-35 70 00" in str(card(name="A", phone=typed).phone.errors[0])


def test_five_thousand_characters_say_how_many_fit(app):
    form = card(name="å" * 5000)
    assert "5000 tecken, högst 120" in str(form.name.errors[0]).replace("\N{NO-BREAK SPACE}", "")
    assert str(card(name="  \N{ZERO WIDTH SPACE} ").name.errors[0]) == "Skriv namnet."
    assert card(name="å" * 120).errors == {}


# --- settings ---------------------------------------------------------------------------------------------------------


def test_settings_come_from_the_environment_and_what_is_given_wins():
    made = load_settings({"EVENTSYS_SMTP_CONNECTIONS": "7", "EVENTSYS_LOG_LEVEL": ""}, log_level="DEBUG")
    assert (made.smtp_connections, made.log_level, made.tick_seconds) == (7, "DEBUG", Settings().tick_seconds)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("EVENTSYS_SMTP_CONNECTIONS", "många"),
        ("EVENTSYS_SMTP_CONNECTIONS", "-1"),
        ("EVENTSYS_SMTP_CONNECTIONS", "0"),
        ("EVENTSYS_BASE_URL", "event.example.se"),
        ("EVENTSYS_BASE_URL", "https://event.example.se/under"),
        ("EVENTSYS_SMTP_URL", "mail.example.se:587"),
        ("EVENTSYS_BROKER_URL", "http://x"),
        ("EVENTSYS_DATABASE_URL", "mysql://x"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name, text):
    with pytest.raises(SettingsError, match=name):
        load_settings({name: text})


def test_the_secret_is_made_once_and_readable_only_by_its_owner(tmp_path):
    first = with_own_secret(Settings(data_dir=str(tmp_path / "new")))
    assert with_own_secret(Settings(data_dir=str(tmp_path / "new"))).secret_key == first.secret_key
    assert len(first.secret_key) >= 48
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o077 == 0
    assert with_own_secret(Settings(secret_key="given")).secret_key == "given"


# --- the broker -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_a_job_that_fails_is_not_tried_again_and_stops_nobody_else(app):
    rung: list[int] = []

    def answer(subject_id: int) -> None:
        rung.append(subject_id)
        if subject_id == 1:
            raise ValueError("nej")

    job = Job(answer, "tests", 10_000)
    before = app.extensions["eventsys_broker"]
    init_broker(app, "", [job])
    worker = start_worker(app, threads=1)
    try:
        for subject_id in (1, 2, 3):
            job.ring(subject_id)
        app.extensions["eventsys_broker"].join("tests", timeout=10_000)
    finally:
        worker.stop()
        app.extensions["eventsys_broker"].close()
        app.extensions["eventsys_broker"] = before
    assert rung == [1, 2, 3]


def test_a_tick_goes_on_when_the_broker_is_away(app, monkeypatch):
    rung = []

    @declare_job(queue="tests")
    def bell(_id):
        rung.append("never")

    before = app.extensions["eventsys_broker"]
    init_broker(app, f"redis://127.0.0.1:{free_port()}/0", [bell])  # nobody listens there
    try:
        with pytest.raises(BrokerAway):
            bell.ring()
        monkeypatch.setattr("eventsys.tick.DUE", (bell.ring, lambda: rung.append("next")))
        assert tick()
    finally:
        app.extensions["eventsys_broker"] = before
    assert rung == ["next"]
