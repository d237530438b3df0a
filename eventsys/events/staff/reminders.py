"""Doors: the letters by the clock of one event: what they say, and not sending them."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.events import planning
from eventsys.events.access import PLANNERS, event_for
from eventsys.events.models import DayBefore
from eventsys.events.reminders.example import example_letter
from eventsys.events.reminders.models import ReminderKind
from eventsys.events.reminders.notices import COMING, MISSED, REMINDER, THANKS
from eventsys.events.staff.doors import doors, event_page
from eventsys.mail.framing import framed
from eventsys.staff.guards import signed_in, staff_only

OFF: dict[ReminderKind, dict[str, Any]] = {
    ReminderKind.WEEK: {"remind_week": False},
    ReminderKind.DAY: {"day_before": DayBefore.NOTHING},
    ReminderKind.COMING: {"day_before": DayBefore.NOTHING},
    ReminderKind.AFTER: {"says_thanks": False},
}


class Sample(StrEnum):
    """The letters that can be looked at, in the words of the address."""

    REMINDER = "paminnelse"
    COMING = "kommer"
    THANKS = "tack"
    MISSED = "uteblev"


LETTERS = {Sample.REMINDER: REMINDER, Sample.COMING: COMING, Sample.THANKS: THANKS, Sample.MISSED: MISSED}
# What stands behind each round, for the list on the page of letters.
SAMPLES = {
    ReminderKind.WEEK: (Sample.REMINDER,),
    ReminderKind.DAY: (Sample.REMINDER,),
    ReminderKind.COMING: (Sample.COMING,),
    ReminderKind.AFTER: (Sample.THANKS, Sample.MISSED),
}


def _sample(name: str) -> str:
    """The letter of this name. Raises NotFound."""
    if name not in set(Sample):
        raise NotFound
    return LETTERS[Sample(name)]


@doors.get("/evenemang/<int:event_id>/paminnelser/<name>")
@staff_only(*PLANNERS)
def show_sample(event_id: int, name: str) -> ResponseReturnValue:
    """What a letter will say, written to somebody who does not exist."""
    event, letter = event_for(signed_in(), event_id), _sample(name)
    subject = example_letter(letter, event, now()).subject
    return event_page("sample", event, "show_letters", letter=letter, subject=subject, name=name)


@doors.get("/evenemang/<int:event_id>/paminnelser/<name>/brevet")
@staff_only(*PLANNERS)
def show_sample_letter(event_id: int, name: str) -> ResponseReturnValue:
    """What stands in the letter's frame."""
    event = event_for(signed_in(), event_id)
    return framed(example_letter(_sample(name), event, now()).html)


@doors.post("/evenemang/<int:event_id>/paminnelser/<kind>/sluta")
@staff_only(*PLANNERS)
def submit_reminder_off(event_id: int, kind: str) -> ResponseReturnValue:
    """The same as the switch in the event's settings."""
    event_for(signed_in(), event_id)
    if kind not in set(OFF):
        raise NotFound
    with transaction():
        planning.edit_event(event_id, OFF[ReminderKind(kind)], now())
    flash("Det skickas inte. Du kan slå på det igen i inställningarna.", "good")
    return redirect(url_for("events_staff.show_letters", event_id=event_id, _anchor="paminnelser"))
