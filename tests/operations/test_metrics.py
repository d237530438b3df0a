"""/metrics: for whom it is, and that its figures are those of the rows and of what happened."""

from __future__ import annotations

import re
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from flask import Flask
from sqlalchemy import insert

from eventsys import create_app
from eventsys.clock import local, now
from eventsys.companies.models import Import, ImportFormat, ImportState
from eventsys.database import db, transaction
from eventsys.events.registration import FullNow, IfFull, register
from eventsys.leases import hold_lease
from eventsys.mail.models import Delivery, Mailing, MailingState, Priority, Relay, State
from eventsys.mail.throttle import relay_row
from eventsys.operations.models import Kind, Worker
from eventsys.privacy.models import PersonRequest, RequestState, Wish
from eventsys.privacy.retention.models import RetentionRun
from eventsys.staff.models import Role
from tests.conftest import settings_for_tests
from tests.desk.scenes import make_letter
from tests.factories import make_event, make_wish
from tests.journeys.product import app_of, environment, fresh_settings, process, served_at
from tests.operations.reading import figures
from tests.servers import ServerProcess, free_port
from tests.staff_fixtures import PASSWORD, new_account, visitor

TOKEN = "a-token-for-prometheus"


def scraped(app: Flask, **given: object) -> dict[str, float]:
    answer = visitor(app).get("/metrics", **given)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return figures(answer.text)


# --- for whom ------------------------------------------------------------------------------------------------------


def test_it_opens_from_the_machine_itself(app):
    for address in ("127.0.0.1", "127.8.8.8", "::1"):
        assert visitor(app).get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == 200


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "", "unknown"])
def test_from_elsewhere_there_is_no_such_page(app, address):
    answer = visitor(app).get("/metrics", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 404
    assert "eventsys_" not in answer.text


@pytest.mark.parametrize(
    "header", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"]
)
def test_what_came_through_a_proxy_did_not_come_from_the_machine_itself(app, header):
    for value in ("127.0.0.1", "192.0.2.7", ""):
        assert visitor(app).get("/metrics", headers={header: value}).status_code == 404


def test_with_a_proxy_in_front_loopback_opens_nothing(app, use_settings):
    use_settings(base_url="https://event.example.se")
    assert visitor(app).get("/metrics").status_code == 404


def test_behind_a_trusted_proxy_nobody_forges_loopback(tmp_path):
    with app_of(fresh_settings("sqlite", tmp_path, trusted_proxies=1)) as app:
        for headers in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-For": "127.0.0.1, 127.0.0.1"}):
            assert visitor(app).get("/metrics", headers=headers).status_code == 404


def test_the_token_opens_it_from_anywhere_and_nothing_else_does(app, use_settings):
    use_settings(metrics_token=TOKEN, base_url="https://event.example.se")
    far = {"REMOTE_ADDR": "192.0.2.7"}
    good = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "192.0.2.7"}
    assert visitor(app).get("/metrics", environ_base=far, headers=good).status_code == 200
    for wrong in ("", "Bearer", "Bearer ", TOKEN, f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "Bearer åäö", "Basic x"):
        assert visitor(app).get("/metrics", environ_base=far, headers={"Authorization": wrong}).status_code == 404


def test_without_a_token_an_empty_one_opens_nothing(app):
    far = {"REMOTE_ADDR": "192.0.2.7"}
    for given in ("Bearer ", "Bearer", "Bearer None"):
        assert visitor(app).get("/metrics", environ_base=far, headers={"Authorization": given}).status_code == 404


def test_no_cookie_is_set(app):
    assert "Set-Cookie" not in visitor(app).get("/metrics").headers


# --- what rows tell ------------------------------------------------------------------------------------------------


def test_an_empty_system_has_a_figure_for_everything(app):
    seen = scraped(app)
    assert seen["eventsys_database_up"] == seen["eventsys_database_migrated"] == 1
    for state in State:
        assert seen[f'eventsys_letters{{state="{state}"}}'] == 0
    for kind in Kind:
        assert f'eventsys_trouble{{kind="{kind}"}}' in seen
    assert seen["eventsys_tick_lag_seconds"] == float("inf")
    assert seen["eventsys_workers"] == seen["eventsys_relay_stopped"] == 0
    assert seen["eventsys_database_bytes"] > 10_000
    assert 0 < seen["eventsys_disk_free_bytes"] < seen["eventsys_disk_bytes"]


def test_letters_are_counted_by_state_and_the_oldest_due_by_priority(app):
    at = now()
    make_letter(State.ACCEPTED)
    make_letter(State.UNKNOWN)
    make_letter(State.QUEUED, not_before=at - timedelta(minutes=20))
    make_letter(State.DEFERRED, not_before=at - timedelta(minutes=50))
    make_letter(State.DEFERRED, not_before=at + timedelta(hours=2))
    make_letter(State.QUEUED, not_before=at - timedelta(minutes=90), priority=Priority.REMINDER)
    make_letter(State.CLAIMED, not_before=at - timedelta(hours=9))
    seen = scraped(app)
    assert seen['eventsys_letters{state="queued"}'] == seen['eventsys_letters{state="deferred"}'] == 2
    assert seen['eventsys_letters{state="accepted"}'] == seen['eventsys_letters{state="unknown"}'] == 1
    assert seen['eventsys_letters_due{priority="confirmation"}'] == 2
    assert seen['eventsys_letters_due{priority="reminder"}'] == 1
    assert seen['eventsys_oldest_due_letter_seconds{priority="confirmation"}'] == pytest.approx(50 * 60, abs=20)
    assert seen['eventsys_oldest_due_letter_seconds{priority="reminder"}'] == pytest.approx(90 * 60, abs=20)
    assert seen['eventsys_trouble{kind="letters"}'] == 1


def test_a_mailing_that_stands_still_is_seen_and_one_that_was_put_off_is_not(app):
    at = now()
    stands = make_mailing(moved_at=at - timedelta(hours=3))
    make_letter(State.QUEUED, mailing_id=stands.id, not_before=at - timedelta(hours=4))
    put_off = make_mailing(moved_at=at - timedelta(hours=9))
    make_letter(State.DEFERRED, mailing_id=put_off.id, not_before=at - timedelta(hours=8))
    make_mailing(MailingState.DONE, moved_at=at - timedelta(days=9))
    seen = scraped(app)
    assert seen['eventsys_mailings{state="sending"}'] == 2
    assert seen['eventsys_mailings{state="done"}'] == 1
    assert seen["eventsys_mailing_standstill_seconds"] == pytest.approx(3 * 3600, abs=20)
    assert seen['eventsys_trouble{kind="mailings"}'] == 1
    assert seen['eventsys_letters_due{priority="confirmation"}'] == 0


def make_mailing(state: MailingState = MailingState.SENDING, **given: object) -> Mailing:
    mailing = Mailing(name="Företagsamt", state=state, created_at=now(), **given)
    with transaction():
        db.session.add(mailing)
    return mailing


def test_a_relay_that_cannot_be_reached_is_seen_until_it_takes_letters_again(app, use_settings):
    use_settings(smtp_url="smtp://relay.example:25")
    with transaction():
        row = relay_row("relay.example:25", now(), lock=True)
        row.stopped_until, row.failures, row.sent_today = now() + timedelta(minutes=10), 3, 17
    seen = scraped(app)
    assert (seen["eventsys_relay_stopped"], seen["eventsys_relay_letters_today"]) == (1, 17)
    with transaction():
        row = db.session.query(Relay).one()
        row.stopped_until = now() - timedelta(minutes=1)
    assert scraped(app)["eventsys_relay_stopped"] == 0  # nothing waits, so nobody knows
    make_letter(State.DEFERRED, not_before=now() + timedelta(minutes=5))
    assert scraped(app)["eventsys_relay_stopped"] == 1


def test_the_tick_and_the_workers_are_seen_in_their_rows(app):
    at = now()
    assert hold_lease("tick", timedelta(seconds=30))
    with transaction():
        for number, age in enumerate((10, 100, 300)):
            seen_at = at - timedelta(seconds=age)
            db.session.add(Worker(holder=f"w{number}", begun_at=seen_at, seen_at=seen_at))
    seen = scraped(app)
    assert 0 <= seen["eventsys_tick_lag_seconds"] < 20
    assert seen["eventsys_workers"] == 2
    assert seen['eventsys_trouble{kind="clock"}'] == seen['eventsys_trouble{kind="workers"}'] == 0


def test_imports_wishes_and_retention_are_seen(app):
    at = now()
    with transaction():
        for state in (ImportState.WAITING, ImportState.CONFIRMED, ImportState.DONE):
            age = timedelta(minutes=40)
            db.session.add(Import(format=ImportFormat.OWN, state=state, created_at=at - age))
        for state, days in ((RequestState.ERASING, 5), (RequestState.WAITING, 40), (RequestState.DONE, 90)):
            db.session.add(make_request(state, days))
        db.session.add(RetentionRun(night=local(at).date(), begun_by="klockan", begun_at=at - timedelta(hours=1)))
    seen = scraped(app)
    assert seen['eventsys_imports{state="waiting"}'] == seen['eventsys_imports{state="confirmed"}'] == 1
    assert seen["eventsys_imports_waiting_seconds"] == pytest.approx(40 * 60, abs=20)
    assert (seen["eventsys_erasings"], seen["eventsys_person_requests_overdue"]) == (1, 1)
    assert seen["eventsys_oldest_erasing_seconds"] == pytest.approx(5 * 86400, abs=20)
    assert seen["eventsys_retention_unfinished_seconds"] == pytest.approx(3600, abs=20)
    assert seen["eventsys_retention_last_run_timestamp_seconds"] == pytest.approx(at.timestamp() - 3600, abs=20)


def make_request(state: RequestState, days: int) -> PersonRequest:
    at = now() - timedelta(days=days)
    return PersonRequest(
        token=f"{state}{days}", wish=Wish.ERASE, state=state, address="asa@firma.example", created_at=at,
        ends_at=at + timedelta(days=1), due_on=local(at + timedelta(days=30)).date(), handled_at=at,
    )  # fmt: skip


def test_imports_that_a_worker_is_at_are_not_waiting(app):
    at = now()
    with transaction():
        for state, lease in ((ImportState.READING, at + timedelta(minutes=1)), (ImportState.WAITING, None)):
            db.session.add(
                Import(format=ImportFormat.OWN, state=state, created_at=at - timedelta(hours=2), lease_until=lease)
            )
    assert scraped(app)["eventsys_imports_waiting_seconds"] == 0


def test_a_database_that_is_away_is_a_figure_and_not_an_error(tmp_path):
    url = f"postgresql+psycopg://eventsys@127.0.0.1:{free_port()}/nobody"
    cut_off = create_app(settings_for_tests(url, tmp_path, log_level="CRITICAL"))
    with cut_off.app_context():
        seen = scraped(cut_off)
    assert seen["eventsys_database_up"] == 0
    assert any(name.startswith("eventsys_requests_total") for name in seen)
    assert not any(name.startswith("eventsys_letters") for name in seen)


# --- what it costs -------------------------------------------------------------------------------------------------


def test_it_costs_the_same_few_questions_however_much_there_is(app, count_queries):
    browser = visitor(app)
    with count_queries() as few:
        browser.get("/metrics")
    for _ in range(10):
        make_letter(State.QUEUED, not_before=now() - timedelta(hours=1))
        mailing = make_mailing(moved_at=now())
        make_letter(State.QUEUED, mailing_id=mailing.id)
    with count_queries() as many:
        browser.get("/metrics")
    assert len(many) == len(few) <= 16, "\n".join(many)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_letters_are_counted_and_found_through_an_index(app, count_queries):
    fill_with_letters(20_000)
    with count_queries() as asked:
        visitor(app).get("/metrics")
    asked_of_letters = [statement for statement in asked if "FROM delivery" in statement]
    assert len(asked_of_letters) >= 2
    for statement in asked_of_letters:
        values = ["2020-01-01"] * statement.count("?")
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values)).all()
        assert all("USING" in row[3] and "INDEX" in row[3] for row in plan if "delivery" in row[3]), (statement, plan)


def fill_with_letters(number: int) -> None:
    at = now()
    shared = {
        "letter": "events/ticket", "subject_id": 1, "about": "", "name": "", "organisation": "", "lang": "sv",
        "subject": "Du är anmäld", "priority": 0, "not_before": at, "lease_owner": "", "attempts": 1,
        "smtp_reply": "250 OK", "reason": "", "created_at": at, "changed_at": at, "state": State.ACCEPTED,
    }  # fmt: skip
    rows = [
        {**shared, "purpose_key": f"k{n}", "address": f"a{n}@f.example", "token": f"t{n}", "message_id": f"m{n}"}
        for n in range(number)
    ]
    with transaction():
        db.session.execute(insert(Delivery), rows)


# --- what only a process knows -------------------------------------------------------------------------------------


def difference(app: Flask, before: dict[str, float], name: str) -> float:
    return scraped(app).get(name, 0) - before.get(name, 0)


def test_requests_are_counted_by_pattern_and_class_of_status(app):
    event, before = make_event(), scraped(app)
    visitor(app).get(f"/evenemang/{event.slug}")
    visitor(app).get("/evenemang/finns-inte")
    pattern = 'method="GET",route="/evenemang/<slug>"'
    assert difference(app, before, f'eventsys_requests_total{{{pattern},status="2xx"}}') == 1
    assert difference(app, before, f'eventsys_requests_total{{{pattern},status="4xx"}}') == 1
    assert difference(app, before, f"eventsys_request_seconds_count{{{pattern}}}") == 2
    assert difference(app, before, f'eventsys_request_seconds_bucket{{le="+Inf",{pattern}}}') == 2


def test_whatever_is_asked_for_makes_no_labels_of_its_own(app):
    visitor(app).get("/metrics")
    before = len(scraped(app))
    for path in ("/hemligt/asa@firma.example", "/wp-login.php", "/bokning", "/%00", "/å"):
        visitor(app).get(path)
    visitor(app).open("/", method="BREW")
    visitor(app).open("/", method="STEAL")
    rise = len(scraped(app)) - before
    visitor(app).open("/mer", method="MAKE")
    visitor(app).get("/och-mer")
    assert len(scraped(app)) - before == rise


def test_no_label_holds_a_token_an_id_or_an_address(app):
    event = make_event()
    with transaction():
        token = register(event.id, make_wish(["Åsa Ek"]), now()).registration.token
    for path in (f"/bokning/{token}", f"/evenemang/{event.slug}", "/avsluta/hemlig-nyckel-1234567890"):
        visitor(app).get(path)
    text = visitor(app).get("/metrics").text
    assert 'route="/bokning/<token>"' in text
    for hidden in (token, event.slug, "hemlig-nyckel", "asa@firma.example", "Åsa"):
        assert hidden not in text
    labels = set(re.findall(r'(\w+)="', text))
    assert labels <= {"state", "priority", "kind", "method", "route", "status", "le", "outcome", "version"}


def test_refusals_for_want_of_seats_are_counted(app):
    event, before = make_event(capacity=1), scraped(app)
    with transaction():
        register(event.id, make_wish(["Åsa Ek"]), now())
    with pytest.raises(FullNow), transaction():
        register(event.id, make_wish(["Bo Alm"]), now())
    with transaction():
        register(event.id, make_wish(["Bo Alm"], if_full=IfFull.QUEUE_ALL), now())
    assert difference(app, before, 'eventsys_capacity_refusals_total{outcome="full"}') == 1
    assert difference(app, before, 'eventsys_capacity_refusals_total{outcome="queued"}') == 1
    assert difference(app, before, 'eventsys_transactions_total{outcome="kept"}') == 2


def test_sign_ins_are_counted_by_how_they_ended(app):
    account, before = new_account(Role.HOST), scraped(app)
    for password in ("fel lösenord här", PASSWORD):
        visitor(app).post("/personal/logga-in", data={"email": account.email, "password": password})
    assert difference(app, before, 'eventsys_sign_ins_total{outcome="failed"}') == 1
    assert difference(app, before, 'eventsys_sign_ins_total{outcome="good"}') == 1


# --- several processes ---------------------------------------------------------------------------------------------


def read(url: str) -> dict[str, float]:
    request = Request(f"{url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urlopen(request) as answer:
        return figures(answer.read().decode())


def test_two_web_processes_count_together_and_keep_what_a_third_counted(tmp_path: Path):
    folder = tmp_path / "counted"
    settings = fresh_settings("sqlite", tmp_path, metrics_folder=str(folder), metrics_token=TOKEN)
    ports = [free_port() for _ in range(3)]
    start = 'eventsys_requests_total{method="GET",route="/",status="2xx"}'
    webs = [process("web", settings=served_at(settings, port), port=port) for port in ports]
    with webs[0], webs[1]:
        with webs[2]:
            for port in ports:
                urlopen(f"http://127.0.0.1:{port}/").read()
        for port in ports[:2]:
            assert read(f"http://127.0.0.1:{port}")[start] == 3
            assert read(f"http://127.0.0.1:{port}")["eventsys_database_up"] == 1
    assert list(folder.glob("*.db"))


def test_a_folder_that_is_cleared_away_costs_counts_and_no_page(tmp_path: Path):
    folder, port = tmp_path / "counted", free_port()
    settings = served_at(fresh_settings("sqlite", tmp_path, metrics_folder=str(folder), metrics_token=TOKEN), port)
    environment_of = {"env": environment(settings), "program": [sys.executable, "-m", "eventsys.cli"]}
    with ServerProcess("web", "--port", port, **environment_of) as web:
        web.wait_for_output("Listening")
        shutil.rmtree(folder)
        for _ in range(2):
            assert urlopen(f"http://127.0.0.1:{port}/healthz").status == 200
        assert read(settings.base_url)["eventsys_database_up"] == 1
