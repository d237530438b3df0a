"""The letter about material, by name, and whether it is still wanted."""

from __future__ import annotations

from eventsys.events.materials import emails
from eventsys.events.materials.queries import published_of
from eventsys.events.models import Attendee, AttendeeState
from eventsys.mail.compose import Email
from eventsys.mail.letters import subject_of
from eventsys.mail.models import Delivery
from eventsys.mail.outbox import Letter

DID_NOT_COME = "personen är inte längre markerad som att ha kommit"
NOTHING_LEFT = "materialet är borttaget"
OTHER_ADDRESS = "personen har bytt adress"


def _attendee(delivery: Delivery) -> Attendee:
    return subject_of(Attendee, delivery)


def _material(delivery: Delivery) -> Email:
    attendee = _attendee(delivery)
    return emails.material(attendee, published_of(attendee.event_id))


def _unwanted(delivery: Delivery) -> str:
    attendee = _attendee(delivery)
    if attendee.state is not AttendeeState.ATTENDED:
        return DID_NOT_COME
    if attendee.email_key != delivery.address:
        return OTHER_ADDRESS
    return "" if published_of(attendee.event_id) else NOTHING_LEFT


LETTERS: dict[str, Letter] = {"events/material": Letter(build=_material, unwanted=_unwanted)}
