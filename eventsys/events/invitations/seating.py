"""The seat, or place in the queue, that an invitation or a granted request leads to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Attendee, Event
from eventsys.events.registration import Booker, IfFull, Person, Wish, book


def book_for(event: Event, invitation: Invitation, person: Person, at: datetime) -> Attendee:
    """Book for the person under the invitation's address, which is not registered yet. Under the lock; flushes."""
    who = replace(person, email=invitation.email, email_key=invitation.email_key)
    wish = Wish(
        booker=Booker(who.name, who.email, who.email_key, who.phone, who.phone_e164),
        people=(who,),
        company_name=invitation.company_name,
        company_number=invitation.company_number,
        if_full=IfFull.TAKE_SOME,
        lang=invitation.lang,
    )
    registration = book(event, wish, at).registration
    assert registration is not None, "the address was free under the lock"
    return registration.attendees[0]
