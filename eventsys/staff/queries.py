"""What is read about accounts and about the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from sqlalchemy import ColumnElement, func, select

from eventsys.audit import AuditEntry
from eventsys.clock import from_local
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.paging import Paged
from eventsys.staff.models import Account, Role

AUDIT_PAGE = 50


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
    query = select(Account).where(
        Account.role == Role.ADMINISTRATOR, Account.closed_at.is_(None), Account.password_hash != ""
    )
    return db.session.scalars(
        query.order_by(Account.id).with_for_update().execution_options(populate_existing=True)
    ).all()


# --- the audit trail ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AuditFilter:
    """What of the audit trail is wanted; what is empty does not narrow it."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class AuditPage(Paged):
    """One page of the audit trail, newest first: `first` is the number of its first row, counted from 1."""

    size: ClassVar[int] = AUDIT_PAGE

    entries: Sequence[AuditEntry]
    number: int
    total: int


def audit_page(wanted: AuditFilter, number: int = 1) -> AuditPage:
    """The page with this number (from 1) of what is wanted; a number too high gives the last page."""
    conditions = _audit_conditions(wanted)
    total = db.session.scalar(select(func.count()).select_from(AuditEntry).where(*conditions)) or 0
    number = max(1, min(number, -(-total // AUDIT_PAGE)))
    query = select(AuditEntry).where(*conditions).order_by(AuditEntry.id.desc())
    entries = db.session.scalars(query.limit(AUDIT_PAGE).offset((number - 1) * AUDIT_PAGE)).all()
    return AuditPage(entries, number, total)


def _audit_conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.actor:
        conditions.append(AuditEntry.actor == wanted.actor)
    if wanted.action:
        conditions.append(AuditEntry.action == wanted.action)
    if wanted.subject:
        conditions.append(AuditEntry.subject == wanted.subject)
    if wanted.first_day:
        conditions.append(AuditEntry.at >= _start_of(wanted.first_day))
    if wanted.last_day:
        conditions.append(AuditEntry.at < _start_of(wanted.last_day + timedelta(days=1)))
    return conditions


def _start_of(the_day: date) -> datetime:
    return from_local(datetime.combine(the_day, time.min))


def audit_actors() -> Sequence[str]:
    """Everybody who has done something, by name."""
    return db.session.scalars(select(AuditEntry.actor).distinct().order_by(AuditEntry.actor)).all()


def audit_actions() -> Sequence[str]:
    """Every kind of act that has been done."""
    return db.session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()
