"""The tables as they stand in a database, at whichever migration: columns, keys, and who must come before whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, TableClause, Text, cast, column, inspect, select, table, text

from eventsys.backup.kinds import Kind, kind_of, type_for

VERSION_TABLE = "alembic_version"
"""Not a table of ours: the migration is named in the file instead."""


@dataclass(frozen=True)
class Column:
    name: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """One table. `late` are columns that point at rows which may come later: at the same table, or around a circle."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    late: frozenset[str] = frozenset()

    @cached_property
    def clause(self) -> TableClause:
        return table(self.name, *(column(one.name, type_for(one.kind)) for one in self.columns))

    @property
    def holds_bytes(self) -> bool:
        return any(one.kind is Kind.BYTES for one in self.columns)

    def query(self) -> Select[Any]:
        """All rows by key, the columns in their order."""
        return select(*map(self._read, self.columns)).order_by(*(self.clause.c[name] for name in self.key))

    def _read(self, one: Column) -> ColumnElement[Any]:
        found = self.clause.c[one.name]
        return cast(found, Text) if one.kind is Kind.JSON else found


def tables_of(connection: Connection) -> list[Table]:
    """Every table of ours, those that others point at first."""
    inspector = inspect(connection)
    columns, keys = inspector.get_multi_columns(), inspector.get_multi_pk_constraint()
    foreign = inspector.get_multi_foreign_keys()
    order = [name for name, _ in inspector.get_sorted_table_and_fkc_names() if name not in (None, VERSION_TABLE)]
    found = [
        Table(
            name=str(name),
            columns=tuple(Column(one["name"], kind_of(one["type"])) for one in columns[None, str(name)]),
            key=tuple(keys[None, str(name)]["constrained_columns"]),
        )
        for name in order
    ]
    pointing = {one.name: foreign.get((None, one.name), []) for one in found}
    return list(_with_late_columns(found, pointing))


def _with_late_columns(tables: Iterable[Table], pointing: dict[str, Any]) -> Iterable[Table]:
    there: set[str] = set()
    for one in tables:
        later = (key for key in pointing[one.name] if key["referred_table"] not in there)
        yield replace(one, late=frozenset(name for key in later for name in key["constrained_columns"]))
        there.add(one.name)


def sequence_of(connection: Connection, table: Table) -> str | None:
    """What gives the table's rows their numbers: a sequence on PostgreSQL; SQLite has none."""
    if connection.dialect.name != "postgresql" or len(table.key) != 1:
        return None
    named = {"name": f'"{table.name}"', "key": table.key[0]}
    sequence: str | None = connection.scalar(text("SELECT pg_get_serial_sequence(:name, :key)"), named)
    return sequence
