"""Tags: words that companies are gathered under, and which companies have them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.clock import now
from eventsys.companies.editing import editable_company
from eventsys.companies.models import Company, CompanyTag, Tag
from eventsys.companies.queries import in_use
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.folding import fold
from eventsys.names import collated

LONGEST_TAG = 60


class TagTaken(Refused):
    """There is a tag with this name, whatever the case, dots and rings."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Etiketten {name} finns redan. Skriv ett annat namn, eller använd den.")


class TagGone(Refused):
    """Somebody has removed the tag meanwhile."""

    def __init__(self) -> None:
        super().__init__("Etiketten är borttagen. Välj en annan.")


def tags() -> list[Tag]:
    """All of them, in Swedish order. One query."""
    return sorted(db.session.scalars(select(Tag)), key=lambda tag: (collated(tag.name), tag.id))


def tags_with_numbers() -> list[tuple[Tag, int]]:
    """All of them in Swedish order, each with how many companies in use have it. Two queries."""
    query = (
        select(CompanyTag.tag_id, func.count())
        .join(Company, Company.id == CompanyTag.company_id)
        .where(in_use())
        .group_by(CompanyTag.tag_id)
    )
    numbers = dict(db.session.execute(query).all())
    return [(tag, numbers.get(tag.id, 0)) for tag in tags()]


def tag_by_id(tag_id: int) -> Tag:
    """Raises NotFound."""
    found = db.session.get(Tag, tag_id)
    if found is None:
        raise NotFound
    return found


def companies_with(tag_id: int) -> int:
    """How many companies have the tag, archived ones included."""
    query = select(func.count()).select_from(CompanyTag).where(CompanyTag.tag_id == tag_id)
    return db.session.scalar(query) or 0


def add_tag(name: str) -> Tag:
    """Raises TagTaken. Flushes, does not commit."""
    tag = Tag(created_at=now())
    _call(tag, name)
    audit.record("tag.added", f"tag:{tag.id}")
    return tag


def rename_tag(tag_id: int, name: str) -> None:
    """Raises NotFound, TagTaken. Flushes, does not commit."""
    tag = tag_by_id(tag_id)
    if tag.name == name:
        return
    _call(tag, name)
    audit.record("tag.renamed", f"tag:{tag_id}")


def _call(tag: Tag, name: str) -> None:
    try:
        with db.session.begin_nested():
            tag.name, tag.key = name, _key(name)
            db.session.add(tag)
    except IntegrityError as error:
        there = db.session.scalars(select(Tag.name).where(Tag.key == _key(name))).first()
        raise TagTaken(there or name) from error


def _key(name: str) -> str:
    return " ".join(fold(name).split())[:LONGEST_TAG]


def remove_tag(tag_id: int) -> int:
    """The tag, and it from the companies that have it; gives how many. Raises NotFound. Flushes, does not commit."""
    tag, number = tag_by_id(tag_id), companies_with(tag_id)
    db.session.execute(delete(CompanyTag).where(CompanyTag.tag_id == tag_id))
    db.session.delete(tag)
    audit.record("tag.removed", f"tag:{tag_id}", companies=number)
    db.session.flush()
    return number


# --- on companies -------------------------------------------------------------------------------------------------


def set_tags(company_id: int, tag_ids: Collection[int], shown: Collection[int]) -> None:
    """Of the tags that the page showed the company shall have these; others it has stay, and tags gone are passed over.

    Raises NotFound, IsMerged. Flushes, does not commit.
    """
    editable_company(company_id)
    there = _locked_tags(tag_ids)
    has = set(db.session.scalars(select(CompanyTag.tag_id).where(CompanyTag.company_id == company_id)))
    new, old = there - has, (has & set(shown)) - there
    if new:
        db.session.execute(insert(CompanyTag), [{"company_id": company_id, "tag_id": tag_id} for tag_id in new])
    db.session.execute(delete(CompanyTag).where(CompanyTag.company_id == company_id, CompanyTag.tag_id.in_(old)))
    if new or old:
        audit.record("company.tagged", f"company:{company_id}", added=sorted(new), removed=sorted(old))


def _locked_tags(tag_ids: Collection[int]) -> set[int]:
    """Those that are there, kept from being removed until the transaction ends."""
    query = select(Tag.id).where(Tag.id.in_(tag_ids)).order_by(Tag.id)
    return set(db.session.scalars(query.with_for_update(read=True, key_share=True)))


def tag_companies(which: ColumnElement[bool], tag_id: int) -> int:
    """Give the tag to the companies that fulfil this, are in use and lack it; gives how many. Raises TagGone."""
    ids = _locked_companies(which)
    if not _locked_tags([tag_id]):
        raise TagGone
    have = set(db.session.scalars(select(CompanyTag.company_id).where(CompanyTag.tag_id == tag_id)))
    new = [{"company_id": company_id, "tag_id": tag_id} for company_id in ids if company_id not in have]
    if new:
        db.session.execute(insert(CompanyTag), new)
    audit.record("tag.given", f"tag:{tag_id}", companies=len(new))
    return len(new)


def untag_companies(which: ColumnElement[bool], tag_id: int) -> int:
    """Take the tag from the companies that fulfil this and are in use; gives how many had it. Does not commit."""
    _locked_companies(which)
    chosen = select(Company.id).where(which, in_use())
    taken = delete(CompanyTag).where(CompanyTag.tag_id == tag_id, CompanyTag.company_id.in_(chosen))
    number = len(db.session.scalars(taken.returning(CompanyTag.company_id)).all())
    audit.record("tag.taken", f"tag:{tag_id}", companies=number)
    return number


def _locked_companies(which: ColumnElement[bool]) -> Sequence[int]:
    query = select(Company.id).where(which, in_use()).order_by(Company.id)
    return db.session.scalars(query.with_for_update()).all()
