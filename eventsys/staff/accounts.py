"""Accounts: inviting, roles, closing, and setting passwords by a link.

A link carries a random name (in the row) and a signature over it made with the secret key. So a letter can be made
from the row when it is sent, and somebody who reads only the database (a stray backup) can make no link.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from itsdangerous import BadSignature, Signer
from sqlalchemy import delete

from eventsys import audit
from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.mail import outbox
from eventsys.staff.models import Account, RecoveryCode, Role
from eventsys.staff.queries import account_by_email, account_by_link, locked_account, locked_administrators
from eventsys.tokens import new_token

INVITATION_HOLDS = timedelta(days=7)
RESET_HOLDS = timedelta(hours=1)
PAUSE_BETWEEN_RESETS = timedelta(minutes=5)

INVITATION, PASSWORD_RESET = "staff.invitation", "staff.password_reset"


class HasAccount(Refused):
    """There is an open account of this address already."""


class OwnAccount(Refused):
    """Administrators do not close or demote themselves."""


class LastAdministrator(Refused):
    """Without this account nobody could change the settings."""


class LinkEnded(Refused):
    """The link was used, replaced or has become too old."""


class AlreadyAccepted(Refused):
    """The account has a password; there is nothing to invite to."""


# --- inviting -----------------------------------------------------------------------------------------------------


def invite(email: str, name: str, role: Role) -> Account:
    """Make an account without a password, or open a closed one again, and post the letter that leads to the password.

    `email` is as `forms.normal_email` makes it. Raises HasAccount.
    """
    account = prepare_account(email, name, role)
    invite_again(account.id)
    return account


def prepare_account(email: str, name: str, role: Role) -> Account:
    """A new account, or a closed one opened again with this name and role, without a password. Raises HasAccount."""
    account = account_by_email(email)
    if account and not account.closed_at:
        raise HasAccount("Adressen har redan ett konto. Ändra det i listan över konton.")
    account = account or Account(email=email, created_at=now())
    account.name, account.role = name, role
    account.password_hash, account.closed_at, account.sessions_valid_from = "", None, now()
    db.session.add(account)
    db.session.flush()
    _forget_ways_in(account)
    audit.record("account.invited", f"account:{account.id}", role=role.value)
    return account


def _forget_ways_in(account: Account) -> None:
    """An address may have been given to somebody else while the account was closed."""
    account.second_factor = account.second_factor_at = account.oidc_issuer = account.oidc_subject = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def invite_again(account_id: int) -> None:
    """Post a letter with a new link; the earlier link ends. Raises AlreadyAccepted when there is a password."""
    account = _for_change(account_id)
    if account.password_hash or account.closed_at:
        raise AlreadyAccepted("Kontot är redan igång. Den som glömt lösenordet får ett nytt på inloggningssidan.")
    new_link(account, INVITATION_HOLDS)
    _post(INVITATION, account)


def _post(letter: str, account: Account) -> None:
    assert account.invitation_ends_at is not None
    purpose = f"{letter}:{account.id}:{account.invitation_ends_at.timestamp():.0f}"
    outbox.post(
        letter, account.id, purpose_key=purpose, address=account.email, name=account.name, about=f"staff:{account.id}"
    )


# --- links --------------------------------------------------------------------------------------------------------


def new_link(account: Account, holds: timedelta) -> str:
    """Give the account a new link to a password, which ends the earlier one; returns its token."""
    account.invitation_token, account.invitation_ends_at = new_token(), now() + holds
    return token_of(account)


def token_of(account: Account) -> str:
    """The token of the account's link. Raises LinkEnded when it has none."""
    if account.invitation_token is None:
        raise LinkEnded
    return _signer().sign(account.invitation_token).decode("ascii")


def _signer() -> Signer:
    return Signer(settings().secret_key, salt="eventsys.staff.link", digest_method=hashlib.sha256, sep=".")


def account_of_token(token: str) -> Account:
    """The open account that the link leads to, for reading.

    Raises LinkEnded when the link was used, replaced, forged or is too old.
    """
    return _if_alive(account_by_link(_name_in(token)))


def _name_in(token: str) -> str:
    try:
        return _signer().unsign(token).decode("ascii")
    except (BadSignature, UnicodeError) as error:
        raise LinkEnded from error


def _if_alive(account: Account | None) -> Account:
    if account is None or not has_live_link(account, now()):
        raise LinkEnded
    return account


def has_live_link(account: Account, at: datetime) -> bool:
    """Could the account's link be used at this time?"""
    ends_at = account.invitation_ends_at
    return account.closed_at is None and account.invitation_token is not None and ends_at is not None and at < ends_at


def set_password_by_link(token: str, password_hash: str) -> Account:
    """Set the password that the link leads to; the link ends, waiting after failures too. Raises LinkEnded."""
    account = _if_alive(locked_account(Account.invitation_token == _name_in(token)))
    account.invitation_token = account.invitation_ends_at = None
    audit.act_as(account.actor)
    _set_password(account, password_hash)
    return account


def send_password_reset(email: str) -> None:
    """Post a letter with a link to a new password, if there is such an account; otherwise do nothing, silently.

    Within PAUSE_BETWEEN_RESETS a second request sends nothing, so that nobody's mailbox can be filled.
    """
    account = locked_account(Account.email == email)
    if account is None or account.closed_at:
        return
    letter, holds = (PASSWORD_RESET, RESET_HOLDS) if account.password_hash else (INVITATION, INVITATION_HOLDS)
    if account.invitation_ends_at and now() < account.invitation_ends_at - holds + PAUSE_BETWEEN_RESETS:
        return
    new_link(account, holds)
    _post(letter, account)
    audit.record("account.reset_requested", f"account:{account.id}")


# --- passwords ----------------------------------------------------------------------------------------------------


def change_password(account_id: int, password_hash: str) -> Account:
    """Set a new password (hashed before); ends all sessions, the one at hand too, and every link to a password."""
    account = _for_change(account_id)
    account.invitation_token = account.invitation_ends_at = None
    _set_password(account, password_hash)
    return account


def _set_password(account: Account, password_hash: str) -> None:
    account.password_hash = password_hash
    account.failed_tries, account.locked_until = 0, None
    account.sessions_valid_from = now()
    audit.record("account.password_set", f"account:{account.id}")


# --- changing and closing -----------------------------------------------------------------------------------------


def rename(account_id: int, name: str) -> Account:
    """Change the name that colleagues see."""
    account = _for_change(account_id)
    account.name = name
    audit.record("account.renamed", f"account:{account.id}")
    return account


def change_role(account_id: int, role: Role, by: int) -> Account:
    """Give an account another role, from its next page on. `by` is the acting account's id.

    Raises OwnAccount and LastAdministrator.
    """
    if role is not Role.ADMINISTRATOR:
        _refuse_to_lose(account_id, by, "Du kan inte ta ifrån dig själv rollen administratör. Be en kollega.")
    account = _for_change(account_id)
    if account.role is not role:
        audit.record("account.role_changed", f"account:{account.id}", was=account.role.value, became=role.value)
        account.role = role
    return account


def close(account_id: int, by: int) -> Account:
    """Close an account: its sessions and links end at once, what it did stays. `by` is the acting account's id.

    Raises OwnAccount and LastAdministrator.
    """
    _refuse_to_lose(account_id, by, "Du kan inte stänga ditt eget konto. Be en kollega.")
    account = _for_change(account_id)
    if account.closed_at is None:
        account.closed_at = account.sessions_valid_from = now()
        account.invitation_token = account.invitation_ends_at = None
        audit.record("account.closed", f"account:{account.id}")
    return account


def _refuse_to_lose(account_id: int, by: int, own: str) -> None:
    remaining = [administrator.id for administrator in locked_administrators()]
    if account_id == by:
        raise OwnAccount(own)
    if remaining == [account_id]:
        raise LastAdministrator("Kontot är den sista administratören. Gör någon annan till administratör först.")


def _for_change(account_id: int) -> Account:
    account = locked_account(Account.id == account_id)
    if account is None:
        raise NotFound
    return account
