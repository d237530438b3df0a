"""The letters by the clock as an event's people will read them, written to somebody who does not exist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from eventsys.events.models import Attendee, AttendeeState, Event, Registration
from eventsys.events.reminders import emails
from eventsys.events.reminders.notices import COMING, MISSED, REMINDER, THANKS
from eventsys.mail.compose import Email

NAME, ADDRESS = "Karin Exempel", "karin@foretaget.example"
NOWHERE = "exempel"
MAKERS: dict[str, Callable[[Attendee], Email]] = {
    REMINDER: emails.reminder,
    COMING: emails.coming,
    THANKS: emails.thanks,
    MISSED: emails.missed,
}


def example_letter(letter: str, event: Event, at: datetime) -> Email:
    """A letter (`events/coming`) about this event. Its personal links lead nowhere. Raises KeyError."""
    return MAKERS[letter](_somebody(event, at))


def _somebody(event: Event, at: datetime) -> Attendee:
    """Never added to the session."""
    booking = Registration(
        event=event, booker_name=NAME, booker_email=ADDRESS, booker_email_key=ADDRESS, lang="sv", token=NOWHERE
    )
    return Attendee(
        registration=booking, event=event, name=NAME, email=ADDRESS, email_key=ADDRESS, address_claim=ADDRESS,
        state=AttendeeState.CONFIRMED, confirmed_at=at, token=NOWHERE, ticket_code=NOWHERE,
    )  # fmt: skip
