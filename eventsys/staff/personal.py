"""What the staff slice keeps of one person: an account, if they work here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from eventsys.audit import AuditEntry
from eventsys.database import db
from eventsys.i18n import moment
from eventsys.personal import Keeper, Outcome, Person, Remains, Section
from eventsys.staff.models import Account
from eventsys.staff.queries import account_by_email


def known(address: str) -> Person:
    account = account_by_email(address)
    return Person(address).and_(Person(address, frozenset({account.name}))) if account else Person(address)


def extract(person: Person) -> Sequence[Section]:
    """The account, and how much the log holds of what was done with it."""
    account = account_by_email(person.address)
    if account is None:
        return []
    acts = db.session.scalar(select(func.count()).where(AuditEntry.actor.endswith(f"<{account.email}>"))) or 0
    row = (
        account.name,
        account.email,
        account.role_label,
        account.state_label,
        moment(account.created_at),
        _last(account),
        moment(account.second_factor_at) if account.second_factor_at else "",
        account.oidc_subject or "",
    )
    columns = ("Namn", "E-post", "Roll", "Läge", "Skapat", "Senast inloggad", "Inloggning i två steg", "Stadens konto")
    return [
        Section("Konto för personal", columns, [row], "Så länge du arbetar med systemet."),
        Section("Logg över det du gjort", ("Antal rader",), [(str(acts),)], "Visas under Inställningar, Logg."),
    ]


def _last(account: Account) -> str:
    return moment(account.signed_in_at) if account.signed_in_at else ""


def forget(person: Person, _at: datetime) -> Sequence[Outcome]:
    """Nothing: an account is closed by an administrator, and what was done in service stays with the name."""
    return remains(person)


def remains(person: Person) -> Sequence[Remains]:
    if account_by_email(person.address) is None:
        return []
    why = "Ett konto stängs under Inställningar, Konton. Loggen visar vem som gjort vad i tjänsten."
    return [Remains("Kontot, och loggen över vad som gjorts med det", why)]


KEEPER = Keeper(
    "staff", extract, forget, known, remains,
    tables={
        "account": "who works here",
        "recovery_code": "marks of codes of an account",
        "audit_entry": "who of the staff did what; details never name people",
    },
)  # fmt: skip
