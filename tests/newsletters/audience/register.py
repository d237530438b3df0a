"""A small register as plain values, put into the database, and the same rules counted in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from eventsys.clock import local, now
from eventsys.companies.models import (
    Company,
    CompanyKind,
    CompanySni,
    CompanyTag,
    Contact,
    Tag,
    Visit,
    VisitForm,
)
from eventsys.database import db, transaction
from eventsys.events.models import Attendee, AttendeeState, Event, Registration
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.lists import COMPANIES
from eventsys.tokens import new_token
from tests.factories import in_days, make_event, make_series
from tests.newsletters.factories import make_reader

DAYS_AGO = (20, 60)
"""When events were, visits were made, and companies were registered."""


@dataclass(frozen=True)
class Firm:
    name: str
    kind: CompanyKind = CompanyKind.COMPANY
    place: str = ""
    postcode: str = ""
    employees: int | None = None
    registered: int | None = None
    """Days ago."""
    deregistered: bool = False
    archived: bool = False
    sni: frozenset[tuple[str, str]] = frozenset()
    tags: frozenset[int] = frozenset()
    """Places in the list of tags."""
    addresses: frozenset[str] = frozenset()
    visits: frozenset[tuple[int, VisitForm]] = frozenset()
    """Days ago, and how."""


@dataclass(frozen=True)
class Came:
    """Somebody with this address, perhaps of the firm at this place, came (or not) to an event."""

    address: str
    firm: int | None
    series: int
    days: int
    has_come: bool


@dataclass(frozen=True)
class Town:
    firms: tuple[Firm, ...]
    subscribers: dict[str, int | None] = field(default_factory=dict)
    """Address -> the place of the firm that the reader is attached to."""
    came: tuple[Came, ...] = ()


@dataclass(frozen=True)
class Kept:
    """The ids that the rows got."""

    firms: list[int]
    tags: list[int]
    series: list[int]


def today() -> date:
    return local(now()).date()


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def keep(town: Town) -> Kept:
    """Put everything into the database."""
    with transaction():
        tags = [Tag(name=f"Etikett {n}", key=f"etikett {n}", created_at=now()) for n in range(2)]
        db.session.add_all(tags)
        db.session.flush()
        firms = [_company(one, [tag.id for tag in tags]) for one in town.firms]
        series = [make_series(name=f"Serie {n}") for n in range(2)]
        events = {
            (n, days): make_event(series=one, starts_at=in_days(-days))
            for n, one in enumerate(series)
            for days in DAYS_AGO
        }
        for address, firm in town.subscribers.items():
            make_reader(address, company_id=None if firm is None else firms[firm])
        for one in town.came:
            _attend(one, events[one.series, one.days], None if one.firm is None else firms[one.firm])
        return Kept(firms, [tag.id for tag in tags], [one.id for one in series])


def _company(firm: Firm, tags: list[int]) -> int:
    company = Company(
        name=firm.name, kind=firm.kind, place=firm.place, postcode=firm.postcode, employees=firm.employees,
        registered_on=None if firm.registered is None else ago(firm.registered),
        deregistered_on=ago(1) if firm.deregistered else None, archived_at=now() if firm.archived else None,
        created_at=now(),
    )  # fmt: skip
    db.session.add(company)
    db.session.flush()
    rows: list[Any] = [CompanySni(company_id=company.id, version=v, code=c) for v, c in firm.sni]
    rows += [CompanyTag(company_id=company.id, tag_id=tags[one]) for one in firm.tags]
    rows += [Contact(company_id=company.id, email=one, email_key=one, created_at=now()) for one in firm.addresses]
    rows.append(Contact(company_id=company.id, name="Växeln", created_at=now()))
    rows += [
        Visit(company_id=company.id, visited_on=ago(days), form=form, created_at=now()) for days, form in firm.visits
    ]
    db.session.add_all(rows)
    db.session.flush()
    return company.id


def _attend(one: Came, event: Event, company_id: int | None) -> None:
    booking = Registration(
        event_id=event.id, company_id=company_id, booker_name="Åsa", booker_email=one.address,
        booker_email_key=one.address, token=new_token(), created_at=now(),
    )  # fmt: skip
    db.session.add(booking)
    db.session.flush()
    state = AttendeeState.ATTENDED if one.has_come else AttendeeState.NO_SHOW
    db.session.add(
        Attendee(
            registration_id=booking.id, event_id=event.id, name="Åsa", email=one.address, email_key=one.address,
            state=state, token=new_token(), ticket_code=new_token()[:20], created_at=now(),
        )
    )  # fmt: skip


# --- counted plainly ----------------------------------------------------------------------------------------------


def expected(town: Town, kept: Kept, base: str, rules: Rules) -> Counter[tuple[str, int | None]]:
    """(address, id of the company) of every candidate, and how often."""
    every = _companies(town, rules) if base == COMPANIES else _readers(town, rules, town.subscribers, False)
    return Counter((address, None if firm is None else kept.firms[firm]) for address, firm in every)


def _companies(town: Town, rules: Rules) -> Iterator[tuple[str, int | None]]:
    at_firms = set()
    for place, firm in enumerate(town.firms):
        if firm.archived:
            continue
        at_firms |= firm.addresses
        subscribed = not rules.since
        for address in firm.addresses:
            has_it = subscribed or address in town.subscribers
            if has_it and _fits(town, place, rules) and _attended(town, rules, address, place):
                yield address, place
        if not firm.addresses and subscribed and _fits(town, place, rules) and _attended(town, rules, None, place):
            yield "", place
    elsewhere = {address: firm for address, firm in town.subscribers.items() if address not in at_firms}
    yield from _readers(town, rules, elsewhere, True)


def _readers(
    town: Town, rules: Rules, readers: dict[str, int | None], colleagues: bool
) -> Iterator[tuple[str, int | None]]:
    for address, firm in readers.items():
        place = _firm_of(town, address, firm)
        if _fits(town, place, rules) and _attended(town, rules, address, place if colleagues else None):
            yield address, place


def _firm_of(town: Town, address: str, attached: int | None) -> int | None:
    if attached is None:
        there = [n for n, firm in enumerate(town.firms) if address in firm.addresses and not firm.archived]
        attached = there[0] if len(there) == 1 else None
    return attached if attached is not None and not town.firms[attached].archived else None


def _fits(town: Town, place: int | None, rules: Rules) -> bool:
    about = (
        rules.kinds, rules.places, rules.sni, rules.tags, rules.of_size, rules.registered_since, rules.registered_until,
        rules.in_business, rules.visited_since, rules.not_visited_since, rules.with_company,
    )  # fmt: skip
    if place is None:
        return not any(about)
    firm = town.firms[place]
    seen = {ago(days) for days, form in firm.visits if form is not VisitForm.INFORMATION}
    day = None if firm.registered is None else ago(firm.registered)
    return all(
        (
            not rules.kinds or firm.kind in rules.kinds,
            not rules.places or _is_in(firm, rules.places),
            not rules.sni or any(_is_branch(one, rules) for one in firm.sni),
            not rules.tags or bool({one + 1 for one in firm.tags} & set(rules.tags)),
            _fits_size(firm.employees, rules),
            not rules.registered_since or (day is not None and day >= rules.registered_since),
            not rules.registered_until or (day is not None and day <= rules.registered_until),
            not rules.in_business or not firm.deregistered,
            not rules.visited_since or any(one >= rules.visited_since for one in seen),
            not rules.not_visited_since or all(one < rules.not_visited_since for one in seen),
        )
    )


def _is_in(firm: Firm, places: tuple[str, ...]) -> bool:
    return any(
        firm.postcode.startswith(one.replace(" ", "")) if one[0].isdigit() else firm.place.lower() == one.lower()
        for one in places
    )


def _is_branch(one: tuple[str, str], rules: Rules) -> bool:
    version, code = one
    return rules.sni_version in ("", version) and any(code.startswith(begin) for begin in rules.sni)


def _fits_size(employees: int | None, rules: Rules) -> bool:
    if rules.least is None and rules.most is None:
        return True
    if employees is None:
        return rules.unknown_size
    return (rules.least is None or employees >= rules.least) and (rules.most is None or employees <= rules.most)


def _attended(town: Town, rules: Rules, address: str | None, place: int | None) -> bool:
    came = [
        one
        for one in town.came
        if one.has_come and (one.address == address or (place is not None and one.firm == place))
    ]
    wanted = [one for one in came if rules.series_id in (None, one.series + 1)]
    wanted = [one for one in wanted if not rules.attended_since or ago(one.days) >= rules.attended_since]
    has = bool(wanted) if rules.of_attendance else True
    never = rules.not_attended_since
    return has and not (never and any(ago(one.days) >= never for one in came))
