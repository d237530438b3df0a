"""Opening what somebody sends: plain or in a .zip, checked by its content, read line by line in constant memory.

Nothing in the file is trusted: its name, what it says it unfolds to, its lines' length, its encoding.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from eventsys.companies.models import ImportFormat
from eventsys.tabular import LONG_LIST, PoorFile, Table, read_table

MOST_BYTES = 2_000_000_000
"""Of a file, also when it is unpacked. Bolagsverket's is about half of that."""
LARGEST_RATIO = 100
"""Of unpacked to packed. Lists of companies come to a tenth of that; what comes higher is no list."""
LONGEST_LINE = 100_000
_HEAD = 64 * 1024
_BUFFER = 1024 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What everybody writes. A file packed by LZMA says itself how much memory unpacking takes, up to 4 GB."""
MARK = b"\xef\xbb\xbf"

TOO_LARGE = "Filen är större än 2 GB. Hämta en ny, eller dela den i flera."
DAMAGED = "Filen är skadad: den går inte att packa upp. Hämta den igen och försök på nytt."
CUT = "Filen slutar mitt i en rad, så allt kom inte med. Hämta den igen och försök på nytt."


@dataclass
class Opened:
    """A file's bytes in order, and how many bytes of the file on disk have been read."""

    stream: IO[bytes]
    position: Callable[[], int]


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """The bytes of a file; of a .zip those of the one list in it.

    Raises PoorFile when it is empty, too large, damaged, or unfolds to more than it should; also while it is read.
    """
    _check_size(path)
    try:
        with path.open("rb") as packed:
            is_zip = packed.read(4) in _ZIP
            packed.seek(0)
            if not is_zip:
                yield Opened(packed, packed.tell)
                return
            with zipfile.ZipFile(packed) as folder, folder.open(_the_list(folder)) as part:
                yield Opened(cast(IO[bytes], io.BufferedReader(cast(io.RawIOBase, part), _BUFFER)), packed.tell)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, zlib.error) as error:
        raise PoorFile(DAMAGED) from error
    except RuntimeError as error:  # zipfile's word for a file that wants a password
        if "password" not in str(error) and "encrypted" not in str(error):
            raise
        raise PoorFile("Zip-filen är låst med lösenord. Packa upp den och välj filen inuti.") from error


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if size == 0:
        raise PoorFile("Filen är tom. Välj en fil med minst en rad.")
    if size > MOST_BYTES:
        raise PoorFile(TOO_LARGE)


def _the_list(folder: zipfile.ZipFile) -> zipfile.ZipInfo:
    parts = [part for part in folder.infolist() if not part.is_dir() and not part.filename.startswith("__MACOSX/")]
    if len(parts) != 1:
        raise PoorFile("Zip-filen ska ha en enda fil i sig. Packa upp den och välj filen som har listan.")
    part = parts[0]
    if part.file_size > MOST_BYTES:
        raise PoorFile(TOO_LARGE)
    if part.compress_type not in _PACKED:
        raise PoorFile("Zip-filen är packad på ett ovanligt sätt och går inte att läsa. Packa filen på nytt.")
    if part.file_size > LARGEST_RATIO * max(part.compress_size, 1) and part.file_size > _BUFFER:
        raise PoorFile("Zip-filen packar upp sig till orimligt mycket och läses inte. Packa filen på nytt.")
    return part


def is_workbook(path: Path) -> bool:
    """Whether the file is what Excel writes, which is a .zip too."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as folder:
            return "[Content_Types].xml" in folder.namelist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise PoorFile(DAMAGED) from error


class Lines:
    """The lines of a stream, without line breaks and a byte order mark; `.number` counts them from 1.

    Raises PoorFile for a line that is longer than any list's.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self.number, self._last = stream, 0, b"\n"

    def __iter__(self) -> Iterator[bytes]:
        read = self._stream.readline
        while line := read(LONGEST_LINE + 1):
            self.number += 1
            self._last = line
            if len(line) > LONGEST_LINE:
                raise PoorFile(f"Rad {self.number} är orimligt lång. Filen är ingen lista över företag, eller skadad.")
            yield line.rstrip(b"\r\n")

    @property
    def is_cut(self) -> bool:
        """Whether the line read last has no end; only the last of a file can be without."""
        return not self._last.endswith(b"\n")

    def heading(self) -> bytes:
        """The first line."""
        return next(iter(self), b"").removeprefix(MARK)


def format_of(path: Path) -> ImportFormat:
    """Whose format the file has, by its first lines. Raises PoorFile when it has nobody's."""
    if is_workbook(path):
        return ImportFormat.OWN
    with opened(path) as file:
        head = file.stream.read(_HEAD)
    if not head.strip():
        raise PoorFile("Filen är tom. Välj en fil med minst en rad.")
    if b"\x00" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PoorFile("Filen är ingen textfil. Välj en .csv, .xlsx, .txt eller en .zip med en sådan i sig.")
    heading = head.partition(b"\n")[0]
    if b"organisationsidentitet" in heading:
        return ImportFormat.BOLAGSVERKET
    if b"PeOrgNr" in heading:
        return ImportFormat.SCB
    if b"-IDORG" in heading or heading.count(b"\t") > 15:
        raise PoorFile("Filen saknar rubrikraden som ska stå först. Hämta filen igen och ändra inget i den.")
    return ImportFormat.OWN


def own_table(path: Path, name: str) -> Table:
    """The rows of a list of our own. Raises PoorFile; at most LONG_LIST of it is ever in memory."""
    if is_workbook(path):
        with path.open("rb") as workbook:
            return read_table(workbook.read(LONG_LIST.bytes + 1), name, LONG_LIST)
    with opened(path) as file:
        return read_table(file.stream.read(LONG_LIST.bytes + 1), name.removesuffix(".zip"), LONG_LIST)
