"""How long it is kept who asked us about their own data."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from eventsys.database import db
from eventsys.personal import portions
from eventsys.privacy.asking import forget_request
from eventsys.privacy.models import PersonRequest, RequestState
from eventsys.retention import Category, Deed, by_ids, counted


def _answered(before: datetime) -> Select[Any]:
    return select(PersonRequest.id).where(
        PersonRequest.state.in_((RequestState.DONE, RequestState.REFUSED)),
        PersonRequest.handled_at < before, PersonRequest.address != "",
    )  # fmt: skip


def _forget(ids: Collection[int]) -> int:
    done = 0
    for some in portions(ids):
        rows = db.session.scalars(select(PersonRequest).where(PersonRequest.id.in_(some))).all()
        for row in rows:
            forget_request(row)
        done += len(rows)
    db.session.flush()
    return done


CATEGORIES = (
    Category(
        "privacy.requests", "Begäranden om egna uppgifter", "Requests about one's own data", "att vi svarade",
        "we answered", "Namn, adress och text tas bort. Att någon begärt något, och vad vi svarade, finns kvar.",
        Deed.NAMELESS, counted(_answered), by_ids(_answered, _forget),
    ),
)  # fmt: skip
