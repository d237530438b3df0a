"""Structured logs: one line a request, by the route's pattern, never with a token, a name or an address."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request

from eventsys.counters import count_request


def configure_logs(level: str) -> None:
    """Lines of key=value on a terminal, JSON elsewhere, all on standard error."""
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    for noisy in ("apscheduler", "dramatiq", "cssutils", "CSSUTILS", "weasyprint", "fontTools", "mail.log", "waitress"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=False, pad_event_to=24)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


def log_requests(app: Flask) -> None:
    log = structlog.get_logger()

    def log_exception(exc_info: Any) -> None:
        """In place of Flask's own line, which holds the path and with it whatever token stands there."""
        log.error("request_failed", method=request.method, route=_route(), exc_info=exc_info)

    app.log_exception = log_exception  # type: ignore[method-assign]

    @app.before_request
    def start_watch() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def log_request(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        count_request(request.method, _route(), response.status_code, seconds)
        log.info(
            "request",
            method=request.method,
            route=_route(),
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        return response


def _route() -> str:
    return request.url_rule.rule if request.url_rule else "-"
