"""Posting: in the caller's transaction, once for each purpose, also when two race."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.mailings import course
from eventsys.mail.models import Delivery, Mailing, MailingState, Priority, State
from eventsys.mail.outbox import Letter, post, register_letters
from tests.mail.conftest import LETTER, deliver_all, delivery, history, plain_letter, post_letters, states


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Delivery)) or 0


def test_a_transaction_that_is_undone_posts_nothing(relay) -> None:
    def fail() -> None:
        with transaction():
            post(LETTER, 1, purpose_key="a", address="a@firma.example", name="A")
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        fail()
    deliver_all()
    assert relay.count == 0
    assert count() == 0


def test_posting_the_same_purpose_twice_changes_nothing(relay) -> None:
    post_letters(1)
    with transaction():
        again = post(LETTER, 99, purpose_key="test:1", address="other@firma.example", name="")
        assert again is None
        assert post(LETTER, 2, purpose_key="test:2", address="b@firma.example", name="") is not None
    assert count() == 2


def test_two_transactions_that_race_post_one_letter_and_both_are_kept(app, relay) -> None:
    got: list[bool] = []
    gate = threading.Barrier(6)

    def press() -> None:
        with app.app_context():
            gate.wait()
            with transaction():
                got.append(post(LETTER, 1, purpose_key="race", address="a@firma.example", name="A") is not None)
            db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]
    assert count() == 1


def test_one_mailing_never_writes_twice_to_one_address(relay) -> None:
    with transaction():
        mailing = Mailing(name="Nummer 1", state=MailingState.SENDING, created_at=now())
        db.session.add(mailing)
        db.session.flush()
        first = post(LETTER, 1, purpose_key="m:1", address="Anna@Firma.example", name="", mailing_id=mailing.id)
        second = post(LETTER, 2, purpose_key="m:2", address="anna@firma.example ", name="", mailing_id=mailing.id)
    assert first is not None
    assert second is None


def test_a_letter_that_nobody_registered_cannot_be_posted(app) -> None:
    with pytest.raises(ValueError, match="no letter"), transaction():
        post("no/such", 1, purpose_key="x", address="a@firma.example", name="")


def test_a_name_is_registered_once(app, manners) -> None:
    with pytest.raises(ValueError, match=LETTER):
        register_letters(app, {LETTER: Letter(plain_letter)})


def test_a_letter_waits_for_its_time_and_is_skipped_when_it_is_too_late(relay) -> None:
    post_letters(1, not_before=now() + timedelta(hours=1))
    post_letters(1, first=2, not_after=now() + timedelta(minutes=5))
    deliver_all()
    assert states() == {1: State.QUEUED, 2: State.ACCEPTED}
    [late] = post_letters(1, first=3, not_after=now() - timedelta(seconds=1))
    deliver_all()
    assert delivery(late).state is State.SKIPPED
    assert "för sent" in delivery(late).reason


def test_what_a_person_waits_for_goes_before_a_mailing(relay, use_settings) -> None:
    use_settings(smtp_connections=1)
    post_letters(5, priority=Priority.MAILING)
    post_letters(2, first=6, priority=Priority.CONFIRMATION)
    deliver_all()
    assert [letter.message["Subject"] for letter in relay.letters][:2] == ["Brev 6", "Brev 7"]


@pytest.mark.parametrize(("verb", "rest"), [(course.pause, State.QUEUED), (course.cancel, State.SKIPPED)])
def test_a_pause_or_a_cancelling_acts_within_one_letter(app, relay, use_settings, verb, rest: State) -> None:
    use_settings(smtp_connections=1)
    with transaction():
        mailing = Mailing(name="Nummer 1", state=MailingState.SENDING, created_at=now())
        db.session.add(mailing)
        db.session.flush()
        mailing_id = mailing.id
    post_letters(20, mailing_id=mailing_id, priority=Priority.MAILING)

    def stop_at_the_fifth(letter) -> None:
        if relay.count == 4:
            with app.app_context():
                with transaction():
                    verb(mailing_id)
                db.session.remove()

    relay.on_letter = stop_at_the_fifth
    deliver_all()
    assert relay.count <= 6
    assert list(states().values()).count(rest) == 20 - relay.count
    with transaction():
        db.session.get_one(Mailing, mailing_id).state = MailingState.SENDING
    deliver_all()
    assert set(states().values()) <= {State.ACCEPTED, State.SKIPPED}


def test_an_unwanted_letter_is_skipped_with_its_reason(relay, manners) -> None:
    manners.unwanted[1] = "Personen är avbokad."
    ids = post_letters(2)
    deliver_all()
    row = delivery(ids[0])
    assert (row.state, row.reason) == (State.SKIPPED, "Personen är avbokad.")
    assert history(ids[0]) == [State.QUEUED, State.CLAIMED, State.SKIPPED]
    assert relay.count == 1


def test_letters_that_cannot_be_made_or_asked_do_not_block_others(relay, manners) -> None:
    def fail(_row):
        raise ZeroDivisionError

    manners.builds[2] = fail
    manners.unwanted[4] = ZeroDivisionError()
    post_letters(30)
    deliver_all()
    found = states()
    assert {number for number, state in found.items() if state is State.REJECTED} == {2, 4}
    assert list(found.values()).count(State.ACCEPTED) == 28


def test_what_is_no_address_is_refused_without_a_word_to_the_relay(relay) -> None:
    ids = [post_letters(1, first=n, address=a)[0] for n, a in enumerate(("nobody", "a b@c.se", "a@b@", "x>y@c.se"))]
    deliver_all()
    assert {delivery(one).state for one in ids} == {State.REJECTED}
    assert "ingen e-postadress" in delivery(ids[0]).reason


def test_swedish_letters_in_addresses_travel_as_the_relay_can(relay, sink) -> None:
    post_letters(1, address="info@räksmörgås.example")
    post_letters(1, first=2, address="åsa@räksmörgås.example", name="Åsa Öberg")
    deliver_all()
    assert sorted(letter.recipients[0] for letter in relay.letters) == [
        "info@xn--rksmrgs-5wao1o.example",
        "åsa@xn--rksmrgs-5wao1o.example",
    ]
