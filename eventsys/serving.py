"""Running the parts as processes: everything in one, or web, worker and clock apart."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from eventsys.broker import start_worker
from eventsys.mail.delivery.run import finish_soon
from eventsys.tick import start_clock, stop_clock

WEB_THREADS = 16
WORKER_THREADS = 4


class Web:
    """The web server in this process."""

    def __init__(self, app: Flask, host: str, port: int) -> None:
        self._server: Any = create_server(
            app,
            host=host,
            port=port,
            threads=WEB_THREADS,
            ident=None,
            connection_limit=1000,
            backlog=2048,
            channel_timeout=60,
            asyncore_use_poll=True,
            max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
            clear_untrusted_proxy_headers=False,  # ProxyFix believes exactly EVENTSYS_TRUSTED_PROXIES of them
        )
        self.port: int = self._server.effective_port
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Take no further requests, let those under way finish for a second, close every connection."""
        self._server.accepting = False
        self._server.task_dispatcher.shutdown(timeout=1)
        self._closing.set()
        self._server.pull_trigger()
        self._thread.join()
        wasyncore.close_all(self._server._map)

    def _run(self) -> None:
        # waitress' own run() has no end but an error; one round at a time can be asked to stop
        while not self._closing.is_set():
            wasyncore.loop(timeout=1, use_poll=True, map=self._server._map, count=1)


def until_told_to_stop() -> threading.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


@contextlib.contextmanager
def running_web(app: Flask, host: str, port: int) -> Iterator[Web]:
    web = Web(app, host, port)
    web.start()
    try:
        yield web
    finally:
        web.close()


@contextlib.contextmanager
def running_worker(app: Flask, threads: int = WORKER_THREADS) -> Iterator[None]:
    """Workers in this process. On stop, jobs under way get a moment; what they leave is found by the next tick."""
    worker = start_worker(app, threads)
    try:
        yield
    finally:
        finish_soon(app)
        worker.stop(timeout=1_200)


@contextlib.contextmanager
def running_clock(app: Flask) -> Iterator[None]:
    scheduler = start_clock(app)
    try:
        yield
    finally:
        stop_clock(app, scheduler)
