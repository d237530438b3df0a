"""Whom we reach at a company: added, changed and removed by hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.clock import now
from eventsys.companies.changing import changed_here
from eventsys.companies.editing import editable_company
from eventsys.companies.models import Contact
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.mail.addresses import comparable


class SameAddress(Refused):
    """Another contact at the company has the address."""

    def __init__(self) -> None:
        super().__init__("En annan kontakt på företaget har adressen. Ändra den kontakten i stället.")


class NobodyThere(Refused):
    """Neither a name nor a way to reach anybody."""

    def __init__(self) -> None:
        super().__init__("Skriv ett namn, en e-postadress eller ett telefonnummer.")


@dataclass(frozen=True)
class Reach:
    """A contact as it is written down; `phone_e164` follows from `phone`."""

    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    phone_e164: str = ""

    def values(self) -> dict[str, str]:
        return {"name": self.name, "role": self.role, "email": self.email, "phone": self.phone}


def reach_of(contact: Contact) -> Reach:
    return Reach(contact.name, contact.role, contact.email, contact.phone, contact.phone_e164)


def contact_at(company_id: int, contact_id: int) -> Contact:
    """Raises NotFound when the company has no such contact."""
    query = select(Contact).where(Contact.id == contact_id, Contact.company_id == company_id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def add_contact(company_id: int, reach: Reach) -> Contact:
    """Raises NotFound, IsMerged, NobodyThere, SameAddress. Flushes, does not commit."""
    company = editable_company(company_id)
    contact = Contact(company_id=company.id, created_at=now())
    _write(contact, reach)
    audit.record("company.contact_added", f"company:{company.id}")
    return contact


def edit_contact(company_id: int, contact_id: int, reach: Reach, seen: str) -> Contact:
    """Save what was changed; `seen` is changing.marks_of what the page showed.

    Raises NotFound, IsMerged, ChangedMeanwhile, NobodyThere, SameAddress. Flushes, does not commit.
    """
    editable_company(company_id)
    contact = contact_at(company_id, contact_id)
    changed = changed_here(reach_of(contact).values(), reach.values(), seen)
    kept = reach_of(contact)
    phone = reach.phone_e164 if "phone" in changed else kept.phone_e164
    _write(contact, Reach(**{**kept.values(), **changed}, phone_e164=phone))
    if changed:
        audit.record("company.contact_changed", f"company:{company_id}", fields=sorted(changed))
    return contact


def _write(contact: Contact, reach: Reach) -> None:
    """A new address is not attached to anything yet: what was booked with it is found by the next round of that."""
    if not (reach.name or reach.email or reach.phone):
        raise NobodyThere
    try:
        with db.session.begin_nested():
            _set(contact, reach)
            db.session.add(contact)
    except IntegrityError as error:
        raise SameAddress from error


def _set(contact: Contact, reach: Reach) -> None:
    key = comparable(reach.email) if reach.email else None
    if key != contact.email_key:
        contact.attached_at = None
    contact.name, contact.role, contact.email, contact.email_key = reach.name, reach.role, reach.email, key
    contact.phone, contact.phone_e164 = reach.phone, reach.phone_e164


def remove_contact(company_id: int, contact_id: int) -> None:
    """Raises NotFound, IsMerged. Flushes, does not commit."""
    editable_company(company_id)
    db.session.delete(contact_at(company_id, contact_id))
    audit.record("company.contact_removed", f"company:{company_id}")
    db.session.flush()
