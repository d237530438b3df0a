"""The door: rings, the tick, the suppressed, and what staff can do."""

from __future__ import annotations

import itertools
import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from time_machine import travel

from eventsys.broker import start_worker
from eventsys.clock import from_local, local, now
from eventsys.database import db, transaction
from eventsys.mail import actors, queries, throttle
from eventsys.mail.delivery import NotPossibleNow, send_again, treat_as_sent, try_deferred_now, try_relay_now
from eventsys.mail.delivery.changes import Change, LeaseLost, apply_changes
from eventsys.mail.delivery.claiming import claim
from eventsys.mail.models import CHANGES, Delivery, State
from eventsys.mail.suppression import lift, suppress
from tests.mail.conftest import deliver_all, delivery, history, post_letters, states, the_relay
from tests.servers import wait_until


@pytest.fixture
def worker(app):
    started = start_worker(app, threads=2)
    yield started
    started.stop(timeout=5_000)


def test_posting_rings_and_the_letter_leaves_by_itself(relay, worker) -> None:
    post_letters(3)
    relay.wait_for(3)
    wait_until(lambda: set(states().values()) == {State.ACCEPTED})


def test_a_hundred_rings_make_one_run_and_none_is_lost(app, relay, worker) -> None:
    for first in range(0, 60, 3):
        post_letters(3, first=first)
        actors.deliver.ring()
    relay.wait_for(60)
    wait_until(lambda: set(states().values()) == {State.ACCEPTED})
    assert relay.count == 60


def test_the_tick_rings_for_what_is_due_and_only_then(app, relay, monkeypatch) -> None:
    rings = []
    monkeypatch.setattr(actors.deliver, "ring", lambda _id=0: rings.append(1))
    actors.due()
    assert rings == []
    post_letters(1)
    rings.clear()
    actors.due()
    assert rings == [1]
    relay.refuse()
    deliver_all()
    actors.due()
    assert rings == [1], "a stopped relay is left in peace"


def test_the_tick_takes_over_what_the_dead_held(relay) -> None:
    ids = post_letters(2)
    with transaction():
        claims = claim("relay:25", "dead", 2)
        apply_changes(
            [Change(claims[1].id, State.CLAIMED, State.IN_FLIGHT, "dead", lease_until=now() + timedelta(minutes=1))]
        )
    actors.due()
    assert [delivery(one).state for one in ids] == [State.CLAIMED, State.IN_FLIGHT]
    with travel(now() + timedelta(minutes=10)):
        db.session.remove()
        actors.due()
    assert [delivery(one).state for one in ids] == [State.QUEUED, State.UNKNOWN]
    assert "Det går inte att veta" in delivery(ids[1]).reason


def test_a_suppressed_address_gets_nothing_until_staff_lift_it(relay) -> None:
    with transaction():
        suppression = suppress("Person1@firma.example", "Adressen finns inte.")
        suppression_id = suppression.id
    ids = post_letters(2)
    deliver_all()
    assert delivery(ids[0]).state is State.SKIPPED
    assert "Adressen finns inte." in delivery(ids[0]).reason
    assert relay.count == 1
    with transaction():
        lift(suppression_id, "anna")
    post_letters(1, purpose_key="again")
    deliver_all()
    assert relay.count == 2


def test_staff_settle_an_unknown_letter_once(relay) -> None:
    relay.when("dot", drop=True, times=2)
    one, two = post_letters(2)
    deliver_all()
    with transaction():
        treat_as_sent(db.session.get_one(Delivery, one))
    with pytest.raises(NotPossibleNow), transaction():
        treat_as_sent(db.session.get_one(Delivery, one))
    with transaction():
        send_again(db.session.get_one(Delivery, two))
    deliver_all()
    assert states() == {1: State.ACCEPTED, 2: State.ACCEPTED}
    assert relay.count == 1
    assert history(one)[-2:] == [State.UNKNOWN, State.ACCEPTED]


def test_deferred_letters_and_a_stopped_relay_can_be_tried_now(relay) -> None:
    relay.when("rcpt", say="450 4.2.0 Later", times=1)
    post_letters(1)
    deliver_all()
    with transaction():
        assert try_deferred_now(Delivery.about == "") == 1
    relay.refuse()
    deliver_all()
    assert the_relay().stopped_until is not None
    relay.accept()
    with transaction():
        try_relay_now(the_relay().name)
    deliver_all()
    assert states() == {1: State.ACCEPTED}


def test_what_left_and_what_was_refused_waits_no_more(relay) -> None:
    relay.when("rcpt", to="person1@*", say="550 5.1.1 No such user")
    post_letters(3)
    assert queries.relay_status().waiting == 3
    deliver_all()
    assert states() == {1: State.REJECTED, 2: State.ACCEPTED, 3: State.ACCEPTED}
    assert queries.relay_status().waiting == 0


# --- states


def test_a_change_that_the_table_does_not_know_cannot_be_written() -> None:
    for was in State:
        for becomes in State:
            if becomes in CHANGES[was]:
                Change(1, was, becomes)
            else:
                with pytest.raises(ValueError, match="never becomes"):
                    Change(1, was, becomes)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(State), st.sampled_from(State), st.sampled_from(["", "me", "you"])), max_size=12
    )
)
def test_a_row_only_ever_moves_by_a_change_that_stood_on_its_true_state(relay, steps) -> None:
    [one] = post_letters(1, purpose_key=f"walk:{now().timestamp()}")
    state, owner, trail = State.QUEUED, "", [State.QUEUED]
    for was, becomes, by in steps:
        if becomes not in CHANGES[was]:
            continue
        change = Change(one, was, becomes, by, lease_until=now() + timedelta(minutes=1) if by else None)
        try:
            with transaction():
                apply_changes([change])
        except LeaseLost:
            assert (was, by) != (state, owner)
        else:
            assert (was, by) == (state, owner)
            state, owner = becomes, by
            trail.append(becomes)
        assert (delivery(one).state, delivery(one).lease_owner) == (state, owner)
    assert history(one) == trail


# --- pace


def test_slots_of_all_processes_stand_one_spacing_apart(relay, use_settings) -> None:
    use_settings(smtp_per_minute=60)
    post_letters(40)
    at = now()
    slots = []
    for round_ in range(6):
        with travel(at + timedelta(seconds=2 * round_), tick=False), transaction():
            for owner in ("a", "b"):
                slots += [each.slot for each in claim("relay:25", owner, 3)]
    gaps = [later - earlier for earlier, later in itertools.pairwise(slots)]
    assert slots
    assert set(gaps) == {timedelta(seconds=1)}
    assert slots[-1] <= at + timedelta(seconds=10) + throttle.HORIZON


def test_the_daily_cap_holds_over_the_swedish_midnight(relay, use_settings) -> None:
    use_settings(smtp_per_day=5)
    post_letters(8)
    noon = from_local(local(now() + timedelta(days=1)).replace(tzinfo=None, hour=12, minute=0))
    with travel(noon):
        deliver_all()
        assert relay.count == 5
        row = the_relay()
        granted = throttle.grant(row, 10, now())
        assert granted.slots == ()
        assert "Dagens antal" in granted.reason
        assert granted.wait_until is not None
    with travel(granted.wait_until + timedelta(seconds=1)):
        deliver_all()
    assert relay.count == 8


def test_the_finishing_time_is_true_for_a_slow_relay(relay, use_settings) -> None:
    """Exchange Online: 30 a minute and 10 000 a day make 4 h 43 min of 8 500 letters."""
    use_settings(smtp_per_minute=30, smtp_per_day=10_000)
    at = from_local(local(now() + timedelta(days=1)).replace(tzinfo=None, hour=8, minute=0))
    with transaction():
        row = throttle.relay_row("relay:25", at)
    ends = throttle.finishes_at(row, 8_500, at)
    assert ends is not None
    assert timedelta(hours=4, minutes=43) <= ends - at <= timedelta(hours=4, minutes=44)
    two_days = throttle.finishes_at(row, 12_000, at)
    assert two_days is not None
    assert timedelta(hours=16) < two_days - at < timedelta(hours=18)


def test_rings_while_a_run_goes_on_are_heard_by_it(app, relay, monkeypatch) -> None:
    runs: list[int] = []
    inside, go_on = threading.Event(), threading.Event()

    def slow_drain() -> bool:
        runs.append(1)
        inside.set()
        go_on.wait(5)
        return False

    monkeypatch.setattr(actors, "drain", slow_drain)

    def ring() -> None:
        with app.app_context():
            actors.deliver(0)

    first = threading.Thread(target=ring)
    first.start()
    inside.wait(5)
    for _ in range(20):
        ring()
    go_on.set()
    first.join(5)
    assert len(runs) == 2, "one for the first ring, one for the twenty that came meanwhile"
