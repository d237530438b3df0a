"""Named QR codes of presenters: which breakfast, slide or letter people came by, and how many did."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from eventsys import audit
from eventsys.clock import now
from eventsys.database import db
from eventsys.newsletters.subscriptions.models import Consent, ConsentAct, SignUp, SignUpCode
from eventsys.newsletters.subscriptions.queries import code_by_id
from eventsys.tokens import short_code


@dataclass(frozen=True)
class Count:
    """How many people came by a code: those who said yes by letter, and those whose answer waits."""

    confirmed: int = 0
    waiting: int = 0

    @property
    def all(self) -> int:
        return self.confirmed + self.waiting


def add_code(name: str, by: str, at: datetime) -> SignUpCode:
    """A named QR code. The same name again finds the one there is, and opens it. Flushes, does not commit."""
    known = next((code for code in all_codes() if code.name.lower() == name.lower()), None)
    if known is not None:
        known.closed_at = None
        return known
    code = SignUpCode(code=_free_code(), name=name, made_by=by, created_at=at)
    db.session.add(code)
    db.session.flush()
    audit.record("sign_up_code.added", f"sign_up_code:{code.id}")
    return code


def _free_code() -> str:
    while True:
        code = short_code()
        if db.session.scalar(select(SignUpCode.id).where(SignUpCode.code == code)) is None:
            return code


def put_away(code_id: int, at: datetime) -> None:
    """The code no longer stands among those in use; it still works, and its count is kept. Raises NotFound."""
    code_by_id(code_id).closed_at = at
    db.session.flush()


def take_out(code_id: int) -> None:
    """The code is in use again. Raises NotFound."""
    code_by_id(code_id).closed_at = None
    db.session.flush()


def all_codes() -> list[SignUpCode]:
    """Those in use first, the newest of them first of all."""
    query = select(SignUpCode).order_by(SignUpCode.closed_at.is_not(None), SignUpCode.id.desc())
    return list(db.session.scalars(query))


def counts(code_ids: Collection[int]) -> dict[int, Count]:
    """How many came by each of these codes. Two queries."""
    confirmed = _people(Consent.code_id, Consent.reader_id, Consent.act == ConsentAct.GIVEN, code_ids)
    waits = SignUp.confirmed_at.is_(None) & (SignUp.ends_at > now())
    waiting = _people(SignUp.code_id, SignUp.address, waits, code_ids)
    return {code_id: Count(confirmed.get(code_id, 0), waiting.get(code_id, 0)) for code_id in code_ids}


def _people(code: Any, person: Any, condition: Any, code_ids: Collection[int]) -> dict[int, int]:
    query = select(code, func.count(person.distinct())).where(code.in_(code_ids), condition).group_by(code)
    return dict(db.session.execute(query).all())
