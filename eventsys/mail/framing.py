"""A letter's HTML as the answer for a frame on a page of ours: it runs nothing and fetches nothing."""

from __future__ import annotations

import re

from flask import Response

# For the letter in its frame only. Links open in windows of their own, which are ordinary ones.
LETTER_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src data: 'self'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    )
)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_NEW_WINDOWS = '<base target="_blank">'


def framed(html: str) -> Response:
    """The letter with a policy of its own."""
    head = _HEAD.search(html)
    at = head.end() if head else 0
    answer = Response(html[:at] + _NEW_WINDOWS + html[at:], mimetype="text/html")
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
