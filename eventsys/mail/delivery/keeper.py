"""The keeper of states: what all open connections want to write is committed together.

A commit costs more than a letter. So the outcomes of letters and the beginnings of the next ones are gathered and kept
in one transaction, and only then does a connection go on. Whatever happens, a connection has at most one letter in
flight whose outcome is not saved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import or_, update
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.errors import Busy
from eventsys.mail.delivery.changes import Change, LeaseLost, apply_changes
from eventsys.mail.delivery.lastword import Begin, last_words
from eventsys.mail.models import Mailing, MailingState, Relay, State
from eventsys.mail.suppression import suppress_refused
from eventsys.mail.throttle import relay_row

log = structlog.get_logger()

PATIENCE_SECONDS = 60.0
REFUSALS_IN_A_ROW = 5
REFUSED_PAUSE = timedelta(minutes=30)
NOT_MADE = "Brevet kunde inte framställas. Felet finns i programmets logg."


@dataclass(frozen=True)
class Wish:
    """What one connection wants kept: what became of its letter, and the next letter that it wants to let go."""

    outcome: Change | None = None
    begin: Begin | None = None


class Keeper:
    """Writes outcomes and lets letters go. `on_stop` is called when the relay refuses us."""

    def __init__(self, relay: str, on_stop: Callable[[], None]) -> None:
        self._relay, self._on_stop = relay, on_stop
        self._clear_again_at = 0.0

    def keep(self, wishes: Sequence[Wish]) -> list[bool]:
        """Save outcomes and let the next letters go, together. Returns when all is safely on disk.

        One answer a wish. True: the letter of `begin` is in flight and must be sent now. False: it must not; its row
        says why. Raises what the database raised; then what was not saved is still as it was.
        """
        try:
            return self._patiently(wishes)
        except Exception as error:
            if len(wishes) > 1:  # one bad wish spoils the transaction of all
                return [self.keep([wish])[0] for wish in wishes]
            return [self._apart(wish, error) for wish in wishes]

    def _apart(self, wish: Wish, error: Exception) -> bool:
        """A letter whose last question fails must not take the outcome of another along, nor block others."""
        if wish.outcome is not None and wish.begin is not None:
            self.keep([Wish(wish.outcome)])
            return self.keep([Wish(begin=wish.begin)])[0]
        if isinstance(error, LeaseLost):
            log.error("letter_lease_lost", letters=str(error), outcome=wish.outcome and wish.outcome.becomes.value)
        elif wish.begin is not None and not isinstance(error, (DBAPIError, Busy)):
            claim = wish.begin.claim
            log.error("letter_unwanted_failed", letter=claim.letter, error=type(error).__name__, exc_info=error)
            failed = Change(
                claim.id, State.CLAIMED, State.REJECTED, claim.owner, NOT_MADE,
                credit=0 if claim.mailing_id is None else -1, mailing_id=claim.mailing_id,
            )  # fmt: skip
            self.keep([Wish(failed)])
        else:
            raise error
        return False

    def _patiently(self, wishes: Sequence[Wish]) -> list[bool]:
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

    def _write(self, wishes: Sequence[Wish]) -> list[bool]:
        outcomes = [wish.outcome for wish in wishes if wish.outcome is not None]
        begins = [wish.begin for wish in wishes if wish.begin is not None]
        changes = last_words(begins) if begins else []
        apply_changes([*outcomes, *changes])
        if wrong := [outcome.delivery_id for outcome in outcomes if outcome.address_is_wrong]:
            suppress_refused(wrong)
        self._credit([*outcomes, *changes])
        goes = {change.delivery_id for change in changes if change.becomes is State.IN_FLIGHT}
        return [wish.begin is not None and wish.begin.claim.id in goes for wish in wishes]

    # --- what outcomes say about us

    def _credit(self, changes: Sequence[Change]) -> None:
        """Success of any letter clears the relay's record; a fault of ours counts against its mailing, or the relay."""
        by_mailing: dict[int | None, list[Change]] = {}
        for change in changes:
            if change.credit:
                by_mailing.setdefault(change.mailing_id, []).append(change)
        if any(change.credit == 1 for change in changes):
            self._clear(by_mailing)
        for mailing_id, credited in by_mailing.items():
            if credited[-1].credit == -1:
                self._count_refusals(mailing_id, credited)

    def _clear(self, mailing_ids: Iterable[int | None]) -> None:
        """Once a second is enough, except after a refusal."""
        if time.monotonic() < self._clear_again_at:
            return
        self._clear_again_at = time.monotonic() + 1
        db.session.execute(
            update(Relay)
            .where(Relay.name == self._relay, or_(Relay.failures > 0, Relay.refusals > 0))
            .values(failures=0, refusals=0, stopped_until=None, stop_reason="")
            .execution_options(synchronize_session=False)
        )
        if ids := [each for each in mailing_ids if each is not None]:
            db.session.execute(
                update(Mailing)
                .where(Mailing.id.in_(ids), Mailing.refusals > 0)
                .values(refusals=0)
                .execution_options(synchronize_session=False)
            )

    def _count_refusals(self, mailing_id: int | None, changes: list[Change]) -> None:
        self._clear_again_at = 0.0
        credits = [change.credit for change in changes]
        since_last_success = credits[::-1].index(1) if 1 in credits else len(credits)
        if mailing_id is not None:
            pause_after_refusals(mailing_id, since_last_success, changes[-1])
            return
        row = relay_row(self._relay, now(), lock=True)
        row.refusals += since_last_success
        if row.refusals >= REFUSALS_IN_A_ROW:
            row.stopped_until = now() + REFUSED_PAUSE
            row.stop_reason = (
                f"Brevservern har vägrat {row.refusals} brev i rad av skäl som gäller oss: "
                f"{changes[-1].smtp_code} {changes[-1].smtp_reply}"
            )[:300]
            log.error("relay_refuses_us", relay=self._relay, code=changes[-1].smtp_code)
            self._on_stop()


def pause_after_refusals(mailing_id: int, more: int, last: Change) -> None:
    """Several letters of a mailing in a row failed for a fault of ours: the others would fail alike."""
    row = db.session.get_one(Mailing, mailing_id, with_for_update=True, populate_existing=True)
    row.refusals += more
    if row.refusals >= REFUSALS_IN_A_ROW and row.state is MailingState.SENDING:
        row.state = MailingState.PAUSED
        what = f"{last.reason} {last.smtp_code or ''} {last.smtp_reply}".strip()
        row.reason = f"Utskicket pausades: {row.refusals} brev i rad gick inte att skicka. {what}"[:300]
        log.error("mailing_paused_itself", mailing=mailing_id, code=last.smtp_code)
    db.session.flush()
