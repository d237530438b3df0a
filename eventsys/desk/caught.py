"""Showing letters that the local catcher kept. Whatever a letter holds, it runs nothing and fetches nothing."""

from __future__ import annotations

import io
from enum import StrEnum

from flask import Response, send_file

from eventsys.config import settings
from eventsys.mail.catcher import HOST, CaughtAttachment, CaughtLetter

FILE_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


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


def download(attachment: CaughtAttachment) -> Response:
    """A file that came with a letter, to be saved and never shown in the browser."""
    answer = send_file(
        io.BytesIO(attachment.content), mimetype=attachment.content_type, as_attachment=True,
        download_name=attachment.filename, max_age=0,
    )  # fmt: skip
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer
