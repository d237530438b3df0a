"""What a closed event says to those who are not invited."""

from __future__ import annotations

from flask import render_template

from eventsys.clock import now
from eventsys.events.invitations.requests import takes_requests
from eventsys.events.models import Event
from eventsys.i18n import language


def invited_only_page(event: Event) -> str:
    """In place of the registration form: the event is for those invited, and perhaps one may ask for a place."""
    return closed_event_page("invited_only", event, asks=takes_requests(event, now()))


def closed_event_page(template: str, event: Event, **context: object) -> str:
    """A page about a closed event, for those who are not invited."""
    return render_template(
        f"events/{template}.html",
        event=event,
        title=event.in_language(language(), "title"),
        title_lang=event.language_of(language(), "title"),
        phase=event.phase(now()),
        **context,
    )
