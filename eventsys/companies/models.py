"""Companies and whom we reach there; what registrations attach to, never changing what people wrote."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from eventsys.database import Base, states
from eventsys.folding import fold
from eventsys.names import collated


class CompanyKind(StrEnum):
    COMPANY = "company"
    ASSOCIATION = "association"
    """Of business owners; each is to be informed at least once a year."""
    PUBLIC = "public"
    """The city, the state, other authorities."""


class Origin(StrEnum):
    """How a company came into the register."""

    REGISTRATION = "registration"
    HAND = "hand"
    OWN_LIST = "own_list"
    BOLAGSVERKET = "bolagsverket"
    SCB = "scb"


class VisitForm(StrEnum):
    ON_SITE = "on_site"
    DIGITAL = "digital"
    INFORMATION = "information"
    """No visit: the company or association was informed in another way. It does not count as one of the visits."""


def sort_key_of(name: str) -> str:
    """What puts companies into Swedish order."""
    return collated(name)[:240]


def search_key_of(name: str, number: str | None) -> str:
    """What a search looks in: the name in small letters without dots and rings, and the number."""
    return f"{fold(name)} {number or ''}".strip()[:300]


def contact_key_of(name: str, email: str) -> str:
    """What a search for a contact looks in: name and address in small letters without dots and rings."""
    return f"{fold(name)} {fold(email)}".strip()[:380]


def _given(context: DefaultExecutionContext) -> dict[str, Any]:
    given: dict[str, Any] = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return given


def _sort_key(context: DefaultExecutionContext) -> str:
    return sort_key_of(_given(context)["name"])


def _search_key(context: DefaultExecutionContext) -> str:
    given = _given(context)
    return search_key_of(given["name"], given.get("number"))


def _contact_key(context: DefaultExecutionContext) -> str:
    given = _given(context)
    return contact_key_of(given.get("name") or "", given.get("email") or "")


class Company(Base):
    """A company or association. `number` is a legal person's organisationsnummer, ten digits; sole traders lack it.

    `sort_key` and `search_key` follow the name and number by themselves, also in bulk inserts; a bulk update sets them.
    """

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    sort_key: Mapped[str] = mapped_column(String(240), index=True, default=_sort_key)
    search_key: Mapped[str] = mapped_column(String(300), default=_search_key)
    number: Mapped[str | None] = mapped_column(String(10), unique=True)
    kind: Mapped[CompanyKind] = mapped_column(states(CompanyKind), default=CompanyKind.COMPANY, index=True)
    origin: Mapped[Origin] = mapped_column(states(Origin), default=Origin.REGISTRATION)
    legal_form: Mapped[str] = mapped_column(String(60), default="")
    """In words: `Aktiebolag`."""
    employees: Mapped[int | None]
    care_of: Mapped[str] = mapped_column(String(120), default="")
    street: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(5), default="", index=True)
    """Five digits, no space."""
    place: Mapped[str] = mapped_column(String(80), default="")
    website: Mapped[str] = mapped_column(String(200), default="")
    registered_on: Mapped[date | None] = mapped_column(index=True)
    """When it was registered with Bolagsverket, as a bulk file says."""
    deregistered_on: Mapped[date | None]
    procedure: Mapped[str] = mapped_column(String(80), default="")
    """Bankruptcy, liquidation and the like that goes on, in words."""
    refuses_advertising: Mapped[bool] = mapped_column(default=False)
    """Reklamspärr: no letter that it has not asked for."""
    kept_by_hand: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Names of columns that a colleague has set; imports leave these as they are."""
    archived_at: Mapped[datetime | None] = mapped_column(index=True)
    """Out of lists and letters. Companies that were merged into another are archived too."""
    archived_why: Mapped[str] = mapped_column(String(200), default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    created_at: Mapped[datetime]

    contacts: Mapped[list[Contact]] = relationship(back_populates="company", order_by="Contact.id")
    codes: Mapped[list[CompanySni]] = relationship(order_by="CompanySni.position", cascade="all, delete-orphan")
    tags: Mapped[list[Tag]] = relationship(secondary="company_tag", order_by="Tag.key")

    @validates("name", "number")
    def _name_changed(self, key: str, value: str | None) -> str | None:
        name, number = (value, self.number) if key == "name" else (self.name, value)
        if name is not None:
            self.sort_key, self.search_key = sort_key_of(name), search_key_of(name, number)
        return value

    @property
    def is_active(self) -> bool:
        """Whether it does business, as far as we know."""
        return self.deregistered_on is None and not self.procedure


class CompanySni(Base):
    """A branch of a company. SNI codes were renewed in 2025, so a code says nothing without its version."""

    __tablename__ = "company_sni"

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[str] = mapped_column(String(4), primary_key=True)
    """2007 or 2025."""
    code: Mapped[str] = mapped_column(String(5), primary_key=True, index=True)
    """Two to five digits, no dot."""
    position: Mapped[int] = mapped_column(default=0)


class Contact(Base):
    """Somebody, or an address for all, at a company. One address may stand at several companies."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("company_id", "email_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120), default="")
    role: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    """As it was written."""
    email_key: Mapped[str | None] = mapped_column(String(254), index=True)
    """As mail.addresses.comparable makes it; None for somebody without an address."""
    phone: Mapped[str] = mapped_column(String(40), default="")
    phone_e164: Mapped[str] = mapped_column(String(20), default="")
    search_key: Mapped[str] = mapped_column(String(380), default=_contact_key)
    """What a search looks in. It follows name and email by itself, also in bulk inserts; a bulk update sets it."""
    created_at: Mapped[datetime]
    attached_at: Mapped[datetime | None] = mapped_column(index=True)
    """When registrations and readers with this address were last attached to the company; None: still to be done."""

    company: Mapped[Company] = relationship(back_populates="contacts")

    @validates("name", "email")
    def _name_changed(self, key: str, value: str) -> str:
        name, email = (value, self.email) if key == "name" else (self.name, value)
        self.search_key = contact_key_of(name or "", email or "")
        return value


class Tag(Base):
    """A word that companies can be gathered under, such as a cluster."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(60), unique=True)
    """The name folded, so that nobody makes the same one twice."""
    created_at: Mapped[datetime]


class CompanyTag(Base):
    __tablename__ = "company_tag"

    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True, index=True)


class Note(Base):
    """What a colleague wrote down about a company."""

    __tablename__ = "company_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(120), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]


class Visit(Base):
    """We met a company, or informed it. The plan asks for 150 visits a year, and each association once a year."""

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), index=True)
    visited_on: Mapped[date] = mapped_column(index=True)
    form: Mapped[VisitForm] = mapped_column(states(VisitForm), default=VisitForm.ON_SITE)
    who: Mapped[str] = mapped_column(String(200), default="")
    """Who of us was there."""
    met: Mapped[str] = mapped_column(String(200), default="")
    """Whom we met."""
    themes: Mapped[str] = mapped_column(Text, default="")
    """What the company talked about, a theme a line."""
    text: Mapped[str] = mapped_column(Text, default="")
    follow_up: Mapped[str] = mapped_column(String(300), default="")
    follow_up_on: Mapped[date | None] = mapped_column(index=True)
    followed_up_at: Mapped[datetime | None]
    added_by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]

    company: Mapped[Company] = relationship()

    @property
    def theme_list(self) -> list[str]:
        return [line.strip() for line in self.themes.splitlines() if line.strip()]


class Merge(Base):
    """Two rows that were the same company: which one was merged into which, and what was moved, so it can be undone."""

    __tablename__ = "company_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Both rows as they were."""
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Which rows were moved to the kept company: table -> keys."""
    by: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Postcode(Base):
    """Where our companies are: a postcode, or how postcodes begin (three to five digits)."""

    __tablename__ = "postcode"

    digits: Mapped[str] = mapped_column(String(5), primary_key=True)
    place: Mapped[str] = mapped_column(String(80), default="")


class RegisterSettings(Base):
    """The one row of settings; without it the defaults hold."""

    __tablename__ = "register_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_visits: Mapped[int] = mapped_column(default=150)
    """Visits in a year, as the plan of the office says."""


# --- imports ------------------------------------------------------------------------------------------------------


class ImportFormat(StrEnum):
    OWN = "own"
    BOLAGSVERKET = "bolagsverket"
    SCB = "scb"


class ImportState(StrEnum):
    WAITING = "waiting"
    """The file lies there, a worker will read it."""
    READING = "reading"
    READ = "read"
    """The dry run is done: every line that matters is judged; nothing is changed yet."""
    CONFIRMED = "confirmed"
    """Somebody has looked and wants it; a worker will apply it."""
    APPLYING = "applying"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Verdict(StrEnum):
    """What a line would do, or did."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"
    """Ours to take in, but something is wrong with it; the remark says what."""
    PASSED_OVER = "passed_over"
    """Nothing for us: another town, a sole trader, not in business any more, the same company once more."""


class Import(Base):
    """A file of companies on its way into the register. The file itself is deleted when it has been read."""

    __tablename__ = "company_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    format: Mapped[ImportFormat] = mapped_column(states(ImportFormat))
    state: Mapped[ImportState] = mapped_column(states(ImportState), default=ImportState.WAITING, index=True)
    reason: Mapped[str] = mapped_column(String(300), default="")
    """Why it failed and what to do, in Swedish."""
    file_name: Mapped[str] = mapped_column(String(200), default="")
    """As it was called where it came from."""
    file_key: Mapped[str] = mapped_column(String(40), default="")
    """What it is called in EVENTSYS_DATA_DIR/imports; empty once it is deleted."""
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    """In bytes."""
    read_so_far: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes of the file that have been read."""
    lines: Mapped[int] = mapped_column(default=0)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """How many lines got each verdict, and of those passed over why: `passed_over:sole_trader`."""
    lease_until: Mapped[datetime | None]
    by: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class ImportLine(Base):
    """A line that is new, changes something or is refused. Never one of a sole trader: those are only counted."""

    __tablename__ = "company_import_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("company_import.id", ondelete="CASCADE"), index=True)
    line: Mapped[int]
    """Counted from 1, the heading included."""
    verdict: Mapped[Verdict] = mapped_column(states(Verdict))
    name: Mapped[str] = mapped_column(String(200), default="")
    number: Mapped[str | None] = mapped_column(String(10))
    remark: Mapped[str] = mapped_column(String(300), default="")
    record: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What is to be taken in; emptied when it has been."""
