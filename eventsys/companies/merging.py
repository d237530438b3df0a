"""Two rows that are one company: everything moves to the one that is kept, the other stays as it was and leads there.

What refers to a company is found in the tables themselves, so that a later slice's rows move too without being known
here. A row that the kept company has the like of already (a unique constraint says so) stays with the merged one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Column, ColumnElement, Select, Table, UniqueConstraint, exists, func, select, tuple_, update

from eventsys import audit
from eventsys.companies.models import Company, Contact, Merge
from eventsys.companies.queries import locked_company
from eventsys.database import Base, db
from eventsys.errors import NotFound, Refused

T = TypeVar("T")

ADDRESS = ("care_of", "street", "postcode", "place")
"""Filled together: a street of one and a town of the other would be nobody's address."""
REGISTERED = ("number", "registered_on", "deregistered_on", "procedure")
"""What goes with the number: they move when the kept company has none."""
ALONE = ("employees", "website", "legal_form")
# What tells of merges itself never moves.
_STAYS = ("company_merge.kept_id", "company_merge.merged_id", "company.merged_into_id")
# Codes of two companies do not add up: they move only to one that has none.
_ONLY_WHERE_NONE = ("company_sni.company_id",)
_AT_A_TIME = 500


class NotMerged(Refused):
    """These two cannot be made one; the text says why and what to do."""


class NotUndone(Refused):
    """The merge cannot be undone now; the text says why and what to do."""


@dataclass(frozen=True)
class Moving:
    """What would become of the rows of one column: `table.column`, how many move, how many stay with the merged."""

    name: str
    moves: int
    stays: int


# --- what would happen --------------------------------------------------------------------------------------------


def moved_columns() -> list[Column[Any]]:
    """Every column that says which company a row belongs to, of every slice's tables, by table."""
    company = cast(Table, Company.__table__)
    columns = [
        key.parent
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.references(company) and _name(key.parent) not in _STAYS
    ]
    return sorted(columns, key=_name)


def what_moves(kept_id: int, merged_id: int) -> list[Moving]:
    """How many rows of each kind would move and stay; kinds without rows are left out."""
    found = []
    for column in moved_columns():
        number = select(func.count()).select_from(column.table)
        all_of_it = db.session.scalar(number.where(column == merged_id)) or 0
        moves = (db.session.scalar(number.where(*_free(column, merged_id, kept_id))) or 0) if all_of_it else 0
        if all_of_it:
            found.append(Moving(_name(column), moves, all_of_it - moves))
    return found


def what_fills(kept: Company, merged: Company) -> dict[str, Any]:
    """The facts that the kept company would get from the merged one, because it has none of its own."""
    filled = {name: getattr(merged, name) for name in _wanted(kept, merged) if _is_empty(kept, merged, name)}
    if merged.refuses_advertising and not kept.refuses_advertising:
        filled["refuses_advertising"] = True  # whoever refused is not written to under another row
    by_hand = set(merged.kept_by_hand) & set(filled) - set(kept.kept_by_hand)
    if by_hand:
        filled["kept_by_hand"] = sorted(by_hand | set(kept.kept_by_hand))
    return filled


def _wanted(kept: Company, merged: Company) -> tuple[str, ...]:
    numbered = REGISTERED if kept.number is None and merged.number is not None else ()
    placed = ADDRESS if not kept.street and not kept.postcode else ()
    return (*numbered, *placed, *ALONE)


def _is_empty(kept: Company, merged: Company, name: str) -> bool:
    """Whether the one lacks what the other has."""
    return getattr(kept, name) in (None, "") and getattr(merged, name) not in (None, "")


# --- merging ------------------------------------------------------------------------------------------------------


def merge(kept_id: int, merged_id: int, at: datetime) -> Merge:
    """Make two companies one; returns the account of it, by which `unmerge` can part them again.

    Both rows are locked in the order of their ids, so that two merges that cross wait for each other and the second is
    refused. Raises NotFound, NotMerged. Flushes, does not commit.
    """
    kept, merged = _both(kept_id, merged_id)
    before, filled = {"kept": _facts(kept), "merged": _facts(merged)}, what_fills(kept, merged)
    before["filled"] = {name: _plain(value) for name, value in filled.items()}
    _fill(kept, merged, filled)
    moved = {_name(column): _move(column, merged_id, kept_id) for column in moved_columns()}
    merged.merged_into_id, merged.archived_at, merged.archived_why = kept_id, at, f"Ihopslaget med {kept.name}"[:200]
    account = Merge(
        kept_id=kept_id, merged_id=merged_id, before=before,
        moved={name: keys for name, keys in moved.items() if keys}, by=audit.acting.get(), at=at,
    )  # fmt: skip
    db.session.add(account)
    audit.record("company.merged", f"company:{kept_id}", merged=merged_id, moved=sum(map(len, moved.values())))
    _attach_anew(kept_id)
    return account


def _both(kept_id: int, merged_id: int) -> tuple[Company, Company]:
    """Both rows under their locks. Raises NotFound, NotMerged."""
    if kept_id == merged_id:
        raise NotMerged("Välj ett annat företag: det här är samma.")
    locked = {company_id: locked_company(company_id) for company_id in sorted((kept_id, merged_id))}
    for company in locked.values():
        if company.merged_into_id is not None:
            raise NotMerged(f"{company.name} är redan ihopslaget med ett annat företag. Välj det i stället.")
        if company.archived_at is not None:
            raise NotMerged(f"{company.name} är arkiverat. Ta tillbaka det ur arkivet först.")
    return locked[kept_id], locked[merged_id]


def _facts(company: Company) -> dict[str, Any]:
    """The row as it is, for JSON."""
    columns = cast(Table, Company.__table__).columns
    return {column.name: _plain(getattr(company, column.name)) for column in columns}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _fill(kept: Company, merged: Company, filled: dict[str, Any]) -> None:
    if filled.get("number"):
        merged.number = None
        db.session.flush()  # a number stands at one company at a time
    for name, value in filled.items():
        setattr(kept, name, value)
    db.session.flush()


def _attach_anew(*company_ids: int) -> None:
    """Addresses that stood at both stand at one now, so what was written with them may find it. Forgets what was read.

    The clock finds contacts that wait.
    """
    db.session.flush()
    db.session.execute(update(Contact).where(Contact.company_id.in_(company_ids)).values(attached_at=None))
    db.session.expire_all()


# --- undoing ------------------------------------------------------------------------------------------------------


def open_merge(merged_id: int) -> Merge:
    """The account of what a company was merged into. Raises NotFound when it stands by itself."""
    query = select(Merge).where(Merge.merged_id == merged_id, Merge.undone_at.is_(None)).order_by(Merge.id.desc())
    found = db.session.scalars(query.limit(1)).one_or_none()
    if found is None:
        raise NotFound
    return found


def unmerge(merged_id: int, at: datetime) -> Merge:
    """Part two companies: what was moved goes back, if it is still there, and so do facts nobody has changed since.

    Raises NotFound, NotUndone. Flushes, does not commit.
    """
    account = open_merge(merged_id)
    locked = {each: locked_company(each) for each in sorted((account.kept_id, merged_id))}
    db.session.refresh(account)
    kept, merged = locked[account.kept_id], locked[merged_id]
    if account.undone_at is not None:
        raise NotUndone("Någon annan har redan delat på företagen.")
    if kept.merged_into_id is not None:
        raise NotUndone(f"{kept.name} är i sin tur ihopslaget med ett annat företag. Ångra det först.")
    _restore(kept, merged, account)
    columns = {_name(column): column for column in moved_columns()}
    moved = [
        _move(columns[name], kept.id, merged_id, keys, account.at)
        for name, keys in account.moved.items()
        if name in columns
    ]
    merged.merged_into_id, merged.archived_at, merged.archived_why = None, None, ""
    account.undone_at = at
    audit.record("company.unmerged", f"company:{kept.id}", merged=merged_id, moved=sum(map(len, moved)))
    _attach_anew(kept.id, merged_id)
    return account


def _restore(kept: Company, merged: Company, account: Merge) -> None:
    """Filled facts become empty again, unless somebody has changed them meanwhile."""
    was, filled = account.before["kept"], account.before["filled"]
    same = [name for name, value in filled.items() if _plain(getattr(kept, name)) == value]
    for name in same:
        setattr(kept, name, _read(name, was[name]))
    db.session.flush()
    if "number" in same:
        merged.number = filled["number"]


def _read(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if value and name.endswith("_on") else value


# --- rows ---------------------------------------------------------------------------------------------------------


def _name(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"


def _move(
    column: Column[Any], was: int, becomes: int, only: Sequence[Any] | None = None, until: datetime | None = None
) -> list[list[Any]]:
    """Let rows belong to another company; returns their keys, without the company where it is part of them.

    `only`: rows with these keys, as an earlier move returned them, made `until` then: SQLite gives the id of a row that
    was deleted to a new one.
    """
    key = _key(column)
    query = select(*key).where(*_free(column, was, becomes))
    if until is not None and "created_at" in column.table.c:
        query = query.where(column.table.c.created_at <= until)
    if only is None:
        keys = [list(row) for row in db.session.execute(query)]
    else:
        keys = [list(row) for some in _portions(only) for row in db.session.execute(query.where(_is_one_of(key, some)))]
    for some in _portions(keys):
        db.session.execute(
            update(column.table).where(column == was, _is_one_of(key, some)).values({column.name: becomes})
        )
    return keys


def _key(column: Column[Any]) -> list[Column[Any]]:
    return [each for each in column.table.primary_key.columns if each is not column]


def _is_one_of(key: list[Column[Any]], keys: Sequence[Any]) -> ColumnElement[bool]:
    if len(key) == 1:
        return key[0].in_([one for (one,) in keys])
    return tuple_(*key).in_([tuple(each) for each in keys])


def _free(column: Column[Any], was: int, becomes: int) -> list[ColumnElement[bool]]:
    """Conditions on the table: rows of one company that the other has not the like of."""
    other = column.table.alias()
    there = other.c[column.name] == becomes
    like = [() if _name(column) in _ONLY_WHERE_NONE else rest for rest in _unique_beside(column)]
    return [column == was, *(~_exists(other, there, column.table, rest) for rest in like)]


def _exists(other: Any, there: ColumnElement[bool], table: Any, rest: tuple[str, ...]) -> Any:
    query: Select[Any] = select(1).select_from(other).where(there, *(other.c[name] == table.c[name] for name in rest))
    return exists(query.correlate(table))


def _unique_beside(column: Column[Any]) -> list[tuple[str, ...]]:
    """Of each constraint that lets a company have one of something: the columns beside the company's."""
    table = column.table
    unique = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    unique += [list(one.columns) for one in table.indexes if one.unique]
    unique.append(list(table.primary_key.columns))
    return [tuple(each.name for each in one if each is not column) for one in unique if column in one]


def _portions(keys: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(keys)
    while some := list(islice(rest, _AT_A_TIME)):
        yield some
