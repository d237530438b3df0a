"""Doors for those who are not invited to a closed event: asking for a place."""

from __future__ import annotations

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events import queries
from eventsys.events.invitations.forms import RequestForm
from eventsys.events.invitations.requests import NoRequests, ask_for_place, takes_requests
from eventsys.events.public.closed_page import closed_event_page, invited_only_page
from eventsys.events.public.doors import doors
from eventsys.i18n import url
from eventsys.limits import limit_registrations


@doors.get("/evenemang/<slug>/plats")
def show_request_form(slug: str) -> ResponseReturnValue:
    event = queries.event_by_slug(slug)
    if not event.by_invitation:
        return redirect(url("events.show_event", slug=slug))
    if not takes_requests(event, now()):
        return invited_only_page(event)
    return closed_event_page("request_place", event, form=RequestForm())


@doors.post("/evenemang/<slug>/plats")
@limit_registrations
def submit_request(slug: str) -> ResponseReturnValue:
    """Answers the same whether the address is on the list already or not."""
    act_as(PUBLIC)
    event, form = queries.event_by_slug(slug), RequestForm()
    if not form.is_from_robot:
        if not form.validate():
            return closed_event_page("request_place", event, form=form), 422
        try:
            with transaction():
                ask_for_place(event.id, form.guest(), form.why.data, now())
        except NoRequests:
            return invited_only_page(queries.event_by_slug(slug)), 409
    flash(_("Tack, vi har tagit emot din fråga. Svaret kommer med e-post."), "good")
    return redirect(url("events.show_event", slug=slug))
