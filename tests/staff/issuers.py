"""A real issuer of OpenID Connect, somebody else's program, in a process of its own; and our side set to use one."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import time_machine
from flask import Flask

from tests.servers import free_port, listens, wait_until
from tests.staff.bent_issuer import CLIENT, SECRET


@contextmanager
def real_time() -> Iterator[None]:
    """A process of its own goes by the real clock, also when the tests are made to run at another hour (--clock)."""
    hatch = time_machine.escape_hatch
    at = hatch.datetime.datetime.now(UTC) if hatch.is_travelling() else datetime.now(UTC)
    with time_machine.travel(at, tick=True):
        yield


@contextmanager
def real_issuer(*people: Mapping[str, Any], host: str = "127.0.0.1") -> Iterator[str]:
    """oidc-provider-mock with these people (claims, with `sub`); gives its address."""
    port = free_port()
    words = [word for one in people for word in ("--user-claims", json.dumps(one))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true", *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: listens(port), 30, about="the issuer")
        yield f"http://{host}:{port}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def signing_in_by(app: Flask, issuer: str, **given: Any) -> Iterator[None]:
    """The application uses this issuer; `given` are further settings."""
    before = app.extensions["eventsys_settings"]
    values = {"oidc_issuer": issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, **given}
    app.extensions["eventsys_settings"] = dataclasses.replace(before, **values)
    app.extensions.pop("eventsys_issuer", None)
    try:
        yield
    finally:
        app.extensions["eventsys_settings"] = before
        app.extensions.pop("eventsys_issuer", None)


def agree_there(address: str, subject: str) -> str:
    """Somebody chooses an account on the issuer's page; returns where the issuer sends the browser."""
    answer = requests.post(address, data={"sub": subject}, allow_redirects=False, timeout=20)
    return answer.headers["Location"]


def path_of(address: str) -> str:
    """Path and query, for a browser without a network."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def in_query(address: str, name: str) -> str:
    return parse_qs(urlsplit(address).query)[name][0]
