"""Doors: leaving. A mail program may knock with one click (RFC 8058), a person with a button; neither needs a cookie.

No redirects here: RFC 8058 forbids them, and the answer is 200 however often it is sent.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from eventsys.audit import PUBLIC, act_as
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.i18n import speaking
from eventsys.limits import limit_registrations
from eventsys.newsletters.public.doors import open_doors
from eventsys.newsletters.public.subscription_forms import WhyForm, lists_sent
from eventsys.newsletters.subscriptions.choosing import names_of
from eventsys.newsletters.subscriptions.leaving import is_a_list, leave, lists_left_last, say_why, take_back
from eventsys.newsletters.subscriptions.models import Reader
from eventsys.newsletters.subscriptions.queries import lists_of, reader_by_token


@open_doors.get("/avsluta/<token>")
def show_leave(token: str) -> ResponseReturnValue:
    """Asks. Scanners and previews open links, so opening this changes nothing."""
    reader = reader_by_token(token)
    key = _key(reader)
    with speaking(reader.lang):
        return render_template(
            "newsletters/leave.html", reader=reader, key=key, name=_first(names_of([key]) if key else []),
            has=lists_of(reader), names=names_of(lists_of(reader)),
        )  # fmt: skip


def _key(reader: Reader) -> str:
    """The list that the address names; "" for all of them."""
    key = request.args.get("brev", "")[:40]
    return key if key and is_a_list(reader, key) else ""


def _first(names: Sequence[str]) -> str:
    return names[0] if names else ""


@open_doors.post("/avsluta/<token>")
def submit_leave(token: str) -> ResponseReturnValue:
    """By the page's button or by `List-Unsubscribe=One-Click`: both mean the same."""
    act_as(PUBLIC)
    reader = reader_by_token(token)
    key, reader_id = _key(reader), reader.id
    with transaction():
        leave(reader_id, key, now())
    reader = reader_by_token(token)
    return _left(reader, [key] if key else lists_left_last(reader))


def _left(reader: Reader, keys: Sequence[str], form: WhyForm | None = None, thanks: bool = False) -> str:
    with speaking(reader.lang):
        return render_template(
            "newsletters/left.html", reader=reader, keys=keys, names=names_of(keys), thanks=thanks,
            form=form or WhyForm(formdata=None), has=names_of(lists_of(reader)),
        )  # fmt: skip


@open_doors.post("/avsluta/<token>/angra")
@limit_registrations
def submit_take_back(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    reader_id = reader_by_token(token).id
    with transaction():
        back = take_back(reader_id, lists_sent(request.form), now())
    reader = reader_by_token(token)
    gets = dict.fromkeys([*lists_of(reader), *back])  # the letters to companies are taken back, but no list
    with speaking(reader.lang):
        return render_template("newsletters/back.html", reader=reader, names=names_of(gets))


@open_doors.post("/avsluta/<token>/varfor")
@limit_registrations
def submit_why(token: str) -> ResponseReturnValue:
    act_as(PUBLIC)
    reader, keys = reader_by_token(token), lists_sent(request.form)
    with speaking(reader.lang):
        form = WhyForm()
        if not form.validate():
            return _left(reader, keys, form), 422
    with transaction():
        say_why(reader.id, keys, form.text)
    return _left(reader_by_token(token), keys, thanks=True)
