"""The product's own processes, killed and stopped: what the figures and the letters say of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import select

from eventsys.clock import now
from eventsys.config import Settings
from eventsys.database import db, transaction
from eventsys.leases import Lease
from eventsys.mail.actors import deliver
from eventsys.mail.delivery import try_relay_now
from eventsys.mail.delivery.run import relay_name
from eventsys.mail.outbox import post
from eventsys.operations.alarms import TROUBLE
from eventsys.operations.models import Kind, Trouble, Worker
from eventsys.serving import running_web, running_worker
from tests.journeys.product import app_of, fresh_settings, process, served_at
from tests.operations.reading import figures
from tests.servers import free_port, redis_server, wait_until
from tests.sink import SmtpSink
from tests.staff_fixtures import new_account, see_anew

DATABASES = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


def scrape(settings: Settings) -> dict[str, float]:
    with urlopen(f"{settings.base_url}/metrics") as answer:
        return figures(answer.read().decode())


def workers() -> list[str]:
    see_anew()
    return list(db.session.scalars(select(Worker.holder)))


def a_trouble(kind: Kind) -> Trouble:
    """One that was noticed ten minutes ago and of which nobody has been told."""
    at = now() - timedelta(minutes=10)
    trouble = Trouble(kind=kind, begun_at=at - timedelta(hours=1), noticed_at=at, seen_at=at)
    with transaction():
        db.session.add(trouble)
    return trouble


def the_clock_stood_still(minutes: int = 60) -> None:
    at = now() - timedelta(minutes=minutes)
    with transaction():
        db.session.add(Lease(duty="tick", holder="dead", until=at, taken_at=at))


def test_a_worker_process_lives_in_a_row_that_a_kill_leaves_behind(tmp_path: Path, sink: SmtpSink) -> None:
    settings = fresh_settings("postgresql", tmp_path, smtp_url=sink.url, broker_url=redis_server().url)
    with app_of(settings):
        with process("worker", settings=settings) as stopped:
            wait_until(lambda: len(workers()) == 1, 30, about="the worker's row")
            stopped.stop()
        assert workers() == []
        with process("worker", settings=settings) as killed:
            wait_until(lambda: len(workers()) == 1, 30, about="the second worker's row")
            killed.kill9()
        assert len(workers()) == 1


def test_a_worker_tells_of_a_clock_that_stands_still_without_the_clock(tmp_path: Path, sink: SmtpSink) -> None:
    settings = fresh_settings("postgresql", tmp_path, smtp_url=sink.url, broker_url=redis_server().url)
    with app_of(settings):
        address = new_account().email
        the_clock_stood_still()
        a_trouble(Kind.CLOCK)
        with process("worker", settings=settings):
            wait_until(lambda: sink.letters_to(address), 30, about="the alarm")
        (letter,) = sink.letters_to(address)
        assert letter.message["Subject"] == "Larm: klockan står still"
    with app_of(settings), process("worker", settings=settings):  # a restart tells nobody anew
        wait_until(lambda: len(workers()) == 1, 30, about="the worker's row")
        wait_until(_has_looked_again, 30, about="the watch's second look")
        assert len(sink.letters_to(address)) == 1


def _has_looked_again() -> bool:
    see_anew()
    trouble = db.session.scalars(select(Trouble).where(Trouble.kind == Kind.CLOCK)).one()
    return trouble.told_at is not None and trouble.seen_at > trouble.told_at


@DATABASES
def test_a_relay_that_refuses_is_seen_from_outside_and_told_when_it_takes_letters_again(
    kind: str, tmp_path: Path, sink: SmtpSink
) -> None:
    port = free_port()
    settings = served_at(fresh_settings(kind, tmp_path, smtp_url=sink.url, smtp_connections=1), port)
    with app_of(settings) as app, running_web(app, "127.0.0.1", port):
        address = new_account().email
        trouble = a_trouble(Kind.DISK)
        sink.refuse()
        post_alarm(trouble, address)
        deliver(0)
        seen = scrape(settings)
        assert (seen["eventsys_relay_stopped"], seen['eventsys_letters{state="accepted"}']) == (1, 0)
        assert seen['eventsys_letters_due{priority="confirmation"}'] == 1
        sink.accept()
        the_relay_may_be_tried()
        deliver(0)
        assert len(sink.letters_to(address)) == 1
        seen = scrape(settings)
        assert (seen["eventsys_relay_stopped"], seen['eventsys_letters{state="accepted"}']) == (0, 1)


def post_alarm(trouble: Trouble, address: str) -> None:
    with transaction():
        post(TROUBLE, trouble.id, purpose_key="test:alarm", address=address, name="Alva")


def the_relay_may_be_tried() -> None:
    with transaction():
        try_relay_now(relay_name())


@DATABASES
def test_a_worker_that_stopped_is_missed_and_one_that_runs_is_not(kind: str, tmp_path: Path, sink: SmtpSink) -> None:
    port = free_port()
    settings = served_at(fresh_settings(kind, tmp_path, smtp_url=sink.url), port)
    with app_of(settings) as app, running_web(app, "127.0.0.1", port):
        with running_worker(app, 1):
            wait_until(lambda: scrape(settings)["eventsys_workers"] == 1, 30, about="the worker")
            assert scrape(settings)['eventsys_trouble{kind="workers"}'] == 0
        seen = scrape(settings)
        assert (seen["eventsys_workers"], seen['eventsys_trouble{kind="workers"}']) == (0, 1)
