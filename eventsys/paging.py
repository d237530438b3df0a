"""Pages of long lists: what a page says of itself, the number in the address, the pages before and after."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import request, url_for

from eventsys.forms import squeeze

BIGGEST_ID = 2**31 - 1
ID = f"int(max={BIGGEST_ID})"
LONGEST_TEXT = 100


class Paged:
    """One page of a long list. Whoever inherits has its rows, `number` (from 1), `total` (on all pages) and `size`."""

    number: int
    total: int
    size: ClassVar[int]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of its first row, counted from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)

    @property
    def has_next(self) -> bool:
        return self.last < self.total


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
