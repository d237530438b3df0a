"""One connection to a mail relay, driven by hand, so that one thread can talk on many at once.

`smtplib.sendmail` cannot tell a failure before the final dot (nothing was sent: safe to try again) from one after it
(nobody knows). Here every letter ends in exactly one `Outcome`. What takes time is a generator: it yields a `Wait`
whenever the socket is not ready, and whoever drives it goes on with `next` when it is, or throws TimeoutError in.
"""

from __future__ import annotations

import contextlib
import select
import smtplib
import socket
import ssl
import time
from collections.abc import Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from eventsys.mail.relay import RelayAddress, one_line, open_line

COMMAND_SECONDS = 60.0
# A relay may scan a letter before it answers the dot; giving up too early makes an unknown of a letter that arrived.
DOT_SECONDS = 180.0
LONGEST_ANSWER = 64 * 1024

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wait:
    """Go on when the socket is ready for this (of select.poll), or throw TimeoutError at this time.monotonic()."""

    events: int
    until: float


Talk = Generator[Wait, None, T]


class Kind(StrEnum):
    ACCEPTED = "accepted"
    LATER = "later"  # 4xx
    NO = "no"  # 5xx
    LOST_BEFORE_DOT = "lost_before_dot"  # nothing was sent
    LOST_AFTER_DOT = "lost_after_dot"  # nobody knows


@dataclass(frozen=True)
class Outcome:
    """What became of one letter: the stage (mail, rcpt, data, dot) and the server's words where it said any."""

    kind: Kind
    stage: str
    code: int = 0
    reply: str = ""

    @property
    def enhanced(self) -> str:
        """`5.7.1` from `550 5.7.1 Not allowed`, or nothing."""
        first = self.reply.partition(" ")[0]
        return first if first.count(".") == 2 and first.replace(".", "").isdigit() else ""

    @property
    def closes(self) -> bool:
        """Whether the connection is of no use any more."""
        return self.kind in {Kind.LOST_BEFORE_DOT, Kind.LOST_AFTER_DOT} or self.code == 421


class Connection:
    """An open, signed-in line to the relay. Serves many letters, one after the other."""

    def __init__(self, relay: RelayAddress, our_name: str = "localhost") -> None:
        """Connect, secure, sign in; waits. Raises RelayTrouble with the reason in plain words."""
        self.served = 0
        self.usable = True
        self._smtp = open_line(relay, our_name)
        assert self._smtp.sock is not None
        self._sock: socket.socket = self._smtp.sock
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock.settimeout(0)
        self._heard = bytearray()
        self._pipelining = self._smtp.has_extn("pipelining")
        self.takes_utf8 = self._smtp.has_extn("smtputf8")
        self._takes_8bit = self._smtp.has_extn("8bitmime")

    def fileno(self) -> int:
        """For select."""
        return self._sock.fileno()

    def send(self, sender: str, recipient: str, body: bytes) -> Talk[Outcome]:
        """Send one letter: CRLF line ends, dots stuffed. Returns when its fate is known; raises nothing."""
        outcome = yield from self._offer(sender, recipient)
        if outcome is None:
            outcome = yield from self._push(body)
        self.served += 1
        self.usable = self.usable and not outcome.closes
        if self.usable and outcome.stage in {"mail", "rcpt", "data"}:
            yield from self._reset()
        return outcome

    def close(self) -> None:
        """Say goodbye, briefly."""
        with contextlib.suppress(OSError, smtplib.SMTPException):
            if self.usable:
                self._sock.settimeout(2)
                self._smtp.docmd("QUIT")
        self._smtp.close()

    # --- before the dot

    def _offer(self, sender: str, recipient: str) -> Talk[Outcome | None]:
        """MAIL, RCPT, DATA. None when the server waits for the letter, else what it said instead."""
        utf8 = not (sender.isascii() and recipient.isascii())
        options = (" BODY=8BITMIME SMTPUTF8" if self._takes_8bit else " SMTPUTF8") if utf8 else ""
        commands = [
            ("mail", f"MAIL FROM:<{sender}>{options}", 250), ("rcpt", f"RCPT TO:<{recipient}>", 250),
            ("data", "DATA", 354),
        ]  # fmt: skip
        try:
            return (yield from self._together(commands) if self._pipelining else self._one_by_one(commands))
        except OSError as error:
            return Outcome(Kind.LOST_BEFORE_DOT, "data", reply=_words_of(error))

    def _one_by_one(self, commands: list[tuple[str, str, int]]) -> Talk[Outcome | None]:
        for stage, command, wanted in commands:
            yield from self._say(f"{command}\r\n".encode())
            code, words = yield from self._answer(COMMAND_SECONDS)
            if refusal := _judged(stage, code, words, wanted):
                return refusal
        return None

    def _together(self, commands: list[tuple[str, str, int]]) -> Talk[Outcome | None]:
        """All three in one packet (RFC 2920), then all three answers."""
        yield from self._say("".join(f"{command}\r\n" for _, command, _ in commands).encode())
        refusal = None
        for stage, _, wanted in commands:
            try:
                code, words = yield from self._answer(COMMAND_SECONDS)
            except OSError:
                if refusal is None:
                    raise
                self.usable = False  # it refused and hung up
                return refusal
            if refusal is not None and stage == "data" and code == 354:
                self.usable = False  # it waits for a letter that it refused: hang up rather than say anything
            refusal = refusal or _judged(stage, code, words, wanted)
        return refusal

    def _push(self, body: bytes) -> Talk[Outcome]:
        """The letter, then alone the final dot: so we know on which side of it a line broke."""
        try:
            yield from self._say(body)
            if early := self._said_something_early():
                return early
        except OSError as error:
            return Outcome(Kind.LOST_BEFORE_DOT, "body", reply=_words_of(error))
        try:
            yield from self._say(b".\r\n")
            code, words = yield from self._answer(DOT_SECONDS)
        except OSError as error:
            return Outcome(Kind.LOST_AFTER_DOT, "dot", reply=_words_of(error))
        return _judged("dot", code, words, 250) or Outcome(Kind.ACCEPTED, "dot", code, one_line(words))

    def _said_something_early(self) -> Outcome | None:
        """Before the dot the server has nothing to say: if it speaks or hangs up now, it has given up on the letter."""
        try:
            said = self._sock.recv(500)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        self.usable = False
        code = int(said[:3]) if said[:3].isdigit() else 0
        return _judged("body", code, said[4:], 0) or Outcome(Kind.LOST_BEFORE_DOT, "body")

    def _reset(self) -> Talk[None]:
        try:
            yield from self._say(b"RSET\r\n")
            code, _ = yield from self._answer(COMMAND_SECONDS)
            self.usable = code == 250
        except OSError:
            self.usable = False

    # --- bytes; TimeoutError and everything of ssl are OSErrors

    def _say(self, what: bytes) -> Talk[None]:
        rest, until = memoryview(what), time.monotonic() + COMMAND_SECONDS
        while rest:
            try:
                rest = rest[self._sock.send(rest) :]
            except (BlockingIOError, ssl.SSLWantWriteError):
                yield Wait(select.POLLOUT, until)
            except ssl.SSLWantReadError:
                yield Wait(select.POLLIN, until)

    def _answer(self, seconds: float) -> Talk[tuple[int, bytes]]:
        """The server's next answer, however many lines it has: its code, -1 for none, and its words."""
        until, words = time.monotonic() + seconds, []
        while True:
            line = yield from self._line(until)
            words.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]) if line[:3].isdigit() else -1, b"\n".join(words)

    def _line(self, until: float) -> Talk[bytes]:
        while (end := self._heard.find(b"\n")) < 0:
            yield from self._listen(until)
        line = bytes(self._heard[:end])
        del self._heard[: end + 1]
        return line

    def _listen(self, until: float) -> Talk[None]:
        while True:
            try:
                heard = self._sock.recv(LONGEST_ANSWER)
                break
            except (BlockingIOError, ssl.SSLWantReadError):
                yield Wait(select.POLLIN, until)
            except ssl.SSLWantWriteError:
                yield Wait(select.POLLOUT, until)
        if not heard or len(self._heard) > LONGEST_ANSWER:
            raise ConnectionResetError("the server closed the line" if not heard else "the answer has no end")
        self._heard += heard


def _judged(stage: str, code: int, words: bytes, wanted: int) -> Outcome | None:
    """None when the answer is what was wanted."""
    if code == wanted or (wanted == 250 and 200 <= code < 300):
        return None
    text = one_line(words)
    if 400 <= code < 500:
        return Outcome(Kind.LATER, stage, code, text)
    if 500 <= code < 600:
        return Outcome(Kind.NO, stage, code, text)
    return Outcome(Kind.LOST_BEFORE_DOT if stage != "dot" else Kind.LOST_AFTER_DOT, stage, max(code, 0), text)


def _words_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
