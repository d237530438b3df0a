"""The door for administrators: how the system runs."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.operations.alarms import open_troubles, past_troubles, told
from eventsys.operations.lines import Line, lines_of
from eventsys.operations.sight import look_around
from eventsys.operations.words import LETTER_NAMES, TROUBLES
from eventsys.staff import acts
from eventsys.staff.guards import staff_only
from eventsys.staff.models import Role
from eventsys.staff.navigation import SETTINGS, Entry

doors = Blueprint("operations", __name__, url_prefix="/personal")

acts.LETTER_NAMES.update(LETTER_NAMES)
SETTINGS.append(Entry("Drift", "operations.show_operations", "clock", "Hur systemet mår: klocka, brev, disk och larm."))


@doors.get("/drift")
@staff_only(Role.ADMINISTRATOR)
def show_operations() -> ResponseReturnValue:
    """Every part of the system with its state, and the alarms."""
    lines = lines_of(look_around(now()))
    return render_template(
        "operations/operations.html", lines=lines, bad=_labels(lines, "bad"), slow=_labels(lines, "warn"),
        troubles=[one for one in open_troubles() if one.told_at], past=past_troubles(), words=TROUBLES, told=told(),
    )  # fmt: skip


def _labels(lines: Sequence[Line], tone: str) -> list[str]:
    return [one.label for one in lines if one.tone == tone]
