"""kill -9 of any process, Redis and PostgreSQL among them, while people register and a mailing leaves.

Afterwards: no seat twice, nobody who saw a confirmation without a seat, every letter accounted for, none sent twice.
"""

from __future__ import annotations

import http.client
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from eventsys.config import Settings
from eventsys.database import db
from eventsys.events.models import ACTIVE, SEATED, Attendee, AttendeeState, Registration
from eventsys.mail.letters import MailingLetter, register_letters
from eventsys.mail.models import WAITING, Delivery, State
from eventsys.migrating import upgrade_database
from tests.conftest import settings_for_tests
from tests.factories import make_event
from tests.faults.crowd import Client
from tests.journeys.product import app_of, environment
from tests.mail.conftest import MAILING, mailing_values
from tests.mail.test_kill import CONNECTIONS, post_mailing
from tests.servers import PostgresServer, RedisServer, ServerProcess, SinkProcess, free_port, wait_until

PROGRAM = [sys.executable, "-m", "tests.mail.product_process"]
VISITORS, PAUSE = 6, 0.3
"""Seconds between two visits: a ticket costs a tenth of a second of processor time, and is not what is tried here."""
PATIENCE = 600


@dataclass
class Seen:
    """What the visitors saw. `confirmed` are addresses whose booking was shown on the screen, with a seat or queued."""

    confirmed: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # a page that said no: full, busy, or that something is away
    lost: list[str] = field(default_factory=list)  # no answer at all: the visitor cannot know

    @property
    def tried(self) -> int:
        return len(self.confirmed) + len(self.refused) + len(self.lost)


class House:
    """PostgreSQL, Redis, two web processes, two workers and two clocks, each of which can be killed."""

    def __init__(self, folder: Path, relay: SinkProcess, parts: ExitStack) -> None:
        self.postgres, self.redis = PostgresServer().start(), RedisServer().start()
        parts.callback(self.postgres.stop)
        parts.callback(self.redis.stop)
        self.settings: Settings = settings_for_tests(
            self.postgres.new_database(), folder, tick_seconds=1, broker_url=self.redis.url, smtp_url=relay.url,
            smtp_connections=CONNECTIONS,
        )  # fmt: skip
        self.ports = [free_port(), free_port()]
        self.webs = [self._process("web", port=port) for port in self.ports]
        self.workers = [self._process("worker"), self._process("worker")]
        self.clocks = [self._process("tick", "--loop"), self._process("tick", "--loop")]
        self.kills: Counter[str] = Counter()
        self.parts = parts

    def _process(self, *args: object, port: int = 0) -> ServerProcess:
        where = ("--port", port) if port else ()
        health = f"http://127.0.0.1:{port}/readyz" if port else None
        return ServerProcess(*args, *where, env=environment(self.settings), health=health, program=PROGRAM)

    def start(self) -> None:
        for process in (*self.webs, *self.workers, *self.clocks):
            self.parts.callback(process.kill9)
            process.start()

    def kill_something(self, chance: random.Random) -> None:
        """One of all that runs, and start it again."""
        name = chance.choice(("web", "web", "worker", "worker", "clock", "redis", "postgresql"))
        self.kills[name] += 1
        if name == "postgresql":
            self.postgres.kill9()
            db.session.remove()
            db.engine.dispose()
            wait_until(self._postgres_is_back, 60, about="PostgreSQL")
        elif name == "redis":
            self.redis.stop(signal.SIGKILL)
            self.redis.start()
        else:
            victim = chance.choice({"web": self.webs, "worker": self.workers, "clock": self.clocks}[name])
            victim.kill9()
            victim.start()

    def _postgres_is_back(self) -> bool:
        """Sessions that outlive the server for a moment keep the next from beginning."""
        try:
            self.postgres.run()
        except AssertionError:
            return False
        return True


@pytest.fixture
def relay() -> Iterator[SinkProcess]:
    with SinkProcess(delay_ms=4) as sink:
        yield sink


def visit(house: House, path: str, seen: Seen, over: threading.Event, number: int) -> None:
    """One visitor after another registers one person each, whichever web process answers, until it is over."""
    chance = random.Random(number)
    for turn in range(10_000):
        if over.is_set():
            return
        address = f"gast{number}x{turn}@foretag.example"
        client = Client(chance.choice(house.ports))
        try:
            seen_by_one(client, path, address, seen)
        except (OSError, http.client.HTTPException):
            seen.lost.append(address)
        finally:
            client.close()
        over.wait(PAUSE)


def seen_by_one(client: Client, path: str, address: str, seen: Seen) -> None:
    page = client.get(path)
    if page.status != 200 or "booker_email" not in page.page:
        seen.refused.append(address)
        return
    typed = {"company_name": "Väveriet AB", "booker_name": "Åsa Öberg", "booker_email": address, "booker_comes": "y"}
    answer = client.post(path, typed | client.form(path))
    if answer.status == 302 and client.get(answer.location).status == 200:
        seen.confirmed.append(address)
    else:
        seen.refused.append(address)


def live_through(folder: Path, relay: SinkProcess, kills: int, seconds: float, seats: int, letters: int) -> None:
    """At least so many kills, however slow the machine starts again what was killed, and for so long at least."""
    with ExitStack() as parts:
        house, seen = House(folder, relay, parts), Seen()
        app = parts.enter_context(app_of(house.settings))
        upgrade_database()
        register_letters(app, {MAILING: MailingLetter(mailing_values)})
        event = make_event(capacity=seats)
        event_id = event.id
        path = f"/evenemang/{event.slug}/anmalan"
        post_mailing(letters)
        db.session.remove()
        house.start()
        over = threading.Event()
        crowd = [threading.Thread(target=visit, args=(house, path, seen, over, n)) for n in range(VISITORS)]
        for one in crowd:
            one.start()
        try:
            chance, until = random.Random(letters), time.monotonic() + seconds
            while time.monotonic() < until or house.kills.total() < kills:
                house.kill_something(chance)
        finally:
            over.set()
            for one in crowd:
                one.join(90)
        wait_until(all_settled, PATIENCE, every=0.5, about="the last letter")
        print(f"{dict(house.kills)} killed; {seen.tried} tries, {len(seen.confirmed)} confirmed, {len(seen.lost)} lost")
        no_seat_is_taken_twice(event_id, seats)
        everybody_who_saw_a_confirmation_is_there(event_id, seen)
        every_letter_is_accounted_for(relay, letters, house.kills)
        assert seen.confirmed


def all_settled() -> bool:
    db.session.remove()
    waiting = select(func.count()).where(Delivery.state.in_(WAITING))
    return not db.session.scalar(waiting)


def no_seat_is_taken_twice(event_id: int, seats: int) -> None:
    held, queued = (
        db.session.scalar(select(func.count()).where(Attendee.event_id == event_id, Attendee.state.in_(states))) or 0
        for states in (SEATED, [AttendeeState.WAITING])
    )
    assert held <= seats
    assert held == seats or not queued, "nobody queues while there is a seat"


def everybody_who_saw_a_confirmation_is_there(event_id: int, seen: Seen) -> None:
    query = select(Attendee.email_key).where(Attendee.event_id == event_id, Attendee.state.in_(ACTIVE))
    assert set(seen.confirmed) <= set(db.session.scalars(query))
    assert len(seen.confirmed) == len(set(seen.confirmed))
    bookings = db.session.scalar(select(func.count()).select_from(Registration)) or 0
    assert bookings <= seen.tried, "nobody is there who did not try"


def every_letter_is_accounted_for(relay: SinkProcess, letters: int, kills: Counter[str]) -> None:
    """What the rows say is what came: once, or not; only a letter whose outcome nobody saw is unknown."""
    came = Counter(to for to, _, _ in relay.taken)
    assert max(came.values()) == 1, "nobody got a letter twice"
    rows = db.session.execute(select(Delivery.address, Delivery.state, Delivery.mailing_id)).all()
    assert sum(row.mailing_id is not None for row in rows) == letters
    assert {row.address for row in rows} >= set(came), "nobody got a letter that has no row"
    for row in rows:
        if row.state is State.ACCEPTED:
            assert came[row.address] == 1, f"{row.address} is said to have got it"
        elif row.state is not State.UNKNOWN:
            assert came[row.address] == 0, f"{row.address} got it and is {row.state}"
    unknown = sum(row.state is State.UNKNOWN for row in rows)
    # One a connection of the worker that died; when PostgreSQL died, of all workers.
    assert unknown <= CONNECTIONS * (kills["worker"] + 2 * kills["postgresql"])


def test_anything_may_be_killed_while_people_register_and_a_mailing_leaves(tmp_path: Path, relay: SinkProcess) -> None:
    live_through(tmp_path, relay, kills=4, seconds=0, seats=40, letters=400)


@pytest.mark.soak
def test_everything_is_killed_for_two_minutes_during_a_mailing_of_8500(tmp_path: Path, relay: SinkProcess) -> None:
    live_through(tmp_path, relay, kills=10, seconds=120, seats=400, letters=8_500)
