"""One company's whole history: what all slices know of it, as far as the one who asks may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from eventsys.companies.models import Company, Contact, Merge, Note, Visit
from eventsys.companies.queries import in_use
from eventsys.database import db
from eventsys.desk.sight import sees_register
from eventsys.errors import NotFound
from eventsys.events.access import powers_of, within_reach
from eventsys.events.attendance.history import History, company_history
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Event
from eventsys.mail.models import Delivery
from eventsys.newsletters.lists import list_names
from eventsys.newsletters.subscriptions.models import Reader
from eventsys.newsletters.welcome.models import WelcomeLetter, WelcomeRound
from eventsys.staff.models import Account

MOST_LETTERS = 20
MOST_ADDRESSES = 10
"""With more, links to all letters of each would be a list of their own."""


@dataclass(frozen=True)
class Dealings:
    """What the office has had to do with a company, beside events. Each list has the newest first."""

    contacts: Sequence[Contact]
    invitations: Sequence[Invitation]
    readers: Sequence[Reader]
    lists: dict[str, str]
    """Names of the lists that the readers have, by key."""
    letters: Sequence[Delivery]
    """The latest to addresses of its contacts and readers."""
    letters_in_all: int
    visits: Sequence[Visit]
    notes: Sequence[Note]
    welcome: Sequence[tuple[WelcomeLetter, WelcomeRound]]
    merges: Sequence[tuple[Merge, Company]]
    """What was merged into it, and not parted again."""
    into: Company | None
    """What it was merged into itself."""

    @property
    def addresses(self) -> list[str]:
        """Those that letters may have gone to, for links to all of them."""
        contacts = [one.email_key for one in self.contacts if one.email_key]
        return sorted({*contacts, *(one.address for one in self.readers)})[:MOST_ADDRESSES]


@dataclass(frozen=True)
class CompanyPage:
    """`dealings` is None for those who see events only; editors see how many came and were invited, but not who."""

    company: Company
    history: History
    dealings: Dealings | None
    sees_people: bool


def company_page(account: Account, company_id: int, at: datetime) -> CompanyPage:
    """Everything that this account may see of a company. The number of queries does not grow with what there is.

    Raises NotFound when there is no such company, and for those who see events only, when none of its is within reach.
    """
    query = select(Company).options(selectinload(Company.tags), selectinload(Company.codes))
    company = db.session.scalars(query.where(Company.id == company_id)).one_or_none()
    history = company_history(company_id, within_reach(account, at))
    sees_all = sees_register(account)
    if company is None or not (sees_all or history.visits):
        raise NotFound
    return CompanyPage(company, history, _dealings(company) if sees_all else None, powers_of(account).see_people)


def _dealings(company: Company) -> Dealings:
    readers = _readers(company.id)
    letters, in_all = _letters(company.id)
    return Dealings(
        contacts=db.session.scalars(select(Contact).where(Contact.company_id == company.id).order_by(Contact.id)).all(),
        invitations=_invitations(company.id),
        readers=readers,
        lists=list_names(one.list for reader in readers for one in reader.subscriptions),
        letters=letters,
        letters_in_all=in_all,
        visits=_visits(company.id),
        notes=_notes(company.id),
        welcome=_welcome(company.id),
        merges=_merges(company.id),
        into=db.session.get(Company, company.merged_into_id) if company.merged_into_id else None,
    )


def _visits(company_id: int) -> Sequence[Visit]:
    query = select(Visit).where(Visit.company_id == company_id)
    return db.session.scalars(query.order_by(Visit.visited_on.desc(), Visit.id.desc())).all()


def _notes(company_id: int) -> Sequence[Note]:
    query = select(Note).where(Note.company_id == company_id)
    return db.session.scalars(query.order_by(Note.created_at.desc(), Note.id.desc())).all()


def _invitations(company_id: int) -> Sequence[Invitation]:
    query = (
        select(Invitation)
        .join(Invitation.event)
        .options(contains_eager(Invitation.event), joinedload(Invitation.attendee))
    )
    wanted = query.where(Invitation.company_id == company_id)
    return db.session.scalars(wanted.order_by(Event.starts_at.desc(), Invitation.sort_key, Invitation.id)).all()


def _readers(company_id: int) -> Sequence[Reader]:
    query = select(Reader).options(selectinload(Reader.subscriptions)).where(Reader.company_id == company_id)
    return db.session.scalars(query.order_by(Reader.address)).all()


def _letters(company_id: int) -> tuple[Sequence[Delivery], int]:
    contacts = select(Contact.email_key).where(Contact.company_id == company_id, Contact.email_key.is_not(None))
    readers = select(Reader.address).where(Reader.company_id == company_id)
    theirs = Delivery.address.in_(contacts.union(readers))
    query = select(Delivery, func.count().over()).where(theirs).order_by(Delivery.id.desc()).limit(MOST_LETTERS)
    rows = db.session.execute(query).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def _welcome(company_id: int) -> Sequence[tuple[WelcomeLetter, WelcomeRound]]:
    query = select(WelcomeLetter, WelcomeRound).join(WelcomeRound, WelcomeRound.id == WelcomeLetter.round_id)
    wanted = query.where(WelcomeLetter.company_id == company_id)
    rows = db.session.execute(wanted.order_by(WelcomeRound.year.desc(), WelcomeRound.number.desc()))
    return [(letter, round_) for letter, round_ in rows]


def _merges(company_id: int) -> Sequence[tuple[Merge, Company]]:
    query = select(Merge, Company).join(Company, Company.id == Merge.merged_id)
    wanted = query.where(Merge.kept_id == company_id, Merge.undone_at.is_(None))
    return [(account, other) for account, other in db.session.execute(wanted.order_by(Merge.id.desc()))]


# --- what is to be followed up ------------------------------------------------------------------------------------


def due_follow_ups(today: date) -> Sequence[Visit]:
    """Visits whose follow-up is due on this Swedish day or was before, and is not done, the oldest first."""
    query = select(Visit).join(Visit.company).options(contains_eager(Visit.company))
    due = query.where(in_use(), Visit.follow_up_on <= today, Visit.followed_up_at.is_(None))
    return db.session.scalars(due.order_by(Visit.follow_up_on, Visit.id)).all()
