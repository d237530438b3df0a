"""The rules that narrow a list: kept as JSON with the segment, asked of the database as conditions."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from eventsys.clock import from_local
from eventsys.companies.models import CompanyKind
from eventsys.newsletters.subscriptions.models import Way


@dataclass(frozen=True)
class Rules:
    """What is empty does not narrow. Dates are Swedish days, numbers of employees begin at 0.

    Whoever has no company in the register is outside every rule about the company, but not outside one about events.
    """

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
    any_event: bool = False
    """Has attended an event of any series."""
    not_attended_since: date | None = None
    """Has attended no event on that day or later."""
    kinds: tuple[CompanyKind, ...] = ()
    sni: tuple[str, ...] = ()
    """How codes of its branch begin, two to five digits."""
    sni_version: str = ""
    """2007 or 2025; empty: either."""
    tags: tuple[int, ...] = ()
    """Has one of these tags."""
    least: int | None = None
    """So many employees or more."""
    most: int | None = None
    """So many employees or fewer."""
    unknown_size: bool = False
    """With `least` or `most`: also companies of which the number of employees is not known."""
    registered_since: date | None = None
    registered_until: date | None = None
    in_business: bool = False
    """Neither deregistered nor in bankruptcy and the like."""
    visited_since: date | None = None
    """We have visited it on that day or later."""
    not_visited_since: date | None = None

    @property
    def of_subscription(self) -> bool:
        """Whether they ask how or when somebody came to the list."""
        return bool(self.ways or self.codes or self.since)

    @property
    def of_attendance(self) -> bool:
        """Whether they ask who has attended."""
        return bool(self.series_id or self.any_event)

    @property
    def of_size(self) -> bool:
        """Whether they ask how many employees there are."""
        return self.least is not None or self.most is not None

    def to_json(self) -> dict[str, Any]:
        """Only what narrows, in types that JSON has."""
        return {name: _plain(value) for name, value in asdict(self).items() if _narrows(value)}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Rules:
        """What `to_json` wrote."""
        days = {name: _day(kept.get(name)) for name in _DAYS}
        return cls(
            ways=tuple(Way(one) for one in kept.get("ways", ())),
            codes=tuple(kept.get("codes", ())),
            places=tuple(kept.get("places", ())),
            series_id=kept.get("series_id"),
            name=kept.get("name", ""),
            with_company=bool(kept.get("with_company")),
            any_event=bool(kept.get("any_event")),
            kinds=tuple(CompanyKind(one) for one in kept.get("kinds", ())),
            sni=tuple(kept.get("sni", ())),
            sni_version=kept.get("sni_version", ""),
            tags=tuple(kept.get("tags", ())),
            least=kept.get("least"),
            most=kept.get("most"),
            unknown_size=bool(kept.get("unknown_size")),
            in_business=bool(kept.get("in_business")),
            **days,
        )


_DAYS = (
    "since", "attended_since", "not_attended_since", "registered_since", "registered_until", "visited_since",
    "not_visited_since",
)  # fmt: skip


def midnight(day: date) -> datetime:
    """When a Swedish day begins."""
    return from_local(datetime.combine(day, time.min))


def _narrows(value: Any) -> bool:
    """A number narrows even when it is 0: the companies without employees."""
    return bool(value) or (isinstance(value, int) and not isinstance(value, bool))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
