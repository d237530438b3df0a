"""Papers that take long: asked for, made part by part by whichever worker is there, fetched, forgotten after a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import joinedload, undefer

from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.attendance.badges import SHEETS, badge_pages
from eventsys.events.attendance.door_list import ROWS, door_list_pages, index_letter
from eventsys.events.attendance.folder import Plan, bound, new_folder, plan_in, with_part
from eventsys.events.attendance.models import Paper, PaperState
from eventsys.events.models import Attendee, Event
from eventsys.events.programme.queries import held_by
from eventsys.events.queries import event_by_id
from eventsys.names import slug

BADGES, DOOR_LIST = "badges", "door_list"
TITLES = {BADGES: "Namnskyltar", DOOR_LIST: "Dörrlista"}
TAKEN_OUT = {BADGES: "badges.taken_out", DOOR_LIST: "door_list.taken_out"}
SHEETS_A_PART = 10  # pages; about a second of work
LEASE = timedelta(minutes=2)
KEPT = timedelta(hours=24)
PDF = "application/pdf"


class NobodyOnIt(Refused):
    """There is nobody to write on the paper."""


@dataclass(frozen=True)
class Part:
    """The next part of a paper that a worker has taken on: whose names, and from which person on."""

    paper_id: int
    event_id: int
    kind: str
    plan: Plan
    first: int
    content: bytes  # the folder as it is
    lease_until: datetime

    @property
    def size(self) -> int:
        return SHEETS_A_PART * _per_page(self.kind, self.plan)

    @property
    def is_binding(self) -> bool:
        """All pages are drawn; what is left is to make one document of them."""
        return self.first >= len(self.plan.ids)

    @property
    def ids(self) -> list[int]:
        return self.plan.ids[self.first : self.first + self.size]


def _per_page(kind: str, plan: Plan) -> int:
    return ROWS if kind == DOOR_LIST else SHEETS[plan.sheet].per_sheet


# --- asked for ----------------------------------------------------------------------------------------------------


def ask_for_paper(event: Event, account_id: int, kind: str, plan: Plan, at: datetime) -> Paper:
    """Note that somebody wants this paper. Raises NobodyOnIt. Flushes, does not commit; ring for its id."""
    if not plan.ids:
        raise NobodyOnIt
    paper = Paper(
        event_id=event.id, account_id=account_id, kind=kind, state=PaperState.ASKED, total=len(plan.ids),
        file_name=file_name(event, kind), content_type=PDF, content=new_folder(plan), created_at=at,
    )  # fmt: skip
    db.session.add(paper)
    db.session.flush()
    return paper


def file_name(event: Event, kind: str) -> str:
    return f"{slug(TITLES[kind])}-{slug(event.title)}.pdf"


def made_at_once(event: Event, kind: str, plan: Plan) -> bytes:
    """The paper of a few people, without a worker. Raises NobodyOnIt, NoPdf."""
    if not plan.ids:
        raise NobodyOnIt
    return _drawn(event, kind, plan, 0, plan.ids)


# --- made ---------------------------------------------------------------------------------------------------------


def take_part(paper_id: int, at: datetime) -> Part | None:
    """The next part to make, held for LEASE; None when the paper is ready, gone, or in another worker's hands."""
    until = at + LEASE
    taken = db.session.execute(
        update(Paper)
        .where(Paper.id == paper_id, _waits(at))
        .values(state=PaperState.MAKING, lease_until=until)
        .returning(Paper.id)
    ).scalar()
    if taken is None:
        return None
    paper = _with_content(paper_id)
    assert paper is not None
    content = paper.content or b""
    return Part(paper.id, paper.event_id, paper.kind, plan_in(content), paper.done, content, until)


def draw_part(part: Part) -> bytes:
    """The pages of a part, or the whole document after the last; slow, outside transactions. Raises NoPdf, NotFound."""
    if part.is_binding:
        return bound(part.content, TITLES[part.kind])
    return _drawn(event_by_id(part.event_id), part.kind, part.plan, part.first, part.ids)


def keep_part(part: Part, drawn: bytes, at: datetime) -> bool:
    """Put what was drawn into its paper, which is ready once it is bound; whether the part was still ours.

    A part whose lease another worker has taken over meanwhile is thrown away. Flushes, does not commit.
    """
    paper = _held(part)
    if paper is None:
        return False
    if part.is_binding:
        paper.content, paper.state, paper.finished_at = drawn, PaperState.READY, at
    else:
        paper.content = with_part(part.content, drawn)
        paper.done = min(paper.total, part.first + part.size)
    paper.lease_until = None
    db.session.flush()
    return True


def give_up(part: Part, at: datetime) -> None:
    """The paper cannot be made; what there was of it goes. Flushes, does not commit."""
    paper = _held(part)
    if paper is not None:
        paper.state, paper.content, paper.finished_at, paper.lease_until = PaperState.FAILED, None, at, None
        db.session.flush()


def _drawn(event: Event, kind: str, plan: Plan, first: int, ids: Sequence[int]) -> bytes:
    people = _in_order(ids)
    sessions = held_by(ids) if plan.sessions else {}
    if kind == BADGES:
        return badge_pages(event, people, SHEETS[plan.sheet], sessions)
    before = _in_order(plan.ids[max(0, first - 1) : first])
    return door_list_pages(
        event, people, sessions, has_sessions=plan.sessions,
        first_page=1 + first // ROWS, pages=-(-len(plan.ids) // ROWS),
        before=index_letter(before[0].sort_key) if before else "",
    )  # fmt: skip


def _in_order(ids: Sequence[int]) -> list[Attendee]:
    query = select(Attendee).options(joinedload(Attendee.registration)).where(Attendee.id.in_(ids))
    found = {attendee.id: attendee for attendee in db.session.execute(query).scalars()}
    return [found[number] for number in ids if number in found]


def _held(part: Part) -> Paper | None:
    """The paper of a part, locked, if the part is still ours."""
    paper = _with_content(part.paper_id, locked=True)
    return paper if paper is not None and paper.lease_until == part.lease_until else None


def _with_content(paper_id: int, locked: bool = False) -> Paper | None:
    query = select(Paper).options(undefer(Paper.content)).where(Paper.id == paper_id)
    query = query.execution_options(populate_existing=True)
    return db.session.execute(query.with_for_update() if locked else query).scalar_one_or_none()


# --- fetched and forgotten ----------------------------------------------------------------------------------------


def papers_of(event: Event, account_id: int) -> list[Paper]:
    """What this person has asked for about the event, newest first."""
    query = select(Paper).where(Paper.event_id == event.id, Paper.account_id == account_id)
    return list(db.session.execute(query.order_by(Paper.id.desc())).scalars())


def ready_paper(event: Event, account_id: int, paper_id: int) -> Paper:
    """A paper with its content, for the one who asked. Raises NotFound for everybody else, and until it is ready."""
    paper = _with_content(paper_id)
    mine = paper is not None and paper.event_id == event.id and paper.account_id == account_id
    if paper is None or not mine or paper.state is not PaperState.READY:
        raise NotFound
    return paper


def papers_to_make(at: datetime) -> list[int]:
    """Ids of papers that no worker holds, for the clock."""
    return list(db.session.execute(select(Paper.id).where(_waits(at)).order_by(Paper.id)).scalars())


def papers_to_forget(at: datetime) -> bool:
    return db.session.execute(select(Paper.id).where(Paper.created_at <= at - KEPT).limit(1)).first() is not None


def forget_papers(at: datetime) -> int:
    """Delete papers a day after they were asked for: they hold names. Returns how many."""
    gone = delete(Paper).where(Paper.created_at <= at - KEPT).returning(Paper.id)
    return len(db.session.execute(gone.execution_options(synchronize_session=False)).all())


def _waits(at: datetime) -> ColumnElement[bool]:
    free = or_(Paper.lease_until.is_(None), Paper.lease_until <= at)
    return Paper.state.in_((PaperState.ASKED, PaperState.MAKING)) & free
