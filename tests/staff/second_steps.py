"""A colleague with a second factor, and the codes that the app on the phone would show."""

from __future__ import annotations

from datetime import timedelta

import pyotp
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.staff import second_factor
from eventsys.staff.models import Account
from tests.staff_fixtures import see_anew

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(later: timedelta = timedelta(0), secret: str = SECRET) -> str:
    """What the app shows so much later than now."""
    return pyotp.TOTP(secret).at(now() + later)


def wrong_code() -> str:
    """Six digits that are no code within some minutes."""
    near = {code(timedelta(seconds=30 * step)) for step in range(-20, 21)}
    return next(
        one for one in ("111111", "222222", "333333", "444444", *map(str, range(500000, 500060))) if one not in near
    )


def give_second_factor(account: Account) -> list[str]:
    """Turn it on, as if done an hour ago; returns the recovery codes."""
    with transaction():
        codes = second_factor.turn_on(account.id, SECRET, code())
        row = db.session.get_one(Account, account.id)
        row.second_factor_step -= 120
        row.sessions_valid_from -= timedelta(hours=1)
    see_anew()
    return codes


def anew(account: Account) -> Account:
    """The row as it is now."""
    see_anew()
    return db.session.get_one(Account, account.id)


def acts_of(account: Account) -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.subject == f"account:{account.id}")
    return list(db.session.scalars(query.order_by(AuditEntry.id)))
