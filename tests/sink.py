"""A real SMTP server for tests: it takes letters, keeps or logs them, and misbehaves exactly when told to.

In a test:

    with SmtpSink() as sink:
        sink.when("rcpt", to="*@borta.se", say="550 5.1.1 No such user")
        sink.when("dot", times=1, drop=True, taken=True)      # took the letter, the answer was lost
        ... send through sink.url ...
        letter, = sink.wait_for(1)

As a process of its own, for tests that kill senders and for benchmarks (one line a recipient in the log, written
before the 250 is sent: recipient, Message-ID, SHA-256 of the letter):

    python -m tests.sink --port 2525 --log letters.tsv
"""

import argparse
import asyncio
import base64
import contextlib
import hashlib
import os
import re
import signal
import ssl
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import trustme

STAGES = ("connect", "auth", "mail", "rcpt", "data", "body", "dot")
ADDRESS = re.compile(rb"<([^>]*)>")
MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """What one DATA carried. `raw` has CRLF line ends and no dots doubled; `at` is in seconds of time.monotonic()."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    connection: int
    at: float
    tls: bool
    user: str | None

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)  # type: ignore[return-value]


@dataclass
class Rule:
    """At `stage`, for letters `to` an address (or a pattern of one): answer `say`, or drop the line, after `delay`."""

    stage: str
    to: str = "*"
    say: str | None = None
    drop: bool = False
    delay: float = 0.0
    taken: bool = False
    times: int | None = None
    after_bytes: int = 1
    used: int = 0

    def fits(self, stage: str, recipients: Iterable[str]) -> bool:
        if self.stage != stage or (self.times is not None and self.used >= self.times):
            return False
        return self.to == "*" or any(fnmatch(one.lower(), self.to.lower()) for one in recipients)


@dataclass
class Manner:
    """How a sink is set up: what it offers and demands. Shared by all its connections."""

    users: dict[str, str] = field(default_factory=dict)
    starttls: ssl.SSLContext | None = None
    without: frozenset[str] = frozenset()
    rules: list[Rule] = field(default_factory=list)
    delay: float = 0.0

    def rule(self, stage: str, recipients: Iterable[str]) -> Rule | None:
        for rule in self.rules:
            if rule.fits(stage, recipients):
                rule.used += 1
                return rule
        return None


class Conversation(asyncio.Protocol):
    """One connection. Commands may arrive in one packet (PIPELINING), their answers leave in one."""

    def __init__(self, manner: Manner, take: Callable[[Letter], None], opened: set["Conversation"], number: int):
        self.manner, self.take, self.opened, self.number = manner, take, opened, number
        self.transport: Any = None
        self.tls = False
        self.user: str | None = None
        self.buffer = bytearray()
        self.answers: list[bytes] = []
        self.waiting = self.in_body = False
        self.login: list[str] | None = None
        self.scanned = 0
        self.reset()

    def reset(self) -> None:
        self.sender: str | None = None
        self.recipients: list[str] = []

    # --- what asyncio calls

    def connection_made(self, transport: Any) -> None:
        again, self.transport = self.transport is not None, transport
        self.opened.add(self)
        if transport.get_extra_info("sslcontext"):
            self.tls = True
        if not again:
            self.answer("connect", "220 sink.test ESMTP")
            self.flush()

    def connection_lost(self, _error: Exception | None) -> None:
        self.opened.discard(self)
        self.buffer.clear()

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        self.work()

    # --- reading

    def work(self) -> None:
        """Take what is complete in the buffer. A delayed answer makes everything after it wait."""
        while not self.waiting and (self.read_body() if self.in_body else self.read_command()):
            pass
        self.flush()

    def read_command(self) -> bool:
        end = self.buffer.find(b"\n")
        if end < 0 or self.transport.is_closing():
            return False
        line = bytes(self.buffer[:end]).rstrip(b"\r")
        del self.buffer[: end + 1]
        if self.login is not None:
            self.continue_login(line)
        else:
            verb, _, rest = line.partition(b" ")
            command = getattr(self, "do_" + verb.decode("ascii", "replace").lower(), None)
            if command is None:
                self.say("500 5.5.2 What?")
            else:
                command(rest)
        return True

    def read_body(self) -> bool:
        """The buffer begins with a CRLF of its own, so that a lone dot is found on the first line too."""
        end = self.buffer.find(b"\r\n.\r\n", self.scanned)
        size = (end if end >= 0 else len(self.buffer)) - 2
        if self.breaks_off(size):
            return False
        if end < 0:
            self.scanned = max(0, len(self.buffer) - 4)
            return False
        raw = bytes(self.buffer[: end + 2])
        del self.buffer[: end + 5]
        self.in_body, self.scanned = False, 0
        self.finish(raw.replace(b"\r\n..", b"\r\n.")[2:])
        return True

    def breaks_off(self, size: int) -> bool:
        if not self.manner.rules or size < 1:
            return False
        for rule in self.manner.rules:
            if size >= rule.after_bytes and rule.fits("body", self.recipients):
                rule.used += 1
                self.drop()
                return True
        return False

    # --- commands

    def do_ehlo(self, _rest: bytes) -> None:
        self.reset()
        offers = ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "SIZE 50000000"]
        if self.manner.starttls and not self.tls:
            offers.append("STARTTLS")
        if self.manner.users:
            offers.append("AUTH PLAIN LOGIN")
        offers = ["sink.test", *(one for one in offers if one.split()[0] not in self.manner.without)]
        for one in offers[:-1]:
            self.say("250-" + one)
        self.say("250 " + offers[-1])

    def do_helo(self, _rest: bytes) -> None:
        self.reset()
        self.say("250 sink.test")

    def do_noop(self, _rest: bytes) -> None:
        self.say("250 2.0.0 Ok")

    def do_rset(self, _rest: bytes) -> None:
        self.reset()
        self.say("250 2.0.0 Ok")

    def do_quit(self, _rest: bytes) -> None:
        self.say("221 2.0.0 Bye")
        self.flush()
        self.transport.close()

    def do_starttls(self, _rest: bytes) -> None:
        if not self.manner.starttls or self.tls:
            self.say("503 5.5.1 Not now")
            return
        self.buffer.clear()
        self.reset()
        self.transport.pause_reading()
        self.say("220 2.0.0 Go ahead")
        self.flush()
        self.waiting = True
        self.upgrade = asyncio.get_running_loop().create_task(self.start_tls())

    async def start_tls(self) -> None:
        assert self.manner.starttls is not None
        try:
            self.transport = await asyncio.get_running_loop().start_tls(
                self.transport, self, self.manner.starttls, server_side=True, ssl_handshake_timeout=5
            )
        except OSError:  # the client did not trust the certificate, or went away
            self.transport.abort()
            return
        self.tls, self.waiting = True, False
        self.work()

    def do_auth(self, rest: bytes) -> None:
        kind, _, first = rest.decode("ascii", "replace").partition(" ")
        if kind.upper() not in ("PLAIN", "LOGIN") or not self.manner.users:
            self.say("504 5.5.4 Not offered")
            return
        self.login = [kind.upper()]
        if first:
            self.continue_login(first.encode())
        else:
            self.say("334 " + ("" if kind.upper() == "PLAIN" else base64.b64encode(b"Username:").decode()))

    def continue_login(self, line: bytes) -> None:
        assert self.login is not None
        self.login.append(base64.b64decode(line + b"==").decode("utf-8", "replace"))
        if self.login[0] == "LOGIN" and len(self.login) == 2:
            self.say("334 " + base64.b64encode(b"Password:").decode())
            return
        user, password = self.login[1].split("\0")[-2:] if self.login[0] == "PLAIN" else self.login[1:]
        self.login = None
        right = self.manner.users.get(user) == password
        self.user = user if right else None
        self.answer("auth", "235 2.7.0 Welcome" if right else "535 5.7.8 Wrong name or password")

    def do_mail(self, rest: bytes) -> None:
        if self.manner.users and not self.user:
            self.say("530 5.7.0 Sign in first")
        elif self.answer("mail", "250 2.1.0 Ok"):
            self.sender = read_address(rest)

    def do_rcpt(self, rest: bytes) -> None:
        address = read_address(rest)
        if self.sender is None:
            self.say("503 5.5.1 MAIL first")
        elif self.answer("rcpt", "250 2.1.5 Ok", [address]):
            self.recipients.append(address)

    def do_data(self, _rest: bytes) -> None:
        if not self.recipients:
            self.say("554 5.5.1 No valid recipients")
        elif self.answer("data", "354 Go ahead", self.recipients):
            self.in_body, self.scanned = True, 0
            self.buffer[:0] = b"\r\n"

    def finish(self, raw: bytes) -> None:
        letter = Letter(
            self.sender or "", tuple(self.recipients), raw, self.number, time.monotonic(), self.tls, self.user
        )
        self.answer("dot", "250 2.0.0 Taken", self.recipients, take=lambda: self.take(letter))
        self.reset()

    # --- answering

    def answer(
        self, stage: str, default: str, recipients: Iterable[str] = (), take: Callable[[], None] | None = None
    ) -> bool:
        """Answer a stage as the rules say; True when the command was granted. The letter is taken before the answer."""
        rule = self.manner.rule(stage, recipients) if self.manner.rules else None
        words = rule.say if rule and rule.say else default
        granted = words[0] in "23" and not (rule and rule.drop)
        if take and (granted or (rule and rule.taken)):
            take()
        delay = rule.delay if rule else self.manner.delay if stage == "dot" else 0.0
        act = self.drop if rule and rule.drop else (lambda: self.say(words))
        if delay:
            self.flush()
            self.waiting = True
            asyncio.get_running_loop().call_later(delay, self.go_on, act)
        else:
            act()
        return granted

    def go_on(self, act: Callable[[], None]) -> None:
        self.waiting = False
        if not self.transport.is_closing():
            act()
            self.work()

    def say(self, words: str) -> None:
        self.answers.append(words.encode() + b"\r\n")
        if words.startswith("421"):
            self.flush()
            self.transport.close()

    def flush(self) -> None:
        if self.answers and not self.transport.is_closing():
            self.transport.write(b"".join(self.answers))
        self.answers.clear()

    def drop(self) -> None:
        self.answers.clear()
        self.buffer.clear()
        self.transport.abort()


def read_address(rest: bytes) -> str:
    found = ADDRESS.search(rest)
    return (found[1] if found else rest.partition(b":")[2].strip()).decode("utf-8", "replace")


class SmtpSink:
    """A sink in a thread of this process, on a free port of 127.0.0.1.

    tls: None, "starttls" or "implicit"; a client trusts it through `ca_file`. users: {name: password}; with any,
    MAIL is refused before AUTH. without: EHLO keywords not to offer, e.g. {"PIPELINING"}. delay: seconds before each
    answer to the final dot. keep=False counts letters but forgets them (`count` is always right).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        tls: str | None = None,
        users: dict[str, str] | None = None,
        without: Iterable[str] = (),
        delay: float = 0.0,
        keep: bool = True,
        on_letter: Callable[[Letter], None] | None = None,
    ):
        self.port, self.tls, self.keep, self.on_letter = port, tls, keep, on_letter
        self.letters: list[Letter] = []
        self.count = self.connections = 0
        self.ca_file: str | None = None
        context = self.make_certificate() if tls else None
        self.implicit = context if tls == "implicit" else None
        starttls = context if tls == "starttls" else None
        self.manner = Manner(users or {}, starttls, frozenset(without), delay=delay)
        self.opened: set[Conversation] = set()
        self.loop = asyncio.new_event_loop()
        self.server: asyncio.Server | None = None

    def make_certificate(self) -> ssl.SSLContext:
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        handle, self.ca_file = tempfile.mkstemp(prefix="eventsys-ca-", suffix=".pem")
        os.write(handle, authority.cert_pem.bytes())
        os.close(handle)
        return context

    @property
    def url(self) -> str:
        scheme = "smtps" if self.tls == "implicit" else "smtp"
        user = "".join(f"{name}:{password}@" for name, password in list(self.manner.users.items())[:1])
        return f"{scheme}://{user}127.0.0.1:{self.port}" + ("?starttls=required" if self.tls == "starttls" else "")

    # --- what a test says and asks

    def when(
        self,
        stage: str,
        *,
        to: str = "*",
        say: str | None = None,
        drop: bool = False,
        delay: float = 0.0,
        taken: bool = False,
        times: int | None = None,
        after_bytes: int = 1,
    ) -> Rule:
        """Misbehave at a stage: connect, auth, mail, rcpt, data, body (in the middle of DATA) or dot.

        to: recipient or pattern ("*@borta.se"), for rcpt and later. say: "451 4.3.0 Later". drop: cut the line without
        an answer. delay: seconds before. taken: the letter counts as taken although say or drop tells otherwise.
        times: only so often. after_bytes: how much of the body to read before cutting. The first rule that fits wins.
        """
        if stage not in STAGES:
            raise ValueError(f"no stage {stage!r}; one of {', '.join(STAGES)}")
        if stage == "body":
            drop = True
        rule = Rule(stage, to, say, drop, delay, taken, times, after_bytes)
        self.manner.rules.append(rule)
        return rule

    def behave(self) -> None:
        """Forget every rule."""
        self.manner.rules.clear()

    def letters_to(self, address: str) -> list[Letter]:
        return [letter for letter in self.letters if address in letter.recipients]

    def wait_for(self, count: int, timeout: float = 10.0) -> list[Letter]:
        """The letters, as soon as there are at least `count`."""
        until = time.monotonic() + timeout
        while self.count < count:
            if time.monotonic() > until:
                raise AssertionError(f"{self.count} letters of {count} came within {timeout} s")
            time.sleep(0.01)
        return list(self.letters)

    def clear(self) -> None:
        self.letters.clear()
        self.count = 0

    def refuse(self) -> None:
        """Stop listening: new connections are refused, open ones are cut."""
        self.call(self.stop_listening())

    def accept(self) -> None:
        """Listen again, on the same port."""
        self.call(self.listen())

    # --- life

    def start(self) -> "SmtpSink":
        self.thread = threading.Thread(target=self.loop.run_forever, name="smtp-sink", daemon=True)
        self.thread.start()
        self.call(self.listen())
        return self

    def stop(self) -> None:
        if self.loop.is_closed():
            return
        self.call(self.stop_listening())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
        if self.ca_file:
            Path(self.ca_file).unlink(missing_ok=True)

    def __enter__(self) -> "SmtpSink":
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def call(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    async def listen(self) -> None:
        self.server = await self.loop.create_server(
            self.converse, "127.0.0.1", self.port, ssl=self.implicit, backlog=1024
        )
        self.port = self.server.sockets[0].getsockname()[1]

    async def stop_listening(self) -> None:
        if self.server:
            self.server.close()
            self.server = None
        for conversation in list(self.opened):
            conversation.transport.abort()
        for _ in range(100):  # the transports close in the loop's next turns
            if not self.opened:
                break
            await asyncio.sleep(0.01)

    def converse(self) -> Conversation:
        self.connections += 1
        return Conversation(self.manner, self.take, self.opened, self.connections)

    def take(self, letter: Letter) -> None:
        if self.on_letter:
            self.on_letter(letter)
        if self.keep:
            self.letters.append(letter)
        self.count += 1


def log_line(letter: Letter) -> bytes:
    found = MESSAGE_ID.search(letter.raw, 0, 16_000)
    name = found[1].decode("ascii", "replace") if found else "-"
    digest = hashlib.sha256(letter.raw).hexdigest()
    return "".join(f"{one}\t{name}\t{digest}\n" for one in letter.recipients).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description="An SMTP server that takes letters and forgets them.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, help="append: recipient, Message-ID, SHA-256 (tabs), one line a recipient")
    parser.add_argument("--delay-ms", type=float, default=0, help="before each answer to the final dot")
    options = parser.parse_args()
    on_letter = None
    if options.log:
        log = os.open(options.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

        def on_letter(letter: Letter) -> None:
            os.write(log, log_line(letter))

    sink = SmtpSink(port=options.port, delay=options.delay_ms / 1000, keep=False, on_letter=on_letter)
    asyncio.set_event_loop(sink.loop)
    for name in (signal.SIGTERM, signal.SIGINT):
        sink.loop.add_signal_handler(name, sink.loop.stop)
    sink.loop.run_until_complete(sink.listen())
    print(f"listening on {sink.port}", flush=True)
    sink.loop.run_forever()
    sink.loop.run_until_complete(sink.stop_listening())
    print(f"took {sink.count} letters over {sink.connections} connections", flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
