"""Signing in, waiting after failures, sessions."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.staff import passwords
from eventsys.staff.guards import local_path
from eventsys.staff.models import Account, EndedSession, Role
from eventsys.staff.routes import NO_SIGN_IN, TOO_MANY
from eventsys.staff.signing_in import LONGEST_SESSION, Attempt, sign_in, try_password, wait_after
from tests.staff_fixtures import PASSWORD, Visitor, new_account, see_anew, visitor, visitor_as

MORNING = datetime(2027, 3, 5, 7, 0, tzinfo=UTC)


def try_to_sign_in(client: Visitor, email: str, password: str = PASSWORD, **more: str):
    return client.post("/personal/logga-in", data={"email": email, "password": password, **more})


def acts_of(account: Account) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.subject == f"account:{account.id}").order_by(AuditEntry.id)
    return list(db.session.scalars(query.order_by(AuditEntry.id)))


def test_the_right_password_signs_in_and_leads_to_the_page_asked_for(anyone: Visitor, organiser: Account) -> None:
    asked = anyone.get("/personal/konto?flik=1")
    assert asked.status_code == 302
    assert asked.location == "/personal/logga-in?vidare=/personal/konto?flik%3D1"
    page = anyone.get(asked.location)
    assert 'name="vidare" type="hidden" value="/personal/konto?flik=1"' in page.text
    answer = try_to_sign_in(anyone, organiser.email.upper(), vidare="/personal/konto?flik=1")
    assert (answer.status_code, answer.location) == (302, "/personal/konto?flik=1")
    assert anyone.get("/personal/konto").status_code == 200
    assert acts_of(organiser) == ["account.signed_in"]
    assert db.session.scalars(select(AuditEntry.actor)).one() == organiser.actor


@pytest.mark.parametrize("who", ["known", "unknown", "invited", "closed"])
def test_every_refusal_reads_the_same(anyone: Visitor, organiser: Account, who: str) -> None:
    invited, closed = new_account(email="ny@boras.example", password=""), new_account(email="slut@boras.example")
    with transaction():
        db.session.get(Account, closed.id).closed_at = now()  # type: ignore[union-attr]
    email = {"known": organiser.email, "unknown": "x@boras.example", "invited": invited.email, "closed": closed.email}
    password = PASSWORD if who in {"invited", "closed"} else "helt fel lösenord"
    answer = try_to_sign_in(anyone, email[who], password)
    assert answer.status_code == 422
    assert answer.text.count(NO_SIGN_IN) == 2  # in the summary and at the field
    assert "Fel: Logga in" in answer.text
    assert password not in answer.text
    assert anyone.get("/personal/konto").status_code == 302


def test_an_unknown_address_takes_as_long_as_a_known_one(app: Flask, organiser: Account) -> None:
    def seconds(email: str) -> float:
        began = time.process_time()  # of this process only: the machine may be busy with others
        try_password(email, "helt fel lösenord")
        return time.process_time() - began

    pairs = [(seconds(organiser.email), seconds("ingen@boras.example")) for _ in range(4)]
    known, unknown = (min(column) for column in zip(*pairs, strict=True))
    assert 0.6 < known / unknown < 1.7
    assert not passwords.is_dated(passwords._NOBODYS), "make a new hash for nobody with today's parameters"


def test_waiting_grows_to_a_quarter_of_an_hour() -> None:
    minutes = [wait_after(tries) // timedelta(minutes=1) for tries in range(3, 12)]
    assert minutes == [0, 0, 1, 2, 4, 8, 15, 15, 15]
    assert wait_after(10**6) == timedelta(minutes=15)


def wrong(account: Account) -> Attempt:
    return Attempt(account.email, account.password_hash, matches=False)


def right(account: Account) -> Attempt:
    return Attempt(account.email, account.password_hash, matches=True)


def attempt(one: Attempt) -> Account | None:
    with transaction():
        return sign_in(one)


def test_after_five_failures_even_the_right_password_waits(organiser: Account, editor: Account) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        for _ in range(5):
            assert attempt(wrong(organiser)) is None
        assert attempt(right(organiser)) is None
        assert attempt(right(editor)) is not None, "others must not wait"
        clock.shift(timedelta(seconds=59))
        assert attempt(right(organiser)) is None
        clock.shift(timedelta(seconds=2))
        assert attempt(right(organiser)) is not None
    assert db.session.get(Account, organiser.id).failed_tries == 0  # type: ignore[union-attr]
    assert acts_of(organiser) == ["account.locked", "account.signed_in"]


def test_tries_while_waiting_do_not_prolong_it(organiser: Account) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        for _ in range(50):
            attempt(wrong(organiser))
        clock.shift(timedelta(seconds=61))
        assert attempt(right(organiser)) is not None


def test_many_tries_at_once_are_counted_one_after_the_other(app: Flask, organiser: Account) -> None:
    guess = wrong(organiser)
    start = threading.Barrier(8)

    def one() -> None:
        with app.app_context():
            start.wait()
            attempt(guess)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    see_anew()
    account = db.session.get(Account, organiser.id)
    assert account is not None
    assert (account.failed_tries, account.is_locked(now())) == (5, True)


def test_a_password_changed_meanwhile_is_not_accepted_any_more(organiser: Account) -> None:
    good = right(organiser)
    with transaction():
        db.session.get(Account, organiser.id).password_hash = "another"  # type: ignore[union-attr]
    assert attempt(good) is None


def test_a_dated_hash_is_renewed_when_signing_in(anyone: Visitor, organiser: Account) -> None:
    with transaction():
        weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
        db.session.get(Account, organiser.id).password_hash = weak  # type: ignore[union-attr]
    assert try_to_sign_in(anyone, organiser.email).status_code == 302
    account = db.session.get(Account, organiser.id)
    assert account is not None
    assert not passwords.is_dated(account.password_hash)
    assert passwords.matches(account.password_hash, PASSWORD)


def test_a_and_ring_may_be_typed_as_one_character_or_two() -> None:
    assert passwords.matches(passwords.hash_password("pa\u030askliljor i backen"), "p\u00e5skliljor i backen")


@pytest.mark.parametrize("poor", ["elva tecken", "x" * 201, "alva@boras.example", "aaaaaaaaaaaaaaa"])
def test_poor_passwords_are_refused_with_what_to_do(poor: str) -> None:
    with pytest.raises(passwords.PoorPassword):
        passwords.check_password(poor, "alva@boras.example")


# --- sessions -----------------------------------------------------------------------------------------------------


def test_what_a_session_held_before_signing_in_is_forgotten(anyone: Visitor, organiser: Account) -> None:
    anyone.get("/personal/logga-in")
    with anyone.session_transaction() as session:
        session["planted"], session["csrf_token"] = "by somebody", "known to somebody"
    try_to_sign_in(anyone, organiser.email)
    with anyone.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "known to somebody"


def test_a_session_ends_two_hours_after_the_last_page_and_twelve_after_the_first(
    app: Flask, organiser: Account
) -> None:
    with time_machine.travel(now() + timedelta(hours=1), tick=False) as clock:
        idle, busy = visitor_as(app, organiser), visitor_as(app, organiser)
        clock.shift(timedelta(hours=1, minutes=59))
        assert busy.get("/personal/konto").status_code == 200
        clock.shift(timedelta(minutes=2))
        assert idle.get("/personal/konto").status_code == 302
        for _ in range(5):
            assert busy.get("/personal/konto").status_code == 200
            clock.shift(timedelta(minutes=119))
        assert busy.get("/personal/konto").status_code == 200
        clock.shift(timedelta(minutes=10))
        assert busy.get("/personal/konto").status_code == 302


def test_signing_out_everywhere_ends_every_browser(app: Flask, organiser: Account) -> None:
    here, there = visitor_as(app, organiser), visitor_as(app, organiser)
    assert here.post("/personal/konto/logga-ut-overallt").location == "/personal/logga-in"
    assert here.get("/personal/konto").status_code == 302
    assert there.get("/personal/konto").status_code == 302


def test_signing_out_ends_this_browser_only(app: Flask, organiser: Account) -> None:
    here, there = visitor_as(app, organiser), visitor_as(app, organiser)
    assert "Du är utloggad" in here.get(here.post("/personal/logga-ut").location).text
    assert here.get("/personal/konto").status_code == 302
    assert there.get("/personal/konto").status_code == 200


def test_a_copy_of_the_cookie_is_worth_nothing_after_signing_out(
    app: Flask, anyone: Visitor, organiser: Account
) -> None:
    elsewhere, copier = visitor(app), visitor(app)
    for browser in (anyone, elsewhere):
        assert try_to_sign_in(browser, organiser.email).status_code == 302
    copied = anyone.get_cookie("eventsys").value
    copier.set_cookie("eventsys", copied)
    assert copier.get("/personal/konto").status_code == 200
    anyone.post("/personal/logga-ut")
    for browser in (anyone, copier):
        browser.set_cookie("eventsys", copied)
        assert browser.get("/personal/konto").status_code == 302
    copier.set_cookie("eventsys", copied)
    assert copier.post("/personal/logga-ut").status_code == 302, "once more does no harm"
    assert elsewhere.get("/personal/konto").status_code == 200, "the person's other browser stays signed in"


def test_ended_sessions_are_forgotten_when_their_cookies_would_be_too_old(
    app: Flask, anyone: Visitor, organiser: Account
) -> None:
    with transaction():
        db.session.add(EndedSession(key="old", ended_at=now() - LONGEST_SESSION - timedelta(seconds=1)))
    try_to_sign_in(anyone, organiser.email)
    anyone.post("/personal/logga-ut")
    see_anew()
    (ended,) = db.session.scalars(select(EndedSession))
    assert ended.key != "old"


def test_a_new_password_ends_other_sessions_but_not_this_one(app: Flask, organiser: Account) -> None:
    here, there = visitor_as(app, organiser), visitor_as(app, organiser)
    new = "ett alldeles nytt lösenord"
    form = {"current": PASSWORD, "password": new, "again": new}
    assert here.post("/personal/konto/losenord", data=form).location == "/personal/konto"
    assert here.get("/personal/konto").status_code == 200
    assert there.get("/personal/konto").status_code == 302
    assert try_to_sign_in(visitor(app), organiser.email, new).status_code == 302


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"current": "fel lösenord helt"}, "Det stämmer inte med lösenordet du har nu."),
        ({"password": "kort", "again": "kort"}, "Lösenordet är 4 tecken, minst 12 behövs."),
        ({"again": "något annat än det nya"}, "De två lösenorden är olika."),
    ],
)
def test_a_password_change_says_at_the_field_what_is_wrong(
    app: Flask, organiser: Account, change: dict[str, str], words: str
) -> None:
    form = {"current": PASSWORD, "password": "ett alldeles nytt lösenord", "again": "ett alldeles nytt lösenord"}
    answer = visitor_as(app, organiser).post("/personal/konto/losenord", data={**form, **change})
    assert answer.status_code == 422
    assert answer.text.count(words) == 2


def test_an_account_made_anew_under_the_same_number_inherits_no_session(app: Flask, organiser: Account) -> None:
    old = visitor_as(app, organiser)
    with transaction():
        db.session.get(Account, organiser.id).sessions_valid_from = now() + timedelta(seconds=1)  # type: ignore[union-attr]
    assert old.get("/personal/konto").status_code == 302


# --- around it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example/personal", "/\\evil.example", "/personal\\@evil.example",
        "\t/personal", "/personal/\n//evil.example", "javascript:alert(1)", "/personalen", "/evenemang", "", None,
        "/personal/logga-ut", "/personal/logga-in?vidare=/personal/logga-in",
    ],
)  # fmt: skip
def test_nobody_is_led_astray_after_signing_in(wanted: str | None) -> None:
    assert local_path(wanted) == "/personal"


def test_pages_of_our_own_are_kept() -> None:
    for path in ("/personal", "/personal/konto", "/personal/evenemang?sida=2&q=a%20b"):
        assert local_path(path) == path


@pytest.fixture
def three_a_minute(app: Flask) -> Iterator[None]:
    before = app.extensions["eventsys_settings"]
    app.extensions["eventsys_settings"] = dataclasses.replace(before, rate_limit_sign_in="3 per minute")
    yield
    app.extensions["eventsys_settings"] = before


@pytest.mark.usefixtures("three_a_minute")
def test_too_many_tries_from_one_address_are_told_in_swedish(anyone: Visitor, organiser: Account) -> None:
    for _ in range(3):
        assert try_to_sign_in(anyone, "x@boras.example", "").status_code == 422
    answer = try_to_sign_in(anyone, organiser.email)
    assert answer.status_code == 429
    assert TOO_MANY in answer.text
    assert anyone.post("/personal/glomt", data={"email": organiser.email}).status_code == 429
    assert anyone.get("/personal/logga-in").status_code == 200


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(anyone: Visitor) -> None:
    answer = anyone.post("/personal/konto", headers={"Referer": "http://localhost/personal/konto?a=1"})
    assert answer.location == "/personal/logga-in?vidare=/personal/konto?a%3D1"


def test_a_script_that_saves_is_told_in_json(anyone: Visitor) -> None:
    answer = anyone.post("/personal/konto", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"sign_in": "/personal/logga-in"})


def test_a_wrong_role_is_told_which_is_needed(signed_in_client: Callable[[Role], Visitor]) -> None:
    answer = signed_in_client(Role.EDITOR).get("/personal/installningar/konton")
    assert answer.status_code == 403
    assert "Sidan är öppen för rollen administratör. Din roll är redaktör." in " ".join(answer.text.split())


def test_staff_pages_are_kept_by_nobody(signed_in_client: Callable[[Role], Visitor]) -> None:
    assert signed_in_client(Role.HOST).get("/personal/konto").headers["Cache-Control"] == "no-store"


def test_forms_without_their_token_are_refused(app: Flask, anyone: Visitor, organiser: Account) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert try_to_sign_in(anyone, organiser.email).status_code == 400
        page = anyone.get("/personal/logga-in").text
        token = page.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
        assert try_to_sign_in(anyone, organiser.email, csrf_token=token).status_code == 302
        assert anyone.post("/personal/logga-ut").status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
