"""Who may enter which staff page.

What the roles mean:

- administrator: everything, also accounts and settings.
- organiser: events, everything about registrations, and newsletters.
- editor: texts of events and letters, and newsletters; no lists of people taken out.
- host: the events and people of today; checks in.
- co_organiser: like organiser, but only the series they were given (held by the events slice, by SeriesAccess).

Every staff page carries `@staff_only(...)` under its route; tests/house/test_guards.py holds that.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Response, has_request_context, jsonify, make_response, redirect, render_template, request, url_for

from eventsys import audit
from eventsys.database import db
from eventsys.staff.models import ROLE_LABELS, Account, Role
from eventsys.staff.signing_in import account_of_session

HOME = "/personal"
_KEPT = "eventsys.staff"


def current_staff() -> Account | None:
    """Who is signed in, or None. At most one query a request, and none before somebody asks.

    The account is cut loose from the database session (a rollback does not forget it): read it freely, and load it
    by its id to change it.
    """
    if not has_request_context():
        return None
    if _KEPT not in request.environ:
        account = account_of_session()
        if account is not None:
            db.session.expunge(account)
        request.environ[_KEPT] = account
    found: Account | None = request.environ[_KEPT]
    return found


def signed_in() -> Account:
    """Who is signed in, on a guarded page, where somebody is."""
    account = current_staff()
    assert account is not None, "asked on a page without @staff_only"
    return account


def staff_only(*roles: Role) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Let only these roles in, and administrators; without roles everybody who is signed in.

    Others are sent to the sign-in page, or told which role is needed (403). What is done on the page is recorded as
    done by the person, and no browser or proxy keeps the page. The view is marked with `guarded_for`.
    """

    def guard(view: Callable[..., Any]) -> Callable[..., Response]:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Response:
            account = current_staff()
            if account is None:
                return _ask_to_sign_in()
            if not may_enter(account, frozenset(roles)):
                return _tell_which_role(roles)
            audit.act_as(account.actor)
            return _unkept(make_response(view(*args, **kwargs)))

        guarded.guarded_for = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return guard


def may_enter(account: Account, roles: frozenset[Role]) -> bool:
    """May this account open a page guarded for these roles?"""
    return not roles or account.role is Role.ADMINISTRATOR or account.role in roles


def _ask_to_sign_in() -> Response:
    asked_for = request.full_path.rstrip("?") if request.method == "GET" else _path_of(request.referrer)
    wanted = local_path(asked_for)
    address = url_for("staff.show_sign_in", vidare=None if wanted == HOME else wanted)
    if request.accept_mimetypes.best == "application/json":  # a script that saves; it shows the link by itself
        return _unkept(make_response(jsonify(sign_in=address), 401))
    return _unkept(make_response(redirect(address)))


def _tell_which_role(roles: tuple[Role, ...]) -> Response:
    needed = [ROLE_LABELS[role].lower() for role in roles if role is not Role.ADMINISTRATOR]
    return _unkept(make_response(render_template("staff/wrong_role.html", needed=[*needed, "administratör"]), 403))


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _path_of(address: str | None) -> str:
    """Path and query of the page that a form was sent from."""
    parts = urlsplit(address or "")
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def local_path(wanted: str | None) -> str:
    """Where to go after signing in: the wanted staff page, or HOME when it is anything but a path of our own.

    Browsers read `//host`, `/\\host` and addresses with tabs or line breaks as other sites, so all those are refused.
    """
    wanted = wanted or ""
    plain = wanted.isprintable() and "\\" not in wanted and " " not in wanted
    ours = wanted == HOME or wanted.startswith((HOME + "/", HOME + "?"))
    return wanted if plain and ours and not wanted.startswith(f"{HOME}/logga-") else HOME
