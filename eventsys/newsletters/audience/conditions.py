"""The rules as conditions of the query for candidates: about the subscription, the company, and who has attended."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from eventsys.companies.models import Company, CompanySni, CompanyTag, Visit, VisitForm
from eventsys.companies.newcomers import does_business
from eventsys.events.models import Attendee, AttendeeState, Event, Registration
from eventsys.folding import fold, folded, holds_all_words
from eventsys.newsletters.audience.rules import Rules, midnight
from eventsys.newsletters.subscriptions.models import Reader, Subscription

Conditions = list[ColumnElement[bool]]


def about_people(rules: Rules, address: Any, colleagues_count: bool) -> Conditions:
    """Conditions on somebody with this address, perhaps a Subscription, and perhaps a Company.

    With `colleagues_count` an event attended by anybody of the company is attended by all of its addresses.
    """
    who = {"address": address, "company": Company.id if colleagues_count else None}
    return [*_subscription(rules), *about_company(rules, Reader.organisation), *_attendance(rules, **who)]


def about_nobody(rules: Rules) -> Conditions:
    """Conditions on a Company that has nobody with an address; only its own people can have attended."""
    return [*about_company(rules), *_attendance(rules, address=None, company=Company.id)]


def _subscription(rules: Rules) -> Conditions:
    conditions: Conditions = []
    if rules.ways:
        conditions.append(Subscription.way.in_(rules.ways))
    if rules.codes:
        conditions.append(Subscription.code_id.in_(rules.codes))
    if rules.since:
        conditions.append(Subscription.began_at >= midnight(rules.since))
    return conditions


# --- the company --------------------------------------------------------------------------------------------------


def about_company(rules: Rules, *further_names: Any) -> Conditions:
    """Conditions on Company; `further_names` are columns that may hold its name too."""
    conditions = [*_kind_and_branch(rules), *_size(rules), *_age(rules), *_visits(rules)]
    if rules.places:
        conditions.append(or_(*(_is_in(place) for place in rules.places)))
    if rules.name:
        conditions.append(holds_all_words(rules.name, Company.name, *further_names))
    if rules.with_company:
        conditions.append(Company.id.is_not(None))
    return conditions


def _is_in(place: str) -> ColumnElement[bool]:
    digits = place.replace(" ", "")
    if digits.isascii() and digits.isdigit():
        return Company.postcode.startswith(digits)
    return folded(Company.place) == fold(place)


def _kind_and_branch(rules: Rules) -> Conditions:
    conditions: Conditions = []
    if rules.kinds:
        conditions.append(Company.kind.in_(rules.kinds))
    if rules.sni:
        conditions.append(Company.id.in_(_of_branch(rules)))
    if rules.tags:
        tagged = select(CompanyTag.company_id).where(CompanyTag.tag_id.in_(rules.tags))
        conditions.append(Company.id.in_(tagged))
    return conditions


def _of_branch(rules: Rules) -> Select[Any]:
    begins = or_(*(CompanySni.code.startswith(code, autoescape=True) for code in rules.sni))
    version = [CompanySni.version == rules.sni_version] if rules.sni_version else []
    return select(CompanySni.company_id).where(begins, *version)


def _size(rules: Rules) -> Conditions:
    if not rules.of_size:
        return []
    least = [Company.employees >= rules.least] if rules.least is not None else []
    most = [Company.employees <= rules.most] if rules.most is not None else []
    known = and_(Company.id.is_not(None), *least, *most)
    unknown = and_(Company.id.is_not(None), Company.employees.is_(None))
    return [or_(known, unknown) if rules.unknown_size else known]


def _age(rules: Rules) -> Conditions:
    conditions: Conditions = []
    if rules.registered_since:
        conditions.append(Company.registered_on >= rules.registered_since)
    if rules.registered_until:
        conditions.append(Company.registered_on <= rules.registered_until)
    if rules.in_business:
        conditions.append(and_(Company.id.is_not(None), does_business()))
    return conditions


def _visits(rules: Rules) -> Conditions:
    conditions: Conditions = []
    if rules.visited_since:
        conditions.append(Company.id.in_(_visited(rules.visited_since)))
    if rules.not_visited_since:
        conditions.append(and_(Company.id.is_not(None), Company.id.not_in(_visited(rules.not_visited_since))))
    return conditions


def _visited(since: Any) -> Select[Any]:
    """Letters with information are no visits, as in the figures of the plan."""
    return select(Visit.company_id).where(Visit.visited_on >= since, Visit.form != VisitForm.INFORMATION)


# --- events -------------------------------------------------------------------------------------------------------


def _attendance(rules: Rules, address: Any, company: Any) -> Conditions:
    conditions: Conditions = []
    if rules.of_attendance:
        conditions.append(_came(address, company, *_events(rules)))
    if rules.not_attended_since:
        conditions.append(~_came(address, company, Event.starts_at >= midnight(rules.not_attended_since)))
    return conditions


def _events(rules: Rules) -> Conditions:
    of_series = [Event.series_id == rules.series_id] if rules.series_id else []
    since = [Event.starts_at >= midnight(rules.attended_since)] if rules.attended_since else []
    return [*of_series, *since]


def _came(address: Any, company: Any, *events: ColumnElement[bool]) -> ColumnElement[bool]:
    """Somebody with the address, or of the company, came to one of the events. Never NULL, so that it can be denied."""
    there = select(Attendee.id).join(Event, Event.id == Attendee.event_id)
    there = there.where(Attendee.state == AttendeeState.ATTENDED, *events)
    ways: Conditions = []
    if address is not None:
        ways.append(address.in_(there.with_only_columns(Attendee.email_key)))
    if company is not None:
        companies = there.join(Registration, Registration.id == Attendee.registration_id)
        known = companies.with_only_columns(Registration.company_id).where(Registration.company_id.is_not(None))
        ways.append(and_(company.is_not(None), company.in_(known)))
    return or_(*ways)
