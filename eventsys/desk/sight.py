"""What of everything an account may see: the one place that the desk's pages and searches ask.

Events and people are the events slice's to decide (events/access.py). Letters: administrators, organisers and editors
see all, co-organisers those about bookings of their series, hosts none.
"""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import ColumnElement, String, cast, false, literal, select, true

from eventsys.clock import from_local
from eventsys.events.access import within_reach
from eventsys.events.models import Event, Registration
from eventsys.mail.models import Delivery
from eventsys.staff.models import Account, Role

ALL_LETTERS = (Role.ADMINISTRATOR, Role.ORGANISER, Role.EDITOR)
SOME_LETTERS = (*ALL_LETTERS, Role.CO_ORGANISER)


def sees_all_letters(account: Account) -> bool:
    return account.role in ALL_LETTERS


def letters_seen_by(account: Account, at: datetime) -> ColumnElement[bool]:
    """A condition on Delivery: the letters that the account may see at this moment."""
    if sees_all_letters(account):
        return true()
    if account.role not in SOME_LETTERS:
        return false()
    theirs = (
        select(literal("registration:") + cast(Registration.id, String))
        .join(Event, Event.id == Registration.event_id)
        .where(within_reach(account, at))
    )
    return Delivery.about.in_(theirs)


def midnight(day: date) -> datetime:
    """When a Swedish day begins."""
    return from_local(datetime.combine(day, time.min))
