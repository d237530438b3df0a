"""The settings of the newsletters: who gets every issue first, how long the others wait, and the goal of the year."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.database import db
from eventsys.mail.addresses import comparable
from eventsys.newsletters.issues.models import NewsletterSettings

THE_ROW = 1
DEFAULT_HOLD, DEFAULT_GOAL = 10, 75


def newsletter_settings() -> NewsletterSettings:
    """The one row, or the defaults, which are not kept until somebody changes them."""
    return db.session.get(NewsletterSettings, THE_ROW) or _defaults()


def _defaults() -> NewsletterSettings:
    return NewsletterSettings(id=THE_ROW, seeds="", hold_minutes=DEFAULT_HOLD, goal_new=DEFAULT_GOAL)


def _the_row() -> NewsletterSettings:
    """The one row, made now if nobody has; of two who make it at the same moment the second finds the first's."""
    if db.session.get(NewsletterSettings, THE_ROW) is None:
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(_defaults())
    return db.session.get_one(NewsletterSettings, THE_ROW)


def seed_addresses() -> list[str]:
    """Addresses that get every issue first."""
    return newsletter_settings().seeds.split()


def change_settings(seeds: list[str], hold_minutes: int, goal_new: int) -> None:
    """Addresses are kept once each, as rows compare them. Flushes, does not commit."""
    kept = _the_row()
    kept.seeds = "\n".join(dict.fromkeys(comparable(address) for address in seeds))
    kept.hold_minutes, kept.goal_new = hold_minutes, goal_new
    db.session.flush()
    audit.record("newsletter_settings.changed", "newsletter_settings:1", seeds=len(kept.seeds.split()))
