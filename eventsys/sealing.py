"""Secrets that a row must give back as they were: sealed with keys that follow from the secret key.

Whoever reads only the database (a stray backup) reads none of them. With another secret key they are lost.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from eventsys.config import settings


class BrokenSeal(Exception):
    """It was sealed with another secret key, for another purpose, or changed since."""


def seal(secret: str, purpose: str) -> str:
    """The secret as it may be kept: text of ASCII, about a third longer and 100 characters. New every time."""
    return _box(purpose).encrypt(secret.encode()).decode("ascii")


def unseal(sealed: str, purpose: str) -> str:
    """The secret again. Raises BrokenSeal."""
    try:
        return _box(purpose).decrypt(sealed).decode()
    except InvalidToken as error:
        raise BrokenSeal from error


def _box(purpose: str) -> Fernet:
    """AES-128-CBC with HMAC-SHA-256 under a key of this purpose's own (HKDF, RFC 5869)."""
    kept = HKDF(SHA256(), length=32, salt=None, info=f"eventsys.{purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(kept.derive(settings().secret_key.encode())))
