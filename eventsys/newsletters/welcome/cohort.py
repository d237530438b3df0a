"""Which companies are new in a round, and what becomes of each: candidates = e-mail + paper + struck + excluded.

Each company is in exactly one place, with the reason. Once a company has a letter or was struck it is asked about no
more, and neither is the company that it was merged into; whom a rule left out comes back in the next round.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from eventsys.companies.models import Company, CompanyKind, Contact
from eventsys.companies.newcomers import is_ours, registered_between
from eventsys.companies.queries import in_use
from eventsys.database import db
from eventsys.mail.models import Suppression
from eventsys.newsletters.audience.choosing import is_deliverable
from eventsys.newsletters.lists import COMPANIES
from eventsys.newsletters.subscriptions.models import Reader, Subscription, SubscriptionState
from eventsys.newsletters.welcome.models import WELCOME, Choice, RoundState, WelcomeLetter, WelcomeRound
from eventsys.newsletters.welcome.settings import welcome_settings

ARCHIVED = "arkiverat i registret"
DEREGISTERED = "avregistrerat"
PROCEDURE = "konkurs, likvidation eller liknande pågår"
ADVERTISING = "reklamspärr"
NO_COMPANY = "förening eller offentlig verksamhet"
ELSEWHERE = "postnumret är inte ett av våra"
NO_POSTCODE = "postnummer saknas"
NOWHERE = "varken e-postadress eller hel postadress"
# Why there is no letter by e-mail; paper goes in its place.
NO_EMAIL = "ingen e-postadress"
INVALID = "ogiltig e-postadress"
SUPPRESSED = "spärrad e-postadress"
REFUSED = "vill inte ha brev med e-post"
# What somebody who looks through the list should think about.
CARE_OF = "c/o"
BOX = "boxadress"

_POSTCODE = re.compile(r"[1-9][0-9]{4}", re.ASCII)
_BOX = re.compile(r"\b(box|fack)\b", re.IGNORECASE)
_COLUMNS = (
    Company.id, Company.name, Company.number, Company.sort_key, Company.kind, Company.registered_on, Company.care_of,
    Company.street, Company.postcode, Company.place, Company.archived_at, Company.deregistered_on, Company.procedure,
    Company.refuses_advertising,
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A company of a round and what becomes of it. `reason` says why, also why paper; `hints` are worth a thought."""

    company_id: int
    name: str
    number: str | None
    registered_on: date | None
    choice: Choice
    reason: str = ""
    by: str = ""
    address: str = ""
    """Where the letter by e-mail goes; several companies may share it, and then one letter."""
    care_of: str = ""
    street: str = ""
    postcode: str = ""
    place: str = ""
    hints: tuple[str, ...] = ()

    @property
    def gets_letter(self) -> bool:
        return self.choice in (Choice.EMAIL, Choice.PAPER)

    @property
    def postal(self) -> str:
        """`c/o Ek, Storgatan 1, 503 30 Borås`."""
        digits = f"{self.postcode[:3]} {self.postcode[3:]}".strip()
        care_of = f"c/o {self.care_of.removeprefix('c/o ')}" if self.care_of else ""
        return ", ".join(part for part in (care_of, self.street, f"{digits} {self.place}".strip()) if part)


@dataclass(frozen=True)
class Numbers:
    """A round in numbers; `letters` are those by e-mail, fewer than `email` where companies share an address."""

    email: int = 0
    paper: int = 0
    struck: int = 0
    excluded: int = 0
    letters: int = 0

    @property
    def candidates(self) -> int:
        return self.email + self.paper + self.struck + self.excluded


def numbers_of(places: Iterable[Place]) -> Numbers:
    """Counted from the places themselves, so that they add up."""
    given = list(places)
    counted = Counter(one.choice for one in given)
    addresses = {one.address for one in given if one.choice is Choice.EMAIL}
    return Numbers(
        counted[Choice.EMAIL], counted[Choice.PAPER], counted[Choice.STRUCK], counted[Choice.EXCLUDED], len(addresses)
    )


def places_of(welcome_round: WelcomeRound) -> list[Place]:
    """Everybody in the round in Swedish order: reckoned anew for a draft, as it was frozen for any other."""
    if welcome_round.state is RoundState.DRAFT:
        return reckon(welcome_round)
    return _with_hints(_frozen(welcome_round))


def _frozen(welcome_round: WelcomeRound) -> list[Place]:
    query = (
        select(WelcomeLetter, Company.number, Company.registered_on)
        .join(Company, Company.id == WelcomeLetter.company_id)
        .where(WelcomeLetter.round_id == welcome_round.id)
        .order_by(Company.sort_key, Company.id)
    )
    return [
        Place(
            row.company_id, row.recipient, number, registered_on, row.choice, row.reason, row.by, row.address,
            row.care_of, row.street, row.postcode, row.place,
        )
        for row, number, registered_on in db.session.execute(query)
    ]  # fmt: skip


# --- reckoning ----------------------------------------------------------------------------------------------------


def reckon(welcome_round: WelcomeRound) -> list[Place]:
    """The round as it would be if it were frozen now. Six queries, whatever the size."""
    struck = _strikes(welcome_round.id)
    query = _candidates(welcome_round, struck)
    addresses = _addresses(query)
    limit = _limit(welcome_round.registered_until)
    return _with_hints(
        [_placed(row, struck.get(row.id), addresses[row.id], limit) for row in db.session.execute(query)]
    )


def _strikes(round_id: int) -> dict[int, WelcomeLetter]:
    query = select(WelcomeLetter).where(WelcomeLetter.round_id == round_id, WelcomeLetter.choice == Choice.STRUCK)
    return {one.company_id: one for one in db.session.scalars(query)}


def _candidates(welcome_round: WelcomeRound, struck: Mapping[int, Any]) -> Select[*tuple[Any, ...]]:
    first = welcome_settings().starts_on or welcome_round.registered_until
    had = settled_elsewhere(welcome_round.id)
    new = and_(
        registered_between(first, welcome_round.registered_until),
        Company.merged_into_id.is_(None),
        Company.id.not_in(select(had.c.company_id)),
    )
    query = select(*_COLUMNS, is_ours().label("is_ours")).where(or_(new, Company.id.in_(list(struck))))
    return query.order_by(Company.sort_key, Company.id)


def settled_elsewhere(round_id: int) -> CTE:
    """Companies that have had their letter, or were struck, in another round; and those they were merged into."""
    merged = aliased(Company)
    had = (
        select(WelcomeLetter.company_id)
        .where(WelcomeLetter.claim == WELCOME, WelcomeLetter.round_id != round_id)
        .cte("settled", recursive=True)
    )
    return had.union(
        select(merged.merged_into_id)
        .join(had, merged.id == had.c.company_id)
        .where(merged.merged_into_id.is_not(None))
    )  # fmt: skip


class _Limit(NamedTuple):
    """Companies registered before `oldest` are not new any more; `words` say so."""

    oldest: date
    words: str


def _limit(registered_until: date) -> _Limit:
    months = welcome_settings().most_months
    return _Limit(months_before(registered_until, months), f"registrerat för mer än {months} månader sedan")


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _placed(row: Any, strike: WelcomeLetter | None, addresses: Sequence[Any], limit: _Limit) -> Place:
    place = Place(
        row.id, row.name, row.number, row.registered_on, Choice.EXCLUDED,
        care_of=row.care_of, street=row.street, postcode=row.postcode, place=row.place,
    )  # fmt: skip
    if strike is not None:
        return replace(place, choice=Choice.STRUCK, reason=strike.reason, by=strike.by)
    if reason := _why_excluded(row, limit):
        return replace(place, reason=reason)
    address, why_not = _first_open(addresses)
    if address:
        return replace(place, choice=Choice.EMAIL, address=address)
    if has_whole_address(row):
        return replace(place, choice=Choice.PAPER, reason=why_not)
    return replace(place, reason=NOWHERE if why_not == NO_EMAIL else f"{why_not}, och ingen hel postadress")


def _why_excluded(row: Any, limit: _Limit) -> str:
    if row.archived_at is not None:
        return ARCHIVED
    if row.kind is not CompanyKind.COMPANY:
        return NO_COMPANY
    if reason := why_silent(row):
        return reason
    if not row.is_ours:
        return ELSEWHERE if row.postcode else NO_POSTCODE
    return limit.words if row.registered_on < limit.oldest else ""


def why_silent(row: Any) -> str:
    """Why no company in this state gets a letter at all, in Swedish, or ""; `row` has the columns of Company."""
    if row.deregistered_on is not None:
        return DEREGISTERED
    if row.procedure:
        return PROCEDURE
    return ADVERTISING if row.refuses_advertising else ""


def has_whole_address(row: Any) -> bool:
    """Whether a letter on paper would come: street, five digits and place."""
    return bool(row.street.strip() and _POSTCODE.fullmatch(row.postcode) and row.place.strip())


# --- addresses for e-mail -----------------------------------------------------------------------------------------


def _addresses(candidates: Select[*tuple[Any, ...]]) -> dict[int, list[Any]]:
    """The addresses of each candidate, the first contact first, each with what is against writing there."""
    ids = candidates.with_only_columns(Company.id, maintain_column_froms=True).order_by(None)
    query = _asked_addresses().where(Contact.company_id.in_(ids), Contact.email_key.is_not(None))
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query.order_by(Contact.id)):
        found[row.company_id].append(row)
    return found


def _asked_addresses() -> Select[*tuple[Any, ...]]:
    blocked = Suppression.id.label("blocked")
    return (
        select(Contact.company_id, Contact.email_key.label("address"), says_no().label("no"), blocked)
        .join(Reader, Reader.address == Contact.email_key, isouter=True)
        .join(Subscription, to_companies(), isouter=True)
        .join(Suppression, suppressed(Contact.email_key), isouter=True)
    )


def to_companies() -> ColumnElement[bool]:
    """Joins a reader with what they have said of letters to companies."""
    return and_(Subscription.reader_id == Reader.id, Subscription.list == COMPANIES)


def suppressed(address: Any) -> ColumnElement[bool]:
    """Joins an address with what keeps letters from it now."""
    return and_(Suppression.address == address, Suppression.lifted_at.is_(None))


def says_no() -> ColumnElement[bool]:
    """A condition on Reader and its Subscription to letters to companies: wants none of these, or none at all."""
    left = func.coalesce(Subscription.state == SubscriptionState.ENDED, False)
    return or_(Reader.refused_at.is_not(None), left)


def _first_open(addresses: Sequence[Any]) -> tuple[str, str]:
    """The first address that may be written to, and why the first of all may not."""
    reasons = []
    for row in addresses:
        reason = _why_not(row)
        if not reason:
            return row.address, ""
        reasons.append(reason)
    return "", reasons[0] if reasons else NO_EMAIL


def _why_not(row: Any) -> str:
    if row.no:
        return REFUSED
    if row.blocked is not None:
        return SUPPRESSED
    return "" if is_deliverable(row.address) else INVALID


# --- hints --------------------------------------------------------------------------------------------------------


def _with_hints(places: Sequence[Place]) -> list[Place]:
    """What tells an accountant's address: many companies there, a c/o, a box. Two queries."""
    mailboxes, doors = _shared_mailboxes(), _shared_doors()
    return [replace(one, hints=_hints(one, mailboxes, doors)) for one in places]


def _hints(one: Place, mailboxes: Mapping[str, int], doors: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    hints = [CARE_OF] if one.care_of else []
    hints += [BOX] if _BOX.search(one.street) else []
    if one.address in mailboxes:
        hints.append(f"e-postadressen delas av {mailboxes[one.address]} företag")
    if (one.street, one.postcode) in doors:
        hints.append(f"postadressen delas av {doors[one.street, one.postcode]} företag")
    return tuple(hints)


def _shared_mailboxes() -> dict[str, int]:
    """Addresses that stand at several companies, and at how many."""
    several = func.count(Contact.company_id.distinct())
    query = (
        select(Contact.email_key, several)
        .join(Company, Company.id == Contact.company_id)
        .where(in_use(), Contact.email_key.is_not(None))
        .group_by(Contact.email_key)
        .having(several > 1)
    )
    return {str(row[0]): row[1] for row in db.session.execute(query)}


def _shared_doors() -> dict[tuple[str, str], int]:
    """Streets with their postcode where several companies are, and how many."""
    query = (
        select(Company.street, Company.postcode, func.count())
        .where(in_use(), Company.street != "", Company.postcode != "")
        .group_by(Company.street, Company.postcode)
        .having(func.count() > 1)
    )
    return {(row[0], row[1]): row[2] for row in db.session.execute(query)}
