"""Addresses of our own style sheets, scripts and fonts, versioned by content so that browsers may keep them."""

from __future__ import annotations

import functools
import hashlib

from flask import Flask, Response, request

from eventsys.paths import STATIC

ADDRESS = "/static"


@functools.cache
def asset(path: str) -> str:
    """`css/app.css` as `/static/css/app.css?v=…`. A file changed under a running process shows after a restart."""
    return f"{ADDRESS}/{path}?v={hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]}"


def init_assets(app: Flask) -> None:
    app.jinja_env.globals["asset"] = asset

    @app.after_request
    def keep_versioned(response: Response) -> Response:
        if request.endpoint == "static" and response.status_code == 200:
            versioned = "v" in request.args
            response.headers["Cache-Control"] = (
                "public, max-age=31536000, immutable" if versioned else "public, max-age=3600"
            )
        return response
