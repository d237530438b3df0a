"""A walk through the demonstration by its links alone, from Idag on: what a colleague can come to by pressing."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

Fetch = Callable[[str], tuple[int, str]]

TRIED = 4
"""So many addresses of one page are opened: a draft and one that is over, a full list and an empty one."""


@dataclass(frozen=True)
class Seen:
    address: str
    size: int
    """Characters of HTML."""


class Links(HTMLParser):
    """Addresses that a page leads to by links, and those it shows inside itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.found.append(str(given["href"]))
        if tag in ("iframe", "img") and given.get("src"):
            self.found.append(str(given["src"]))


def walk(app: Flask, fetch: Fetch, start: str) -> dict[str, list[Seen]]:
    """Every staff page that links lead to from `start`, by endpoint; the one with most to show first.

    `fetch` gives the status and the HTML of an address ("" for what is no page).
    """
    found: dict[str, list[Seen]] = defaultdict(list)
    waiting, known = deque([start]), {start}
    while waiting:
        address = waiting.popleft()
        endpoint = endpoint_of(app, address)
        if endpoint is None or len(found[endpoint]) == TRIED:
            continue
        status, html = fetch(address)
        assert status < 400, f"a link leads to {address}, which answers {status}"
        found[endpoint].append(Seen(address, len(html)))
        for link in _staff_links(address, html):
            if link not in known:
                known.add(link)
                waiting.append(link)
    return {endpoint: sorted(seen, key=lambda one: -one.size) for endpoint, seen in found.items()}


def _staff_links(address: str, html: str) -> Iterator[str]:
    links = Links()
    links.feed(html)
    for link in links.found:
        parts = urlsplit(urljoin(f"http://localhost{address}", link))
        if parts.netloc == "localhost" and parts.path.startswith("/personal"):
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def endpoint_of(app: Flask, address: str) -> str | None:
    """The name of the page at this address; None where there is none."""
    try:
        endpoint, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method="GET")
    except (RequestRedirect, HTTPException):
        return None
    return str(endpoint)
