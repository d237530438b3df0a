"""Every weather a relay can make, and the one state each letter must end in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from time_machine import travel

from eventsys.clock import now
from eventsys.config import Settings
from eventsys.mail import smtp
from eventsys.mail.compose import Email
from eventsys.mail.models import State
from eventsys.mail.relay import relay_address
from tests.mail.conftest import deliver_all, delivery, history, post_letters, states, the_relay
from tests.sink import SmtpSink


def test_a_posted_letter_arrives_and_its_history_is_kept(relay: SmtpSink) -> None:
    [one] = post_letters(1)
    assert deliver_all() is False
    [letter] = relay.letters
    row = delivery(one)
    assert row.state is State.ACCEPTED
    assert (row.attempts, row.smtp_code, row.subject, row.lease_owner) == (1, 250, "Brev 1", "")
    assert history(one) == [State.QUEUED, State.CLAIMED, State.IN_FLIGHT, State.ACCEPTED]
    assert letter.message["Message-ID"] == f"<{row.message_id}>"
    assert letter.recipients == ("person1@firma.example",)


def test_many_letters_share_few_connections_and_each_arrives_once(relay: SmtpSink) -> None:
    post_letters(60)
    deliver_all()
    assert sorted(letter.recipients[0] for letter in relay.letters) == sorted(
        f"person{number}@firma.example" for number in range(1, 61)
    )
    assert set(states().values()) == {State.ACCEPTED}
    assert 1 < relay.connections <= 4


def test_without_pipelining_letters_arrive_too(app, manners, use_settings) -> None:
    with SmtpSink(without={"PIPELINING"}) as slow:
        use_settings(smtp_url=slow.url)
        post_letters(5)
        deliver_all()
        assert slow.count == 5
        slow.when("rcpt", say="550 5.1.1 No such user", times=1)
        post_letters(2, first=10)
        deliver_all()
        assert sorted(states().values()).count(State.REJECTED) == 1
        assert slow.count == 6


@pytest.mark.parametrize(
    ("stage", "words", "state"),
    [
        ("mail", "451 4.3.0 Later", State.DEFERRED),
        ("rcpt", "450 4.2.0 Greylisted", State.DEFERRED),
        ("data", "451 4.3.0 Later", State.DEFERRED),
        ("dot", "452 4.3.1 Full", State.DEFERRED),
        ("mail", "550 5.7.1 You may not", State.DEFERRED),
        ("mail", "421 4.3.2 Closing", State.DEFERRED),
        ("dot", "421 4.3.2 Closing", State.DEFERRED),
        ("rcpt", "550 5.1.1 No such user", State.REJECTED),
        ("rcpt", "553 Nobody here", State.REJECTED),
        ("rcpt", "554 5.7.1 Relay access denied", State.DEFERRED),
        ("data", "554 5.5.0 No", State.REJECTED),
        ("dot", "552 5.3.4 Too big", State.REJECTED),
        ("dot", "554 5.7.1 Spam", State.DEFERRED),
    ],
)
def test_an_answer_other_than_yes_ends_in_its_state_and_the_next_letter_goes_on(
    relay: SmtpSink, stage: str, words: str, state: State
) -> None:
    relay.when(stage, say=words, times=1)
    [one] = post_letters(1)
    deliver_all()
    row = delivery(one)
    assert (row.state, row.smtp_code) == (state, int(words[:3]))
    assert row.reason
    assert words[4:] in row.smtp_reply
    assert (row.not_before > now()) == (state is State.DEFERRED)
    assert relay.count == 0
    post_letters(1, first=2)
    deliver_all()
    assert states()[2] is State.ACCEPTED


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_a_line_lost_before_the_final_dot_means_not_sent_and_tried_again_later(relay: SmtpSink, stage: str) -> None:
    relay.when(stage, drop=True, times=1)
    [one] = post_letters(1)
    deliver_all()
    row = delivery(one)
    assert row.state is State.DEFERRED
    assert row.not_before <= now() + timedelta(minutes=1)
    with travel(now() + timedelta(minutes=2)):
        deliver_all()
    assert delivery(one).state is State.ACCEPTED
    assert relay.count == 1


def test_a_line_lost_in_the_middle_of_a_big_letter_means_not_sent(relay: SmtpSink, manners) -> None:
    manners.builds[1] = lambda _row: Email("Stort", "x" * 30_000_000, "")
    relay.when("body", after_bytes=1000, times=1)
    [one] = post_letters(1)
    deliver_all()
    assert delivery(one).state is State.DEFERRED


@pytest.mark.parametrize("taken", [True, False])
def test_a_line_lost_after_the_final_dot_is_unknown_and_never_sent_again_by_itself(
    relay: SmtpSink, taken: bool
) -> None:
    relay.when("dot", drop=True, taken=taken, times=1)
    [one] = post_letters(1)
    deliver_all()
    row = delivery(one)
    assert (row.state, row.lease_owner) == (State.UNKNOWN, "")
    with travel(now() + timedelta(days=3)):
        deliver_all()
    assert delivery(one).state is State.UNKNOWN
    assert relay.count == (1 if taken else 0)


def test_no_answer_to_the_final_dot_is_unknown(relay: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "DOT_SECONDS", 0.3)
    relay.when("dot", delay=1.0, times=1)
    [one] = post_letters(1)
    deliver_all()
    assert delivery(one).state is State.UNKNOWN


def test_no_answer_to_a_command_means_not_sent(relay: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "COMMAND_SECONDS", 0.3)
    relay.when("rcpt", delay=1.0, times=1)
    [one] = post_letters(1)
    deliver_all()
    assert delivery(one).state is State.DEFERRED
    assert relay.count == 0


def test_a_slow_relay_is_merely_slow(relay: SmtpSink) -> None:
    relay.when("dot", delay=0.2)
    post_letters(8)
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}


def test_a_relay_that_is_down_stops_in_plain_swedish_and_letters_stay_queued(relay: SmtpSink) -> None:
    relay.refuse()
    post_letters(5)
    assert deliver_all() is False
    assert set(states().values()) == {State.QUEUED}
    row = the_relay()
    assert "går inte att nå" in row.stop_reason
    assert row.stopped_until is not None
    assert row.sent_today == 0
    relay.accept()
    deliver_all()
    assert relay.count == 0, "it waits until the stop is over"
    with travel(now() + timedelta(minutes=1)):
        deliver_all()
    assert set(states().values()) == {State.ACCEPTED}
    row = the_relay()
    assert (row.stop_reason, row.failures, row.stopped_until) == ("", 0, None)


def test_a_relay_that_stays_down_is_asked_ever_more_seldom(relay: SmtpSink) -> None:
    relay.refuse()
    post_letters(1)
    waits = []
    at = now()
    for _ in range(7):
        with travel(at, tick=False):
            deliver_all()
        until = the_relay().stopped_until
        assert until is not None
        waits.append((until - at).total_seconds())
        at = until + timedelta(seconds=1)
    assert waits == [10, 30, 60, 120, 300, 600, 600]


def test_a_wrong_password_stops_the_relay_and_says_so(app, manners, use_settings) -> None:
    with SmtpSink(users={"we": "right"}) as strict:
        use_settings(smtp_url=strict.url.replace("right", "wrong"))
        post_letters(2)
        deliver_all()
        assert set(states().values()) == {State.QUEUED}
        assert "användarnamnet eller lösenordet" in the_relay().stop_reason
        use_settings(smtp_url=strict.url)
        with travel(now() + timedelta(minutes=11)):
            deliver_all()
        assert strict.count == 2
        assert strict.letters[0].user == "we"


def test_refusals_of_policy_in_a_row_stop_the_relay_and_no_letter_is_lost(relay: SmtpSink) -> None:
    relay.when("mail", say="550 5.7.26 Sender not aligned")
    post_letters(40)
    deliver_all()
    row = the_relay()
    assert "5.7.26" in row.stop_reason
    assert row.stopped_until is not None
    assert row.stopped_until > now() + timedelta(minutes=20)
    found = states()
    assert set(found.values()) == {State.QUEUED, State.DEFERRED}
    assert list(found.values()).count(State.QUEUED) >= 25
    relay.behave()
    with travel(now() + timedelta(hours=1)):
        deliver_all()
    assert set(states().values()) == {State.ACCEPTED}


def test_one_address_under_policy_is_given_up_while_others_pass(relay: SmtpSink) -> None:
    relay.when("rcpt", to="person1@*", say="550 5.7.1 Members only")
    [one] = post_letters(1)
    post_letters(3, first=2)
    at = now()
    for hours in (0, 1, 2, 3):
        with travel(at + timedelta(hours=hours)):
            deliver_all()
    assert delivery(one).state is State.REJECTED
    assert delivery(one).attempts == 3
    assert relay.count == 3
    assert the_relay().stop_reason == ""


def test_growing_waits_give_up_after_about_a_day(relay: SmtpSink) -> None:
    relay.when("rcpt", say="450 4.2.0 Greylisted")
    [one] = post_letters(1)
    begin = at = now()
    while delivery(one).state in {State.QUEUED, State.DEFERRED}:
        with travel(at, tick=False):
            deliver_all()
        at = max(at, delivery(one).not_before)
    row = delivery(one)
    assert row.state is State.REJECTED
    assert row.reason.startswith("Gav upp efter ett dygn.")
    assert timedelta(hours=18) < at - begin < timedelta(hours=30)


def test_a_relay_that_hangs_up_after_some_letters_costs_no_letter_an_attempt(relay: SmtpSink, use_settings) -> None:
    use_settings(smtp_connections=1)
    post_letters(6)
    relay.when("mail", to="*", say=None)  # two letters pass, then it hangs up once
    relay.behave()
    seen: list[int] = []

    def hang_up_after_two(letter) -> None:
        seen.append(1)
        if len(seen) == 2:
            relay.when("mail", say="421 4.7.0 Enough on this line", times=1)

    relay.on_letter = hang_up_after_two
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}
    assert relay.count == 6
    assert relay.connections == 2


def test_a_relay_that_allows_few_connections_is_not_stopped(relay: SmtpSink) -> None:
    relay.when("dot", delay=0.05)
    first = relay.when("connect", times=1, say="220 sink.test ESMTP")
    relay.when("connect", say="421 4.7.0 Too many connections")
    post_letters(30)
    deliver_all()
    assert first.used == 1
    assert the_relay().stop_reason == ""
    assert set(states().values()) <= {State.ACCEPTED, State.QUEUED}
    relay.behave()
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}


# --- encryption


def test_starttls_is_used_and_its_certificate_checked(app, manners, use_settings, monkeypatch) -> None:
    with SmtpSink(tls="starttls") as secure:
        use_settings(smtp_url=secure.url)
        post_letters(1)
        deliver_all()
        assert secure.count == 0
        assert "certifikat" in the_relay().stop_reason
        monkeypatch.setenv("SSL_CERT_FILE", str(secure.ca_file))
        with travel(now() + timedelta(minutes=11)):
            deliver_all()
        assert secure.letters[0].tls


def test_implicit_tls_works_and_a_dropped_line_under_it_is_judged_alike(
    app, manners, use_settings, monkeypatch
) -> None:
    with SmtpSink(tls="implicit") as secure:
        monkeypatch.setenv("SSL_CERT_FILE", str(secure.ca_file))
        use_settings(smtp_url=secure.url)
        secure.when("dot", to="person2@*", drop=True, taken=True)
        secure.when("data", to="person3@*", drop=True)
        post_letters(3)
        deliver_all()
        assert states() == {1: State.ACCEPTED, 2: State.UNKNOWN, 3: State.DEFERRED}


def test_encryption_that_is_demanded_but_not_offered_stops_the_relay(relay: SmtpSink, use_settings) -> None:
    use_settings(smtp_url=relay.url + "?starttls=required")
    post_letters(1)
    deliver_all()
    assert "STARTTLS" in the_relay().stop_reason
    assert relay.count == 0


def test_verify_no_must_be_written_out(app, manners, use_settings) -> None:
    with SmtpSink(tls="starttls") as secure:
        use_settings(smtp_url=secure.url + "&verify=no")
        post_letters(1)
        deliver_all()
        assert secure.count == 1


@pytest.mark.parametrize("url", ["", "smtp://host?starttls=maybe", "smtp://host:abc", "smtp://host?verfy=no"])
def test_an_unusable_setting_stops_sending_with_a_reason(app, manners, use_settings, url: str) -> None:
    use_settings(smtp_url=url)
    post_letters(1)
    assert deliver_all() is False
    assert "EVENTSYS_SMTP_URL" in the_relay().stop_reason
    assert states() == {1: State.QUEUED}


def test_a_password_never_travels_in_the_open() -> None:
    address = relay_address("smtp://we:secret@relay.example.se")
    assert (address.port, address.starttls, address.verify) == (587, "auto", True)
    assert Settings().smtp_url == ""
