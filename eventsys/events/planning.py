"""Planning: a new event from its series, a copy, an edit, publishing, cancelling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from eventsys import audit
from eventsys.clock import local, now
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.events import notices
from eventsys.events.changes.keeping import keep_former_facts
from eventsys.events.invitations.notices import tell_called_off
from eventsys.events.invitations.queries import silent_invited
from eventsys.events.models import (
    ACTIVE,
    Attendee,
    AttendeeState,
    Event,
    EventState,
    Registration,
    Series,
    Source,
    facts_of,
)
from eventsys.events.programme.shifting import between, copy_programme, follow_event, shifted
from eventsys.events.reminders.coming import forget_answers
from eventsys.events.reminders.schedule import schedule_reminders
from eventsys.events.seats import locked_event
from eventsys.events.states import move
from eventsys.events.waitlist import promote_from_waitlist
from eventsys.names import slug

_COPIED = (
    "title",
    "title_en",
    "summary",
    "summary_en",
    "description",
    "description_en",
    "programme",
    "speakers",
    "place",
    "address",
    "price",
    "capacity",
    "party_size",
    "asks_diet",
    "contact_name",
    "contact_email",
    "contact_phone",
    "by_invitation",
    "company_seats",
    "request_seats",
    "remind_week",
    "day_before",
    "says_thanks",
)
_FROM_SERIES = (
    "place",
    "address",
    "price",
    "capacity",
    "party_size",
    "asks_diet",
    "contact_name",
    "contact_email",
    "contact_phone",
    "remind_week",
    "day_before",
    "says_thanks",
)


class CannotPublish(Refused):
    """Something a visitor needs is missing; the text says what."""


class NotADraft(Refused):
    """Only a draft can be thrown away; what has been public is cancelled instead."""


def event_from_series(series: Series, title: str, starts_at: datetime, ends_at: datetime) -> Event:
    """A draft with the defaults of its series. Flushes, does not commit."""
    event = Event(series=series, title=title, starts_at=starts_at, ends_at=ends_at)
    for field in _FROM_SERIES:
        setattr(event, field, getattr(series, field))
    event.summary, event.summary_en = series.summary, series.summary_en
    event.by_invitation = not series.public
    return _begin(event)


def copy_event(original: Event, starts_at: datetime) -> Event:
    """A draft with everything of an event but its people, at a new time: its programme too, as the clock shows it."""
    by = between(original.starts_at, starts_at)
    event = Event(series=original.series, starts_at=starts_at, ends_at=shifted(original.ends_at, by))
    for field in _COPIED:
        setattr(event, field, getattr(original, field))
    copy = _begin(event)
    copy_programme(original, copy)
    return copy


def _begin(event: Event) -> Event:
    event.state = EventState.DRAFT
    event.created_at = now()
    _add_with_free_slug(event)
    audit.record("event.created", f"event:{event.id}")
    return event


def _add_with_free_slug(event: Event) -> None:
    """Somebody else may take the same address at the same moment; then look once more."""
    for tries_left in range(4, -1, -1):
        event.slug = free_slug(event.title, event.starts_at)
        try:
            with db.session.begin_nested():
                db.session.add(event)
            return
        except IntegrityError:
            if not tries_left:
                raise


def free_slug(title: str, starts_at: datetime) -> str:
    """An address not yet used: the title, with the date when the title is taken, with a number when both are."""
    wanted = slug(title)
    taken = set(db.session.execute(select(Event.slug).where(Event.slug.startswith(wanted))).scalars())
    dated = f"{wanted}-{local(starts_at):%Y-%m-%d}"
    candidates = [wanted, dated, *(f"{dated}-{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if candidate not in taken)


@dataclass(frozen=True)
class Edited:
    """What an edit did: whether people were told, and how many seats were offered to the queue."""

    told: int
    offered: int


def edit_event(event_id: int, values: dict[str, Any], at: datetime) -> Edited:
    """Change an event. A new time or place is told to everybody registered; more seats are offered to the queue.

    Fewer seats than people registered is allowed: nobody loses a seat, and none is sold until there is room. When the
    start moves closer, open offers end by the new cut-off.
    The programme moves along to a new date. Raises NotFound, OutsideEvent when it does not fit the new time,
    CannotPublish when a published event would lack what visitors need. Flushes, does not commit.
    """
    event = locked_event(event_id)
    before = facts_of(event)
    for field, value in values.items():
        setattr(event, field, value)
    if event.state is EventState.PUBLISHED:
        check_ready(event)
    if facts_of(event) != before:
        follow_event(event, before["starts_at"])
    audit.record("event.edited", f"event:{event.id}", fields=sorted(values))
    told = 0
    if event.state is EventState.PUBLISHED and facts_of(event) != before:
        event.sequence += 1
        keep_former_facts(event, before, at)
        _shorten_offers(event)
        told = _tell_changed(event, at)
    if local(event.starts_at).date() != local(before["starts_at"]).date():
        forget_answers(event.id)
    schedule_reminders(event, at)
    return Edited(told, len(promote_from_waitlist(event, at)))


def _shorten_offers(event: Event) -> None:
    for attendee in active_people(event):
        if attendee.offer_ends_at is not None:
            attendee.offer_ends_at = min(attendee.offer_ends_at, event.offers_end_at)


def _tell_changed(event: Event, at: datetime) -> int:
    if at >= event.ends_at:
        return 0
    people = active_people(event)
    for attendee in people:
        attendee.letter_number += 1
        notices.tell_event_changed(attendee)
    return len(people)


def active_people(event: Event) -> list[Attendee]:
    """Everybody with a seat, an offer or a place in the queue."""
    query = (
        select(Attendee)
        .options(joinedload(Attendee.registration).selectinload(Registration.attendees))
        .where(Attendee.event_id == event.id, Attendee.state.in_(ACTIVE))
        .order_by(Attendee.id)
    )
    return list(db.session.execute(query).scalars())


def check_ready(event: Event) -> None:
    """Raise CannotPublish with everything that a visitor would miss."""
    if missing := lacking(event):
        raise CannotPublish(f"Evenemanget saknar {listed(missing)}. Lägg till det och försök igen.")


def lacking(event: Event) -> list[str]:
    """What a visitor would miss, in words that follow "saknar"; empty when the event can be shown to everybody."""
    return [
        words
        for missing, words in (
            (not event.title, "en rubrik"),
            (not event.summary, "en sammanfattning"),
            (not event.place, "en plats"),
            (event.ends_at <= event.starts_at, "en sluttid efter starttiden"),
            (event.capacity < 1, "minst en plats att boka"),
        )
        if missing
    ]


def listed(words: list[str]) -> str:
    """`a, b och c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} och {words[-1]}"


def publish(event_id: int, at: datetime) -> Event:
    """Show the event to everybody and open its registration. Raises CannotPublish. Flushes, does not commit."""
    event = locked_event(event_id)
    if event.state is EventState.PUBLISHED:
        return event
    if event.state is EventState.CANCELLED:
        raise CannotPublish("Evenemanget är inställt. Kopiera det om det ska bli av en annan gång.")
    if at >= event.starts_at:
        raise CannotPublish("Starttiden har passerat. Ändra tiden och försök igen.")
    check_ready(event)
    event.state, event.published_at = EventState.PUBLISHED, at
    audit.record("event.published", f"event:{event.id}")
    schedule_reminders(event, at)
    return event


def cancel_event(event_id: int, why: str, at: datetime) -> int:
    """Call the event off: tickets stop working, offers end, everybody is told once: those registered, and those
    invited who have not answered. Returns how many were told.

    Pressing twice tells nobody twice. Raises NotFound, CannotPublish for a draft. Flushes, does not commit.
    """
    event = locked_event(event_id)
    if event.state is EventState.CANCELLED:
        return 0
    if event.state is EventState.DRAFT:
        raise CannotPublish("Ett utkast kan inte ställas in. Ta bort det i stället.")
    event.state, event.cancelled_at, event.cancelled_why = EventState.CANCELLED, at, why
    event.sequence += 1
    silent = silent_invited(event.id)
    people = [person for person in active_people(event) if person.state not in _HAPPENED]
    for attendee in people:
        move(attendee, AttendeeState.CANCELLED, at)
        notices.tell_event_cancelled(attendee)
    told = len(people) + tell_called_off(silent)
    audit.record("event.cancelled", f"event:{event.id}", told=told)
    schedule_reminders(event, at)
    return told


_HAPPENED = (AttendeeState.ATTENDED, AttendeeState.NO_SHOW)


def delete_draft(event_id: int) -> None:
    """Throw a draft away. Raises NotADraft when it has ever been public."""
    event = locked_event(event_id)
    if event.state is not EventState.DRAFT:
        raise NotADraft
    audit.record("event.deleted", f"event:{event.id}")
    db.session.execute(delete(Source).where(Source.event_id == event.id))
    db.session.delete(event)
    db.session.flush()
