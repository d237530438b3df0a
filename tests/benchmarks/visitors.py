"""Visitors with a raw socket each, cheap enough not to be what is measured. Only 127.0.0.1 is ever spoken to.

A process of its own, so that it shares no interpreter lock with the server. It reads one task a line (JSON) from
standard input and answers each with one line:

    {"do": "get", "path": "/hello", "clients": 8, "seconds": 1}
    {"do": "register", "path": "/evenemang/lunch/anmalan", "clients": 8, "seconds": 2}
    {"do": "burst", "path": "/evenemang/lunch/anmalan", "clients": 300}
    {"do": "doors", "path": "", "clients": 4, "doors": [["/dorr/TOKEN", "123456"], ...], "codes": ["T1...", ...]}
"""

from __future__ import annotations

import html
import itertools
import json
import re
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: ([^;\r]+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: ([^\r]+)", re.IGNORECASE)
PATIENCE = 60.0

_numbers = itertools.count(1)


@dataclass
class Answer:
    status: int
    head: bytes
    body: bytes


class Visitor:
    """One keep-alive connection. A closed one is opened again at the next request."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None
        self.cookie = b""
        self.rest = b""

    def get(self, path: str) -> Answer:
        return self._ask(b"GET %b HTTP/1.1\r\nHost: 127.0.0.1\r\n%b\r\n" % (path.encode(), self._cookie()))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        body = urlencode(fields).encode()
        head = b"POST %b HTTP/1.1\r\nHost: 127.0.0.1\r\n%bContent-Type: application/x-www-form-urlencoded\r\n"
        head += b"Content-Length: %d\r\n\r\n"
        return self._ask(head % (path.encode(), self._cookie(), len(body)) + body)

    def post_json(self, path: str, what: Any) -> Answer:
        """As the script at a door does."""
        body = json.dumps(what).encode()
        head = b"POST %b HTTP/1.1\r\nHost: 127.0.0.1\r\n%bContent-Type: application/json\r\nX-Dorr: 1\r\n"
        head += b"Content-Length: %d\r\n\r\n"
        return self._ask(head % (path.encode(), self._cookie(), len(body)) + body)

    def _cookie(self) -> bytes:
        return b"Cookie: %b\r\n" % self.cookie if self.cookie else b""

    def _ask(self, request: bytes) -> Answer:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        answer = self._read()
        if found := COOKIE.search(answer.head):
            self.cookie = found[1]
        if b"connection: close" in answer.head.lower():
            self.close()
        return answer

    def _read(self) -> Answer:
        data = self.rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, size = data[: end + 2], LENGTH.search(data, 0, end + 2)
        whole = end + 4 + (int(size[1]) if size else 0)
        while len(data) < whole:
            data += self._more()
        self.rest = data[whole:]
        return Answer(int(head[9:12]), head, data[end + 4 : whole])

    def _more(self) -> bytes:
        assert self.socket is not None
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the line")
        return data

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket, self.rest = None, b""


# --- what a browser does with the form


def hidden_fields(page: str) -> dict[str, str]:
    """Name and value of every hidden field before the template of a further person."""
    pairs = (dict(ATTRIBUTE.findall(found)) for found in HIDDEN.findall(page.partition("<template")[0]))
    return {pair["name"]: html.unescape(pair.get("value", "")) for pair in pairs}


def filled_in(page: str, people: int) -> dict[str, str]:
    """The form as somebody sends it who comes with `people - 1` colleagues."""
    number = next(_numbers)
    booker = {
        "company_name": f"Väveri {number} AB", "booker_name": f"Åsa Bänk {number}",
        "booker_email": f"asa{number}@bank.example", "booker_phone": "070-174 06 05", "booker_comes": "y",
    }  # fmt: skip
    others = {
        f"people-{at}-{name}": text
        for at in range(people - 1)
        for name, text in (("name", f"Bo Öst {number}-{at}"), ("email", f"bo{number}.{at}@bank.example"))
    }
    return {**hidden_fields(page), **booker, **others}


def load_form(visitor: Visitor, path: str, people: int) -> dict[str, str]:
    page = visitor.get(path)
    if page.status != 200:
        raise AssertionError(f"{path} answered {page.status}")
    return filled_in(page.body.decode(), people)


def register_once(visitor: Visitor, path: str) -> int:
    """GET the form, POST three people, follow the redirect, as somebody who has not been here before."""
    visitor.cookie = b""
    answer = visitor.post(path, load_form(visitor, path, people=3))
    if answer.status != 302:
        raise AssertionError(f"registering was answered {answer.status}: {answer.body[:2000].decode()}")
    found = LOCATION.search(answer.head)
    assert found is not None
    page = visitor.get(found[1].decode())
    return page.status


# --- tasks


@dataclass
class Seen:
    """What the visitors of one task have met. `seconds` are those of single answers, where they are asked for."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def for_seconds(seconds: float, clients: int, port: int, act: Callable[[Visitor], int], seen: Seen) -> None:
    """Let so many visitors act again and again."""
    begin = threading.Barrier(clients)

    def visit() -> None:
        visitor, statuses = Visitor(port), Counter[int]()
        try:
            begin.wait()
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                statuses[act(visitor)] += 1
        except Exception as error:
            seen.errors.append(repr(error))
        visitor.close()
        seen.statuses.update(statuses)

    run_all([visit] * clients)


def burst(path: str, clients: int, port: int, seen: Seen) -> None:
    """Everybody has loaded the form; everybody presses at once."""
    visitors = [Visitor(port) for _ in range(clients)]
    forms = [load_form(visitor, path, people=1) for visitor in visitors]
    begin = threading.Barrier(clients)

    def press(visitor: Visitor, form: dict[str, str]) -> None:
        begin.wait()
        began = time.monotonic()
        try:
            seen.statuses[visitor.post(path, form).status] += 1
            seen.seconds.append(time.monotonic() - began)
        except Exception as error:
            seen.errors.append(repr(error))
        visitor.close()

    run_all([lambda v=v, f=f: press(v, f) for v, f in zip(visitors, forms, strict=True)])


SCANS_A_LIST = 10
"""A phone asks for its list now and then; so many scans lie between."""


def at_the_doors(doors: list[list[str]], codes: list[str], port: int, seen: Seen) -> None:
    """Each door lets in its share of the people, one scan after the other, all doors at once."""
    begin = threading.Barrier(len(doors))

    def let_in(place: int) -> None:
        (path, pin), visitor = doors[place], Visitor(port)
        try:
            if visitor.post(path, {"pin": pin}).status != 303:
                raise AssertionError("the PIN was not taken")
            begin.wait()
            for number, code in enumerate(codes[place :: len(doors)]):
                if number % SCANS_A_LIST == 0:
                    visitor.get(f"{path}/lista")
                _scan(visitor, path, code, seen)
        except Exception as error:
            seen.errors.append(repr(error))
        visitor.close()

    run_all([lambda place=place: let_in(place) for place in range(len(doors))])


def _scan(visitor: Visitor, path: str, code: str, seen: Seen) -> None:
    scan = {"nonce": f"bench-{next(_numbers):020}", "act": "enter", "code": code}
    began = time.monotonic()
    answer = visitor.post_json(f"{path}/inslapp", {"scans": [scan]})
    seen.seconds.append(time.monotonic() - began)
    seen.statuses[answer.status] += 1
    if b'"welcome"' not in answer.body:
        raise AssertionError(f"a ticket was answered {answer.body[:300]!r}")


def run_all(acts: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def work_off(task: dict[str, Any], port: int) -> dict[str, Any]:
    """Do one task and say what was seen, how long it took, and what it cost this process."""
    seen, began, cost = Seen(), time.monotonic(), time.process_time()
    path, clients = task["path"], task["clients"]
    if task["do"] == "burst":
        burst(path, clients, port, seen)
    elif task["do"] == "doors":
        at_the_doors(task["doors"], task["codes"], port, seen)
    elif task["do"] == "register":
        for_seconds(task["seconds"], clients, port, lambda visitor: register_once(visitor, path), seen)
    else:
        fresh = task.get("fresh", False)
        act = (lambda v: v.get(f"{path}?kalla={next(_numbers)}").status) if fresh else (lambda v: v.get(path).status)
        for_seconds(task["seconds"], clients, port, act, seen)
    return {
        "statuses": seen.statuses, "seconds": seen.seconds, "errors": seen.errors[:5],
        "took": time.monotonic() - began, "cpu": time.process_time() - cost,
    }  # fmt: skip


def main() -> None:
    port = int(sys.argv[1])
    threading.stack_size(256 * 1024)
    for line in sys.stdin:
        print(json.dumps(work_off(json.loads(line), port)), flush=True)


if __name__ == "__main__":
    main()
