"""The letters to staff."""

from __future__ import annotations

from eventsys.i18n import link
from eventsys.mail.compose import Email, compose
from eventsys.staff.accounts import token_of
from eventsys.staff.models import Account


def invitation(account: Account) -> Email:
    """You have been given an account: choose a password."""
    return compose("staff/invitation", "sv", _context(account))


def password_reset(account: Account) -> Email:
    """Somebody, probably you, has asked for a new password."""
    return compose("staff/password_reset", "sv", _context(account))


def second_factor_on(account: Account) -> Email:
    """A code is asked for from now on."""
    return compose("staff/second_factor_on", "sv", _about_account(account))


def second_factor_off(account: Account) -> Email:
    """No code is asked for any more."""
    return compose("staff/second_factor_off", "sv", _about_account(account))


def _about_account(account: Account) -> dict[str, object]:
    return {"name": account.name, "url": link("staff.show_my_account"), "reset_url": link("staff.show_forgotten")}


def _context(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "role": account.role_label.lower(),
        "url": link("staff.show_password_link", token=token_of(account)),
        "ends_at": account.invitation_ends_at,
    }
