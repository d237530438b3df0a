"""What the audience of an issue is called, as the year plan shows it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from eventsys.database import db
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.issues.planning import COMPANIES
from eventsys.newsletters.lists import list_names

SEGMENT = "segment:"


def audience_names(issues: Iterable[Issue]) -> dict[str, str]:
    """The name of each issue's audience by its key. Three queries at most."""
    keys = {issue.audience for issue in issues}
    numbers = {key: key.removeprefix(SEGMENT) for key in keys if key.startswith(SEGMENT)}
    ids = {int(number) for number in numbers.values() if number.isdigit()}
    rows = db.session.execute(select(Segment.id, Segment.name).where(Segment.id.in_(ids))) if ids else ()
    segments = {f"{SEGMENT}{row.id}": row.name for row in rows}
    lists = {key: f"Prenumeranter på {name}" for key, name in list_names(keys).items()}
    return {**dict.fromkeys(keys, "Okända mottagare"), **lists, **segments, COMPANIES: "Alla företag"}
