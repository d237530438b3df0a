"""Doors: signing up for letters, and the page on which the owner of the address says yes."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.i18n import language, url
from eventsys.limits import limit_registrations
from eventsys.newsletters.public.doors import doors
from eventsys.newsletters.public.subscription_forms import CODE, SignUpForm, lists_sent, sign_up_form
from eventsys.newsletters.subscriptions.choosing import names_by_key, offers
from eventsys.newsletters.subscriptions.confirming import (
    AddressTaken,
    LinkEnded,
    LinkUsed,
    NothingChosen,
    confirm,
    confirm_address,
)
from eventsys.newsletters.subscriptions.models import SignUp
from eventsys.newsletters.subscriptions.queries import (
    code_called,
    lists_in,
    reader_at,
    sign_up_by_token,
    waiting_sign_ups,
)
from eventsys.newsletters.subscriptions.signing_up import sign_up
from eventsys.newsletters.subscriptions.words import consent_text, consent_version


@doors.get("/nyhetsbrev")
def show_sign_up() -> ResponseReturnValue:
    """`?kalla=` is the code of the presenter's QR code that led here."""
    form = sign_up_form(offers())
    form.source.data = request.args.get("kalla", "")[:CODE]
    return _page(form)


def _page(form: SignUpForm, sent_to: str = "") -> str:
    consent = consent_text(consent_version(), language())
    return render_template("newsletters/sign_up.html", form=form, sent_to=sent_to, consent=consent)


@doors.post("/nyhetsbrev")
@limit_registrations
def submit_sign_up() -> ResponseReturnValue:
    """The page answers the same whether the address is known or not; the letter tells its owner."""
    act_as(PUBLIC)
    form = sign_up_form(offers())
    if form.is_from_robot:
        return _page(form, sent_to=form.email.data or "-")
    if not form.validate():
        return _page(form), 422
    with transaction():
        sign_up(form.wish(code_called(form.source.data or "")), now())
    return _page(form, sent_to=form.email.data)


# --- yes, it was me -----------------------------------------------------------------------------------------------


@doors.get("/nyhetsbrev/bekrafta/<token>")
def show_confirm(token: str) -> ResponseReturnValue:
    """Asks; only a press on its button answers."""
    asked = sign_up_by_token(token)
    if asked.confirmed_at is not None:
        return _used(asked)
    if now() >= asked.ends_at:
        return _ended()
    if asked.reader_id is not None:
        return render_template("newsletters/confirm_address.html", asked=asked, taken=False)
    return _question(asked)


def _question(asked: SignUp) -> str:
    keys = lists_in(waiting_sign_ups(asked.address, now()))
    return render_template(
        "newsletters/confirm.html", asked=asked, lists=names_by_key(keys).items(),
        consent=consent_text(asked.text_version, language()),
    )  # fmt: skip


def _used(asked: SignUp) -> ResponseReturnValue:
    """The link's owner is shown the way to the choices, while the address still is the reader's."""
    return render_template("newsletters/link_over.html", reader=reader_at(asked.address), used=True)


def _ended() -> ResponseReturnValue:
    page = render_template("newsletters/link_over.html", reader=None, used=False)
    return page, 410


@doors.post("/nyhetsbrev/bekrafta/<token>")
@limit_registrations
def submit_confirm(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    asked = sign_up_by_token(token)
    try:
        with transaction():
            reader = (
                confirm_address(token, now()) if asked.reader_id else confirm(token, lists_sent(request.form), now())
            )
            personal = reader.token
    except LinkUsed:
        return _used(sign_up_by_token(token))
    except LinkEnded:
        return _ended()
    except AddressTaken:
        return render_template("newsletters/confirm_address.html", asked=sign_up_by_token(token), taken=True), 409
    except NothingChosen:
        return redirect(url("newsletters.show_confirm", token=token))
    return redirect(url("newsletters.show_preferences", token=personal, ny="adress" if asked.reader_id else "1"))
