"""The file: a zip with one stream of lines a table, one row a line, and a manifest that says what must be in it.

Written row by row and read row by row: memory holds one portion of rows, however large the database is. Anybody can
look into it with `unzip -p FILE manifest.json`.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from eventsys.backup.kinds import Kind, as_kept, as_written
from eventsys.backup.tables import Column
from eventsys.errors import Refused

FORMAT, VERSION = "eventsys-backup", 1
MANIFEST = "manifest.json"
Progress = Callable[[int], object]
"""Told now and then how many more rows are done."""

_ROWS_AT_A_TIME, _CHARACTERS_AT_A_TIME = 500, 1_000_000
_PIECE = 1024 * 1024
# All that Python's reader of zips is known to answer when bytes are not what they were.
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, KeyError, IndexError, TypeError, ValueError,
    NotImplementedError, RuntimeError, OverflowError, AttributeError,
)  # fmt: skip


class PoorBackup(Refused):
    """The file is no backup, or not whole, or this program cannot read it. Nothing was written."""


@dataclass(frozen=True)
class Stored:
    """What the manifest says of one table."""

    name: str
    columns: tuple[Column, ...]
    rows: int
    sha256: str
    last_id: int | None
    """The last number that PostgreSQL's sequence gave away, also to rows that are gone; None from SQLite."""

    @property
    def member(self) -> str:
        return member_of(self.name)


@dataclass(frozen=True)
class Manifest:
    program: str
    migration: str
    made_at: datetime
    database: str
    key: str
    """A mark of the secret key: the same key leads to the same mark, and the mark to nothing."""
    tables: tuple[Stored, ...]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables)


def member_of(table_name: str) -> str:
    return f"tables/{table_name}.jsonl"


# --- writing ------------------------------------------------------------------------------------------------------


def write_rows(
    folder: zipfile.ZipFile, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], progress: Progress
) -> tuple[int, str]:
    """Write one table's rows; how many there were, and the checksum of what was written."""
    kinds = [one.kind for one in columns]
    summed, count = hashlib.sha256(), 0
    with folder.open(member_of(name), "w", force_zip64=True) as member:
        for row in rows:
            line = json.dumps([as_written(*pair) for pair in zip(kinds, row, strict=True)]).encode("ascii") + b"\n"
            member.write(line)
            summed.update(line)
            count += 1
            progress(1)
    return count, summed.hexdigest()


def write_manifest(folder: zipfile.ZipFile, manifest: Manifest) -> None:
    """The last thing written: a file without it is not whole."""
    content = {"format": FORMAT, "version": VERSION, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    folder.writestr(MANIFEST, json.dumps(content, indent=1))


# --- reading ------------------------------------------------------------------------------------------------------


class Backup:
    """An open backup, to be read only after `check`."""

    def __init__(self, folder: zipfile.ZipFile, manifest: Manifest) -> None:
        self._folder = folder
        self.manifest = manifest

    def check(self, progress: Progress) -> None:
        """Read everything once and hold it against the manifest. Raises PoorBackup."""
        named = {MANIFEST, *(one.member for one in self.manifest.tables)}
        if set(self._folder.namelist()) != named or len(self._folder.namelist()) != len(named):
            raise _damaged("its parts are not those that it names")
        for stored in self.manifest.tables:
            with _damage_as_refusal(), self._folder.open(stored.member) as member:
                rows, sha256 = _summed(member)
            if (rows, sha256) != (stored.rows, stored.sha256):
                raise _damaged(f"the table {stored.name} is not as it was written")
            progress(rows)

    def portions(self, stored: Stored) -> Iterator[list[dict[str, Any]]]:
        """The rows of a table by column, some hundreds at a time, or a megabyte. Raises PoorBackup."""
        portion: list[dict[str, Any]] = []
        room = _CHARACTERS_AT_A_TIME
        for line in self._lines(stored):
            portion.append(_row(stored.columns, line))
            room -= len(line)
            if len(portion) == _ROWS_AT_A_TIME or room <= 0:
                yield portion
                portion, room = [], _CHARACTERS_AT_A_TIME
        if portion:
            yield portion

    def _lines(self, stored: Stored) -> Iterator[str]:
        with _damage_as_refusal(), self._folder.open(stored.member) as member:
            yield from io.TextIOWrapper(member, encoding="ascii", newline="\n")


@contextmanager
def open_backup(path: Path) -> Iterator[Backup]:
    """A backup with its manifest read. Raises PoorBackup, naming what is wrong with the file."""
    if not zipfile.is_zipfile(path):
        raise PoorBackup(f"{path.name} is no backup of this system, or it was cut off. Nothing was written.")
    with _damage_as_refusal():
        folder = zipfile.ZipFile(path)
    with folder:
        yield Backup(folder, _manifest_in(folder, path.name))


def _manifest_in(folder: zipfile.ZipFile, name: str) -> Manifest:
    with _damage_as_refusal():
        said = json.loads(folder.read(MANIFEST)) if MANIFEST in folder.namelist() else {}
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise PoorBackup(f"{name} is no backup of this system. Nothing was written.")
    if said.get("version") != VERSION:
        raise PoorBackup(
            f"{name} was made by a newer program ({said.get('program')}): it has format {said.get('version')}, this "
            f"program reads format {VERSION}. Install the newer program and restore with that. Nothing was written."
        )
    with _damage_as_refusal():
        return Manifest(
            program=str(said["program"]),
            migration=str(said["migration"]),
            made_at=datetime.fromisoformat(said["made_at"]),
            database=str(said["database"]),
            key=str(said["key"]),
            tables=tuple(map(_stored, said["tables"])),
        )


def _stored(said: dict[str, Any]) -> Stored:
    columns = tuple(Column(one["name"], Kind(one["kind"])) for one in said["columns"])
    return Stored(said["name"], columns, int(said["rows"]), said["sha256"], said["last_id"])


def _row(columns: Sequence[Column], line: str) -> dict[str, Any]:
    with _damage_as_refusal():
        return {one.name: as_kept(one.kind, value) for one, value in zip(columns, json.loads(line), strict=True)}


def _summed(member: IO[bytes]) -> tuple[int, str]:
    summed, rows = hashlib.sha256(), 0
    while piece := member.read(_PIECE):
        summed.update(piece)
        rows += piece.count(b"\n")
    return rows, summed.hexdigest()


@contextmanager
def _damage_as_refusal() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise _damaged(str(error) or type(error).__name__) from error


def _damaged(why: str) -> PoorBackup:
    return PoorBackup(f"The file is damaged: {why}. Take another backup. Nothing was written.")
