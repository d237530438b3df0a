"""Rounds are made, written, struck from, approved by four eyes, and thaw when anything is changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.events.models import Event, EventState
from eventsys.newsletters.issues.changing import NotEditable
from eventsys.newsletters.issues.proofs import NoLongerAsked, NothingToApprove, NotYours
from eventsys.newsletters.subscriptions.models import SignUpCode
from eventsys.newsletters.welcome import planning
from eventsys.newsletters.welcome.approving import (
    AlreadyAsked,
    approve,
    ask_for_approval,
    rendered_of,
    return_with_remark,
    rounds_waiting_for,
)
from eventsys.newsletters.welcome.models import Choice, RoundState, WelcomeLetter, WelcomeRound, WelcomeSettings
from eventsys.newsletters.welcome.reopening import reopen
from eventsys.newsletters.welcome.striking import LONGEST_REASON, NobodyToStrike, strike, take_back_strikes
from eventsys.overwriting import ChangedMeanwhile, mark_of
from eventsys.staff.models import Account, Role
from tests.factories import in_days, make_event, make_series
from tests.newsletters.welcome.scenes import UNTIL, a_round, again, approved, asked, make_company, places, rows_of, sent
from tests.staff_fixtures import new_account


@pytest.fixture
def writer(app: Flask) -> Account:
    return new_account(Role.EDITOR, name="Ask Skriver")


@pytest.fixture
def reader(app: Flask) -> Account:
    return new_account(Role.ORGANISER, name="Lo Läser")


def edit(found: WelcomeRound, account: Account, **given: object) -> WelcomeRound:
    kept = planning.words_of(again(found))
    with transaction():
        planning.edit_round(found.id, {**kept, **given}, mark_of(kept), account.id, now())
    return again(found)


# --- making and writing


def test_rounds_are_numbered_within_the_year_and_copy_the_last_text(app: Flask, writer: Account) -> None:
    make_company("Alm AB", ["info@alm.example"])
    first = a_round(account=writer)
    year = local(now()).year
    assert (first.year, first.number, first.name) == (year, 1, f"Välkomstbrev omgång 1 {year}")
    assert "Välkommen" in first.subject
    edit(first, writer, subject="Hej från kommunen")
    sent(first)
    second = a_round()
    assert (second.number, second.subject) == (2, "Hej från kommunen")
    assert second.code_id not in (None, first.code_id)
    assert db.session.get_one(SignUpCode, second.code_id).name == second.name


def test_one_round_is_open_at_a_time_and_a_draft_can_be_removed(app: Flask, writer: Account) -> None:
    company = make_company("Alm AB")
    first = a_round()
    with pytest.raises(planning.RoundStillOpen, match="inte skickad än"):
        a_round()
    with transaction():
        strike(first.id, [company.id], "Vilande bolag", "Ask", writer.id, now())
        planning.remove_round(first.id)
    assert places(a_round())["Alm AB"].choice is Choice.PAPER


def test_a_round_that_waits_or_is_sent_cannot_be_removed(app: Flask) -> None:
    make_company("Alm AB")
    found = asked(a_round())
    with pytest.raises(planning.CannotRemove), transaction():
        planning.remove_round(found.id)


def test_before_the_first_round_somebody_says_from_when_companies_are_new(app: Flask) -> None:
    with transaction():
        db.session.get_one(WelcomeSettings, 1).starts_on = None
    with pytest.raises(planning.NoFirstDay):
        a_round()
    with transaction():
        planning.begin_on(date(2027, 2, 1))
    assert a_round().number == 1


def test_the_next_published_gathering_of_the_series_is_proposed(app: Flask) -> None:
    series = make_series(name="Välkomstträff")
    with transaction():
        db.session.get_one(WelcomeSettings, 1).series_id = series.id
    make_event(series=series, starts_at=in_days(5), state=EventState.DRAFT)
    coming = make_event(series=series, starts_at=in_days(20))
    make_event(series=series, starts_at=in_days(40))
    make_event(starts_at=in_days(3))
    assert a_round().event_id == coming.id


def test_what_somebody_else_wrote_meanwhile_is_not_overwritten(app: Flask, writer: Account, reader: Account) -> None:
    found = a_round(account=writer)
    seen = mark_of(planning.words_of(found))
    edit(found, reader, subject="Lo var här")
    kept = {**planning.words_of(found), "subject": "Ask var här"}
    with pytest.raises(ChangedMeanwhile) as refusal, transaction():
        planning.edit_round(found.id, kept, seen, writer.id, now())
    assert refusal.value.saved == {"subject": "Lo var här"}


def test_scripts_and_tokens_do_not_come_into_the_text(app: Flask, writer: Account) -> None:
    found = edit(a_round(), writer, body="<p>Hej @@LEAVE@@</p><script>x</script>", subject="@@LEAVE@@")
    assert found.body == "<p>Hej @ @LEAVE@ @</p>"
    assert found.subject == "@ @LEAVE@ @"


# --- striking


def test_a_struck_company_gets_no_letter_now_or_later_and_the_numbers_add_up(app: Flask, writer: Account) -> None:
    company, _other = make_company("Alm AB", ["info@alm.example"]), make_company("Ek AB")
    found = a_round()
    with transaction():
        assert strike(found.id, [company.id, 99_999], "Revisorns adress", "Ask", writer.id, now()) == 1
    one = places(found)["Alm AB"]
    assert (one.choice, one.reason, one.by) == (Choice.STRUCK, "Revisorns adress", "Ask")
    sent(found)
    assert places(a_round()) == {}


def test_a_strike_is_taken_back(app: Flask, writer: Account) -> None:
    company = make_company("Alm AB", ["info@alm.example"])
    found = a_round()
    with transaction():
        strike(found.id, [company.id], "x" * 400, "Ask", writer.id, now())
    assert len(places(found)["Alm AB"].reason) == LONGEST_REASON
    with transaction():
        assert take_back_strikes(found.id, [company.id], writer.id, now()) == 1
    assert places(found)["Alm AB"].choice is Choice.EMAIL


def test_who_gets_no_letter_anyway_is_not_struck(app: Flask, writer: Account) -> None:
    company = make_company("Alm AB", refuses_advertising=True)
    found = a_round()
    with pytest.raises(NobodyToStrike), transaction():
        strike(found.id, [company.id], "Vilande bolag", "Ask", writer.id, now())
    with pytest.raises(NobodyToStrike), transaction():
        take_back_strikes(found.id, [company.id], writer.id, now())


# --- four eyes


def test_asking_freezes_everybody_and_the_bytes(app: Flask) -> None:
    companies = [make_company("Alm AB", ["a@alm.example"]), make_company("Ek AB"), make_company("Ås AB", street="")]
    found = asked(a_round())
    assert found.state is RoundState.ASKED
    assert rendered_of(found).sha256 == found.sha256
    rows = [rows_of(company)[0] for company in companies]
    assert [(row.choice, row.claim) for row in rows] == [
        (Choice.EMAIL, "welcome"), (Choice.PAPER, "welcome"), (Choice.EXCLUDED, None),
    ]  # fmt: skip
    assert (rows[0].address, rows[1].street, rows[1].recipient) == ("a@alm.example", companies[1].street, "Ek AB")


@pytest.mark.parametrize(
    ("given", "words"), [({"subject": ""}, "ämnesrad"), ({"body": ""}, "text"), ({}, "Inget företag")]
)
def test_an_unfinished_round_cannot_be_asked_about(
    app: Flask, writer: Account, given: dict[str, str], words: str
) -> None:
    if given:
        make_company("Alm AB")
    found = edit(a_round(), writer, **given)
    with pytest.raises(NothingToApprove, match=words):
        asked(found)
    assert again(found).state is RoundState.DRAFT


def test_a_gathering_that_nobody_can_come_to_stops_the_round(app: Flask, writer: Account) -> None:
    make_company("Alm AB")
    for event, words in (
        (make_event(state=EventState.CANCELLED), "inställt"),
        (make_event(state=EventState.DRAFT), "inte publicerat"),
        (make_event(starts_at=in_days(-1)), "redan varit"),
    ):
        found = db.session.query(WelcomeRound).first() or a_round()
        found = edit(found, writer, event_id=event.id)
        with pytest.raises(NothingToApprove, match=words):
            asked(found)


def test_neither_who_asked_nor_who_changed_last_approves(app: Flask, writer: Account, reader: Account) -> None:
    make_company("Alm AB")
    found = asked(a_round(account=writer), asker=reader)
    third = new_account(Role.EDITOR)
    for account, words in ((reader, "bad själv"), (writer, "ändrade omgången sist")):
        assert rounds_waiting_for(account) == []
        with pytest.raises(NotYours, match=words), transaction():
            approve(found.id, found.version, account.id, now())
    assert [one.id for one in rounds_waiting_for(third)] == [found.id]
    with transaction():
        approve(found.id, found.version, third.id, now())
    assert (again(found).state, found.approved_by) == (RoundState.APPROVED, third.id)


def test_a_round_is_returned_with_a_remark_and_asked_about_anew(app: Flask, writer: Account, reader: Account) -> None:
    company = make_company("Alm AB")
    found = asked(a_round(account=writer), asker=writer)
    with transaction():
        return_with_remark(found.id, found.version, reader.id, "Byt rubrik")
    found = again(found)
    assert (found.state, found.remark, rows_of(company)) == (RoundState.DRAFT, "Byt rubrik", [])
    assert asked(found).remark == ""


@pytest.mark.parametrize("state", ["asked", "approved"])
@pytest.mark.parametrize("change", ["text", "strike", "unstrike", "day", "press"])
def test_every_change_takes_the_round_back_to_a_draft(app: Flask, writer: Account, state: str, change: str) -> None:
    company, struck = make_company("Alm AB"), make_company("Ek AB")
    draft = a_round()
    with transaction():
        strike(draft.id, [struck.id], "Vilande bolag", "Ask", writer.id, now())
    found = {"asked": asked, "approved": approved}[state](draft)
    version = found.version
    with transaction():
        if change == "text":
            kept = planning.words_of(found)
            planning.edit_round(found.id, {**kept, "subject": "Ny"}, mark_of(kept), writer.id, now())
        elif change == "strike":
            strike(found.id, [company.id], "Vilande bolag", "Ask", writer.id, now())
        elif change == "unstrike":
            take_back_strikes(found.id, [struck.id], writer.id, now())
        elif change == "day":
            planning.ask_until(found.id, UNTIL - timedelta(days=1), writer.id, now())
        else:
            reopen(found.id, writer.id, now())
    found = again(found)
    assert (found.state, found.letter, found.sha256, found.asked_by) == (RoundState.DRAFT, None, "", None)
    assert found.version > version
    assert {row.choice for row in db.session.query(WelcomeLetter)} <= {Choice.STRUCK}
    assert len(places(found)) == 2


def test_saving_the_same_text_again_takes_nothing_back(app: Flask, writer: Account) -> None:
    make_company("Alm AB")
    assert edit(approved(a_round()), writer).state is RoundState.APPROVED


def test_a_colleague_approves_only_what_they_saw(app: Flask, writer: Account, reader: Account) -> None:
    make_company("Alm AB")
    found = asked(a_round(account=writer), asker=writer)
    seen = found.version
    with transaction():
        reopen(found.id, writer.id, now())
        ask_for_approval(found.id, writer.id, "Ask", now())
    with pytest.raises(NoLongerAsked), transaction():
        approve(found.id, seen, reader.id, now())


def test_asking_twice_and_changing_what_is_sent_are_refused(app: Flask, writer: Account) -> None:
    company = make_company("Alm AB")
    found = asked(a_round())
    with pytest.raises(AlreadyAsked), transaction():
        ask_for_approval(found.id, writer.id, "Ask", now())
    with transaction():
        reopen(found.id, writer.id, now())
    found = sent(found)
    for act in (
        lambda: reopen(found.id, writer.id, now()),
        lambda: strike(found.id, [company.id], "Vilande bolag", "Ask", writer.id, now()),
        lambda: ask_for_approval(found.id, writer.id, "Ask", now()),
    ):
        with pytest.raises(NotEditable, match="skickad"), transaction():
            act()


def test_a_gathering_that_is_deleted_leaves_the_letter_without_one(app: Flask, writer: Account) -> None:
    event = make_event()
    found = edit(a_round(), writer, event_id=event.id)
    with transaction():
        db.session.delete(db.session.get_one(Event, event.id))
    assert again(found).event_id is None
