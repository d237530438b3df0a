"""What is read about accounts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.staff.models import Account, RecoveryCode, Role


def account_by_id(account_id: int) -> Account:
    """The account with this id, closed ones too. Raises NotFound."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise NotFound
    return account


def account_by_email(email: str) -> Account | None:
    """The account of an address as `forms.normal_email` makes it, closed ones too, or None."""
    return db.session.scalar(select(Account).where(Account.email == email))


def account_by_link(name: str) -> Account | None:
    """The account whose link to a password has this name, or None."""
    return db.session.scalar(select(Account).where(Account.invitation_token == name))


def recovery_codes_left(account_id: int) -> int:
    """How many codes for a lost phone the account has not used."""
    return db.session.scalar(select(func.count()).where(RecoveryCode.account_id == account_id)) or 0


def locked_account(*conditions: ColumnElement[bool]) -> Account | None:
    """The account that meets the conditions, kept from others' changes until the transaction ends, or None."""
    query = select(Account).where(*conditions).with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def accounts() -> Sequence[Account]:
    """All accounts, closed ones last, by name."""
    return db.session.scalars(select(Account).order_by(Account.closed_at.isnot(None), Account.name, Account.id)).all()


def account_names() -> dict[str, str]:
    """The name of each account by the subject that the audit trail gives it: `account:3`."""
    return {f"account:{account_id}": name for account_id, name in db.session.execute(select(Account.id, Account.name))}


def locked_administrators() -> Sequence[Account]:
    """Those who can sign in as administrators, kept from others' changes until the transaction ends.

    Locked in the order of ids, so that two administrators who demote each other wait instead of deadlocking.
    """
    return db.session.scalars(
        _administrators().order_by(Account.id).with_for_update().execution_options(populate_existing=True)
    ).all()


def administrators() -> Sequence[Account]:
    """Those who can sign in as administrators, by id."""
    return db.session.scalars(_administrators().order_by(Account.id)).all()


def _administrators() -> Select[Account]:
    return select(Account).where(
        Account.role == Role.ADMINISTRATOR,
        Account.closed_at.is_(None),
        or_(Account.password_hash != "", Account.oidc_subject.is_not(None)),
    )
