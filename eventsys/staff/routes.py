"""Doors for one's own account: signing in and out, forgotten password, links to a password, name and password."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from eventsys.database import transaction
from eventsys.limits import limiter, sign_in_limit
from eventsys.staff import accounts, passwords, signing_in
from eventsys.staff.forms import ChangePasswordForm, ForgottenForm, NameForm, PasswordByLinkForm, SignInForm, refuse
from eventsys.staff.guards import HOME, current_staff, local_path, signed_in, staff_only
from eventsys.staff.navigation import first_page

doors = Blueprint("staff", __name__, url_prefix="/personal")

NO_SIGN_IN = (
    "Det gick inte att logga in. Kontrollera e-postadressen och lösenordet. "
    "Efter fem fel i rad behöver du vänta en stund, eller välja ett nytt lösenord."
)
TOO_MANY = "Det har kommit för många försök från din anslutning. Vänta en minut och försök igen."
# Asking for a new password takes this long whether the address is known or not.
ANSWER_AFTER = 0.25  # seconds


def limited(too_many: Callable[[], ResponseReturnValue]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """As many tries a minute as the settings allow from one address, all doors here together; then this page."""

    def page(_limit: RequestLimit) -> Response:
        return make_response(too_many(), 429)

    decorator: Callable[[Callable[..., Any]], Callable[..., Any]] = limiter.shared_limit(
        sign_in_limit, scope="staff_sign_in", on_breach=page
    )
    return decorator


# --- in and out ---------------------------------------------------------------------------------------------------


@doors.get("/logga-in")
def show_sign_in() -> ResponseReturnValue:
    if current_staff():
        return redirect(_onwards(request.args.get("vidare")))
    return _sign_in_page(SignInForm(request.args))


def _sign_in_page(form: SignInForm) -> str:
    return render_template("staff/sign_in.html", form=form)


def _too_many_sign_ins() -> str:
    form = SignInForm()
    refuse(form.email, TOO_MANY)
    return _sign_in_page(form)


@doors.post("/logga-in")
@limited(_too_many_sign_ins)
def submit_sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return _sign_in_page(form), 422
    attempt = signing_in.try_password(form.email.normal, form.password.data)
    with transaction():
        account = signing_in.sign_in(attempt)
    if account is None:
        refuse(form.email, NO_SIGN_IN)
        return _sign_in_page(form), 422
    signing_in.begin_session(account)
    return redirect(_onwards(form.vidare.data))


def _onwards(wanted: str | None) -> str:
    path = local_path(wanted)
    return first_page() if path == HOME else path


@doors.post("/logga-ut")
def submit_sign_out() -> ResponseReturnValue:
    with transaction():
        signing_in.sign_out()
    flash("Du är utloggad.", "success")
    return redirect(url_for("staff.show_sign_in"))


# --- forgotten password, and links to a password ------------------------------------------------------------------


@doors.get("/glomt")
def show_forgotten() -> ResponseReturnValue:
    return _forgotten_page(ForgottenForm())


def _forgotten_page(form: ForgottenForm) -> str:
    return render_template("staff/forgotten.html", form=form)


def _too_many_forgotten() -> str:
    form = ForgottenForm()
    refuse(form.email, TOO_MANY)
    return _forgotten_page(form)


@doors.post("/glomt")
@limited(_too_many_forgotten)
def submit_forgotten() -> ResponseReturnValue:
    began = time.monotonic()
    form = ForgottenForm()
    if not form.validate_on_submit():
        return _forgotten_page(form), 422
    with transaction():
        accounts.send_password_reset(form.email.normal)
    time.sleep(max(0.0, ANSWER_AFTER - (time.monotonic() - began)))
    return render_template("staff/forgotten_sent.html", email=form.email.data)


@doors.get("/losenord/<token>")
def show_password_link(token: str) -> ResponseReturnValue:
    try:
        account = accounts.account_of_token(token)
    except accounts.LinkEnded:
        return _link_ended()
    return _link_page(PasswordByLinkForm(account.email), account.email, is_new=not account.password_hash)


def _link_page(form: PasswordByLinkForm, email: str, is_new: bool) -> str:
    return render_template("staff/password_link.html", form=form, email=email, is_new=is_new)


def _link_ended() -> ResponseReturnValue:
    return render_template("staff/link_ended.html"), 410


def _too_many_links() -> str:
    return render_template("errors/429.html")


@doors.post("/losenord/<token>")
@limited(_too_many_links)
def submit_password_link(token: str) -> ResponseReturnValue:
    try:
        account = accounts.account_of_token(token)
        form = PasswordByLinkForm(account.email)
        if not form.validate_on_submit():
            return _link_page(form, account.email, is_new=not account.password_hash), 422
        password_hash = passwords.hash_password(form.password.data)
        with transaction():
            account = accounts.set_password_by_link(token, password_hash)
    except accounts.LinkEnded:
        return _link_ended()
    signing_in.begin_session(account)
    flash("Lösenordet är sparat och du är inloggad.", "success")
    return redirect(first_page())


# --- my account ---------------------------------------------------------------------------------------------------


@doors.get("/konto")
@staff_only()
def show_my_account() -> ResponseReturnValue:
    return _account_page(NameForm(obj=signed_in()))


def _account_page(form: NameForm) -> str:
    return render_template("staff/my_account.html", form=form, account=signed_in())


@doors.post("/konto")
@staff_only()
def submit_name() -> ResponseReturnValue:
    form = NameForm()
    if not form.validate_on_submit():
        return _account_page(form), 422
    with transaction():
        accounts.rename(signed_in().id, form.name.data)
    flash("Namnet är sparat.", "success")
    return redirect(url_for("staff.show_my_account"))


@doors.get("/konto/losenord")
@staff_only()
def show_password_change() -> ResponseReturnValue:
    return _password_page(ChangePasswordForm(signed_in().email))


def _password_page(form: ChangePasswordForm) -> str:
    return render_template("staff/change_password.html", form=form, account=signed_in())


def _too_many_changes() -> str:
    form = ChangePasswordForm(signed_in().email)
    refuse(form.current, TOO_MANY)
    return _password_page(form)


@doors.post("/konto/losenord")
@staff_only()
@limited(_too_many_changes)
def submit_password_change() -> ResponseReturnValue:
    form = ChangePasswordForm(signed_in().email)
    if not form.validate_on_submit():
        return _password_page(form), 422
    if not passwords.matches(signed_in().password_hash, form.current.data):
        refuse(form.current, "Det stämmer inte med lösenordet du har nu. Skriv det igen.")
        return _password_page(form), 422
    password_hash = passwords.hash_password(form.password.data)
    with transaction():
        account = accounts.change_password(signed_in().id, password_hash)
    signing_in.begin_session(account)
    flash("Lösenordet är bytt. Du är utloggad på alla andra ställen.", "success")
    return redirect(url_for("staff.show_my_account"))


@doors.post("/konto/logga-ut-overallt")
@staff_only()
def submit_sign_out_everywhere() -> ResponseReturnValue:
    with transaction():
        signing_in.sign_out_everywhere(signed_in().id)
    signing_in.end_session()
    flash("Du är utloggad överallt, även här.", "success")
    return redirect(url_for("staff.show_sign_in"))
