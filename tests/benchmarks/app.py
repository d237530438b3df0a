"""The product as a process for the benchmark, with one route more: /hello, the floor that pages are measured against.

    python -m tests.benchmarks.app --port 8000

Everything in one process, as `eventsys serve` has it, but worker and clock begin only at SIGUSR1: so registrations
can be measured while their letters queue, and the letters afterwards. With a shared broker in the settings this
process has pages only, as `eventsys web`; worker and clock are processes of their own then.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import threading

from flask import Flask

from eventsys import create_app, serving
from eventsys.config import load_settings


def with_hello() -> Flask:
    """The application and the route that does nothing."""
    app = create_app(load_settings())
    app.add_url_rule("/hello", "hello", lambda: "hello")
    return app


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    app = with_hello()
    settings = app.extensions["eventsys_settings"]
    stop, begin = serving.Stop(), threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_: begin.set())
    with contextlib.ExitStack() as parts:
        parts.enter_context(serving.running_web(app, "127.0.0.1", port))
        while not stop.wait(0.1):
            if begin.is_set() and not settings.broker_url:
                begin.clear()
                parts.enter_context(serving.running_worker(app, settings.smtp_connections))
                parts.enter_context(serving.running_clock(app))


if __name__ == "__main__":
    main()
