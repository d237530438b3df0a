"""A list begins and a list ends, each with the consent that says so. Everything else about readers stands on these."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventsys.database import db
from eventsys.newsletters.lists import COMPANIES
from eventsys.newsletters.subscriptions.models import Consent, ConsentAct, Reader, Subscription, SubscriptionState, Way
from eventsys.newsletters.subscriptions.queries import lists_of, subscription_of


@dataclass(frozen=True)
class Origin:
    """How a consent came about."""

    way: Way
    code_id: int | None = None
    text_version: str = ""


def begin(reader: Reader, key: str, origin: Origin, at: datetime) -> bool:
    """The reader has the list from now on; False when it had it. The caller has locked the reader. Flushes.

    Whoever asks for a list no longer refuses all; a no to the letters to all companies stays. Those are not
    asked for: the no to them is taken back, and nothing is kept but that.
    """
    known = subscription_of(reader, key)
    if known is not None and known.state is SubscriptionState.ACTIVE:
        return False
    if key == COMPANIES:
        return _forget_the_no(reader, known, origin, at)
    if known is None:
        known = Subscription(reader_id=reader.id, list=key)
        reader.subscriptions.append(known)
    known.state, known.way, known.code_id = SubscriptionState.ACTIVE, origin.way, origin.code_id
    known.began_at, known.ended_at, known.why_ended = at, None, ""
    reader.refused_at = None
    _note(reader, key, ConsentAct.GIVEN, origin, at)
    return True


def _forget_the_no(reader: Reader, said: Subscription | None, origin: Origin, at: datetime) -> bool:
    if said is None:
        return False
    reader.subscriptions.remove(said)
    db.session.delete(said)
    reader.refused_at = None
    _note(reader, COMPANIES, ConsentAct.GIVEN, origin, at)
    return True


def end(reader: Reader, key: str, way: Way, at: datetime, act: ConsentAct = ConsentAct.WITHDRAWN) -> bool:
    """The reader does not have the list any more; False when it had ended before. The caller has locked the reader.

    A list that was never asked for, such as the letters to all companies, is kept as ended: they said no to it.
    Whoever has nothing left refuses all, so that no letter to all companies reaches them either. Flushes.
    """
    known = subscription_of(reader, key)
    if known is not None and known.state is SubscriptionState.ENDED:
        return False
    if known is None:
        known = Subscription(reader_id=reader.id, list=key, way=way, began_at=at)
        reader.subscriptions.append(known)
    known.state, known.ended_at = SubscriptionState.ENDED, at
    if not lists_of(reader):
        reader.refused_at = reader.refused_at or at
    _note(reader, key, act, Origin(way), at)
    return True


def _note(reader: Reader, key: str, act: ConsentAct, origin: Origin, at: datetime) -> None:
    db.session.add(
        Consent(
            reader_id=reader.id, list=key, act=act, at=at, way=origin.way, code_id=origin.code_id,
            text_version=origin.text_version,
        )
    )  # fmt: skip
    db.session.flush()
