"""The blueprint of the staff's pages about events, and what all its pages share."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import Blueprint, current_app, render_template, request, url_for

from eventsys.clock import now
from eventsys.events import words
from eventsys.events.access import Powers, powers_of
from eventsys.events.frame import event_frame
from eventsys.events.models import Event, Series
from eventsys.staff.guards import current_staff, may_enter, signed_in

doors = Blueprint("events_staff", __name__, url_prefix="/personal")

Value = TypeVar("Value")


@doors.context_processor
def _for_templates() -> dict[str, Any]:
    account = current_staff()
    powers = powers_of(account) if account else Powers(False, False, False)
    return {
        "powers": powers,
        "words": words,
        "at": now(),
        "letter_url": _letter_url,
        "register_url": _register_url,
        "survey_template_url": _survey_template_url,
    }


def _letter_url(letter_id: int) -> str | None:
    """The page of one letter, which a higher slice has."""
    endpoint = "desk.show_letter"
    return url_for(endpoint, letter_id=letter_id) if endpoint in current_app.view_functions else None


def _register_url(event_id: int) -> str | None:
    """Where companies of the register are invited to the event: a page of a higher slice, for those who may open it."""
    endpoint = "newsletters_staff.show_inviting"
    view = current_app.view_functions.get(endpoint)
    allowed = view is not None and may_enter(signed_in(), getattr(view, "guarded_for", frozenset()))
    return url_for(endpoint, event_id=event_id) if allowed else None


def _survey_template_url(series: Series) -> str | None:
    """The page of what the surveys of a series begin as, which a higher slice has."""
    endpoint = "surveys_staff.show_survey_template"
    return url_for(endpoint, series_id=series.id) if endpoint in current_app.view_functions else None


def event_page(template: str, event: Event, tab: str, **context: Any) -> str:
    """A page of one event: its head, its tabs, and what the template adds."""
    frame = event_frame(event, f"{doors.name}.{tab}", context.pop("seats", None))
    return render_template(f"events/staff/{template}.html", **frame, **context)


def number_in_address(name: str, otherwise: int) -> int:
    """A whole number from the address; anything else counts as `otherwise`."""
    return request.args.get(name, otherwise, type=_small_number)


def _small_number(text: str) -> int:
    number = int(text)
    if not 0 < number < 2**31:
        raise ValueError(text)
    return number


def choice_in_address(name: str, kind: type[Value], otherwise: Value) -> Value:
    """A word of a StrEnum from the address; anything else counts as `otherwise`."""
    return request.args.get(name, otherwise, type=kind)


def ids_from(values: list[str]) -> list[int]:
    """Ids as a form or an address sent them, each once, in their order; what is no id is passed over."""
    numbers = (int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10)
    return list(dict.fromkeys(numbers))


def page_urls(endpoint: str, page: int, pages: int, **values: Any) -> dict[str, str | None]:
    """Addresses of the page before and after, with the filter kept, for the pager."""
    kept = {name: value for name, value in values.items() if value not in ("", None)}
    return {
        "previous_url": url_for(endpoint, **kept, sida=page - 1) if page > 1 else None,
        "next_url": url_for(endpoint, **kept, sida=page + 1) if page < pages else None,
    }
