"""The second factor: codes from an app after the password, recovery codes, and what happens when they are lost."""

from __future__ import annotations

import dataclasses
import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.letters import letter_named
from eventsys.mail.models import Delivery
from eventsys.personal import Person
from eventsys.sealing import BrokenSeal, seal, unseal
from eventsys.staff import accounts, second_factor
from eventsys.staff.commands import staff as staff_command
from eventsys.staff.models import Account, RecoveryCode, Role
from eventsys.staff.personal import extract
from eventsys.staff.second_factor import Verdict
from eventsys.staff.second_factor_pages import REFUSALS, TOO_LATE
from eventsys.staff.tries import TOO_MANY
from tests.staff.second_steps import SECRET, acts_of, anew, code, give_second_factor, wrong_code
from tests.staff_fixtures import PASSWORD, Visitor, new_account, visitor, visitor_as

MORNING = datetime(2027, 3, 5, 7, 0, tzinfo=UTC)
CODE, FIRST_SETUP, SETUP = "/personal/logga-in/kod", "/personal/logga-in/tva-steg", "/personal/konto/tva-steg"
RECOVERY, OFF = "/personal/konto/reservkoder", "/personal/konto/tva-steg/av"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def colleague(app: Flask, clock: time_machine.Traveller) -> Account:
    """Somebody with a second factor and ten recovery codes."""
    account = new_account(Role.ORGANISER)
    give_second_factor(account)
    return account


@pytest.fixture
def required(app: Flask) -> Iterator[None]:
    before = app.extensions["eventsys_settings"]
    app.extensions["eventsys_settings"] = dataclasses.replace(before, second_factor="required")
    yield
    app.extensions["eventsys_settings"] = before


def give_password(client: Visitor, account: Account, wanted: str = ""):
    form = {"email": account.email, "password": PASSWORD, "vidare": wanted}
    return client.post("/personal/logga-in", data=form)


def half_way_in(client: Visitor, account: Account, wanted: str = "") -> Visitor:
    """A browser in which the right password was given a moment ago, without the slow password."""
    with client.session_transaction() as session:
        session["half_way"] = {"id": account.id, "at": now().timestamp(), "wanted": wanted}
    return client


def is_in(client: Visitor) -> bool:
    return client.get("/personal/konto").status_code == 200


def judge(account: Account, text: str) -> Verdict:
    with transaction():
        return second_factor.sign_in_with_code(account.id, text)


def posted(letter: str) -> list[str]:
    return list(db.session.scalars(select(Delivery.address).where(Delivery.letter == letter)))


def typed_secret(page: str) -> str:
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found, "the page shows the secret as text"
    assert all(len(group) == 4 for group in found[1].split())
    return found[1].replace(" ", "")


def shown_codes(page: str) -> list[str]:
    return re.findall(r'<code class="secret">([A-Z2-7 ]{19})</code>', page)


# --- turning it on ------------------------------------------------------------------------------------------------


def test_a_colleague_turns_it_on_with_a_right_code_and_gets_ten_recovery_codes(app: Flask, organiser: Account) -> None:
    here, there = visitor_as(app, organiser), visitor_as(app, organiser)
    page = here.get(SETUP).text
    secret = typed_secret(page)
    assert 'class="qr"' in page
    assert typed_secret(here.get(SETUP).text) == secret, "loading the page again must not undo what was scanned"
    answer = here.post(SETUP, data={"code": wrong_code()})
    assert (answer.status_code, answer.text.count("Koden stämmer inte.")) == (422, 2)
    assert not anew(organiser).has_second_factor
    answer = here.post(SETUP, data={"code": code(secret=secret)})
    assert answer.status_code == 200
    assert len(set(shown_codes(answer.text))) == 10
    assert anew(organiser).has_second_factor
    assert is_in(here)
    assert not is_in(there), "other sessions began with the password alone"
    assert acts_of(organiser) == ["account.second_factor_on"]
    assert posted("staff.second_factor_on") == [organiser.email]
    assert here.post(SETUP, data={"code": code(secret=secret)}).location == "/personal/konto"


def test_what_is_kept_is_neither_the_secret_nor_the_codes(app: Flask, organiser: Account) -> None:
    codes = give_second_factor(organiser)
    account = anew(organiser)
    assert SECRET not in str(account.second_factor)
    assert second_factor.unsealed(str(account.second_factor)) == SECRET
    marks = set(db.session.scalars(select(RecoveryCode.mark)))
    assert len(marks) == 10
    assert not marks & set(codes)


def test_a_seal_opens_for_its_purpose_and_key_only(app: Flask) -> None:
    sealed = seal("hemligt", "one")
    assert unseal(sealed, "one") == "hemligt"
    assert seal("hemligt", "one") != sealed
    for broken, purpose in ((sealed, "another"), (sealed[:-4] + "AAAA", "one"), ("", "one")):
        with pytest.raises(BrokenSeal):
            unseal(broken, purpose)


def test_the_address_for_the_app_names_the_account_and_the_office(app: Flask, organiser: Account) -> None:
    address = second_factor.address_for_app(SECRET, organiser)
    assert address.startswith("otpauth://totp/")
    assert f"secret={SECRET}" in address
    assert organiser.email.replace("@", "%40") in address


# --- signing in ---------------------------------------------------------------------------------------------------


def test_after_the_password_comes_the_code_and_then_the_page_asked_for(
    app: Flask, anyone: Visitor, colleague: Account
) -> None:
    answer = give_password(anyone, colleague, "/personal/konto?flik=1")
    assert (answer.status_code, answer.location) == (302, CODE)
    assert not is_in(anyone)
    assert anew(colleague).signed_in_at is None
    assert anyone.get(CODE).status_code == 200
    answer = anyone.post(CODE, data={"code": f"{code()[:3]} {code()[3:]}"})
    assert (answer.status_code, answer.location) == (302, "/personal/konto?flik=1")
    assert is_in(anyone)
    assert anew(colleague).signed_in_at == MORNING
    assert acts_of(colleague)[-1] == "account.signed_in"


def test_half_way_in_opens_no_page_but_the_code(app: Flask, anyone: Visitor, colleague: Account) -> None:
    half_way_in(anyone, colleague)
    for path in ("/personal", "/personal/konto", "/personal/evenemang", SETUP, RECOVERY, OFF):
        assert anyone.get(path).location.startswith("/personal/logga-in"), path
    assert anyone.get(FIRST_SETUP).location == "/personal/logga-in", "nobody sets up another in place of the one there"
    answer = anyone.post(FIRST_SETUP, data={"code": code()})
    assert answer.location == "/personal/logga-in"


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(-60, "wrong"), (-30, "right"), (0, "right"), (30, "right"), (60, "wrong")]
)
def test_codes_of_the_step_before_and_after_are_right_too(colleague: Account, seconds: int, verdict: str) -> None:
    assert judge(colleague, code(timedelta(seconds=seconds))) == verdict


def test_a_code_is_taken_once(app: Flask, colleague: Account, clock: time_machine.Traveller) -> None:
    used = code()
    for status in (302, 422):
        answer = half_way_in(visitor(app), colleague).post(CODE, data={"code": used})
        assert answer.status_code == status
    assert REFUSALS[Verdict.WRONG] in answer.text
    assert judge(colleague, code(timedelta(seconds=-30))) is Verdict.WRONG, "nor an earlier one"
    clock.shift(timedelta(seconds=30))
    assert judge(colleague, code()) is Verdict.RIGHT


def test_the_code_that_turned_it_on_counts_as_used(
    app: Flask, clock: time_machine.Traveller, organiser: Account
) -> None:
    with transaction():
        second_factor.turn_on(organiser.id, SECRET, code())
    assert judge(organiser, code()) is Verdict.WRONG


def test_of_many_who_give_the_same_code_at_once_one_gets_in(app: Flask, organiser: Account) -> None:
    give_second_factor(organiser)
    start, found, given, account_id = threading.Barrier(6), [], code(), organiser.id

    def one() -> None:
        with app.app_context():
            start.wait()
            with transaction():
                verdict = second_factor.sign_in_with_code(account_id, given)
            found.append(verdict)

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(Verdict.RIGHT) == 1
    assert len(found) == 6


def test_after_five_wrong_codes_even_a_right_one_waits(
    app: Flask, colleague: Account, clock: time_machine.Traveller
) -> None:
    assert [judge(colleague, wrong_code()) for _ in range(5)] == [Verdict.WRONG] * 4 + [Verdict.WAITING]
    answer = half_way_in(visitor(app), colleague).post(CODE, data={"code": code()})
    assert answer.status_code == 422
    assert REFUSALS[Verdict.WAITING] in answer.text
    clock.shift(timedelta(seconds=61))
    assert judge(colleague, wrong_code()) is Verdict.WAITING, "the next wait is longer"
    clock.shift(timedelta(seconds=61))
    assert judge(colleague, code()) is Verdict.WAITING
    clock.shift(timedelta(seconds=61))
    assert judge(colleague, code()) is Verdict.RIGHT
    assert anew(colleague).failed_codes == 0
    assert acts_of(colleague).count("account.codes_locked") == 2


def test_neither_the_right_password_nor_a_new_one_by_letter_ends_the_wait_for_codes(
    anyone: Visitor, colleague: Account
) -> None:
    for _ in range(5):
        judge(colleague, wrong_code())
    assert give_password(anyone, colleague).location == CODE
    assert anew(colleague).failed_codes == 5
    with transaction():
        token = accounts.new_link(db.session.get_one(Account, colleague.id), accounts.RESET_HOLDS)
    anyone.post(f"/personal/losenord/{token}", data={"password": "ett nytt lösenord", "again": "ett nytt lösenord"})
    assert judge(colleague, code()) is Verdict.WAITING


def test_wrong_passwords_of_a_stranger_make_nobody_wait_for_codes(colleague: Account) -> None:
    with transaction():
        row = db.session.get_one(Account, colleague.id)
        row.failed_tries, row.locked_until = 9, now() + timedelta(minutes=15)
    assert judge(colleague, code()) is Verdict.RIGHT


def test_a_new_password_by_letter_still_asks_for_the_code(anyone: Visitor, colleague: Account) -> None:
    with transaction():
        token = accounts.new_link(db.session.get_one(Account, colleague.id), accounts.RESET_HOLDS)
    new = {"password": "ett alldeles nytt lösenord", "again": "ett alldeles nytt lösenord"}
    answer = anyone.post(f"/personal/losenord/{token}", data=new)
    assert answer.location == CODE
    assert not is_in(anyone)
    assert "Lösenordet är sparat." in anyone.get(CODE).text
    assert anyone.post(CODE, data={"code": code()}).status_code == 302
    assert is_in(anyone)


@pytest.mark.parametrize("ended_by", ["time", "signing out everywhere", "closing", "nothing before"])
def test_half_way_ends(
    app: Flask, anyone: Visitor, colleague: Account, clock: time_machine.Traveller, ended_by: str
) -> None:
    if ended_by != "nothing before":
        half_way_in(anyone, colleague)
    if ended_by == "time":
        clock.shift(timedelta(minutes=10, seconds=1))
    else:
        clock.shift(timedelta(seconds=1))
    with transaction():
        row = db.session.get_one(Account, colleague.id)
        if ended_by == "signing out everywhere":
            row.sessions_valid_from = now()
        if ended_by == "closing":
            row.closed_at = now()
    answer = anyone.post(CODE, data={"code": code()})
    assert answer.location == "/personal/logga-in"
    assert TOO_LATE in anyone.get(answer.location).text
    assert not is_in(anyone)


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example", "\\\\evil.example", "/%5Cevil.example", "https:evil.example", "https://evil.example/personal",
        "javascript:alert(1)", "/personal\n//evil.example", "/personal/..//evil.example\t", "/\\evil.example",
    ],
)  # fmt: skip
def test_a_code_leads_nobody_astray(app: Flask, anyone: Visitor, colleague: Account, wanted: str) -> None:
    answer = half_way_in(anyone, colleague, wanted).post(CODE, data={"code": code()})
    assert answer.location == "/personal/idag" or answer.location == anyone.get("/personal/logga-in").location
    assert "evil" not in answer.location


@pytest.mark.usefixtures("three_tries")
def test_too_many_codes_from_one_address_are_told_on_the_page(app: Flask, anyone: Visitor, colleague: Account) -> None:
    half_way_in(anyone, colleague)
    for _ in range(3):
        assert anyone.post(CODE, data={"code": ""}).status_code == 422
    answer = anyone.post(CODE, data={"code": code()})
    assert answer.status_code == 429
    assert TOO_MANY in answer.text


@pytest.fixture
def three_tries(app: Flask) -> Iterator[None]:
    before = app.extensions["eventsys_settings"]
    app.extensions["eventsys_settings"] = dataclasses.replace(before, rate_limit_sign_in="3 per minute")
    yield
    app.extensions["eventsys_settings"] = before


# --- recovery codes -----------------------------------------------------------------------------------------------


def test_a_recovery_code_signs_in_once_however_it_is_typed(app: Flask, organiser: Account) -> None:
    codes = give_second_factor(organiser)
    dashed = "-".join(codes[0][at : at + 4] for at in range(0, 16, 4)).lower()
    browser = half_way_in(visitor(app), organiser)
    assert "Reservkod" in browser.get(f"{CODE}?reservkod=1").text
    assert browser.post(f"{CODE}?reservkod=1", data={"code": dashed}).status_code == 302
    assert is_in(browser)
    assert judge(organiser, codes[0]) is Verdict.WRONG
    assert judge(organiser, codes[1]) is Verdict.RIGHT
    assert acts_of(organiser).count("account.recovery_code_used") == 2


def test_a_recovery_code_of_somebody_else_is_wrong(organiser: Account, editor: Account) -> None:
    theirs = give_second_factor(editor)
    give_second_factor(organiser)
    assert judge(organiser, theirs[0]) is Verdict.WRONG


def test_who_has_few_recovery_codes_left_is_told(app: Flask, organiser: Account) -> None:
    codes = give_second_factor(organiser)
    for one in codes[:7]:
        judge(organiser, one)
    browser = half_way_in(visitor(app), organiser)
    browser.post(CODE, data={"code": codes[7]})
    assert "Du har 2 reservkoder kvar." in browser.get("/personal/konto").text


def test_new_recovery_codes_take_the_place_of_the_old(app: Flask, organiser: Account) -> None:
    old = give_second_factor(organiser)
    browser = visitor_as(app, organiser)
    assert "Du har 10 kvar." in browser.get(RECOVERY).text
    assert browser.post(RECOVERY, data={"code": wrong_code()}).status_code == 422
    answer = browser.post(RECOVERY, data={"code": code()})
    new = [one.replace(" ", "") for one in shown_codes(answer.text)]
    assert len(new) == 10
    assert judge(organiser, old[0]) is Verdict.WRONG
    assert judge(organiser, new[0]) is Verdict.RIGHT
    assert "account.recovery_codes_made" in acts_of(organiser)


# --- turning it off -----------------------------------------------------------------------------------------------


def test_turning_it_off_takes_the_password_and_a_code(app: Flask, organiser: Account) -> None:
    give_second_factor(organiser)
    browser = visitor_as(app, organiser)
    for form in ({"password": PASSWORD}, {"code": code()}, {"password": "fel ord", "code": code()}):
        assert browser.post(OFF, data=form).status_code == 422, form
    assert browser.post(OFF, data={"password": PASSWORD, "code": wrong_code()}).status_code == 422
    assert anew(organiser).has_second_factor
    assert browser.post(OFF, data={"password": PASSWORD, "code": code()}).location == "/personal/konto"
    assert not anew(organiser).has_second_factor
    assert db.session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    assert posted("staff.second_factor_off") == [organiser.email]
    assert acts_of(organiser)[-1] == "account.second_factor_off"
    assert give_password(visitor(app), organiser).location != CODE


def test_who_has_none_is_led_from_pages_about_it_to_the_account(app: Flask, organiser: Account) -> None:
    browser = visitor_as(app, organiser)
    for path in (RECOVERY, OFF):
        assert browser.get(path).location == "/personal/konto"
        assert browser.post(path, data={"code": code(), "password": PASSWORD}).location == "/personal/konto"


def test_an_administrator_sees_who_has_it_and_takes_it_off_for_a_lost_phone(
    app: Flask, administrator: Account, organiser: Account
) -> None:
    give_second_factor(organiser)
    lost_phone, desk = visitor_as(app, organiser), visitor_as(app, administrator)
    assert is_in(lost_phone)
    assert "<td>Ja</td>" in desk.get("/personal/installningar/konton").text
    page = f"/personal/installningar/konton/{organiser.id}"
    assert "Ta bort det andra steget" in desk.get(page).text
    assert desk.post(f"{page}/tva-steg-av").location == page
    assert not anew(organiser).has_second_factor
    assert not is_in(lost_phone)
    assert acts_of(organiser)[-1] == "account.second_factor_off"
    assert posted("staff.second_factor_off") == [organiser.email]
    assert "Ta bort det andra steget" not in desk.get(page).text
    desk.post(f"{page}/tva-steg-av")
    assert acts_of(organiser).count("account.second_factor_off") == 1, "pressing twice is harmless"


def test_administrators_do_not_take_off_their_own(app: Flask, administrator: Account) -> None:
    give_second_factor(administrator)
    answer = visitor_as(app, administrator).post(f"/personal/installningar/konton/{administrator.id}/tva-steg-av")
    assert answer.status_code == 422
    assert "med en kod" in answer.text
    assert anew(administrator).has_second_factor


def test_others_do_not_take_it_off(signed_in_client: Callable[[Role], Visitor], organiser: Account) -> None:
    give_second_factor(organiser)
    answer = signed_in_client(Role.ORGANISER).post(f"/personal/installningar/konton/{organiser.id}/tva-steg-av")
    assert answer.status_code == 403
    assert anew(organiser).has_second_factor


def test_the_command_line_takes_it_off_for_the_last_administrator(app: Flask, administrator: Account) -> None:
    give_second_factor(administrator)
    runner = app.test_cli_runner()
    for code_of_exit in (0, 1):
        said = runner.invoke(staff_command, ["second-factor-off", administrator.email])
        assert said.exit_code == code_of_exit, said.output
    assert not anew(administrator).has_second_factor


def test_an_account_opened_again_has_neither_codes_nor_a_binding(app: Flask, administrator: Account) -> None:
    account = new_account(Role.EDITOR, email="bo@boras.example")
    give_second_factor(account)
    with transaction():
        row = db.session.get_one(Account, account.id)
        row.oidc_issuer, row.oidc_subject = "https://id.example", "1"
        accounts.close(account.id, by=administrator.id)
    with transaction():
        accounts.invite("bo@boras.example", "En annan Bo", Role.EDITOR)
    row = anew(account)
    assert (row.has_second_factor, row.is_bound, row.oidc_issuer) == (False, False, None)
    assert db.session.scalar(select(func.count()).select_from(RecoveryCode)) == 0


def test_with_another_secret_key_no_code_is_right_and_nothing_breaks(
    app: Flask, anyone: Visitor, colleague: Account
) -> None:
    before = app.extensions["eventsys_settings"]
    app.extensions["eventsys_settings"] = dataclasses.replace(before, secret_key="another")
    try:
        assert half_way_in(anyone, colleague).post(CODE, data={"code": code()}).status_code == 422
    finally:
        app.extensions["eventsys_settings"] = before


# --- when everybody must have it ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("required")
def test_where_it_is_required_the_password_leads_to_setting_it_up_first(
    app: Flask, anyone: Visitor, organiser: Account
) -> None:
    assert give_password(anyone, organiser, "/personal/konto?flik=1").location == FIRST_SETUP
    assert not is_in(anyone)
    assert anyone.get(CODE).status_code == 200
    assert anyone.post(CODE, data={"code": code()}).status_code == 422, "there is no code yet that could be right"
    secret = typed_secret(anyone.get(FIRST_SETUP).text)
    assert anyone.post(FIRST_SETUP, data={"code": wrong_code()}).status_code == 422
    assert not is_in(anyone)
    answer = anyone.post(FIRST_SETUP, data={"code": code(secret=secret)})
    assert len(shown_codes(answer.text)) == 10
    assert 'href="/personal/konto?flik=1"' in answer.text
    assert is_in(anyone)
    assert acts_of(organiser) == ["account.second_factor_on", "account.signed_in"]


@pytest.mark.usefixtures("required")
def test_where_it_is_required_nobody_turns_it_off(app: Flask, organiser: Account) -> None:
    give_second_factor(organiser)
    browser = visitor_as(app, organiser)
    assert "Slå av" not in browser.get("/personal/konto").text
    answer = browser.post(OFF, data={"password": PASSWORD, "code": code()})
    assert answer.status_code == 422
    assert "Alla som loggar in med lösenord måste ha" in answer.text
    assert anew(organiser).has_second_factor


# --- one person's data --------------------------------------------------------------------------------------------


def test_an_extract_tells_of_the_second_step_and_the_citys_account_but_of_no_secret(
    app: Flask, organiser: Account
) -> None:
    give_second_factor(organiser)
    with transaction():
        row = db.session.get_one(Account, organiser.id)
        row.oidc_issuer, row.oidc_subject = "https://id.example", "subject-7"
    section = extract(Person(organiser.email))[0]
    told = dict(zip(section.columns, section.rows[0], strict=True))
    assert told["Stadens konto"] == "subject-7"
    assert told["Inloggning i två steg"]
    assert str(anew(organiser).second_factor) not in str(section)


# --- letters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        ("staff.second_factor_on", "nu påslagen för ditt konto"),
        ("staff.second_factor_off", "nu avslagen för ditt konto"),
    ],
)
def test_a_letter_tells_what_changed_and_what_to_do_if_it_was_not_you(
    app: Flask, organiser: Account, letter: str, words: str
) -> None:
    kind = letter_named(letter)
    made = kind.build(Delivery(subject_id=organiser.id))  # type: ignore[union-attr]
    assert words in made.text
    assert words in made.html
    assert "Var det inte du" in made.text
    assert "http://127.0.0.1:8000/personal/konto" in made.text
