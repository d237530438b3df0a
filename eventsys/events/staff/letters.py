"""Doors: what became of the letters about an event's people."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.events import words
from eventsys.events.access import PLANNERS, event_for
from eventsys.events.fates import Fate, letters_of_event, registration_of
from eventsys.events.forms import PressForm
from eventsys.events.messages import messages_of
from eventsys.events.reminders import words as round_words
from eventsys.events.reminders.rounds import rounds_of
from eventsys.events.staff.doors import choice_in_address, doors, event_page, number_in_address, page_urls
from eventsys.events.staff.reminders import LETTERS, SAMPLES
from eventsys.staff.guards import signed_in, staff_only

LIST = "events_staff.show_letters"


@doors.get("/evenemang/<int:event_id>/brev")
@staff_only(*PLANNERS)
def show_letters(event_id: int) -> ResponseReturnValue:
    event, fate = event_for(signed_in(), event_id), choice_in_address("lage", Fate, Fate.ALL)
    found = letters_of_event(event, fate, number_in_address("sida", 1))
    return event_page(
        "letters",
        event,
        "show_letters",
        found=found,
        fate=fate,
        chips=[
            {
                "label": f"{label} {found.counts[one]}", "current": one is fate,
                "url": url_for(LIST, event_id=event_id, lage=None if one is Fate.ALL else one.value),
            }
            for one, label in words.FATES.items()
            if found.counts[one] or one in (Fate.ALL, fate)
        ],
        messages=messages_of(event_id),
        rounds=rounds_of(event, now()),
        round_words=round_words,
        samples=SAMPLES,
        sample_letters=LETTERS,
        form=PressForm(),
        registration_of=registration_of,
        pages=page_urls(LIST, found.number, found.pages, event_id=event_id, lage=fate.value),
    )  # fmt: skip
