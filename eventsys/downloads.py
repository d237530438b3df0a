"""A file as the answer to a request."""

from __future__ import annotations

from flask import Response


def download(content: bytes, mime: str, name: str) -> Response:
    """The content as a file that the browser saves under this plain name; nobody keeps it on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, mimetype=mime, headers=headers)
