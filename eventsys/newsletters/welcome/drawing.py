"""The welcome letter as PDF: the common letter drawn once, the addresses page by page, laid on each other.

An address alone takes 9 ms a page, the whole letter ten times that, and the file holds the letter once, however many
pages show it (docs/decisions/0054).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from markupsafe import Markup

from eventsys import documents
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events.models import Event, EventState
from eventsys.i18n import link, period
from eventsys.newsletters.addresses import sign_up_url
from eventsys.newsletters.printing.envelopes import Addressee, Box, addressed
from eventsys.newsletters.subscriptions.models import SignUpCode
from eventsys.newsletters.welcome.envelopes import FOLDS, PAGE, Layout, layout
from eventsys.newsletters.welcome.models import Folding, WelcomeRound

SAMPLE = Addressee("Exempelföretaget i Borås AB", "c/o Åsa Öberg", "Allégatan 1 B", "50332", "Borås")
TEXT_SIZES = (11, 10.5, 10)  # points


class LetterTooLong(Refused):
    """The letter does not fit on one page; `lines` says by how many lines."""

    def __init__(self, lines: int) -> None:
        self.lines = lines
        much = "en rad" if lines == 1 else f"{lines} rader"
        super().__init__(f"Brevet är {much} för långt för en sida. Korta texten, så får det plats.")


@dataclass(frozen=True)
class Gathering:
    """The gathering for new companies, as the letter tells of it."""

    title: str
    when: str
    where: str
    address: str


# --- drawn --------------------------------------------------------------------------------------------------------


def letter_page(round_: WelcomeRound, window: Box, folding: Folding, day: date) -> bytes:
    """The letter of a round without an address, one page, its text in the largest of TEXT_SIZES that fits.

    Takes a quarter of a second for each size tried. Raises LetterTooLong, NoPdf.
    """
    for points in TEXT_SIZES:
        drawn = _letter(round_, layout(window, folding), day, points)
        beyond = _stamping().lines_beyond_first_page(drawn)
        if not beyond:
            return drawn
    raise LetterTooLong(beyond)


def _letter(round_: WelcomeRound, places: Layout, day: date, points: float) -> bytes:
    event = gathering(round_)
    sign_up = sign_up_url(_code_of(round_))
    return documents.pdf(
        "newsletters/welcome_pdf.html", tagged=False, title=round_.name, layout=places, page=PAGE, points=points,
        heading=round_.subject or "Välkommen", body=Markup(round_.body),  # noqa: S704 - sanitised when it was saved
        day=format_date(day, "d MMMM y", locale="sv_SE"),
        event=event, qr_event=_qr(event.address) if event else "", sign_up=sign_up, qr_sign_up=_qr(sign_up),
    )  # fmt: skip


def gathering(round_: WelcomeRound) -> Gathering | None:
    """The gathering to invite to, while it is published."""
    event = db.session.get(Event, round_.event_id) if round_.event_id else None
    if event is None or event.state is not EventState.PUBLISHED:
        return None
    where = ", ".join(part for part in (event.place, event.address) if part)
    address = link("events.show_event", slug=event.slug)
    return Gathering(event.title, period(event.starts_at, event.ends_at), where, address)


def _code_of(round_: WelcomeRound) -> str:
    code = db.session.get(SignUpCode, round_.code_id) if round_.code_id else None
    return code.code if code else ""


def _qr(address: str) -> str:
    return documents.data_uri(documents.qr_png(address, pixels_per_module=1))


def address_pages(people: Sequence[Addressee], window: Box) -> bytes:
    """A page for each address, in the order given, with nothing else on it. Raises NoPdf."""
    placed = [addressed(one, window) for one in people]
    sizes = sorted({one.points for one in placed})
    return documents.pdf(
        "newsletters/welcome_addresses_pdf.html", tagged=False, addresses=placed, sizes=sizes, window=window
    )


def trial_sheet(window: Box, folding: Folding) -> bytes:
    """The window and the folds drawn on an A4, with a ruler and an address, to hold against an envelope. NoPdf."""
    return documents.pdf(
        "newsletters/welcome_test_sheet_pdf.html", tagged=False, layout=layout(window, folding), window=window,
        page=PAGE, sample=addressed(SAMPLE, window), folds=FOLDS[folding], in_three=folding is Folding.THIRDS,
    )  # fmt: skip


def stamped(letter: bytes, pages: Sequence[bytes], title: str) -> bytes:
    """One PDF: every page of `pages` with the letter under it, which the file holds once."""
    document: bytes = _stamping().stamped(letter, pages, title)
    return document


def _stamping() -> Any:
    from eventsys.newsletters.welcome import stamping  # noqa: PLC0415 - pypdf is heavy, and few processes stamp

    return stamping
