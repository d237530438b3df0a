"""Real servers for tests, each on a free port of 127.0.0.1 and in a folder of its own, started when first asked for.

A pytest plugin (named in pyproject.toml). Every xdist worker has its own servers. They end with the run; if the
run itself is killed, a small watcher process ends them and removes their folders.
"""

import atexit
import contextlib
import itertools
import os
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest
import redis

from tests.sink import SmtpSink

ROOT = Path(__file__).parent.parent
CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")
T = TypeVar("T")

# --- what a machine has


def find_program(*names: str, folders: Sequence[Path] = ()) -> str | None:
    places = [os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/bin", *map(str, folders)]
    return next(filter(None, (shutil.which(name, path=os.pathsep.join(places)) for name in names)), None)


@cache
def postgres_program(name: str) -> str | None:
    """Debian keeps initdb and postgres off the PATH; the newest version wins."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin: float(bin.parent.name), reverse=True)
    return find_program(name, folders=folders)


@cache
def chromium_path() -> str | None:
    """The headless shell opens a page in a fifth of the time of the whole browser, which has windows to think of."""
    return find_program("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


FINDERS: dict[str, Callable[[], str | None]] = {
    "postgresql": lambda: postgres_program("initdb"),
    "redis-server": lambda: find_program("redis-server"),
    "chromium": chromium_path,
    "dovecot": lambda: find_program("dovecot"),
    "nginx": lambda: find_program("nginx"),
    "systemd-analyze": lambda: find_program("systemd-analyze"),
}


def require(component: str) -> str:
    """The program of a component (a name in FINDERS); without it skip, or with CI=true fail."""
    found = FINDERS[component]()
    if found is None:
        lack = f"{component} is not on this machine"
        (pytest.fail if CI else pytest.skip)(lack)
    return found


# --- small tools

_given: set[int] = set()


def free_port() -> int:
    """A port nobody listens on, below those the kernel gives to clients, and never given twice by this process."""
    for _ in range(500):
        port = random.SystemRandom().randrange(18_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            if port not in _given:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
                _given.add(port)
                return port
    raise AssertionError("no free port")


def wait_until(condition: Callable[[], T], timeout: float = 10.0, *, every: float = 0.02, about: str = "") -> T:
    """What `condition` returns, as soon as that is true. Fails after `timeout` seconds, naming `about`."""
    until = time.monotonic() + timeout
    while not (result := condition()):
        if time.monotonic() > until:
            raise AssertionError(f"not within {timeout} s: {about or getattr(condition, '__name__', condition)}")
        time.sleep(every)
    return result


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def answers(url: str) -> bool:
    """Whether a GET is answered 200."""
    with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(url, timeout=5) as response:
        return response.status == 200
    return False


# --- the watcher: it outlives a killed run by a moment, to take the servers along

WATCHER = """
import os, shutil, signal, sys, time
groups, folders = set(), set()
for line in sys.stdin:
    word, _, what = line.strip().partition(" ")
    if word == "started": groups.add(int(what))
    if word == "ended": groups.discard(int(what))
    if word == "folder": folders.add(what)
for group in groups:
    try: os.killpg(group, signal.SIGKILL)
    except OSError: pass
time.sleep(0.2 if groups else 0)
for folder in folders: shutil.rmtree(folder, ignore_errors=True)
"""


@cache
def watcher() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", WATCHER], stdin=subprocess.PIPE, text=True, start_new_session=True
    )


def tell_watcher(word: str, what: object) -> None:
    with contextlib.suppress(OSError, ValueError):
        pipe = watcher().stdin
        assert pipe is not None
        pipe.write(f"{word} {what}\n")
        pipe.flush()


_closing: list[Callable[[], None]] = []


def when_ending(close: Callable[[], None]) -> None:
    """Call this at the end of the run: it stops a server that a plugin of its own started."""
    _closing.append(close)


def end_all() -> None:
    """Stop every server of this process; called at the end of the run, and again harmlessly at exit."""
    while _closing:
        with contextlib.suppress(Exception):
            _closing.pop()()
    if watcher.cache_info().currsize:
        with contextlib.suppress(OSError):
            watcher().communicate(timeout=10)
        watcher.cache_clear()


atexit.register(end_all)


class Process:
    """A server in a process group of its own, its output in a file."""

    def __init__(self, command: Sequence[str], folder: Path, **options: Any):
        self.output_file = folder / f"output-{time.monotonic_ns()}.txt"
        with self.output_file.open("wb") as out:
            self.popen = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, **options
            )
        self.pid = self.popen.pid
        tell_watcher("started", self.pid)

    @property
    def output(self) -> str:
        return self.output_file.read_text(errors="replace")

    @property
    def running(self) -> bool:
        return self.popen.poll() is None

    def wait_for(self, ready: Callable[[], Any], timeout: float) -> None:
        def ready_or_dead() -> bool:
            return bool(ready()) or not self.running

        try:
            wait_until(ready_or_dead, timeout, about=f"start of {self.popen.args!r}")
        except AssertionError as error:
            self.end(signal.SIGKILL)
            raise AssertionError(f"{error}\n{self.output[-3000:]}") from None
        if not self.running:
            self.end(signal.SIGKILL)
            raise AssertionError(f"{self.popen.args!r} ended with {self.popen.returncode}:\n{self.output[-3000:]}")

    def end(self, how: signal.Signals, timeout: float = 15) -> int:
        """Signal the main process and wait; then make sure that nothing of its group is left. Returns its exit code."""
        if self.running:
            self.popen.send_signal(how)
        try:
            return self.popen.wait(timeout)
        finally:
            with contextlib.suppress(OSError):
                os.killpg(self.pid, signal.SIGKILL)
            self.popen.wait(5)
            tell_watcher("ended", self.pid)


def new_folder(name: str, owner: pwd.struct_passwd | None = None, inside: str | None = None) -> Path:
    """A temporary folder that `owner` can reach, removed at the end of the run."""
    folder = Path(tempfile.mkdtemp(prefix=f"eventsys-{name}-", dir=inside or ("/tmp" if owner else None)))
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    tell_watcher("folder", folder)
    _closing.append(lambda: shutil.rmtree(folder, ignore_errors=True))
    return folder


# --- PostgreSQL


def _postgres_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then as postgres, the user its package makes, or else as nobody."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    return None


LOCALE = ("--encoding=UTF8", "--locale=C.UTF-8")  # knows the upper and lower case of å, ä, ö


class PostgresServer:
    """A throw-away cluster: nothing is synced to disk, everyone on 127.0.0.1 may come in."""

    def __init__(self, **settings: str | int):
        require("postgresql")
        self.user = _postgres_user()
        self.folder = new_folder("postgresql", self.user)
        self.settings = {"fsync": "off", "full_page_writes": "off", "max_connections": 400, "shared_buffers": "64MB"}
        self.settings |= {"wal_level": "minimal", "max_wal_senders": 0, "jit": "off"}
        self.settings |= {"listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.folder)}
        self.settings |= settings
        self.numbers = itertools.count(1)
        self.admin: psycopg.Connection[Any] | None = None
        self.process: Process | None = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://eventsys@127.0.0.1:{self.port}/postgres"

    def start(self) -> "PostgresServer":
        subprocess.run(
            [str(postgres_program("initdb")), *["-D", "data", "-U", "eventsys", "--auth=trust", "--no-sync"], *LOCALE],
            check=True,
            capture_output=True,
            **self.as_user,
        )
        self.port = free_port()
        _closing.append(self.stop)
        return self.run()

    def run(self) -> "PostgresServer":
        """Serve on the port it has; again, after kill9()."""
        given = itertools.chain.from_iterable(("-c", f"{name}={value}") for name, value in self.settings.items())
        self.process = Process(
            [str(postgres_program("postgres")), "-D", str(self.folder / "data"), "-p", str(self.port), *given],
            self.folder,
            **self.as_user,
        )
        self.process.wait_for(self.connects, timeout=60)
        return self

    def kill9(self) -> None:
        """The server and every process of a session, at once, as when the machine runs out of memory."""
        assert self.process is not None
        if self.admin:
            self.admin.close()
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in (self.process.pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.end(signal.SIGKILL)
        self.process = self.admin = None

    @property
    def as_user(self) -> dict[str, Any]:
        options: dict[str, Any] = {"cwd": self.folder}
        if self.user:
            options |= {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return options

    def connects(self) -> bool:
        with contextlib.suppress(psycopg.Error):
            self.admin = psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)
            return True
        return False

    def new_database(self, template: str | None = None) -> str:
        """URL of a new database, empty or a copy of `template` (a URL; nobody may be connected to it)."""
        name = f"test_{os.getpid()}_{next(self.numbers)}"
        statement = f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{database_name(template)}"' if template else "")
        assert self.admin is not None
        if self.admin.info.server_version >= 150000:
            statement += " STRATEGY FILE_COPY"  # half the time where nothing is synced; before 15 the only way
        self.execute(statement)
        return self.url.rpartition("/")[0] + "/" + name

    def drop_database(self, url: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{database_name(url)}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        assert self.admin is not None
        self.admin.execute(statement.encode())

    def stop(self) -> None:
        """Fast shutdown: sessions are cut, nothing is waited for."""
        if self.admin:
            self.admin.close()
            self.admin = None
        if self.process:
            self.process.end(signal.SIGINT)
            self.process = None


def database_name(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]


@cache
def _postgres_server(**settings: str | int) -> PostgresServer:
    return PostgresServer(**settings).start()


_servers: dict[str, PostgresServer] = {}


def postgres_server(**settings: str | int) -> str:
    """URL of this process's PostgreSQL, started at the first call; other settings (synchronous_commit="off") start
    another one. Give it to new_database()."""
    server = _postgres_server(**settings)
    _servers[server.url] = server
    return server.url


def new_database(server_url: str, template: str | None = None) -> str:
    """URL of a new database on a postgres_server(), empty or a copy of `template` (the URL of another database)."""
    return _servers[server_url].new_database(template)


def drop_database(url: str) -> None:
    _servers[url.rpartition("/")[0] + "/postgres"].drop_database(url)


# --- Redis


class RedisServer:
    """redis-server on one port and folder for its whole life; stop() and start() as often as a test likes.

    keep=False forgets everything at a stop; keep=True writes each command to its file.
    """

    def __init__(self, *, keep: bool = False):
        self.program = require("redis-server")
        self.folder = new_folder("redis")
        self.port = free_port()
        self.keep = keep
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: Process | None = None

    def start(self) -> "RedisServer":
        how_to_keep = ("--save", "", "--appendonly", "yes" if self.keep else "no", "--appendfsync", "no")
        self.process = Process(
            [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), *how_to_keep],
            self.folder,
        )
        _closing.append(self.stop)
        self.process.wait_for(self.pings, timeout=20)
        return self

    def pings(self) -> bool:
        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Shut down; how=signal.SIGKILL as in a crash."""
        if self.process:
            self.process.end(how)
            self.process = None

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@cache
def redis_server() -> RedisServer:
    """This process's Redis, started at the first call."""
    return RedisServer().start()


# --- our own processes


class ServerProcess:
    """`eventsys ARGS` as a process of its own, with settings of its own and none from outside.

    with ServerProcess("web", "--port", port, env={...}, health=f"http://127.0.0.1:{port}/healthz") as web: ...

    health: a URL to wait for, or a callable; without it the process counts as started at once. Leaving the block stops
    it, cleanly. program: what to run instead of the console script.
    """

    def __init__(
        self,
        *args: object,
        env: Mapping[str, object] | None = None,
        health: str | Callable[[], Any] | None = None,
        program: Sequence[str] | None = None,
        cwd: Path = ROOT,
        timeout: float = 60,
    ):
        self.command = [*(program or [str(Path(sys.executable).with_name("eventsys"))]), *map(str, args)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("EVENTSYS_")}
        clean |= {"PYTHONUNBUFFERED": "1", "FLASK_SKIP_DOTENV": "1"}
        self.env = clean | {name: str(value) for name, value in (env or {}).items()}
        self.health, self.cwd, self.timeout = health, cwd, timeout
        self.folder = new_folder("process")
        self.process: Process | None = None

    def start(self) -> "ServerProcess":
        """Start (again, after kill9 or stop) and wait until it is healthy."""
        self.process = Process(self.command, self.folder, env=self.env, cwd=self.cwd)
        _closing.append(self.kill9)
        if self.health:
            url = self.health
            self.process.wait_for(url if callable(url) else lambda: answers(url), self.timeout)
        return self

    @property
    def output(self) -> str:
        """All that it has printed since its last start."""
        assert self.process is not None
        return self.process.output

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.running

    def wait_for_output(self, pattern: str, timeout: float = 20) -> re.Match[str]:
        """The first match of a regular expression in the output, as soon as there is one."""
        return wait_until(lambda: re.search(pattern, self.output), timeout, about=f"{pattern!r} in the output")

    def wait(self, timeout: float = 60) -> int:
        """The exit code, when it ends by itself."""
        assert self.process is not None
        code = self.process.popen.wait(timeout)
        self.process.end(signal.SIGKILL)
        return code

    def kill9(self) -> None:
        """As in a power cut: the process and all its children, at once."""
        if self.process and self.process.running:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.end(signal.SIGKILL)

    def stop(self, how: signal.Signals = signal.SIGTERM, timeout: float = 20) -> None:
        """Ask it to end, and fail unless it does so in time, with exit code 0 and no traceback in its output."""
        assert self.process is not None
        alive = self.process.running
        code = self.process.end(how, timeout)
        assert alive, f"had ended by itself with {code}:\n{self.output[-3000:]}"
        assert code == 0, f"ended with {code}:\n{self.output[-3000:]}"
        assert "Traceback" not in self.output, self.output[-3000:]

    def __enter__(self) -> "ServerProcess":
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None and self.running:
            self.stop()
        self.kill9()


class SinkProcess(ServerProcess):
    """tests.sink as a process of its own: it outlives a killed sender, and does not share its interpreter lock.

    With only_counts it keeps no log: reckoning and writing a line a letter is a third of its work.
    """

    def __init__(self, *, delay_ms: float = 0, port: int | None = None, only_counts: bool = False):
        self.port = port or free_port()
        super().__init__("--port", self.port, "--delay-ms", delay_ms, program=[sys.executable, "-m", "tests.sink"])
        self.health = lambda: "listening" in self.output
        self.log = self.folder / "letters.tsv"
        self.command += [] if only_counts else ["--log", str(self.log)]
        self.url = f"smtp://127.0.0.1:{self.port}"

    @property
    def taken(self) -> list[tuple[str, str, str]]:
        """(recipient, Message-ID, SHA-256) of everything taken so far, oldest first."""
        text = self.log.read_text() if self.log.exists() else ""
        return [tuple(line.split("\t")) for line in text.splitlines()]  # type: ignore[misc]


# --- fixtures


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """URL of a real PostgreSQL server; see new_database()."""
    return postgres_server()


@pytest.fixture
def redis_url() -> str:
    """URL of a real Redis, empty. A test that stops it takes redis_server() itself and starts it again."""
    server = redis_server()
    if not server.pings():
        server.start()
    server.flush()
    return server.url


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """A real SMTP server that takes everything until told otherwise."""
    with SmtpSink() as started:
        yield started


# --- the run as a whole


def pytest_configure() -> None:
    """A developer's own settings must not reach a test: it could send letters, or write to a real database."""
    for name in [name for name in os.environ if name.startswith("EVENTSYS_")]:
        del os.environ[name]


def _skipped(config: pytest.Config) -> list[Any]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return reporter.stats.get("skipped", []) if reporter and not hasattr(config, "workerinput") else []


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if CI and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure() -> None:
    end_all()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    skipped = _skipped(config)
    if not skipped:
        return
    terminalreporter.section("skipped, which fails with CI=true" if CI else "skipped", red=CI, yellow=not CI)
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        terminalreporter.line(f"{report.nodeid}: {reason}")
