"""Files on their way into the register: put into the data folder, noted as an import, deleted when they are read."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select

from eventsys import audit
from eventsys.columns import Column
from eventsys.companies.imports.opening import format_of
from eventsys.companies.models import Import, ImportFormat, ImportState
from eventsys.companies.newcomers import our_postcodes
from eventsys.companies.numbers import without_personal_numbers
from eventsys.config import settings
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.forms import squeeze
from eventsys.tabular import Table
from eventsys.tokens import new_token

LARGEST_UPLOAD = 400 * 1024 * 1024
TOO_LARGE_HERE = (
    "Filen är större än 400 MB. Packa den som zip och försök igen, eller be den som sköter servern att läsa in den "
    "med kommandot eventsys import companies."
)
NO_POSTCODES = (
    "Inga postnummer är inlagda, så inget företag i filen skulle vara vårt. Skriv in kommunens postnummer först."
)
SNI_VERSIONS = ("2007", "2025")
_ORPHAN_SECONDS = 24 * 3600
_PIECE = 1024 * 1024


class NoRoom(Refused):
    """The file could not be kept."""


class NoPostcodes(Refused):
    """A bulk file says nothing as long as nobody has said where our companies are."""


def folder() -> Path:
    """Where files wait to be read."""
    path = settings().data_path / "imports"
    path.mkdir(parents=True, exist_ok=True)
    return path


def path_of(file_key: str) -> Path:
    return folder() / file_key


def keep_file(stream: IO[bytes]) -> str:
    """Put what comes into the folder, piece by piece; under which key. Raises NoRoom, and leaves nothing then."""
    key = new_token()[:32]
    try:
        with path_of(key).open("xb") as kept:
            shutil.copyfileobj(stream, kept, _PIECE)
    except OSError as error:
        delete_file(key)
        raise NoRoom("Filen fick inte plats på servern. Be den som sköter servern att göra plats på disken.") from error
    except BaseException:
        delete_file(key)
        raise
    return key


def keep_table(table: Table) -> str:
    """Put the rows of a list of our own into the folder; under which key. Raises NoRoom."""
    key = new_token()[:32]
    try:
        path_of(key).write_text(json.dumps(table), encoding="utf-8")
    except OSError as error:
        delete_file(key)
        raise NoRoom("Filen fick inte plats på servern. Be den som sköter servern att göra plats på disken.") from error
    return key


def kept_table(path: Path) -> Table:
    """The rows that `keep_table` kept."""
    table: Table = json.loads(path.read_text(encoding="utf-8"))
    return table


def delete_file(file_key: str) -> None:
    if file_key:
        with suppress(OSError):
            path_of(file_key).unlink(missing_ok=True)


def has_orphans() -> bool:
    """Whether there is a file that `delete_orphans` would delete. Asks the database only when an old one lies there."""
    return bool(_orphans())


def delete_orphans() -> None:
    """Delete files that no import knows of and that are older than a day: a process died while one came."""
    for path in _orphans():
        with suppress(OSError):
            path.unlink()


def _orphans() -> list[Path]:
    old = [path for path in folder().iterdir() if _is_old(path)]
    known = set(db.session.scalars(select(Import.file_key).where(Import.file_key != ""))) if old else set()
    return [path for path in old if path.name not in known]


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _ORPHAN_SECONDS
    except OSError:  # deleted this very moment
        return False


def begin_import(path: Path, file_key: str, name: str, by: str, at: datetime, sni: str = SNI_VERSIONS[0]) -> Import:
    """Note that a bulk file is to be read. Raises PoorFile, NoPostcodes. Flushes; ring for its id after the commit."""
    kind = format_of(path)
    if kind is ImportFormat.OWN:
        raise ValueError("columns of a list of our own are to be chosen first")
    if not our_postcodes():
        raise NoPostcodes(NO_POSTCODES)
    return _noted(kind, path, file_key, name, by, at, {"sni": _version(sni)})


def begin_own_import(
    path: Path, file_key: str, name: str, by: str, at: datetime, where: Mapping[Column, int], has_heading: bool,
    sni: str = SNI_VERSIONS[0],
) -> Import:  # fmt: skip
    """Note that rows kept by `keep_table` are to be read; `where` says which column holds what. Flushes."""
    options = {
        "sni": _version(sni), "where": {column.value: place for column, place in where.items()}, "heading": has_heading,
    }  # fmt: skip
    return _noted(ImportFormat.OWN, path, file_key, name, by, at, options)


def _noted(
    kind: ImportFormat, path: Path, file_key: str, name: str, by: str, at: datetime, options: dict[str, Any]
) -> Import:
    noted = Import(
        format=kind, state=ImportState.WAITING, file_name=without_personal_numbers(squeeze(name))[:200],
        file_key=file_key, size=path.stat().st_size, options=options, counts={}, by=by[:120], created_at=at,
    )  # fmt: skip
    db.session.add(noted)
    db.session.flush()
    audit.record("company.import_begun", f"company_import:{noted.id}", format=kind.value)
    return noted


def _version(sni: str) -> str:
    return sni if sni in SNI_VERSIONS else SNI_VERSIONS[0]
