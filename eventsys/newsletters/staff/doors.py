"""The blueprint of the staff's pages about newsletters, and what all of them share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, url_for

from eventsys.newsletters import words
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.welcome.models import WelcomeRound
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
    ("show_rounds", "Välkomstbrev"),
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
_ROUND_TABS = (
    ("show_round", "Lista"),
    ("show_welcome_text", "Brev"),
    ("show_welcome_preview", "Förhandsvisning"),
    ("show_welcome_approval", "Godkännande"),
    ("show_welcome_ledger", "Utskick"),
    ("show_welcome_paper", "Papper"),
)


@doors.context_processor
def _for_templates() -> dict[str, Any]:
    return {"words": words, "letter_url": _letter_url, "page_if_open": page_if_open}


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


def round_page(template: str, welcome_round: WelcomeRound, tab: str, **context: Any) -> str:
    """A page of one round of welcome letters: its head, its tabs, and what the template adds."""
    tabs = _open(_ROUND_TABS, tab, round_id=welcome_round.id)
    return render_template(f"newsletters/staff/{template}.html", round=welcome_round, tabs=tabs, **context)


def page_if_open(endpoint: str, **values: Any) -> str | None:
    """The address of a page if there is one that whoever is signed in may open."""
    view = current_app.view_functions.get(endpoint)
    is_open = view is not None and may_enter(signed_in(), getattr(view, "guarded_for", frozenset()))
    return url_for(endpoint, **values) if is_open else None


def _open(tabs: tuple[tuple[str, str], ...], current: str, **values: Any) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": url, "current": name == current}
        for name, label in tabs
        if (url := page_if_open(f"{doors.name}.{name}", **values))
    ]
