"""What of everything an account may see: the one place that the desk's pages and searches ask.

Events and people are the events slice's to decide (events/access.py). Letters: administrators, organisers and editors
see all, co-organisers those about bookings and invitations of their series, hosts none.
"""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, Select, String, cast, false, literal, or_, select, true

from eventsys.clock import from_local
from eventsys.events.access import within_reach
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Event, Registration
from eventsys.mail.models import Delivery
from eventsys.staff.models import Account, Role

ALL_LETTERS = (Role.ADMINISTRATOR, Role.ORGANISER, Role.EDITOR)
SOME_LETTERS = (*ALL_LETTERS, Role.CO_ORGANISER)

REGISTER_READERS = (Role.ORGANISER, Role.EDITOR)
"""Who sees the register of companies: visits, notes, contacts and letters. Administrators enter everywhere."""


def sees_register(account: Account) -> bool:
    return account.role is Role.ADMINISTRATOR or account.role in REGISTER_READERS


def sees_all_letters(account: Account) -> bool:
    return account.role in ALL_LETTERS


def letters_seen_by(account: Account, at: datetime) -> ColumnElement[bool]:
    """A condition on Delivery: the letters that the account may see at this moment."""
    if sees_all_letters(account):
        return true()
    if account.role not in SOME_LETTERS:
        return false()
    return or_(*(Delivery.about.in_(_within_reach(kind, account, at)) for kind in (Registration, Invitation)))


def _within_reach(kind: type[Registration] | type[Invitation], account: Account, at: datetime) -> Select[str]:
    """What letters say that they are about (`registration:17`), for the rows of events that the account may open."""
    about = literal(f"{kind.__tablename__}:") + cast(kind.id, String)
    return select(about).join(Event, Event.id == kind.event_id).where(within_reach(account, at))


def midnight(day: date) -> datetime:
    """When a Swedish day begins."""
    return from_local(datetime.combine(day, time.min))
