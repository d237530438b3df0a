"""Papers that take long: asked for, made part by part by whichever worker is there, fetched, forgotten after a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from eventsys import piecework
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.attendance.badges import SHEETS, badge_pages
from eventsys.events.attendance.door_list import ROWS, door_list_pages, index_letter
from eventsys.events.attendance.models import Paper
from eventsys.events.models import Attendee, Event
from eventsys.events.programme.queries import held_by
from eventsys.events.queries import event_by_id
from eventsys.folder import bound, new_folder, plan_in, with_part
from eventsys.names import slug
from eventsys.piecework import PaperState

BADGES, DOOR_LIST = "badges", "door_list"
TITLES = {BADGES: "Namnskyltar", DOOR_LIST: "Dörrlista"}
TAKEN_OUT = {BADGES: "badges.taken_out", DOOR_LIST: "door_list.taken_out"}
SHEETS_A_PART = 10  # pages; about a second of work
PDF = "application/pdf"


class NobodyOnIt(Refused):
    """There is nobody to write on the paper."""


@dataclass(frozen=True)
class Plan:
    """Whom the paper holds, fixed when it was asked for, so that nobody slips between two parts."""

    ids: list[int]
    sheet: str = ""  # of badges
    sessions: bool = False


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
        event_id=event.id, account_id=account_id, kind=kind, total=len(plan.ids),
        file_name=file_name(event, kind), content_type=PDF, content=new_folder(asdict(plan)), created_at=at,
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
    paper = piecework.take(Paper, paper_id, at)
    if paper is None:
        return None
    content, until = paper.content or b"", paper.lease_until
    assert until is not None
    return Part(paper.id, paper.event_id, paper.kind, Plan(**plan_in(content)), paper.done, content, until)


def draw_part(part: Part) -> bytes:
    """The pages of a part, or the whole document after the last; slow, outside transactions. Raises NoPdf, NotFound."""
    if part.is_binding:
        return bound(part.content, TITLES[part.kind])
    return _drawn(event_by_id(part.event_id), part.kind, part.plan, part.first, part.ids)


def keep_part(part: Part, drawn: bytes, at: datetime) -> bool:
    """Put what was drawn into its paper, which is ready once it is bound; whether the part was still ours.

    A part whose lease another worker has taken over meanwhile is thrown away. Flushes, does not commit.
    """
    paper = piecework.held(Paper, part.paper_id, part.lease_until)
    if paper is None:
        return False
    if part.is_binding:
        piecework.finish(paper, drawn, at)
    else:
        piecework.lay_down(paper, with_part(part.content, drawn), part.first + part.size)
    return True


def give_up(part: Part, at: datetime) -> None:
    """The paper cannot be made; what there was of it goes. Flushes, does not commit."""
    paper = piecework.held(Paper, part.paper_id, part.lease_until)
    if paper is not None:
        piecework.fail(paper, at)


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


# --- fetched and forgotten ----------------------------------------------------------------------------------------


def papers_of(event: Event, account_id: int) -> list[Paper]:
    """What this person has asked for about the event, newest first."""
    query = select(Paper).where(Paper.event_id == event.id, Paper.account_id == account_id)
    return list(db.session.execute(query.order_by(Paper.id.desc())).scalars())


def ready_paper(event: Event, account_id: int, paper_id: int) -> Paper:
    """A paper with its content, for the one who asked. Raises NotFound for everybody else, and until it is ready."""
    paper = piecework.with_content(Paper, paper_id)
    mine = paper is not None and paper.event_id == event.id and paper.account_id == account_id
    if paper is None or not mine or paper.state is not PaperState.READY:
        raise NotFound
    return paper
