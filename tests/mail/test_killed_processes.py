"""kill -9 of the product's own processes at random moments of one mailing: nobody lost, nobody twice by us."""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select

from eventsys.config import Settings
from eventsys.database import db
from eventsys.mail.letters import MailingLetter, register_letters
from eventsys.mail.models import Delivery, State
from tests.journeys.product import app_of, environment, fresh_settings, served_at
from tests.mail.conftest import MAILING, mailing_values, states
from tests.mail.test_kill import CONNECTIONS, post_mailing, take_over_from_the_dead
from tests.servers import ServerProcess, SinkProcess, free_port, wait_until

PROGRAM = [sys.executable, "-m", "tests.mail.product_process"]
PATIENCE = 300
Victims = Sequence[ServerProcess]


@pytest.fixture
def relay() -> Iterator[SinkProcess]:
    """A relay in a process of its own, with a delay before each answer that kills can fall into."""
    with SinkProcess(delay_ms=4) as sink:
        yield sink


class Sending:
    """One mailing to person1@firma.example and so on, the processes that send it, and what is true of every letter."""

    def __init__(self, settings: Settings, relay: SinkProcess, letters: int) -> None:
        self.settings, self.relay, self.letters = settings, relay, letters
        self.workers: list[ServerProcess] = []
        self.webs: list[ServerProcess] = []
        self.others: list[ServerProcess] = []
        self.worker_kills = 0

    def process(self, *args: object, port: int = 0) -> ServerProcess:
        where = ("--port", port) if port else ()
        health = f"http://127.0.0.1:{port}/readyz" if port else None
        given = {"env": environment(self.settings), "health": health, "program": PROGRAM}
        return ServerProcess(*args, *where, **given)

    @property
    def taken(self) -> int:
        return self.relay.log.read_bytes().count(b"\n") if self.relay.log.exists() else 0

    def through_kills(self, kills: int, victims: Callable[[random.Random], Victims]) -> None:
        """Kill these, after a random number of letters each time, and start them again; at last all workers."""
        chance = random.Random(kills)
        for _ in range(kills):
            until = min(self.taken + chance.randrange(1, self.letters // (2 * kills)), self.letters - 1)
            wait_until(lambda: self.taken >= until, PATIENCE, every=0.002, about=f"{until} letters")  # noqa: B023
            self.kill(victims(chance))
        self.kill(self.workers)
        wait_until(lambda: set(states().values()) <= {State.ACCEPTED, State.UNKNOWN}, PATIENCE, about="the last letter")
        self.check()
        unknown = Counter(states().values())[State.UNKNOWN]
        assert unknown <= self.worker_kills * CONNECTIONS
        print(f"{self.letters} letters, {self.worker_kills} workers killed, {unknown} unknown")

    def kill(self, victims: Victims) -> None:
        for process in victims:
            process.kill9()
        self.worker_kills += sum(process in self.workers for process in victims)
        self.check_what_the_dead_held()
        for process in victims:
            process.start()

    def check_what_the_dead_held(self) -> None:
        """While another worker lives, its letters and those of the dead are told apart by their leases."""
        db.session.remove()
        held = select(func.count()).where(Delivery.state == State.IN_FLIGHT).group_by(Delivery.lease_owner)
        assert all(number <= CONNECTIONS for number in db.session.scalars(held))
        if not any(worker.running for worker in self.workers):
            take_over_from_the_dead()
            self.check()

    def check(self) -> None:
        found = states()
        came = Counter(int(to.removeprefix("person").partition("@")[0]) for to, _, _ in self.relay.taken)
        assert sorted(found) == list(range(1, self.letters + 1)), "every letter has its row"
        assert max(came.values(), default=0) <= 1, "nobody got it twice"
        for number, state in found.items():
            if state is State.ACCEPTED:
                assert came[number] == 1, f"letter {number} is said to be accepted and never came"
            elif state is not State.UNKNOWN:
                assert came[number] == 0, f"letter {number} came and is {state}"


def begin(sending: Sending, parts: ExitStack) -> None:
    """Freeze and start the mailing, then the processes; the clock's next tick rings for it."""
    app = parts.enter_context(app_of(sending.settings))
    register_letters(app, {MAILING: MailingLetter(mailing_values)})
    post_mailing(sending.letters)
    for process in [*sending.others, *sending.workers, *sending.webs]:
        parts.callback(process.kill9)
        process.start()


def send_from_one_process(folder: Path, relay: SinkProcess, letters: int, kills: int) -> None:
    port = free_port()
    settings = fresh_settings("sqlite", folder, smtp_url=relay.url, smtp_connections=CONNECTIONS)
    with ExitStack() as parts:
        sending = Sending(served_at(settings, port), relay, letters)
        sending.workers = [sending.process("serve", port=port)]
        begin(sending, parts)
        sending.through_kills(kills, lambda _chance: sending.workers)


def send_from_several_processes(folder: Path, relay: SinkProcess, redis_url: str, letters: int, kills: int) -> None:
    port = free_port()
    settings = fresh_settings(
        "postgresql", folder, broker_url=redis_url, smtp_url=relay.url, smtp_connections=CONNECTIONS
    )
    with ExitStack() as parts:
        sending = Sending(served_at(settings, port), relay, letters)
        sending.workers = [sending.process("worker"), sending.process("worker")]
        sending.webs = [sending.process("web", port=port)]
        sending.others = [sending.process("tick", "--loop")]
        begin(sending, parts)
        one, other = sending.workers
        choices = [[one], [other], sending.webs, [one, other, *sending.webs]]
        sending.through_kills(kills, lambda chance: chance.choice(choices))


def test_serve_may_be_killed_during_a_mailing(tmp_path: Path, relay: SinkProcess) -> None:
    send_from_one_process(tmp_path, relay, letters=300, kills=1)


def test_workers_and_web_may_be_killed_during_a_mailing(tmp_path: Path, relay: SinkProcess, redis_url: str) -> None:
    send_from_several_processes(tmp_path, relay, redis_url, letters=300, kills=2)


@pytest.mark.soak
def test_serve_killed_twenty_times_during_one_mailing_of_8500(tmp_path: Path, relay: SinkProcess) -> None:
    send_from_one_process(tmp_path, relay, letters=8_500, kills=20)


@pytest.mark.soak
def test_workers_and_web_killed_twenty_times_during_one_mailing_of_8500(
    tmp_path: Path, relay: SinkProcess, redis_url: str
) -> None:
    send_from_several_processes(tmp_path, relay, redis_url, letters=8_500, kills=20)
