"""How often one address may try to sign in, whichever door it tries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, make_response
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from eventsys.limits import limiter, sign_in_limit

TOO_MANY = "Det har kommit för många försök från din anslutning. Vänta en minut och försök igen."


def limited(too_many: Callable[[], ResponseReturnValue]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """As many tries a minute as the settings allow from one address, all these doors together; then this page."""

    def page(_limit: RequestLimit) -> Response:
        return make_response(too_many(), 429)

    decorator: Callable[[Callable[..., Any]], Callable[..., Any]] = limiter.shared_limit(
        sign_in_limit, scope="staff_sign_in", on_breach=page
    )
    return decorator
