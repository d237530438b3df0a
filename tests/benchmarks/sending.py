"""A mailing of 8 500 letters against ready-made letters pushed raw into the same sink, and the sender's memory.

Sender and sink are processes of their own, and the sink only counts. Raw goes before and after, so that another load
on the machine strikes both.
PostgreSQL is started with fsync and synchronous commits on: speed that loses letters in a power cut is none.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace

from eventsys.config import Settings
from tests import servers
from tests.benchmarks.arrangements import PYTHON, variables
from tests.servers import ROOT, ServerProcess, SinkProcess, new_folder

LETTERS, MANY, KILOBYTES, CONNECTIONS = 8_500, 85_000, 60, 10
# Memory is highest while 85 000 rows are frozen and does not grow while they are sent, so some seconds of it suffice.
SECONDS_OF_MANY, SMALL_KILOBYTES = 10, 3


def sqlite_url() -> str:
    return ""


def postgresql_url() -> str:
    """A database on a server that keeps its promises. Skips where there is none."""
    server = servers.postgres_server(fsync="on", full_page_writes="on", synchronous_commit="on")
    return servers.new_database(server)


def measure_sending(database_url: Callable[[], str]) -> dict[str, float]:
    """The figures of sending, on a new database."""
    raw, sent = [], {}
    with SinkProcess(only_counts=True) as sink:
        raw.append(_raw(sink))
        sent = _mailing(database_url(), sink, LETTERS, KILOBYTES)
        raw.append(_raw(sink))
    raw_per_s = sum(raw) / len(raw)
    per_s = sent["sent"] / sent["seconds"]
    return {
        "send_per_s": round(per_s, 1), "send_raw_per_s": round(raw_per_s, 1),
        "send_vs_raw": round(per_s / raw_per_s, 3), "send_ms": round(sent["cpu_seconds"] / sent["sent"] * 1000, 3),
        "send_freeze_seconds": round(sent["freeze_seconds"], 2), "send_rss_mb": round(sent["rss_mb"], 1),
    }  # fmt: skip


def measure_slow_relay(database_url: Callable[[], str], delay_ms: float) -> float:
    """Letters a second when the relay takes this long to answer each final dot."""
    with SinkProcess(delay_ms=delay_ms, only_counts=True) as sink:
        sent = _mailing(database_url(), sink, LETTERS // 4, KILOBYTES)
    return round(sent["sent"] / sent["seconds"], 1)


def measure_memory(database_url: Callable[[], str]) -> float:
    """Peak memory of the process that freezes and sends ten times as many."""
    with SinkProcess(only_counts=True) as sink:
        return round(_mailing(database_url(), sink, MANY, SMALL_KILOBYTES, SECONDS_OF_MANY)["rss_mb"], 1)


def _raw(sink: SinkProcess) -> float:
    found = _run({}, "raw", f"127.0.0.1:{sink.port}", LETTERS, KILOBYTES, CONNECTIONS)
    return found["sent"] / found["seconds"]


def _mailing(
    url: str, sink: SinkProcess, recipients: int, kilobytes: int, seconds: int = 0
) -> dict[str, float]:  # fmt: skip
    given = Settings(
        data_dir=str(new_folder("sending")), secret_key="only-for-the-benchmark", smtp_url=sink.url,
        smtp_connections=CONNECTIONS, mail_from="Näringslivsenheten <naringsliv@bank.example>", log_level="ERROR",
    )  # fmt: skip
    given = replace(given, database_url=url or f"sqlite:///{given.data_dir}/sending.sqlite3")
    return _run(variables(given), "mailing", recipients, kilobytes, seconds)


def _run(env: dict[str, str], *what: object) -> dict[str, float]:
    """One task of tests.benchmarks.sender, with no settings but these."""
    clean = ServerProcess(env=env).env
    command = [*PYTHON, "tests.benchmarks.sender", *map(str, what)]
    done = subprocess.run(command, env=clean, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
