"""When the public statements were last judged and changed. Whoever changes their templates changes the date here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from eventsys.events.registration import PRIVACY_VERSION


@dataclass(frozen=True)
class Statement:
    """`assessed_on` is when somebody last held the text against reality; `changed_on` when its words last changed."""

    assessed_on: date
    changed_on: date
    version: str = ""


# Every booking keeps the version that was shown with its form.
PRIVACY = Statement(assessed_on=date(2026, 11, 30), changed_on=date(2026, 11, 30), version=PRIVACY_VERSION)
ACCESSIBILITY = Statement(assessed_on=date(2026, 11, 23), changed_on=date(2026, 11, 23))
