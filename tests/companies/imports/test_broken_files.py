"""Files that are broken, too large or something else: a message that says what to do, and nothing is changed."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha512
from pathlib import Path

import pytest

from eventsys.companies.actors import BROKE
from eventsys.companies.imports import opening
from eventsys.companies.imports.opening import format_of, own_table
from eventsys.companies.imports.receiving import NoPostcodes, folder
from eventsys.companies.models import Company, ImportLine, ImportState
from eventsys.database import db
from eventsys.tabular import PoorFile
from tests.companies.imports.generator import BOLAGSVERKET, SCB, bolagsverket_line, number, scb_line
from tests.companies.imports.scenes import bolagsverket_file, read, scb_file, workbook, zipped

HEADING = '"' + BOLAGSVERKET.replace(";", '";"') + '"'
LINES = [bolagsverket_line(number(n), "Åkes AB") for n in range(40)]
WHOLE = "\n".join([HEADING, *LINES]) + "\n"


def count(kind: type) -> int:
    return db.session.query(kind).count()


@pytest.mark.usefixtures("ours")
@pytest.mark.parametrize(
    ("content", "says"),
    [
        (WHOLE[:-60].encode(), "slutar mitt i en rad"),
        ((WHOLE + LINES[0][:40]).encode(), "slutar mitt i en rad"),
        ((SCB + "\r\n" + scb_line(number(1)) + "\r\n" + scb_line(number(2))[:30]).encode("latin-1"), "mitt i en rad"),
        (WHOLE.encode("latin-1"), "inte skriven i UTF-8"),
        (HEADING.encode() + b"\n", "inga rader"),
        ((HEADING + "\n" + "skräp\n" * 300).encode(), "De flesta raderna"),
        ((HEADING + "\n" + LINES[0] + "\n" + "x" * 1_000_000 + "\n").encode(), "orimligt lång"),
        (WHOLE.replace("postadress", "adress").encode(), "saknar kolumnen postadress"),
        (
            WHOLE.replace("postadress", "a").replace("organisationsform", "b").encode(),
            "kolumnerna organisationsform, p",
        ),
        (SCB.replace("PostNr", "Nr", 1).encode() + b"\n" + scb_line(number(1)).encode() + b"\n", "kolumnen PostNr"),
    ],
)
def test_a_broken_bulk_file_fails_with_a_message(app: object, folder_: Path, content: bytes, says: str) -> None:
    path = folder_ / "a.txt"
    path.write_bytes(content)
    found = read(path)
    assert found.state is ImportState.FAILED
    assert says in found.reason
    assert (count(Company), count(ImportLine)) == (0, 0)
    assert list(folder().iterdir()) == []


@pytest.mark.usefixtures("ours")
def test_a_line_with_nul_bytes_does_no_harm(app: object, folder_: Path) -> None:
    path = bolagsverket_file(folder_ / "a.txt", [*LINES, bolagsverket_line(number(90), "N\x00U\x00L AB")])
    path.write_bytes(path.read_bytes().replace(b"\x00", b"") + b"\x00\x00\n")
    with pytest.raises(PoorFile, match="ingen textfil"):
        format_of(path)
    far = bolagsverket_file(folder_ / "b.txt", [*LINES * 10, bolagsverket_line(number(90), "N\x00U\x00L AB")])
    found = read(far)
    assert (found.state, found.counts["new"]) == (ImportState.READ, 41)


@pytest.fixture
def folder_(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "tom"),
        (b"  \n \n", "tom"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "ingen textfil"),
        ("\n".join(LINES).encode(), "saknar rubrikraden"),
        (scb_line(number(1)).encode(), "saknar rubrikraden"),
    ],
)
def test_what_is_no_list_is_refused_at_once(folder_: Path, content: bytes, says: str) -> None:
    path = folder_ / "a.txt"
    path.write_bytes(content)
    with pytest.raises(PoorFile, match=says):
        format_of(path)


def test_a_file_of_more_than_two_gigabytes_is_refused_unread(folder_: Path) -> None:
    path = folder_ / "a.txt"
    with path.open("wb") as file:
        file.write(WHOLE.encode())
        file.truncate(2 * 1024**3 + 1)
    with pytest.raises(PoorFile, match="större än 2 GB"):
        format_of(path)


def test_a_zip_that_was_cut_is_damaged(folder_: Path) -> None:
    whole = zipped(bolagsverket_file(folder_ / "a.txt", LINES))
    whole.write_bytes(whole.read_bytes()[:-30])
    with pytest.raises(PoorFile, match="skadad"):
        format_of(whole)


@pytest.mark.usefixtures("ours")
def test_a_zip_whose_content_is_damaged_fails_while_it_is_read(app: object, folder_: Path) -> None:
    lines = [bolagsverket_line(number(n), text=sha512(b"%d" % n).hexdigest()) for n in range(6000)]
    path = zipped(bolagsverket_file(folder_ / "a.txt", lines))
    assert (folder_ / "a.txt").stat().st_size > 1.5 * opening._BUFFER
    content = bytearray(path.read_bytes())
    content[len(content) * 19 // 20] ^= 0xFF  # behind what is looked at first
    path.write_bytes(content)
    found = read(path)
    assert (found.state, count(Company), count(ImportLine)) == (ImportState.FAILED, 0, 0)
    assert found.reason not in ("", BROKE)


def _zip_of(parts: dict[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packed) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (_zip_of({"a.txt": b"a", "b.txt": b"b"}), "en enda fil"),
        (_zip_of({}), "en enda fil"),
        (_zip_of({"a.txt": b"0" * 30_000_000}), "orimligt mycket"),
        (_zip_of({"a.txt": WHOLE.encode()}, zipfile.ZIP_LZMA), "ovanligt sätt"),
        (_zip_of({"a.txt": WHOLE.encode()}, zipfile.ZIP_BZIP2), "ovanligt sätt"),
    ],
)
def test_a_zip_with_anything_but_one_list_is_refused(folder_: Path, content: bytes, says: str) -> None:
    path = folder_ / "a.zip"
    path.write_bytes(content)
    with pytest.raises(PoorFile, match=says):
        format_of(path)


def test_a_zip_that_says_it_unfolds_to_more_than_two_gigabytes_is_refused(
    folder_: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(bolagsverket_file(folder_ / "a.txt", LINES))
    monkeypatch.setattr(opening, "MOST_BYTES", path.stat().st_size + 1)
    with pytest.raises(PoorFile, match="större än 2 GB"):
        format_of(path)


def test_a_workbook_that_unfolds_to_too_much_is_refused(folder_: Path) -> None:
    content = io.BytesIO(workbook([["Företag"], ["Ek AB"]]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet9.xml", b"0" * 70_000_000)
    path = folder_ / "a.xlsx"
    path.write_bytes(content.getvalue())
    with pytest.raises(PoorFile, match="för stor"):
        own_table(path, "a.xlsx")


@pytest.mark.parametrize("make", [bolagsverket_file, scb_file])
def test_without_postcodes_a_bulk_file_is_not_even_begun(app: object, folder_: Path, make: object) -> None:
    lines = [bolagsverket_line(number(1))] if make is bolagsverket_file else [scb_line(number(1))]
    with pytest.raises(NoPostcodes, match="Skriv in kommunens postnummer"):
        read(make(folder_ / "a.txt", lines))  # type: ignore[operator]
