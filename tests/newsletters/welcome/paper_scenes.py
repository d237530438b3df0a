"""Rounds with letters on paper, and a reader of what is printed where."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import zxingcpp
from PIL import Image
from pypdf import PageObject, PdfReader

from eventsys.clock import now
from eventsys.companies.models import Company
from eventsys.database import db, transaction
from eventsys.newsletters.printing.envelopes import Addressee, Box
from eventsys.newsletters.subscriptions.models import SignUpCode
from eventsys.newsletters.welcome.models import Choice, RoundState, WelcomeLetter, WelcomeRound
from eventsys.tokens import short_code
from tests.newsletters.readers.scenes import keep, make_company

_numbers = itertools.count(1)
MM = 72 / 25.4
BODY = (
    "<p>Roligt att du har startat företag här. Vi svarar på frågor och hittar rätt person på kommunen.</p>"
    "<h3>Det här kan du få hjälp med</h3><ul><li>Tillstånd och lokaler.</li><li>Rådgivning.</li></ul>"
    '<p>Läs mer på <a href="https://naring.example/ny">vår sida</a>.</p><p>Åsa Öberg, Ärlig &amp; Co</p>'
)


def make_round(state: RoundState = RoundState.SENT, **given: Any) -> WelcomeRound:
    """A round whose list is frozen, without letters."""
    at, number = now(), next(_numbers)
    code = SignUpCode(code=short_code(), name=f"Välkomstbrev {number}", made_by="Alva", created_at=at)
    keep(code)
    values = {
        "year": 2026, "number": number, "state": state, "registered_until": date(2026, 6, 1),
        "subject": "Välkommen som företagare i Borås", "body": BODY, "code_id": code.id,
        "created_at": at, "changed_at": at,
    }  # fmt: skip
    made = WelcomeRound(**{**values, **given})
    keep(made)
    return made


def make_letter(round_: WelcomeRound, name: str = "", choice: Choice = Choice.PAPER, **given: Any) -> WelcomeLetter:
    """What becomes of a new company; on paper unless something else is said."""
    name = name or f"Väveriet nr {next(_numbers)} AB"
    values = {
        "recipient": name, "street": "Allégatan 1", "postcode": "50332", "place": "Borås", "created_at": now(),
    }  # fmt: skip
    letter = WelcomeLetter(round_id=round_.id, company_id=make_company(name).id, choice=choice, **{**values, **given})
    keep(letter)
    return letter


def make_letters(round_: WelcomeRound, number: int) -> list[WelcomeLetter]:
    """Many, at different postcodes."""
    names = [f"Företaget Ånga & Öra {n:04} AB" for n in range(number)]
    companies = [Company(name=name, created_at=now()) for name in names]
    keep(*companies)
    letters = [
        WelcomeLetter(
            round_id=round_.id, company_id=company.id, choice=Choice.PAPER, recipient=name, street=f"Gatan {n}",
            postcode=f"50{n % 90 + 110:03}", place="Borås", created_at=now(),
        )
        for n, (company, name) in enumerate(zip(companies, names, strict=True))
    ]  # fmt: skip
    keep(*letters)
    return letters


def strike(letter: WelcomeLetter) -> None:
    """As a colleague does after the list was frozen."""
    with transaction():
        row = db.session.get(WelcomeLetter, letter.id)
        assert row is not None
        row.choice, row.reason = Choice.STRUCK, "Revisorns adress"


def addressee(name: str = "Väveriet AB", **given: str) -> Addressee:
    values = {"care_of": "", "street": "Allégatan 1", "postcode": "50332", "place": "Borås"}
    return Addressee(name, **{**values, **given})  # type: ignore[arg-type]


# --- reading what is printed --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Printed:
    """A piece of text and its baseline's beginning, in millimetres from the upper left corner."""

    text: str
    left: float
    baseline: float
    points: float


def pages_of(content: bytes) -> Sequence[PageObject]:
    return PdfReader(io.BytesIO(content)).pages


def printed(page: PageObject) -> list[Printed]:
    """Every piece of text on a page, the letter's under the address too."""
    found: list[Printed] = []
    height = float(page.mediabox.height)

    def see(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if text.strip():
            x, y = _moved(tm[4], tm[5], cm)
            found.append(Printed(text.strip("\n"), x / MM, (height - y) / MM, abs(size * tm[3] * cm[3])))

    page.extract_text(visitor_text=see)
    return found


def _moved(x: float, y: float, cm: list[float]) -> tuple[float, float]:
    return x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]


def text_of(page: PageObject) -> str:
    return " ".join(page.extract_text().split())


def texts_of(content: bytes) -> list[str]:
    return [text_of(page) for page in pages_of(content)]


def codes_on(page: PageObject) -> set[str]:
    """What the QR codes on a page hold, wherever they lie in it."""
    found = set()
    for image in page.images:
        picture = image.image
        assert picture is not None
        size = (picture.width * 8, picture.height * 8)
        large = picture.convert("L").resize(size, Image.Resampling.NEAREST)
        found |= {code.text for code in zxingcpp.read_barcodes(large)}
    return found


def within(box: Box, piece: Printed, width: float) -> bool:
    """Whether a line of this width, ascenders and descenders included, lies in the box."""
    high, deep = 0.75 * piece.points / MM, 0.22 * piece.points / MM
    fits_down = box.top <= piece.baseline - high and piece.baseline + deep <= box.bottom
    return fits_down and box.left <= piece.left and piece.left + width <= box.right
