"""The settings of the newsletters: who gets every issue first, how long the others wait, and the goal of the year."""

from __future__ import annotations

from eventsys import audit
from eventsys.database import db
from eventsys.mail.addresses import comparable
from eventsys.newsletters.issues.models import NewsletterSettings
from eventsys.onerow import one_row, one_row_to_change


def newsletter_settings() -> NewsletterSettings:
    """The one row, or the defaults, which are not kept until somebody changes them."""
    return one_row(NewsletterSettings)


def seed_addresses() -> list[str]:
    """Addresses that get every issue first."""
    return newsletter_settings().seeds.split()


def change_settings(seeds: list[str], hold_minutes: int, goal_new: int) -> None:
    """Addresses are kept once each, as rows compare them. Flushes, does not commit."""
    kept = one_row_to_change(NewsletterSettings)
    kept.seeds = "\n".join(dict.fromkeys(comparable(address) for address in seeds))
    kept.hold_minutes, kept.goal_new = hold_minutes, goal_new
    db.session.flush()
    audit.record("newsletter_settings.changed", "newsletter_settings:1", seeds=len(kept.seeds.split()))
