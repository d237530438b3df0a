"""Letters that were accepted, and reports that come back for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.bounces.consequences import draw_consequences
from eventsys.mail.bounces.keeping import keep
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.models import Delivery, Mailing, State, Suppression
from tests.mail.bounces.letters import OURS, TOKEN, report


def letter(
    number: int = 1,
    *,
    address: str = "anna@firma.example",
    state: State = State.ACCEPTED,
    mailing: bool = False,
    at: datetime | None = None,
) -> Delivery:
    """A letter of ours in this state; its token is told by its number."""
    at = at or now()
    with transaction():
        row = Delivery(
            purpose_key=f"scene:{number}", letter="tests/letter", subject_id=number, address=address, name="Anna",
            state=state, token=f"{number:032x}", message_id=f"{number:032x}@boras.example", not_before=at,
            created_at=at, changed_at=at, smtp_code=250, mailing_id=_mailing(number, at) if mailing else None,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
    db.session.expunge(row)  # what follows happens in sessions of its own
    return row


def _mailing(number: int, at: datetime) -> int:
    mailing = Mailing(name=f"Nummer {number}", created_at=at)
    db.session.add(mailing)
    db.session.flush()
    return mailing.id


def report_of(delivery: Delivery, status: str = "5.1.1", said: str = "550 5.1.1 User unknown", **given: str) -> bytes:
    """The report that comes back for this letter."""
    values = {"to": f"bounce+{delivery.token}@boras.example", "ours": OURS.replace(TOKEN, delivery.token), **given}
    return report(status, f"smtp; {said}", **{"recipient": delivery.address, **values})


FULL = {"status": "5.2.2", "said": "552 5.2.2 Mailbox full"}
REFUSED = {"status": "5.7.1", "said": "554 5.7.1 Rejected by SPF"}


def comes_in(raw: bytes) -> IncomingLetter | None:
    """Keep it and draw its consequences, as fetching does."""
    with transaction():
        kept = keep(raw)
    if kept is not None:
        db.session.expunge(kept)
        with transaction():
            draw_consequences(kept.id)
    db.session.remove()
    return kept


def state_of(delivery: Delivery) -> State:
    db.session.remove()
    return db.session.get_one(Delivery, delivery.id).state


def suppressed() -> dict[str, str]:
    """The suppressed addresses and why."""
    db.session.remove()
    rows = db.session.scalars(select(Suppression).where(Suppression.lifted_at.is_(None)))
    return {row.address: row.reason for row in rows}


def days_ago(days: float) -> datetime:
    return now() - timedelta(days=days)


def maildir(folder: Path, letters: Sequence[bytes] = ()) -> Path:
    """A Maildir with these letters in new/."""
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(letters):
        (folder / "new" / f"{1000 + number}.M1P1.host").write_bytes(raw)
    return folder
