"""The addresses that stand in an issue's letter. What differs from copy to copy is a token (see mail/splice.py)."""

from __future__ import annotations

from eventsys.config import settings
from eventsys.i18n import ENGLISH, language

# Tokens of every issue: two whole addresses, and the key in the links under an article.
LEAVE, PREFERENCES, READER = "LEAVE", "PREFERENCES", "READER"
TOKENS = (LEAVE, PREFERENCES, READER)
LETTER = "newsletters/issue"
"""The kind of letter, as the mail slice knows it."""


def leave_url(reader_token: str, list_key: str) -> str:
    """Where one leaves a list with one click (POST), or sees the button for it (GET)."""
    return f"{_base()}/avsluta/{reader_token}?brev={list_key}"


def preferences_url(reader_token: str) -> str:
    """Where a reader chooses letters and changes the address."""
    return f"{_base()}/nyhetsbrev/val/{reader_token}"


def response_url(article_token: str, key: str = f"@@{READER}@@") -> str:
    """Where a reader says whether an article was useful."""
    return f"{_base()}/foretagsamt/svar/{article_token}/{key}"


def issue_url(year: int, number: int) -> str:
    """The issue in the archive."""
    return f"{_base()}/foretagsamt/{year}/{number}"


def sign_up_url(code: str = "") -> str:
    """Where one asks for the letter; with the code of a named QR code whoever comes by it is counted there."""
    return f"{_base()}/nyhetsbrev?kalla={code}" if code else f"{_base()}/nyhetsbrev"


def sign_up_path() -> str:
    """The same on our own pages, in the language of the page."""
    return "/en/nyhetsbrev" if language() == ENGLISH else "/nyhetsbrev"


def picture_url(picture_token: str) -> str:
    """A picture of an article, kept for long by whoever fetches it."""
    return f"{_base()}/bild/{picture_token}"


def _base() -> str:
    return settings().base_url.rstrip("/")
