"""Imports from beginning to end, as the jobs do them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select

from eventsys.clock import now
from eventsys.columns import has_heading
from eventsys.companies.actors import apply_import, read_import
from eventsys.companies.imports import applying
from eventsys.companies.imports.opening import format_of, own_table
from eventsys.companies.imports.own import guessed_columns
from eventsys.companies.imports.receiving import begin_import, begin_own_import, keep_file, keep_table, path_of
from eventsys.companies.models import Company, CompanySni, Import, ImportFormat, ImportLine, Verdict
from eventsys.database import db, transaction
from tests.companies.imports.generator import BOLAGSVERKET, SCB
from tests.staff_fixtures import see_anew


def bolagsverket_file(path: Path, lines: Iterable[str], end: str = "\n") -> Path:
    heading = '"' + BOLAGSVERKET.replace(";", '";"') + '"'
    path.write_bytes(("".join(f"{line}{end}" for line in [heading, *lines])).encode())
    return path


def scb_file(path: Path, lines: Iterable[str]) -> Path:
    path.write_bytes(("".join(f"{line}\r\n" for line in [SCB, *lines])).encode("latin-1"))
    return path


def zipped(path: Path) -> Path:
    target = path.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.write(path, path.name)
    return target


def csv_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def workbook(rows: Iterable[Iterable[Any]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()


def begun(path: Path, sni: str = "2007") -> int:
    """The file is received, as the pages do it."""
    with path.open("rb") as file:
        key = keep_file(file)
    if format_of(path) is ImportFormat.OWN:
        table = own_table(path_of(key), path.name)
        key = keep_table(table)
        with transaction():
            where, heads = guessed_columns(table), has_heading(table)
            return begin_own_import(path_of(key), key, path.name, "Alva", now(), where, heads, sni).id
    with transaction():
        return begin_import(path_of(key), key, path.name, "Alva", now(), sni).id


def read(path: Path, sni: str = "2007") -> Import:
    """The dry run."""
    import_id = begun(path, sni)
    read_import(import_id)
    return import_of(import_id)


def taken_in(path: Path, sni: str = "2007") -> Import:
    """Read, and then everything that the report says."""
    found = read(path, sni)
    assert found.reason == ""
    return confirmed(found.id)


def confirmed(import_id: int) -> Import:
    with transaction():
        applying.confirm(import_id)
    apply_import(import_id)
    return import_of(import_id)


def import_of(import_id: int) -> Import:
    see_anew()
    return db.session.get_one(Import, import_id)


def lines_of(found: Import, verdict: Verdict | None = None) -> list[ImportLine]:
    rows = db.session.scalars(select(ImportLine).where(ImportLine.import_id == found.id).order_by(ImportLine.line))
    return [line for line in rows if verdict in (None, line.verdict)]


def company(number: str) -> Company:
    see_anew()
    return db.session.scalars(select(Company).where(Company.number == number)).one()


def companies() -> list[Company]:
    see_anew()
    return list(db.session.scalars(select(Company).order_by(Company.id)))


def codes_of(one: Company) -> list[tuple[str, str]]:
    rows = db.session.scalars(select(CompanySni).where(CompanySni.company_id == one.id).order_by(CompanySni.position))
    return [(row.version, row.code) for row in rows]


def make_company(name: str = "Väveriet AB", **given: Any) -> Company:
    made = Company(**{"name": name, "created_at": now(), **given})
    with transaction():
        db.session.add(made)
        db.session.flush()
    return made


def everything() -> dict[str, list[Any]]:
    """Every company with all its columns, contacts, codes and tags."""
    found = {}
    for one in companies():
        columns = [getattr(one, column.key) for column in Company.__table__.columns]
        contacts = [(each.name, each.email, each.phone, each.role) for each in one.contacts]
        found[str(one.id)] = [*columns, contacts, codes_of(one), [tag.key for tag in one.tags]]
    return found


def adds_up(found: Import) -> bool:
    """Whether every line of the file is accounted for."""
    return found.lines == sum(found.counts.get(verdict.value, 0) for verdict in Verdict) and (
        found.counts.get("passed_over", 0)
        == sum(number for name, number in found.counts.items() if name.startswith("passed_over:"))
    )
