"""Rows as files: .xlsx for people, .csv for machines and for those who ask for it. Nothing in them is ever run.

A cell is what somebody typed. In .xlsx every text is written as a text, so a company called `=1+1` stays that. A .csv
has no types, so a cell that a spreadsheet would take for a formula (it begins with = + - @, tab or line break, in
plain or full width) gets an apostrophe before it, which is what spreadsheets themselves use to say "this is text";
names stay readable. See https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import xlsxwriter

Cell = str | int | date | datetime | None


class FileKind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


MIME = {
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
}
# In characters, by the column's name; the others are DEFAULT_WIDTH.
WIDTHS = {
    "Evenemang": 34, "Datum": 12, "Företag": 30, "Organisationsnummer": 20, "Namn": 26, "E-post": 32, "Telefon": 17,
    "Status": 16, "Pass": 34, "Anmäld": 17, "Incheckad": 17, "Källa": 20,
}  # fmt: skip
DEFAULT_WIDTH = 28
_SAFE: dict[str, Any] = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
LONGEST_CELL = 32_767  # of .xlsx
_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")


def sheet(kind: FileKind, columns: Sequence[str], rows: Iterable[Sequence[Cell]], title: str) -> bytes:
    """A table as the bytes of a file. `title` names the sheet of an .xlsx. Rows are read once, one at a time."""
    return xlsx(columns, rows, title) if kind is FileKind.XLSX else b"".join(csv_lines(columns, rows))


def xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]], title: str, above: Sequence[str] = ()) -> bytes:
    """The table with a frozen head and filters; dates are dates. `above` are lines of text over it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _SAFE) as book:
        page = book.add_worksheet(_sheet_name(title))
        bold = book.add_format({"bold": True})
        formats: dict[type, Any] = {date: book.add_format({"num_format": "yyyy-mm-dd"})}
        formats[datetime] = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for number, name in enumerate(columns):
            page.set_column(number, number, WIDTHS.get(name, DEFAULT_WIDTH))
        for number, text in enumerate(above):
            page.write_string(number, 0, text)
        head = last = len(above)
        for number, name in enumerate(columns):
            page.write_string(head, number, name, bold)
        for last, row in enumerate(rows, start=head + 1):
            _write(page, last, row, formats)
        page.freeze_panes(head + 1, 0)
        page.autofilter(head, 0, last, len(columns) - 1)
    return out.getvalue()


def _write(page: Any, line: int, row: Sequence[Cell], formats: dict[type, Any]) -> None:
    for number, cell in enumerate(row):
        if isinstance(cell, date):
            page.write_datetime(line, number, cell, formats[type(cell)])
        elif isinstance(cell, int):
            page.write_number(line, number, cell)
        elif cell:
            page.write_string(line, number, cell[:LONGEST_CELL])


def _sheet_name(title: str) -> str:
    """What a sheet may be called: 31 characters, without []:*?/\\ and no apostrophe at its ends."""
    plain = "".join(" " if character in "[]:*?/\\" else character for character in title)
    return " ".join(plain.split())[:31].strip("' ") or "Deltagare"


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The table as a Swedish Excel opens it by a double click: UTF-8 with a mark, semicolons, CRLF; cells quoted."""
    yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
    yield _line(columns)
    for row in rows:
        yield _line([as_text(cell) for cell in row])


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(harmless, cells))
    return out.getvalue().encode()


def as_text(cell: Cell) -> str:
    """A cell as a file without types has it."""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text
