"""The whole product as processes: web, worker, clock and a mail sink that only counts, with data in the database."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from eventsys import create_app
from eventsys.clock import now
from eventsys.config import Settings, variable_of
from eventsys.database import db, transaction
from eventsys.demo import fill_if_empty
from eventsys.events.checkin.entering import path_of
from eventsys.events.checkin.keeping import add_door
from eventsys.events.checkin.pins import pins_of
from eventsys.events.drafting import draft_event
from eventsys.events.models import ACTIVE, Attendee, Event, Series
from eventsys.events.planning import publish
from eventsys.events.registration import register
from eventsys.migrating import upgrade_database
from tests import servers
from tests.factories import make_wish
from tests.servers import ROOT, ServerProcess, SinkProcess, free_port, new_folder

BURST_SEATS = 200
DOORS, GUESTS = 4, 400
PYTHON = [sys.executable, "-m"]


@dataclass
class Running:
    """A running product. `page`, `roomy` and `bursts` are slugs: one to look at, one with room for all, small ones.

    `doors` are (path, PIN) of the doors to an event of today, `tickets` the codes of those who come to it.
    """

    name: str
    port: int
    sink: SinkProcess
    settings: Settings
    processes: list[ServerProcess] = field(default_factory=list)
    page: str = ""
    roomy: str = ""
    bursts: tuple[str, ...] = ()
    doors: tuple[tuple[str, str], ...] = ()
    tickets: tuple[str, ...] = ()

    def begin_sending(self) -> None:
        """Let worker and clock begin."""
        if not self.settings.broker_url:
            os.kill(self.processes[0].pid, signal.SIGUSR1)
            return
        for command in (("worker",), ("tick", "--loop")):
            self.processes.append(ServerProcess(*command, env=variables(self.settings)).start())

    def letters(self) -> int:
        """How many letters the sink has taken."""
        return self.sink.log.read_bytes().count(b"\n") if self.sink.log.exists() else 0

    def cpu_seconds(self) -> float:
        """What our own processes have used so far; servers of databases are not counted."""
        return sum(_cpu_seconds(process.pid) for process in self.processes)

    def sold(self, slug: str) -> int:
        """How many people have a seat or an offer, by the rows themselves."""
        app = create_app(self.settings)
        with app.app_context():
            query = select(func.count()).select_from(Attendee).join(Event)
            number = db.session.scalar(query.where(Event.slug == slug, Attendee.state.in_(ACTIVE))) or 0
            db.session.remove()
            db.engine.dispose()
        return number


def _cpu_seconds(pid: int) -> float:
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def variables(settings: Settings) -> dict[str, str]:
    """The settings as environment variables."""
    return {variable_of(one): str(getattr(settings, one.name)) for one in settings.__dataclass_fields__.values()}


@contextlib.contextmanager
def on_sqlite() -> Iterator[Running]:
    """As `make run` has it: pages, worker and clock in one process, SQLite, jobs in memory."""
    with _running("SQLite, one process (eventsys serve)", Settings()) as running:
        yield running


@contextlib.contextmanager
def on_postgresql() -> Iterator[Running]:
    """As production may have it: PostgreSQL, Redis, and web, worker and clock as processes of their own."""
    url = servers.new_database(servers.postgres_server())
    given = Settings(database_url=url, broker_url=servers.redis_server().url)
    with _running("PostgreSQL, Redis, web + worker + tick", given) as running:
        yield running


@contextlib.contextmanager
def _running(name: str, given: Settings) -> Iterator[Running]:
    port = free_port()
    with SinkProcess() as sink, contextlib.ExitStack() as ending:
        settings = replace(
            given,
            data_dir=str(new_folder("bench")),
            secret_key="only-for-the-benchmark",
            smtp_url=sink.url,
            base_url=f"http://127.0.0.1:{port}",
            mail_from="Näringslivsenheten <naringsliv@bank.example>",
            rate_limit_registrations="1000000 per minute",
        )
        running = Running(name, port, sink, settings)
        _fill(running)
        program = [*PYTHON, "tests.benchmarks.app", "--port", str(port)]
        health = f"http://127.0.0.1:{port}/readyz"
        web = ServerProcess(env=variables(settings), program=program, health=health, cwd=ROOT).start()
        running.processes.append(web)
        ending.callback(lambda: [process.kill9() for process in running.processes])
        yield running


def _fill(running: Running) -> None:
    """The demonstration, and our own events in its series of lunches."""
    app = create_app(running.settings)
    with app.app_context():
        upgrade_database()
        fill_if_empty()
        with transaction():
            running.roomy = _event("Mätning", 100_000)
            running.bursts = tuple(_event(f"Rusning {number}", BURST_SEATS) for number in (1, 2))
            running.doors, running.tickets = _doors_of_today()
            running.page = db.session.scalars(select(Event.slug).where(Event.title.like("Växa%"))).one()
        db.session.remove()
        db.engine.dispose()


def _lunches() -> Series:
    """A series that asks for diet and nothing else."""
    return db.session.scalars(select(Series).where(Series.name == "Fredagslunch")).one()


def _event(title: str, seats: int) -> str:
    series = _lunches()
    starts_at = now().replace(minute=0, second=0, microsecond=0) + timedelta(days=40)
    values = {"title": title, "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2), "capacity": seats}
    return publish(draft_event(series.id, values).id, now()).slug


def _doors_of_today() -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Four doors to an event that begins soon, and the tickets of four hundred."""
    series = _lunches()
    starts_at = now() + timedelta(hours=1)
    values = {"title": "Insläpp", "starts_at": starts_at, "ends_at": starts_at + timedelta(hours=3), "capacity": 500}
    event = publish(draft_event(series.id, {**values, "party_size": 8}).id, now())
    for _ in range(GUESTS // 8):
        register(event.id, make_wish(8), now())
    doors = [add_door(event.id, f"Dörr {number}", None, now()) for number in range(1, DOORS + 1)]
    codes = db.session.scalars(select(Attendee.ticket_code).where(Attendee.event_id == event.id)).all()
    return tuple((path_of(door), pins_of(door).host) for door in doors), tuple(codes)


class Visitors:
    """The process of tests.benchmarks.visitors."""

    def __init__(self, port: int) -> None:
        command = [*PYTHON, "tests.benchmarks.visitors", str(port)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def do(self, what: str, path: str, clients: int, seconds: float = 0, **more: Any) -> dict[str, Any]:
        """One task; see there. Raises AssertionError when a visitor met an error."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        task = {"do": what, "path": path, "clients": clients, "seconds": seconds, **more}
        print(json.dumps(task), file=self._process.stdin, flush=True)
        seen: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert not seen["errors"], seen["errors"]
        return seen

    def __enter__(self) -> Visitors:
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
