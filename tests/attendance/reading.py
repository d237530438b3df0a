"""Reading papers back."""

from __future__ import annotations

import io

import zxingcpp
from PIL import Image
from pypdf import PdfReader


def pages(content: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def pdf_text(content: bytes) -> str:
    return " ".join(pages(content))


def codes(content: bytes, page: int = 0) -> list[str]:
    """What the QR codes drawn on a page hold, in the order they were drawn (pages share their pictures' list)."""
    shown = PdfReader(io.BytesIO(content)).pages[page]
    contents = shown.get_contents()
    assert contents is not None
    drawn = [str(operands[0]) for operands, operator in contents.operations if operator == b"Do"]
    return [text for name in drawn for text in _read(shown.images[name].image)]


def _read(picture: Image.Image | None) -> list[str]:
    assert picture is not None
    size = (picture.width * 8, picture.height * 8)
    large = picture.convert("L").resize(size, Image.Resampling.NEAREST)
    return [code.text for code in zxingcpp.read_barcodes(large)]
