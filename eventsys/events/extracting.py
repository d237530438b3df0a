"""What an extract shows of one person: everything that events keep, a section a kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys.database import Base, db
from eventsys.events.attendance.models import Paper
from eventsys.events.belongings import (
    as_contact,
    bookings_of,
    colleagues_under_address,
    invitations_of,
    seats_of_person,
)
from eventsys.events.checkin.models import Scan
from eventsys.events.checkin.words import RESULTS
from eventsys.events.invitations.models import InvitationState
from eventsys.events.models import Answer, Attendee, Diet, Message
from eventsys.events.programme.models import ChoiceState, SessionChoice
from eventsys.events.topics.models import TalkingPoint, Theme
from eventsys.events.words import PEOPLE
from eventsys.i18n import moment
from eventsys.personal import (
    Person,
    Section,
    rows_naming,
)

_DECISION = "Tills gallringsbeslutet säger att uppgifterna får tas bort."
TEXTS: tuple[tuple[type[Base], tuple[str, ...], str], ...] = (
    (Message, ("subject", "body"), "Meddelande till deltagare"),
    (TalkingPoint, ("text",), "Att ta upp på ett evenemang"),
    (Theme, ("text", "heard_at"), "Ämne som företag vill höra om"),
)
_INVITATIONS = {
    InvitationState.LISTED: "På gästlistan",
    InvitationState.SENT: "Inbjuden",
    InvitationState.YES: "Tackade ja",
    InvitationState.NO: "Tackade nej",
    InvitationState.HANDED_ON: "Lämnade över till en kollega",
    InvitationState.REQUESTED: "Bad om en plats",
    InvitationState.REFUSED: "Fick nej på sin fråga om plats",
    InvitationState.WITHDRAWN: "Inbjudan togs tillbaka",
}


def extract(person: Person) -> Sequence[Section]:
    """Everything about the person, a kind a section; kinds without rows are left out."""
    seats = seats_of_person(person)
    ids = [one.id for one in seats]
    sections = [
        _bookings(person), _seats(seats), _diets(ids), _answers(ids), _sessions(ids), _scans(ids),
        _invitations(person), _colleagues(person), _contact_of(person), _papers(seats), _texts(person),
    ]  # fmt: skip
    return [section for section in sections if section.rows]


def _when(at: datetime | None) -> str:
    return moment(at) if at else ""


def _bookings(person: Person) -> Section:
    columns = (
        "Evenemang", "Börjar", "Bokat", "Namn", "E-post", "Telefon", "Företag", "Organisationsnummer", "Antal personer",
        "Kom från", "Information om personuppgifter", "Ville ha nyhetsbrev", "Lades in av",
    )  # fmt: skip
    rows = [
        (
            one.event.title, moment(one.event.starts_at), moment(one.created_at), one.booker_name, one.booker_email,
            one.booker_phone, one.company_name, one.company_number or "", str(len(one.attendees)), one.source,
            one.privacy_version, _when(one.wants_letters_at), one.added_by,
        )
        for one in bookings_of(person)
    ]  # fmt: skip
    return Section("Bokningar du gjort", columns, rows, f"För att ge er plats och nå er som bokat. {_DECISION}")


def _seats(seats: Sequence[Attendee]) -> Section:
    columns = (
        "Evenemang", "Börjar", "Namn", "E-post", "Telefon", "Företag", "Läge", "Anmäld", "Ställd i kö",
        "Erbjuden plats", "Bekräftad", "Avbokad", "Incheckad", "Svarade att du kommer", "Biljett",
    )  # fmt: skip
    rows = [
        (
            one.event.title, moment(one.event.starts_at), one.name, one.email, one.phone, one.registration.company_name,
            PEOPLE[one.state][1], moment(one.created_at), _when(one.queued_at), _when(one.offered_at),
            _when(one.confirmed_at), _when(one.left_at), _when(one.checked_in_at), _when(one.said_coming_at),
            one.ticket_code,
        )
        for one in seats
    ]  # fmt: skip
    return Section("Dina platser på evenemang", columns, rows, f"För att ta emot dig och följa upp. {_DECISION}")


def _diets(ids: Sequence[int]) -> Section:
    query = select(Diet).options(joinedload(Diet.attendee).joinedload(Attendee.event)).where(Diet.attendee_id.in_(ids))
    rows = [(one.attendee.event.title, one.text) for one in db.session.scalars(query.order_by(Diet.attendee_id))]
    return Section("Mat och allergi", ("Evenemang", "Du skrev"), rows, "Tas bort dagen efter evenemanget.")


def _answers(ids: Sequence[int]) -> Section:
    query = select(Answer).options(joinedload(Answer.question), joinedload(Answer.attendee).joinedload(Attendee.event))
    found = db.session.scalars(query.where(Answer.attendee_id.in_(ids)).order_by(Answer.attendee_id))
    rows = [(one.attendee.event.title, one.question.label, one.text) for one in found]
    return Section("Svar på frågor i anmälan", ("Evenemang", "Fråga", "Svar"), rows, _DECISION)


def _sessions(ids: Sequence[int]) -> Section:
    query = select(SessionChoice).options(
        joinedload(SessionChoice.session), joinedload(SessionChoice.attendee).joinedload(Attendee.event)
    )
    states = {ChoiceState.HELD: "Har plats", ChoiceState.WAITING: "I kö", ChoiceState.LEFT: "Lämnat"}
    found = db.session.scalars(query.where(SessionChoice.attendee_id.in_(ids)).order_by(SessionChoice.id))
    rows = [
        (one.attendee.event.title, one.session.title, states[one.state], _when(one.held_at), _when(one.left_at))
        for one in found
    ]
    return Section("Pass du valt", ("Evenemang", "Pass", "Läge", "Plats från", "Lämnat"), rows, _DECISION)


def _scans(ids: Sequence[int]) -> Section:
    query = select(Scan).options(joinedload(Scan.door), joinedload(Scan.attendee).joinedload(Attendee.event))
    found = db.session.scalars(query.where(Scan.attendee_id.in_(ids)).order_by(Scan.id))
    rows = [
        (one.attendee.event.title if one.attendee else "", one.door.name, moment(one.at), RESULTS[one.result][1])
        for one in found
    ]
    return Section("Insläpp", ("Evenemang", "Dörr", "När", "Svar"), rows, _DECISION)


def _invitations(person: Person) -> Section:
    columns = (
        "Evenemang", "Namn", "E-post", "Telefon", "Företag", "Läge", "Kom från", "Skickad", "Påmind", "Svarade",
        "Du skrev",
    )  # fmt: skip
    rows = [
        (
            one.event.title, one.name, one.email, one.phone, one.company_name, _INVITATIONS[one.state], one.origin,
            _when(one.sent_at), _when(one.reminded_at), _when(one.answered_at), one.note,
        )
        for one in invitations_of(person)
    ]  # fmt: skip
    return Section("Inbjudningar och frågor om plats", columns, rows, _DECISION)


def _colleagues(person: Person) -> Section:
    rows = [(one.event.title, moment(one.created_at)) for one in colleagues_under_address(person)]
    return Section(
        "Din adress står hos någon du anmält", ("Evenemang", "Anmäld"), rows,
        "Personen anmäldes utan egen adress. Namnet är personens eget och står därför inte här.",
    )  # fmt: skip


def _contact_of(person: Person) -> Section:
    rows = [(what, one.contact_name, one.contact_email, one.contact_phone) for what, one in as_contact(person)]
    return Section(
        "Kontaktperson", ("För", "Namn", "E-post", "Telefon"), rows, "För att den som undrar ska veta vem som svarar."
    )


def _papers(seats: Sequence[Attendee]) -> Section:
    query = select(Paper).options(joinedload(Paper.event)).where(Paper.event_id.in_({one.event_id for one in seats}))
    rows = [(one.event.title, one.file_name, moment(one.created_at)) for one in db.session.scalars(query)]
    return Section(
        "Listor som väntar på att hämtas", ("Evenemang", "Fil", "Beställd"), rows, "Tas bort efter ett dygn."
    )


def _texts(person: Person) -> Section:
    rows = [
        (what, " ".join(getattr(row, name) for name in columns if getattr(row, name)))
        for kind, columns, what in TEXTS
        for row in rows_naming(kind, columns, person)
    ]
    return Section("Texter där din adress står", ("Slag", "Text"), rows, _DECISION)
