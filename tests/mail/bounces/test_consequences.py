"""What follows from a letter that came back, for the letter and for its address."""

import pytest
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.bounces.consequences import draw_consequences, occasions_in_a_row, on_complaint
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.models import Delivery, State, Suppression
from eventsys.mail.suppression import lift, suppression_of
from tests.mail.bounces import letters
from tests.mail.bounces.scenes import FULL, REFUSED, comes_in, days_ago, letter, report_of, state_of, suppressed
from tests.mail.conftest import deliver_all, delivery, history, post_letters

pytestmark = pytest.mark.usefixtures("app")


def test_a_wrong_address_gets_no_more_letters_and_staff_see_by_which_one():
    sent = letter()
    comes_in(report_of(sent))
    assert state_of(sent) is State.BOUNCED
    assert history(sent.id) == [State.BOUNCED]
    assert suppressed() == {"anna@firma.example": "Brevet kom tillbaka: adressen finns inte"}
    assert suppression_of("anna@firma.example").delivery_id == sent.id
    row = db.session.get_one(Delivery, sent.id)
    assert (row.smtp_code, row.smtp_reply) == (550, "5.1.1 User unknown")
    assert row.reason == "Adressen finns inte, enligt mottagarens server."


def test_the_same_letter_counts_once():
    sent = letter()
    assert comes_in(report_of(sent)) is not None
    assert comes_in(report_of(sent)) is None
    assert history(sent.id) == [State.BOUNCED]


def test_drawing_consequences_twice_is_harmless():
    sent = letter()
    kept = comes_in(report_of(sent))
    with transaction():
        draw_consequences(kept.id)
    assert history(sent.id) == [State.BOUNCED]


def test_who_refuses_us_is_never_suppressed():
    sent = letter()
    comes_in(report_of(sent, **REFUSED))
    assert state_of(sent) is State.BOUNCED
    assert suppressed() == {}


def test_a_full_mailbox_is_suppressed_after_three_mailings_in_a_row():
    for number in (1, 2):
        comes_in(report_of(letter(number, mailing=True), **FULL))
    assert suppressed() == {}
    comes_in(report_of(letter(3, mailing=True), **FULL))
    assert "3 gånger i rad" in suppressed()["anna@firma.example"]


def test_a_letter_that_stayed_begins_the_count_anew():
    for number, age in ((1, 40), (2, 30)):
        comes_in(report_of(letter(number, mailing=True, at=days_ago(age)), **FULL))
    letter(3, mailing=True, at=days_ago(20))
    comes_in(report_of(letter(4, mailing=True, at=days_ago(10)), **FULL))
    assert occasions_in_a_row("anna@firma.example") == 1
    assert suppressed() == {}


def test_a_letter_sent_just_now_does_not_yet_prove_that_the_mailbox_has_room():
    for number, age in ((1, 20), (2, 13)):
        comes_in(report_of(letter(number, mailing=True, at=days_ago(age)), **FULL))
    third = letter(3, mailing=True, at=days_ago(1))
    letter(4, mailing=True, at=now())
    comes_in(report_of(third, **FULL))
    assert "anna@firma.example" in suppressed()


def test_three_confirmations_of_one_morning_are_one_occasion():
    at = days_ago(2)
    for number in (1, 2, 3):
        comes_in(report_of(letter(number, at=at), **FULL))
    assert occasions_in_a_row("anna@firma.example") == 1
    assert suppressed() == {}


def test_what_was_before_staff_lifted_a_suppression_is_forgotten():
    for number in (1, 2, 3):
        comes_in(report_of(letter(number, mailing=True, at=days_ago(30 - number)), **FULL))
    with transaction():
        lift(suppression_of("anna@firma.example").id, "Kim")
    comes_in(report_of(letter(4, mailing=True), **FULL))
    assert suppressed() == {}


def test_a_warning_changes_nothing():
    sent = letter()
    comes_in(report_of(sent, "4.4.1", "421 4.4.1 timed out", action="delayed"))
    assert state_of(sent) is State.ACCEPTED


def test_an_automatic_answer_changes_nothing():
    sent = letter()
    comes_in(letters.VACATION.replace(letters.TOKEN.encode(), sent.token.encode()))
    assert state_of(sent) is State.ACCEPTED
    assert suppressed() == {}


def test_a_complaint_stops_letters_and_is_told_to_who_asked(app):
    told = []
    on_complaint(app, told.append)
    try:
        sent = letter()
        comes_in(letters.COMPLAINT.replace(letters.TOKEN.encode(), sent.token.encode()))
        assert state_of(sent) is State.COMPLAINED
        assert told == ["anna@firma.example"]
        assert suppressed() == {"anna@firma.example": "Mottagaren har anmält brevet som skräppost"}
    finally:
        app.extensions["eventsys_on_complaint"].remove(told.append)


def test_nobody_can_stop_letters_to_somebody_else():
    sent = letter()
    forged = report_of(sent, to="bounce@boras.example", recipient="bo@firma.example")
    kept = comes_in(forged)
    assert kept.delivery_id is None
    assert (state_of(sent), suppressed()) == (State.ACCEPTED, {})


def test_a_report_without_token_stops_nobody():
    sent = letter()
    comes_in(report_of(sent, to="bounce@boras.example", ours="Subject: Hej\n\nHej"))
    assert (state_of(sent), suppressed()) == (State.ACCEPTED, {})


def test_an_unknown_letter_that_comes_back_had_left():
    sent = letter(state=State.UNKNOWN)
    comes_in(report_of(sent))
    assert history(sent.id) == [State.ACCEPTED, State.BOUNCED]


def test_a_report_that_overtakes_the_answer_to_the_dot_waits_for_it():
    sent = letter(state=State.IN_FLIGHT)
    kept = comes_in(report_of(sent))
    assert db.session.get_one(IncomingLetter, kept.id).applied_at is None
    with transaction():
        db.session.get_one(Delivery, sent.id).state = State.ACCEPTED
    with transaction():
        draw_consequences(kept.id)
    assert state_of(sent) is State.BOUNCED


@pytest.mark.parametrize(
    ("stage", "said", "stopped"),
    [
        ("rcpt", "550 5.1.1 No such user here", True),
        ("rcpt", "550 no such user here", True),
        ("dot", "550 5.1.1 User unknown", True),
        ("rcpt", "552 5.2.2 Mailbox full", False),
        ("rcpt", "550 5.7.1 User unknown or blocked", False),
        ("rcpt", "550 5.2.1 Mailbox disabled", False),
        ("dot", "554 5.6.0 I do not like this letter", False),
    ],
)
def test_an_address_that_is_refused_at_once_is_suppressed_too(relay, stage, said, stopped):
    relay.when(stage, to="person1@firma.example", say=said, times=1)
    (letter_id,) = post_letters(1)
    deliver_all()
    rows = db.session.scalars(select(Suppression)).all()
    assert [row.address for row in rows] == (["person1@firma.example"] if stopped else [])
    if stopped:
        assert delivery(letter_id).state is State.REJECTED
        assert rows[0].delivery_id == letter_id


def test_many_wrong_addresses_in_one_commit_are_all_suppressed(relay):
    relay.when("rcpt", say="550 5.1.1 User unknown")
    post_letters(30)
    deliver_all()
    assert len(suppressed()) == 30


@pytest.mark.parametrize("byte", [b"\x00", b"\xff", b"\xed\xa0\x80", "\N{PILE OF POO}".encode(), b"\x1b"])
def test_bytes_that_no_database_takes_as_text_are_kept_all_the_same(byte):
    sent = letter()
    dirty = (
        report_of(sent).replace(b"anna@", b"an" + byte + b"na@").replace(b"User unknown", b"User" + byte + b" unknown")
    )
    assert comes_in(dirty) is not None
    assert state_of(sent) is State.BOUNCED
    spoiled = letters.EXIM.replace(b"anna@", b"an" + byte + b"na@")
    assert comes_in(spoiled) is not None


def test_a_letter_taken_between_two_that_came_back_parts_them_however_young_it_is():
    comes_in(report_of(letter(1, mailing=True, at=days_ago(4)), **FULL))
    letter(2, mailing=True, at=days_ago(3))
    comes_in(report_of(letter(3, mailing=True, at=days_ago(1)), **FULL))
    assert occasions_in_a_row("anna@firma.example") == 1
