"""Whether the addresses in an article lead anywhere. Ours are looked up; other sites are never asked."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from eventsys.config import settings
from eventsys.database import db
from eventsys.events.models import Event, EventState
from eventsys.newsletters.issues.models import Article, Issue
from eventsys.newsletters.issues.queries import OUT

_LINKS = re.compile(r'<a href="([^"]*)"')


def addresses_in(article: Article) -> list[str]:
    """Every address that the article links to, each once."""
    given = [html.unescape(one) for one in _LINKS.findall(article.body)]
    return list(dict.fromkeys([*given, *([article.link_url] if article.link_url else [])]))


def trouble_with(address: str) -> str:
    """Why a reader could not open the address, as a Swedish sentence, or ""."""
    parts = urlsplit(address)
    if parts.scheme == "mailto":
        return "" if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", parts.path) else f"{address} är ingen e-postadress."
    ours = urlsplit(settings().base_url)
    if parts.netloc == ours.netloc:
        return _trouble_at_home(parts.path or "/", address)
    if parts.hostname in ("localhost", "127.0.0.1", "::1") or "." not in (parts.hostname or ""):
        return f"{address} går bara att öppna på en enda dator."
    return ""


def _trouble_at_home(path: str, address: str) -> str:
    if path == "/personal" or path.startswith("/personal/"):
        return f"{address} är en sida för personal. Läsarna kommer inte in."
    try:
        endpoint, values = current_app.url_map.bind("").match(path, method="GET")
    except RequestRedirect:
        return ""
    except HTTPException:
        return f"{address} leder ingenstans."
    return "" if _is_there(endpoint, values) else f"{address} leder ingenstans."


def _is_there(endpoint: str, values: Mapping[str, Any]) -> bool:
    """Whether the row that an address of ours names can be seen by everybody; other addresses name none."""
    if "slug" in values and endpoint.partition(".")[0].removesuffix("_en") == "events":
        query = select(Event.id).where(Event.slug == values["slug"], Event.state != EventState.DRAFT)
        return db.session.scalar(query) is not None
    if {"year", "number"} <= values.keys():
        query = select(Issue.id).where(Issue.year == values["year"], Issue.number == values["number"])
        return db.session.scalar(query.where(OUT)) is not None
    return True
