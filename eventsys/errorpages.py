"""What people see when something is not there, not allowed, too fast or broken."""

from __future__ import annotations

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import BadHost, HTTPException, MethodNotAllowed

from eventsys.database import db
from eventsys.errors import Busy, NotFound

log = structlog.get_logger()

_PAGES = {400, 403, 404, 429, 500, 503}


def init_error_pages(app: Flask) -> None:
    app.register_error_handler(NotFound, lambda _: _page(404))
    app.register_error_handler(Busy, lambda _: _page(503, retry_after=3))
    app.register_error_handler(OperationalError, _show_database_trouble)
    # A text that no row can hold (a NUL, say) names nothing that is there.
    app.register_error_handler(DataError, _show_nothing_there)
    app.register_error_handler(OverflowError, _show_nothing_there)  # SQLite's word for a number no row can have
    app.register_error_handler(CSRFError, lambda _: _page(400))
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(500, lambda _: _page(500))


def _show_nothing_there(_error: Exception) -> Response:
    db.session.rollback()  # PostgreSQL answers nothing more in a transaction that failed, and the page asks who we are
    return _page(404 if request.method in {"GET", "HEAD"} else 400)


def _show_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    if isinstance(error, BadHost):  # without a host no address can be built, so no page of ours can be drawn
        return make_response("Fel i adressen. / Bad address.\n", 400, {"Content-Type": "text/plain; charset=utf-8"})
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    page = _page(code if code in _PAGES else (400 if code < 500 else 500), status=code)
    if isinstance(error, MethodNotAllowed):
        page.allow.update(error.valid_methods or ())
    return page


def _show_database_trouble(error: OperationalError) -> Response:
    log.error("database_trouble", error=str(error.orig).splitlines()[0] if error.orig else "")
    db.session.rollback()
    return _page(503, retry_after=10)


def _page(code: int, status: int | None = None, retry_after: int = 0) -> Response:
    response = make_response(render_template(f"errors/{code}.html"), status or code)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response
