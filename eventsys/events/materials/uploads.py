"""What an uploaded file is, judged by its content and not by its name."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image, UnidentifiedImageError

from eventsys.errors import Refused
from eventsys.forms import squeeze

LARGEST = 20 * 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "txt": "text/plain",
}
_HEART = {"pptx": "ppt/presentation.xml", "docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
_UNREADABLE = (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError)


class PoorFile(Refused):
    """The file cannot be handed out; the text says what to do."""


@dataclass(frozen=True)
class Upload:
    """A file ready to be kept: a clean name with its ending, the type that its content has."""

    name: str
    content_type: str
    content: bytes


def read_upload(file_name: str, content: bytes) -> Upload:
    """Raises PoorFile when it is empty, larger than LARGEST, of a kind not allowed, or not what its name says."""
    name = _clean(file_name)
    kind = name.rpartition(".")[2].lower()
    if kind not in TYPES:
        raise PoorFile("Välj en pdf, pptx, docx, xlsx, png, jpg eller txt.")
    if not content:
        raise PoorFile("Filen är tom. Välj en annan.")
    if len(content) > LARGEST:
        raise PoorFile("Filen är större än 20 MB. Spara den mindre, eller lägg till en länk i stället.")
    if not _is(kind, content):
        raise PoorFile(f"Filen är ingen {kind}, fast namnet säger det. Öppna den, spara den igen och försök på nytt.")
    return Upload(name, TYPES[kind], content)


def _clean(file_name: str) -> str:
    """The last part of the name, on one line, without what file systems or headers stumble on."""
    last = squeeze(PurePosixPath(file_name.replace("\\", "/")).name)
    plain = "".join(character for character in last if character not in '<>:"/\\|?*;%')
    stem, dot, ending = plain.rpartition(".")
    return f"{(stem.strip(' .') or 'material')[:150]}{dot}{ending[:8]}"


def _is(kind: str, content: bytes) -> bool:
    if kind == "pdf":
        return b"%PDF-" in content[:1024]
    if kind in _HEART:
        return _is_office(kind, content)
    return _is_text(content) if kind == "txt" else _is_picture(kind, content)


def _is_office(kind: str, content: bytes) -> bool:
    """An office document of that kind, without macros."""
    try:
        parts = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    has_macros = any(part.lower().endswith("vbaproject.bin") for part in parts)
    return "[Content_Types].xml" in parts and _HEART[kind] in parts and not has_macros


def _is_text(content: bytes) -> bool:
    if b"\x00" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return not any(byte < 9 for byte in content)
    return True


def _is_picture(kind: str, content: bytes) -> bool:
    wanted = "PNG" if kind == "png" else "JPEG"
    try:
        with Image.open(io.BytesIO(content), formats=[wanted]) as picture:
            picture.verify()
    except (*_UNREADABLE, ValueError, SyntaxError):
        return False
    return True
