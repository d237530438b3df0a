"""Rendered public pages, kept for a moment.

A page that everybody sees alike is kept until this process commits anything, and for one second at most, so that
other processes' changes show too. Seats are always recounted when somebody registers; the page only informs.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, make_response, request, session

from eventsys.database import commits

MOST_PAGES = 500
SECONDS = 1.0


def kept_for_a_moment(view: Callable[..., Any]) -> Callable[..., Response]:
    """Keep the view's answer. Only for GET pages without forms, cookies or anything personal."""

    @functools.wraps(view)
    def kept(*args: Any, **kwargs: Any) -> Response:
        if _has_a_message():
            return make_response(view(*args, **kwargs))
        pages: dict[str, tuple[int, float, Response]] = current_app.extensions.setdefault("eventsys_pages", {})
        key, count, at = request.full_path, commits(), time.monotonic()
        found = pages.get(key)
        if found and found[0] == count and at - found[1] < SECONDS:
            return _copy(found[2])
        response = make_response(view(*args, **kwargs))
        response.headers.setdefault("Cache-Control", "no-cache")
        if response.status_code == 200:
            if len(pages) >= MOST_PAGES:
                pages.clear()
            pages[key] = (count, at, _copy(response))
        return response

    return kept


def _has_a_message() -> bool:
    """Whether something waits to be said to this visitor alone. Those without a cookie are not asked."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies and "_flashes" in session


def _copy(response: Response) -> Response:
    return Response(response.get_data(), status=response.status_code, headers=response.headers.copy())
