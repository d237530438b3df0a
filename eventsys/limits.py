"""How often one address may send forms. Counted in memory, or in Redis when there is one for all processes."""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from eventsys.config import Settings, settings

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def registrations_limit() -> str:
    return settings().rate_limit_registrations


def _in_both_languages(endpoint: str) -> str:
    """A form counts once, whether the Swedish or the English door is used."""
    return endpoint.replace("_en.", ".", 1)


# Put under the route of a form that everybody may send.
limit_registrations = limiter.shared_limit(registrations_limit, scope=_in_both_languages)


def answers_limit() -> str:
    return settings().rate_limit_answers


# The same for a survey that a whole audience answers at once, from behind one address.
limit_answers = limiter.shared_limit(answers_limit, scope=_in_both_languages)


def sign_in_limit() -> str:
    return settings().rate_limit_sign_in


def init_limits(app: Flask, given: Settings) -> None:
    shared = given.broker_url if given.broker_url.startswith("redis") else "memory://"
    app.config["RATELIMIT_STORAGE_URI"] = shared
    app.config["RATELIMIT_STRATEGY"] = "moving-window"
    app.config["RATELIMIT_SWALLOW_ERRORS"] = True  # Redis down must not close the door
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    limiter.init_app(app)
