"""What colleagues write down about a company. Each changes and removes their own; administrators those of all."""

from __future__ import annotations

from sqlalchemy import select

from eventsys import audit
from eventsys.clock import now
from eventsys.companies.changing import changed_here
from eventsys.companies.editing import editable_company
from eventsys.companies.models import Note
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.staff.models import Account, Role


class NotYours(Refused):
    """Another colleague wrote the note."""

    def __init__(self) -> None:
        super().__init__("Bara den som skrev anteckningen, eller en administratör, kan ändra den. Skriv en egen.")


def note_at(company_id: int, note_id: int) -> Note:
    """Raises NotFound when there is no such note about the company."""
    found = db.session.scalars(select(Note).where(Note.id == note_id, Note.company_id == company_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def may_change(note: Note, account: Account) -> bool:
    return account.role is Role.ADMINISTRATOR or note.author_id == account.id


def add_note(company_id: int, text: str, account: Account) -> Note:
    """Raises NotFound, IsMerged. Flushes, does not commit."""
    company = editable_company(company_id)
    note = Note(
        company_id=company.id, text=text, author=account.name[:120], author_id=account.id, created_at=now()
    )  # fmt: skip
    db.session.add(note)
    audit.record("company.note_added", f"company:{company.id}")
    db.session.flush()
    return note


def edit_note(company_id: int, note_id: int, text: str, account: Account, seen: str) -> None:
    """`seen` is changing.marks_of what the page showed.

    Raises NotFound, IsMerged, NotYours, ChangedMeanwhile. Flushes, does not commit.
    """
    note = _changeable(company_id, note_id, account)
    changed = changed_here({"text": note.text}, {"text": text}, seen)
    if changed:
        note.text, note.changed_at = text, now()
        audit.record("company.note_changed", f"company:{company_id}")
    db.session.flush()


def remove_note(company_id: int, note_id: int, account: Account) -> None:
    """Raises NotFound, IsMerged, NotYours. Flushes, does not commit."""
    db.session.delete(_changeable(company_id, note_id, account))
    audit.record("company.note_removed", f"company:{company_id}")
    db.session.flush()


def _changeable(company_id: int, note_id: int, account: Account) -> Note:
    editable_company(company_id)
    note = note_at(company_id, note_id)
    if not may_change(note, account):
        raise NotYours
    return note
