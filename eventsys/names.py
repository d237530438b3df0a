"""How names are compared and sorted the Swedish way."""

from __future__ import annotations

import re
import unicodedata

# Svenska skrivregler and CLDR's sv: after z come å, ä, ö ("{" follows "z" in ASCII); ü is sorted as y.
_ORDER = {"å": "{a", "ä": "{b", "æ": "{b", "ö": "{c", "ø": "{c", "œ": "{c", "ő": "{c", "ü": "y", "ű": "y"}
_PLAIN = {"æ": "ae", "ø": "o", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_NOT_IN_ADDRESS = re.compile(r"[^a-z0-9]+")


def sort_key(name: str) -> str:
    """A text whose plain order is Swedish order: a to z, å, ä, ö; v and w apart; é as e. Family name first.

    SQLite and the C locale cannot sort å ä ö, so the order lies in a column.
    """
    first, _, last = name.strip().rpartition(" ")
    return collated(f"{last}, {first}")[:240]


def collated(text: str) -> str:
    """A text as sort keys hold it, for looking in them."""
    composed = unicodedata.normalize("NFC", text.lower())
    return "".join(_ORDER.get(character) or _without_accents(character) for character in composed)


def _without_accents(character: str) -> str:
    parts = unicodedata.normalize("NFKD", _PLAIN.get(character, character))
    return "".join(part for part in parts if not unicodedata.combining(part))


def slug(text: str) -> str:
    """`Näringslivsdagen 2026` as `naringslivsdagen-2026`: readable in an address, at most 100 characters."""
    plain = "".join(_without_accents(character) for character in text.lower())
    return _NOT_IN_ADDRESS.sub("-", plain).strip("-")[:100].strip("-") or "evenemang"
