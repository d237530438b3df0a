"""Doors to a closed event for those who are not invited: what is said to them, and asking for a place."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events import queries
from eventsys.events.invitations.forms import RequestForm
from eventsys.events.invitations.requests import NoRequests, ask_for_place, takes_requests
from eventsys.events.models import Event
from eventsys.events.public.doors import doors
from eventsys.i18n import language, url
from eventsys.limits import limit_registrations


def invited_only_page(event: Event) -> str:
    """In place of the registration form: the event is for those invited, and perhaps one may ask for a place."""
    return _page("invited_only", event, asks=takes_requests(event, now()))


def _page(template: str, event: Event, **context: object) -> str:
    return render_template(
        f"events/{template}.html",
        event=event,
        title=event.in_language(language(), "title"),
        title_lang=event.language_of(language(), "title"),
        phase=event.phase(now()),
        **context,
    )


@doors.get("/evenemang/<slug>/plats")
def show_request_form(slug: str) -> ResponseReturnValue:
    event = queries.event_by_slug(slug)
    if not event.by_invitation:
        return redirect(url("events.show_event", slug=slug))
    if not takes_requests(event, now()):
        return invited_only_page(event)
    return _page("request_place", event, form=RequestForm())


@doors.post("/evenemang/<slug>/plats")
@limit_registrations
def submit_request(slug: str) -> ResponseReturnValue:
    """Answers the same whether the address is on the list already or not."""
    act_as(PUBLIC)
    event, form = queries.event_by_slug(slug), RequestForm()
    if not form.is_from_robot:
        if not form.validate():
            return _page("request_place", event, form=form), 422
        try:
            with transaction():
                ask_for_place(event.id, form.guest(), form.why.data, now())
        except NoRequests:
            return invited_only_page(queries.event_by_slug(slug)), 409
    flash(_("Tack, vi har tagit emot din fråga. Svaret kommer med e-post."), "good")
    return redirect(url("events.show_event", slug=slug))
