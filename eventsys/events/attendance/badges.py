"""Name badges: several to a sheet of A4, the name as large as it fits, and the ticket's QR code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventsys import documents
from eventsys.events.models import Attendee, Event
from eventsys.events.programme.models import Session
from eventsys.fitting import fit
from eventsys.tokens import human_code

A4 = (210.0, 297.0)  # millimetres, ISO 216


@dataclass(frozen=True)
class Sheet:
    """A sheet of badges. Measures in millimetres, from the upper left corner of an A4.

    `inset` is kept free inside each badge: printers leave 4 to 5 mm at the edges of the paper, holders cover a little.
    """

    code: str
    name: str
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    inset: float
    qr: float
    sizes: tuple[float, ...]  # of the name, in points

    @property
    def per_sheet(self) -> int:
        return self.columns * self.rows

    @property
    def places(self) -> list[tuple[float, float]]:
        """(left, top) of each badge, row by row."""
        return [
            (self.left + column * self.width, self.top + row * self.height)
            for row in range(self.rows)
            for column in range(self.columns)
        ]

    @property
    def room_for_name(self) -> float:
        return self.width - 2 * self.inset


# 54 x 90 mm is the usual insert of a badge holder; ten of them, without gaps, are centred on an A4.
TEN = Sheet("90x54", "10 per ark, 90 × 54 mm", 2, 5, 90, 54, 15, 13.5, 5, 21, (26, 23, 20, 18, 16, 14, 12))
# A7 of ISO 216 lying down: an A4 cut three times, without any waste.
EIGHT = Sheet("a7", "8 per ark, A7 (105 × 74 mm)", 2, 4, 105, 74.25, 0, 0, 9, 26, (32, 28, 25, 22, 19, 16, 13))
SHEETS = {sheet.code: sheet for sheet in (TEN, EIGHT)}


def badge_pages(
    event: Event, people: Sequence[Attendee], sheet: Sheet, sessions: Mapping[int, Sequence[Session]]
) -> bytes:
    """Sheets of badges in the order given, as one PDF. `sessions`: attendee id -> what to write. Raises NoPdf."""
    badges = [_badge(attendee, sheet, sessions.get(attendee.id, ())) for attendee in people]
    return _pdf(event.title, sheet, _placed(badges, sheet), outlines=sheet is EIGHT)


def outline_page(sheet: Sheet) -> bytes:
    """One sheet of outlines with their measures, to hold against the ready-cut paper before the real print. NoPdf."""
    name = fit("Namn Namnsson", sheet.room_for_name, 2, sheet.sizes)
    blank = {"name": name, "company": sheet.name, "sessions": ()}
    return _pdf("Provark", sheet, _placed([blank] * sheet.per_sheet, sheet), outlines=True)


def _badge(attendee: Attendee, sheet: Sheet, sessions: Sequence[Session]) -> dict[str, Any]:
    return {
        "name": fit(attendee.name, sheet.room_for_name, 2, sheet.sizes),
        "company": attendee.registration.company_name,
        "sessions": [session.title for session in sessions],
        "qr": documents.data_uri(documents.qr_png(attendee.ticket_code, pixels_per_module=1)),
        "code": human_code(attendee.ticket_code),
    }


def _placed(badges: list[dict[str, Any]], sheet: Sheet) -> list[list[dict[str, Any]]]:
    """The badges by sheet, each with its place."""
    size = sheet.per_sheet
    pages = [badges[first : first + size] for first in range(0, len(badges), size)]
    return [[{**badge, "place": place} for badge, place in zip(page, sheet.places, strict=False)] for page in pages]


def _pdf(title: str, sheet: Sheet, pages: list[list[dict[str, Any]]], outlines: bool) -> bytes:
    template = "events/staff/badges_pdf.html"
    return documents.pdf(template, tagged=False, title=title, sheet=sheet, pages=pages, outlines=outlines)
