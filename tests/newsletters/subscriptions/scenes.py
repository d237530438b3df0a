"""Short words for tests about subscriptions: verbs inside a transaction, and what lies in the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from eventsys.clock import now
from eventsys.database import Base, db
from eventsys.mail.compose import Email
from eventsys.mail.letters import Letter, letter_named
from eventsys.mail.models import Delivery
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions import choosing, confirming, leaving, signing_up
from eventsys.newsletters.subscriptions import importing as importing_
from eventsys.newsletters.subscriptions.models import Consent, Reader, SignUp, SubscriptionState
from eventsys.newsletters.subscriptions.signing_up import Wish
from tests.events.scenes import kept

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # 10.00 in Borås, winter time
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASA = "asa@vaveriet.se"

sign_up = kept(signing_up.sign_up)
sign_up_by_hand = kept(signing_up.sign_up_by_hand)
ask_for_other_address = kept(signing_up.ask_for_other_address)
from_registration = kept(signing_up.sign_up_from_registration)
confirm = kept(confirming.confirm)
confirm_address = kept(confirming.confirm_address)
choose = kept(choosing.choose)
leave = kept(leaving.leave)
refuse_all = kept(leaving.refuse_all)
take_back = kept(leaving.take_back)
complained = kept(leaving.complained)
take_in = kept(importing_.take_in)


def wish(address: str = ASA, *lists: str, **given: object) -> Wish:
    return Wish(address, lists or (FORETAGSAMT,), **given)  # type: ignore[arg-type]


def fresh() -> None:
    db.session.rollback()
    db.session.expire_all()


def asked(address: str = ASA) -> SignUp:
    """The newest sign-up of this address."""
    fresh()
    return db.session.scalars(select(SignUp).where(SignUp.address == address).order_by(SignUp.id.desc())).first()  # type: ignore[return-value]


def say_yes(address: str = ASA) -> Reader:
    """Confirm what was asked last, as its page shows it."""
    one = asked(address)
    return confirm(one.token, list(one.lists), now())


def reader(address: str = ASA) -> Reader | None:
    fresh()
    return db.session.scalars(select(Reader).where(Reader.address == address)).one_or_none()


def has(address: str = ASA) -> list[str]:
    """The lists that the address has now."""
    found = reader(address)
    return [one.list for one in found.subscriptions if one.state is SubscriptionState.ACTIVE] if found else []


def consents(address: str = ASA) -> list[str]:
    """`given foretagsamt` for each consent, oldest first."""
    fresh()
    query = select(Consent).join(Reader, Reader.id == Consent.reader_id).where(Reader.address == address)
    return [f"{one.act} {one.list}" for one in db.session.scalars(query.order_by(Consent.id))]


def letters(address: str = ASA) -> list[str]:
    """The letters posted to the address, oldest first, without `newsletters/`."""
    fresh()
    query = select(Delivery.letter).where(Delivery.address == address).order_by(Delivery.id)
    return [letter.removeprefix("newsletters/") for letter in db.session.scalars(query)]


def last_delivery(address: str = ASA) -> Delivery:
    fresh()
    return db.session.scalars(select(Delivery).where(Delivery.address == address).order_by(Delivery.id.desc())).first()  # type: ignore[return-value]


def written(delivery: Delivery) -> Email:
    """The letter as it would leave now."""
    kind = letter_named(delivery.letter)
    assert isinstance(kind, Letter)
    return kind.build(delivery)


def unwanted(delivery: Delivery) -> str:
    kind = letter_named(delivery.letter)
    assert isinstance(kind, Letter)
    return kind.unwanted(delivery)


def count(table: type[Base]) -> int:
    fresh()
    return db.session.scalar(select(func.count()).select_from(table)) or 0
