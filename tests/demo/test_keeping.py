"""The demonstration has rules whose references are clearly invented, a protocol and a handout."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.demo.keeping import REFERENCE
from eventsys.privacy.handouts.models import Handout
from eventsys.privacy.retention.models import RetentionRun
from eventsys.privacy.retention.running import what_is_due
from eventsys.retention import RetentionRule

pytestmark = pytest.mark.usefixtures("filled")


def test_every_decision_says_that_it_is_invented():
    references = {rule.reference for rule in db.session.scalars(select(RetentionRule))}
    assert references == {REFERENCE, ""}
    assert "Påhittat" in REFERENCE


def test_what_was_due_is_gone_and_stands_in_a_protocol():
    run = db.session.scalars(select(RetentionRun)).one()
    assert run.finished_at
    assert run.destroyed == sum(line.due for line in run.lines) > 0
    assert not any(due.count for due in what_is_due(now()))


def test_a_list_was_handed_out_with_everything_personal_masked():
    handout = db.session.scalars(select(Handout)).one()
    assert {"Namn", "E-post", "Telefon"} <= set(handout.masked)
    assert handout.rows > 0
