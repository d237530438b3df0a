"""The rules that narrow a list: kept as JSON with the segment, asked of the database as conditions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from eventsys.clock import from_local
from eventsys.newsletters.subscriptions.models import Way


@dataclass(frozen=True)
class Rules:
    """What is empty does not narrow. Dates are Swedish days."""

    ways: tuple[Way, ...] = ()
    codes: tuple[int, ...] = ()
    """QR codes by which they came."""
    since: date | None = None
    """Subscribed on that day or later."""
    places: tuple[str, ...] = ()
    """Names of places, or how postcodes begin, of the company."""
    series_id: int | None = None
    """Has attended an event of this series."""
    attended_since: date | None = None
    name: str = ""
    """Words in the company's or organisation's name."""
    with_company: bool = False
    """Only those with a company in the register."""

    @property
    def of_subscription(self) -> bool:
        """Whether they ask how or when somebody came to the list."""
        return bool(self.ways or self.codes or self.since)

    def to_json(self) -> dict[str, Any]:
        """Only what narrows, in types that JSON has."""
        return {name: _plain(value) for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Rules:
        """What `to_json` wrote."""
        return cls(
            ways=tuple(Way(one) for one in kept.get("ways", ())),
            codes=tuple(kept.get("codes", ())),
            since=_day(kept.get("since")),
            places=tuple(kept.get("places", ())),
            series_id=kept.get("series_id"),
            attended_since=_day(kept.get("attended_since")),
            name=kept.get("name", ""),
            with_company=bool(kept.get("with_company")),
        )


def midnight(day: date) -> datetime:
    """When a Swedish day begins."""
    return from_local(datetime.combine(day, time.min))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
