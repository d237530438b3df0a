"""What is restored is what was backed up, row by row: from either kind of database into either kind."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    Enum,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)  # fmt: skip

from eventsys.audit import AuditEntry
from eventsys.backup.kinds import Kind, as_kept, as_written
from eventsys.backup.tables import tables_of
from eventsys.companies.models import ImportLine
from eventsys.database import Base, UtcDateTime, db, transaction
from eventsys.migrating import downgrade_database
from tests.backup.scenes import application, backed_up, everything, number_of_rows, put_in
from tests.conftest import DATABASES
from tests.demonstration import fill_in
from tests.factories import make_event, make_registration

DIRECTIONS = list(product(DATABASES, DATABASES))
NASTY = "Åsa Öberg-Ärlig\u2028'\"\\ \r\n\t 😀 %s :x NULL {}"
MOMENT = datetime(2026, 10, 25, 0, 59, 59, 999999, UTC)  # in Borås an hour that comes twice
# What the tables themselves demand of some columns.
DEMANDED: dict[str, dict[str, Any]] = {
    "goal": {"figure": "", "by_hand": "sum", "series_id": None},
    "survey_question": {"survey_id": 1, "series_id": None},
}


def full_row(table: Table, number: int) -> dict[str, Any]:
    """A row with something in every column, the first of its table; it points at the second, which comes later."""
    return {one.name: _filled(one, number) for one in table.columns} | DEMANDED.get(table.name, {})


def sparse_row(table: Table, number: int) -> dict[str, Any]:
    """A row with nothing in every column that may be empty."""
    row = {one.name: None if one.nullable else _filled(one, number) for one in table.columns}
    return row | DEMANDED.get(table.name, {})


def _filled(column: Column[Any], number: int) -> Any:
    if column.foreign_keys:
        [key] = column.foreign_keys
        return _pointed_at(column, key.column, number)
    return _value(column, number)


def _pointed_at(column: Column[Any], target: Column[Any], number: int) -> Any:
    points_at_own_table = target.table is column.table
    return _value(target, 2 if points_at_own_table else number)


def _value(column: Column[Any], number: int) -> Any:
    kind = column.type
    if isinstance(kind, Enum):
        return list(kind.enum_class or [])[-1]  # type: ignore[arg-type]
    if isinstance(kind, String):
        return f"{number}{NASTY}"[: kind.length or 1000]
    if isinstance(kind, Integer):
        return number if column.primary_key else (2**63 if isinstance(kind, BigInteger) else 2**31) - number
    values: list[tuple[Any, Any]] = [
        (UtcDateTime, MOMENT), (Date, date(2024, 2, 29)), (Boolean, number == 1), (Double, 0.1 + 0.2 * number),
        (LargeBinary, bytes(range(256)) * number), (JSON, {"å": [1, 1.5, None, "\u2028\ud83d\ude00", {"x": True}]}),
    ]  # fmt: skip
    return next(value for known, value in values if isinstance(kind, known))


def fill_every_table() -> None:
    with db.engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            rows = [full_row(table, 1), sparse_row(table, 2)]
            late = [key.parent.name for key in table.foreign_keys if key.column.table is table]
            connection.execute(insert(table), [row | dict.fromkeys(late) for row in rows])
            for name in late:
                connection.execute(table.update().where(table.c.id == 1).values({name: 2}))
        line = ImportLine.__table__
        for number, record in ((8, JSON.NULL), (9, None)):
            values = sparse_row(line, number) | {"import_id": 1, "record": record}  # type: ignore[arg-type]
            connection.execute(insert(line).values(values | {"record": record}))  # type: ignore[arg-type]


@pytest.fixture(params=DIRECTIONS, ids="-to-".join)
def direction(request: pytest.FixtureRequest) -> tuple[str, str]:
    return request.param


def test_every_column_of_every_table_comes_back_equal(direction: tuple[str, str], tmp_path: Path) -> None:
    source, target = direction
    with application(source, tmp_path / "from"):
        fill_every_table()
        was = everything()
        path = backed_up(tmp_path / "a.backup")
    with application(target, tmp_path / "to"):
        assert put_in(path).rows == sum(map(len, was.values()))
        assert everything() == was
    assert all(len(rows) >= 2 for rows in was.values())


def test_the_demonstration_goes_from_sqlite_to_postgresql_and_back(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with application("sqlite", tmp_path / "from"):
        fill_in(tmp_path_factory)
        was = everything()
        first = backed_up(tmp_path / "first.backup")
    with application("postgresql", tmp_path / "there", migrated=False):
        put_in(first)
        assert everything() == was
        second = backed_up(tmp_path / "second.backup")
    with application("sqlite", tmp_path / "back"):
        put_in(second)
        assert everything() == was
    assert sum(map(len, was.values())) > 50_000


def test_the_kinds_are_read_alike_from_both_databases(tmp_path: Path) -> None:
    found = {}
    for kind in DATABASES:
        with application(kind, tmp_path / kind), db.engine.connect() as connection:
            found[kind] = {one.name: (set(one.columns), one.key, one.late) for one in tables_of(connection)}
    assert found["sqlite"] == found["postgresql"]
    assert set(found["sqlite"]) == set(Base.metadata.tables)


def test_a_column_that_is_written_late_may_be_empty_meanwhile(tmp_path: Path) -> None:
    with application("sqlite", tmp_path), db.engine.connect() as connection:
        late = {(one.name, name) for one in tables_of(connection) for name in one.late}
    assert ("company", "merged_into_id") in late
    assert all(Base.metadata.tables[table].c[name].nullable for table, name in late)


VALUES = {
    Kind.TEXT: st.text(),
    Kind.NUMBER: st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False),
    Kind.TRUTH: st.booleans(),
    Kind.DAY: st.dates(),
    Kind.MOMENT: st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    Kind.BYTES: st.binary(),
    Kind.JSON: st.text(),
}


@given(st.data())
def test_every_value_of_every_kind_is_read_as_it_was_written(data: st.DataObject) -> None:
    for kind in Kind:
        value = data.draw(st.none() | VALUES[kind])
        kept = as_kept(kind, json.loads(json.dumps(as_written(kind, value))))
        assert (kept, type(kept)) == (value, type(value))


@pytest.mark.parametrize("source", DATABASES)
def test_the_next_row_on_postgresql_gets_a_number_that_nobody_had(source: str, tmp_path: Path) -> None:
    with application(source, tmp_path / "from"):
        event = make_event()
        for _ in range(3):
            make_registration(event, 2)
        with transaction():
            gone = make_event(slug="bort")
            db.session.delete(gone)
        used = event.id + (source == "postgresql")
        path = backed_up(tmp_path / "a.backup")
    with application("postgresql", tmp_path / "to"):
        put_in(path)
        assert make_event(slug="ny").id == used + 1
        assert make_registration(make_event(slug="en-till"), 1).attendees


@pytest.mark.parametrize("kind", DATABASES)
@pytest.mark.parametrize("migration", ["0014", "0011"])
def test_a_backup_from_before_an_upgrade_is_restored_and_upgraded(kind: str, migration: str, tmp_path: Path) -> None:
    with application(kind, tmp_path / "from"):
        make_registration(make_event(), 3)
        was = everything()
        downgrade_database(migration)
        path = backed_up(tmp_path / "a.backup")
    with application(kind, tmp_path / "to"):  # at the newest migration, and empty
        put_in(path)
        assert everything() == was
        assert {"survey_answer", "handout"} <= set(inspect(db.engine).get_table_names())


def test_a_nul_that_sqlite_keeps_does_not_stop_a_restore_into_postgresql(tmp_path: Path) -> None:
    with application("sqlite", tmp_path / "from"):
        make_event(title="Frukost\x00möte")
        path = backed_up(tmp_path / "a.backup")
    with application("postgresql", tmp_path / "to"):
        assert put_in(path).without_nul == 1
        assert db.session.scalar(text("SELECT title FROM event")) == "Frukostmöte"


def test_the_trail_is_restored_although_nothing_may_change_it(tmp_path: Path) -> None:
    with application("sqlite", tmp_path / "from"):
        make_registration(make_event(), 1)
        entries = db.session.scalar(select(func.count()).select_from(AuditEntry))
        path = backed_up(tmp_path / "a.backup")
    with application("sqlite", tmp_path / "to"):
        put_in(path)
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == entries
        assert number_of_rows() > 0
