"""Showing letters that the local catcher kept. Whatever a letter holds, it runs nothing and fetches nothing."""

from __future__ import annotations

import io
import re
from enum import StrEnum

from flask import Response, send_file

from eventsys.config import settings
from eventsys.mail.catcher import HOST, CaughtAttachment, CaughtLetter

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
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_NEW_WINDOWS = '<base target="_blank">'


class View(StrEnum):
    """The tabs of a caught letter; the values stand in the address."""

    HTML = "html"
    TEXT = "text"
    HEADERS = "huvud"
    FILES = "bilagor"


def catches_letters() -> bool:
    """Whether letters are caught here instead of being sent: no relay is set, or it is the catcher of this machine."""
    relay = settings().smtp_url
    return not relay or (relay.startswith(f"smtp://{HOST}:") and relay.endswith("?starttls=never"))


def views_of(letter: CaughtLetter) -> list[View]:
    """The tabs that have something to show, the first one first."""
    has = {View.HTML: letter.html, View.TEXT: letter.text, View.HEADERS: True, View.FILES: letter.attachments}
    return [view for view, something in has.items() if something]


def framed(letter: CaughtLetter) -> Response:
    """The letter's HTML as the answer for its frame, with a policy of its own."""
    html = letter.html
    head = _HEAD.search(html)
    at = head.end() if head else 0
    answer = Response(html[:at] + _NEW_WINDOWS + html[at:], mimetype="text/html")
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def download(attachment: CaughtAttachment) -> Response:
    """A file that came with a letter, to be saved and never shown in the browser."""
    answer = send_file(
        io.BytesIO(attachment.content), mimetype=attachment.content_type, as_attachment=True,
        download_name=attachment.filename, max_age=0,
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer
