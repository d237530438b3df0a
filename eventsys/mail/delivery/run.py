"""One run of deliveries in a process: it claims letters, talks on all its lines at once, and has everything kept.

One thread does all of it but the opening of connections. Threads of their own for the lines cost more than they gave:
the interpreter lets only one work, and handing that right around took longer than the letters.
"""

from __future__ import annotations

import secrets
import select
import threading
import time
from collections import deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import parseaddr
from typing import cast
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import transaction
from eventsys.mail.claim import Claim
from eventsys.mail.delivery.changes import Change
from eventsys.mail.delivery.claiming import claim, give_back
from eventsys.mail.delivery.keeper import Keeper, Wish
from eventsys.mail.delivery.line import Line, Lost
from eventsys.mail.delivery.making import Made, make, values_of
from eventsys.mail.relay import RelayAddress, RelayTrouble, relay_address
from eventsys.mail.signing import SigningTrouble, signer
from eventsys.mail.smtp import Connection
from eventsys.mail.throttle import relay_row

log = structlog.get_logger()

# A portion is at most what goes in about two seconds: so long a confirmation waits behind a mailing.
PORTION, LARGEST_PORTION, PORTION_SECONDS = 24, 500, 2.0
LETTERS_PER_LINE = 3
# How long the first line that is free waits for others, to share a commit with them.
GATHER_SECONDS = 0.002
# While making a letter takes less than this, outcomes wait for it, to share its commit.
QUICK_SECONDS = 0.02
RELAY_WAITS = tuple(timedelta(seconds=seconds) for seconds in (10, 30, 60, 120, 300, 600))
LASTING_WAIT = timedelta(minutes=10)
NO_RELAY = "ingen brevserver"
CANNOT_SIGN = "Breven kan inte signeras (DKIM). Be IT köra: eventsys check"


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
    try:
        signer()
    except SigningTrouble as trouble:  # letters wait: unsigned ones would be refused, or harm our reputation
        log.error("letters_cannot_be_signed", reason=str(trouble))
        stop_relay(relay.name, RelayTrouble(CANNOT_SIGN, lasting=True))
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
    """Letters that wait, lines to the relay, and the rounds that bring them together."""

    def __init__(self, app: Flask, relay: RelayAddress, until: float) -> None:
        self.relay, self.until = relay, until
        self.owner = secrets.token_hex(12)
        self.keeper = Keeper(relay.name, self.stop)
        self._stopped, self._stopping = False, _stopping(app)
        self._more = False
        self._waiting: deque[Claim] = deque()
        self._values: dict[int, Mapping[str, str]] = {}
        self._portion, self._claimed_at, self._found = PORTION, 0.0, PORTION
        self._making_seconds = 1.0
        self._lines: list[Line] = []
        self._most_lines = max(1, settings().smtp_connections)
        self._opener = ThreadPoolExecutor(self._most_lines, "mail-opener")
        self._our_name = _our_name()
        self._free_since: float | None = None

    def work(self) -> bool:
        """Run until nothing is due, the time is over or the relay fails. True when time ended it."""
        try:
            while self._round():
                pass
        finally:
            self._end()
        return self._more

    def stop(self) -> None:
        """No line begins another letter."""
        self._stopped = True

    def _round(self) -> bool:
        self._claim()
        self._want_lines()
        if not self._is_busy and (self._is_over() or not self._waiting):
            return False
        self._talk()
        self._look_at_openings()
        if self._is_time_to_keep():
            self._keep()
        return True

    @property
    def _is_busy(self) -> bool:
        return any(line.is_talking or line.outcome or line.is_trying_again for line in self._lines)

    def _is_over(self) -> bool:
        if self._stopped or self._stopping.is_set():
            return True
        self._more = time.monotonic() > self.until
        return self._more

    def _end(self) -> None:
        """Save what is known, hang up, give back what was not begun."""
        self.stop()
        try:
            if any(line.outcome for line in self._lines):
                self._keep()
        finally:
            for line in self._lines:
                line.close()
            self._opener.shutdown(wait=False)
            with transaction():
                give_back(self.relay.name, self.owner)

    # --- letters

    def _claim(self) -> None:
        """Claim the next portion when none waits. When there was none, look again after a second, or at the end."""
        at = time.monotonic()
        if self._waiting or self._is_over() or (self._is_busy and not self._found and at < self._claimed_at + 1):
            return
        self._size_portion(at - self._claimed_at)
        with transaction():
            self._waiting.extend(claim(self.relay.name, self.owner, self._portion))
        self._values = values_of(self._waiting)
        self._claimed_at, self._found = at, len(self._waiting)

    def _size_portion(self, seconds: float) -> None:
        if self._found < self._portion:
            return
        self._portion = min(LARGEST_PORTION, self._portion * 2) if seconds < PORTION_SECONDS / 2 else self._portion
        self._portion = max(self._most_lines, self._portion // 2) if seconds > PORTION_SECONDS else self._portion

    def _next_for(self, line: Line) -> Made | None:
        """The next letter whose moment has come, made."""
        while self._waiting and self._waiting[0].slot <= now():
            began = time.perf_counter()
            letter = self._waiting.popleft()
            made = make(letter, line.takes_utf8, self._values.get(letter.id))
            self._making_seconds = time.perf_counter() - began
            if isinstance(made, Made):
                return made
            if isinstance(made, Change):
                self.keeper.keep([Wish(made)])
        return None

    # --- lines

    def _want_lines(self) -> None:
        if self._is_over():
            return
        wanted = min(self._most_lines, -(-len(self._waiting) // LETTERS_PER_LINE))
        while len(self._lines) < wanted:
            self._lines.append(self._new_line())

    def _new_line(self, lost: Lost | None = None) -> Line:
        return Line(self._opener, lambda: Connection(self.relay, self._our_name), lost)

    def _look_at_openings(self) -> None:
        for line in [line for line in self._lines if line.is_opening]:
            try:
                line.look()
            except RelayTrouble as trouble:
                self._lines.remove(line)
                self._no_line(trouble)

    def _no_line(self, trouble: RelayTrouble) -> None:
        """A line could not be opened. While there are others, the relay limits how many; else it is stopped a while."""
        if self._lines:
            self._most_lines = len(self._lines)
        elif not self._stopped:
            self.stop()
            stop_relay(self.relay.name, trouble)

    def _talk(self) -> None:
        """Wait until something happens, and go on with every line that can."""
        poller = select.poll()
        talking = {line.fileno(): line for line in self._lines if line.wait is not None}
        for number, line in talking.items():
            poller.register(number, line.wait.events if line.wait else 0)
        ready = {number for number, _ in poller.poll(self._seconds_to_wait() * 1000)}
        at = time.monotonic()
        for number, line in talking.items():
            if number in ready or line.is_late(at):
                self._go_on(line, late=number not in ready)

    def _go_on(self, line: Line, late: bool = False) -> None:
        if (lost := line.go_on(late)) is not None:
            line.close()
            self._lines[self._lines.index(line)] = self._new_line(lost)

    def _seconds_to_wait(self) -> float:
        if any(line.is_opening for line in self._lines):
            return 0.01
        at, waits = time.monotonic(), [0.5]
        waits += [line.wait.until - at for line in self._lines if line.wait is not None]
        if self._free_since is not None:
            waits.append(self._free_since + GATHER_SECONDS - at)
        elif self._waiting and any(line.is_free for line in self._lines):
            waits.append((self._waiting[0].slot - now()).total_seconds())
        return max(0.0, min(waits))

    # --- keeping

    def _is_time_to_keep(self) -> bool:
        """When there is something to keep or to begin, and no other line will want to join within a moment."""
        can_begin = bool(self._waiting) and not self._is_over() and self._waiting[0].slot <= now()
        if not any(line.outcome or (line.is_free and can_begin) for line in self._lines):
            return False
        if self._free_since is None:
            self._free_since = time.monotonic()
        everybody = not any(line.is_talking for line in self._lines)
        return everybody or time.monotonic() >= self._free_since + GATHER_SECONDS

    def _keep(self) -> None:
        """Save outcomes and the next letters as in flight, in one transaction, and let these go."""
        self._free_since = None
        if self._making_seconds > QUICK_SECONDS:
            self._keep_outcomes()
        over = self._is_over()
        lines = [line for line in self._lines if line.is_free or line.outcome]
        made = [self._next_for(line) if line.is_free and not over else None for line in lines]
        wishes = [
            Wish(line.outcome, letter.begin if letter else None) for line, letter in zip(lines, made, strict=True)
        ]
        for line, letter, granted in zip(lines, made, self.keeper.keep(wishes), strict=True):
            line.outcome = None
            if granted and letter is not None:
                line.start(letter)
                self._go_on(line)
        self._drop_dead_lines()

    def _keep_outcomes(self) -> None:
        lines = [line for line in self._lines if line.outcome]
        if lines:
            self.keeper.keep([Wish(line.outcome) for line in lines])
        for line in lines:
            line.outcome = None

    def _drop_dead_lines(self) -> None:
        for line in [line for line in self._lines if not (line.is_opening or line.is_talking or line.is_usable)]:
            if line.outcome is None:
                self._lines.remove(line)
                line.close()


def _our_name() -> str:
    host = urlsplit(settings().base_url).hostname or "localhost"
    if host.replace(".", "").isdigit():
        return parseaddr(settings().mail_from)[1].rpartition("@")[2] or "localhost"
    return host.encode("idna").decode("ascii")


def stop_relay(name: str, trouble: RelayTrouble) -> None:
    """Remember that the relay cannot be used, and until when nobody tries. Opens its own transaction."""
    log.warning("relay_stopped", relay=name, reason=trouble.reason)
    with transaction():
        row = relay_row(name, now(), lock=True)
        wait = RELAY_WAITS[min(row.failures, len(RELAY_WAITS) - 1)]
        row.failures += 1
        row.stopped_until = now() + (LASTING_WAIT if trouble.lasting else wait)
        row.stop_reason = trouble.reason[:300]
