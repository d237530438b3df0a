"""Visits to companies, and what else told them something: written down, changed, followed up."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from eventsys import audit
from eventsys.clock import local, now
from eventsys.companies.changing import changed_here
from eventsys.companies.editing import editable_company
from eventsys.companies.models import Visit, VisitForm
from eventsys.database import db
from eventsys.errors import NotFound, Refused


class NotYet(Refused):
    """The day is still to come: what is planned is no visit yet."""

    def __init__(self) -> None:
        super().__init__("Dagen har inte varit än. Skriv in besöket när det är gjort.")


@dataclass(frozen=True)
class Meeting:
    """What a colleague writes down about a visit; `themes` is one a line."""

    visited_on: date
    form: VisitForm = VisitForm.ON_SITE
    who: str = ""
    met: str = ""
    themes: str = ""
    text: str = ""
    follow_up: str = ""
    follow_up_on: date | None = None

    def values(self) -> dict[str, Any]:
        return asdict(self)


def meeting_of(visit: Visit) -> Meeting:
    return Meeting(
        visit.visited_on, visit.form, visit.who, visit.met, visit.themes, visit.text, visit.follow_up,
        visit.follow_up_on,
    )  # fmt: skip


def visit_at(company_id: int, visit_id: int) -> Visit:
    """Raises NotFound when the company has no such visit."""
    query = select(Visit).where(Visit.id == visit_id, Visit.company_id == company_id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def add_visit(company_id: int, meeting: Meeting, by: str) -> Visit:
    """`by` is who writes it down. Raises NotFound, IsMerged, NotYet. Flushes, does not commit."""
    company = editable_company(company_id)
    _refuse_what_is_to_come(meeting)
    visit = Visit(company_id=company.id, **meeting.values(), added_by=by[:120], created_at=now())
    db.session.add(visit)
    audit.record("company.visit_added", f"company:{company.id}", form=meeting.form.value)
    db.session.flush()
    return visit


def edit_visit(company_id: int, visit_id: int, meeting: Meeting, seen: str) -> Visit:
    """Save what was changed; `seen` is changing.marks_of what the page showed. Another follow-up is not done yet.

    Raises NotFound, IsMerged, NotYet, ChangedMeanwhile. Flushes, does not commit.
    """
    editable_company(company_id)
    visit = visit_at(company_id, visit_id)
    changed = changed_here(meeting_of(visit).values(), meeting.values(), seen)
    if "visited_on" in changed:
        _refuse_what_is_to_come(meeting)
    for name, value in changed.items():
        setattr(visit, name, value)
    if changed.keys() & {"follow_up", "follow_up_on"}:
        visit.followed_up_at = None
    if changed:
        audit.record("company.visit_changed", f"company:{company_id}", fields=sorted(changed))
    db.session.flush()
    return visit


def _refuse_what_is_to_come(meeting: Meeting) -> None:
    if meeting.visited_on > local(now()).date():
        raise NotYet


def mark_followed_up(company_id: int, visit_id: int, at: datetime | None) -> None:
    """What was to be followed up is done at this moment; None: it is still to be done. Raises NotFound, IsMerged."""
    editable_company(company_id)
    visit = visit_at(company_id, visit_id)
    if (visit.followed_up_at is None) is (at is None):
        return  # pressed twice: the first time counts
    visit.followed_up_at = at
    audit.record("company.followed_up", f"company:{company_id}", done=at is not None)
    db.session.flush()


def remove_visit(company_id: int, visit_id: int) -> None:
    """Raises NotFound, IsMerged. Flushes, does not commit."""
    editable_company(company_id)
    db.session.delete(visit_at(company_id, visit_id))
    audit.record("company.visit_removed", f"company:{company_id}")
    db.session.flush()
