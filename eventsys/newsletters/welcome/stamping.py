"""PDF laid on PDF: a letter that the file holds once, under every page of addresses (docs/decisions/0054)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, IndirectObject, NameObject, StreamObject

_LETTER = NameObject("/Letter")


def lines_beyond_first_page(drawn: bytes) -> int:
    """How many lines of text stand on pages after the first; 0 when there are none."""
    rest = PdfReader(io.BytesIO(drawn)).pages[1:]
    lines = sum(bool(line.strip()) for page in rest for line in page.extract_text().splitlines())
    return max(lines, 1) if rest else 0


def stamped(letter: bytes, pages: Sequence[bytes], title: str) -> bytes:
    """One PDF: every page of `pages` with the letter under it, which the file holds once."""
    out = io.BytesIO()
    with PdfWriter() as writer:
        under = _as_form(PdfReader(io.BytesIO(letter)).pages[0], writer)
        call = writer._add_object(_stream(b"q /Letter Do Q\n"))
        for page in _appended(writer, pages):
            _lay_under(page, under, call)
        writer.compress_identical_objects(remove_unreferenced=True)
        writer.add_metadata({"/Title": title})
        writer.write(out)
    return out.getvalue()


def _appended(writer: PdfWriter, pages: Sequence[bytes]) -> Iterator[PageObject]:
    for part in pages:
        writer.append(io.BytesIO(part), import_outline=False)
    yield from writer.pages


def _as_form(page: PageObject, writer: PdfWriter) -> IndirectObject:
    """The page as a thing that pages show by its name (ISO 32000, form XObjects)."""
    contents = page.get_contents()
    form = _stream(contents.get_data() if contents is not None else b"")
    form[NameObject("/Type")], form[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    form[NameObject("/BBox")] = page.mediabox
    form[NameObject("/Resources")] = _dictionary(page["/Resources"]).clone(writer)
    return writer._add_object(form)


def _stream(content: bytes) -> StreamObject:
    stream = DecodedStreamObject()
    stream.set_data(content)
    return stream.flate_encode()


def _lay_under(page: PageObject, under: IndirectObject, call: IndirectObject) -> None:
    page[NameObject("/Contents")] = ArrayObject([call, page.raw_get("/Contents")])
    resources = _dictionary(page["/Resources"])
    things = _dictionary(resources.setdefault(NameObject("/XObject"), DictionaryObject()))
    things[_LETTER] = under


def _dictionary(thing: Any) -> DictionaryObject:
    found = thing.get_object()
    assert isinstance(found, DictionaryObject)
    return found
