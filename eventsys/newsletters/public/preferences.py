"""Doors: a reader's own choices, by the personal link that every letter holds."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.i18n import language, url
from eventsys.limits import limit_registrations
from eventsys.newsletters.public.doors import doors
from eventsys.newsletters.public.subscription_forms import AddressForm, PreferencesForm
from eventsys.newsletters.subscriptions.choosing import choose, offers
from eventsys.newsletters.subscriptions.models import Reader
from eventsys.newsletters.subscriptions.queries import lists_of, reader_by_token
from eventsys.newsletters.subscriptions.signing_up import ask_for_other_address


@doors.get("/nyhetsbrev/val/<token>")
def show_preferences(token: str) -> ResponseReturnValue:
    reader = reader_by_token(token)
    return _page(reader, _preferences(reader), AddressForm())


def _preferences(reader: Reader) -> PreferencesForm:
    """Filled with what the reader has; on a POST with what was sent."""
    form = PreferencesForm(obj=reader, data={"lists": lists_of(reader)})
    form.lists.offer(offers(lists_of(reader)))
    return form


def _page(reader: Reader, form: PreferencesForm, address_form: AddressForm, asked: str = "") -> str:
    return render_template(
        "newsletters/preferences.html", reader=reader, form=form, address_form=address_form, asked=asked,
        new=request.args.get("ny", ""), has=lists_of(reader),
    )  # fmt: skip


@doors.post("/nyhetsbrev/val/<token>")
@limit_registrations
def submit_preferences(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    reader = reader_by_token(token)
    form, reader_id = _preferences(reader), reader.id
    if not form.validate():
        return _page(reader, form, AddressForm(formdata=None)), 422
    offered = [choice.value for choice in form.lists.choices]
    with transaction():
        choose(reader_id, form.lists.data or (), offered, form.name.data or "", form.organisation.data or "", now())
    flash(_("Dina val är sparade."), "good")
    return redirect(url("newsletters.show_preferences", token=token))


@doors.post("/nyhetsbrev/val/<token>/adress")
@limit_registrations
def submit_other_address(token: str) -> ResponseReturnValue:
    """The new address is asked by letter; nothing changes before its owner has said yes."""
    act_as(PUBLIC)
    reader = reader_by_token(token)
    form, reader_id = AddressForm(), reader.id
    if not form.validate():
        return _page(reader, _unsent(reader), form), 422
    with transaction():
        ask_for_other_address(reader_id, form.email.normal, language(), now())
    reader = reader_by_token(token)
    return _page(reader, _unsent(reader), AddressForm(formdata=None), asked=form.email.data)


def _unsent(reader: Reader) -> PreferencesForm:
    form = PreferencesForm(formdata=None, obj=reader, data={"lists": lists_of(reader)})
    form.lists.offer(offers(lists_of(reader)))
    return form
