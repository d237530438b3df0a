"""Doors: asking to see, correct or erase one's own data, and saying from the mailbox that it was oneself."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.limits import limit_registrations
from eventsys.privacy.asking import LinkEnded, LinkUsed, ask, confirm
from eventsys.privacy.models import PersonRequest, RequestState
from eventsys.privacy.public.doors import doors
from eventsys.privacy.public.request_forms import RequestForm
from eventsys.privacy.queries import request_by_token


@doors.get("/personuppgifter/begaran")
def show_request_form() -> ResponseReturnValue:
    return _page(RequestForm())


def _page(form: RequestForm, sent_to: str = "") -> str:
    return render_template("privacy/request.html", form=form, sent_to=sent_to)


@doors.post("/personuppgifter/begaran")
@limit_registrations
def submit_request() -> ResponseReturnValue:
    """The page answers the same whether the address is known or not; a letter goes there either way."""
    act_as(PUBLIC)
    form = RequestForm()
    if form.is_from_robot:
        return _page(form, sent_to=form.email.data or "-")
    if not form.validate():
        return _page(form), 422
    with transaction():
        ask(form.asked(), now())
    return _page(form, sent_to=form.email.data or "")


@doors.get("/personuppgifter/begaran/<token>")
def show_confirm(token: str) -> ResponseReturnValue:
    """Asks; only a press on its button answers."""
    row = request_by_token(token)
    if row.state is not RequestState.ASKED:
        return _confirmed(row)
    return _ended() if now() >= row.ends_at else render_template("privacy/confirm_request.html", asked=row)


def _confirmed(row: PersonRequest) -> str:
    return render_template("privacy/request_confirmed.html", asked=row, is_over=False)


def _ended() -> ResponseReturnValue:
    return render_template("privacy/request_confirmed.html", asked=None, is_over=True), 410


@doors.post("/personuppgifter/begaran/<token>")
@limit_registrations
def submit_confirm(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    try:
        with transaction():
            confirm(token, now())
    except LinkUsed:
        pass
    except LinkEnded:
        return _ended()
    return _confirmed(request_by_token(token))
