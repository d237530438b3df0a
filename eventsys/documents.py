"""Paper and pictures: QR codes as SVG and PNG, pages as PDF."""

from __future__ import annotations

import base64
import io
import itertools
from collections.abc import Iterator

import structlog
from flask import render_template
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from eventsys.paths import FONTS, STATIC

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
        import weasyprint  # noqa: F401, PLC0415
    except (ImportError, OSError):
        return False
    return True


def pdf(template: str, **context: object) -> bytes:
    """Render a template as PDF, tagged for screen readers (PDF/UA-1, which costs a third more time).

    It may show `data:` pictures and our own fonts, and fetches nothing else.

    Raises NoPdf when the drawing libraries are missing.
    """
    try:
        from weasyprint import HTML, URLFetcher  # noqa: PLC0415 - heavy, and needs native libraries
    except (ImportError, OSError) as error:
        raise NoPdf from error
    fonts = {"font_folder": FONTS.as_uri(), "static_folder": STATIC.as_uri()}
    html = render_template(template, **fonts, **context)
    document: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=["data", "file"])).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return document
