"""One keeper of states per run: what all open connections want to write is committed together.

A commit costs more than a letter. So each connection hands its wish to the keeper and goes on when its row is safe;
while one commit is on its way the next wishes gather. Whatever happens, a connection has at most one letter in flight
whose outcome is not saved.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta

import structlog
from flask import Flask
from sqlalchemy import or_, update
from sqlalchemy.exc import InterfaceError, OperationalError

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.errors import Busy
from eventsys.mail.delivery.changes import Change, LeaseLost, apply_changes
from eventsys.mail.delivery.lastword import Begin, last_words
from eventsys.mail.models import Relay, State
from eventsys.mail.throttle import relay_row

log = structlog.get_logger()

MOST_TOGETHER = 100
PATIENCE_SECONDS = 60.0
REFUSALS_IN_A_ROW = 5
REFUSED_PAUSE = timedelta(minutes=30)


@dataclass
class _Wish:
    outcome: Change | None
    begin: Begin | None
    answer: Future[bool] = field(default_factory=Future)


class Keeper:
    """Writes outcomes and lets letters go, in a thread of its own. `on_stop` is called when the relay refuses us."""

    def __init__(self, app: Flask, relay: str, on_stop: Callable[[], None]) -> None:
        self._app, self._relay, self._on_stop = app, relay, on_stop
        self._wishes: queue.SimpleQueue[_Wish | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="mail-keeper", daemon=True)
        self._thread.start()

    def keep(self, outcome: Change | None, begin: Begin | None = None) -> bool:
        """Save an outcome and let the next letter go, together. Returns when both are safely on disk.

        True: the letter of `begin` is in flight and must be sent now. False: it must not; its row says why.
        Raises what the database or the letter's `unwanted` raised; then nothing of `begin` was saved.
        """
        wish = _Wish(outcome, begin)
        self._wishes.put(wish)
        return wish.answer.result()

    def close(self) -> None:
        """Finish what was wished and stop."""
        self._wishes.put(None)
        self._thread.join()

    # --- the keeper's thread

    def _work(self) -> None:
        with self._app.app_context():
            while (wishes := self._gather()) is not None:
                self._grant(wishes)
                db.session.remove()

    def _gather(self) -> list[_Wish] | None:
        first = self._wishes.get()
        if first is None:
            return None
        wishes = [first]
        while len(wishes) < MOST_TOGETHER:
            try:
                wish = self._wishes.get_nowait()
            except queue.Empty:
                break
            if wish is None:
                self._wishes.put(None)
                break
            wishes.append(wish)
        return wishes

    def _grant(self, wishes: list[_Wish]) -> None:
        try:
            answers = self._patiently(wishes)
        except Exception as error:
            self._grant_apart(wishes, error)
            return
        for wish, answer in zip(wishes, answers, strict=True):
            wish.answer.set_result(answer)

    def _grant_apart(self, wishes: list[_Wish], error: Exception) -> None:
        """One bad wish spoils the transaction of all, so each gets its own, and so does an outcome."""
        if len(wishes) > 1:
            for wish in wishes:
                self._grant([wish])
            return
        wish = wishes[0]
        if wish.outcome is not None and wish.begin is not None:
            self._grant_in_two(wish)
        elif isinstance(error, LeaseLost):
            log.error("letter_lease_lost", letters=str(error), outcome=wish.outcome and wish.outcome.becomes.value)
            wish.answer.set_result(False)
        else:
            wish.answer.set_exception(error)

    def _grant_in_two(self, wish: _Wish) -> None:
        first, second = _Wish(wish.outcome, None), _Wish(None, wish.begin)
        self._grant([first])
        if error := first.answer.exception():
            wish.answer.set_exception(error)
            return
        self._grant([second])
        if error := second.answer.exception():
            wish.answer.set_exception(error)
        else:
            wish.answer.set_result(second.answer.result())

    def _patiently(self, wishes: list[_Wish]) -> list[bool]:
        """A database that is busy or away for a moment must not turn letters that arrived into unknown ones."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with transaction():
                    return self._write(wishes)
            except (Busy, OperationalError, InterfaceError) as error:
                if time.monotonic() > until:
                    raise
                log.warning("keeper_waits_for_database", error=type(error).__name__)
                time.sleep(0.5)

    def _write(self, wishes: list[_Wish]) -> list[bool]:
        outcomes = [wish.outcome for wish in wishes if wish.outcome is not None]
        begins = [wish.begin for wish in wishes if wish.begin is not None]
        changes = last_words(begins) if begins else []
        apply_changes([*outcomes, *changes])
        self._credit(outcomes)
        goes = {change.delivery_id for change in changes if change.becomes is State.IN_FLIGHT}
        return [wish.begin is not None and wish.begin.claim.id in goes for wish in wishes]

    # --- what outcomes say about the relay

    def _credit(self, outcomes: list[Change]) -> None:
        credits = [outcome.credit for outcome in outcomes if outcome.credit]
        if 1 in credits:
            self._clear_refusals()
        if credits and credits[-1] == -1:
            self._count_refusals(outcomes, credits)

    def _clear_refusals(self) -> None:
        db.session.execute(
            update(Relay)
            .where(Relay.name == self._relay, or_(Relay.failures > 0, Relay.refusals > 0))
            .values(failures=0, refusals=0, stopped_until=None, stop_reason="")
            .execution_options(synchronize_session=False)
        )

    def _count_refusals(self, outcomes: list[Change], credits: list[int]) -> None:
        row = relay_row(self._relay, now(), lock=True)
        since_last_success = credits[::-1].index(1) if 1 in credits else len(credits)
        row.refusals += since_last_success
        if row.refusals >= REFUSALS_IN_A_ROW:
            said = next(outcome for outcome in reversed(outcomes) if outcome.credit == -1)
            row.stopped_until = now() + REFUSED_PAUSE
            row.stop_reason = (
                f"Brevservern har vägrat {row.refusals} brev i rad av skäl som gäller oss: "
                f"{said.smtp_code} {said.smtp_reply}"
            )[:300]
            log.error("relay_refuses_us", relay=self._relay, code=said.smtp_code)
            self._on_stop()
