"""A named QR code as staff hand it out: on the page, as picture files, as a poster on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response
from markupsafe import Markup

from eventsys import documents
from eventsys.downloads import download

PNG_PIXELS = 24  # a module; about 900 pixels a side, sharp at 7 cm on paper


@dataclass(frozen=True)
class QrCode:
    """The address that it holds, and the plain word that its files are called by."""

    address: str
    word: str

    @property
    def typed(self) -> str:
        """The address as one types it."""
        return self.address.partition("://")[2]

    @property
    def svg(self) -> Markup:
        return Markup(documents.qr_svg(self.address, f"QR-kod till {self.address}"))  # noqa: S704 - our own

    def svg_file(self) -> Response:
        return download(self.svg.encode(), "image/svg+xml", f"qr-{self.word}.svg")

    def png_file(self) -> Response:
        return download(documents.qr_png(self.address, PNG_PIXELS), "image/png", f"qr-{self.word}.png")

    def poster_file(self, template: str, **context: Any) -> Response:
        """The poster on one A4; the template gets `code` besides the context. Raises documents.NoPdf."""
        return download(documents.pdf(template, code=self, **context), "application/pdf", f"affisch-{self.word}.pdf")
