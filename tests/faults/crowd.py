"""Many visitors at once over real HTTP, each with a connection and a cookie of its own."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from lxml import html

T = TypeVar("T")
TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Reply:
    status: int
    location: str
    page: str
    seconds: float


class Client:
    """One visitor's browser, as far as forms go."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookie = ""

    def get(self, path: str) -> Reply:
        return self._ask("GET", path)

    def post(self, path: str, form: dict[str, str]) -> Reply:
        return self._ask("POST", path, urlencode(form))

    def form(self, path: str) -> dict[str, str]:
        """What a form's hidden fields hold."""
        hidden = html.fromstring(self.get(path).page).xpath("//main//form//input[@type='hidden']")
        return {field.get("name"): field.get("value", "") for field in hidden}

    def close(self) -> None:
        self.connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> Reply:
        headers = {**(TYPE if body else {}), **({"Cookie": self.cookie} if self.cookie else {})}
        began = time.monotonic()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        page = answer.read().decode()
        if given := answer.headers.get("Set-Cookie"):
            self.cookie = given.partition(";")[0]
        return Reply(answer.status, answer.headers.get("Location", ""), page, time.monotonic() - began)


def all_at_once(jobs: list[Callable[[], T]]) -> list[T | BaseException]:
    """Run every job in a thread of its own, all beginning at the same moment; what each returned or raised."""
    start = threading.Barrier(len(jobs))
    found: list[T | BaseException] = [RuntimeError("did not end")] * len(jobs)

    def run(number: int) -> None:
        start.wait(60)
        try:
            found[number] = jobs[number]()
        except Exception as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return found
