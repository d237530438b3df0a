"""Doors for settings: accounts, appearance, components. The audit trail is in trail_pages.py."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.identity import identity
from eventsys.staff import accounts, appearance, queries, second_factor, vouching
from eventsys.staff.forms import AppearanceForm, InvitationForm, RoleForm, refuse
from eventsys.staff.guards import current_staff, signed_in, staff_only
from eventsys.staff.models import ROLE_MEANINGS, Account, Role
from eventsys.staff.navigation import SETTINGS, open_to

doors = Blueprint("staff_settings", __name__, url_prefix="/personal")

SERIES_ACCESS = "events_staff.show_series_access"  # a page of the events slice
_TEXTS = ("name", "tagline", "tagline_en", "organisation", "contact_email", "contact_phone", "accent")


@doors.get("/installningar")
@staff_only()
def show_settings() -> ResponseReturnValue:
    return render_template("staff/settings.html", entries=open_to(current_staff(), SETTINGS))


@doors.get("/komponenter")
@staff_only()
def show_components() -> ResponseReturnValue:
    return render_template("staff/components.html")


# --- accounts -----------------------------------------------------------------------------------------------------


@doors.get("/installningar/konton")
@staff_only(Role.ADMINISTRATOR)
def show_accounts() -> ResponseReturnValue:
    return render_template("staff/accounts.html", accounts=queries.accounts())


@doors.get("/installningar/konton/ny")
@staff_only(Role.ADMINISTRATOR)
def show_invitation() -> ResponseReturnValue:
    return _invitation_page(InvitationForm())


def _invitation_page(form: InvitationForm) -> str:
    return render_template("staff/invite.html", form=form, meanings=ROLE_MEANINGS)


@doors.post("/installningar/konton/ny")
@staff_only(Role.ADMINISTRATOR)
def submit_invitation() -> ResponseReturnValue:
    form = InvitationForm()
    if not form.validate_on_submit():
        return _invitation_page(form), 422
    try:
        with transaction():
            account = accounts.invite(form.email.normal, form.name.data, Role(form.role.data))
    except accounts.HasAccount as refusal:
        refuse(form.email, refusal)
        return _invitation_page(form), 422
    flash(f"En inbjudan är på väg till {account.email}.", "success")
    return redirect(_series_page(account) or url_for("staff_settings.show_accounts"))


def _series_page(account: Account) -> str | None:
    """Where the series of a co-organiser are chosen, when there is such a page."""
    if account.role is not Role.CO_ORGANISER or SERIES_ACCESS not in current_app.view_functions:
        return None
    return url_for(SERIES_ACCESS, account_id=account.id)


@doors.get("/installningar/konton/<int:account_id>")
@staff_only(Role.ADMINISTRATOR)
def show_account(account_id: int) -> ResponseReturnValue:
    account = queries.account_by_id(account_id)
    return _account_page(account, RoleForm(obj=account))


def _account_page(account: Account, form: RoleForm, refusal: str = "") -> str:
    return render_template(
        "staff/account.html", account=account, form=form, meanings=ROLE_MEANINGS, refusal=refusal,
        series_url=_series_page(account), is_own=account.id == signed_in().id,
    )  # fmt: skip


@doors.post("/installningar/konton/<int:account_id>")
@staff_only(Role.ADMINISTRATOR)
def submit_role(account_id: int) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate_on_submit():
        return _account_page(queries.account_by_id(account_id), form), 422
    try:
        with transaction():
            account = accounts.change_role(account_id, Role(form.role.data), by=signed_in().id)
    except Refused as refusal:
        refuse(form.role, refusal)
        return _account_page(queries.account_by_id(account_id), form), 422
    flash(f"{account.name} är nu {account.role_label.lower()}.", "success")
    return redirect(_series_page(account) or url_for("staff_settings.show_accounts"))


@doors.post("/installningar/konton/<int:account_id>/inbjudan")
@staff_only(Role.ADMINISTRATOR)
def submit_invitation_again(account_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            accounts.invite_again(account_id)
    except Refused as refusal:
        return _refused(account_id, refusal)
    flash("En ny inbjudan är på väg. Länken i den förra gäller inte längre.", "success")
    return redirect(url_for("staff_settings.show_account", account_id=account_id))


@doors.post("/installningar/konton/<int:account_id>/stang")
@staff_only(Role.ADMINISTRATOR)
def submit_closing(account_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            account = accounts.close(account_id, by=signed_in().id)
    except Refused as refusal:
        return _refused(account_id, refusal)
    flash(f"Kontot för {account.name} är stängt.", "success")
    return redirect(url_for("staff_settings.show_accounts"))


@doors.post("/installningar/konton/<int:account_id>/tva-steg-av")
@staff_only(Role.ADMINISTRATOR)
def submit_second_factor_off(account_id: int) -> ResponseReturnValue:
    try:
        with transaction():
            account = second_factor.take_off(account_id, by=signed_in().id)
    except Refused as refusal:
        return _refused(account_id, refusal)
    flash(f"{account.name} loggar nu in utan kod, och är utloggad överallt.", "success")
    return redirect(url_for("staff_settings.show_account", account_id=account_id))


@doors.post("/installningar/konton/<int:account_id>/koppla-loss")
@staff_only(Role.ADMINISTRATOR)
def submit_unbinding(account_id: int) -> ResponseReturnValue:
    with transaction():
        account = vouching.unbind(account_id)
    flash(f"{account.name} kopplas på nytt vid nästa inloggning med stadens konto.", "success")
    return redirect(url_for("staff_settings.show_account", account_id=account_id))


def _refused(account_id: int, refusal: Refused) -> ResponseReturnValue:
    account = queries.account_by_id(account_id)
    return _account_page(account, RoleForm(formdata=None, obj=account), str(refusal)), 422


# --- appearance ---------------------------------------------------------------------------------------------------


@doors.get("/installningar/utseende")
@staff_only(Role.ADMINISTRATOR)
def show_appearance() -> ResponseReturnValue:
    return _appearance_page(AppearanceForm(obj=identity()))


def _appearance_page(form: AppearanceForm) -> str:
    return render_template("staff/appearance.html", form=form, largest_kb=appearance.LARGEST_FILE // 1024)


@doors.post("/installningar/utseende")
@staff_only(Role.ADMINISTRATOR)
def submit_appearance() -> ResponseReturnValue:
    form = AppearanceForm()
    if not form.validate_on_submit():
        return _appearance_page(form), 422
    try:
        logo = _uploaded_logo(form.logo.data)
    except appearance.PoorLogo as refusal:
        refuse(form.logo, refusal)
        return _appearance_page(form), 422
    with transaction():
        appearance.change_identity({name: form[name].data or "" for name in _TEXTS}, logo, form.remove_logo.data)
    flash("Utseendet är sparat. Det kan dröja några minuter innan alla ser det.", "success")
    return redirect(url_for("staff_settings.show_appearance"))


def _uploaded_logo(upload: FileStorage | None) -> appearance.Logo | None:
    if upload is None or not upload.filename:
        return None
    with upload.stream as file:
        return appearance.read_logo(file.read(appearance.LARGEST_FILE + 1))
