"""The tabs of the part of the staff's pages that is about companies. They name pages of higher slices as text."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from eventsys.staff.guards import may_enter, signed_in

_SECTIONS = (
    ("companies_staff.show_companies", "Företag"),
    ("companies_staff.show_visits", "Besök"),
    ("desk.show_associations", "Föreningar"),
    ("companies_staff.show_tags", "Etiketter"),
    ("companies_staff.show_duplicates", "Dubbletter"),
    ("companies_staff.show_imports", "Inläsning"),
    ("companies_staff.show_register_settings", "Inställningar"),
)


def sections(current: str) -> list[dict[str, Any]]:
    """The tabs that exist and that whoever is signed in may open; `current` is the endpoint shown as chosen."""
    return [
        {"label": label, "url": url_for(endpoint), "current": endpoint == current}
        for endpoint, label in _SECTIONS
        if _is_open(endpoint)
    ]


def _is_open(endpoint: str) -> bool:
    view = current_app.view_functions.get(endpoint)
    return view is not None and may_enter(signed_in(), getattr(view, "guarded_for", frozenset()))
