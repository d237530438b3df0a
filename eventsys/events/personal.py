"""What events keep of one person: bookings, seats, what they told us, and invitations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from eventsys.database import Base, db
from eventsys.events import forgetting
from eventsys.events.attendance.models import Paper
from eventsys.events.checkin.models import Scan
from eventsys.events.checkin.words import RESULTS
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.models import Answer, Attendee, Diet, Event, Message, Registration, Series
from eventsys.events.programme.models import ChoiceState, SessionChoice
from eventsys.events.queries import coming_under_address
from eventsys.events.topics.models import TalkingPoint, Theme
from eventsys.events.words import PEOPLE
from eventsys.i18n import moment, url
from eventsys.mail.forgetting import forget_in_letters_about
from eventsys.names import sort_key
from eventsys.personal import (
    Coming,
    Forgotten,
    Keeper,
    Outcome,
    Person,
    Remains,
    Section,
    rows_naming,
    take_out,
)

_DECISION = "Tills gallringsbeslutet säger att uppgifterna får tas bort."
_TEXTS: tuple[tuple[type[Base], tuple[str, ...], str], ...] = (
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


# --- whose rows ---------------------------------------------------------------------------------------------------


def bookings_of(person: Person) -> Sequence[Registration]:
    """What the person booked, oldest first."""
    query = select(Registration).options(joinedload(Registration.event), selectinload(Registration.attendees))
    mine = query.where(Registration.booker_email_key == person.address)
    return db.session.scalars(mine.order_by(Registration.id)).all()


def seats_of_person(person: Person) -> list[Attendee]:
    """The person's own seats, oldest first: not those of colleagues who were booked under the same address."""
    return [one for one in _under_address(person.address) if _is_own(one, person.address)]


def colleagues_under_address(person: Person) -> list[Attendee]:
    """Others whom the person booked without an address of their own."""
    return [one for one in _under_address(person.address) if not _is_own(one, person.address)]


def _under_address(address: str) -> Sequence[Attendee]:
    query = (
        select(Attendee)
        .options(joinedload(Attendee.event), joinedload(Attendee.registration))
        .where(Attendee.email_key == address)
        .order_by(Attendee.id)
    )
    return db.session.scalars(query).all()


def _is_own(attendee: Attendee, address: str) -> bool:
    """Whoever books others may leave their addresses out; then the booker's stands at them too."""
    booking = attendee.registration
    return booking.booker_email_key != address or booking.booker_name.casefold() == attendee.name.casefold()


def invitations_of(person: Person) -> Sequence[Invitation]:
    query = select(Invitation).options(joinedload(Invitation.event)).where(Invitation.email_key == person.address)
    return db.session.scalars(query.order_by(Invitation.id)).all()


def known(address: str) -> Person:
    """Names, numbers and companies that stand beside the address in bookings, seats and invitations."""
    person = Person(address)
    bookings, seats, guests = bookings_of(person), seats_of_person(person), invitations_of(person)
    names = [*(one.booker_name for one in bookings), *(one.name for one in seats), *(one.name for one in guests)]
    phones = [
        *(number for one in bookings for number in (one.booker_phone, one.booker_phone_e164)),
        *(number for one in seats for number in (one.phone, one.phone_e164)),
        *(one.phone for one in guests),
    ]
    companies = [
        *(one.company_id for one in bookings),
        *(one.registration.company_id for one in seats),
        *(one.company_id for one in guests),
    ]
    return person.and_(
        Person(address, frozenset(names), frozenset(phones), frozenset(one for one in companies if one is not None))
    )


# --- what there is ------------------------------------------------------------------------------------------------


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
    rows = [(what, one.contact_name, one.contact_email, one.contact_phone) for what, one in _as_contact(person)]
    return Section(
        "Kontaktperson", ("För", "Namn", "E-post", "Telefon"), rows, "För att den som undrar ska veta vem som svarar."
    )


def _as_contact(person: Person) -> Iterator[tuple[str, Event | Series]]:
    for event in db.session.scalars(select(Event).where(func.lower(Event.contact_email) == person.address)):
        yield event.title, event
    for series in db.session.scalars(select(Series).where(func.lower(Series.contact_email) == person.address)):
        yield series.name, series


def _papers(seats: Sequence[Attendee]) -> Section:
    query = select(Paper).options(joinedload(Paper.event)).where(Paper.event_id.in_({one.event_id for one in seats}))
    rows = [(one.event.title, one.file_name, moment(one.created_at)) for one in db.session.scalars(query)]
    return Section(
        "Listor som väntar på att hämtas", ("Evenemang", "Fil", "Beställd"), rows, "Tas bort efter ett dygn."
    )


def _texts(person: Person) -> Section:
    rows = [
        (what, " ".join(getattr(row, name) for name in columns if getattr(row, name)))
        for kind, columns, what in _TEXTS
        for row in rows_naming(kind, columns, person)
    ]
    return Section("Texter där din adress står", ("Slag", "Text"), rows, _DECISION)


# --- forgetting ---------------------------------------------------------------------------------------------------


def forget(person: Person, _at: datetime) -> Sequence[Outcome]:
    """Bookings, seats and invitations become nobody's; letters to others no longer name the person. Flushes."""
    bookings, seats, guests = bookings_of(person), seats_of_person(person), invitations_of(person)
    abouts = {
        *(f"registration:{one.id}" for one in bookings),
        *(f"registration:{one.registration_id}" for one in seats),
        *(f"invitation:{one.id}" for one in guests),
    }
    booking_ids, seat_ids, guest_ids = ([one.id for one in rows] for rows in (bookings, seats, guests))
    shared = [one.id for one in colleagues_under_address(person)]
    events = {one.event_id for one in bookings} | {one.event_id for one in seats} | {one.event_id for one in guests}
    texts, stays = sum(take_out(kind, columns, person) for kind, columns, _ in _TEXTS), remains(person)
    for booking in bookings:
        booking.company_name = person.taken_out_of(booking.company_name)[:200]  # a sole trader's may be their name
    for guest in guests:
        guest.company_name = person.taken_out_of(guest.company_name)[:200]
    forgetting.forget_shared_address(shared)
    return [
        Forgotten("Bokningar utan bokare", forgetting.forget_bookers(booking_ids)),
        Forgotten("Platser utan person, mat, allergi och egna svar", forgetting.forget_attendees(seat_ids)),
        Forgotten("Kolleger som inte längre har personens adress", len(shared)),
        Forgotten("Inbjudningar utan namn", forgetting.forget_invitations(guest_ids)),
        Forgotten("Brev till andra som nämnde personen i ämnesraden", forget_in_letters_about(sorted(abouts), person)),
        Forgotten("Listor som väntade på att hämtas", forgetting.forget_papers(events)),
        Forgotten("Texter där adressen stod", texts),
        *stays,
    ]  # fmt: skip


def remains(person: Person) -> Sequence[Remains]:
    """What `forget` leaves, for who is about to press the button."""
    found = []
    if bookings_of(person) or seats_of_person(person):
        found.append(
            Remains(
                "Antal, företag, närvaro och tider på evenemangen",
                "Utan personen. De behövs för uppföljning och arkiv.",
            )
        )
    if colleagues_under_address(person):
        found.append(Remains("Kolleger som personen anmält", "Uppgifterna är kollegernas egna."))
    if any(True for _ in _as_contact(person)):
        found.append(
            Remains(
                "Personen står som kontakt för evenemang eller serier",
                "Byt kontaktperson under evenemangets inställningar.",
            )
        )
    return found


def coming(person: Person, at: datetime) -> Sequence[Coming]:
    """Seats ahead, also those of colleagues whom the person booked, and questions that staff have not answered."""
    found: dict[str, Coming] = {}
    for one in coming_under_address(person.address, at):
        what = f"Plats eller bokning på {one.event.title}, {moment(one.event.starts_at)}"
        found[what] = Coming(what, url("events_staff.show_people", event_id=one.event_id, q=person.address))
    for guest in invitations_of(person):
        if guest.state is InvitationState.REQUESTED and guest.event.starts_at > at:
            what = f"Obesvarad fråga om plats på {guest.event.title}, {moment(guest.event.starts_at)}"
            found[what] = Coming(what, url("events_staff.show_guests", event_id=guest.event_id, lage="forfragningar"))
    return list(found.values())


def correct(person: Person, name: str, phone: str, e164: str) -> int:
    """The person's own name and number in bookings, seats and invitations; tickets that were sent keep theirs."""
    bookings, seats, guests = bookings_of(person), seats_of_person(person), invitations_of(person)
    for booking in bookings:
        booking.booker_name = name or booking.booker_name
        if phone:
            booking.booker_phone, booking.booker_phone_e164 = phone, e164
    for seat in seats:
        seat.name = name or seat.name
        seat.sort_key = sort_key(seat.name)
        if phone:
            seat.phone, seat.phone_e164 = phone, e164
    for guest in guests:
        guest.name, guest.phone = name or guest.name, phone or guest.phone
        guest.sort_key = sort_key(guest.name)
    db.session.flush()
    return len(bookings) + len(seats) + len(guests)


KEEPER = Keeper(
    "events", extract, forget, known, remains, coming, correct,
    tables={
        "registration": "who booked",
        "attendee": "who comes",
        "diet": "what they eat",
        "answer": "what they answered",
        "session_choice": "which sessions they chose",
        "scan": "when they were let in",
        "revoked_ticket": "a ticket that was theirs; says nothing without the attendee",
        "invitation": "who was invited or asked for a place",
        "paper": "lists with names, for a day",
        "event": "who answers questions about it",
        "series": "who answers questions about it",
        "message": "free text of staff",
        "talking_point": "free text of staff",
        "theme": "free text of staff",
    },
)  # fmt: skip
