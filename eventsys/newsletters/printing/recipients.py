"""Who gets Företagsamt on paper: companies that no letter reaches by e-mail, and that may be written to.

Reached by e-mail is a company with somebody to write to in the register, or with a reader of its own who subscribes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, or_, select

from eventsys.companies.models import Company, Contact
from eventsys.companies.queries import in_use
from eventsys.database import db
from eventsys.names import collated
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.printing.address_file import addressee
from eventsys.newsletters.subscriptions.models import Reader, Subscription, SubscriptionState

_POSTCODE = re.compile(r"[1-9][0-9]{4}", re.ASCII)


class WhyNot(StrEnum):
    """Why a company without e-mail gets no paper either."""

    REFUSES = "refuses"
    NO_STREET = "no_street"
    NO_POSTCODE = "no_postcode"
    NO_PLACE = "no_place"


@dataclass(frozen=True)
class LeftOut:
    company_id: int
    name: str
    why: WhyNot


@dataclass(frozen=True)
class PaperRound:
    """Everybody in the register, once: `by_email` + `companies` + `left_out`."""

    companies: Sequence[Company]
    left_out: Sequence[LeftOut]
    by_email: int

    @property
    def reasons(self) -> list[tuple[WhyNot, int]]:
        """How many were left out for each reason that there is."""
        numbers = Counter(one.why for one in self.left_out)
        return [(why, numbers[why]) for why in WhyNot if numbers[why]]


def paper_round() -> PaperRound:
    """Who gets the issue on paper, in the order of a postman's round, and who does not, by name. Two queries."""
    found = list(db.session.execute(select(Company).where(in_use(), ~_reached_by_email())).scalars())
    sorted_out = [(company, _why_not(company)) for company in found]
    left_out = [LeftOut(company.id, company.name, why) for company, why in sorted_out if why]
    return PaperRound(
        companies=sorted(
            (company for company, why in sorted_out if why is None),
            key=lambda company: addressee(company).postal_order,
        ),
        left_out=sorted(left_out, key=lambda one: (collated(one.name), one.company_id)),
        by_email=(db.session.scalar(select(func.count()).where(in_use())) or 0) - len(found),
    )


def _reached_by_email() -> ColumnElement[bool]:
    has_contact = exists().where(Contact.company_id == Company.id, Contact.email_key.is_not(None))
    subscribes = exists().where(
        Reader.company_id == Company.id, Reader.refused_at.is_(None),
        Subscription.reader_id == Reader.id, Subscription.list == FORETAGSAMT,
        Subscription.state == SubscriptionState.ACTIVE,
    )  # fmt: skip
    return or_(has_contact, subscribes)


def _why_not(company: Company) -> WhyNot | None:
    if company.refuses_advertising:
        return WhyNot.REFUSES
    if not company.street.strip():
        return WhyNot.NO_STREET
    if not _POSTCODE.fullmatch(company.postcode):
        return WhyNot.NO_POSTCODE
    return WhyNot.NO_PLACE if not company.place.strip() else None
