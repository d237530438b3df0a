"""Reading a table from a file that somebody sends: .csv as Swedish programs write it, or .xlsx.

Nothing in the file is trusted: its name, its size, what it unfolds to, its encoding. A formula is text, and is never
reckoned. The file is read in memory and not kept.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from eventsys.errors import Refused

LARGEST_FILE = 2 * 1024 * 1024
MOST_LINES = 5000


@dataclass(frozen=True)
class Limits:
    """How large a file may be, in bytes and in lines below its heading."""

    bytes: int = LARGEST_FILE
    lines: int = MOST_LINES


ORDINARY = Limits()
LONG_LIST = Limits(bytes=4 * 1024 * 1024, lines=20_000)
"""For a register of a whole city's companies or subscribers."""
MOST_COLUMNS = 60
LONGEST_CELL = 1000
LARGEST_UNFOLDED = 60 * 1024 * 1024
MOST_PARTS = 2000

Table = list[list[str]]


class PoorFile(Refused):
    """The file cannot be read as a list; the text says what to do."""


def read_table(content: bytes, file_name: str, limits: Limits = ORDINARY) -> Table:
    """The rows of a file, every cell one line of text, empty rows left out.

    Raises PoorFile when it is larger than `limits` say, or is neither .csv nor .xlsx by its content.
    """
    if not content.strip():
        raise PoorFile("Filen är tom. Välj en fil med minst en rad.")
    if len(content) > limits.bytes:
        most = limits.bytes // 1024**2
        raise PoorFile(f"Filen är större än {most} MB. Dela den i flera, eller ta bort kolumner som inte behövs.")
    is_workbook = content.startswith(b"PK\x03\x04")
    if not is_workbook and file_name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise PoorFile("Filen går inte att läsa som Excel. Öppna den och spara den som .xlsx eller .csv.")
    rows = _workbook_rows(content, limits) if is_workbook else _csv_rows(content)
    return _kept(rows, limits)


def _kept(rows: Iterable[list[str]], limits: Limits) -> Table:
    table: Table = []
    for row in rows:
        if not any(row):
            continue
        if len(table) > limits.lines:  # and a heading
            raise PoorFile(f"Filen har fler än {limits.lines} rader. Dela den i flera.")
        table.append(_trimmed(row))
    if not table:
        raise PoorFile("Filen är tom. Välj en fil med minst en rad.")
    return table


def _trimmed(row: list[str]) -> list[str]:
    """Without the empty cells at its end."""
    last = max(number for number, cell in enumerate(row) if cell)
    return row[: last + 1]


def _cell(value: str) -> str:
    """One line without control characters, as everything that goes into names and letters."""
    printable = "".join(character if character.isprintable() else " " for character in value[:LONGEST_CELL])
    return " ".join(printable.replace("\ufeff", "").split())


# --- csv ----------------------------------------------------------------------------------------------------------


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep="):  # a line that Excel writes for itself
        text = rest
    lines = io.StringIO(text, newline="")
    try:
        for row in csv.reader(lines, delimiter=_delimiter(text)):
            yield [_cell(value) for value in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise PoorFile("Filen går inte att läsa. Spara den som .csv eller .xlsx och försök igen.") from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else what older Swedish programs write (Latin-1)."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(content, "utf-16")
    if b"\x00" in content:
        raise PoorFile("Filen är inte en textfil. Spara listan som .csv eller .xlsx och försök igen.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise PoorFile("Filen är inte en hel textfil. Spara listan igen och försök på nytt.") from error


def _delimiter(text: str) -> str:
    """Whichever of ; , and tab the first line has most of; a comma inside quotes is none."""
    outside = "".join(text.partition("\n")[0].split('"')[::2])
    return max(";,\t", key=lambda mark: (outside.count(mark), mark == ";"))


# --- xlsx ---------------------------------------------------------------------------------------------------------


def _workbook_rows(content: bytes, limits: Limits) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - heavy, and most files are text

    _check_unfolded(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        yield from _sheet_rows(sheet, limits)
    except PoorFile:
        raise
    except Exception as error:  # openpyxl raises whatever a broken part happens to break
        raise PoorFile("Filen går inte att läsa som Excel. Öppna den och spara den som .xlsx eller .csv.") from error


def _sheet_rows(sheet: Any, limits: Limits) -> Iterator[list[str]]:
    """Only so many rows and columns, whatever size the sheet says it has."""
    for row in sheet.iter_rows(max_row=limits.lines * 2, max_col=MOST_COLUMNS, values_only=True):
        yield [_cell(_as_text(value)) for value in row]


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value)


def _check_unfolded(content: bytes) -> None:
    """What the archive says it unfolds to; zipfile reads no byte more than that of any part."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise PoorFile("Filen är skadad. Öppna den, spara den igen och försök på nytt.") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNFOLDED:
        raise PoorFile("Filen är för stor när den packas upp. Spara bara listan i en ny fil och försök igen.")
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise PoorFile("Filen är ingen Excelfil. Spara listan som .xlsx eller .csv och försök igen.")
