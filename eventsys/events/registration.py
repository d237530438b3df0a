"""Registering: one booking with one or several people, each with an own seat, ticket and letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy import bindparam, select

from eventsys import audit
from eventsys.companies.models import Company
from eventsys.companies.register import company_for
from eventsys.counters import count_refusal
from eventsys.database import after_commit, db
from eventsys.errors import Refused
from eventsys.events import notices
from eventsys.events.invitations.inviting import note_registered
from eventsys.events.models import (
    ACTIVE,
    Answer,
    Attendee,
    AttendeeState,
    Diet,
    Event,
    EventPhase,
    EventState,
    Registration,
)
from eventsys.events.programme.choosing import Wanted, place
from eventsys.events.seats import Seats, locked_event, seats
from eventsys.events.waitlist import promote_from_waitlist
from eventsys.names import sort_key
from eventsys.statements import StatementKind, version_in_force
from eventsys.tokens import new_ticket_code, new_token

# Asked again and again while many register: built once, which halves their cost.
_SAME_FORM = select(Registration).where(Registration.idempotency_key == bindparam("key"))
_CLAIMED = select(Attendee.address_claim).where(
    Attendee.event_id == bindparam("event_id"),
    Attendee.state.in_(ACTIVE),
    Attendee.address_claim.in_(bindparam("addresses", expanding=True)),
)


@dataclass(frozen=True)
class Person:
    """One person as typed. `email` is never empty here: those without an own have the booker's."""

    name: str
    email: str
    email_key: str
    phone: str = ""
    phone_e164: str = ""
    diet: str = ""
    answers: dict[int, str] = field(default_factory=dict)  # question id -> text
    sessions: Mapping[int, int | None] = field(default_factory=dict)  # slot id -> session id; None: no session
    queue_ok: Collection[int] = ()  # full sessions whose queue will do


@dataclass(frozen=True)
class Booker:
    name: str
    email: str
    email_key: str
    phone: str = ""
    phone_e164: str = ""


class IfFull(StrEnum):
    """What the party wants when there are not seats for all."""

    REFUSE = "refuse"  # tell me first
    QUEUE_ALL = "all_or_none"  # we sit together or not at all
    TAKE_SOME = "take_some"  # take the seats there are, queue for the rest


@dataclass(frozen=True)
class Wish:
    """Everything a registration form asks, as plain values."""

    booker: Booker
    people: tuple[Person, ...]
    company_name: str = ""
    company_number: str | None = None
    sole_trader: bool = False
    if_full: IfFull = IfFull.REFUSE
    source: str = ""
    lang: str = "sv"
    idempotency_key: str | None = None
    wants_letters: bool = False  # the box for the newsletter is ticked; a letter asks whether that is true


@dataclass(frozen=True)
class Outcome:
    """What became of a wish. `registration` is None when every person was registered before."""

    registration: Registration | None
    already: tuple[Person, ...] = ()


class RegistrationClosed(Refused):
    """The event takes no registrations now; `.phase` says why."""

    def __init__(self, phase: EventPhase) -> None:
        super().__init__(phase.value)
        self.phase = phase


class OnlyInvited(RegistrationClosed):
    """Only those who are invited may come; they answer by their own link."""


class FullNow(Refused):
    """There are fewer seats for newcomers than people; `.left` is how many there are."""

    def __init__(self, left: int) -> None:
        super().__init__(str(left))
        self.left = left


class PartyTooLarge(Refused):
    """More people than one booking may hold; `.most` is how many it may."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


def register(event_id: int, wish: Wish, at: datetime) -> Outcome:
    """Book seats, or places in the queue, for a party.

    The same form sent twice (idempotency key) finds the first booking. People whose address is registered at the event
    in another booking are left out here and told by letter, so that the page betrays nobody's registration.

    Raises NotFound, RegistrationClosed, PartyTooLarge, and FullNow or SessionFull when the party did not say it would
    queue.
    Flushes, does not commit.
    """
    event = locked_event(event_id)
    if (before := _same_form(wish)) is not None:
        return Outcome(before)
    _check_open(event, at)
    if len(wish.people) > event.party_size:
        raise PartyTooLarge(event.party_size)
    return book(event, wish, at)


def register_by_hand(event_id: int, wish: Wish, at: datetime, staff: str) -> Outcome:
    """Staff add people, also after registration has closed; beyond the capacity they queue like everybody else.

    The same form sent twice (idempotency key) finds the first booking.
    Raises NotFound, RegistrationClosed for a draft or a cancelled event, FullNow. Flushes, does not commit.
    """
    event = locked_event(event_id)
    if (before := _same_form(wish)) is not None:
        return Outcome(before)
    if event.state is not EventState.PUBLISHED:
        raise RegistrationClosed(event.phase(at))
    outcome = book(event, wish, at)
    if outcome.registration is not None:
        outcome.registration.added_by = staff
        audit.record("registration.added", f"event:{event.id}", people=len(outcome.registration.attendees))
    return outcome


def book(event: Event, wish: Wish, at: datetime) -> Outcome:
    """Make the booking on an event whose seats the caller has locked. Raises FullNow, SessionFull, SessionGone.

    Flushes, does not commit.
    The same person written twice in one wish is one. Whoever queues behind a party that is too large for the seats that
    are left is offered one of them at once.
    """
    new, already = _known_apart(event, _each_once(wish.people))
    for person in already:
        notices.tell_already_registered(event, person.email_key)
    if not new:
        return Outcome(None, already)
    states = _places_for(new, wish.if_full, seats(event))
    registration = _registration(event, wish, at)
    db.session.add(registration)
    for person, state in zip(new, states, strict=True):
        registration.attendees.append(_attendee(event, person, state, at))
    _claim_addresses(registration.attendees)
    db.session.flush()
    place(event, zip(registration.attendees, map(_sessions_wanted, new), strict=True), at)
    if event.by_invitation:
        note_registered(registration, at)
    notices.tell_registered(registration)
    if AttendeeState.WAITING in states:
        promote_from_waitlist(event, at)
    return Outcome(registration, already)


def _check_open(event: Event, at: datetime) -> None:
    if event.by_invitation:
        raise OnlyInvited(event.phase(at))
    if not event.takes_registrations(at):
        raise RegistrationClosed(event.phase(at))


def _sessions_wanted(person: Person) -> Wanted:
    return Wanted(person.sessions, person.queue_ok)


def _same_form(wish: Wish) -> Registration | None:
    if not wish.idempotency_key:
        return None
    return db.session.execute(_SAME_FORM, {"key": wish.idempotency_key}).scalar_one_or_none()


def _each_once(people: Sequence[Person]) -> tuple[Person, ...]:
    return tuple({(person.email_key, person.name.casefold()): person for person in reversed(people)}.values())[::-1]


def address_is_taken(event: Event, email_key: str) -> bool:
    """Whether somebody with this address is registered at the event now."""
    return bool(_claimed(event, {email_key}))


def _claimed(event: Event, addresses: set[str]) -> set[str | None]:
    return set(db.session.execute(_CLAIMED, {"event_id": event.id, "addresses": list(addresses)}).scalars())


def _known_apart(event: Event, people: Sequence[Person]) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    claimed = _claimed(event, {person.email_key for person in people})
    return (
        tuple(person for person in people if person.email_key not in claimed),
        tuple(person for person in people if person.email_key in claimed),
    )


def _places_for(people: Sequence[Person], if_full: IfFull, now: Seats) -> list[AttendeeState]:
    """The state each person gets. Raises FullNow when there are too few seats and the party wants to be told first."""
    size, left = len(people), now.open_to_newcomers
    if left >= size:
        return [AttendeeState.CONFIRMED] * size
    if if_full is IfFull.REFUSE:
        count_refusal("full")
        raise FullNow(left)
    after_commit(partial(count_refusal, "queued"))
    seated = left if if_full is IfFull.TAKE_SOME else 0
    return [AttendeeState.CONFIRMED] * seated + [AttendeeState.WAITING] * (size - seated)


def _registration(event: Event, wish: Wish, at: datetime) -> Registration:
    company = _company(wish)
    return Registration(
        event=event,
        company_id=company.id if company else None,
        company_name=wish.company_name,
        company_number=None if wish.sole_trader else wish.company_number,
        sole_trader=wish.sole_trader,
        booker_name=wish.booker.name,
        booker_email=wish.booker.email,
        booker_email_key=wish.booker.email_key,
        booker_phone=wish.booker.phone,
        booker_phone_e164=wish.booker.phone_e164,
        all_or_none=wish.if_full is IfFull.QUEUE_ALL and len(wish.people) > 1,
        source=wish.source,
        lang=wish.lang,
        token=new_token(),
        idempotency_key=wish.idempotency_key,
        privacy_version=version_in_force(StatementKind.PRIVACY),
        wants_letters_at=at if wish.wants_letters else None,
        created_at=at,
    )


def _company(wish: Wish) -> Company | None:
    """By its number; without one, and for sole traders, by an address that one company alone has."""
    addresses = {wish.booker.email_key, *(person.email_key for person in wish.people)}
    return company_for(wish.company_name, None if wish.sole_trader else wish.company_number, addresses)


def _attendee(event: Event, person: Person, state: AttendeeState, at: datetime) -> Attendee:
    waits = state is AttendeeState.WAITING
    return Attendee(
        event=event,
        name=person.name,
        sort_key=sort_key(person.name),
        email=person.email,
        email_key=person.email_key,
        phone=person.phone,
        phone_e164=person.phone_e164,
        state=state,
        token=new_token(),
        ticket_code=new_ticket_code(),
        queued_at=at if waits else None,
        confirmed_at=None if waits else at,
        created_at=at,
        diet=Diet(text=person.diet) if person.diet else None,
        answers=[Answer(question_id=question, text=text) for question, text in person.answers.items() if text],
    )


def _claim_addresses(attendees: Iterable[Attendee]) -> None:
    """The first of a booking who uses an address holds it; colleagues who share it do not."""
    claimed: set[str] = set()
    for attendee in attendees:
        attendee.address_claim = None if attendee.email_key in claimed else attendee.email_key
        claimed.add(attendee.email_key)


def add_person(registration: Registration, person: Person, at: datetime, if_full: IfFull) -> Attendee | None:
    """One more person on a booking. None when the address is registered elsewhere (told by letter).

    Somebody of the same name and address who is on the booking already is the answer to a form sent twice.
    Raises RegistrationClosed, PartyTooLarge, FullNow, SessionFull, SessionGone. Flushes, does not commit.
    """
    event = locked_event(registration.event_id)
    _check_open(event, at)
    active = [attendee for attendee in registration.attendees if attendee.is_active]
    there = {(attendee.email_key, attendee.name.casefold()): attendee for attendee in active}
    if (same := there.get((person.email_key, person.name.casefold()))) is not None:
        return same
    if len(active) >= event.party_size:
        raise PartyTooLarge(event.party_size)
    shares = any(attendee.email_key == person.email_key for attendee in active)
    if not shares and address_is_taken(event, person.email_key):
        notices.tell_already_registered(event, person.email_key)
        return None
    [state] = _places_for([person], if_full, seats(event))
    attendee = _attendee(event, person, state, at)
    attendee.address_claim = None if shares else person.email_key
    registration.attendees.append(attendee)
    db.session.flush()
    place(event, [(attendee, _sessions_wanted(person))], at)
    notices.tell_person_added(attendee)
    if state is AttendeeState.WAITING:
        promote_from_waitlist(event, at)
    return attendee
