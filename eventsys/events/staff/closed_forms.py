"""The part of an event's settings that says who may come: everybody, or those on the guest list."""

from __future__ import annotations

from wtforms import BooleanField

from eventsys.fields import MOST_SEATS, NumberField, between
from eventsys.forms import Form

CLOSED = ("by_invitation", "company_seats", "request_seats")


class ClosedForm(Form):
    by_invitation = BooleanField(
        "Bara för inbjudna", description="Bara de på gästlistan kan tacka ja, med sin egen länk."
    )
    company_seats = NumberField(
        "Högst så många från varje inbjudet företag",
        [between(0, MOST_SEATS)],
        default=0,
        description="0 betyder ingen gräns.",
    )
    request_seats = NumberField(
        "Platser som andra kan be om",
        [between(0, MOST_SEATS)],
        default=0,
        description="0 betyder att ingen kan be om en plats.",
    )
