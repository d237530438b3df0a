"""Keys in the links under an article: they prove that a link came from a letter of ours, and say nothing of whose.

A key is ten random bytes and a tag over them and the issue (HMAC-SHA-256 under the secret key, cut to ten bytes). The
random part is kept nowhere, so no row leads from a response to a recipient, not even with the secret at hand.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from flask import current_app

EXAMPLE_KEY = "exempel"
"""Stands in previews and test copies: the page opens and thanks, and nothing is counted."""

_NONCE, _TAG = 10, 10
_LENGTH = (_NONCE + _TAG) * 8 // 5


def new_reader_key(issue_id: int) -> str:
    """32 letters and digits for the links of one copy of an issue."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.b32encode(nonce + _tag(nonce, issue_id)).decode().lower()


def is_reader_key(key: str, issue_id: int) -> bool:
    """Whether the key is one of ours for this issue."""
    given = _bytes_of(key)
    return given is not None and hmac.compare_digest(given[_NONCE:], _tag(given[:_NONCE], issue_id))


def mark_of(key: str, article_id: int) -> str:
    """What is kept of a link that was used on an article: a hash from which the link cannot be had again."""
    return hashlib.sha256(f"{key.lower()}:{article_id}".encode()).hexdigest()


def _bytes_of(key: str) -> bytes | None:
    if len(key) != _LENGTH or not key.isascii():
        return None
    try:
        return base64.b32decode(key.upper())
    except ValueError:
        return None


def _tag(nonce: bytes, issue_id: int) -> bytes:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, b"reader-key:%d:" % issue_id + nonce, hashlib.sha256).digest()[:_TAG]
