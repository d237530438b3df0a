"""Who an issue goes to, as a key: a list of lists.py, `companies`, or `segment:ID`; and what a key stands for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT, list_names
from eventsys.newsletters.subscriptions.models import Subscription

COMPANIES_NAME = "Alla företag med e-postadress"
SEGMENT = "segment:"


@dataclass(frozen=True)
class Audience:
    """A list or the companies, narrowed by rules. `base` is a list's key, or COMPANIES."""

    key: str
    name: str
    base: str
    rules: Rules = field(default_factory=Rules)

    @property
    def list(self) -> str:
        """The list whose subscribers have asked for the letter; the companies are written to as Företagsamt."""
        return FORETAGSAMT if self.base == COMPANIES else self.base


def segment_key(segment_id: int) -> str:
    """The key of a segment."""
    return f"{SEGMENT}{segment_id}"


def segment_of(key: str) -> int | None:
    """The segment that a key names, or None."""
    number = key.removeprefix(SEGMENT)
    fits = key.startswith(SEGMENT) and number.isascii() and number.isdigit() and len(number) < 10
    return int(number) if fits else None


def audience_named(key: str) -> Audience:
    """What the key stands for. Raises NotFound when the list or the segment is gone."""
    number = segment_of(key)
    if number is None:
        return Audience(key, base_name(key), key)
    segment = db.session.get(Segment, number)
    if segment is None:
        raise NotFound
    return audience_of(segment)


def audience_of(segment: Segment) -> Audience:
    """The audience that a segment is."""
    return Audience(segment_key(segment.id), segment.name, segment.base, Rules.from_json(segment.rules))


def base_name(base: str) -> str:
    """What a list, or the companies, are called. Raises NotFound when there is no such list."""
    if base == COMPANIES:
        return COMPANIES_NAME
    names = list_names([base])
    if base not in names:
        raise NotFound
    return names[base]


def bases() -> dict[str, str]:
    """What one can begin with, by key: Företagsamt, the companies, and every list that somebody is on."""
    used: Any = db.session.scalars(select(Subscription.list).distinct())
    names = list_names({FORETAGSAMT, *used})
    first = {FORETAGSAMT: names.pop(FORETAGSAMT), COMPANIES: COMPANIES_NAME}
    return first | dict(sorted(names.items(), key=lambda one: one[1]))
