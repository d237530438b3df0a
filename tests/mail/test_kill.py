"""Killed in the middle, again and again: every letter is accounted for by name, and none is sent twice by us."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.delivery import reclaim_expired, send_again
from eventsys.mail.letters import MailingLetter
from eventsys.mail.mailings.course import start
from eventsys.mail.mailings.freezing import Recipient, freeze, new_mailing
from eventsys.mail.models import Delivery, State
from eventsys.mail.splice import Rendered
from tests import servers
from tests.mail.conftest import MAILING, deliver_all, mailing_values, post_letters, states
from tests.sink import SmtpSink

CONNECTIONS = 4


class Workers:
    """Starts delivering processes quickly, and kills them."""

    def __init__(self, url: str, folder: Path) -> None:
        self.pids: list[int] = []
        self.mother = subprocess.Popen(
            [sys.executable, "-m", "tests.mail.worker_process", url, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=servers.ROOT,
        )

    def start(self, **settings: object) -> int:
        assert self.mother.stdin is not None
        assert self.mother.stdout is not None
        self.mother.stdin.write(" ".join(f"{name}={value}" for name, value in settings.items()) + "\n")
        self.mother.stdin.flush()
        self.pids.append(int(self.mother.stdout.readline()))
        return self.pids[-1]

    def kill(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        servers.wait_until(lambda: not alive(pid))

    def wait(self) -> None:
        servers.wait_until(lambda: not any(alive(pid) for pid in self.pids), 60)

    def end(self) -> None:
        for pid in self.pids:
            self.kill(pid)
        self.mother.communicate()


def alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


@pytest.fixture
def workers(app: Flask, tmp_path: Path) -> Iterator[Workers]:
    started = Workers(db.engine.url.render_as_string(hide_password=False), tmp_path)
    yield started
    started.end()


def take_over_from_the_dead() -> None:
    db.session.remove()
    with transaction():
        reclaim_expired(now() + timedelta(hours=1))


def arrived(relay: SmtpSink) -> Counter[int]:
    """How often each letter reached the relay, by its subject id."""
    return Counter(int(letter.recipients[0].removeprefix("person").partition("@")[0]) for letter in relay.letters)


def post_mailing(letters: int) -> None:
    """One mailing to person1@firma.example and so on, started."""
    text = Rendered("Nummer 1", "Hej @@NAME@@\n", '<p>Hej</p>\n<a href="@@LEAVE@@">x</a>' * 500, ("NAME", "LEAVE"))
    with transaction():
        mailing = new_mailing("Nummer 1")
        people = (Recipient(n, f"person{n}@firma.example", f"Åsa {n}") for n in range(1, letters + 1))
        freeze(mailing.id, MAILING, text, people)
        start(mailing.id)


def send_through_kills(
    workers: Workers, relay: SmtpSink, letters: int, kills: int, posting: Callable[[int], object] = post_letters
) -> int:
    """Send, killing the process this many times; how many letters ended as unknown."""
    chance = random.Random(letters)
    relay.manner.delay = 0.004
    posting(letters)
    killed = 0
    while killed < kills and relay.count < letters:
        until = min(relay.count + chance.randrange(1, max(2, letters // kills)), letters)
        unknown = list(states().values()).count(State.UNKNOWN)
        pid = workers.start(smtp_url=relay.url, smtp_connections=CONNECTIONS)
        servers.wait_until(lambda: relay.count >= until or not alive(pid), 60, every=0.001)  # noqa: B023
        time.sleep(chance.random() * 0.01)
        killed += alive(pid)
        workers.kill(pid)
        take_over_from_the_dead()
        assert list(states().values()).count(State.UNKNOWN) - unknown <= CONNECTIONS
        assert_all_is_known(relay, letters)
    assert killed >= kills * 2 / 3
    relay.manner.delay = 0.0
    deliver_all()
    assert set(states().values()) <= {State.ACCEPTED, State.UNKNOWN}
    assert_all_is_known(relay, letters)
    return list(states().values()).count(State.UNKNOWN)


def assert_all_is_known(relay: SmtpSink, letters: int) -> None:
    found, came = states(), arrived(relay)
    assert sorted(found) == list(range(1, letters + 1)), "every letter has its row"
    assert max(came.values(), default=0) <= 1, "none was sent twice"
    for number, state in found.items():
        if state is State.ACCEPTED:
            assert came[number] == 1, f"letter {number} is said to be accepted and never came"
        elif state is not State.UNKNOWN:
            assert came[number] == 0, f"letter {number} came and is {state}"


def test_a_process_killed_in_the_middle_leaves_every_letter_in_a_true_state(workers: Workers, relay: SmtpSink) -> None:
    send_through_kills(workers, relay, letters=200, kills=6)
    unknown = {number for number, state in states().items() if state is State.UNKNOWN}
    came = arrived(relay)
    db.session.remove()
    with transaction():
        for row in db.session.query(Delivery).filter(Delivery.state == State.UNKNOWN):
            send_again(row)
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}
    assert all(arrived(relay)[number] == came[number] + (number in unknown) for number in range(1, 201))


@pytest.mark.soak
def test_twenty_kills_among_five_hundred_letters(workers: Workers, relay: SmtpSink) -> None:
    assert send_through_kills(workers, relay, letters=500, kills=20) > 0


@pytest.fixture
def mailing_letter(app: Flask) -> Iterator[None]:
    app.extensions["eventsys_letters"][MAILING] = MailingLetter(mailing_values)
    yield
    del app.extensions["eventsys_letters"][MAILING]
    app.extensions.pop("eventsys_splices", None)


def test_a_mailing_killed_in_the_middle_goes_on_and_nobody_gets_it_twice(
    workers: Workers, relay: SmtpSink, mailing_letter: None
) -> None:
    send_through_kills(workers, relay, letters=150, kills=3, posting=post_mailing)


@pytest.mark.soak
def test_twenty_kills_during_one_mailing(workers: Workers, relay: SmtpSink, mailing_letter: None) -> None:
    assert send_through_kills(workers, relay, letters=600, kills=20, posting=post_mailing) > 0


def test_two_processes_share_one_mailing(workers: Workers, relay: SmtpSink, mailing_letter: None) -> None:
    relay.manner.delay = 0.01
    post_mailing(150)
    for _ in range(2):
        workers.start(smtp_url=relay.url)
    workers.wait()
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}
    assert max(arrived(relay).values()) == 1
    assert relay.count == 150


def test_two_processes_share_the_work_and_send_nothing_twice(workers: Workers, relay: SmtpSink) -> None:
    relay.manner.delay = 0.01
    post_letters(150)
    for _ in range(2):
        workers.start(smtp_url=relay.url)
    workers.wait()
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}
    assert max(arrived(relay).values()) == 1
    assert relay.count == 150


def test_two_processes_together_keep_the_relays_pace(workers: Workers, relay: SmtpSink) -> None:
    post_letters(30)
    for _ in range(2):
        workers.start(smtp_url=relay.url, smtp_per_minute=300)
    workers.wait()
    assert relay.count == 30
    times = sorted(letter.at for letter in relay.letters)
    # 29 spacings of 0.2 s; what a loaded machine starts late it catches up. Without a pace this takes half a second.
    assert times[-1] - times[0] >= 29 * 0.2 - 1.5
