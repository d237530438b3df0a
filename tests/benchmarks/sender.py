"""The sender as a process of its own: one mailing sent with full state keeping, or ready-made letters pushed raw.

    python -m tests.benchmarks.sender mailing RECIPIENTS KILOBYTES SECONDS     with the settings of the environment
    python -m tests.benchmarks.sender raw HOST:PORT LETTERS KILOBYTES CONNECTIONS

Prints one line of JSON: the seconds from the first letter's start to the last one's answer, and the peak memory in MB.
"""

from __future__ import annotations

import contextlib
import json
import resource
import selectors
import socket
import sys
import time
from collections.abc import Sequence

from eventsys import create_app
from eventsys.clock import now
from eventsys.config import load_settings
from eventsys.database import db, transaction
from eventsys.mail.claim import Claim
from eventsys.mail.delivery import drain
from eventsys.mail.letters import MailingLetter, register_letters
from eventsys.mail.mailings import course
from eventsys.mail.mailings.freezing import Recipient, freeze, new_mailing
from eventsys.mail.mailings.ledger import Part, ledger
from eventsys.mail.message import dot_stuffed
from eventsys.mail.splice import Rendered, Splice, list_headers
from eventsys.migrating import upgrade_database

KIND = "bench/mailing"
LEAVE = "https://boras.example/avsluta/"


def values_of(claims: Sequence[Claim]) -> list[dict[str, str]]:
    return [{"NAME": one.name, "LEAVE": LEAVE + one.token} for one in claims]


def letter_of(kilobytes: int) -> Rendered:
    """A letter with some tokens that is so big on the wire."""
    paragraph = '<p style="margin:0 0 16px 0">Företag i Borås växer när fler får veta vad som händer här i stan.</p>\n'
    paragraphs = max(1, round((kilobytes * 1000 - 1500) / 140))
    page = f'<p>Hej @@NAME@@</p>\n{paragraph * paragraphs}<a href="@@LEAVE@@">Avsluta</a>'
    text = "Hej @@NAME@@\n\nAvsluta: @@LEAVE@@\n"
    return Rendered("Företagsamt nr 1", text, page, ("NAME", "LEAVE"), list_headers("foretagsamt.boras.example"))


def send_mailing(recipients: int, kilobytes: int, seconds: int) -> dict[str, float]:
    """Freeze a mailing of so many and send it through the relay of the settings, for so many seconds if not 0."""
    app = create_app(load_settings())
    register_letters(app, {KIND: MailingLetter(values_of)})
    with app.app_context():
        upgrade_database()
        began = time.monotonic()
        with transaction():
            mailing_id = new_mailing("Mätning").id
            people = (Recipient(n, f"person{n}@firma{n % 97}.example", f"Åsa Öst {n}") for n in range(recipients))
            freeze(mailing_id, KIND, letter_of(kilobytes), people)
            course.start(mailing_id)
        frozen, cpu = time.monotonic(), time.process_time()
        while drain(seconds or 50) and not seconds:
            pass
        took, cpu = time.monotonic() - frozen, time.process_time() - cpu
        sent = ledger(mailing_id).parts[Part.ACCEPTED]
        assert seconds or sent == recipients, ledger(mailing_id)
        db.session.remove()
    return {
        "seconds": took,
        "sent": sent,
        "freeze_seconds": frozen - began,
        "cpu_seconds": cpu,
        "rss_mb": peak_memory(),
    }


def peak_memory() -> float:
    """The most that this program has held, in MB.

    Linux hands ru_maxrss on from the process that started this one, however large that was; VmHWM begins anew.
    """
    with contextlib.suppress(OSError), open("/proc/self/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- the floor: nothing is made, judged or kept


class RawLine:
    """Pushes one ready-made letter after the other, all commands in one packet."""

    def __init__(self, address: tuple[str, int], number: int, body: bytes) -> None:
        self.sock = socket.create_connection(address)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._hear(1)
        self.sock.sendall(b"EHLO bench.example\r\n")
        while b"250 " not in self.sock.recv(4096):
            pass
        self.number, self.body = number, body
        self.sock.setblocking(False)
        self.rest, self.heard, self.offered = b"", b"", False

    def _hear(self, lines: int) -> None:
        heard = b""
        while heard.count(b"\n") < lines:
            heard += self.sock.recv(4096)

    def begin(self) -> None:
        self.heard, self.offered = b"", True
        commands = "MAIL FROM:<bench@bench.example>\r\nRCPT TO:<person{}@firma.example>\r\nDATA\r\n"
        self.rest = commands.format(self.number).encode()
        self.push()

    def push(self) -> None:
        while self.rest:
            try:
                self.rest = self.rest[self.sock.send(self.rest) :]
            except BlockingIOError:
                return

    def go_on(self) -> bool:
        """Whether its letter was taken."""
        self.push()
        try:
            self.heard += self.sock.recv(4096)
        except BlockingIOError:
            return False
        if self.offered and self.heard.count(b"\n") == 3:
            assert b"\n354" in self.heard, self.heard
            self.heard, self.offered, self.rest = b"", False, self.body
            self.push()
        elif not self.offered and self.heard.endswith(b"\n"):
            assert self.heard.startswith(b"250"), self.heard
            return True
        return False


def send_raw(address: tuple[str, int], letters: int, kilobytes: int, connections: int) -> dict[str, float]:
    """Push so many equal letters."""
    values = {"NAME": "Åsa Öst", "LEAVE": LEAVE + "0" * 32}
    splice = Splice(letter_of(kilobytes), "Bench <bench@bench.example>", "b" * 24)
    body = dot_stuffed(splice.message("person@firma.example", "Åsa Öst", "x@bench.example", values, now())) + b".\r\n"
    lines = [RawLine(address, number, body) for number in range(connections)]
    selector = selectors.DefaultSelector()
    began, left, taken = time.monotonic(), letters, 0
    for line in lines:
        selector.register(line.sock, selectors.EVENT_READ, line)
        line.begin()
        left -= 1
    while taken < letters:
        for key, _ in selector.select(1):
            line = key.data
            done = line.go_on()
            taken += done
            if done and left > 0:
                left -= 1
                line.begin()
        for line in lines:
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if line.rest else 0)
            if selector.get_key(line.sock).events != events:
                selector.modify(line.sock, events, line)
    return {"seconds": time.monotonic() - began, "sent": taken, "rss_mb": peak_memory(), "bytes": len(body)}


def main() -> None:
    what, *rest = sys.argv[1:]
    if what == "mailing":
        print(json.dumps(send_mailing(int(rest[0]), int(rest[1]), int(rest[2]))))
    else:
        host, _, port = rest[0].partition(":")
        print(json.dumps(send_raw((host, int(port)), int(rest[1]), int(rest[2]), int(rest[3]))))


if __name__ == "__main__":
    main()
