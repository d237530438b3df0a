"""Doors for one's own account: signing in and out, forgotten password, links to a password, name and password."""

from __future__ import annotations

import time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.config import settings
from eventsys.counters import count_sign_in
from eventsys.database import transaction
from eventsys.staff import accounts, passwords, signing_in
from eventsys.staff.forms import ChangePasswordForm, ForgottenForm, NameForm, PasswordByLinkForm, SignInForm, refuse
from eventsys.staff.guards import current_staff, signed_in, staff_only
from eventsys.staff.models import Account
from eventsys.staff.navigation import onwards
from eventsys.staff.queries import recovery_codes_left
from eventsys.staff.tries import TOO_MANY, limited

doors = Blueprint("staff", __name__, url_prefix="/personal")

NO_SIGN_IN = (
    "Det gick inte att logga in. Kontrollera e-postadressen och lösenordet. "
    "Efter fem fel i rad behöver du vänta en stund, eller välja ett nytt lösenord."
)
# Asking for a new password takes this long whether the address is known or not.
ANSWER_AFTER = 0.25  # seconds


# --- in and out ---------------------------------------------------------------------------------------------------


@doors.get("/logga-in")
def show_sign_in() -> ResponseReturnValue:
    if current_staff():
        return redirect(onwards(request.args.get("vidare")))
    return _sign_in_page(SignInForm(request.args))


def _sign_in_page(form: SignInForm) -> str:
    uses_oidc = settings().uses_oidc
    left_issuer = uses_oidc and request.args.get("fran") == "stad"
    return render_template("staff/sign_in.html", form=form, uses_oidc=uses_oidc, left_issuer=left_issuer)


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
    count_sign_in(account is not None)
    if account is None:
        refuse(form.email, NO_SIGN_IN)
        return _sign_in_page(form), 422
    return _let_in(account, form.vidare.data)


def _let_in(account: Account, wanted: str | None) -> ResponseReturnValue:
    """The password was right: sign the person in, or ask for the second factor first."""
    if signing_in.asks_for_more(account):
        signing_in.begin_half_way(account, wanted)
        page = "show_code" if account.has_second_factor else "show_first_setup"
        return redirect(url_for(f"second_factor.{page}"))
    signing_in.begin_session(account)
    return redirect(onwards(wanted))


@doors.post("/logga-ut")
def submit_sign_out() -> ResponseReturnValue:
    more = settings().uses_oidc and signing_in.came_by_issuer()
    with transaction():
        signing_in.sign_out()
    flash("Du är utloggad.", "success")
    return redirect(url_for("staff.show_sign_in", fran="stad" if more else None))


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
    answer = _let_in(account, None)
    more = signing_in.asks_for_more(account)
    flash("Lösenordet är sparat." if more else "Lösenordet är sparat och du är inloggad.", "success")
    return answer


# --- my account ---------------------------------------------------------------------------------------------------


@doors.get("/konto")
@staff_only()
def show_my_account() -> ResponseReturnValue:
    return _account_page(NameForm(obj=signed_in()))


def _account_page(form: NameForm) -> str:
    account = signed_in()
    return render_template(
        "staff/my_account.html", form=form, account=account, codes_left=recovery_codes_left(account.id),
        must_have_codes=signing_in.second_factor_is_required(),
    )  # fmt: skip


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
