"""Short words for tests about invitations: a closed event, guests, verbs in transactions of their own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.invitations import answering, inviting, reminding, requests, sending
from eventsys.events.invitations.inviting import Guest
from eventsys.events.invitations.models import Invitation
from eventsys.events.invitations.queries import overview
from eventsys.events.invitations.standing import Standing
from eventsys.events.models import Event
from eventsys.forms import normal_email
from eventsys.mail.models import Delivery
from eventsys.names import slug
from tests.events.scenes import kept
from tests.factories import make_event, make_person, make_series

invite = kept(inviting.invite)
withdraw = kept(inviting.withdraw)
send_invitations = kept(sending.send_invitations)
remind_silent = kept(reminding.remind_silent)
remind_silent_on = kept(reminding.remind_silent_on)
say_yes = kept(answering.say_yes)
say_no = kept(answering.say_no)
hand_on = kept(answering.hand_on)
ask_for_place = kept(requests.ask_for_place)
approve = kept(requests.approve)
refuse = kept(requests.refuse)


def closed_event(**given: Any) -> Event:
    """Update Borås: by invitation, in a series that no calendar shows."""
    series = given.pop("series", None) or make_series(name="Update Borås", public=False)
    return make_event(**{"series": series, "title": "Update Borås", "by_invitation": True, **given})


def make_guest(name: str = "Åsa Ek", company: str = "Väveriet AB", **given: Any) -> Guest:
    email = given.pop("email", f"{slug(name).replace('-', '.')}@{slug(company)}.example")
    return Guest(email, normal_email(email), name, company, **given)


def invited(event: Event, *names: str, sent: bool = True, **given: Any) -> list[int]:
    """These people on the list, with their letters sent; ids in the order of the names."""
    guests = [make_guest(name, **given) for name in names]
    invite(event.id, guests, now(), "För hand")
    if sent:
        send_invitations(event.id, now())
    return [the_invitation(event, guest.email_key).id for guest in guests]


def the_invitation(event: Event, email_key: str) -> Invitation:
    see()
    query = select(Invitation).where(Invitation.event_id == event.id, Invitation.email_key == email_key)
    return db.session.execute(query).scalar_one()


def row(invitation_id: int) -> Invitation:
    see()
    return db.session.get_one(Invitation, invitation_id)


def see() -> None:
    db.session.rollback()
    db.session.expire_all()


def yes(invitation_id: int, name: str = "") -> Any:
    return say_yes(invitation_id, make_person(name or row(invitation_id).name), now())


def counts(event: Event) -> dict[Standing, int]:
    """Where people stand; what is 0 is left out."""
    see()
    return {one: count for one, count in overview(event.id).counts.items() if count}


def letters_to(email: str) -> list[str]:
    see()
    query = select(Delivery.letter).where(Delivery.address == normal_email(email)).order_by(Delivery.id)
    return [letter.removeprefix("events/") for letter in db.session.execute(query).scalars()]


def posted(letter: str) -> int:
    see()
    return len(db.session.execute(select(Delivery.id).where(Delivery.letter == f"events/{letter}")).all())
