"""Doors for what the phone keeps: the page's modules under an address that changes with them, its worker, its manifest.

The modules import each other by plain relative addresses, so the version stands in the path and not in a query.
"""

from __future__ import annotations

import functools
import hashlib
import json

from flask import Response, jsonify

from eventsys.assets import asset
from eventsys.errors import NotFound
from eventsys.events.checkin.entering import path_of
from eventsys.events.checkin.pages.doors import doors, place_at
from eventsys.i18n import url
from eventsys.paths import STATIC, TEMPLATES

FOLDER = STATIC / "js" / "door"
READER, READER_WASM = "vendor/zxing/zxing_reader.js", "vendor/zxing/zxing_reader.wasm"
_PARTS = ("css/app.css", "css/door.css", "icons.svg", "icon.svg", READER, READER_WASM)
_FONT = "/static/vendor/fonts/hanken-grotesk.woff2"


@functools.cache
def version() -> str:
    """Changes with anything that the phone keeps."""
    files = [*sorted(FOLDER.glob("*.js")), *sorted((TEMPLATES / "events" / "door").iterdir())]
    files += [STATIC / part for part in _PARTS]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


@doors.get("/kod/<wanted>/<name>.js")
def show_script(wanted: str, name: str) -> Response:
    """A module; an older version's address gives the one of today, and is not kept."""
    file = FOLDER / f"{name}.js"
    if file not in set(FOLDER.glob("*.js")):
        raise NotFound
    kept = "public, max-age=31536000, immutable" if wanted == version() else "no-cache"
    return Response(file.read_text("utf-8"), mimetype="text/javascript", headers={"Cache-Control": kept})


@doors.get("/<token>/arbetare.js")
def show_worker(token: str) -> Response:
    """The service worker of this door alone: what it keeps, then static/js/door/worker.js."""
    door = place_at(token).door
    kept = {"page": path_of(door), "version": version(), "files": _files()}
    script = f"const KEPT = {json.dumps(kept)};\n" + (FOLDER / "worker.js").read_text("utf-8")
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": path_of(door)}
    return Response(script, mimetype="text/javascript", headers=headers)


def _files() -> list[str]:
    modules = [f"/dorr/kod/{version()}/{file.name}" for file in sorted(FOLDER.glob("*.js")) if file.stem != "worker"]
    return [*modules, *(asset(part) for part in _PARTS), _FONT, url("identity.show_stylesheet")]


@doors.get("/<token>/manifest.webmanifest")
def show_manifest(token: str) -> Response:
    """What lets the page be put on the phone's home screen."""
    door = place_at(token).door
    answer = jsonify(
        name=f"Insläpp: {door.event.title}",
        short_name=door.name[:30],
        lang="sv",
        start_url=path_of(door),
        scope=path_of(door),
        display="standalone",
        background_color="#131819",
        theme_color="#131819",
        icons=[{"src": asset("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    )
    answer.mimetype = "application/manifest+json"
    return answer
