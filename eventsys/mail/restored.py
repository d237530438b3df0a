"""After a backup was restored: what goes by the clock waits until staff have looked.

The clock finds due again what was due between the backup and now, and most of that has been sent: reminders, surveys,
mailings. So from the restore on, reminders are posted as unknown and mailings begin paused, until somebody on the page
Brev says that the clock may send again. Confirmations of what people do now leave as always. Both moments stand in the
audit trail, whose rows stay.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from eventsys import audit
from eventsys.audit import AuditEntry
from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import Refused

RESTORED, RELEASED = "backup.restored", "backup.letters_released"
SUBJECT = "backup"


class NothingWaits(Refused):
    """Somebody else has let the clock send again."""


def waits_since() -> datetime | None:
    """When the backup was made that was restored, as long as letters by the clock wait for staff; otherwise None."""
    last = _last(RESTORED, RELEASED)
    return _made_at(last) if last and last.action == RESTORED else None


def last_restored() -> datetime | None:
    """When the backup was made that this database came from; None when it came from none."""
    last = _last(RESTORED)
    return _made_at(last) if last else None


def _last(*actions: str) -> Any:
    query = (
        select(AuditEntry.action, AuditEntry.detail)
        .where(AuditEntry.subject == SUBJECT, AuditEntry.action.in_(actions))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return db.session.execute(query).first()


def _made_at(entry: Any) -> datetime:
    return datetime.fromisoformat(entry.detail["made_at"])


def note_restored(made_at: datetime, rows: int, letters: int, mailings: int) -> None:
    """From now on letters by the clock wait. `made_at` is when the backup was made. Does not commit."""
    audit.record(
        "backup.restored", SUBJECT, made_at=made_at.isoformat(), rows=rows, letters=letters, mailings=mailings,
    )  # fmt: skip


def release_letters() -> None:
    """The clock sends again; what is unknown or paused by now stays for staff to decide. Raises NothingWaits."""
    if waits_since() is None:
        raise NothingWaits("Någon annan har redan låtit klockan skicka igen.")
    audit.record("backup.letters_released", SUBJECT)


def why_a_letter_is_unknown(made_at: datetime) -> str:
    """In Swedish, for staff."""
    return f"Systemet är återställt ur en säkerhetskopia från {_moment(made_at)}. Brevet kan ha skickats efter det."


def why_a_mailing_waits(made_at: datetime) -> str:
    """In Swedish, for staff."""
    return (
        f"Systemet är återställt ur en säkerhetskopia från {_moment(made_at)}. Utskicket kan ha gått efter det: låt "
        "det fortsätta bara om det ännu inte är skickat."
    )


def _moment(at: datetime) -> str:
    return f"{local(at):%Y-%m-%d %H.%M}"
