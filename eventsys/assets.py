"""Addresses of our own style sheets, scripts and fonts, versioned by content so that browsers may keep them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, request

from eventsys.paths import STATIC


def asset(path: str) -> str:
    """`css/app.css` as `/static/css/app.css?v=…`. Outside production a changed file gets a new address at once."""
    versions: dict[str, tuple[float, str]] = current_app.extensions.setdefault("eventsys_assets", {})
    file = STATIC / path
    changed = file.stat().st_mtime if current_app.debug or path not in versions else versions[path][0]
    if path not in versions or versions[path][0] != changed:
        versions[path] = (changed, _version(file))
    return f"{current_app.static_url_path}/{path}?v={versions[path][1]}"


def _version(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


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
