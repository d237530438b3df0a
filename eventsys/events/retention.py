"""How long data about events is kept: diet, people, who booked, who was invited. All reckoned from the event's end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from eventsys.events.forgetting import forget_attendees, forget_bookers, forget_diets, forget_invitations
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import SEATED, Attendee, Diet, Event, Registration
from eventsys.personal import FORGOTTEN
from eventsys.retention import Aside, Category, Deed, Interval, Unit, by_ids, counted

DIET = "events.diet"


def _diets(before: datetime) -> Select[Any]:
    return select(Diet.attendee_id).join(Attendee).join(Attendee.event).where(Event.ends_at < before)


def _seated(before: datetime) -> Select[Any]:
    return _people(before).where(Attendee.state.in_(SEATED))


def _without_seat(before: datetime) -> Select[Any]:
    return _people(before).where(Attendee.state.not_in(SEATED))


def _people(before: datetime) -> Select[Any]:
    return select(Attendee.id).join(Attendee.event).where(Event.ends_at < before, Attendee.name != FORGOTTEN)


def _bookers(before: datetime) -> Select[Any]:
    return (
        select(Registration.id)
        .join(Registration.event)
        .where(Event.ends_at < before, Registration.booker_name != FORGOTTEN)
    )


def _invitations(before: datetime) -> Select[Any]:
    query = select(Invitation.id).join(Invitation.event)
    return query.where(Event.ends_at < before, Invitation.name != FORGOTTEN)


_EVENT, _EVENT_EN = "evenemanget", "the event"
CATEGORIES = (
    Category(
        DIET, "Mat och allergi", "Food and allergies", _EVENT, _EVENT_EN,
        "Tas bort. Köket har bara fått antal, och de sparas inte.", Deed.DELETED,
        counted(_diets), by_ids(_diets, forget_diets), Interval(0, Unit.DAYS),
    ),
    Category(
        "events.people", "Deltagare vid evenemang", "Participants of events", _EVENT, _EVENT_EN,
        "Namn, e-post, telefon och svar i egna ord tas bort. Platsen, företaget och om personen kom räknas som förut.",
        Deed.NAMELESS, counted(_seated), by_ids(_seated, forget_attendees),
    ),
    Category(
        "events.left", "Kö och avbokade", "Waiting list and cancellations", _EVENT, _EVENT_EN,
        "Namn, e-post, telefon och svar i egna ord tas bort. Att någon stått i kö eller avbokat räknas som förut.",
        Deed.NAMELESS, counted(_without_seat), by_ids(_without_seat, forget_attendees),
    ),
    Category(
        "events.bookers", "De som bokat åt sig eller andra", "People who booked", _EVENT, _EVENT_EN,
        "Namn, e-post och telefon tas bort, och enskilda firmors namn. Företaget, dagen och källan finns kvar.",
        Deed.NAMELESS, counted(_bookers), by_ids(_bookers, forget_bookers),
    ),
    Category(
        "events.invitations", "Inbjudna", "People who were invited", _EVENT, _EVENT_EN,
        "Namn, e-post, telefon och meddelande tas bort. Svaret och dagen finns kvar.",
        Deed.NAMELESS, counted(_invitations), by_ids(_invitations, forget_invitations),
    ),
)  # fmt: skip
ASIDES = (Aside("Papper med namn som väntar på att hämtas (namnskyltar, dörrlistor)", "ett dygn"),)
