"""The letters by the clock, by name: from a delivery's row to the letter, and whether it is still wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.materials.queries import published_of
from eventsys.events.models import Attendee, AttendeeState, EventState
from eventsys.events.programme.models import Session
from eventsys.events.programme.queries import held_by
from eventsys.events.reminders import emails
from eventsys.events.reminders.due import asks_for
from eventsys.events.reminders.models import ReminderKind
from eventsys.events.reminders.notices import COMING, MISSED, REMINDER, THANKS
from eventsys.mail.compose import Email
from eventsys.mail.letters import subject_of
from eventsys.mail.models import Delivery
from eventsys.mail.outbox import Letter

LEFT = "personen är inte längre anmäld"
OTHER_ADDRESS = "personen har bytt adress"
PASSED = "evenemanget har börjat eller är inställt"
CANCELLED = "evenemanget är inställt"
SWITCHED_OFF = "påminnelsen är avstängd"
CHANGED = "närvaron är ändrad"


def _attendee(delivery: Delivery) -> Attendee:
    return subject_of(Attendee, delivery)


def _before(make: Callable[[Attendee, Sequence[Session]], Email]) -> Letter:
    """A letter before the event, wanted while the person has the seat and the event is to come."""

    def unwanted(delivery: Delivery) -> str:
        attendee = db.session.get(Attendee, delivery.subject_id)
        if attendee is None or attendee.state is not AttendeeState.CONFIRMED:
            return LEFT
        if attendee.event.state is EventState.CANCELLED or now() >= attendee.event.starts_at:
            return PASSED
        return _not_for_the_address(delivery, attendee)

    def build(delivery: Delivery) -> Email:
        attendee = _attendee(delivery)
        return make(attendee, held_by([attendee.id])[attendee.id])

    return Letter(build, unwanted)


def _afterwards(make: Callable[[Attendee], Email], state: AttendeeState) -> Letter:
    """A letter after the event, wanted while staff say the same of whether the person came."""

    def unwanted(delivery: Delivery) -> str:
        attendee = db.session.get(Attendee, delivery.subject_id)
        if attendee is None or attendee.state is not state:
            return LEFT if attendee is None else CHANGED
        if attendee.event.state is EventState.CANCELLED:
            return CANCELLED
        return _not_for_the_address(delivery, attendee)

    return Letter(lambda delivery: make(_attendee(delivery)), unwanted)


def _thanks(attendee: Attendee) -> Email:
    return emails.thanks(attendee, has_material=bool(published_of(attendee.event_id)))


def _not_for_the_address(delivery: Delivery, attendee: Attendee) -> str:
    if attendee.email_key != delivery.address:
        return OTHER_ADDRESS
    kind = ReminderKind(delivery.purpose_key.split(":")[1])
    return "" if asks_for(attendee.event, kind) else SWITCHED_OFF


LETTERS: dict[str, Letter] = {
    REMINDER: _before(emails.reminder),
    COMING: _before(emails.coming),
    THANKS: _afterwards(_thanks, AttendeeState.ATTENDED),
    MISSED: _afterwards(emails.missed, AttendeeState.NO_SHOW),
}
