"""Leaving a list, or all of them: as easy as it was to come, and to be taken back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from eventsys import audit
from eventsys.clock import now
from eventsys.database import db
from eventsys.mail.addresses import comparable
from eventsys.newsletters.lists import COMPANIES, list_names
from eventsys.newsletters.subscriptions.consents import Origin, begin, end
from eventsys.newsletters.subscriptions.models import ConsentAct, Reader, SubscriptionState, Way
from eventsys.newsletters.subscriptions.queries import lists_of, locked_reader, reader_at, subscription_of
from eventsys.newsletters.subscriptions.words import consent_version

LONGEST_WHY = 300


def leave(reader_id: int, key: str, at: datetime, way: Way = Way.PAGE) -> list[str]:
    """The reader leaves this list; all of them when none of ours is named. Returns the lists that this left.

    Twice is the same as once. Raises NotFound. Flushes, does not commit.
    """
    reader = locked_reader(reader_id)
    if not is_a_list(reader, key):
        return refuse_all(reader_id, at, way)
    left = [key] if end(reader, key, way, at) else []
    if left:
        audit.record("reader.left", f"reader:{reader.id}", lists=1)
    return left


def is_a_list(reader: Reader, key: str) -> bool:
    """Whether there is such a list to leave."""
    return key == COMPANIES or subscription_of(reader, key) is not None or bool(list_names([key]))


def refuse_all(reader_id: int, at: datetime, way: Way = Way.PAGE, act: ConsentAct = ConsentAct.WITHDRAWN) -> list[str]:
    """The reader leaves every list and wants no letter to all companies either. Returns the lists that this left.

    The no to those letters is kept as such, so that it holds when the reader asks for the invitations of a series.
    Raises NotFound. Flushes, does not commit.
    """
    reader = locked_reader(reader_id)
    left = lists_of(reader)
    for key in (*left, COMPANIES):
        end(reader, key, way, at, act)
    if left:
        audit.record("reader.left", f"reader:{reader.id}", lists=len(left))
    return left


def complained(address: str) -> None:
    """Somebody called a letter of ours junk: that is a no to everything. Harmless for others. Flushes."""
    reader = reader_at(comparable(address))
    if reader is not None:
        refuse_all(reader.id, now(), act=ConsentAct.COMPLAINED)


def lists_left_last(reader: Reader) -> list[str]:
    """What the reader left last, at one time: what can be taken back and asked about."""
    ended = [one for one in reader.subscriptions if one.state is SubscriptionState.ENDED and one.ended_at]
    latest = max((one.ended_at for one in ended if one.ended_at), default=None)
    return [one.list for one in ended if one.ended_at == latest]


def take_back(reader_id: int, keys: Collection[str], at: datetime) -> list[str]:
    """The reader did not mean to leave these after all. Returns what begins again. Raises NotFound. Flushes.

    Only what was left can be taken back; lists are begun on the page of choices.
    """
    reader = locked_reader(reader_id)
    back = [one.list for one in reader.subscriptions if one.list in keys and one.state is SubscriptionState.ENDED]
    origin = Origin(Way.PAGE, text_version=consent_version())
    for key in back:
        begin(reader, key, origin, at)
    if back:
        audit.record("reader.came_back", f"reader:{reader.id}", lists=len(back))
    return back


def say_why(reader_id: int, keys: Collection[str], why: str) -> None:
    """What the reader answers when asked why; kept with what was left, and nowhere else. Raises NotFound. Flushes."""
    reader = locked_reader(reader_id)
    for one in reader.subscriptions:
        if one.list in keys and one.state is SubscriptionState.ENDED:
            one.why_ended = why[:LONGEST_WHY]
    db.session.flush()
