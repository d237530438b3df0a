"""What rows tell, as figures for Prometheus. No label holds an id, a name or an address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from importlib.metadata import version
from math import inf
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from eventsys.health import newest_version
from eventsys.mail.models import Priority
from eventsys.operations.models import Kind
from eventsys.operations.sight import Disk, Sight
from eventsys.operations.troubles import relay_is_stopped, troubles_in


class Seen(Collector):
    """A sight as a collector; without one, as when the database does not answer, only that is said."""

    def __init__(self, sight: Sight | None) -> None:
        self.sight = sight

    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily("eventsys_build", "The program.", {"version": version("eventsys")})
        yield _one("eventsys_database_up", "Whether the database answers.", self.sight is not None)
        if self.sight is not None:
            yield from _of_letters(self.sight)
            yield from _of_work(self.sight)
            yield from _of_the_machine(self.sight)
            yield from _troubles(self.sight)


def figures_of(sight: Sight | None) -> CollectorRegistry:
    """The figures of a sight."""
    registry = CollectorRegistry()
    registry.register(Seen(sight))
    return registry


def _of_letters(sight: Sight) -> Iterator[Metric]:
    yield _each("eventsys_letters", "Letters by state.", "state", sight.letters)
    due = {priority: sight.due.get(priority) for priority in (Priority.CONFIRMATION, Priority.REMINDER)}
    yield _each(
        "eventsys_letters_due",
        "Letters by themselves (not of mailings) whose moment has come and that have not left.",
        "priority",
        {priority.name.lower(): one.number if one else 0 for priority, one in due.items()},
    )
    yield _each(
        "eventsys_oldest_due_letter_seconds",
        "How long the oldest of them has waited; 0 when none does.",
        "priority",
        {priority.name.lower(): _seconds(sight.at, one.since) if one else 0 for priority, one in due.items()},
    )
    stopped = relay_is_stopped(sight)
    yield _one("eventsys_relay_stopped", "Whether the mail relay is stopped or cannot be reached.", stopped)
    yield _one("eventsys_relay_letters_today", "Letters given to the relay this Swedish day.", sight.relay.sent_today)
    yield _each("eventsys_mailings", "Mailings by state.", "state", sight.mailings)
    stands = [_seconds(sight.at, course.stands_since) for course in sight.courses if course.stands_since]
    yield _one(
        "eventsys_mailing_standstill_seconds",
        "How long a mailing on its way has stood still with letters due, the longest; 0 when none does.",
        max(stands, default=0),
    )


def _of_work(sight: Sight) -> Iterator[Metric]:
    lag = inf if sight.ticked_at is None else _seconds(sight.at, sight.ticked_at)
    yield _one("eventsys_tick_lag_seconds", "Since the clock last looked for what is due; +Inf when it never has.", lag)
    yield _one("eventsys_workers", "Worker processes that said so in the last two minutes.", sight.workers)
    yield _each("eventsys_imports", "Imports that wait or are at work, by state.", "state", sight.imports.by_state)
    waits = sight.imports.waits_since
    yield _one(
        "eventsys_imports_waiting_seconds",
        "How long imports have waited while no worker was at any of them.",
        _seconds(sight.at, waits) if waits else 0,
    )
    wishes = sight.wishes
    yield _one("eventsys_person_requests_overdue", "Requests about own data past their last day.", wishes.overdue)
    yield _one("eventsys_erasings", "Persons to be erased, decided on and not done.", wishes.erasing)
    oldest = wishes.oldest_erasing
    yield _one(
        "eventsys_oldest_erasing_seconds", "Since the oldest of them was decided on; 0 when there is none.",
        _seconds(sight.at, oldest) if oldest else 0,
    )  # fmt: skip
    last, unfinished = sight.retention.last, sight.retention.unfinished_since
    yield _one(
        "eventsys_retention_last_run_timestamp_seconds", "When the last run by night began; 0 when none has.",
        last.begun_at.timestamp() if last else 0,
    )  # fmt: skip
    yield _one(
        "eventsys_retention_unfinished_seconds", "Since the oldest unfinished run began; 0 when all are finished.",
        _seconds(sight.at, unfinished) if unfinished else 0,
    )  # fmt: skip


def _of_the_machine(sight: Sight) -> Iterator[Metric]:
    is_newest = sight.database_version == newest_version()
    yield _one("eventsys_database_migrated", "Whether the database is at this program's version.", is_newest)
    backed_up_at = sight.backed_up_at
    yield _one(
        "eventsys_backup_last_timestamp_seconds",
        "When `eventsys backup` last took out everything; 0 when it never has.",
        backed_up_at.timestamp() if backed_up_at else 0,
    )
    yield _one("eventsys_database_bytes", "The size of the database.", sight.database_bytes)
    if sight.disk is not None:
        yield from _of_the_disk(sight.disk)


def _of_the_disk(disk: Disk) -> Iterator[Metric]:
    yield _one("eventsys_disk_free_bytes", "Free on the disk of the data folder.", disk.free)
    yield _one("eventsys_disk_bytes", "The size of the disk of the data folder.", disk.total)


def _troubles(sight: Sight) -> Iterator[Metric]:
    lasting = {found.kind for found in troubles_in(sight) if found.lasts(sight.at)}
    yield _each(
        "eventsys_trouble", "1 for what has lasted so long that somebody should know, by kind.", "kind",
        {kind: float(kind in lasting) for kind in Kind},
    )  # fmt: skip


# --- families -----------------------------------------------------------------------------------------------------


def _one(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(name, what, value=float(value))


def _each(name: str, what: str, label: str, values: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family


def _seconds(at: datetime, since: datetime) -> float:
    return max(0.0, (at - since).total_seconds())
