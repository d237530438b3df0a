"""A round's letters on paper: one PDF in the postman's order, asked for, made part by part, bound, and fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from eventsys import audit, piecework
from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.folder import new_folder, parts_in, plan_in, with_part
from eventsys.names import slug
from eventsys.newsletters.printing.envelopes import Addressee, Box, addressed
from eventsys.newsletters.welcome.drawing import address_pages, letter_page, stamped
from eventsys.newsletters.welcome.envelopes import window_of
from eventsys.newsletters.welcome.models import (
    Choice,
    RoundState,
    WelcomeLetter,
    WelcomePaper,
    WelcomeRound,
    WelcomeSettings,
)
from eventsys.piecework import PaperState

PDF = "application/pdf"
LETTERS_A_PART = 50  # half a second of work
AT_ONCE = 10  # letters, in the request itself
TAKEN_OUT = "welcome_round.paper_taken_out"
_PRINTED = (RoundState.APPROVED, RoundState.SENT)


class NotApproved(Refused):
    def __init__(self) -> None:
        super().__init__("Omgången är inte godkänd än. Breven kan skrivas ut när en kollega har godkänt den.")


class NobodyOnPaper(Refused):
    def __init__(self) -> None:
        super().__init__("Ingen i omgången får brevet på papper. Det finns inget att skriva ut.")


@dataclass(frozen=True)
class Part:
    """The next part of a paper that a worker has taken on: whose addresses, and from which letter on."""

    paper_id: int
    round_id: int
    title: str
    window: Box
    ids: list[int]
    first: int
    content: bytes  # the folder as it is; its first part is the letter
    lease_until: datetime

    @property
    def is_binding(self) -> bool:
        """All addresses are drawn; what is left is to make one document of them."""
        return self.first >= len(self.ids)

    @property
    def ids_here(self) -> list[int]:
        return self.ids[self.first : self.first + LETTERS_A_PART]


# --- who gets it --------------------------------------------------------------------------------------------------


def round_by_id(round_id: int) -> WelcomeRound:
    """Raises NotFound."""
    found = db.session.get(WelcomeRound, round_id)
    if found is None:
        raise NotFound
    return found


def on_paper(round_: WelcomeRound) -> list[Addressee]:
    """Who gets the letter on paper, in the postman's order; nobody while the round is a draft."""
    query = select(WelcomeLetter).where(WelcomeLetter.round_id == round_.id, WelcomeLetter.choice == Choice.PAPER)
    return sorted(map(_addressee, db.session.scalars(query)), key=lambda one: one.postal_order)


def number_on_paper(round_: WelcomeRound) -> int:
    """How many get the letter on paper."""
    query = select(func.count()).select_from(WelcomeLetter)
    query = query.where(WelcomeLetter.round_id == round_.id, WelcomeLetter.choice == Choice.PAPER)
    return db.session.scalar(query) or 0


def _addressee(letter: WelcomeLetter) -> Addressee:
    return Addressee(letter.recipient, letter.care_of, letter.street, letter.postcode, letter.place, letter.id)


def shortened(people: Sequence[Addressee], window: Box) -> list[str]:
    """Names of those whose address does not fit in the window in the smallest size either."""
    return [one.name for one in people if addressed(one, window).is_cut]


# --- asked for ----------------------------------------------------------------------------------------------------


def day_of(round_: WelcomeRound, at: datetime) -> date:
    """The date on the letter: when it was sent or approved, or today while it is neither."""
    return local(round_.sent_at or round_.approved_at or at).date()


def check_printable(round_: WelcomeRound) -> None:
    """Raise NotApproved or NobodyOnPaper."""
    if round_.state not in _PRINTED:
        raise NotApproved
    if not number_on_paper(round_):
        raise NobodyOnPaper


def letter_of_round(round_: WelcomeRound, settings: WelcomeSettings, at: datetime) -> bytes:
    """The common letter as it is printed. Slow, outside transactions. Raises LetterTooLong, NoPdf."""
    return letter_page(round_, window_of(settings), settings.folding, day_of(round_, at))


def sample(round_: WelcomeRound, to: Addressee, settings: WelcomeSettings, at: datetime) -> bytes:
    """The letter to one addressee, to look at. Raises LetterTooLong, NoPdf."""
    letter = letter_of_round(round_, settings, at)
    return stamped(letter, [address_pages([to], window_of(settings))], round_.name)


def made_at_once(round_: WelcomeRound, letter: bytes, settings: WelcomeSettings) -> bytes:
    """The paper of a few letters, without a worker. Raises NotApproved, NobodyOnPaper, NoPdf."""
    check_printable(round_)
    return stamped(letter, [address_pages(on_paper(round_), window_of(settings))], round_.name)


def ask_for_paper(
    round_: WelcomeRound, letter: bytes, settings: WelcomeSettings, by: str, at: datetime
) -> WelcomePaper:
    """Note that somebody wants the paper; if it is being made already, that one. Ring for its id.

    `letter` is what `letter_of_round` drew. Raises NotApproved, NobodyOnPaper. Flushes, does not commit.
    """
    check_printable(round_)
    under_way = next((one for one in papers_of(round_) if one.is_under_way and one.version == round_.version), None)
    if under_way is not None:
        return under_way
    ids, window = [one.id for one in on_paper(round_)], window_of(settings)
    plan = {"ids": ids, "window": [window.left, window.top, window.width, window.height]}
    paper = WelcomePaper(
        round_id=round_.id, version=round_.version, total=len(ids), by=by, created_at=at,
        content=new_folder(plan, first=letter),
    )  # fmt: skip
    db.session.add(paper)
    db.session.flush()
    return paper


# --- made ---------------------------------------------------------------------------------------------------------


def take_part(paper_id: int, at: datetime) -> Part | None:
    """The next part to make, held for a while; None when the paper is ready, gone, or in another worker's hands.

    A paper whose round has changed since is given up: its list is no longer the round's.
    """
    paper = piecework.take(WelcomePaper, paper_id, at)
    if paper is None:
        return None
    round_ = round_by_id(paper.round_id)
    if round_.version != paper.version:
        piecework.fail(paper, at)
        return None
    content, until = paper.content or b"", paper.lease_until
    assert until is not None
    plan = plan_in(content)
    return Part(paper.id, round_.id, round_.name, Box(*plan["window"]), plan["ids"], paper.done, content, until)


def draw_part(part: Part) -> bytes:
    """The pages of a part, or the whole document after the last; slow, outside transactions. Raises NoPdf."""
    if part.is_binding:
        letter, *pages = parts_in(part.content)
        return stamped(letter, pages, part.title)
    query = select(WelcomeLetter).where(WelcomeLetter.id.in_(part.ids_here), WelcomeLetter.choice == Choice.PAPER)
    found = {letter.id: _addressee(letter) for letter in db.session.scalars(query)}
    return address_pages([found[number] for number in part.ids_here if number in found], part.window)


def keep_part(part: Part, drawn: bytes, at: datetime) -> bool:
    """Put what was drawn into its paper, which is ready once it is bound; whether the part was still ours.

    A part whose lease another worker has taken over meanwhile is thrown away. Flushes, does not commit.
    """
    paper = piecework.held(WelcomePaper, part.paper_id, part.lease_until)
    if paper is None:
        return False
    if part.is_binding:
        piecework.finish(paper, drawn, at)
    else:
        piecework.lay_down(paper, with_part(part.content, drawn), part.first + len(part.ids_here))
    return True


def give_up(part: Part, at: datetime) -> None:
    """The paper cannot be made; what there was of it goes. Flushes, does not commit."""
    paper = piecework.held(WelcomePaper, part.paper_id, part.lease_until)
    if paper is not None:
        piecework.fail(paper, at)


# --- fetched ------------------------------------------------------------------------------------------------------


def papers_of(round_: WelcomeRound) -> list[WelcomePaper]:
    """What was asked for during the last day, newest first."""
    query = select(WelcomePaper).where(WelcomePaper.round_id == round_.id)
    return list(db.session.scalars(query.order_by(WelcomePaper.id.desc())))


def ready_paper(round_: WelcomeRound, paper_id: int) -> WelcomePaper:
    """A paper with its content. Raises NotFound until it is ready, and once the round has changed."""
    paper = piecework.with_content(WelcomePaper, paper_id)
    ours = paper is not None and (paper.round_id, paper.version) == (round_.id, round_.version)
    if paper is None or not ours or paper.state is not PaperState.READY:
        raise NotFound
    return paper


def file_name(round_: WelcomeRound, what: str, ending: str) -> str:
    """`valkomstbrev-omgang-2-2026-brev.pdf`."""
    return f"{slug(round_.name)}-{what}.{ending}"


def note_taken_out(round_id: int, rows: int) -> None:
    """Note in the audit trail that letters with names and addresses left the house. Does not commit."""
    audit.record(TAKEN_OUT, f"welcome_round:{round_id}", rows=rows)
