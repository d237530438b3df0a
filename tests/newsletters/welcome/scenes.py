"""New companies, and rounds in every state, for the tests of welcome letters."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from stdnum import luhn

from eventsys.clock import now
from eventsys.companies.models import Company, Contact, Postcode
from eventsys.database import db, transaction
from eventsys.mail.addresses import comparable
from eventsys.mail.delivery import drain
from eventsys.mail.models import Delivery, State
from eventsys.newsletters.welcome.approving import approve, ask_for_approval
from eventsys.newsletters.welcome.cohort import Place, places_of
from eventsys.newsletters.welcome.leaving import leave
from eventsys.newsletters.welcome.models import WelcomeLetter, WelcomeRound, WelcomeSettings
from eventsys.newsletters.welcome.planning import make_round
from eventsys.newsletters.welcome.queries import round_by_id
from eventsys.staff.models import Account, Role
from tests.factories import _kept
from tests.newsletters.sending.scenes import id_of
from tests.staff_fixtures import new_account

_numbers = itertools.count(1)
UNTIL = date(2027, 3, 31)


def begin(day: date, **settings: Any) -> None:
    """Our postcodes, and the day from which companies are new."""
    with transaction():
        db.session.add(Postcode(digits="50", place="Borås"))
        db.session.add(WelcomeSettings(id=1, starts_on=day, **settings))


def number_of_company() -> str:
    """An invented number with the right check digit."""
    digits = f"55399{next(_numbers):04d}"
    return digits + luhn.calc_check_digit(digits)


def make_company(
    name: str = "", addresses: Iterable[str] = (), registered: date = date(2027, 2, 1), **given: Any
) -> Company:
    """A new company in Borås with its contacts, in the order of their addresses."""
    place = next(_numbers)
    values = {
        "number": number_of_company(), "street": f"Väverigatan {place}", "postcode": "50330", "place": "Borås",
        "registered_on": registered, "created_at": now(),
    }  # fmt: skip
    company = _kept(Company(name=name or f"Väveriet {place} AB", **{**values, **given}))
    for address in addresses:
        add_contact(company, address)
    return company


def add_contact(company: Company, address: str) -> Contact:
    return _kept(Contact(company_id=company.id, email=address, email_key=comparable(address), created_at=now()))


def a_round(until: date = UNTIL, at: datetime | None = None, account: Account | None = None) -> WelcomeRound:
    """A draft, made by the verb."""
    writer = account or new_account(Role.EDITOR)
    with transaction():
        return make_round(writer.id, writer.name, until, at or now())


def asked(found: WelcomeRound, asker: Account | None = None, at: datetime | None = None) -> WelcomeRound:
    asker = asker or new_account(Role.EDITOR)
    with transaction():
        ask_for_approval(found.id, asker.id, asker.name, at or now())
    return again(found)


def approved(found: WelcomeRound, at: datetime | None = None) -> WelcomeRound:
    """Asked by one colleague, approved by another."""
    waiting, judge = asked(found, at=at), new_account(Role.EDITOR)
    with transaction():
        approve(waiting.id, waiting.version, judge.id, at or now())
    return again(found)


def sent(found: WelcomeRound, at: datetime | None = None) -> WelcomeRound:
    """Approved and left; nothing is delivered yet."""
    round_id = approved(found, at).id
    with transaction():
        leave(round_id, at or now())
    return again(found)


def again(row: Any) -> Any:
    """The row as it is now."""
    key = id_of(row)
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(type(row), key)


def places(found: WelcomeRound) -> dict[str, Place]:
    """What becomes of each company, by its name."""
    db.session.rollback()
    db.session.expire_all()
    return {one.name: one for one in places_of(round_by_id(id_of(found)))}


def rows_of(company: Company) -> list[WelcomeLetter]:
    key = id_of(company)
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(WelcomeLetter).where(WelcomeLetter.company_id == key)))


def deliver_all() -> None:
    db.session.remove()
    drain(20)
    db.session.remove()


def states() -> dict[str, State]:
    """The state of every letter of a mailing, by its address."""
    db.session.remove()
    rows = db.session.execute(select(Delivery.address, Delivery.state).where(Delivery.mailing_id.is_not(None)))
    return {row.address: row.state for row in rows}
