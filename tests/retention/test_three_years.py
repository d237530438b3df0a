"""Three years, month by month: exactly what the rules say goes, the protocols add up, the statistics stay."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import func, select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.privacy.retention.models import RetentionLine, RetentionRun
from eventsys.privacy.retention.rules import Ruling, set_rule
from eventsys.retention import Interval, Unit, categories
from tests.retention.months import Made, make_month, night_after, statistics

MONTHS = 36
# Months each category is kept; None: no reference, so for ever.
KEPT: dict[str, int | None] = {
    "events.diet": 0, "events.people": 24, "events.left": 6, "events.bookers": 24, "events.invitations": 12,
    "surveys.links": 2, "surveys.texts": 30, "newsletters.readers": 3, "newsletters.sign_ups": 1,
    "newsletters.welcome": 12, "companies.contacts": 18, "privacy.requests": 24, "mail.letters": 13,
    "mail.left_out": 5, "mail.incoming": None,
}  # fmt: skip


def decide() -> None:
    with transaction():
        for key, months in KEPT.items():
            if key == "events.diet":
                continue  # holds without a decision
            reference = "" if months is None else f"Påhittat {key}"
            decided = None if months is None else date(2026, 11, 2)
            set_rule(key, Ruling(Interval(months or 1, Unit.MONTHS), reference, decided), "Alva", now())


def kept_at(category: str, month: int) -> set[int]:
    """The months that must be whole after the night that follows `month`, reckoned without the code under test.

    Everything happens on the tenth and the night is the first of the next month, so what is kept for n months is that
    of the n months before.
    """
    months = KEPT[category]
    return {one for one in range(month + 1) if months is None or one > month - months}


def destroyed() -> dict[str, int]:
    query = select(RetentionLine.category, func.sum(RetentionLine.destroyed)).group_by(RetentionLine.category)
    return dict(db.session.execute(query).all())


def test_three_years_leave_exactly_what_the_rules_say(app: Flask) -> None:
    assert {one.key for one in categories()} == KEPT.keys()
    decide()
    made = Made()
    for month in range(MONTHS):
        make_month(made, month)
        before = statistics(made) if month % 6 == 5 else None
        night_after(month)
        if before is not None:
            assert statistics(made) == before
            assert {key: made.whole_months(key) for key in KEPT} == {key: kept_at(key, month) for key in KEPT}
            assert destroyed() == {key: gone for key in KEPT if (gone := made.gone(key))}
    lines = db.session.scalars(select(RetentionLine)).all()
    assert all(line.destroyed == line.due for line in lines)
    assert all(line.reference or line.category == "events.diet" for line in lines)
    runs = db.session.scalars(select(RetentionRun)).all()
    assert len(runs) == MONTHS
    assert all(run.finished_at for run in runs)
