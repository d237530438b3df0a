"""Series, events, bookings and people: the tables, their states and what a row can answer about itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsys.database import Base, states


class EventState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class EventPhase(StrEnum):
    """What the clock and the state make of an event for a visitor (seats not counted)."""

    DRAFT = "draft"
    UPCOMING = "upcoming"  # published, registration not opened yet
    OPEN = "open"
    CLOSED = "closed"  # registration is over, the event is not
    OVER = "over"
    CANCELLED = "cancelled"


class DayBefore(StrEnum):
    """What goes out the working day before."""

    NOTHING = "nothing"
    REMIND = "remind"
    ASK = "ask"  # "Kommer du?", with yes and no


class AttendeeState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"


SEATED = (AttendeeState.CONFIRMED, AttendeeState.OFFERED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW)
ACTIVE = (*SEATED, AttendeeState.WAITING)

TRANSITIONS: dict[AttendeeState, frozenset[AttendeeState]] = {
    AttendeeState.WAITING: frozenset(
        {AttendeeState.OFFERED, AttendeeState.CONFIRMED, AttendeeState.CANCELLED, AttendeeState.EXPIRED}
    ),
    AttendeeState.OFFERED: frozenset(
        {AttendeeState.CONFIRMED, AttendeeState.DECLINED, AttendeeState.EXPIRED, AttendeeState.CANCELLED}
    ),
    AttendeeState.CONFIRMED: frozenset({AttendeeState.CANCELLED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW}),
    AttendeeState.ATTENDED: frozenset({AttendeeState.CONFIRMED, AttendeeState.NO_SHOW}),
    AttendeeState.NO_SHOW: frozenset({AttendeeState.CONFIRMED, AttendeeState.ATTENDED}),
    AttendeeState.CANCELLED: frozenset(),
    AttendeeState.DECLINED: frozenset(),
    AttendeeState.EXPIRED: frozenset(),
}

_ACTIVE_SQL = text("state IN ('waiting', 'offered', 'confirmed', 'attended', 'no_show') AND address_claim IS NOT NULL")


# Compared byte by byte: a PostgreSQL made with en_US or sv_SE puts the marks of names.sort_key before the letters.
SORT_KEY = String(240).with_variant(String(240, collation="C"), "postgresql")


class Series(Base):
    """A kind of arrangement, with the defaults that its events begin with."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    summary: Mapped[str] = mapped_column(String(300), default="")
    summary_en: Mapped[str] = mapped_column(String(300), default="")
    capacity: Mapped[int] = mapped_column(default=50)
    party_size: Mapped[int] = mapped_column(default=5)
    hours: Mapped[int] = mapped_column(default=2)
    price: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[str] = mapped_column(String(160), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    asks_diet: Mapped[bool] = mapped_column(default=False)
    public: Mapped[bool] = mapped_column(default=True)  # False: by invitation only, never in the calendar
    focus_area: Mapped[str] = mapped_column(String(120), default="")
    co_organiser: Mapped[str] = mapped_column(String(120), default="")
    remind_week: Mapped[bool] = mapped_column(default=False)
    day_before: Mapped[DayBefore] = mapped_column(states(DayBefore), default=DayBefore.ASK)
    says_thanks: Mapped[bool] = mapped_column(default=True)
    archived_at: Mapped[datetime | None]

    questions: Mapped[list[Question]] = relationship(back_populates="series", order_by="Question.position")


class Question(Base):
    """An own question of a series, asked of each person."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200), default="")
    required: Mapped[bool] = mapped_column(default=False)
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)  # empty: free text
    retired_at: Mapped[datetime | None]  # no longer asked; answers stay

    series: Mapped[Series] = relationship(back_populates="questions")


class Event(Base):
    """One arrangement at one time. Its capacity is the only number of seats there is; what is left is recounted."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"), index=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[EventState] = mapped_column(states(EventState), default=EventState.DRAFT)
    title: Mapped[str] = mapped_column(String(160))
    title_en: Mapped[str] = mapped_column(String(160), default="")
    summary: Mapped[str] = mapped_column(String(300), default="")
    summary_en: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    description_en: Mapped[str] = mapped_column(Text, default="")
    programme: Mapped[str] = mapped_column(Text, default="")  # a line a point: "11.30 Insläpp och lunch"
    speakers: Mapped[str] = mapped_column(Text, default="")  # a line a person: "Namn, roll"
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    opens_at: Mapped[datetime | None]  # registration; None: as soon as published
    closes_at: Mapped[datetime | None]  # registration; None: when the event starts
    place: Mapped[str] = mapped_column(String(160), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    price: Mapped[str] = mapped_column(String(120), default="")
    capacity: Mapped[int]
    party_size: Mapped[int] = mapped_column(default=5)
    asks_diet: Mapped[bool] = mapped_column(default=False)
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    queue_paused: Mapped[bool] = mapped_column(default=False)
    by_invitation: Mapped[bool] = mapped_column(default=False)  # only who is invited, or let in by staff, may register
    company_seats: Mapped[int] = mapped_column(default=0)  # seats for each invited company; 0: no limit of its own
    request_seats: Mapped[int] = mapped_column(default=0)  # seats that others may ask for; 0: nobody may ask
    remind_week: Mapped[bool] = mapped_column(default=False)
    day_before: Mapped[DayBefore] = mapped_column(states(DayBefore), default=DayBefore.NOTHING)
    says_thanks: Mapped[bool] = mapped_column(default=False)
    attendance_closed_at: Mapped[datetime | None]  # when those who had not come became no-shows
    sequence: Mapped[int] = mapped_column(default=0)  # iCalendar SEQUENCE, rises when time or room changes
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_why: Mapped[str] = mapped_column(String(300), default="")

    series: Mapped[Series] = relationship()

    def phase(self, at: datetime) -> EventPhase:
        """What a visitor meets at this moment, seats not counted."""
        if self.state is EventState.CANCELLED:
            return EventPhase.CANCELLED
        if self.state is EventState.DRAFT:
            return EventPhase.DRAFT
        if at >= self.ends_at:
            return EventPhase.OVER
        if at >= self.registration_closes_at:
            return EventPhase.CLOSED
        if self.opens_at is not None and at < self.opens_at:
            return EventPhase.UPCOMING
        return EventPhase.OPEN

    def takes_registrations(self, at: datetime) -> bool:
        """Whether anybody may register now; those invited answer by their link instead."""
        return self.phase(at) is EventPhase.OPEN and not self.by_invitation

    @property
    def registration_closes_at(self) -> datetime:
        """Never after the start."""
        return min(self.closes_at, self.starts_at) if self.closes_at else self.starts_at

    @property
    def offers_end_at(self) -> datetime:
        """After this no seat is offered to the queue, and every open offer ends: three hours before the start."""
        return self.starts_at - timedelta(hours=3)

    def in_language(self, lang: str, field: str) -> str:
        """A text of the event in the page's language, or in Swedish where there is none."""
        swedish: str = getattr(self, field)
        return swedish if lang == "sv" else (getattr(self, f"{field}_en") or swedish)

    def language_of(self, lang: str, field: str) -> str:
        """The language that `in_language` answers in, for the page's lang attributes."""
        return lang if lang == "sv" or getattr(self, f"{field}_en") else "sv"

    @property
    def programme_points(self) -> list[tuple[str, str]]:
        """(time, text) of each line of the programme; the time is empty where a line begins with none."""
        return [_programme_point(line) for line in self.programme.splitlines() if line.strip()]

    @property
    def speaker_list(self) -> list[tuple[str, str]]:
        """(name, role) of each line of the speakers."""
        pairs = (line.partition(",") for line in self.speakers.splitlines() if line.strip())
        return [(name.strip(), role.strip()) for name, _, role in pairs]


def _programme_point(line: str) -> tuple[str, str]:
    first, _, rest = line.strip().partition(" ")
    has_time = first[:1].isdigit() and any(mark in first for mark in ".:") and rest
    return (first, rest.strip()) if has_time else ("", line.strip())


class Registration(Base):
    """One booking: who booked, for which company, from where. What people wrote is kept as they wrote it."""

    __tablename__ = "registration"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    company_name: Mapped[str] = mapped_column(String(200), default="")
    company_number: Mapped[str | None] = mapped_column(String(10))
    sole_trader: Mapped[bool] = mapped_column(default=False)
    booker_name: Mapped[str] = mapped_column(String(120))
    booker_email: Mapped[str] = mapped_column(String(254))
    booker_email_key: Mapped[str] = mapped_column(String(254), index=True)
    booker_phone: Mapped[str] = mapped_column(String(40), default="")
    booker_phone_e164: Mapped[str] = mapped_column(String(20), default="")
    all_or_none: Mapped[bool] = mapped_column(default=False)  # the party wants to sit together or not at all
    source: Mapped[str] = mapped_column(String(60), default="")  # code of the poster or slide it came from
    lang: Mapped[str] = mapped_column(String(2), default="sv")
    token: Mapped[str] = mapped_column(String(40), unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(40), unique=True)
    privacy_version: Mapped[str] = mapped_column(String(20), default="")
    wants_letters_at: Mapped[datetime | None] = mapped_column(index=True)  # the booker ticked the newsletter's box
    added_by: Mapped[str] = mapped_column(String(120), default="")  # staff who added it by hand
    created_at: Mapped[datetime] = mapped_column(index=True)

    event: Mapped[Event] = relationship()
    attendees: Mapped[list[Attendee]] = relationship(back_populates="registration", order_by="Attendee.id")


class Attendee(Base):
    """One person, one seat, own letter, own ticket."""

    __tablename__ = "attendee"
    __table_args__ = (
        Index("ix_attendee_event_state_queued", "event_id", "state", "queued_at", "id"),
        Index(
            "uq_attendee_event_address_active",
            "event_id",
            "address_claim",
            unique=True,
            sqlite_where=_ACTIVE_SQL,
            postgresql_where=_ACTIVE_SQL,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[str] = mapped_column(SORT_KEY, default="")  # Swedish order, see events/names.py
    email: Mapped[str] = mapped_column(String(254))
    email_key: Mapped[str] = mapped_column(String(254), index=True)
    # The address this person holds alone at the event; None when a colleague in the same booking already holds it.
    address_claim: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str] = mapped_column(String(40), default="")
    phone_e164: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[AttendeeState] = mapped_column(states(AttendeeState))
    token: Mapped[str] = mapped_column(String(40), unique=True)  # manage this person only
    ticket_code: Mapped[str] = mapped_column(String(20), unique=True)
    letter_number: Mapped[int] = mapped_column(default=0)  # rises with each letter that replaces the one before
    queued_at: Mapped[datetime | None]
    offered_at: Mapped[datetime | None]
    offer_ends_at: Mapped[datetime | None] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]  # cancelled, declined or expired
    checked_in_at: Mapped[datetime | None]
    said_coming_at: Mapped[datetime | None]  # answered yes to "Kommer du?"
    created_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship(back_populates="attendees")
    event: Mapped[Event] = relationship()
    diet: Mapped[Diet | None] = relationship(back_populates="attendee", cascade="all, delete-orphan")
    answers: Mapped[list[Answer]] = relationship(back_populates="attendee", cascade="all, delete-orphan")

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def has_seat(self) -> bool:
        return self.state in (AttendeeState.CONFIRMED, AttendeeState.ATTENDED, AttendeeState.NO_SHOW)


class RevokedTicket(Base):
    """A ticket code that was valid once. The door says "revoked", not "unknown"."""

    __tablename__ = "revoked_ticket"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), index=True)
    revoked_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(20))  # cancelled | transferred


class Diet(Base):
    """Allergies and diet: health data (GDPR art. 9), voluntary, apart, gone the day after the event."""

    __tablename__ = "diet"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(String(300))

    attendee: Mapped[Attendee] = relationship(back_populates="diet")


class Answer(Base):
    """A person's answer to an own question of the series."""

    __tablename__ = "answer"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    text: Mapped[str] = mapped_column(String(500))

    attendee: Mapped[Attendee] = relationship(back_populates="answers")
    question: Mapped[Question] = relationship()


class Source(Base):
    """A named QR code: which poster or slide a registration came from. `code` is the short address /q/<code>."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]

    event: Mapped[Event] = relationship()


class Message(Base):
    """A letter that staff wrote to a selection of an event's people."""

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    subject: Mapped[str] = mapped_column(String(160))
    body: Mapped[str] = mapped_column(Text)
    sent_to: Mapped[str] = mapped_column(String(40))  # the selection, as a word: confirmed, waiting ...
    sent_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]

    event: Mapped[Event] = relationship()


class SeriesAccess(Base):
    """Which series a co-organiser may work with."""

    __tablename__ = "series_access"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)


def facts_of(event: Event) -> dict[str, Any]:
    """What people plan by; a change of any of these is told to everybody who is coming."""
    return {"starts_at": event.starts_at, "ends_at": event.ends_at, "place": event.place, "address": event.address}
