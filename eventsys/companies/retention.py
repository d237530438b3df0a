"""How long data about people at companies is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from eventsys.companies.forgetting import forget_contacts
from eventsys.companies.models import Company, Contact
from eventsys.retention import Aside, Category, Deed, by_ids, counted


def _contacts(before: datetime) -> Select[Any]:
    """A company that was merged into another has its people there; what is left of it counts as archived too."""
    return select(Contact.id).join(Company, Company.id == Contact.company_id).where(Company.archived_at < before)


CATEGORIES = (
    Category(
        "companies.contacts", "Kontakter på arkiverade företag", "Contacts of archived companies",
        "att företaget arkiverades", "the company was archived",
        "Kontakterna tas bort. Företaget, besöken och anteckningarna finns kvar.",
        Deed.DELETED, counted(_contacts), by_ids(_contacts, forget_contacts),
    ),
)  # fmt: skip
ASIDES = (Aside("Rader ur inlästa företagsfiler", "30 dagar"),)
