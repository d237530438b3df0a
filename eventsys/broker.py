"""Handing ids to workers. The row is the truth, the broker is a doorbell: losing or doubling a message is harmless.

A job is a function that takes one integer id, opens a transaction and calls one verb. It is declared with `@job` in a
slice's actors.py and bound to the application's broker in create_app, so that web, worker and tests know the same
queues. Retries and delays live in columns, never here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import dramatiq
import structlog
from dramatiq.broker import Broker
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.errors import BrokerConnectionError
from dramatiq.middleware import Middleware, ShutdownNotifications, TimeLimit
from flask import Flask, current_app
from redis.exceptions import RedisError

from eventsys.audit import CLOCK, act_as
from eventsys.database import after_commit, db

log = structlog.get_logger()


class BrokerAway(Exception):
    """The broker cannot be reached. Nothing is lost: rows say what is due, and the next tick rings again."""


class Job:
    """A function of one id that workers run."""

    def __init__(self, function: Callable[[int], None], queue: str, time_limit: int) -> None:
        functools.update_wrapper(self, function)
        self.function = function
        self.name = f"{function.__module__.removeprefix('eventsys.').removesuffix('.actors')}.{function.__name__}"
        self.queue = queue
        self.time_limit = time_limit

    def __call__(self, subject_id: int) -> None:
        self.function(subject_id)

    def ring(self, subject_id: int = 0) -> None:
        """Ring the bell now. Outside transactions; inside one use `ring_after_commit`. Raises BrokerAway."""
        broker: Broker = current_app.extensions["eventsys_broker"]
        try:
            broker.enqueue(broker.get_actor(self.name).message(subject_id))
        except (RedisError, BrokerConnectionError) as error:
            raise BrokerAway(str(error)) from error

    def ring_after_commit(self, subject_id: int = 0) -> None:
        """Ring once the surrounding transaction is kept. A broker that is down costs nothing: the tick finds it."""
        after_commit(functools.partial(self.ring, subject_id))


def job(queue: str, time_limit: int = 70_000) -> Callable[[Callable[[int], None]], Job]:
    """Declare a job on a queue; `time_limit` in milliseconds."""

    def declare(function: Callable[[int], None]) -> Job:
        return Job(function, queue, time_limit)

    return declare


class InProcessBroker(StubBroker):
    """Dramatiq's in-memory broker, without the list of failed messages that it would keep for ever."""

    def process_after_nack(self) -> None:
        self.dead_letters_by_queue.clear()


class _ForgetFailures(Middleware):
    def after_nack(self, broker: Broker, message: Any) -> None:
        if isinstance(broker, InProcessBroker):
            broker.process_after_nack()


def init_broker(app: Flask, url: str, jobs: list[Job]) -> None:
    """Make the app's broker and declare every job on it."""
    broker = _make_broker(url)
    for a_job in jobs:
        _declare(app, broker, a_job)
    app.extensions["eventsys_broker"] = broker


def _make_broker(url: str) -> Broker:
    middleware: list[Middleware] = [TimeLimit(), ShutdownNotifications(), _ForgetFailures()]
    if url.startswith("redis"):
        # Work of a killed worker is taken over after seconds, not many minutes.
        return RedisBroker(url=url, middleware=middleware, heartbeat_timeout=5_000, maintenance_chance=100_000)
    if url.startswith("amqp"):
        return RabbitmqBroker(url=url, middleware=middleware, confirm_delivery=True)
    return InProcessBroker(middleware=middleware)


def _declare(app: Flask, broker: Broker, a_job: Job) -> None:
    def run(subject_id: int) -> None:
        with app.app_context():
            act_as(CLOCK)
            try:
                a_job.function(subject_id)
            except Exception as error:
                # The row still says what is due; the next tick rings again.
                log.exception("job_failed", job=a_job.name, id=subject_id, error=type(error).__name__)
            finally:
                db.session.remove()

    dramatiq.Actor(
        run,
        broker=broker,
        actor_name=a_job.name,
        queue_name=a_job.queue,
        priority=0,
        options={"time_limit": a_job.time_limit},
    )


def start_worker(app: Flask, threads: int = 4) -> dramatiq.Worker:
    """Start working off the app's queues in threads of this process; stop it with `.stop()`."""
    broker: Broker = app.extensions["eventsys_broker"]
    broker.emit_after("process_boot")  # without it TimeLimit never runs
    worker = dramatiq.Worker(broker, worker_threads=threads, worker_timeout=100)
    worker.start()
    return worker
