"""Running the parts as processes: everything in one, or web, worker and clock apart."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from eventsys.broker import start_worker
from eventsys.mail.delivery.run import finish_soon
from eventsys.operations.watching import start_watch, stop_watch
from eventsys.tick import start_clock, stop_clock

WEB_THREADS = 16
WORKER_THREADS = 4
# More than any page takes: which page takes how much, and what it answers to more, is the application's to say.
LARGEST_BODY = 401 * 1024 * 1024


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
            max_request_body_size=LARGEST_BODY,
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


class Stop:
    """SIGINT and SIGTERM, from the moment it is made; `wait` returns at the first.

    The kernel may hand a signal to any thread, and Python runs its handlers in the main one only, which would sleep on:
    so the signal's number comes through a socket that the main thread reads.
    """

    def __init__(self) -> None:
        self._told, self._tells = socket.socketpair()
        self._tells.setblocking(False)
        signal.set_wakeup_fd(self._tells.fileno())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait to be told, for this long at most; whether we were."""
        self._told.settimeout(seconds)
        with contextlib.suppress(TimeoutError):
            while not {signal.SIGINT, signal.SIGTERM} & set(self._told.recv(64)):
                pass
            return True
        return False


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
    worker, watch = start_worker(app, threads), start_watch(app)
    try:
        yield
    finally:
        stop_watch(app, watch)
        finish_soon(app)
        worker.stop(timeout=5_000)  # returns as soon as the letters in hand are finished


@contextlib.contextmanager
def running_clock(app: Flask) -> Iterator[None]:
    scheduler = start_clock(app)
    try:
        yield
    finally:
        stop_clock(app, scheduler)
