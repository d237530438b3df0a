"""A segment in words, as staff read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from eventsys.companies.models import CompanyKind, Tag
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.models import Series
from eventsys.i18n import number, short_day
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
_KINDS = {
    CompanyKind.COMPANY: "företag",
    CompanyKind.ASSOCIATION: "företagarföreningar",
    CompanyKind.PUBLIC: "offentliga verksamheter",
}


def described(segment: Segment) -> str:
    """`Företagsamt, som finns i Borås och har deltagit i Fredagslunch`. Four queries at most."""
    parts = _parts(Rules.from_json(segment.rules))
    return f"{_base(segment.base)}, som {_listed(parts)}" if parts else _base(segment.base)


def _base(base: str) -> str:
    try:
        return base_name(base)
    except NotFound:
        return "En lista som inte finns längre"


def _parts(rules: Rules) -> list[str]:
    parts = [*_subscription(rules), *_company(rules), *_events(rules), *_visits(rules)]
    return [part for part in parts if part]


def _subscription(rules: Rules) -> list[str]:
    return [
        f"kom genom {_listed([_THROUGH[way] for way in rules.ways], 'eller')}" if rules.ways else "",
        f"kom genom QR-koden {_names(SignUpCode, rules.codes)}" if rules.codes else "",
        f"började prenumerera tidigast {short_day(rules.since)}" if rules.since else "",
    ]


def _company(rules: Rules) -> list[str]:
    return [
        f"är {_listed([_KINDS[kind] for kind in rules.kinds], 'eller')}" if rules.kinds else "",
        f"finns i {_listed(list(rules.places), 'eller')}" if rules.places else "",
        f"har ”{rules.name}” i namnet" if rules.name else "",
        f"har etiketten {_names(Tag, rules.tags)}" if rules.tags else "",
        _branch(rules) if rules.sni else "",
        _size(rules) if rules.of_size else "",
        _age(rules),
        "är verksamma" if rules.in_business else "",
        "hör till ett företag i registret" if rules.with_company else "",
    ]


def _branch(rules: Rules) -> str:
    version = f"SNI {rules.sni_version}" if rules.sni_version else "SNI"
    return f"har en kod i {version} som börjar på {_listed(list(rules.sni), 'eller')}"


def _size(rules: Rules) -> str:
    if rules.least is not None and rules.most is not None:
        said = f"{number(rules.least)}–{number(rules.most)}"
    else:
        said = f"minst {number(rules.least)}" if rules.least is not None else f"högst {number(rules.most or 0)}"
    return f"har {said} anställda" + (" eller ett okänt antal" if rules.unknown_size else "")


def _age(rules: Rules) -> str:
    since, until = rules.registered_since, rules.registered_until
    if since and until:
        return f"registrerades {short_day(since)}–{short_day(until)}"
    if since:
        return f"registrerades tidigast {short_day(since)}"
    return f"registrerades senast {short_day(until)}" if until else ""


def _events(rules: Rules) -> list[str]:
    since = f" tidigast {short_day(rules.attended_since)}" if rules.attended_since else ""
    never = rules.not_attended_since
    return [
        f"har deltagit i {_series(rules)}{since}" if rules.of_attendance else "",
        f"inte har deltagit i något evenemang sedan {short_day(never)}" if never else "",
    ]


def _visits(rules: Rules) -> list[str]:
    seen, unseen = rules.visited_since, rules.not_visited_since
    return [
        f"har fått besök av oss sedan {short_day(seen)}" if seen else "",
        f"inte har fått besök av oss sedan {short_day(unseen)}" if unseen else "",
    ]


def _names(model: Any, ids: Sequence[int]) -> str:
    names = db.session.scalars(select(model.name).where(model.id.in_(ids)).order_by(model.id))
    return _listed([f"”{name}”" for name in names], "eller") or "som är borttagen"


def _series(rules: Rules) -> str:
    if rules.any_event:
        return "något evenemang"
    return db.session.scalar(select(Series.name).where(Series.id == rules.series_id)) or "en serie som är borta"


def _listed(parts: list[str], word: str = "och") -> str:
    """`a, b och c`."""
    return f" {word} ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
