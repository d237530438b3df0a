"""The candidates of an audience as one query: everybody it could be for, with all that decides whether it is."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from eventsys.companies.models import Company, Contact
from eventsys.companies.queries import in_use
from eventsys.events.models import Attendee, AttendeeState, Event
from eventsys.folding import fold, folded, holds_all_words
from eventsys.mail.models import Delivery, State, Suppression
from eventsys.newsletters.audience.keys import Audience
from eventsys.newsletters.audience.rules import Rules, midnight
from eventsys.newsletters.lists import COMPANIES
from eventsys.newsletters.subscriptions.models import Reader, Subscription, SubscriptionState

_No = aliased(Subscription, name="no_to_companies")
# Where a letter is that came to its address, or may have.
REACHED = (State.ACCEPTED, State.IN_FLIGHT, State.UNKNOWN, State.BOUNCED, State.COMPLAINED)


def candidates(audience: Audience, about: str = "") -> Select[Any] | CompoundSelect[Any]:
    """One row for each candidate, those of one address after each other; companies without an address have "".

    Columns: address, name, organisation, refuses (reklamspärr), reader_id, refused (wants no letters at all), state
    (of the subscription to the audience's list; without one, ENDED for a no to letters to companies; or None), blocked
    (why the address is suppressed, or None), reached (a mailing about `about`, such as `issue:4`, came to the address).
    """
    if audience.base != COMPANIES:
        return _subscribers(audience, about).order_by("address")
    parts = [_contacts(audience, about), _subscribers(audience, about, elsewhere=True)]
    if not (audience.rules.of_subscription or audience.rules.series_id):
        parts.append(_without_address(audience))
    return union_all(*parts).order_by("address", "organisation", "company_id")


def _subscribers(audience: Audience, about: str, elsewhere: bool = False) -> Select[Any]:
    """Who has the list or had it; with `elsewhere`, only those whose address stands at no company."""
    organisation = func.coalesce(func.nullif(Reader.organisation, ""), Company.name, "")
    query = (
        select(
            *_who(Reader.address, Reader.name, organisation),
            Company.id.label("company_id"), false().label("refuses"), *_reader(), *_hindrances(Reader.address, about),
        )
        .join(Reader, Reader.id == Subscription.reader_id)
        .join(Company, Company.id == Reader.company_id, isouter=True)
        .join(Suppression, _suppressed(Reader.address), isouter=True)
        .where(Subscription.list == audience.list, *_narrowed(audience.rules, Reader.address))
    )  # fmt: skip
    return query.where(~exists().where(Contact.email_key == Reader.address)) if elsewhere else query


def _contacts(audience: Audience, about: str) -> Select[Any]:
    """Every address of every company, with what its reader has said, if there is one.

    Who said no to letters to companies gets none, unless they subscribe.
    """
    name = func.coalesce(func.nullif(Reader.name, ""), Contact.name)
    own = and_(Subscription.reader_id == Reader.id, Subscription.list == audience.list)
    no = and_(_No.reader_id == Reader.id, _No.list == COMPANIES, _No.state == SubscriptionState.ENDED)
    state = func.coalesce(Subscription.state, _No.state)
    return (
        select(
            *_who(Contact.email_key, name, Company.name),
            Company.id.label("company_id"), Company.refuses_advertising.label("refuses"), *_reader(state),
            *_hindrances(Contact.email_key, about),
        )
        .join(Company, Company.id == Contact.company_id)
        .join(Reader, Reader.address == Contact.email_key, isouter=True)
        .join(Subscription, own, isouter=True)
        .join(_No, no, isouter=True)
        .join(Suppression, _suppressed(Contact.email_key), isouter=True)
        .where(in_use(), Contact.email_key.is_not(None), *_narrowed(audience.rules, Contact.email_key))
    )  # fmt: skip


def _without_address(audience: Audience) -> Select[Any]:
    nobody = ~exists().where(Contact.company_id == Company.id, Contact.email_key.is_not(None))
    return select(
        *_who(literal(""), literal(""), Company.name),
        Company.id.label("company_id"), Company.refuses_advertising.label("refuses"),
        null().label("reader_id"), false().label("refused"), null().label("state"), null().label("blocked"),
        false().label("reached"),
    ).where(in_use(), nobody, *_company_rules(audience.rules))  # fmt: skip


def _who(address: Any, name: Any, organisation: Any) -> tuple[ColumnElement[Any], ...]:
    return address.label("address"), name.label("name"), organisation.label("organisation")


def _reader(state: Any = Subscription.state) -> tuple[ColumnElement[Any], ...]:
    refused = Reader.refused_at.is_not(None).label("refused")
    return Reader.id.label("reader_id"), refused, state.label("state")


def _hindrances(address: Any, about: str) -> tuple[ColumnElement[Any], ...]:
    """The addresses reached are gathered once, and not looked for anew for each candidate among thousands of letters
    about the same. Letters of no mailing are tests: whoever tried the letter has not got it."""
    of_mailings = (Delivery.about == about, Delivery.mailing_id.is_not(None))
    came = address.in_(select(Delivery.address).where(*of_mailings, Delivery.state.in_(REACHED)))
    return Suppression.reason.label("blocked"), (came if about else false()).label("reached")


def _suppressed(address: Any) -> ColumnElement[bool]:
    return and_(Suppression.address == address, Suppression.lifted_at.is_(None))


# --- rules --------------------------------------------------------------------------------------------------------


def _narrowed(rules: Rules, address: Any) -> list[ColumnElement[bool]]:
    conditions = _company_rules(rules, Reader.organisation)
    if rules.ways:
        conditions.append(Subscription.way.in_(rules.ways))
    if rules.codes:
        conditions.append(Subscription.code_id.in_(rules.codes))
    if rules.since:
        conditions.append(Subscription.began_at >= midnight(rules.since))
    if rules.series_id:
        conditions.append(_has_attended(rules, address))
    return conditions


def _company_rules(rules: Rules, *further_names: Any) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if rules.places:
        conditions.append(or_(*(_is_in(place) for place in rules.places)))
    if rules.name:
        conditions.append(holds_all_words(rules.name, Company.name, *further_names))
    if rules.with_company:
        conditions.append(Company.id.is_not(None))
    return conditions or [true()]


def _is_in(place: str) -> ColumnElement[bool]:
    digits = place.replace(" ", "")
    if digits.isascii() and digits.isdigit():
        return Company.postcode.startswith(digits)
    return folded(Company.place) == fold(place)


def _has_attended(rules: Rules, address: Any) -> ColumnElement[bool]:
    since = [Event.starts_at >= midnight(rules.attended_since)] if rules.attended_since else []
    came = (
        select(Attendee.email_key)
        .join(Event, Event.id == Attendee.event_id)
        .where(Attendee.state == AttendeeState.ATTENDED, Event.series_id == rules.series_id, *since)
    )
    return cast(ColumnElement[bool], address.in_(came))
