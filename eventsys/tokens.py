"""Unguessable names for what people hold in their hands: links and tickets."""

import base64
import hashlib
import hmac
import re
import secrets

from flask import current_app

TICKET_PREFIX = "T1"
_TYPED = "abcdefghjkmnpqrstuvwxyz23456789"
_TICKET = re.compile(r"T1[A-Z2-7]{16}")


def new_token() -> str:
    """A secret for a link: 32 characters, 192 bits, safe in an address."""
    return secrets.token_urlsafe(24)


def new_ticket_code() -> str:
    """The payload of a ticket's QR code: `T1` + 16 characters of upper-case base32, 80 bits, no personal data.

    Only characters of QR's alphanumeric mode, which keeps the symbol small and survives USB scanners that type.
    """
    return TICKET_PREFIX + base64.b32encode(secrets.token_bytes(10)).decode("ascii")


def looks_like_ticket(text: str) -> bool:
    return _TICKET.fullmatch(text) is not None


def human_code(ticket_code: str) -> str:
    """The short code printed beside the QR code, for reading aloud: the first eight characters in two groups."""
    body = ticket_code.removeprefix(TICKET_PREFIX)
    return f"{body[:4]}-{body[4:8]}"


def short_code() -> str:
    """A code to type from a poster: six small letters and digits, none that is mistaken for another. No secret."""
    return "".join(secrets.choice(_TYPED) for _ in range(6))


def mark_of(address: str, purpose: str, length: int = 24) -> str:
    """What stands for an address where it may not stand itself: hexadecimal that only the secret key leads to.

    The same address has another mark for each purpose. With another secret key earlier marks are not found any more.
    """
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"{purpose}:{address}".encode(), hashlib.sha256).hexdigest()[:length]
