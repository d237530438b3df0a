"""The blueprint of the desk's pages, and what all of them share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for

from eventsys.clock import now
from eventsys.desk import words
from eventsys.desk.caught import catches_letters
from eventsys.staff.guards import current_staff, may_enter

doors = Blueprint("desk", __name__, url_prefix="/personal")


@doors.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "page_of": page_of, "at": now(), "catches_letters": catches_letters()}


def page_of(endpoint: str, **values: Any) -> str | None:
    """The address of another slice's page, when there is such a page and the person signed in may open it."""
    view, account = current_app.view_functions.get(endpoint), current_staff()
    if view is None or account is None or not may_enter(account, getattr(view, "guarded_for", frozenset())):
        return None
    return url_for(endpoint, **values)
