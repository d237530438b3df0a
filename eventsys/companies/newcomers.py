"""Which companies are new: registered within some days, in our postcodes, doing business."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, select

from eventsys.companies.models import Company, Postcode
from eventsys.database import db


def registered_between(first: date, last: date) -> ColumnElement[bool]:
    """A condition on Company: registered on one of these days, both included."""
    return and_(Company.registered_on >= first, Company.registered_on <= last)


def does_business() -> ColumnElement[bool]:
    """A condition on Company: neither deregistered nor in bankruptcy, liquidation and the like."""
    return and_(Company.deregistered_on.is_(None), Company.procedure == "")


def is_ours() -> ColumnElement[bool]:
    """A condition on Company: its postcode is one of ours, or begins like one."""
    return exists().where(Company.postcode.startswith(Postcode.digits))


def our_postcodes() -> frozenset[str]:
    """How our postcodes begin."""
    return frozenset(db.session.scalars(select(Postcode.digits)))
