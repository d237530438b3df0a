"""Doors: signing in with the city's account by OpenID Connect, and out of it again."""

from __future__ import annotations

import structlog
from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from eventsys.config import settings
from eventsys.database import transaction
from eventsys.i18n import link
from eventsys.staff import issuer, signing_in, vouching
from eventsys.staff.guards import HOME, current_staff, local_path
from eventsys.staff.navigation import onwards
from eventsys.staff.tries import limited

doors = Blueprint("issuer", __name__, url_prefix="/personal")

_ASKED = "issuer"

log = structlog.get_logger()


def _too_many() -> str:
    return render_template("errors/429.html")


@doors.get("/logga-in/stad")
@limited(_too_many)
def show_way_to_issuer() -> ResponseReturnValue:
    """Lead the browser to the issuer; `?vidare=` is the page that was asked for."""
    _only_with_issuer()
    if current_staff():
        return redirect(onwards(request.args.get("vidare")))
    wanted = request.args.get("vidare")
    try:
        address, session[_ASKED] = issuer.ask(wanted)
    except issuer.IssuerTrouble as trouble:
        return _trouble(trouble, wanted)
    return redirect(address)


def _only_with_issuer() -> None:
    if not settings().uses_oidc:
        abort(404)


@doors.get("/logga-in/stad/svar")
@limited(_too_many)
def show_answer() -> ResponseReturnValue:
    """Where the issuer sends the browser back to. An answer counts once, in the browser that asked."""
    _only_with_issuer()
    asked = session.pop(_ASKED, None)
    wanted = asked["wanted"] if asked else ""
    if asked is None and current_staff():  # the page was loaded again afterwards
        return redirect(onwards(None))
    try:
        question = issuer.question_of(asked, request.args)
        person = issuer.vouched(question, request.args)
        with transaction():
            account = vouching.sign_in_as(person)
    except issuer.IssuerTrouble as trouble:
        return _trouble(trouble, wanted)
    except issuer.NotVouched as refusal:
        log.warning("issuer_not_believed", because=str(refusal))
        return _page("not_finished", wanted), 400
    except vouching.NoAccount as refusal:
        log.warning("issuer_without_account", because=str(refusal))
        return _page("no_account", wanted), 403
    signing_in.begin_session(account, by_issuer=True)
    return redirect(onwards(wanted))


def _trouble(trouble: issuer.IssuerTrouble, wanted: str | None) -> ResponseReturnValue:
    log.error("issuer_trouble", because=str(trouble))
    return _page("no_answer", wanted), 503


def _page(name: str, wanted: str | None) -> str:
    """Why it did not go on, with a way back that still leads to the page that was asked for."""
    path = local_path(wanted)
    back = url_for("staff.show_sign_in", vidare=None if path == HOME else path)
    return render_template(f"staff/issuer/{name}.html", back=back)


@doors.get("/logga-ut/stad")
@limited(_too_many)
def show_way_out() -> ResponseReturnValue:
    """Lead the browser to where the issuer signs it out, if it has such a page."""
    _only_with_issuer()
    try:
        address = issuer.sign_out_address(link("staff.show_sign_in"))
    except issuer.IssuerTrouble as trouble:
        return _trouble(trouble, None)
    if address is None:
        flash("Stadens inloggning har ingen utloggning. Stäng webbläsaren om andra använder datorn.", "warn")
        return redirect(url_for("staff.show_sign_in"))
    return redirect(address)
