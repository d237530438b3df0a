"""A company added or changed by hand. What a colleague has set, imports leave as it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.clock import now
from eventsys.companies.changing import changed_here
from eventsys.companies.models import Company, CompanyKind, CompanySni, Origin
from eventsys.companies.queries import company_by_number, locked_company
from eventsys.database import db
from eventsys.errors import Refused

CODES = "codes"
"""What SNI codes are called among the fields: pairs of version and code, in their order."""
COLUMNS = (
    "name", "number", "kind", "legal_form", "employees", "care_of", "street", "postcode", "place", "website",
    "registered_on", "refuses_advertising",
)  # fmt: skip
FIELDS = (*COLUMNS, CODES)
# Imports find a company by its number and never change it.
KEEPABLE = tuple(name for name in FIELDS if name != "number")
_UNSAID = {
    "kind": CompanyKind.COMPANY, "employees": None, "registered_on": None, "refuses_advertising": False, CODES: (),
}  # fmt: skip


class NumberTaken(Refused):
    """Another company has this number; `company` is that other."""

    def __init__(self, company: Company) -> None:
        super().__init__(f"Numret finns redan i registret, hos {company.name}. Ändra där i stället.")
        self.company = company


class IsMerged(Refused):
    """The company was merged into another, which is the one to change."""

    def __init__(self) -> None:
        super().__init__("Företaget är sammanslaget med ett annat. Ändra det andra, eller dela på dem först.")


def values_of(company: Company) -> dict[str, Any]:
    """What the form of a company shows, by field, as FIELDS names them."""
    values = {name: getattr(company, name) for name in COLUMNS}
    return {**values, CODES: tuple((one.version, one.code) for one in company.codes)}


def editable_company(company_id: int) -> Company:
    """The company under its lock. Raises NotFound, IsMerged."""
    company = locked_company(company_id)
    if company.merged_into_id is not None:
        raise IsMerged
    return company


def add_company(values: Mapping[str, Any]) -> Company:
    """A new company with these FIELDS; those that were filled in are kept by hand. Raises NumberTaken. Flushes."""
    _refuse_taken(values["number"], None)
    company = Company(origin=Origin.HAND, created_at=now(), name=values["name"])
    company.kept_by_hand = [name for name in KEEPABLE if values[name] != _UNSAID.get(name, "")]
    _write(company, values)
    audit.record("company.added", f"company:{company.id}")
    return company


def edit_company(company_id: int, values: Mapping[str, Any], seen: str, kept: Collection[str]) -> Company:
    """Save those of the FIELDS that differ from what the page showed; `seen` is marks_of what it showed.

    `kept` are the fields that imports shall go on leaving alone, of those that are kept already; what is changed now is
    kept too. Raises NotFound, IsMerged, ChangedMeanwhile, NumberTaken. Flushes, does not commit.
    """
    company = editable_company(company_id)
    changed = changed_here(values_of(company), values, seen)
    if "number" in changed:
        _refuse_taken(changed["number"], company.id)
    still = {*changed, *set(kept).intersection(company.kept_by_hand)}
    by_hand = [name for name in KEEPABLE if name in still]
    released = sorted(set(company.kept_by_hand) - set(by_hand))
    company.kept_by_hand = by_hand
    _write(company, changed)
    if changed or released:
        audit.record("company.changed", f"company:{company.id}", fields=sorted(changed), released=released)
    return company


def _write(company: Company, values: Mapping[str, Any]) -> None:
    try:
        with db.session.begin_nested():
            _set(company, values)
            db.session.add(company)
    except IntegrityError:  # somebody else wrote the number down this very moment
        _refuse_taken(values.get("number"), None)
        raise


def _set(company: Company, values: Mapping[str, Any]) -> None:
    for name in COLUMNS:
        if name in values:
            setattr(company, name, values[name])
    if CODES in values:
        company.codes.clear()
        db.session.flush()  # the old rows go before new ones with the same keys come
        company.codes = [CompanySni(version=v, code=code, position=at) for at, (v, code) in enumerate(values[CODES])]


def _refuse_taken(number: str | None, company_id: int | None) -> None:
    other = company_by_number(number) if number else None
    if other is not None and other.id != company_id:
        raise NumberTaken(other)
