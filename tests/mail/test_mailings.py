"""Mailings: frozen, started, paused, cancelled; the ledger adds up at every moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from time_machine import travel

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.mail import actors
from eventsys.mail.delivery import NotPossibleNow, send_again
from eventsys.mail.delivery.claiming import claim
from eventsys.mail.letters import MailingLetter
from eventsys.mail.mailings import course, mending
from eventsys.mail.mailings.freezing import AlreadyFrozen, Excluded, LetterUnfit, Recipient, freeze, new_mailing
from eventsys.mail.mailings.ledger import COLUMNS, Part, ledger, letters_in, outlook, rows_for_download
from eventsys.mail.models import Delivery, DeliveryEvent, Mailing, MailingState, State
from eventsys.mail.splice import Rendered, list_headers
from eventsys.mail.suppression import suppress
from tests.mail.conftest import MAILING, deliver_all, history, mailing_values, post_letters, states
from tests.sink import SmtpSink

LETTER = Rendered(
    "Till @@NAME@@", "Hej @@NAME@@\n", '<p>Hej @@NAME@@</p><a href="@@LEAVE@@">Avsluta</a>', ("NAME", "LEAVE"),
    list_headers("lista.boras.example"),
)  # fmt: skip


@pytest.fixture
def unwanted(app: Flask, manners) -> Iterator[dict[int, str]]:
    """The mailing's letter; what is put in here is unwanted, by subject id."""
    reasons: dict[int, str] = {}

    def why_not(claims):
        return {one.id: reasons[one.subject_id] for one in claims if one.subject_id in reasons}

    app.extensions["eventsys_letters"][MAILING] = MailingLetter(mailing_values, why_not)
    yield reasons
    del app.extensions["eventsys_letters"][MAILING]
    app.extensions.pop("eventsys_splices", None)


@pytest.fixture
def mailings(relay: SmtpSink, unwanted: dict[int, str]) -> SmtpSink:
    return relay


def people(count: int, **given) -> list[Recipient]:
    return [
        Recipient(number, f"person{number}@firma.example", f"Person Å{number}", f"Firma {number} AB", **given)
        for number in range(1, count + 1)
    ]


def frozen(recipients, exclusions=(), letter: Rendered = LETTER) -> int:
    with transaction():
        mailing = new_mailing("Nummer 1", "issue:1")
        freeze(mailing.id, MAILING, letter, recipients, exclusions)
        return mailing.id


def started(count: int, **given) -> int:
    mailing_id = frozen(people(count))
    with transaction():
        course.start(mailing_id, **given)
    return mailing_id


def mailing(mailing_id: int) -> Mailing:
    db.session.remove()
    return db.session.get_one(Mailing, mailing_id)


def tick() -> None:
    db.session.remove()
    actors.due()
    db.session.remove()


# --- freezing


def test_everybody_gets_a_row_or_a_reason_and_nothing_leaves_before_the_start(mailings) -> None:
    with transaction():
        suppress("person3@firma.example", "Adressen finns inte.")
    twice = Recipient(9, "Person1@Firma.example", "Samma")
    nobody = Recipient(10, "", "Utan adress")
    mailing_id = frozen(iter([*people(4), twice, nobody]), iter([Excluded("a@b.se", "A", "B AB", "har tackat nej")]))
    found = ledger(mailing_id)
    assert (found.candidates, found.selected, found.excluded) == (7, 3, 4)
    assert found.exclusions == {
        "samma adress": 1, "ingen e-postadress": 1, "har tackat nej": 1,
        "Spärrad adress. Adressen finns inte.": 1,
    }  # fmt: skip
    deliver_all()
    assert mailings.count == 0
    row = mailing(mailing_id)
    assert (row.state, row.sha256) == (MailingState.PREPARED, LETTER.sha256)
    assert history(letters_in(mailing_id)[0].id) == [State.QUEUED]
    with pytest.raises(AlreadyFrozen), transaction():
        freeze(mailing_id, MAILING, LETTER, people(1))


def test_a_letter_that_cannot_be_spliced_is_refused_before_anything_is_posted(mailings) -> None:
    with pytest.raises(LetterUnfit):
        frozen(people(1), letter=Rendered("x", "x", "<p @@NAME@@>x</p>", ("NAME",)))


def test_each_gets_the_frozen_letter_with_their_own_values(mailings) -> None:
    mailing_id = started(12)
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}
    letter = next(one for one in mailings.letters if one.recipients == ("person7@firma.example",))
    row = db.session.scalars(select(Delivery).where(Delivery.subject_id == 7)).one()
    message = letter.message
    assert message["Subject"] == "Till Person Å7"
    assert message["Message-ID"] == f"<{row.message_id}>"
    assert message["List-Unsubscribe"] == f"<https://boras.example/avsluta/{row.token}>"
    assert row.subject == "Till Person Å7"
    tick()
    assert mailing(mailing_id).state is MailingState.DONE


def test_the_message_id_is_the_same_on_every_attempt(mailings) -> None:
    mailings.when("dot", say="451 4.3.0 Later", taken=True, times=1)
    started(1)
    deliver_all()
    with travel(now() + timedelta(minutes=2)):
        deliver_all()
    first, second = mailings.letters
    assert first.message["Message-ID"] == second.message["Message-ID"]


# --- the course


def test_a_pause_in_the_middle_acts_within_one_letter_and_it_goes_on(app, mailings, use_settings) -> None:
    use_settings(smtp_connections=1)
    mailing_id = started(30)

    def pause_at_the_fifth(_letter) -> None:
        if mailings.count == 4:
            with app.app_context():
                with transaction():
                    course.pause(mailing_id)
                db.session.remove()

    mailings.on_letter = pause_at_the_fifth
    deliver_all()
    assert mailings.count <= 6
    assert list(states().values()).count(State.QUEUED) == 30 - mailings.count
    assert outlook(mailing_id).reason == "Utskicket är pausat."
    with transaction():
        course.go_on(mailing_id)
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}
    assert mailings.count == 30


@pytest.mark.parametrize("how", ["suppressed", "unsubscribed", "cancelled"])
def test_who_leaves_in_the_middle_gets_nothing_from_the_next_letter_on(
    app, mailings, unwanted, use_settings, how: str
) -> None:
    use_settings(smtp_connections=1)
    mailing_id = started(20)

    def leave(_letter) -> None:
        if mailings.count != 4:
            return
        unwanted.update(dict.fromkeys(range(7, 21), "Har avslutat.") if how == "unsubscribed" else {})
        with app.app_context():
            with transaction():
                if how == "cancelled":
                    course.cancel(mailing_id)
                if how == "suppressed":
                    for number in range(7, 21):
                        suppress(f"person{number}@firma.example", "Studsar.")
            db.session.remove()

    mailings.on_letter = leave
    deliver_all()
    assert mailings.count <= 6
    assert list(states().values()).count(State.SKIPPED) == 20 - mailings.count
    tick()
    assert mailing(mailing_id).finished_at is not None


def test_seeds_go_first_and_the_others_wait_until_they_are_released(mailings) -> None:
    seeds = [Recipient(100, "vi@boras.example", "Vi", is_seed=True)]
    mailing_id = frozen([*seeds, *people(5)])
    with transaction():
        course.start(mailing_id, hold=timedelta(minutes=10))
    deliver_all()
    assert [letter.recipients for letter in mailings.letters] == [("vi@boras.example",)]
    assert "första breven" in outlook(mailing_id).reason
    tick()
    assert mailing(mailing_id).state is MailingState.SENDING
    with travel(now() + timedelta(minutes=9)):
        deliver_all()
        assert mailings.count == 1
    with transaction():
        course.release(mailing_id)
    deliver_all()
    assert mailings.count == 6


def test_the_hold_ends_by_itself(mailings) -> None:
    mailing_id = frozen([Recipient(100, "vi@boras.example", "Vi", is_seed=True), *people(5)])
    with transaction():
        course.start(mailing_id, hold=timedelta(minutes=10))
    deliver_all()
    with travel(now() + timedelta(minutes=11)):
        deliver_all()
    assert mailings.count == 6


def test_a_mailing_waits_for_its_time_and_does_not_begin_by_itself_when_it_is_hours_late(mailings) -> None:
    mailing_id = started(3, at=now() + timedelta(hours=1))
    deliver_all()
    assert mailings.count == 0
    assert "börjar" in outlook(mailing_id).reason
    with travel(now() + timedelta(hours=5)):
        deliver_all()
        assert mailings.count == 0
        tick()
        row = mailing(mailing_id)
        assert row.state is MailingState.PAUSED
        assert "skulle ha börjat" in row.reason
        with transaction():
            course.go_on(mailing_id)
        deliver_all()
    assert mailings.count == 3


def test_a_mailing_that_stood_still_for_days_does_not_go_on_by_itself(mailings) -> None:
    mailing_id = started(3)
    with transaction():
        claim("relay:25", "dead", 1)
    with travel(now() + timedelta(days=2)):
        tick()
        deliver_all()
        assert mailings.count == 0
        assert "stått stilla" in mailing(mailing_id).reason
        with transaction():
            course.go_on(mailing_id)
        deliver_all()
    assert mailings.count == 3


def test_after_a_restored_backup_nothing_goes_on_by_itself(mailings) -> None:
    mailing_id = started(3)
    with transaction():
        assert course.hold_all("Återställt ur en säkerhetskopia.") == 1
    deliver_all()
    assert mailings.count == 0
    assert outlook(mailing_id).reason == "Återställt ur en säkerhetskopia."


def test_refusals_for_a_fault_of_ours_pause_the_mailing_and_spare_the_tickets(mailings) -> None:
    mailings.when("dot", to="person*", say="554 5.7.1 Looks like spam")
    mailing_id = started(60)
    deliver_all()
    row = mailing(mailing_id)
    assert row.state is MailingState.PAUSED
    assert "5.7.1" in row.reason
    assert list(states().values()).count(State.QUEUED) >= 48
    post_letters(1, first=900, address="bokare@firma.example")
    deliver_all()
    assert states()[900] is State.ACCEPTED
    mailings.behave()
    with transaction():
        course.go_on(mailing_id)
    with travel(now() + timedelta(hours=1)):
        deliver_all()
    assert set(states().values()) == {State.ACCEPTED}


def test_values_that_cannot_be_had_pause_the_mailing_before_many_are_lost(app, mailings) -> None:
    def fail(_claims):
        raise ZeroDivisionError

    app.extensions["eventsys_letters"][MAILING] = MailingLetter(fail)
    mailing_id = started(60)
    deliver_all()
    assert mailing(mailing_id).state is MailingState.PAUSED
    assert list(states().values()).count(State.REJECTED) <= 10
    assert mailings.count == 0


def test_one_recipient_without_values_does_not_block_the_others(app, mailings) -> None:
    def but_one(claims):
        if any(one.subject_id == 2 for one in claims):
            raise ZeroDivisionError
        return mailing_values(claims)

    app.extensions["eventsys_letters"][MAILING] = MailingLetter(but_one)
    started(10)
    deliver_all()
    assert [number for number, state in states().items() if state is State.REJECTED] == [2]
    assert mailings.count == 9


def test_a_letter_sent_again_takes_a_finished_mailing_up(mailings) -> None:
    mailings.when("rcpt", to="person1@*", say="552 5.3.4 Too big")
    mailing_id = started(3)
    deliver_all()
    tick()
    assert mailing(mailing_id).state is MailingState.DONE
    mailings.behave()
    with transaction():
        send_again(letters_in(mailing_id, Part.REJECTED)[0])
    deliver_all()
    assert ledger(mailing_id).parts[Part.ACCEPTED] == 3
    tick()
    assert mailing(mailing_id).state is MailingState.DONE


def test_a_verb_in_the_wrong_state_says_so(mailings) -> None:
    mailing_id = started(1)
    for verb in (course.start, course.go_on):
        with pytest.raises(course.NotInThisState), transaction():
            verb(mailing_id)


def test_a_ticket_goes_before_the_rest_of_a_mailing(app, mailings, use_settings) -> None:
    use_settings(smtp_connections=1)
    started(300)

    def order_a_ticket(_letter) -> None:
        if mailings.count == 10:
            with app.app_context():
                post_letters(1, first=900, address="bokare@firma.example")
                db.session.remove()

    mailings.on_letter = order_a_ticket
    deliver_all()
    place = [letter.recipients[0] for letter in mailings.letters].index("bokare@firma.example")
    assert place <= 10 + 2 * 24 + 1, "at most two portions wait before it"


# --- all unknown, all deferred


def with_states(count: int, state: State, **given) -> int:
    """A mailing on its way whose letters are all in this state."""
    mailing_id = started(count)
    with transaction():
        values = {"state": state, "attempts": 1, **given}
        db.session.execute(update(Delivery).where(Delivery.mailing_id == mailing_id).values(values))
    return mailing_id


def acts() -> list[tuple[str, dict]]:
    db.session.remove()
    rows = db.session.execute(select(AuditEntry.action, AuditEntry.detail).order_by(AuditEntry.id))
    return [(row.action, row.detail) for row in rows if row.action not in ("mailing.prepared", "mailing.started")]


def test_all_unknown_letters_count_as_sent_by_one_act(mailings) -> None:
    mailing_id = with_states(1200, State.UNKNOWN)
    other = frozen([Recipient(1, "annan@firma.example")])
    with transaction():
        assert mending.treat_unknown_as_sent(mailing_id) == 1200
    assert ledger(mailing_id).parts[Part.ACCEPTED] == 1200
    assert ledger(other).parts[Part.WAITING] == 1
    assert history(letters_in(mailing_id)[-1].id)[-1] is State.ACCEPTED
    assert acts() == [("mailing.unknown_treated_as_sent", {"letters": 1200})]
    deliver_all()
    assert mailings.count == 0
    with pytest.raises(NotPossibleNow), transaction():
        mending.treat_unknown_as_sent(mailing_id)


def test_all_unknown_letters_are_sent_again_and_a_finished_mailing_goes_on(mailings) -> None:
    mailing_id = with_states(30, State.UNKNOWN)
    deliver_all()
    with transaction():
        db.session.execute(update(Mailing).values(begun_at=now(), moved_at=now()))
    tick()
    assert mailing(mailing_id).state is MailingState.DONE
    with transaction():
        assert mending.send_unknown_again(mailing_id) == 30
    assert acts() == [("mailing.unknown_sent_again", {"letters": 30})]
    first = letters_in(mailing_id)[0]
    assert (first.attempts, first.reason) == (0, "Skickas igen.")
    deliver_all()
    assert mailings.count == 30
    assert ledger(mailing_id).parts[Part.ACCEPTED] == 30
    assert history(first.id)[-4:] == [State.QUEUED, State.CLAIMED, State.IN_FLIGHT, State.ACCEPTED]
    with pytest.raises(NotPossibleNow), transaction():
        mending.send_unknown_again(mailing_id)


def test_nothing_of_a_cancelled_mailing_is_sent_again(mailings) -> None:
    mailing_id = with_states(2, State.UNKNOWN)
    with transaction():
        course.cancel(mailing_id)
    with pytest.raises(NotPossibleNow), transaction():
        mending.send_unknown_again(mailing_id)
    assert ledger(mailing_id).parts[Part.UNKNOWN] == 2


def test_all_letters_that_wait_for_another_try_are_tried_now(mailings) -> None:
    mailing_id = with_states(5, State.DEFERRED, not_before=now() + timedelta(hours=2))
    deliver_all()
    assert mailings.count == 0
    with transaction():
        assert mending.try_deferred_now(mailing_id) == 5
    assert acts() == [("mailing.deferred_tried_now", {"letters": 5})]
    deliver_all()
    assert mailings.count == 5
    with pytest.raises(NotPossibleNow), transaction():
        mending.try_deferred_now(mailing_id)


def test_what_is_not_there_is_not_found(mailings) -> None:
    for verb in (mending.treat_unknown_as_sent, mending.send_unknown_again, mending.try_deferred_now):
        with pytest.raises(NotFound), transaction():
            verb(4711)


# --- the ledger


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    weather=st.lists(
        st.tuples(
            st.sampled_from(["rcpt", "dot"]),
            st.integers(1, 12),
            st.sampled_from(["552 5.3.4 Too big", "451 4.3.0 Later", "554 5.7.1 Spam", None]),
        ),
        max_size=6,
    ),
    stopped_after=st.integers(0, 12),
)
def test_the_ledger_adds_up_at_every_moment(app, mailings, weather, stopped_after: int) -> None:
    mailings.behave()
    mailings.clear()
    for stage, number, words in weather:
        mailings.when(stage, to=f"person{number}@*", say=words, drop=words is None)
    mailing_id = started(12)

    def check(_letter) -> None:
        with app.app_context():
            assert ledger(mailing_id).selected == 12
            if mailings.count == stopped_after and mailing(mailing_id).state is MailingState.SENDING:
                with transaction():
                    course.pause(mailing_id)
            db.session.remove()

    mailings.on_letter = check
    deliver_all()
    found = ledger(mailing_id)
    assert found.selected == found.candidates == 12
    rows = list(rows_for_download(mailing_id))
    assert len(rows) == 12
    assert all(len(row) == len(COLUMNS) for row in rows)
    words = [row[3] for row in rows]
    assert words.count("skickat") == found.parts[Part.ACCEPTED] == mailings.count
    assert words.count("okänt") == found.parts[Part.UNKNOWN]
    mailings.on_letter = None


def test_a_mailing_of_many_is_frozen_in_portions_and_every_row_has_its_history(mailings) -> None:
    mailing_id = frozen(Recipient(number, f"p{number % 1200}@firma.example") for number in range(1300))
    found = ledger(mailing_id)
    assert (found.selected, found.exclusions) == (1200, {"samma adress": 100})
    assert db.session.scalar(select(func.count()).select_from(DeliveryEvent)) == 1200
    assert len(list(rows_for_download(mailing_id))) == 1300
