"""Headers of every answer. No page needs inline script or style, so the policy has no nonce; one page with a rich-text
editor that writes style sheets of its own gets one for these."""

from __future__ import annotations

from flask import Flask, Response, request, session

from eventsys.config import settings

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "script-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def init_security(app: Flask) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if not response.headers["X-Frame-Options"]:
            del response.headers["X-Frame-Options"]
        if settings().served_securely:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if session.accessed or request.path.startswith("/personal"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def with_style_nonce(response: Response, nonce: str) -> Response:
    """Let this page's scripts write style elements that carry the nonce. It must be new for every answer."""
    response.headers["Content-Security-Policy"] = _POLICY.replace(
        "style-src 'self'", f"style-src 'self' 'nonce-{nonce}'"
    )
    return response


def may_be_framed_here(response: Response) -> Response:
    """Allow a page of ours to show this one in a frame, as a sample whose forms go nowhere."""
    here = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = here.replace("form-action 'self'", "form-action 'none'")
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def may_be_framed(response: Response) -> Response:
    """Allow other sites to show this page in a frame (the embeddable list, which has no cookie and no form)."""
    response.headers["Content-Security-Policy"] = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
    response.headers["X-Frame-Options"] = ""
    return response
