"""A line to the relay and the letter on it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass

from eventsys.clock import now
from eventsys.mail.delivery.changes import Change
from eventsys.mail.delivery.judging import judge
from eventsys.mail.delivery.making import Made
from eventsys.mail.relay import RelayTrouble
from eventsys.mail.smtp import Connection, Kind, Outcome, Talk, Wait


@dataclass(frozen=True)
class Lost:
    """A letter of which nothing was sent, because its line had served enough, and what became of that try."""

    letter: Made
    outcome: Outcome


class Line:
    """Opens in the background, then serves letters one after the other, driven by the run's thread.

    It lives as long as its connection. `outcome` is what became of its last letter and is not saved yet.
    """

    def __init__(self, opener: Executor, connect: Callable[[], Connection], lost: Lost | None = None) -> None:
        """With `lost`, a letter that another line was cut off from before the dot: it is tried once more here."""
        self._opening: Future[Connection] | None = opener.submit(connect)
        self._lost = lost
        self._connection: Connection | None = None
        self._letter: Made | None = None
        self._talk: Talk[Outcome] | None = None
        self.wait: Wait | None = None
        self.outcome: Change | None = None

    @property
    def is_opening(self) -> bool:
        return self._opening is not None

    @property
    def is_trying_again(self) -> bool:
        """Whether it is opened for a letter that is in flight already."""
        return self._opening is not None and self._lost is not None

    @property
    def is_talking(self) -> bool:
        return self._talk is not None

    @property
    def is_usable(self) -> bool:
        return self._connection is not None and self._connection.usable

    @property
    def is_free(self) -> bool:
        """Whether it could begin a letter now."""
        return self.is_usable and not self.is_talking

    @property
    def takes_utf8(self) -> bool:
        return self._connection is not None and self._connection.takes_utf8

    def fileno(self) -> int:
        assert self._connection is not None
        return self._connection.fileno()

    def look(self) -> None:
        """See whether the connection is open by now. Raises RelayTrouble when it cannot be had."""
        if self._opening is None or not self._opening.done():
            return
        opening, self._opening = self._opening, None
        try:
            self._connection = opening.result()
        except RelayTrouble:
            if self._lost is None:
                raise
            self.outcome = judge(self._lost.letter.begin.claim, self._lost.outcome, now())
        else:
            if self._lost is not None:
                self.start(self._lost.letter)
                self.go_on()

    def start(self, letter: Made) -> None:
        """Make ready to send a letter that is saved as in flight; `go_on` sends it."""
        assert self._connection is not None
        self._letter = letter
        self._talk = self._connection.send(letter.sender, letter.recipient, letter.body)

    def is_late(self, at: float) -> bool:
        """Whether the server should have been ready by this time.monotonic()."""
        return self.wait is not None and at > self.wait.until

    def go_on(self, late: bool = False) -> Lost | None:
        """Talk until the socket is not ready. Returns the letter when a new line may try it once more."""
        assert self._talk is not None
        try:
            self.wait = self._talk.throw(TimeoutError("no answer")) if late else next(self._talk)
        except StopIteration as end:
            return self._ended(end.value)
        return None

    def _ended(self, outcome: Outcome) -> Lost | None:
        letter, self._letter, self._talk, self.wait = self._letter, None, None, None
        assert letter is not None
        assert self._connection is not None
        # Relays close lines that idled or served enough; that says nothing about this letter.
        nothing_sent = outcome.kind is Kind.LOST_BEFORE_DOT or (outcome.code == 421 and outcome.stage != "dot")
        if nothing_sent and self._connection.served > 1:
            return Lost(letter, outcome)
        self.outcome = judge(letter.begin.claim, outcome, now())
        return None

    def close(self) -> None:
        """Hang up; a line that is still opening is closed as soon as it has opened."""
        if self._opening is not None:
            self._opening.add_done_callback(_close_opened)
        if self._connection is not None:
            self._connection.close()


def _close_opened(opening: Future[Connection]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
