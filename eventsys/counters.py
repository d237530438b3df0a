"""What only a process knows, counted for /metrics: requests, refusals, failed sign-ins. What rows can tell is not here.

Labels are routes' patterns and words of ours: never an address, an id or a token, so their number is bounded.

With PROMETHEUS_MULTIPROC_DIR each process counts in files of its own in that folder, and any of them answers for all.
The library reads the variable when it is imported. Every counter has a label, because one without would want its file
before there is a folder; and a folder that is full or gone costs a count, never a page.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

# Without it there is a second series for each, that says when it was first counted.
disable_created_metrics()  # type: ignore[no-untyped-call]
_here = CollectorRegistry()
_requests = Counter(
    "eventsys_requests",
    "Answers by method, pattern of the route (- for none) and class of status.",
    ("method", "route", "status"),
    registry=_here,
)
_seconds = Histogram(
    "eventsys_request_seconds",
    "Seconds from a request's arrival to its answer.",
    ("method", "route"),
    registry=_here,
    buckets=SECONDS,
)
_refusals = Counter(
    "eventsys_capacity_refusals",
    "Registrations that did not get all they asked for: told that it is full (full), told that a session is full "
    "(session_full), or put into the queue (queued).",
    ("outcome",),
    registry=_here,
)
_sign_ins = Counter("eventsys_sign_ins", "Tries of staff to sign in with a password.", ("outcome",), registry=_here)
_transactions = Counter(
    "eventsys_transactions",
    "Writing transactions: kept, or given up because the lock could not be had in time (busy).",
    ("outcome",),
    registry=_here,
)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count an answer. `route` is a pattern of ours, or `-`."""
    method = method if method in METHODS else "other"
    _count(_requests, method, route, f"{status // 100}xx")
    with contextlib.suppress(OSError):
        _seconds.labels(method, route).observe(seconds)


def count_refusal(outcome: str) -> None:
    """Count a party that did not get what it asked for: `full`, `session_full` or `queued`."""
    _count(_refusals, outcome)


def count_sign_in(good: bool) -> None:
    """Count a try to sign in."""
    _count(_sign_ins, "good" if good else "failed")


def count_transaction(outcome: str) -> None:
    """Count a writing transaction: `kept` or `busy`."""
    _count(_transactions, outcome)


def _count(counter: Counter, *labels: str) -> None:
    with contextlib.suppress(OSError):
        counter.labels(*labels).inc()


def init_counters(folder: str) -> None:
    """Make the folder that processes count in, when there is to be one."""
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)


def counted(folder: str) -> CollectorRegistry:
    """What was counted: by this process, or by all that share the folder, those that have ended included."""
    if not folder:
        return _here
    init_counters(folder)  # it may have been cleared away
    together = CollectorRegistry()
    MultiProcessCollector(together, path=folder)  # type: ignore[no-untyped-call]
    return together
