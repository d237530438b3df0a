"""What a record would do to the register: nothing is changed here, and the import asks the same once more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from eventsys.companies.imports.records import (
    ADDRESS,
    DEREGISTERED,
    ELSEWHERE,
    IN_PROCEDURE,
    Person,
    Record,
)
from eventsys.companies.models import Company, Contact, ImportFormat, Origin, Verdict
from eventsys.folding import fold

LABELS = {
    "name": "namn", "kind": "slag", "legal_form": "företagsform", "employees": "anställda", "care_of": "adress",
    "street": "adress", "postcode": "adress", "place": "adress", "website": "webbplats",
    "registered_on": "registreringsdatum", "deregistered_on": "avregistrering", "procedure": "förfarande",
    "refuses_advertising": "reklamspärr",
}  # fmt: skip
# What is written in more than one way, and is the same nevertheless.
_LOOSE = {"name", "legal_form", "website", *ADDRESS}
# Bolagsverket decides about these: SCB only fills in what nobody has told, so that the two never take turns.
_LEFT_BY_SCB = {"legal_form", "registered_on"}
# What our lists may change also of a company that the official files have told about.
_OURS = {"kind", "employees", "refuses_advertising"}
_OFFICIAL = {Origin.BOLAGSVERKET, Origin.SCB}


@dataclass
class Judged:
    """A record, the company it is about, and what it changes there."""

    record: Record
    company: Company | None
    verdict: Verdict
    remark: str = ""
    reason: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    codes: list[str] | None = None
    people: list[tuple[Contact | None, Person]] = field(default_factory=list)
    """Contacts to add (None), or with empty fields to fill in."""
    tags: list[str] = field(default_factory=list)


def judged(record: Record, company: Company | None, kind: ImportFormat) -> Judged:
    """What becomes of a record, held against its company, or None when the register has none."""
    if record.fault:
        return Judged(record, company, Verdict.REFUSED, record.fault)
    if company is None:
        return _of_unknown(record)
    if company.merged_into_id is not None:
        return Judged(record, company, Verdict.SAME, "Är sammanslaget med ett annat företag och lämnas som det är.")
    if company.archived_at is not None:
        return Judged(record, company, Verdict.SAME, "Är arkiverat och lämnas som det är.")
    return _of_known(record, company, kind)


def _of_unknown(record: Record) -> Judged:
    told = record.told
    if not record.is_ours:
        return Judged(record, None, Verdict.PASSED_OVER, reason=ELSEWHERE)
    if told.get("deregistered_on"):
        return Judged(record, None, Verdict.PASSED_OVER, reason=DEREGISTERED)
    if told.get("procedure"):
        return Judged(record, None, Verdict.PASSED_OVER, reason=IN_PROCEDURE)
    values = {"name": record.name, "number": record.number, **told}
    people: list[tuple[Contact | None, Person]] = [(None, person) for person in record.people]
    return Judged(
        record, None, Verdict.NEW, " ".join(record.remarks), values=values, codes=record.codes, people=people,
        tags=record.tags,
    )  # fmt: skip


def _of_known(record: Record, company: Company, kind: ImportFormat) -> Judged:
    told, remarks = _differing(record, company, kind), list(record.remarks)
    kept = [name for name in told if name in company.kept_by_hand]
    values = {name: value for name, value in told.items() if name not in kept}
    if kept:
        remarks.insert(0, f"Satt för hand och ändras inte: {_listed(kept)}.")
    found = Judged(record, company, Verdict.SAME, values=values)
    found.codes = _new_codes(record, company)
    if kind is ImportFormat.OWN:
        found.people = _new_people(record, company)
        found.tags = _new_tags(record, company)
    if changes := _changes(found, company):
        found.verdict = Verdict.CHANGED
        remarks.insert(0, changes)
    found.remark = " ".join(remarks)
    return found


def _differing(record: Record, company: Company, kind: ImportFormat) -> dict[str, Any]:
    """Columns of the company that the record tells otherwise, and may change."""
    told = {**_name(record, company), **record.told}
    only_filled = _only_filled(company, kind)
    return {
        name: value
        for name, value in told.items()
        if _differs(name, getattr(company, name), value) and not (name in only_filled and _is_told(name, company))
    }


def _only_filled(company: Company, kind: ImportFormat) -> set[str]:
    """Columns that this kind of file fills in, and does not change once something stands there."""
    if kind is ImportFormat.SCB:
        return _LEFT_BY_SCB
    is_official = company.origin in _OFFICIAL or company.registered_on is not None
    return set(LABELS) - _OURS if kind is ImportFormat.OWN and is_official else set()


def _is_told(name: str, company: Company) -> bool:
    """Whether the register knows this already; an address is known as a whole."""
    return any(getattr(company, one) for one in (ADDRESS if name in ADDRESS else (name,)))


def _name(record: Record, company: Company) -> dict[str, str]:
    """The name is told by who tells the number; who was found by an address may be called otherwise."""
    return {"name": record.name} if company.number and company.number == record.number else {}


def _differs(name: str, is_now: Any, told: Any) -> bool:
    if name in _LOOSE:
        return fold(is_now or "") != fold(told or "")
    return bool(is_now != told)


def _new_codes(record: Record, company: Company) -> list[str] | None:
    now = [one.code for one in company.codes if one.version == record.sni]
    return record.codes if record.codes and record.codes != now else None


def _new_people(record: Record, company: Company) -> list[tuple[Contact | None, Person]]:
    return [
        (contact, person)
        for person in record.people
        for contact in [_contact(person, company)]
        if contact is None or any(not getattr(contact, name) for name in _filled(person))
    ]


def _contact(person: Person, company: Company) -> Contact | None:
    """Who it is already: the same address, or without one the same name or number."""
    if person.email_key:
        return next((one for one in company.contacts if one.email_key == person.email_key), None)
    same = (fold(person.name), person.phone_e164 or person.phone)
    return next(
        (
            one
            for one in company.contacts
            if (person.name and fold(one.name) == same[0])
            or (not person.name and same[1] in (one.phone_e164 or one.phone, one.phone))
        ),
        None,
    )


def _filled(person: Person) -> list[str]:
    return [name for name in ("name", "role", "phone", "phone_e164") if getattr(person, name)]


def _new_tags(record: Record, company: Company) -> list[str]:
    has = {tag.key for tag in company.tags}
    return [name for name in record.tags if fold(name) not in has]


def _changes(found: Judged, company: Company) -> str:
    """What is changed, in words; empty when nothing is."""
    parts = []
    if "name" in found.values:
        parts.append(f"nytt namn (hette {company.name})")
    others = [name for name in found.values if name != "name"]
    if others:
        parts.append(_listed(others))
    if found.codes:
        parts.append("SNI-koder")
    if found.people:
        parts.append("kontakter")
    if found.tags:
        parts.append("etiketter")
    return f"Ändras: {', '.join(parts)}." if parts else ""


def _listed(names: list[str]) -> str:
    return ", ".join(dict.fromkeys(LABELS[name] for name in names))
