"""What newsletters keep of one person: what they read, what they said yes and no to, welcome letters to the address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from eventsys.database import db
from eventsys.i18n import moment
from eventsys.newsletters.issues.models import NewsletterSettings
from eventsys.newsletters.lists import COMPANIES, list_names
from eventsys.newsletters.subscriptions import forgetting
from eventsys.newsletters.subscriptions.models import Consent, ConsentAct, Reader, SignUp, SubscriptionState
from eventsys.newsletters.subscriptions.queries import reader_at
from eventsys.newsletters.welcome.forgetting import forget_letter_addresses, forget_round_papers
from eventsys.newsletters.welcome.models import WelcomeLetter
from eventsys.newsletters.words import WAYS
from eventsys.personal import Forgotten, Keeper, Outcome, Person, Remains, Section

_CONSENT = "Med ditt samtycke, och för att kunna visa att du gett det."
_DECISION = "Tills gallringsbeslutet säger att uppgifterna får tas bort."
_ACTS = {
    ConsentAct.GIVEN: "Tackade ja",
    ConsentAct.IMPORTED: "Lades till från en lista",
    ConsentAct.WITHDRAWN: "Tackade nej",
    ConsentAct.COMPLAINED: "Anmälde ett brev som skräp",
}


def known(address: str) -> Person:
    """A sign-up that nobody confirmed may have any name in it, so it tells nothing."""
    reader = reader_at(address)
    if reader is None:
        return Person(address)
    companies = frozenset() if reader.company_id is None else frozenset({reader.company_id})
    return Person(address).and_(Person(address, frozenset({reader.name}), companies=companies))


def extract(person: Person) -> Sequence[Section]:
    """The reader with lists and consents, sign-ups, welcome letters, and whether issues are tried on the address."""
    reader = reader_at(person.address)
    sections = [*(_about_reader(reader) if reader else ()), _sign_ups(person), _welcome(person), _seeds(person)]
    return [section for section in sections if section.rows]


def _about_reader(reader: Reader) -> list[Section]:
    mine = select(Consent).where(Consent.reader_id == reader.id).order_by(Consent.id)
    consents = db.session.scalars(mine).all()
    names = _names({*(one.list for one in reader.subscriptions), *(one.list for one in consents)})
    about = [
        (reader.address, reader.name, reader.organisation, reader.lang, moment(reader.added_at), _at(reader.refused_at))
    ]
    lists = [
        (
            names.get(one.list, one.list), "Prenumererar" if one.state is SubscriptionState.ACTIVE else "Avslutad",
            WAYS[one.way], moment(one.began_at), _at(one.ended_at), one.why_ended,
        )
        for one in reader.subscriptions
    ]  # fmt: skip
    said = [
        (names.get(one.list, one.list), _ACTS[one.act], moment(one.at), WAYS[one.way], one.text_version, one.ground)
        for one in consents
    ]
    columns = ("E-post", "Namn", "Företag", "Språk", "Sedan", "Tackade nej till allt")
    return [
        Section("Läsare av nyhetsbrev", columns, about, _CONSENT),
        Section("Brev du valt", ("Brev", "Läge", "Kom genom", "Från", "Till", "Du skrev"), lists, _CONSENT),
        Section("Vad du sagt ja och nej till", ("Brev", "Vad", "När", "Sätt", "Text", "Grund"), said, _CONSENT),
    ]


def _at(at: datetime | None) -> str:
    return moment(at) if at else ""


def _names(keys: set[str]) -> dict[str, str]:
    return {**list_names(keys), COMPANIES: "Brev till alla företag"}


def sign_ups_of(person: Person) -> Sequence[SignUp]:
    """Those of the address, and those by which the reader wanted another address."""
    reader = reader_at(person.address)
    mine = [SignUp.address == person.address, *([SignUp.reader_id == reader.id] if reader else [])]
    return db.session.scalars(select(SignUp).where(or_(*mine)).order_by(SignUp.id)).all()


def _sign_ups(person: Person) -> Section:
    asked = sign_ups_of(person)
    names = _names({key for one in asked for key in one.lists})
    rows = [
        (
            one.address, one.name, one.organisation, ", ".join(names.get(key, key) for key in one.lists),
            WAYS[one.way], moment(one.created_at), _at(one.confirmed_at),
        )
        for one in asked
    ]  # fmt: skip
    columns = ("E-post", "Namn", "Företag", "Brev", "Sätt", "Begärt", "Bekräftat")
    return Section("När någon bett om brev till adressen", columns, rows, _CONSENT)


def welcome_letters_of(person: Person) -> Sequence[WelcomeLetter]:
    query = select(WelcomeLetter).options(joinedload(WelcomeLetter.company))
    return db.session.scalars(query.where(WelcomeLetter.address == person.address).order_by(WelcomeLetter.id)).all()


def _welcome(person: Person) -> Section:
    rows = [(one.recipient, one.address, moment(one.created_at)) for one in welcome_letters_of(person)]
    return Section("Välkomstbrev till företaget", ("Företag", "Adress", "Skapat"), rows, _DECISION)


def _settings() -> NewsletterSettings | None:
    return db.session.scalars(select(NewsletterSettings)).first()


def _seeds(person: Person) -> Section:
    row = _settings()
    found = [line for line in (row.seeds if row else "").splitlines() if person.address_stands_in(line)]
    why = "För att kontrollera varje nummer innan det går ut."
    return Section("Får varje nummer först", ("Adress",), [(line.strip(),) for line in found], why)


def forget(person: Person, at: datetime) -> Sequence[Outcome]:
    """The reader becomes nobody; a no holds under a hash from now on. Flushes."""
    reader, sign_ups, letters = reader_at(person.address), sign_ups_of(person), welcome_letters_of(person)
    rounds, stays = {one.round_id for one in letters}, remains(person)
    readers = [reader.id] if reader else []
    done = [
        Forgotten("Anmälningar till brev, utan adress", forgetting.forget_sign_ups([one.id for one in sign_ups], at)),
        Forgotten("Läsare utan adress, prenumerationer avslutade", forgetting.forget_readers(readers, at)),
        Forgotten("Välkomstbrev utan adress", forget_letter_addresses([one.id for one in letters])),
        Forgotten("Välkomstbrev på papper som väntade på att hämtas", forget_round_papers(rounds)),
        Forgotten("Borttagen som provmottagare", _take_out_of_seeds(person)),
    ]  # fmt: skip
    forgetting.keep_no_of(person.address, at)
    return [*done, *stays]


def _take_out_of_seeds(person: Person) -> int:
    row = _settings()
    lines = (row.seeds if row else "").splitlines()
    kept = [line for line in lines if not person.address_stands_in(line)]
    if row is not None and len(kept) < len(lines):
        row.seeds = "\n".join(kept)
        db.session.flush()
    return len(lines) - len(kept)


def remains(person: Person) -> Sequence[Remains]:
    no = Remains(
        "Ett nej till nyhetsbrev, som ett fingeravtryck av adressen",
        "Så att vi inte skriver till adressen igen om den kommer tillbaka med en lista. "
        "Fingeravtrycket går inte att läsa tillbaka till en adress.",
    )
    if reader_at(person.address) is None:
        return [no]
    return [
        no,
        Remains("När någon tackade ja och nej, och på vilket sätt", "Utan personen, så att statistiken stämmer."),
    ]


def correct(person: Person, name: str, _phone: str, _e164: str) -> int:
    """What the reader is called."""
    reader = reader_at(person.address)
    if reader is None or not name:
        return 0
    reader.name = name
    db.session.flush()
    return 1


KEEPER = Keeper(
    "newsletters", extract, forget, known, remains, correct=correct,
    tables={
        "reader": "addresses that we write to",
        "subscription": "what they read, and why they left",
        "consent": "what they said yes and no to",
        "sign_up": "who asked for letters",
        "welcome_letter": "the address a company's letter went to",
        "welcome_paper": "addresses of companies, for a day",
        "newsletter_settings": "addresses that get every issue first",
    },
)  # fmt: skip
