"""The candidates of an audience as one query: everybody it could be for, with all that decides whether it is."""

from __future__ import annotations

from typing import Any

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
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from eventsys.companies.models import Company, Contact
from eventsys.companies.queries import in_use
from eventsys.mail.models import Delivery, State, Suppression
from eventsys.newsletters.audience.conditions import about_nobody, about_people
from eventsys.newsletters.audience.keys import Audience
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
    if not audience.rules.of_subscription:
        parts.append(_without_address(audience))
    return union_all(*parts).order_by("address", "organisation", "company_id")


def _subscribers(audience: Audience, about: str, elsewhere: bool = False) -> Select[Any]:
    """Who has the list or had it; with `elsewhere`, only those whose address stands at no company."""
    only = _only_companies()
    organisation = func.coalesce(func.nullif(Reader.organisation, ""), Company.name, "")
    company = and_(Company.id == func.coalesce(Reader.company_id, only.c.company_id), in_use())
    query = (
        select(
            *_who(Reader.address, Reader.name, organisation),
            Company.id.label("company_id"), false().label("refuses"), *_reader(), *_hindrances(Reader.address, about),
        )
        .join(Reader, Reader.id == Subscription.reader_id)
        .join(only, only.c.email_key == Reader.address, isouter=True)
        .join(Company, company, isouter=True)
        .join(Suppression, _suppressed(Reader.address), isouter=True)
        .where(
            Subscription.list == audience.list,
            *about_people(audience.rules, Reader.address, colleagues_count=audience.base == COMPANIES),
        )
    )  # fmt: skip
    return query.where(Reader.address.not_in(_at_companies())) if elsewhere else query


def _only_companies() -> Any:
    """The one company in use that has a contact with an address; addresses of several companies tell nothing.

    A reader may be new, or the contact, and not be attached to the company yet: the rules find it all the same.
    Materialized: it is gathered once, and not anew for each reader when the database knows no numbers of rows yet.
    """
    only = (
        select(Contact.email_key, func.min(Contact.company_id).label("company_id"))
        .join(Company, Company.id == Contact.company_id)
        .where(in_use(), Contact.email_key.is_not(None))
        .group_by(Contact.email_key)
        .having(func.count() == 1)
        .cte("only_company")
    )
    return only.prefix_with("MATERIALIZED")


def _at_companies() -> Select[Any]:
    at = select(Contact.email_key).join(Company, Company.id == Contact.company_id)
    return at.where(in_use(), Contact.email_key.is_not(None))


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
        .where(
            in_use(), Contact.email_key.is_not(None),
            *about_people(audience.rules, Contact.email_key, colleagues_count=True),
        )
    )  # fmt: skip


def _without_address(audience: Audience) -> Select[Any]:
    nobody = ~exists().where(Contact.company_id == Company.id, Contact.email_key.is_not(None))
    return select(
        *_who(literal(""), literal(""), Company.name),
        Company.id.label("company_id"), Company.refuses_advertising.label("refuses"),
        null().label("reader_id"), false().label("refused"), null().label("state"), null().label("blocked"),
        false().label("reached"),
    ).where(in_use(), nobody, *about_nobody(audience.rules))  # fmt: skip


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
