"""Sets of the register that can be handed out: companies, their people, visits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.clock import local, now
from eventsys.companies.diary import WantedVisits
from eventsys.companies.figures import first_year
from eventsys.companies.listing import Wanted
from eventsys.companies.lists import COMPANY_COLUMNS, VISIT_COLUMNS, company_rows, visit_rows
from eventsys.companies.models import Company, Contact
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.handing_out import Choice, Column, RecordSet, Row, Table, id_in

_FIRM = "företag (kan vara en enskild firma)"
COMPANY_PERSONAL = {
    "Företag": _FIRM, "c/o": "c/o", "Gatuadress": "gatuadress", "Webbplats": "webbplats", "Kontakter": "kontakter",
    "E-post": "e-post", "Telefon": "telefon",
}  # fmt: skip
VISIT_PERSONAL = {
    "Företag": _FIRM, "Vem av oss": "vem av oss", "Vem vi träffade": "vem vi träffade", "Teman": "teman",
    "Anteckning": "anteckning", "Följ upp": "uppföljning", "Inskrivet av": "vem som skrev in besöket",
}  # fmt: skip
CONTACT_COLUMNS = (
    Column("Företag", _FIRM), Column("Namn", "namn"), Column("Roll"), Column("E-post", "e-post"),
    Column("Telefon", "telefon"),
)  # fmt: skip


def _companies(_value: str, _first: date | None, _last: date | None) -> Table:
    columns = [Column(name, COMPANY_PERSONAL.get(name, "")) for name in COMPANY_COLUMNS]
    return Table("Företagsregistret", columns, company_rows(Wanted()))


def _contacts(_value: str, _first: date | None, _last: date | None) -> Table:
    return Table("Kontakter på företag", CONTACT_COLUMNS, _contact_rows())


def _contact_rows() -> Iterator[Row]:
    query = select(Contact).join(Contact.company).options(joinedload(Contact.company))
    query = query.where(Company.archived_at.is_(None)).order_by(Company.sort_key, Company.id, Contact.id)
    for one in db.session.scalars(query.execution_options(yield_per=500)):
        yield one.company.name, one.name, one.role, one.email, one.phone


def _years() -> list[Choice]:
    return [Choice(str(year), str(year)) for year in range(local(now()).year, first_year() - 1, -1)]


def _visits(value: str, _first: date | None, _last: date | None) -> Table:
    if value not in {choice.value for choice in _years()}:
        raise NotFound
    columns = [Column(name, VISIT_PERSONAL.get(name, "")) for name in VISIT_COLUMNS]
    return Table(f"Företagsbesök {value}", columns, visit_rows(WantedVisits(id_in(value))))


SETS = (
    RecordSet("companies.companies", "Företagsregistret", "Alla företag som inte är arkiverade.", _companies),
    RecordSet("companies.contacts", "Kontakter på företag", "Personer och adresser vi når företag genom.", _contacts),
    RecordSet("companies.visits", "Företagsbesök under ett år", "Besök och det som skrivits om dem.", _visits, _years),
)  # fmt: skip
