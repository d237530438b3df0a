"""How long data about readers and welcome letters is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select

from eventsys.database import db
from eventsys.newsletters.subscriptions.forgetting import forget_readers, forget_sign_ups
from eventsys.newsletters.subscriptions.models import Reader, SignUp, Subscription, SubscriptionState
from eventsys.newsletters.welcome.forgetting import forget_letter_addresses
from eventsys.newsletters.welcome.models import WelcomeLetter, WelcomeRound
from eventsys.personal import FORGOTTEN, PREFIX
from eventsys.retention import Aside, Category, Deed, by_ids, counted


def _left(before: datetime) -> Select[Any]:
    """Readers without a list, whose last one, or whose no to everything, lies before then."""
    has_a_list = exists().where(Subscription.reader_id == Reader.id, Subscription.state == SubscriptionState.ACTIVE)
    last = select(func.max(Subscription.ended_at)).where(Subscription.reader_id == Reader.id).scalar_subquery()
    return select(Reader.id).where(
        Reader.address.not_like(f"{PREFIX}%"), ~has_a_list,
        or_(last.is_not(None), Reader.refused_at.is_not(None)),
        or_(last.is_(None), last < before), or_(Reader.refused_at.is_(None), Reader.refused_at < before),
    )  # fmt: skip


def _forget_left(before: datetime, limit: int, at: datetime) -> int:
    """What they once asked for goes with them: its rows hold the same address."""
    ids = db.session.scalars(_left(before).limit(limit)).all()
    addresses = db.session.scalars(select(Reader.address).where(Reader.id.in_(ids))).all()
    asked = select(SignUp.id).where(or_(SignUp.reader_id.in_(ids), SignUp.address.in_(addresses)))
    forget_sign_ups(db.session.scalars(asked).all(), at)
    return forget_readers(ids, at)


def _unconfirmed(before: datetime) -> Select[Any]:
    query = select(SignUp.id).where(SignUp.ends_at < before, SignUp.confirmed_at.is_(None))
    return query.where(SignUp.name != FORGOTTEN)


def _forget_unconfirmed(before: datetime, limit: int, at: datetime) -> int:
    return forget_sign_ups(db.session.scalars(_unconfirmed(before).limit(limit)).all(), at)


def _welcomed(before: datetime) -> Select[Any]:
    return (
        select(WelcomeLetter.id)
        .join(WelcomeRound, WelcomeRound.id == WelcomeLetter.round_id)
        .where(WelcomeRound.sent_at < before, WelcomeLetter.address != "")
        .where(WelcomeLetter.address.not_like(f"{PREFIX}%"))
    )


CATEGORIES = (
    Category(
        "newsletters.readers", "Prenumeranter som slutat", "Readers who left", "att den sista listan avslutades",
        "the last list was left",
        "Adress, namn och företag tas bort. Ett nej till våra brev gäller ändå, och när någon kom och slutade räknas.",
        Deed.NAMELESS, counted(_left), _forget_left,
    ),
    Category(
        "newsletters.sign_ups", "Frågor om prenumeration som ingen bekräftade", "Sign-ups that were not confirmed",
        "att frågan slutade gälla", "the question ended",
        "Adress, namn och företag tas bort. Att någon frågade räknas som förut.",
        Deed.NAMELESS, counted(_unconfirmed), _forget_unconfirmed,
    ),
    Category(
        "newsletters.welcome", "Adresser i välkomstbrev", "Addresses of welcome letters",
        "att omgången skickades", "the letters were sent",
        "Adressen tas bort. Vilket företag som fått brev, och när, finns kvar.",
        Deed.NAMELESS, counted(_welcomed), by_ids(_welcomed, forget_letter_addresses),
    ),
)  # fmt: skip
ASIDES = (Aside("Välkomstbrev på papper som väntar på att hämtas", "ett dygn"),)
