"""Rows of the register for files: companies and visits, as staff take them out."""

from __future__ import annotations

from collections.abc import Iterator

from eventsys.clock import local
from eventsys.companies.diary import WantedVisits, all_visits
from eventsys.companies.listing import Wanted, all_companies, latest_visits
from eventsys.companies.models import Company, Visit
from eventsys.companies.numbers import shown
from eventsys.companies.words import KINDS, ORIGINS, VISIT_FORMS
from eventsys.sheets import Cell

COMPANY_COLUMNS = (
    "Företag", "Organisationsnummer", "Typ", "Företagsform", "Anställda", "c/o", "Gatuadress", "Postnummer", "Ort",
    "Webbplats", "SNI 2007", "SNI 2025", "Registrerat", "Reklamspärr", "Etiketter", "Kontakter", "E-post", "Telefon",
    "Senaste besök", "Kom in genom",
)  # fmt: skip
VISIT_COLUMNS = (
    "Datum", "Företag", "Organisationsnummer", "Form", "Vem av oss", "Vem vi träffade", "Teman", "Anteckning",
    "Följ upp", "Följ upp senast", "Uppföljt", "Inskrivet av",
)  # fmt: skip


def company_rows(wanted: Wanted) -> Iterator[tuple[Cell, ...]]:
    """A row a company, as COMPANY_COLUMNS, in the list's order."""
    visited = latest_visits()
    for company in all_companies(wanted):
        yield (*_who(company), *_where(company), *_what(company), *_reached(company),
               visited.get(company.id), ORIGINS[company.origin])  # fmt: skip


def _who(company: Company) -> tuple[Cell, ...]:
    number = shown(company.number) if company.number else ""
    return company.name, number, KINDS[company.kind], company.legal_form, company.employees


def _where(company: Company) -> tuple[Cell, ...]:
    return company.care_of, company.street, company.postcode, company.place, company.website


def _what(company: Company) -> tuple[Cell, ...]:
    old, new = (", ".join(one.code for one in company.codes if one.version == version) for version in ("2007", "2025"))
    tags = ", ".join(tag.name for tag in company.tags)
    return old, new, company.registered_on, "Ja" if company.refuses_advertising else "", tags


def _reached(company: Company) -> tuple[Cell, ...]:
    contacts = company.contacts
    return tuple(
        ", ".join(text for one in contacts if (text := getattr(one, name))) for name in ("name", "email", "phone")
    )


def visit_rows(wanted: WantedVisits) -> Iterator[tuple[Cell, ...]]:
    """A row a visit, as VISIT_COLUMNS, the latest first."""
    for visit in all_visits(wanted):
        yield _visit_row(visit)


def _visit_row(visit: Visit) -> tuple[Cell, ...]:
    number = shown(visit.company.number) if visit.company.number else ""
    done = local(visit.followed_up_at).date() if visit.followed_up_at else None
    return (
        visit.visited_on, visit.company.name, number, VISIT_FORMS[visit.form], visit.who, visit.met,
        ", ".join(visit.theme_list), visit.text, visit.follow_up, visit.follow_up_on, done,
        visit.added_by,
    )  # fmt: skip
