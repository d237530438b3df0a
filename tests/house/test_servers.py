"""The servers that other tests stand on do what they promise."""

import http.server
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from playwright.sync_api import Page

from tests import chromium
from tests.chromium import OpenPage, assert_quiet, axe, expect, without_axe
from tests.servers import (
    PostgresServer,
    RedisServer,
    ServerProcess,
    SinkProcess,
    answers,
    drop_database,
    free_port,
    listens,
    new_database,
    redis_server,
    require,
    wait_until,
)
from tests.sink import SmtpSink

LETTER = "Subject: Hej\r\nMessage-ID: <1@eventsys.test>\r\n\r\nRad ett\r\n.punkt\r\n"


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


# --- PostgreSQL


def test_a_new_database_is_a_copy_of_its_template_and_lives_by_itself(postgres_url: str) -> None:
    template = new_database(postgres_url)
    query(template, "CREATE TABLE places (name text)")
    query(template, "INSERT INTO places VALUES ('Borås')")
    one, other = new_database(postgres_url, template), new_database(postgres_url, template)
    query(one, "DELETE FROM places")
    assert query(one, "SELECT name FROM places") == []
    assert query(other, "SELECT lower(name) FROM places WHERE name ILIKE 'borÅS'") == [("borås",)]
    for url in (one, other, template):
        drop_database(url)


def test_postgresql_takes_settings_and_leaves_nothing_behind() -> None:
    server = PostgresServer(synchronous_commit="off").start()
    assert query(server.url, "SHOW synchronous_commit") == [("off",)]
    assert query(server.url, "SHOW max_connections") == [("400",)]
    server.stop()
    assert not listens(server.port)


# --- Redis


def test_redis_can_be_stopped_and_started_on_its_port(redis_url: str) -> None:
    server = redis_server()
    with redis.Redis.from_url(redis_url) as client:
        client.set("key", "value")
        server.stop(signal.SIGKILL)
        with pytest.raises(redis.ConnectionError):
            client.get("key")
        server.start()
        assert client.get("key") is None


def test_redis_keeps_what_it_was_told_to_keep() -> None:
    server = RedisServer(keep=True).start()
    with redis.Redis.from_url(server.url) as client:
        client.set("key", "value")
        server.stop(signal.SIGKILL)
        server.start()
        assert client.get("key") == b"value"
    server.stop()


# --- the letter sink


def send(sink: SmtpSink, *recipients: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as client:
        return client.sendmail("avs@eventsys.test", recipients or ("ann@foretag.se",), LETTER.encode())


def test_the_sink_keeps_each_letter_as_it_was_sent(sink: SmtpSink) -> None:
    send(sink, "ann@foretag.se", "bo@foretag.se")
    (letter,) = sink.wait_for(1)
    assert letter.sender == "avs@eventsys.test"
    assert letter.recipients == ("ann@foretag.se", "bo@foretag.se")
    assert letter.raw == LETTER.encode()
    assert letter.message["Subject"] == "Hej"
    assert sink.letters_to("bo@foretag.se") == [letter]


def test_the_sink_refuses_where_it_is_told_to(sink: SmtpSink) -> None:
    sink.when("rcpt", to="*@borta.se", say="550 5.1.1 No such user")
    assert send(sink, "ann@foretag.se", "bo@borta.se") == {"bo@borta.se": (550, b"5.1.1 No such user")}
    refusals = {"mail": smtplib.SMTPSenderRefused, "data": smtplib.SMTPDataError, "dot": smtplib.SMTPDataError}
    for stage, refusal in refusals.items():
        sink.when(stage, say="451 4.3.0 Later", times=1)
        with pytest.raises(refusal, match="451"):
            send(sink)
    send(sink)
    assert sink.count == 2


@pytest.mark.parametrize(("stage", "taken"), [("data", False), ("body", False), ("dot", False), ("dot", True)])
def test_the_sink_drops_the_line_where_it_is_told_to(sink: SmtpSink, stage: str, taken: bool) -> None:
    sink.when(stage, drop=True, taken=taken, times=1)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        send(sink)
    assert sink.count == taken
    send(sink)
    assert sink.count == taken + 1


def test_the_sink_takes_its_time_and_refuses_connections(sink: SmtpSink) -> None:
    sink.when("dot", delay=0.3, times=1)
    begun = time.monotonic()
    send(sink)
    assert time.monotonic() - begun >= 0.3
    sink.refuse()
    with pytest.raises(ConnectionRefusedError):
        send(sink)
    sink.accept()
    send(sink)
    sink.when("connect", say="421 4.3.2 Not now", times=1)
    with pytest.raises((smtplib.SMTPConnectError, smtplib.SMTPServerDisconnected)):
        send(sink)


def test_the_sink_answers_a_whole_pipeline_at_once(sink: SmtpSink) -> None:
    with socket.create_connection(("127.0.0.1", sink.port), timeout=5) as line:
        line.sendall(b"EHLO x\r\nMAIL FROM:<a@x.se>\r\nRCPT TO:<b@y.se>\r\nDATA\r\n")
        line.sendall(b".\r\nMAIL FROM:<a@x.se>\r\nRCPT TO:<c@y.se>\r\nDATA\r\n..\r\n.\r\nQUIT\r\n")
        heard = b""
        while piece := line.recv(65536):
            heard += piece
    assert b"PIPELINING" in heard
    codes = [reply[:3].decode() for reply in heard.splitlines()[-9:]]
    assert codes == ["250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert [letter.raw for letter in sink.letters] == [b"", b".\r\n"]


def test_the_sink_demands_encryption_and_a_password() -> None:
    with SmtpSink(tls="starttls", users={"avs": "hemligt"}) as sink:
        with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as client:
            client.starttls(context=ssl.create_default_context(cafile=sink.ca_file))
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("avs", "fel")
            with pytest.raises(smtplib.SMTPSenderRefused):
                client.sendmail("a@x.se", "b@y.se", LETTER)
            client.login("avs", "hemligt")
            client.sendmail("a@x.se", "b@y.se", LETTER)
        assert (sink.letters[0].tls, sink.letters[0].user) == (True, "avs")


def test_the_sink_speaks_tls_from_the_first_byte() -> None:
    with SmtpSink(tls="implicit") as sink:
        context = ssl.create_default_context(cafile=sink.ca_file)
        with smtplib.SMTP_SSL("127.0.0.1", sink.port, timeout=5, context=context) as client:
            client.sendmail("a@x.se", "b@y.se", LETTER)
        assert sink.letters[0].tls


def test_a_sink_of_its_own_logs_each_letter_before_it_answers() -> None:
    with SinkProcess() as sink:
        with smtplib.SMTP("127.0.0.1", sink.port, timeout=5) as client:
            client.sendmail("a@x.se", ["b@y.se", "c@y.se"], LETTER)
            sink.kill9()
        assert [line[:2] for line in sink.taken] == [("b@y.se", "<1@eventsys.test>"), ("c@y.se", "<1@eventsys.test>")]


# --- processes

SERVE = """
import http.server, signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(int(sys.argv[2])))
print("hello", flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()
"""


def python_server(port: int, code: int = 0) -> ServerProcess:
    return ServerProcess(port, code, program=[sys.executable, "-c", SERVE], health=f"http://127.0.0.1:{port}/")


def test_a_process_is_waited_for_stopped_cleanly_and_started_again_after_a_kill() -> None:
    port = free_port()
    with python_server(port) as process:
        process.wait_for_output("hel+o")
        process.kill9()
        assert not listens(port)
        process.start()
        assert answers(f"http://127.0.0.1:{port}/")
    assert not listens(port)


def test_a_process_that_ends_badly_or_never_starts_is_a_failure() -> None:
    process = python_server(free_port(), code=3).start()
    with pytest.raises(AssertionError, match="ended with 3"):
        process.stop()
    broken = ServerProcess(program=[sys.executable, "-c", "raise RuntimeError('no luck')"], health=lambda: False)
    with pytest.raises(AssertionError, match="no luck"):
        broken.start()


def test_waiting_ends_as_soon_as_the_condition_holds_and_fails_in_time() -> None:
    assert wait_until(lambda: "yes") == "yes"
    with pytest.raises(AssertionError, match="a miracle"):
        wait_until(lambda: False, timeout=0.05, about="a miracle")


def run_pytest(folder: Path, source: str, **env: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(source)
    clean = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2]), **env}
    options = ["-p", "tests.servers", "-p", "no:cacheprovider", "--rootdir", str(folder), "-n1"]
    command = [sys.executable, "-m", "pytest", *options, str(folder)]
    return subprocess.run(command, env=clean, cwd=folder, capture_output=True, text=True)


def test_a_skip_is_named_and_fails_the_run_in_ci(tmp_path: Path) -> None:
    source = "import pytest\ndef test_one(): pytest.skip('no moon tonight')\ndef test_two(): pass"
    for env, code in (({}, 0), ({"CI": "true"}, 1)):
        run = run_pytest(tmp_path, source, **env)
        assert "no moon tonight" in run.stdout
        assert run.returncode == code, run.stdout


def test_a_missing_component_is_skipped_or_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.servers.FINDERS", {"redis-server": lambda: None})
    monkeypatch.setattr("tests.servers.CI", False)
    with pytest.raises(pytest.skip.Exception, match="redis-server"):
        require("redis-server")
    monkeypatch.setattr("tests.servers.CI", True)
    with pytest.raises(pytest.fail.Exception, match="redis-server"):
        require("redis-server")


def test_servers_do_not_outlive_a_killed_run(tmp_path: Path) -> None:
    source = """
import os, tests.servers
server = tests.servers.PostgresServer().start()
print(server.process.pid, server.folder, flush=True)
os.kill(os.getpid(), 9)
"""
    killed = subprocess.run(
        [sys.executable, "-c", source],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    pid, folder = killed.stdout.split()
    wait_until(lambda: not Path("/proc", pid).exists() or "Z" in Path("/proc", pid, "stat").read_text().split()[2])
    wait_until(lambda: not Path(folder).exists())


# --- Chromium

GOOD = """<!doctype html><html lang="sv"><head><title>Evenemang</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width"></head><body>
<main><h1>Evenemang</h1><p>Välkommen</p></main></body></html>"""
PAGES = {
    "/good": GOOD,
    "/inline": GOOD.replace("<p>", "<script>document.title = 'x'</script><p>"),
    "/elsewhere": GOOD.replace("<p>", '<img alt="" src="http://elsewhere.test/x.png"><p>'),
    "/missing": GOOD.replace("<p>", '<img alt="" src="/nothing.png"><p>'),
    "/unlabelled": GOOD.replace("<p>", '<input type="text"><p>'),
    "/script": GOOD.replace("<p>", '<script src="/oops.js"></script><p>'),
}


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = "throw new Error('oops')" if self.path == "/oops.js" else PAGES.get(self.path, "")
        self.send_response(200 if body else 404)
        kind = "text/javascript" if self.path.endswith(".js") else "text/html"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        images = "img-src 'self' http://elsewhere.test data:"
        self.send_header("Content-Security-Policy", f"default-src 'none'; script-src 'self'; {images}")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.browser
def test_a_page_is_a_swedish_phone_and_axe_runs_under_a_strict_policy(page: Page, wide_page: Page, site: str) -> None:
    page.goto(site + "/good")
    assert page.evaluate("[innerWidth, navigator.language, new Date(0).getHours()]") == [390, "sv-SE", 1]
    axe(page)
    assert_quiet(page)
    wide_page.goto(site + "/good")
    assert wide_page.evaluate("innerWidth") == 1280


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "note"),
    [
        ("/inline", "policy: Executing inline script violates"),
        ("/elsewhere", "left this machine: GET http://elsewhere.test/x.png"),
        ("/missing", "answered 404"),
        ("/script", "error in script: oops"),
    ],
)
def test_what_goes_wrong_on_a_page_is_noticed(page: Page, site: str, path: str, note: str) -> None:
    page.goto(site + path)
    with pytest.raises(AssertionError) as noticed:
        assert_quiet(page)
    assert note in str(noticed.value)
    for part in ("policy", "elsewhere", "404", "oops"):
        expect(page, part)
    assert_quiet(page)


@pytest.mark.browser
def test_axe_finds_a_field_without_a_label_as_soon_as_the_page_is_opened(open_page: OpenPage, site: str) -> None:
    page = open_page(320, 600)
    with pytest.raises(AssertionError, match=r"label \(critical\)[\s\S]*<input"):
        page.goto(site + "/unlabelled")
    without_axe(page)


@pytest.mark.browser
def test_a_page_may_have_a_fake_camera(open_page: OpenPage, site: str) -> None:
    page = open_page(flags=chromium.CAMERA)
    page.goto(site + "/good")
    tracks = "navigator.mediaDevices.getUserMedia({video: true}).then(stream => stream.getTracks().length)"
    assert page.evaluate(tracks) == 1
