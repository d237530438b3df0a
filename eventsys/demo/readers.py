"""The readers of the demonstration: most were moved in from an older system, about ninety a year signed up since."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from eventsys.database import db
from eventsys.demo.cast import FIRST_NAMES, LAST_NAMES
from eventsys.demo.register import Place
from eventsys.names import slug
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.models import (
    Consent,
    ConsentAct,
    Reader,
    SignUpCode,
    Subscription,
    SubscriptionState,
    Way,
)
from eventsys.tokens import new_token

ACTIVE = 3_528
"""3 500, and those whose address turns out to be wrong when the first issues leave."""
AT_COMPANIES = 2_000
"""So many of them at an address of a company in the register."""
LEFT = 46
SIGNED_UP, YEARS = 184, 2
GROUND = "Prenumererade i det gamla utskickssystemet. Flyttade med samma samtycke."
CODES = (
    "Frukost Viared", "Fredagslunch, sista bilden", "Näringslivsdagen, entrén", "Besök hos företag", "Mässan i hallen",
)  # fmt: skip
_WHY = ("Får för många brev", "Har bytt jobb", "Företaget är sålt", "", "", "")
_DAY = timedelta(days=1)


def fill_readers(places: Sequence[Place], luck: random.Random, at: datetime) -> None:
    """Put the readers in, with their subscriptions and consents. Flushes, does not commit."""
    codes = _codes(at)
    times = sorted(at - _DAY * luck.uniform(2, 365 * YEARS - 1) for _ in range(SIGNED_UP))
    moved_in = at - _DAY * (365 * YEARS + 30)
    total = ACTIVE + LEFT
    began = [moved_in] * (total - SIGNED_UP) + times
    readers = [_reader(n, places, luck, when) for n, when in enumerate(began)]
    ids = db.session.scalars(insert(Reader).returning(Reader.id, sort_by_parameter_order=True), readers).all()
    readers = [{**one, "id": reader_id} for one, reader_id in zip(readers, ids, strict=True)]
    gone = set(luck.sample(range(total - SIGNED_UP), LEFT))
    subscriptions = [
        _subscription(
            one, codes, luck, is_new=n >= total - SIGNED_UP, gone_at=_gone_at(at, luck) if n in gone else None
        )
        for n, one in enumerate(readers)
    ]
    db.session.execute(insert(Subscription), subscriptions)
    db.session.execute(insert(Consent), list(itertools.chain.from_iterable(map(_consents, subscriptions))))


def _codes(at: datetime) -> list[int]:
    rows = [
        SignUpCode(code=f"demo{n}", name=name, made_by="Mira Spolheim", created_at=at - 365 * YEARS * _DAY)
        for n, name in enumerate(CODES)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def _gone_at(at: datetime, luck: random.Random) -> datetime:
    return at - _DAY * luck.uniform(20, 600)


def _reader(place: int, places: Sequence[Place], luck: random.Random, at: datetime) -> dict[str, Any]:
    name = f"{luck.choice(FIRST_NAMES)} {luck.choice(LAST_NAMES)}"
    at_company = places[place] if place < AT_COMPANIES else None
    own = f"{slug(name).replace('-', '.')}.{place}@brev.example"
    return {
        "token": new_token(), "address": at_company.address if at_company else own, "name": name,
        "organisation": at_company.company if at_company else "", "lang": "sv", "added_at": at,
        "company_id": at_company.company_id if at_company else None, "refused_at": None,
    }  # fmt: skip


def _subscription(
    reader: dict[str, Any], codes: Sequence[int], luck: random.Random, is_new: bool, gone_at: datetime | None
) -> dict[str, Any]:
    way = luck.choices((Way.CODE, Way.PAGE, Way.REGISTRATION), (55, 25, 20))[0] if is_new else Way.IMPORT
    return {
        "reader_id": reader["id"], "list": FORETAGSAMT, "way": way, "began_at": reader["added_at"],
        "code_id": luck.choice(codes) if way is Way.CODE else None, "ended_at": gone_at,
        "state": SubscriptionState.ENDED if gone_at else SubscriptionState.ACTIVE,
        "why_ended": luck.choice(_WHY) if gone_at else "",
    }  # fmt: skip


def _consents(one: dict[str, Any]) -> list[dict[str, Any]]:
    moved = one["way"] is Way.IMPORT
    given = {
        "reader_id": one["reader_id"], "list": one["list"], "way": one["way"], "code_id": one["code_id"],
        "at": one["began_at"], "act": ConsentAct.IMPORTED if moved else ConsentAct.GIVEN, "text_version": "",
        "ground": GROUND if moved else "",
    }  # fmt: skip
    withdrawn = {**given, "act": ConsentAct.WITHDRAWN, "at": one["ended_at"], "ground": ""}
    return [given, withdrawn] if one["ended_at"] else [given]
