"""Searching over 20 000 companies, each with a contact: the whole answer of the page's search, in milliseconds.

In this process, on a database of its own: what the database and the query cost, without a web server.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import insert, text
from stdnum import luhn

from eventsys import create_app
from eventsys.clock import now
from eventsys.companies.models import Company, Contact
from eventsys.config import Settings
from eventsys.database import db, transaction
from eventsys.desk.search import search
from eventsys.migrating import upgrade_database
from eventsys.staff.models import Account, Role
from tests.servers import new_folder

COMPANIES = 20_000
ROUNDS = 15
QUERIES = ("akesson", "Åkesson bygg", "553-1", "55310", "finns inte", "ab", "info@")
_FIRST = ("Åkesson", "Öberg", "Lind", "Ek", "Alm", "Nyström", "Haddad", "Väveri", "Färgeri", "Björk")
_SECOND = ("Bygg", "El", "Rör", "Måleri", "Åkeri", "Städ", "Redovisning", "Konsult", "Tryckeri", "Textil")


def measure_search(database_url: Callable[[], str]) -> dict[str, float]:
    """The slowest of several searches, each the middle one of its rounds."""
    folder = new_folder("searching")
    url = database_url() or f"sqlite:///{folder / 'search.sqlite3'}"
    app = create_app(Settings(data_dir=str(folder), secret_key="only-for-the-benchmark", database_url=url))
    with app.app_context():
        upgrade_database()
        _fill()
        account = Account(email="alva@boras.example", name="Alva", role=Role.ORGANISER)
        slowest = max(_milliseconds(account, query) for query in QUERIES)
        db.session.remove()
        db.engine.dispose()
    return {"company_search_ms": round(slowest, 1)}


def _fill() -> None:
    at = now()
    with transaction():
        ids = db.session.scalars(insert(Company).returning(Company.id), list(_companies(at))).all()
        contacts = [_contact(company_id, number, at) for number, company_id in enumerate(ids)]
        db.session.execute(insert(Contact), contacts)
    with db.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def _companies(at: Any) -> Iterator[dict[str, Any]]:
    names = itertools.cycle(f"{first} {second}" for first in _FIRST for second in _SECOND)
    for number, name in zip(range(COMPANIES), names, strict=False):
        digits = f"553{100_000 + number:06d}"
        digits += luhn.calc_check_digit(digits)
        yield {"name": f"{name} {number} AB", "number": digits, "created_at": at}


def _contact(company_id: int, number: int, at: Any) -> dict[str, Any]:
    address = f"info@foretag{number}.example"
    return {
        "company_id": company_id, "name": f"Åsa Öst {number}", "email": address, "email_key": address,
        "created_at": at, "attached_at": at,
    }  # fmt: skip


def _milliseconds(account: Account, query: str) -> float:
    took = []
    for _ in range(ROUNDS):
        db.session.rollback()
        began = time.perf_counter()
        search(account, query, now())
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)
