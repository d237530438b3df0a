"""Setting the rules: an interval, and the reference of the decision that lets it destroy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.retention import Interval, RetentionRule, category

SHORTEST_MONTHS = 1


class DecisionMissing(Refused):
    """A reference without the day of the decision, or the other way round."""


class NoRule(Refused):
    """There is no rule to take away."""


@dataclass(frozen=True)
class Ruling:
    """What is set for a category."""

    interval: Interval
    reference: str = ""
    decided_on: date | None = None


def set_rule(key: str, ruling: Ruling, by: str, at: datetime) -> RetentionRule:
    """Set the rule of a category; without a reference it is a plan only. Raises NotFound, DecisionMissing. Flushes."""
    category(key)
    if bool(ruling.reference) != (ruling.decided_on is not None):
        raise DecisionMissing("Skriv både beslutets beteckning och dagen då det fattades, eller ingetdera.")
    rule = db.session.get(RetentionRule, key, with_for_update=True) or RetentionRule(category=key)
    rule.number, rule.unit = ruling.interval.number, ruling.interval.unit
    rule.reference, rule.decided_on = ruling.reference, ruling.decided_on
    rule.changed_at, rule.changed_by = at, by
    db.session.add(rule)
    db.session.flush()
    audit.record(
        "retention.rule_set", "retention:", category=key, number=rule.number, unit=rule.unit.value,
        reference=rule.reference,
    )  # fmt: skip
    return rule


def take_rule_away(key: str) -> None:
    """The category is kept, or goes by its default. Raises NotFound, NoRule. Flushes."""
    category(key)
    rule = db.session.get(RetentionRule, key, with_for_update=True)
    if rule is None:
        raise NoRule("Regeln är redan borttagen.")
    db.session.delete(rule)
    db.session.flush()
    audit.record("retention.rule_removed", "retention:", category=key)
