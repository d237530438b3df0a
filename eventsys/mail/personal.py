"""What the mail slice keeps of one person: letters to the address, what came back, and whether it is stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select

from eventsys.database import db
from eventsys.i18n import moment
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.catcher import forget_caught
from eventsys.mail.forgetting import forget_addresses
from eventsys.mail.models import Delivery, DeliveryEvent, MailingExclusion, State, Suppression
from eventsys.mail.suppression import suppression_of
from eventsys.personal import Forgotten, Keeper, Outcome, Person, Remains, Section

_WHY = "För att veta att viktiga besked kommer fram. Tills gallringsbeslutet säger att uppgifterna får tas bort."
_STATES = {
    State.QUEUED: "Väntar",
    State.CLAIMED: "Skickas",
    State.IN_FLIGHT: "Skickas",
    State.DEFERRED: "Försöker igen",
    State.ACCEPTED: "Skickat",
    State.REJECTED: "Avvisat",
    State.BOUNCED: "Kom tillbaka",
    State.COMPLAINED: "Anmält som skräp",
    State.SKIPPED: "Stoppat",
    State.UNKNOWN: "Okänt",
}


def _letters(person: Person) -> Sequence[Delivery]:
    query = select(Delivery).where(Delivery.address == person.address).order_by(Delivery.id)
    return db.session.scalars(query).all()


def extract(names: Mapping[str, str], person: Person) -> Sequence[Section]:
    """Letters, what came back, mailings that left the address out, and a stop."""
    letters = _letters(person)
    sections = [_deliveries(letters, names), _history(letters), _incoming(person, letters), *_left_out(person)]
    return [section for section in sections if section.rows]


def _deliveries(letters: Sequence[Delivery], names: Mapping[str, str]) -> Section:
    columns = ("Brev", "Skapat", "Adress", "Språk", "Läge", "Varför", "Mottagarens server svarade")
    rows = [
        (
            names.get(one.letter, one.letter), moment(one.created_at), one.address, one.lang, _STATES[one.state],
            one.reason, " ".join(filter(None, (str(one.smtp_code or ""), one.smtp_reply))),
        )
        for one in letters
    ]  # fmt: skip
    return Section("Brev till dig", columns, rows, _WHY)


def _history(letters: Sequence[Delivery]) -> Section:
    ids = [one.id for one in letters]
    query = select(DeliveryEvent).where(DeliveryEvent.delivery_id.in_(ids)).order_by(DeliveryEvent.id)
    rows = [(moment(one.at), _STATES[one.became], one.detail) for one in db.session.scalars(query)]
    return Section("Brevens väg", ("När", "Blev", "Anteckning"), rows, _WHY)


def _incoming(person: Person, letters: Sequence[Delivery]) -> Section:
    ids = [one.id for one in letters]
    mine = (IncomingLetter.address == person.address) | IncomingLetter.delivery_id.in_(ids)
    found = db.session.scalars(select(IncomingLetter).where(mine).order_by(IncomingLetter.id))
    rows = [(moment(one.read_at), one.status, one.said, "Ja" if one.raw else "Nej") for one in found]
    columns = ("Kom", "Kod", "Mottagarens server skrev", "Brevet är sparat")
    return Section("Brev som kommit tillbaka", columns, rows, "Själva brevet tas bort efter 90 dagar.")


def _left_out(person: Person) -> list[Section]:
    query = select(MailingExclusion).where(MailingExclusion.address == person.address).order_by(MailingExclusion.id)
    left_out = [(one.address, one.reason) for one in db.session.scalars(query)]
    stops = select(Suppression).where(Suppression.address == person.address).order_by(Suppression.id)
    stopped = [(moment(one.added_at), one.reason, _lifted(one)) for one in db.session.scalars(stops)]
    return [
        Section("Utskick du inte fick", ("Adress", "Varför"), left_out, _WHY),
        Section("Spärrar", ("Sedan", "Varför", "Borttagen"), stopped, "Så länge spärren gäller."),
    ]


def _lifted(one: Suppression) -> str:
    return moment(one.lifted_at) if one.lifted_at else ""


def forget(person: Person, _at: datetime) -> Sequence[Outcome]:
    """Letters become letters to nobody; a stop holds under a hash; letters that were caught here go. Flushes."""
    stays = remains(person)
    return [
        Forgotten("Brev och spärrar utan adress", forget_addresses([person.address])),
        Forgotten("Brev i brevfångaren, borttagna", forget_caught(person)),
        *stays,
    ]


def remains(person: Person) -> Sequence[Remains]:
    found = [
        Remains(
            "Att brev har skickats, när och hur det gick",
            "Utan adress, namn och ämnesrad. Antalen i utskicken stämmer.",
        )
        for _ in _letters(person)[:1]
    ]
    if suppression_of(person.address) is not None:
        found.append(
            Remains(
                "Att adressen är spärrad, som ett fingeravtryck",
                "Så att vi inte börjar skriva dit igen. Fingeravtrycket går inte att läsa tillbaka till en adress.",
            )
        )
    return found


def keeper(letter_names: Mapping[str, str]) -> Keeper:
    """`letter_names` are what letters are called in Swedish; the slices above know it."""
    return Keeper(
        "mail", partial(extract, letter_names), forget, remains=remains,
        tables={
            "delivery": "letters to an address",
            "delivery_event": "words of servers, which may quote the address",
            "mailing_exclusion": "who got no letter",
            "incoming_letter": "bounces with the bytes of what came back",
            "suppression": "addresses that get nothing",
        },
    )  # fmt: skip
