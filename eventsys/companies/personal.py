"""What the register keeps of one person: where they are a contact, and what colleagues wrote about them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.companies import forgetting
from eventsys.companies.forgetting import VISIT_TEXTS, import_lines_of, sole_traders
from eventsys.companies.models import Contact, Note, Visit
from eventsys.database import db
from eventsys.i18n import day, moment
from eventsys.personal import Forgotten, Keeper, Outcome, Person, Remains, Section, rows_naming

_WHY = "För kommunens arbete med företag. Tills gallringsbeslutet säger att uppgifterna får tas bort."


def contacts_of(person: Person) -> Sequence[Contact]:
    query = select(Contact).options(joinedload(Contact.company)).where(Contact.email_key == person.address)
    return db.session.scalars(query.order_by(Contact.id)).all()


def known(address: str) -> Person:
    rows = contacts_of(Person(address))
    phones = [number for one in rows for number in (one.phone, one.phone_e164)]
    return Person(address).and_(
        Person(
            address, frozenset(one.name for one in rows), frozenset(phones), frozenset(one.company_id for one in rows)
        )
    )


def extract(person: Person) -> Sequence[Section]:
    """Contacts; notes and visits that name the person; lines of imports; companies called as the person is."""
    sections = [_contacts(person), _notes(person), _visits(person), _imports(person), _sole_trader(person)]
    return [section for section in sections if section.rows]


def _contacts(person: Person) -> Section:
    rows = [
        (one.company.name, one.name, one.role, one.email, one.phone, moment(one.created_at))
        for one in contacts_of(person)
    ]
    columns = ("Företag", "Namn", "Roll", "E-post", "Telefon", "Inlagd")
    return Section("Kontakt på företag", columns, rows, _WHY)


def notes_of(person: Person) -> list[Note]:
    return rows_naming(Note, ("text",), person, Note.company_id.in_(person.companies))


def visits_of(person: Person) -> list[Visit]:
    return rows_naming(Visit, VISIT_TEXTS, person, Visit.company_id.in_(person.companies))


def _notes(person: Person) -> Section:
    rows = [(moment(one.created_at), _sentences([one.text], person)) for one in notes_of(person)]
    return Section("Anteckningar där du nämns", ("Skriven", "Där du nämns"), rows, _WHY)


def _visits(person: Person) -> Section:
    rows = [
        (day(one.visited_on), _sentences([getattr(one, name) for name in VISIT_TEXTS], person))
        for one in visits_of(person)
    ]
    return Section("Besök där du nämns", ("Besök", "Där du nämns"), rows, _WHY)


def _sentences(texts: Iterable[str], person: Person) -> str:
    """The lines that name the person; other lines may be about somebody else."""
    lines = (line.strip() for text in texts for line in text.splitlines())
    return "\n".join(line for line in lines if person.stands_in(line))


def _imports(person: Person) -> Section:
    rows = [(str(one.line), one.name, _own_part(one.record, person)) for one in import_lines_of(person)]
    return Section("Rader i inlästa filer", ("Rad", "Företag", "Om dig"), rows, "Tas bort 30 dagar efter inläsningen.")


def _own_part(record: dict[str, Any] | None, person: Person) -> str:
    own = [one for one in (record or {}).get("people", []) if one.get("email_key") == person.address]
    return json.dumps(own, ensure_ascii=False) if own else ""


def _sole_trader(person: Person) -> Section:
    rows = [(one.name, one.street, one.postcode, one.place) for one in sole_traders(person)]
    return Section("Företag som heter som du", ("Företag", "Gata", "Postnummer", "Ort"), rows, _WHY)


def forget(person: Person, _at: datetime) -> Sequence[Outcome]:
    """Contacts go; texts about the person's companies no longer name them. Flushes."""
    contacts, stays = [one.id for one in contacts_of(person)], remains(person)
    return [
        Forgotten("Anteckningar och besök som inte längre nämner personen", forgetting.forget_in_notes(person)),
        Forgotten("Rader i inlästa filer", forgetting.forget_in_imports(person)),
        Forgotten("Ihopslagna företag som nämnde personen", forgetting.forget_in_merges(person)),
        Forgotten("Företag som hette som personen", forgetting.forget_sole_trader(person)),
        Forgotten("Kontakter på företag, borttagna", forgetting.forget_contacts(contacts)),
        *stays,
    ]


def remains(person: Person) -> Sequence[Remains]:
    if not (contacts_of(person) or notes_of(person) or visits_of(person)):
        return []
    return [
        Remains(
            "Företagen, anteckningarna och besöken", "De handlar om företagen. Personens namn tas bort ur texterna."
        ),
        Remains(
            "Det någon skrivit om personen utan hela namnet eller adressen",
            "Ett program hittar det inte. Läs anteckningarna på företagens sidor.",
        ),
    ]


def correct(person: Person, name: str, phone: str, e164: str) -> int:
    """The name and number of the contact, at every company."""
    rows = contacts_of(person)
    for row in rows:
        row.name = name or row.name
        if phone:
            row.phone, row.phone_e164 = phone, e164
    db.session.flush()
    return len(rows)


KEEPER = Keeper(
    "companies", extract, forget, known, remains, correct=correct,
    tables={
        "contact": "whom we reach",
        "company_note": "free text of staff",
        "visit": "whom we met, and free text",
        "company_import_line": "people in lines, for 30 days",
        "company_merge": "names of sole traders, as companies were",
        "company": "a sole trader's name and address",
    },
)  # fmt: skip
