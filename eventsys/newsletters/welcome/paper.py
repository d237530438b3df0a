"""A round's letters on paper: one PDF in the postman's order, asked for, made part by part, bound, and fetched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date, datetime

from sqlalchemy import select

from eventsys import audit, piecework
from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.folder import new_folder, parts_in, plan_in, with_part
from eventsys.names import slug
from eventsys.newsletters.printing.envelopes import Addressee, Box, addressed
from eventsys.newsletters.welcome.drawing import address_pages, gathering, letter_page, stamped
from eventsys.newsletters.welcome.envelopes import window_of
from eventsys.newsletters.welcome.models import (
    Choice,
    RoundState,
    WelcomeLetter,
    WelcomePaper,
    WelcomeRound,
    WelcomeSettings,
)
from eventsys.newsletters.welcome.queries import round_by_id
from eventsys.piecework import PaperState

PDF = "application/pdf"
LETTERS_A_PART = 50  # half a second of work
AT_ONCE = 10  # letters, in the request itself
TAKEN_OUT = "welcome_round.paper_taken_out"


class NotSent(Refused):
    """An approved round can still be changed, and its companies be asked about anew; a letter in the post stays."""

    def __init__(self) -> None:
        super().__init__("Omgången är inte skickad än. Breven skrivs ut när den är det, så att inget företag får två.")


class NobodyOnPaper(Refused):
    def __init__(self) -> None:
        super().__init__("Ingen i omgången får brevet på papper. Det finns inget att skriva ut.")


@dataclass(frozen=True)
class Part:
    """The next part of a paper that a worker has taken on: whose addresses, and from which letter on."""

    paper_id: int
    title: str
    window: Box
    people: list[Addressee]
    first: int
    content: bytes  # the folder as it is; its first part is the letter
    lease_until: datetime

    @property
    def is_binding(self) -> bool:
        """All addresses are drawn; what is left is to make one document of them."""
        return self.first >= len(self.people)

    @property
    def people_here(self) -> list[Addressee]:
        return self.people[self.first : self.first + LETTERS_A_PART]


# --- who gets it --------------------------------------------------------------------------------------------------


def on_paper(round_: WelcomeRound, is_later: bool = False) -> list[Addressee]:
    """Who gets the letter on paper, in the postman's order; nobody while the round is a draft.

    `is_later`: only those whose letter by e-mail did not come, and who get it on paper in its place.
    """
    query = select(WelcomeLetter).where(WelcomeLetter.round_id == round_.id, WelcomeLetter.choice == Choice.PAPER)
    if is_later:
        query = query.where(WelcomeLetter.address != "")
    return sorted(map(_addressee, db.session.scalars(query)), key=lambda one: one.postal_order)


def _addressee(letter: WelcomeLetter) -> Addressee:
    return Addressee(letter.recipient, letter.care_of, letter.street, letter.postcode, letter.place, letter.id)


def shortened(people: Sequence[Addressee], window: Box) -> list[str]:
    """Names of those whose address does not fit in the window in the smallest size either."""
    return [one.name for one in people if addressed(one, window).is_cut]


# --- asked for ----------------------------------------------------------------------------------------------------


def day_of(round_: WelcomeRound, at: datetime) -> date:
    """The date on the letter: when it was sent or approved, or today while it is neither."""
    return local(round_.sent_at or round_.approved_at or at).date()


def is_printable(round_: WelcomeRound) -> bool:
    """Whether it has left, so that its list stands fast."""
    return round_.state is RoundState.SENT


def check_printable(round_: WelcomeRound, people: Sequence[Addressee]) -> None:
    """Raise NotSent or NobodyOnPaper."""
    if not is_printable(round_):
        raise NotSent
    if not people:
        raise NobodyOnPaper


def letter_of_round(round_: WelcomeRound, settings: WelcomeSettings, at: datetime) -> bytes:
    """The common letter as it is printed. Slow, outside transactions. Raises LetterTooLong, NoPdf."""
    return letter_page(round_, window_of(settings), settings.folding, day_of(round_, at))


def sample(round_: WelcomeRound, to: Addressee, settings: WelcomeSettings, at: datetime) -> bytes:
    """The letter to one addressee, to look at. Raises LetterTooLong, NoPdf."""
    letter = letter_of_round(round_, settings, at)
    return stamped(letter, [address_pages([to], window_of(settings))], round_.name)


def made_at_once(round_: WelcomeRound, people: Sequence[Addressee], letter: bytes, settings: WelcomeSettings) -> bytes:
    """The paper of a few letters, without a worker. Raises NotSent, NobodyOnPaper, NoPdf."""
    check_printable(round_, people)
    return stamped(letter, [address_pages(people, window_of(settings))], round_.name)


def ask_for_paper(
    round_: WelcomeRound, letter: bytes, settings: WelcomeSettings, by: str, at: datetime, is_later: bool = False
) -> WelcomePaper:
    """Note that somebody wants the paper; if it is being made already, that one. Ring for its id.

    `letter` is what `letter_of_round` drew. Raises NotSent, NobodyOnPaper. Flushes, does not commit.
    """
    people, window = on_paper(round_, is_later), window_of(settings)
    check_printable(round_, people)
    mark = mark_of(round_, people, settings)
    under_way = next((one for one in papers_of(round_) if one.is_under_way and one.mark == mark), None)
    if under_way is not None:
        return under_way
    plan = {"people": [asdict(one) for one in people], "window": asdict(window)}
    paper = WelcomePaper(
        round_id=round_.id, is_later=is_later, mark=mark, total=len(people), by=by, created_at=at,
        content=new_folder(plan, first=letter),
    )  # fmt: skip
    db.session.add(paper)
    db.session.flush()
    return paper


def mark_of(round_: WelcomeRound, people: Sequence[Addressee], settings: WelcomeSettings) -> str:
    """A fingerprint (SHA-256) of what a paper says to whom, and where: another as soon as any of it changes."""
    said = [
        round_.subject,
        round_.body,
        repr(gathering(round_)),
        round_.code_id,
        settings.folding,
        is_printable(round_),
    ]
    whole = [said, astuple(window_of(settings)), [astuple(one) for one in people]]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


# --- made ---------------------------------------------------------------------------------------------------------


def take_part(paper_id: int, at: datetime) -> Part | None:
    """The next part to make, held for a while; None when the paper is ready, gone, or in another worker's hands."""
    paper = piecework.take(WelcomePaper, paper_id, at)
    if paper is None:
        return None
    content, until = paper.content or b"", paper.lease_until
    assert until is not None
    plan, title = plan_in(content), round_by_id(paper.round_id).name
    people = [Addressee(**one) for one in plan["people"]]
    return Part(paper.id, title, Box(**plan["window"]), people, paper.done, content, until)


def draw_part(part: Part) -> bytes:
    """The pages of a part, or the whole document after the last; slow, outside transactions. Raises NoPdf."""
    if part.is_binding:
        letter, *pages = parts_in(part.content)
        return stamped(letter, pages, part.title)
    return address_pages(part.people_here, part.window)


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
        piecework.lay_down(paper, with_part(part.content, drawn), part.first + len(part.people_here))
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


def is_outdated(paper: WelcomePaper, round_: WelcomeRound, settings: WelcomeSettings) -> bool:
    """Whether the text, the addresses or the window have changed since it was asked for."""
    return paper.mark != mark_of(round_, on_paper(round_, paper.is_later), settings)


def ready_paper(round_: WelcomeRound, paper_id: int, settings: WelcomeSettings) -> WelcomePaper:
    """A paper with its content. Raises NotFound until it is ready, and once it is outdated."""
    paper = piecework.with_content(WelcomePaper, paper_id)
    if paper is None or paper.round_id != round_.id or paper.state is not PaperState.READY:
        raise NotFound
    if is_outdated(paper, round_, settings):
        raise NotFound
    return paper


def file_name(round_: WelcomeRound, what: str, ending: str) -> str:
    """`valkomstbrev-omgang-2-2026-brev.pdf`."""
    return f"{slug(round_.name)}-{what}.{ending}"


def note_taken_out(round_id: int, rows: int) -> None:
    """Note in the audit trail that letters with names and addresses left the house. Does not commit."""
    audit.record(TAKEN_OUT, f"welcome_round:{round_id}", rows=rows)
