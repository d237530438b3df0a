"""The blueprint of the staff's pages about newsletters, and what all of them share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, url_for

from eventsys.newsletters import words
from eventsys.newsletters.issues.models import Issue
from eventsys.staff.guards import may_enter, signed_in
from eventsys.staff.models import Role

doors = Blueprint("newsletters_staff", __name__, url_prefix="/personal/nyhetsbrev")

# Administrators may enter everywhere; the guards know that by themselves.
WRITERS = (Role.EDITOR, Role.ORGANISER)
LIST_TAKERS = (Role.ORGANISER,)
"""Who may take out lists of people: downloads of names and addresses."""

_SECTIONS = (
    ("show_year", "Årsplan"),
    ("show_ideas", "Idéer"),
    ("show_readers", "Prenumeranter"),
    ("show_codes", "QR-koder"),
    ("show_segments", "Urval"),
    ("show_comments", "Läsarnas svar"),
    ("show_settings", "Inställningar"),
)
_TABS = (
    ("show_issue", "Innehåll"),
    ("show_preview", "Förhandsvisning"),
    ("show_audience", "Mottagare"),
    ("show_checks", "Kontroll"),
    ("show_ledger", "Utskick"),
    ("show_result", "Svar"),
    ("show_print", "Tryck"),
)


@doors.context_processor
def _for_templates() -> dict[str, Any]:
    return {"words": words, "letter_url": _letter_url}


def _letter_url(letter_id: int) -> str | None:
    """The page of one letter, which a higher slice has."""
    endpoint = "desk.show_letter"
    return url_for(endpoint, letter_id=letter_id) if endpoint in current_app.view_functions else None


def section_page(template: str, tab: str, **context: Any) -> str:
    """A page of the newsletters' section with its tabs; `tab` is the endpoint that is current."""
    return render_template(f"newsletters/staff/{template}.html", tabs=_open(_SECTIONS, tab), **context)


def issue_page(template: str, issue: Issue, tab: str, **context: Any) -> str:
    """A page of one issue: its head, its tabs, and what the template adds."""
    return render_template(
        f"newsletters/staff/{template}.html", issue=issue, tabs=_open(_TABS, tab, issue_id=issue.id), **context
    )


def _open(tabs: tuple[tuple[str, str], ...], current: str, **values: Any) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": url_for(f"{doors.name}.{name}", **values), "current": name == current}
        for name, label in tabs
        if _is_open(name)
    ]


def _is_open(name: str) -> bool:
    view = current_app.view_functions.get(f"{doors.name}.{name}")
    return view is not None and may_enter(signed_in(), getattr(view, "guarded_for", frozenset()))
