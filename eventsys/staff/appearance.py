"""Changing how pages and letters look: texts, colour and logo."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from eventsys import audit
from eventsys.database import after_commit
from eventsys.errors import Refused
from eventsys.identity import Identity, check_accent, forget_identity
from eventsys.onerow import one_row_to_change

LARGEST_FILE = 500 * 1024
LARGEST_PICTURE = 20_000_000  # pixels; a small file may unfold to gigabytes
LOGO_WIDTH, LOGO_HEIGHT = 960, 240  # three times the size it is shown at, for sharp screens and paper

_UNREADABLE = (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning)
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}


class PoorLogo(Refused):
    """The file cannot be a logo."""


@dataclass(frozen=True)
class Logo:
    """A picture ready to be shown: its bytes, drawn anew by us, and `image/png` or `image/jpeg`."""

    content: bytes
    media_type: str


def read_logo(content: bytes) -> Logo:
    """Turn an uploaded file into a logo: judged by its content, scaled down, without what else the file carried.

    Raises PoorLogo when it is larger than LARGEST_FILE, no PNG or JPEG, broken, or unfolds to too many pixels.
    """
    if len(content) > LARGEST_FILE:
        raise PoorLogo(f"Filen är {len(content) // 1024} kB, högst {LARGEST_FILE // 1024} kB går. Spara den mindre.")
    try:
        return _redrawn(content)
    except (*_UNREADABLE, OSError, ValueError, SyntaxError) as error:
        raise PoorLogo("Filen går inte att läsa som bild. Välj en PNG eller JPEG.") from error


def _redrawn(content: bytes) -> Logo:
    with Image.open(io.BytesIO(content), formats=list(_TYPES)) as picture:
        kind = picture.format or ""
        if picture.width * picture.height > LARGEST_PICTURE:
            raise PoorLogo(f"Bilden är {picture.width} × {picture.height} punkter. Spara den mindre.")
        drawn = ImageOps.exif_transpose(picture).convert("RGBA" if kind == "PNG" else "RGB")
    drawn.thumbnail((LOGO_WIDTH, LOGO_HEIGHT))
    drawn.info.clear()
    out = io.BytesIO()
    drawn.save(out, kind, optimize=True)
    return Logo(out.getvalue(), _TYPES[kind])


def change_identity(texts: dict[str, Any], logo: Logo | None = None, remove_logo: bool = False) -> None:
    """Change the identity: `texts` are columns of Identity by name. Without `logo` the one there is stays.

    Raises PoorContrast when white text cannot be read on the accent.
    """
    check_accent(texts["accent"])
    row = one_row_to_change(Identity)
    changed = [name for name, value in texts.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, texts[name])
    if logo or remove_logo:
        row.logo, row.logo_type = (logo.content, logo.media_type) if logo else (None, None)
        changed.append("logo")
    audit.record("identity.changed", "identity:1", fields=changed)
    after_commit(forget_identity)
