"""A segment in words, as staff read it."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.models import Series
from eventsys.i18n import short_day
from eventsys.newsletters.audience.keys import base_name
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.subscriptions.models import SignUpCode, Way

_THROUGH = {
    Way.PAGE: "webbsidan",
    Way.CODE: "en QR-kod",
    Way.REGISTRATION: "en anmälan till ett evenemang",
    Way.IMPORT: "en importerad lista",
    Way.STAFF: "personalen",
}


def described(segment: Segment) -> str:
    """`Företagsamt, som finns i Borås och har deltagit i Fredagslunch`. Three queries at most."""
    parts = _parts(Rules.from_json(segment.rules))
    return f"{_base(segment.base)}, som {_listed(parts)}" if parts else _base(segment.base)


def _base(base: str) -> str:
    try:
        return base_name(base)
    except NotFound:
        return "En lista som inte finns längre"


def _parts(rules: Rules) -> list[str]:
    parts = [
        f"kom genom {_listed([_THROUGH[way] for way in rules.ways], 'eller')}" if rules.ways else "",
        f"kom genom QR-koden {_codes(rules)}" if rules.codes else "",
        f"började prenumerera tidigast {short_day(rules.since)}" if rules.since else "",
        f"finns i {_listed(list(rules.places), 'eller')}" if rules.places else "",
        f"har ”{rules.name}” i namnet" if rules.name else "",
        f"har deltagit i {_series(rules)}" if rules.series_id else "",
        "hör till ett företag i registret" if rules.with_company else "",
    ]
    return [part for part in parts if part]


def _codes(rules: Rules) -> str:
    query = select(SignUpCode.name).where(SignUpCode.id.in_(rules.codes)).order_by(SignUpCode.id)
    return _listed([f"”{name}”" for name in db.session.scalars(query)], "eller") or "som är borttagen"


def _series(rules: Rules) -> str:
    name = db.session.scalar(select(Series.name).where(Series.id == rules.series_id)) or "en serie som är borta"
    return f"{name} tidigast {short_day(rules.attended_since)}" if rules.attended_since else name


def _listed(parts: list[str], word: str = "och") -> str:
    """`a, b och c`."""
    return f" {word} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
