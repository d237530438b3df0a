"""Doors of the second factor: the code after the password, and turning it on and off on one's own account."""

from __future__ import annotations

import functools
from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from eventsys.database import transaction
from eventsys.documents import qr_svg
from eventsys.errors import Refused
from eventsys.sealing import BrokenSeal
from eventsys.staff import passwords, second_factor, signing_in
from eventsys.staff.forms import CodeForm, RecoveryCodeForm, TurningOffForm, refuse
from eventsys.staff.guards import current_staff, signed_in, staff_only
from eventsys.staff.models import Account
from eventsys.staff.navigation import onwards
from eventsys.staff.queries import account_by_id, recovery_codes_left
from eventsys.staff.second_factor import Verdict
from eventsys.staff.tries import TOO_MANY, limited

doors = Blueprint("second_factor", __name__, url_prefix="/personal")

REFUSALS = {
    Verdict.WRONG: "Koden stämmer inte, eller är redan använd. Vänta på nästa kod i appen och skriv den.",
    Verdict.WAITING: "Det har blivit för många fel koder. Vänta en stund, högst en kvart, och försök igen.",
}
TOO_LATE = "Det tog för lång tid. Skriv lösenordet igen."
FEW_CODES = 3
_SETTING_UP = "second_factor"


# --- on the way in ------------------------------------------------------------------------------------------------


@doors.get("/logga-in/kod")
def show_code() -> ResponseReturnValue:
    """`?reservkod=1` asks for a recovery code."""
    return _code_page(_code_form()) if signing_in.half_way() else _too_late()


def _code_form() -> CodeForm:
    return RecoveryCodeForm() if "reservkod" in request.args else CodeForm()


def _code_page(form: CodeForm) -> str:
    return render_template("staff/second_factor/code.html", form=form, by_app=not isinstance(form, RecoveryCodeForm))


def _too_late() -> ResponseReturnValue:
    if current_staff():  # the page was loaded again afterwards
        return redirect(onwards(None))
    flash(TOO_LATE, "warn")
    return redirect(url_for("staff.show_sign_in"))


def _too_many_codes() -> str:
    form = _code_form()
    refuse(form.code, TOO_MANY)
    return _code_page(form)


@doors.post("/logga-in/kod")
@limited(_too_many_codes)
def submit_code() -> ResponseReturnValue:
    waiting, form = signing_in.half_way(), _code_form()
    if waiting is None:
        return _too_late()
    if not form.validate_on_submit():
        return _code_page(form), 422
    with transaction():
        verdict = second_factor.sign_in_with_code(waiting.account_id, form.code.data)
    if verdict is not Verdict.RIGHT:
        refuse(form.code, REFUSALS[verdict])
        return _code_page(form), 422
    signing_in.begin_session(account_by_id(waiting.account_id))
    _tell_of_few_codes(waiting.account_id)
    return redirect(onwards(waiting.wanted))


def _tell_of_few_codes(account_id: int) -> None:
    left = recovery_codes_left(account_id)
    if left < FEW_CODES:
        flash(f"Du har {left} reservkoder kvar. Gör nya på sidan Ditt konto.", "warn")


@doors.get("/logga-in/tva-steg")
def show_first_setup() -> ResponseReturnValue:
    account = _must_set_up()
    return _setup_page(CodeForm(), account, "first_setup") if account else _too_late()


def _must_set_up() -> Account | None:
    """Who was let half-way in without a second factor, and must set one up."""
    waiting = signing_in.half_way()
    account = account_by_id(waiting.account_id) if waiting else None
    return account if account and not account.has_second_factor else None


def _too_many_first_setups() -> ResponseReturnValue:
    account = _must_set_up()
    return _refused_setup(account, "first_setup", TOO_MANY) if account else _too_late()


@doors.post("/logga-in/tva-steg")
@limited(_too_many_first_setups)
def submit_first_setup() -> ResponseReturnValue:
    waiting, account, form = signing_in.half_way(), _must_set_up(), CodeForm()
    if waiting is None or account is None:
        return _too_late()
    if not form.validate_on_submit():
        return _setup_page(form, account, "first_setup"), 422
    try:
        with transaction():
            codes = second_factor.turn_on_and_sign_in(account.id, _secret(), form.code.data)
    except Refused as refusal:
        return _refused_setup(account, "first_setup", refusal), 422
    signing_in.begin_session(account_by_id(account.id))
    return _codes_page(codes, onwards(waiting.wanted))


# --- my account ---------------------------------------------------------------------------------------------------


@doors.get("/konto/tva-steg")
@staff_only()
def show_setup() -> ResponseReturnValue:
    if signed_in().has_second_factor or not signed_in().password_hash:
        return redirect(url_for("staff.show_my_account"))
    return _setup_page(CodeForm(), signed_in(), "setup")


def _setup_page(form: CodeForm, account: Account, page: str) -> str:
    secret = _secret()
    address = second_factor.address_for_app(secret, account)
    qr = Markup(qr_svg(address, "QR-kod för appen"))  # noqa: S704 - our own
    return render_template(
        f"staff/second_factor/{page}.html", form=form, qr=qr, address=address, typed=second_factor.in_groups(secret)
    )


def _secret() -> str:
    """The secret that is being set up in this browser, the same from page to page until it counts."""
    try:
        return second_factor.unsealed(session.get(_SETTING_UP, ""))
    except BrokenSeal:
        secret = second_factor.new_secret()
        session[_SETTING_UP] = second_factor.sealed(secret)
        return secret


def _refused_setup(account: Account, page: str, refusal: object) -> str:
    form = CodeForm()
    refuse(form.code, refusal)
    return _setup_page(form, account, page)


def _too_many_setups() -> str:
    return _refused_setup(signed_in(), "setup", TOO_MANY)


@doors.post("/konto/tva-steg")
@staff_only()
@limited(_too_many_setups)
def submit_setup() -> ResponseReturnValue:
    form = CodeForm()
    if signed_in().has_second_factor:  # pressed twice, or loaded again afterwards
        return redirect(url_for("staff.show_my_account"))
    if not form.validate_on_submit():
        return _setup_page(form, signed_in(), "setup"), 422
    try:
        with transaction():
            codes = second_factor.turn_on(signed_in().id, _secret(), form.code.data)
    except Refused as refusal:
        return _refused_setup(signed_in(), "setup", refusal), 422
    signing_in.begin_session(account_by_id(signed_in().id))
    return _codes_page(codes, url_for("staff.show_my_account"))


def _codes_page(codes: list[str], next_url: str) -> str:
    """The only time that recovery codes are shown."""
    grouped = [second_factor.in_groups(code) for code in codes]
    return render_template("staff/second_factor/codes.html", codes=grouped, next_url=next_url)


def _has_second_factor(view: Callable[[], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """Lead those away who have nothing to do on the page."""

    @functools.wraps(view)
    def asked() -> ResponseReturnValue:
        return view() if signed_in().has_second_factor else redirect(url_for("staff.show_my_account"))

    return asked


@doors.get("/konto/reservkoder")
@staff_only()
@_has_second_factor
def show_recovery_codes() -> ResponseReturnValue:
    return _own_page(CodeForm(), "new_codes")


def _own_page(form: CodeForm, page: str) -> str:
    left = recovery_codes_left(signed_in().id)
    return render_template(f"staff/second_factor/{page}.html", form=form, account=signed_in(), left=left)


def _too_many_renewals() -> str:
    form = CodeForm()
    refuse(form.code, TOO_MANY)
    return _own_page(form, "new_codes")


@doors.post("/konto/reservkoder")
@staff_only()
@_has_second_factor
@limited(_too_many_renewals)
def submit_recovery_codes() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate_on_submit():
        return _own_page(form, "new_codes"), 422
    with transaction():
        verdict, codes = second_factor.renew_recovery_codes(signed_in().id, form.code.data)
    if verdict is not Verdict.RIGHT:
        refuse(form.code, REFUSALS[verdict])
        return _own_page(form, "new_codes"), 422
    return _codes_page(codes, url_for("staff.show_my_account"))


@doors.get("/konto/tva-steg/av")
@staff_only()
@_has_second_factor
def show_turning_off() -> ResponseReturnValue:
    return _own_page(TurningOffForm(), "off")


def _too_many_turning_off() -> str:
    form = TurningOffForm()
    refuse(form.code, TOO_MANY)
    return _own_page(form, "off")


@doors.post("/konto/tva-steg/av")
@staff_only()
@_has_second_factor
@limited(_too_many_turning_off)
def submit_turning_off() -> ResponseReturnValue:
    form = TurningOffForm()
    if not form.validate_on_submit():
        return _own_page(form, "off"), 422
    if not passwords.matches(signed_in().password_hash, form.password.data):
        refuse(form.password, "Det stämmer inte med lösenordet du har nu. Skriv det igen.")
        return _own_page(form, "off"), 422
    try:
        with transaction():
            verdict = second_factor.turn_off(signed_in().id, form.code.data)
    except second_factor.IsRequired as refusal:
        refuse(form.code, refusal)
        return _own_page(form, "off"), 422
    if verdict is not Verdict.RIGHT:
        refuse(form.code, REFUSALS[verdict])
        return _own_page(form, "off"), 422
    flash("Inloggning i två steg är avslagen.", "success")
    return redirect(url_for("staff.show_my_account"))
