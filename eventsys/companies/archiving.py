"""Companies put away, out of lists and letters, and brought back."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from eventsys import audit
from eventsys.clock import now
from eventsys.companies.editing import editable_company
from eventsys.companies.models import Company
from eventsys.companies.queries import in_use
from eventsys.database import db

LONGEST_REASON = 200


def archive(company_id: int, why: str) -> None:
    """Out of lists and letters; what it did stays. Twice is the same as once, with the new reason.

    Raises NotFound, IsMerged. Flushes, does not commit.
    """
    company = editable_company(company_id)
    company.archived_at, company.archived_why = company.archived_at or now(), why
    audit.record("company.archived", f"company:{company.id}")
    db.session.flush()


def archive_all(company_ids: Collection[int], why: str) -> int:
    """Those of the companies that are in use; gives how many there were. Flushes, does not commit."""
    query = select(Company).where(Company.id.in_(company_ids), in_use()).order_by(Company.id).with_for_update()
    companies = db.session.scalars(query).all()
    for company in companies:
        company.archived_at, company.archived_why = now(), why
        audit.record("company.archived", f"company:{company.id}")
    db.session.flush()
    return len(companies)


def restore(company_id: int) -> bool:
    """Back into lists and letters; whether it was away. Raises NotFound, IsMerged. Flushes, does not commit."""
    company = editable_company(company_id)
    if company.archived_at is None:
        return False
    company.archived_at, company.archived_why = None, ""
    audit.record("company.restored", f"company:{company.id}")
    db.session.flush()
    return True
