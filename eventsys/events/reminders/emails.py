"""The letters by the clock: one pure function each, from rows to Email."""

from __future__ import annotations

from collections.abc import Sequence

from eventsys.clock import local
from eventsys.events.emails import plain_letter
from eventsys.events.models import Attendee, Event
from eventsys.events.programme.models import Session
from eventsys.i18n import ENGLISH, clock, language, link, period, speaking
from eventsys.mail.compose import Email


def reminder(attendee: Attendee, sessions: Sequence[Session] = ()) -> Email:
    """What, when and where, the person's own sessions, and the way to the ticket."""
    with speaking(attendee.registration.lang):
        return plain_letter("events/reminder", attendee, **_practical(attendee, sessions))


def coming(attendee: Attendee, sessions: Sequence[Session] = ()) -> Email:
    """Will you come? Yes and no lead to the same page, where the answer is given."""
    with speaking(attendee.registration.lang):
        more = {
            "yes_url": link("events.show_coming", token=attendee.token),
            "no_url": link("events.show_coming", token=attendee.token, svar="nej"),
        }
        return plain_letter("events/coming", attendee, **_practical(attendee, sessions), **more)


def thanks(attendee: Attendee, has_material: bool = False) -> Email:
    """To those who came; with the way to the event's material when there is any for them."""
    with speaking(attendee.registration.lang):
        more = {
            "has_material": has_material,
            "material_url": link("events.show_booking", token=attendee.token),
            "calendar_url": link("events.show_calendar"),
        }
        return plain_letter("events/thanks", attendee, **more)


def missed(attendee: Attendee) -> Email:
    """To those who did not come and did not say so."""
    with speaking(attendee.registration.lang):
        return plain_letter("events/missed", attendee, calendar_url=link("events.show_calendar"))


def _practical(attendee: Attendee, sessions: Sequence[Session]) -> dict[str, object]:
    return {
        "ticket_url": link("events.show_ticket", code=attendee.ticket_code),
        "sessions": [(_hours(session, attendee.event), _named(session)) for session in sessions],
    }


def _hours(session: Session, event: Event) -> str:
    """The hours, with the day when it is not the event's first."""
    begins, ends = session.slot.starts_at, session.slot.ends_at
    if local(begins).date() != local(event.starts_at).date():
        return period(begins, ends)
    return f"{clock(begins)}\N{EN DASH}{clock(ends)}"


def _named(session: Session) -> str:
    title = (session.title_en if language() == ENGLISH else "") or session.title
    return ", ".join(part for part in (title, session.room) if part)
