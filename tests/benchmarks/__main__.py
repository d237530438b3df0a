"""`make bench`: how fast the product is, each figure beside a floor that was measured in the same run.

Two arrangements: the default one (everything in one process, SQLite), whose figures are those of var/bench.json, and,
where PostgreSQL and Redis can be had, web, worker and clock apart on them (names there begin with `postgresql_`).

Rounds alternate between hello, the event's page and registrations, so that another load on the machine strikes all of
them; figures are medians of the rounds. During these rounds letters queue; afterwards worker and clock begin, and what
the sink takes a second is reported, alone and while people register. Then a mailing of 8 500 (see sending.py),
and the results of a survey with 100 000 answers (see surveys.py). About four minutes on an idle machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import click
import pytest

from tests.benchmarks.arrangements import BURST_SEATS, Running, Visitors, on_postgresql, on_sqlite
from tests.benchmarks.importing import measure_importing
from tests.benchmarks.searching import measure_search
from tests.benchmarks.sending import (
    measure_memory,
    measure_sending,
    measure_slow_relay,
    postgresql_url,
    sqlite_url,
)
from tests.benchmarks.surveys import measure_results
from tests.benchmarks.welcome import measure_welcome_letters
from tests.servers import ROOT, end_all

CLIENTS, BURST_CLIENTS = 8, 300
ROUNDS = 5
SENDING_SECONDS = 12.0

AIMS: dict[str, tuple[Callable[[float], bool], str]] = {
    "event_page_vs_hello": (lambda value: value >= 0.5, "at least 0.5"),
    "registration_in_hellos": (lambda value: value <= 25, "at most 25"),
    "burst_p95_ms": (lambda value: value < 5000, "below 5000"),
    "checkin_p95_ms": (lambda value: value < 150, "below 150"),
    "send_vs_raw": (lambda value: value >= 0.5, "at least 0.5"),
    "send_rss_mb": (lambda value: value < 200, "below 200"),
    "send_rss_mb_85000": (lambda value: value < 200, "below 200"),
    "company_search_ms": (lambda value: value < 50, "below 50"),
    "welcome_pdf_s": (lambda value: value < 60, "below 60"),
    "import_lines_per_ms": (lambda value: value >= 10, "at least 10"),
    "import_rss_mb": (lambda value: value < 200, "below 200"),
    "survey_results_ms": (lambda value: value < 500, "below 500"),
    "burst_sold": (lambda value: value == BURST_SEATS, f"exactly {BURST_SEATS}"),
}
WORDS = {
    "welcome_pdf_s": "500 welcome letters on paper: seconds to the bound PDF",
    "welcome_pdf_cpu_s": "... seconds of a processor",
    "welcome_pdf_mb": "... its size in MB",
    "hello_per_s": "a route that returns hello",
    "event_page_per_s": "the page of an event",
    "event_page_vs_hello": "... as a share of hello's rate",
    "event_page_rendered_per_s": "the same page, rendered anew each time",
    "registration_per_s": "registrations of three people: form, sending, booking's page; letters queue",
    "registration_in_hellos": "... how many hellos one costs",
    "registration_while_sending_per_s": "registrations while the worker sends",
    "letters_per_s": "tickets made, sent and kept account of",
    "burst_p95_ms": "300 press at once on 200 seats: time to the answer, 95 %",
    "burst_sold": "... seats sold",
    "checkin_p95_ms": "4 doors let in 400 people: time to the answer, 95 %",
    "hello_ms": "processor time of the server: hello",
    "event_page_ms": "... the event's page",
    "registration_ms": "... a registration, three requests",
    "letter_ms": "... a letter",
    "send_per_s": "a mailing of 8 500 letters of 60 kB, 10 connections, every state kept",
    "send_raw_per_s": "as many ready-made letters pushed raw into the same sink",
    "send_vs_raw": "... the mailing as a share of raw",
    "send_ms": "... processor time of the sender a letter",
    "send_freeze_seconds": "... freezing it: a row for each of 8 500",
    "send_delay_10_per_s": "the same when the relay takes 10 ms to answer each dot",
    "send_rss_mb": "... peak memory of the sender",
    "send_rss_mb_85000": "... with 85 000 recipients",
    "company_search_ms": "the slowest of several searches over 20 000 companies",
    "import_lines_per_ms": "a bulk file of 300 000 companies: lines outside our postcodes read in a millisecond",
    "import_all_lines_per_ms": "... all lines, 4 % of them ours, judged and kept",
    "import_apply_seconds": "... taking in what is new, one transaction",
    "import_rss_mb": "... peak memory",
    "survey_results_ms": "the page of a survey's results with 100 000 answers",
    "visitor_share": "share of the time in which the visitors' own process was busy",
}


class Bench:
    """Measures one running product."""

    def __init__(self, running: Running, visitors: Visitors) -> None:
        self.running, self.visitors = running, visitors
        self.rates: dict[str, list[float]] = {}
        self.figures: dict[str, float] = {}

    def measure(self) -> dict[str, float]:
        page = f"/evenemang/{self.running.page}"
        form = f"/evenemang/{self.running.roomy}/anmalan"
        self._warm_up(page, form)
        for _ in range(ROUNDS):
            self._rate("hello", "get", "/hello", 1.0)
            self._rate("event_page", "get", page, 1.0)
            self._rate("event_page_rendered", "get", page, 0.7, fresh=True)
            self._rate("registration", "register", form, 2.5)
        self._medians()
        self._bursts()
        self._doors()
        self._letters(form)
        return {name: round(value, 3) for name, value in self.figures.items()}

    def _warm_up(self, page: str, form: str) -> None:
        for what, path in (("get", "/hello"), ("get", page), ("register", form)):
            self.visitors.do(what, path, CLIENTS, 0.5)

    def _rate(self, name: str, what: str, path: str, seconds: float, **more: object) -> None:
        cpu = self.running.cpu_seconds()
        seen = self.visitors.do(what, path, CLIENTS, seconds, **more)
        assert set(seen["statuses"]) == {"200"}, (name, seen["statuses"])
        number = seen["statuses"]["200"]
        self.rates.setdefault(f"{name}_per_s", []).append(number / seen["took"])
        self.rates.setdefault(f"{name}_ms", []).append((self.running.cpu_seconds() - cpu) / number * 1000)
        self.rates.setdefault("visitor_share", []).append(seen["cpu"] / seen["took"])

    def _medians(self) -> None:
        """Ratios are taken within a round, then the middle one counts."""
        self.figures = {name: statistics.median(values) for name, values in self.rates.items()}
        self.figures["visitor_share"] = max(self.rates["visitor_share"])
        hello = self.rates["hello_per_s"]
        for name, top, bottom in (
            ("event_page_vs_hello", self.rates["event_page_per_s"], hello),
            ("registration_in_hellos", hello, self.rates["registration_per_s"]),
        ):
            self.figures[name] = statistics.median(a / b for a, b in zip(top, bottom, strict=True))

    def _bursts(self) -> None:
        """The worst of the bursts counts."""
        waits, sold = [], []
        for slug in self.running.bursts:
            seen = self.visitors.do("burst", f"/evenemang/{slug}/anmalan", BURST_CLIENTS)
            told = {int(status): number for status, number in seen["statuses"].items()}
            assert told == {302: BURST_SEATS, 409: BURST_CLIENTS - BURST_SEATS}, told
            waits.append(sorted(seen["seconds"])[int(BURST_CLIENTS * 0.95)] * 1000)
            sold.append(self.running.sold(slug))
        self.figures["burst_p95_ms"] = max(waits)
        self.figures["burst_sold"] = max(sold, key=lambda number: abs(number - BURST_SEATS))

    def _doors(self) -> None:
        running = self.running
        seen = self.visitors.do("doors", "", len(running.doors), doors=running.doors, codes=running.tickets)
        assert seen["statuses"] == {"200": len(running.tickets)}, seen["statuses"]
        self.figures["checkin_p95_ms"] = sorted(seen["seconds"])[int(len(seen["seconds"]) * 0.95)] * 1000

    def _letters(self, form: str) -> None:
        self.running.begin_sending()
        while not self.running.letters():
            time.sleep(0.05)
        before, cpu, began = self.running.letters(), self.running.cpu_seconds(), time.monotonic()
        time.sleep(SENDING_SECONDS)
        sent, took = self.running.letters() - before, time.monotonic() - began
        self.figures["letters_per_s"] = sent / took
        self.figures["letter_ms"] = (self.running.cpu_seconds() - cpu) / max(sent, 1) * 1000
        seen = self.visitors.do("register", form, CLIENTS, 4.0)
        self.figures["registration_while_sending_per_s"] = seen["statuses"]["200"] / seen["took"]


def run(arrangement: Callable[[], AbstractContextManager[Running]]) -> dict[str, float]:
    with arrangement() as running, Visitors(running.port) as visitors:
        load = os.getloadavg()[0]
        figures = Bench(running, visitors).measure()
        show(running.name, figures, load)
    return figures


def send(database: str, url: Callable[[], str]) -> dict[str, float]:
    """The figures of mailings; a slow relay and very many recipients on SQLite only, to save time."""
    load = os.getloadavg()[0]
    figures = measure_sending(url) | measure_results(url)
    if url is sqlite_url:
        figures["send_delay_10_per_s"] = measure_slow_relay(url, 10)
        figures["send_rss_mb_85000"] = measure_memory(url)
    show(f"A mailing, {database}", figures, load)
    return figures


def find(database: str, url: Callable[[], str]) -> dict[str, float]:
    load = os.getloadavg()[0]
    figures = measure_search(url)
    show(f"Searching, {database}", figures, load)
    return figures


def print_letters() -> dict[str, float]:
    """The figures of letters on paper, which do not depend on the database."""
    load = os.getloadavg()[0]
    figures = measure_welcome_letters()
    show("Letters on paper", figures, load)
    return figures


def import_companies() -> dict[str, float]:
    load = os.getloadavg()[0]
    figures = measure_importing()
    show("A bulk file of companies, SQLite", figures, load)
    return figures


def show(name: str, figures: dict[str, float], load: float) -> None:
    click.echo(f"\n{name}   (load of the machine before: {load:.1f})\n")
    for key, words in WORDS.items():
        if key not in figures:
            continue
        held, aim = AIMS.get(key, (None, ""))
        verdict = "" if held is None else f"   aim: {aim}" + ("" if held(figures[key]) else "   MISSED")
        click.echo(f"  {key:34} {figures[key]:>10,.2f}   {words}{verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="only this arrangement")
    only = parser.parse_args().only
    figures: dict[str, float] = {}
    try:
        if only != "postgresql":
            figures |= run(on_sqlite) | send("SQLite", sqlite_url) | find("SQLite", sqlite_url)
            figures |= import_companies() | print_letters()
        if only != "sqlite":
            try:
                found = run(on_postgresql) | send("PostgreSQL, synchronous commits", postgresql_url)
                found |= find("PostgreSQL", postgresql_url)
                figures |= {f"postgresql_{name}": value for name, value in found.items()}
            except pytest.skip.Exception as lack:
                click.echo(f"\nNot measured: {lack}")
    finally:
        end_all()
    target = ROOT / "var" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    click.echo(f"\nWritten to {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
