"""The audit trail as staff read it: narrowed, page by page, as a file, and with links to what is still there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from sqlalchemy import ColumnElement, func, or_, select

from eventsys import audit
from eventsys.audit import AuditEntry
from eventsys.clock import from_local, local
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.paging import Paged
from eventsys.sheets import Cell, xlsx
from eventsys.staff.acts import ACTS, PLACES, Group, Place, describe_act, describe_detail, describe_thing, group_of
from eventsys.staff.queries import account_names

PAGE = 50
MOST_EXPORTED = 200_000
COLUMNS = ("När", "Vem", "Vad", "Gäller", "Namn", "Mer")
_STRIDE = 2000
_LARGEST_ID = 2**31


class TooLong(Refused):
    """More entries than a file takes."""


@dataclass(frozen=True)
class Wanted:
    """What of the audit trail is wanted; what is empty does not narrow it."""

    actor: str = ""
    group: Group | None = None
    action: str = ""
    thing: str = ""
    """A kind: `event`."""
    subject: str = ""
    """One thing: `event:12`."""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True)
class TrailPage(Paged):
    """One page of the audit trail, newest first."""

    size: ClassVar[int] = PAGE

    entries: Sequence[AuditEntry]
    number: int
    total: int


def trail_page(wanted: Wanted, number: int = 1) -> TrailPage:
    """The page with this number (from 1) of what is wanted; a number too high gives the last page."""
    conditions = conditions_of(wanted)
    total = how_many(wanted)
    number = max(1, min(number, -(-total // PAGE)))
    query = select(AuditEntry).where(*conditions).order_by(AuditEntry.id.desc())
    entries = db.session.scalars(query.limit(PAGE).offset((number - 1) * PAGE)).all()
    return TrailPage(entries, number, total)


def how_many(wanted: Wanted) -> int:
    """How many entries are wanted."""
    query = select(func.count()).select_from(AuditEntry).where(*conditions_of(wanted))
    return db.session.scalar(query) or 0


def conditions_of(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The wish as conditions on AuditEntry."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.actor:
        conditions.append(AuditEntry.actor == wanted.actor)
    if wanted.group is not None:
        conditions.append(_in_group(wanted.group))
    if wanted.action:
        conditions.append(AuditEntry.action == wanted.action)
    if wanted.thing:
        named = AuditEntry.subject.startswith(f"{wanted.thing}:", autoescape=True)
        conditions.append(or_(AuditEntry.subject == wanted.thing, named))
    if wanted.subject:
        conditions.append(AuditEntry.subject == wanted.subject)
    if wanted.first_day:
        conditions.append(AuditEntry.at >= _start_of(wanted.first_day))
    if wanted.last_day:
        conditions.append(AuditEntry.at < _start_of(wanted.last_day + timedelta(days=1)))
    return conditions


def _in_group(group: Group) -> ColumnElement[bool]:
    others = [action for action in ACTS if group_of(action) is not group]
    return AuditEntry.action.not_in(others) if group is Group.CHANGED else AuditEntry.action.in_(ACTS.keys() - others)


def _start_of(the_day: date) -> datetime:
    return from_local(datetime.combine(the_day, time.min))


def actors() -> Sequence[str]:
    """Everybody who has done something, by name."""
    return db.session.scalars(select(AuditEntry.actor).distinct().order_by(AuditEntry.actor)).all()


def actions() -> Sequence[str]:
    """Every kind of act that has been done."""
    return db.session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()


# --- what is still there ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """The page of a thing in the trail, for url_for."""

    endpoint: str
    arguments: dict[str, int]


def links_to(subjects: Iterable[str]) -> dict[str, Link]:
    """The page of each of these things that has one and is still there. One query a kind of thing."""
    ids: dict[str, set[int]] = {}
    for subject in subjects:
        kind, _, number = subject.partition(":")
        if kind in PLACES and number.isascii() and number.isdigit() and int(number) < _LARGEST_ID:
            ids.setdefault(kind, set()).add(int(number))
    return {
        f"{kind}:{found}": Link(PLACES[kind].endpoint, {PLACES[kind].argument: value})
        for kind, wanted in ids.items()
        for found, value in _there(PLACES[kind], wanted)
    }


def _there(place: Place, ids: set[int]) -> Iterator[tuple[int, int]]:
    key, value = place.kind.__table__.c.id, place.kind.__table__.c[place.column]
    for row in db.session.execute(select(key, value).where(key.in_(ids))):
        yield row[0], row[1]


# --- as a file ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TrailFile:
    content: bytes
    rows: int


def trail_file(wanted: Wanted) -> TrailFile:
    """The entries as .xlsx, newest first. Raises TooLong. Whoever hands it out calls `note_export`."""
    rows = how_many(wanted)
    if rows > MOST_EXPORTED:
        most = f"{MOST_EXPORTED:,}".replace(",", "\N{NO-BREAK SPACE}")
        raise TooLong(f"Urvalet har fler än {most} rader. Välj en kortare tid och ta ut loggen i delar.")
    return TrailFile(xlsx(COLUMNS, trail_rows(wanted), "Logg"), rows)


def trail_rows(wanted: Wanted) -> Iterator[Sequence[Cell]]:
    """A row of COLUMNS for each entry, newest first; read in strides."""
    names, last = account_names(), None
    while True:
        query = select(AuditEntry).where(*conditions_of(wanted)).order_by(AuditEntry.id.desc()).limit(_STRIDE)
        found = db.session.scalars(query if last is None else query.where(AuditEntry.id < last)).all()
        for one in found:
            yield (
                local(one.at).replace(tzinfo=None, microsecond=0), one.actor, describe_act(one.action),
                describe_thing(one.subject), names.get(one.subject, ""), describe_detail(one.detail),
            )  # fmt: skip
        if len(found) < _STRIDE:
            return
        last = found[-1].id


def note_export(rows: int, wanted: Wanted) -> None:
    """That the trail was taken out stands in it: how many rows and by which filters, not what they were set to."""
    used = sorted(name for name, value in vars(wanted).items() if value)
    audit.record("trail.exported", "trail:", rows=rows, filter=used)
