"""A film for Chromium's fake camera: one ticket after the other, as people hold them up.

    film_of(folder / "queue.mjpeg", ["T1...", "T1..."])
    page = open_page(flags=(*CAMERA, flag_for(film)), permissions=["camera"])

Chromium shows the film from its beginning each time a page opens the camera, and begins again when it ends.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from eventsys.documents import qr_png

SIZE = (640, 480)
FRAMES = 40  # of each ticket: about one and a half seconds
PAUSE = 10  # frames of an empty table between two of them


def film_of(file: Path, codes: Sequence[str], frames: int = FRAMES) -> Path:
    """Write the film and return its path."""
    empty = _jpeg(Image.new("RGB", SIZE, "#cfc9c0"))
    shown = [_jpeg(_held_up(code)) for code in codes]
    file.write_bytes(b"".join(picture * frames + empty * PAUSE for picture in shown))
    return file


def flag_for(film: Path) -> str:
    """What Chromium is started with."""
    return f"--use-file-for-fake-video-capture={film}"


def _held_up(code: str) -> Image.Image:
    """A ticket on a phone, a little askew, as a camera sees it."""
    scene = Image.new("RGB", SIZE, "#cfc9c0")
    qr = Image.open(io.BytesIO(qr_png(code, 10))).convert("RGB").resize((300, 300))
    scene.paste(qr.rotate(7, expand=True, fillcolor="#cfc9c0"), (150, 60))
    return scene


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()
