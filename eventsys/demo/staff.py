"""The colleagues of the demonstration, one or two of every role, all with the same password."""

from __future__ import annotations

from dataclasses import dataclass

from eventsys.demo.texts import SERIES
from eventsys.staff import accounts
from eventsys.staff.models import Account, Role


@dataclass(frozen=True)
class SignIn:
    """How to sign in to the demonstration. It is printed for everybody: only for a database that holds nothing else."""

    email: str
    password: str


SIGN_IN = SignIn("demo@naringsliv.example", "varp inslag spole garn")

_COLLEAGUES = {
    "administrator": (SIGN_IN.email, "Demo Spolheim", Role.ADMINISTRATOR),
    "organiser": ("mira.spolheim@naringsliv.example", "Mira Spolheim", Role.ORGANISER),
    "editor": ("tariq.linnevik@naringsliv.example", "Tariq Linnevik", Role.EDITOR),
    "host": ("britta.tygmarker@naringsliv.example", "Britta Tygmarker", Role.HOST),
    "procurement": ("rolf.mangelbo@koncerninkop.example", "Rolf Mangelbo", Role.CO_ORGANISER),
    "business": ("hedda.okonjarin@borasnaringsliv.example", "Hedda Okonjarin", Role.CO_ORGANISER),
}  # fmt: skip

# Which series the co-organisers work with.
GIVEN = {"procurement": ("tender_school", "procurement"), "business": ("business_day",)}


def open_accounts(password_hash: str) -> dict[str, Account]:
    """Every colleague's account, by a short name. Flushes, does not commit."""
    return {key: _open(*colleague, password_hash) for key, colleague in _COLLEAGUES.items()}


def _open(email: str, name: str, role: Role, password_hash: str) -> Account:
    account = accounts.prepare_account(email, name, role)
    return accounts.change_password(account.id, password_hash)


def planners_of_series(colleagues: dict[str, Account]) -> dict[str, Account]:
    """Who arranges each series: its co-organiser, or else the organiser."""
    given = {series: colleagues[key] for key, keys in GIVEN.items() for series in keys}
    return {series: given.get(series, colleagues["organiser"]) for series in SERIES}
