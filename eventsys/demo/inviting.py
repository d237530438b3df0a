"""Closed events of the demonstration: who is asked, and what they answer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from eventsys.database import db
from eventsys.demo.cast import Guest as DemoGuest
from eventsys.demo.cast import Party
from eventsys.events.invitations.answering import hand_on, say_no, say_yes
from eventsys.events.invitations.inviting import Guest, invite
from eventsys.events.invitations.models import Invitation
from eventsys.events.invitations.sending import send_invitations

LIST = "Företagsledare som deltagit förut"
NO = ("Tyvärr utomlands den dagen.", "", "Det krockar med vår styrelse.", "")


def invite_all(event_id: int, parties: Sequence[Party], at: datetime) -> None:
    """Put the first person of each party on the list, and send the letters."""
    invite(event_id, [_guest(party.people[0], party) for party in parties], at, LIST)
    send_invitations(event_id, at)


def accept(event_id: int, party: Party, at: datetime) -> None:
    say_yes(_invitation(event_id, party.people[0]), party.people[0].as_person(), at)


def refuse(event_id: int, party: Party, luck: random.Random, at: datetime) -> None:
    say_no(_invitation(event_id, party.people[0]), luck.choice(NO), at)


def send_colleague(event_id: int, party: Party, at: datetime) -> None:
    """The invited person hands the invitation to a colleague, who comes."""
    colleague = party.people[1]
    hand_on(_invitation(event_id, party.people[0]), _guest(colleague, party), at)
    say_yes(_invitation(event_id, colleague), colleague.as_person(), at)


def _guest(person: DemoGuest, party: Party) -> Guest:
    return Guest(person.email, person.email, person.name, party.company.name, party.company.number, person.phone)


def _invitation(event_id: int, person: DemoGuest) -> int:
    query = select(Invitation.id).where(Invitation.event_id == event_id, Invitation.email_key == person.email)
    return db.session.execute(query).scalar_one()
