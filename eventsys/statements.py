"""What we say in public about personal data, accessibility and consent: parts of text, every version of them kept.

A version has all languages, under one label; a booking and a consent keep the label of the words they were given
under. The first version comes with the program (templates/privacy/texts); the rows are those that staff have saved.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from eventsys.clock import local
from eventsys.database import Base, db, states
from eventsys.errors import NotFound, Refused
from eventsys.paths import TEMPLATES
from eventsys.simpletext import facts_in

FIRST_VERSION = "2026-11"
FIRST_DAY = date(2026, 11, 30)
"""When the texts that come with the program were last held against what the program does."""
LANGUAGES = ("sv", "en")
LONGEST_PART = 20_000


class StatementKind(StrEnum):
    PRIVACY = "privacy"
    ACCESSIBILITY = "accessibility"
    CONSENT = "consent"
    """The words beside the button that begins a newsletter."""


class Statement(Base):
    """One version in one language. Rows are only ever added: the newest counts."""

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("kind", "lang", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[StatementKind] = mapped_column(states(StatementKind))
    lang: Mapped[str] = mapped_column(String(2))
    version: Mapped[str] = mapped_column(String(20))
    parts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    assessed_on: Mapped[date]
    """When somebody last held the text against reality."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(120), default="")


# --- parts --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A part of a statement: its heading in each language (empty: none), and why it may not be empty, if so.

    `facts` must be put into its text; of `phrases` one must stand in it, in each language.
    """

    key: str
    sv: str
    en: str
    demanded: str = ""
    facts: tuple[str, ...] = ()
    phrases: Mapping[str, tuple[str, ...]] | None = None

    def heading(self, lang: str) -> str:
        return self.sv if lang == "sv" else self.en


_DIGG = "Digg kräver den i tillgänglighetsredogörelsen (lagen 2018:1937 och MDFFS 2019:2)"
_GDPR = "Dataskyddsförordningen kräver den (artikel 13 och 14)"
_COMPLIANCE = {
    "sv": ("helt förenlig", "delvis förenlig", "inte förenlig"),
    "en": ("fully compliant", "partially compliant", "not compliant"),
}
PARTS: dict[StatementKind, tuple[Part, ...]] = {
    StatementKind.PRIVACY: (
        Part("short", "Kort sagt", "In short"),
        Part("responsible", "Vem som ansvarar", "Who is responsible", _GDPR, ("organisation", "kontakt")),
        Part(
            "registration", "När du anmäler dig eller en kollega", "When you register yourself or a colleague", _GDPR
        ),
        Part("food", "Mat och allergi", "Food and allergies", _GDPR),
        Part("letters", "Brev från oss", "Letters from us", _GDPR),
        Part("newsletter", "När du prenumererar på nyhetsbrev", "When you subscribe to a newsletter", _GDPR),
        Part("survey", "När du svarar på en enkät", "When you answer a survey", _GDPR),
        Part("records", "Anmälningar är allmänna handlingar", "Registrations are public records"),
        Part("retention", "Hur länge vi sparar", "How long we keep it", _GDPR, ("gallring",)),
        Part("access", "Vilka som får se uppgifterna", "Who sees the data", _GDPR),
        Part("rights", "Vad du kan begära av oss", "What you can ask of us", _GDPR),
        Part(
            "cookie", "Nödvändiga kakor, ingen spårning", "Necessary cookies, no tracking",
            "Lagen om elektronisk kommunikation (2022:482) kräver att besökaren får veta vad kakorna är till för",
        ),
        Part(
            "version", "Om texten", "About this text", "Varje anmälan minns vilken version som gällde",
            ("version", "ändrad"),
        ),
    ),
    StatementKind.ACCESSIBILITY: (
        Part("about", "", "", _DIGG, ("organisation",)),
        Part("status", "Hur tillgänglig webbplatsen är", "How accessible the site is", _DIGG, phrases=_COMPLIANCE),
        Part("deficiencies", "Vad som inte är tillgängligt", "What is not accessible", _DIGG),
        Part(
            "report", "Säg till när något inte fungerar", "Tell us when something does not work", _DIGG, ("kontakt",)
        ),
        Part("supervision", "Tillsyn", "Supervision", _DIGG),
        Part("assessment", "Hur vi prövat webbplatsen", "How we have tested the site", _DIGG, ("bedömd", "ändrad")),
    ),
    StatementKind.CONSENT: (
        Part("words", "", "", "Den som prenumererar ska veta vad hen säger ja till (dataskyddsförordningen artikel 7)"),
    ),
}  # fmt: skip
FACTS = ("organisation", "namn", "kontakt", "gallring", "bedömd", "ändrad", "version")
"""What a text may have put in by the system."""


# --- versions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """A statement as it stands, or stood, in one language."""

    kind: StatementKind
    lang: str
    label: str
    parts: Mapping[str, str]
    assessed_on: date
    changed_on: date
    changed_by: str = ""


def version_in_force(kind: StatementKind) -> str:
    """The label of the newest version, which bookings and consents keep. One query."""
    query = select(Statement.version).where(Statement.kind == kind).order_by(Statement.id.desc()).limit(1)
    return db.session.scalar(query) or FIRST_VERSION


def in_force(kind: StatementKind, lang: str) -> Version:
    """What we say now."""
    row = db.session.scalars(
        select(Statement).where(Statement.kind == kind, Statement.lang == lang).order_by(Statement.id.desc()).limit(1)
    ).one_or_none()
    return _version(row) if row else _first(kind, lang)


def version_called(kind: StatementKind, lang: str, label: str) -> Version:
    """What we said under this label. Raises NotFound."""
    query = select(Statement).where(Statement.kind == kind, Statement.lang == lang, Statement.version == label)
    row = db.session.scalars(query).one_or_none()
    if row is None and label != FIRST_VERSION:
        raise NotFound
    return _version(row) if row else _first(kind, lang)


def versions(kind: StatementKind, lang: str) -> Sequence[Version]:
    """All versions, newest first; the last is the one that came with the program."""
    query = select(Statement).where(Statement.kind == kind, Statement.lang == lang).order_by(Statement.id.desc())
    return [*(_version(row) for row in db.session.scalars(query)), _first(kind, lang)]


def _version(row: Statement) -> Version:
    return Version(
        row.kind, row.lang, row.version, row.parts, row.assessed_on, local(row.changed_at).date(), row.changed_by
    )


def _first(kind: StatementKind, lang: str) -> Version:
    return Version(kind, lang, FIRST_VERSION, first_parts(kind, lang), FIRST_DAY, FIRST_DAY)


@functools.cache
def first_parts(kind: StatementKind, lang: str) -> Mapping[str, str]:
    """The parts that come with the program, by their key."""
    written = (TEMPLATES / "privacy" / "texts" / f"{kind.value}_{lang}.txt").read_text(encoding="utf-8")
    parts = (one.partition("\n") for one in written.split("=== ")[1:])
    return {key.strip(): text.strip() for key, _, text in parts}


# --- saving -------------------------------------------------------------------------------------------------------


class StatementIncomplete(Refused):
    """Parts that the law demands are missing or say too little; `errors` has a text for each, by key."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("Texten saknar något som måste finnas. Rätta delarna som är markerade.")
        self.errors = errors


class SavedMeanwhile(Refused):
    """A colleague has saved a newer version since the page was opened."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"Någon annan har sparat version {label} sedan du öppnade sidan. Jämför med den, som finns i listan över "
            "versioner. Sparar du igen är det din text som gäller."
        )
        self.label = label


def save_version(
    kind: StatementKind, lang: str, parts: Mapping[str, str], assessed_on: date, by: str, seen: str, at: datetime
) -> str:
    """A new version with these parts in this language, the other language as it was. Returns its label. Flushes.

    `seen` is the label of the version that was being changed. Raises StatementIncomplete and SavedMeanwhile.
    """
    errors = faults_in(kind, lang, parts)
    if errors:
        raise StatementIncomplete(errors)
    newest = version_in_force(kind)
    if seen != newest:
        raise SavedMeanwhile(newest)
    label = _new_label(kind, local(at).date())
    said = {one: in_force(kind, one) for one in LANGUAGES}
    said[lang] = replace(said[lang], parts=parts, assessed_on=assessed_on)
    try:
        with db.session.begin_nested():
            db.session.add_all(
                Statement(
                    kind=kind, lang=one, version=label, parts=dict(text.parts), assessed_on=text.assessed_on,
                    changed_at=at, changed_by=by,
                )
                for one, text in said.items()
            )  # fmt: skip
    except IntegrityError as error:  # somebody saved this very moment
        raise SavedMeanwhile(version_in_force(kind)) from error
    return label


def _new_label(kind: StatementKind, day: date) -> str:
    """The day; the second of a day is `2026-12-01.2`."""
    query = select(Statement.version).where(Statement.kind == kind, Statement.version.startswith(day.isoformat()))
    taken = len(set(db.session.scalars(query)))
    return f"{day.isoformat()}.{taken + 1}" if taken else day.isoformat()


def faults_in(kind: StatementKind, lang: str, parts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each part, by its key; empty when the statement may be published."""
    found = ((part.key, _fault(part, lang, parts.get(part.key, ""))) for part in PARTS[kind])
    return {key: fault for key, fault in found if fault}


def _fault(part: Part, lang: str, text: str) -> str:
    if part.demanded and not text.strip():
        return f"Delen kan inte vara tom. {part.demanded}."
    put_in = facts_in(text)
    missing = [f"[[{fact}]]" for fact in part.facts if fact not in put_in]
    if missing:
        return f"Skriv in {' och '.join(missing)} i texten. Där sätter systemet in det som gäller just nu."
    unknown = sorted(put_in - set(FACTS))
    if unknown:
        return f"[[{unknown[0]}]] finns inte. Det som går att sätta in är {', '.join(f'[[{one}]]' for one in FACTS)}."
    if part.phrases and not any(phrase in text for phrase in part.phrases[lang]):
        return f"Skriv något av ”{'”, ”'.join(part.phrases[lang])}”. De orden krävs av Digg."
    return ""
