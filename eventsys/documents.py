"""Paper and pictures: QR codes as SVG and PNG, pages as PDF."""

from __future__ import annotations

import base64
import io
import itertools
from collections.abc import Iterator
from typing import Any

import structlog
from flask import render_template
from PIL import Image, ImageFile
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from eventsys.paths import FONTS

log = structlog.get_logger()

QUIET_ZONE = 4  # modules of white around the symbol, as ISO/IEC 18004 demands


def qr_matrix(payload: str) -> list[list[bool]]:
    """The modules of a QR code (True is dark), quiet zone included. A fixed mask is five times as fast as the best."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, mask_pattern=3)
    code.add_data(payload)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def qr_svg(payload: str, title: str) -> str:
    """A QR code as one SVG element, black on white in every theme, any size; `title` is read aloud."""
    matrix = qr_matrix(payload)
    size = len(matrix)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(matrix) for x, length in _dark_runs(row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" class="qr" '
        f'aria-label="{_attribute(title)}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def _dark_runs(row: list[bool]) -> Iterator[tuple[int, int]]:
    """(where it begins, how long it is) of each run of dark modules."""
    x = 0
    for dark, run in itertools.groupby(row):
        length = len(list(run))
        if dark:
            yield x, length
        x += length


def qr_png(payload: str, pixels_per_module: int = 8) -> bytes:
    """A QR code as a black and white PNG, for letters (mail programs show no SVG)."""
    matrix = qr_matrix(payload)
    small = Image.new("1", (len(matrix), len(matrix)), 1)
    small.putdata([0 if dark else 1 for row in matrix for dark in row])
    side = len(matrix) * pixels_per_module
    out = io.BytesIO()
    small.resize((side, side), Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def data_uri(png: bytes) -> str:
    """A PNG as an address that holds the picture itself."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


class NoPdf(Exception):
    """The machine lacks the libraries that draw PDF (pango). `eventsys check` says so."""


def draws_pdf() -> bool:
    """Whether this machine has what drawing PDF needs."""
    try:
        _weasyprint()
    except NoPdf:
        return False
    return True


def pdf(template: str, tagged: bool = True, **context: object) -> bytes:
    """Render a template as PDF, tagged for screen readers (PDF/UA-1, which costs a third more time), or for paper only.

    The template names our fonts by `font_regular` and `font_bold`; it may show `data:` pictures and fetches nothing
    else, neither from a network nor from the disk. Raises NoPdf when the drawing libraries are missing.
    """
    weasyprint = _weasyprint()
    fonts = [(FONTS / f"hanken-grotesk-{weight}.ttf").as_uri() for weight in ("regular", "bold")]

    class OnlyOurs(weasyprint.URLFetcher):  # type: ignore[name-defined]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:") and url not in fonts:
                raise ValueError(f"a document asked for {url}")
            return super().fetch(url, headers)

    html = render_template(template, font_regular=fonts[0], font_bold=fonts[1], **context)
    fetcher = OnlyOurs(allowed_protocols=["data", "file"])
    variant = "pdf/ua-1" if tagged else None
    document: bytes = weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(pdf_variant=variant)
    return document


def _weasyprint() -> Any:
    try:
        import weasyprint  # noqa: PLC0415 - heavy, and needs native libraries
    except (ImportError, OSError) as error:
        raise NoPdf from error
    # It makes broken pictures pass for the whole process; uploaded logos must still be refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    return weasyprint
