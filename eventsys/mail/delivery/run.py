"""One run of deliveries in a process: connections that share a feed of claimed letters and a keeper of states."""

from __future__ import annotations

import secrets
import threading
import time
from datetime import timedelta
from typing import cast

import structlog
from flask import Flask, current_app

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db, transaction
from eventsys.mail.delivery.claiming import Claim, claim, give_back
from eventsys.mail.delivery.keeper import Keeper
from eventsys.mail.delivery.line import Line
from eventsys.mail.smtp import RelayAddress, RelayTrouble, relay_address
from eventsys.mail.throttle import relay_row

log = structlog.get_logger()

PORTION = 24
LETTERS_PER_LINE = 3
RELAY_WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60, 120, 300, 600))
LASTING_WAIT = timedelta(minutes=10)
NO_RELAY = "ingen brevserver"


def drain(seconds: float = 50.0) -> bool:
    """Deliver everything that is due, for about this long. Returns whether more is waiting that could go at once.

    Opens its own transactions; call it outside any. One run at a time and process is enough, several do no harm.
    """
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    try:
        relay = relay_address(settings().smtp_url)
    except RelayTrouble as trouble:
        stop_relay(NO_RELAY, trouble)
        return False
    return Run(app, relay, time.monotonic() + seconds).work()


def relay_name() -> str:
    """The name under which the relay of the settings has its row."""
    try:
        return relay_address(settings().smtp_url).name
    except RelayTrouble:
        return NO_RELAY


def finish_soon(app: Flask) -> None:
    """Let runs under way finish the letters in hand and give back the rest: the process is to end."""
    _stopping(app).set()
    del app.extensions["eventsys_mail_stopping"]


def _stopping(app: Flask) -> threading.Event:
    event: threading.Event = app.extensions.setdefault("eventsys_mail_stopping", threading.Event())
    return event


class Run:
    """The feed: hands out claimed letters to its lines, and starts as many lines as there is work for."""

    def __init__(self, app: Flask, relay: RelayAddress, until: float) -> None:
        self.app, self.relay, self.until = app, relay, until
        self.owner = secrets.token_hex(12)
        self.keeper = Keeper(app, relay.name, self.stop)
        self._stop = threading.Event()
        self._stopping = _stopping(app)
        self._claiming = threading.Lock()
        self._waiting: list[Claim] = []
        self._lines: list[threading.Thread] = []
        self._connected = 0
        self._more = False

    def work(self) -> bool:
        """Run until nothing is due, the time is over or the relay fails. True when time ended it."""
        try:
            first = self.take()
            if first is not None:
                self._start_line(first)
                with self._claiming:
                    self._want_lines(len(self._waiting) + 1)
            self._wait_for_lines()
        finally:
            self.stop()
            self.keeper.close()
            self._give_back()
        return self._more

    def stop(self) -> None:
        """No line begins another letter."""
        self._stop.set()

    def _wait_for_lines(self) -> None:
        # Lines start lines, so the list may grow while we wait; joins are short so that a time limit can reach us.
        while any(line.is_alive() for line in list(self._lines)):
            for line in list(self._lines):
                line.join(0.05)

    def _give_back(self) -> None:
        with transaction():
            give_back(self.relay.name, self.owner)

    # --- lines

    def _start_line(self, first: Claim | None = None) -> None:
        name = f"mail-line-{len(self._lines) + 1}"
        line = threading.Thread(target=self._run_line, args=(first,), name=name, daemon=True)
        self._lines.append(line)
        line.start()

    def _run_line(self, first: Claim | None) -> None:
        with self.app.app_context():
            try:
                Line(self, first).work()
            except Exception as error:
                log.exception("mail_line_failed", error=type(error).__name__)
            finally:
                db.session.remove()

    def _want_lines(self, letters: int) -> None:
        wanted = min(settings().smtp_connections, -(-letters // LETTERS_PER_LINE))
        while self._lines and len(self._lines) < wanted:
            self._start_line()

    # --- letters

    def ready(self) -> bool:
        """Whether a letter can be taken without waiting."""
        waiting = self._waiting
        return bool(waiting) and waiting[0].slot <= now()

    def take(self) -> Claim | None:
        """The next letter, when its moment has come; None when this run is over. Called by every line."""
        with self._claiming:
            if self._over():
                return None
            if not self._waiting:
                self._waiting = self._claim()
                self._want_lines(len(self._waiting))
            if not self._waiting:
                return None
            letter = self._waiting.pop(0)
        return letter if self._wait_for_slot(letter) else None

    def put_back(self, letter: Claim) -> None:
        """A line cannot send this letter that it has not begun; another may, or it goes back into the queue."""
        with self._claiming:
            self._waiting.insert(0, letter)

    def _claim(self) -> list[Claim]:
        with transaction():
            return claim(self.relay.name, self.owner, PORTION)

    def _over(self) -> bool:
        if self._stop.is_set() or self._stopping.is_set():
            return True
        if time.monotonic() > self.until:
            self._more = True
            return True
        return False

    def _wait_for_slot(self, letter: Claim) -> bool:
        while (seconds := (letter.slot - now()).total_seconds()) > 0:
            if self._over():
                return False  # it goes back with the rest
            time.sleep(min(seconds, 0.5))
        return True

    # --- connections

    def connected(self) -> None:
        """A line has opened its connection."""
        with self._claiming:
            self._connected += 1

    def disconnected(self) -> None:
        """A line has closed its connection."""
        with self._claiming:
            self._connected -= 1

    def no_connection(self, trouble: RelayTrouble) -> None:
        """A line could not connect. While others can, the relay limits how many; else it is stopped for a while."""
        with self._claiming:
            if self._connected or self._stop.is_set():
                return
            self.stop()
        stop_relay(self.relay.name, trouble)


def stop_relay(name: str, trouble: RelayTrouble) -> None:
    """Remember that the relay cannot be used, and until when nobody tries. Opens its own transaction."""
    log.warning("relay_stopped", relay=name, reason=trouble.reason)
    with transaction():
        row = relay_row(name, now(), lock=True)
        wait = RELAY_WAITS[min(row.failures, len(RELAY_WAITS) - 1)]
        row.failures += 1
        row.stopped_until = now() + (LASTING_WAIT if trouble.lasting else wait)
        row.stop_reason = trouble.reason[:300]
