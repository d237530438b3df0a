"""Pages of long lists: the number in the address, and the addresses of the pages before and after."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from eventsys.forms import squeeze

BIGGEST_ID = 2**31 - 1
ID = f"int(max={BIGGEST_ID})"
LONGEST_TEXT = 100


def page_in_address() -> int:
    """The page asked for, from 1; anything else counts as the first."""
    asked = request.args.get("sida", 1, type=int)
    return asked if 0 < asked < BIGGEST_ID else 1


def text_in_address(name: str = "sok") -> str:
    """What is searched for, as one short line."""
    return squeeze(request.args.get(name, ""))[:LONGEST_TEXT]


def page_urls(endpoint: str, page: int, pages: int, **values: Any) -> dict[str, str | None]:
    """Addresses of the page before and after, with the filter kept."""
    kept = {name: value for name, value in values.items() if value not in ("", None)}
    return {
        "previous_url": url_for(endpoint, **kept, sida=min(page - 1, pages)) if page > 1 else None,
        "next_url": url_for(endpoint, **kept, sida=page + 1) if page < pages else None,
    }
