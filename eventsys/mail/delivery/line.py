"""One connection's work: take a letter, make it, let it go, send it, hand its outcome to the keeper."""

from __future__ import annotations

import time
from datetime import timedelta
from email.utils import parseaddr
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from sqlalchemy.exc import DBAPIError

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db
from eventsys.errors import Busy
from eventsys.mail.addresses import on_the_wire
from eventsys.mail.delivery.changes import Change
from eventsys.mail.delivery.claiming import Claim
from eventsys.mail.delivery.judging import judge
from eventsys.mail.delivery.keeper import Keeper
from eventsys.mail.delivery.lastword import Begin
from eventsys.mail.letters import letter_named
from eventsys.mail.message import Envelope, build_message, envelope_sender
from eventsys.mail.models import Delivery, State
from eventsys.mail.smtp import Connection, Kind, Outcome, RelayAddress, RelayTrouble

log = structlog.get_logger()

# While making a letter takes less than this, the outcome of the one before waits for it, to share its commit.
QUICK_SECONDS = 0.02
UNKNOWN_KIND_WAIT = timedelta(minutes=15)
NO_ADDRESS = "Adressen är ingen e-postadress."
NO_UTF8 = "Brevservern kan inte skicka till adresser med å, ä eller ö före @."
NOT_MADE = "Brevet kunde inte framställas. Felet finns i programmets logg."


class Feed(Protocol):
    """What a line needs of its run."""

    relay: RelayAddress
    keeper: Keeper

    def ready(self) -> bool: ...
    def take(self) -> Claim | None: ...
    def put_back(self, letter: Claim) -> None: ...
    def connected(self) -> None: ...
    def disconnected(self) -> None: ...
    def no_connection(self, trouble: RelayTrouble) -> None: ...


class Line:
    """Works in a thread of its own, inside an app context."""

    def __init__(self, feed: Feed, first: Claim | None) -> None:
        self._feed, self._first = feed, first
        self._connection: Connection | None = None
        self._outcome: Change | None = None
        self._seconds_to_make = 1.0

    def work(self) -> None:
        """Serve letters until the feed is over or no connection can be had."""
        try:
            while (claim := self._next()) is not None:
                try:
                    self._serve(claim)
                except RelayTrouble as trouble:
                    self._feed.put_back(claim)
                    self._feed.no_connection(trouble)
                    return
        finally:
            try:
                self._settle()
            finally:
                self._hang_up()

    def _next(self) -> Claim | None:
        first, self._first = self._first, None
        if first is not None:
            return first
        if not self._feed.ready():
            self._settle()
        return self._feed.take()

    def _settle(self) -> None:
        """Save the outcome in hand before anything that may take long."""
        outcome, self._outcome = self._outcome, None
        if outcome is not None:
            self._feed.keeper.keep(outcome)

    def _keep(self, begin: Begin) -> bool:
        outcome, self._outcome = self._outcome, None
        return self._feed.keeper.keep(outcome, begin)

    # --- one letter

    def _serve(self, claim: Claim) -> None:
        """Send one letter. Raises RelayTrouble when there is no connection; the letter is still only claimed then."""
        if letter_named(claim.letter) is None:
            self._put_off(claim)
            return
        if self._seconds_to_make > QUICK_SECONDS:
            self._settle()
        message, begin = self._make(claim)
        if begin is None:
            return
        connection = self._connect()
        if not (begin.cannot or connection.takes_utf8 or _recipient(claim).isascii()):
            begin = Begin(claim, cannot=NO_UTF8)
        if self._let_go(begin):
            self._outcome = judge(claim, self._send(claim, message), now())

    def _let_go(self, begin: Begin) -> bool:
        """Ask the last questions and save the letter as in flight. One whose questions fail must not block others."""
        try:
            return self._keep(begin)
        except (DBAPIError, Busy):
            raise
        except Exception as error:
            log.exception("letter_unwanted_failed", letter=begin.claim.letter, error=type(error).__name__)
            self._feed.keeper.keep(Change(begin.claim.id, State.CLAIMED, State.REJECTED, begin.claim.owner, NOT_MADE))
            return False

    def _put_off(self, claim: Claim) -> None:
        """Another release posted it: one that knows this kind of letter will send it."""
        log.error("letter_kind_unknown", letter=claim.letter)
        reason = f"Programmet känner inte brevet {claim.letter}."
        self._feed.keeper.keep(
            Change(claim.id, State.CLAIMED, State.DEFERRED, claim.owner, reason, not_before=now() + UNKNOWN_KIND_WAIT)
        )

    # --- making

    def _make(self, claim: Claim) -> tuple[bytes, Begin | None]:
        """The letter as bytes and the wish to let it go; no wish when the database, not the letter, is in trouble."""
        began = time.perf_counter()
        try:
            return self._made(claim)
        except (DBAPIError, Busy) as error:
            log.warning("letter_not_made_now", letter=claim.letter, error=type(error).__name__)
            return b"", None
        except Exception as error:
            log.exception("letter_not_made", letter=claim.letter, delivery=claim.id, error=type(error).__name__)
            return b"", Begin(claim, cannot=NOT_MADE)
        finally:
            db.session.remove()  # the reading transaction of `build` must not stay open while we talk to the relay
            self._seconds_to_make = time.perf_counter() - began

    def _made(self, claim: Claim) -> tuple[bytes, Begin]:
        letter = letter_named(claim.letter)
        assert letter is not None
        try:
            on_the_wire(claim.address)
        except ValueError:
            return b"", Begin(claim, cannot=NO_ADDRESS)
        email = letter.build(db.session.get_one(Delivery, claim.id))
        envelope = Envelope(
            settings().mail_from, settings().mail_reply_to, claim.address, claim.name, claim.message_id, claim.token,
            claim.lang,
        )  # fmt: skip
        return build_message(email, envelope, now()), Begin(claim, email.subject[:300])

    # --- talking

    def _send(self, claim: Claim, message: bytes) -> Outcome:
        outcome = self._try(claim, message)
        used_before = self._connection is not None and self._connection.served > 1
        nothing_sent = outcome.kind is Kind.LOST_BEFORE_DOT or (outcome.code == 421 and outcome.stage != "dot")
        if not (nothing_sent and used_before):
            return outcome
        # Relays close lines that idled or served enough; that says nothing about this letter.
        try:
            self._hang_up()
            self._connect()
        except RelayTrouble:
            return outcome
        return self._try(claim, message)

    def _try(self, claim: Claim, message: bytes) -> Outcome:
        sender = envelope_sender(settings().bounce_address, settings().mail_from, claim.token)
        assert self._connection is not None
        return self._connection.send(sender, _recipient(claim), message)

    def _connect(self) -> Connection:
        if self._connection is not None and not self._connection.usable:
            self._hang_up()
        if self._connection is None:
            self._settle()
            self._connection = Connection(self._feed.relay, _our_name())
            self._feed.connected()
        return self._connection

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._feed.disconnected()
            connection.close()


def _recipient(claim: Claim) -> str:
    try:
        return on_the_wire(claim.address)
    except ValueError:
        return ""


def _our_name() -> str:
    host = urlsplit(settings().base_url).hostname or "localhost"
    if host.replace(".", "").isdigit():
        return parseaddr(settings().mail_from)[1].rpartition("@")[2] or "localhost"
    return host.encode("idna").decode("ascii")
