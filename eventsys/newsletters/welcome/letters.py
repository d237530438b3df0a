"""A welcome letter to one address: what stands in place of its tokens, whether it is still wanted, and as a test."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from eventsys import audit
from eventsys.companies.models import Company
from eventsys.database import db
from eventsys.mail.claim import Claim
from eventsys.mail.compose import Email
from eventsys.mail.letters import Kind, MailingLetter
from eventsys.mail.models import Delivery
from eventsys.mail.outbox import Letter, Posting, post_all
from eventsys.mail.splice import Rendered
from eventsys.newsletters.addresses import LEAVE, PREFERENCES, leave_url, preferences_url
from eventsys.newsletters.issues.queries import editors
from eventsys.newsletters.issues.trying import NobodyToTest, with_examples
from eventsys.newsletters.lists import COMPANIES
from eventsys.newsletters.sending.letters import HAS_REFUSED, IS_GONE
from eventsys.newsletters.subscriptions.forgetting import said_no
from eventsys.newsletters.subscriptions.models import Reader, Subscription
from eventsys.newsletters.welcome.cohort import says_no, to_companies, why_silent
from eventsys.newsletters.welcome.models import Choice, WelcomeLetter, WelcomeRound
from eventsys.newsletters.welcome.queries import about, round_by_id
from eventsys.newsletters.welcome.rendering import RECIPIENT, letter_of

LETTER, TEST_LETTER = "newsletters/welcome", "newsletters/welcome_test"
EXAMPLE = "Väveriet i Borås AB"
ON_PAPER = "Brevet skrivs ut på papper i stället."
NOT_NOW = "Företaget ska inte ha brevet längre: {}."
_Key = tuple[int | None, str]
_Found = Any  # a row of _companies_of


def values(claims: Sequence[Claim]) -> list[Mapping[str, str]]:
    """The companies that share the address, and the reader's two addresses. Two queries."""
    companies, readers = _companies_of(claims), _readers_of(claims)
    return [_values(readers.get(one.subject_id), companies.get(_key(one), [])) for one in claims]


def _values(reader: Any, companies: Sequence[_Found]) -> Mapping[str, str]:
    if reader is None:
        return {}
    return {
        LEAVE: leave_url(reader.token, COMPANIES),
        PREFERENCES: preferences_url(reader.token),
        RECIPIENT: together([row.recipient for row in companies if not _why_not(row)]),
    }


def together(names: Sequence[str]) -> str:
    """`Alm AB`, `Alm AB och Ek AB`, `Alm AB, Ek AB och Ås AB`."""
    known = list(dict.fromkeys(names))
    return " och ".join(filter(None, (", ".join(known[:-1]), *known[-1:])))


def unwanted(claims: Sequence[Claim]) -> dict[int, str]:
    """Whose address has said no, or whose companies shall have no letter any more, since it was frozen; by claim id."""
    companies, readers = _companies_of(claims), _readers_of(claims)
    reasons = {one.id: _refused(readers.get(one.subject_id), companies.get(_key(one), [])) for one in claims}
    forgotten = said_no({one.address for one in claims})
    reasons |= {one.id: HAS_REFUSED for one in claims if one.address in forgotten}
    return {claim_id: reason for claim_id, reason in reasons.items() if reason}


def _refused(reader: Any, companies: Sequence[_Found]) -> str:
    if reader is None:
        return IS_GONE
    if reader.no:
        return HAS_REFUSED
    reasons = [_why_not(row) for row in companies] or [ON_PAPER]
    return reasons[0] if all(reasons) else ""


def _why_not(row: _Found) -> str:
    if row.choice is not Choice.EMAIL:
        return ON_PAPER
    reason = why_silent(row)
    return NOT_NOW.format(reason) if reason else ""


def _key(claim: Claim) -> _Key:
    return claim.mailing_id, claim.address


def _companies_of(claims: Sequence[Claim]) -> dict[_Key, list[_Found]]:
    query = (
        select(
            WelcomeRound.mailing_id, WelcomeLetter.address, WelcomeLetter.recipient, WelcomeLetter.choice,
            Company.deregistered_on, Company.procedure, Company.refuses_advertising,
        )
        .join(WelcomeRound, WelcomeRound.id == WelcomeLetter.round_id)
        .join(Company, Company.id == WelcomeLetter.company_id)
        .where(WelcomeRound.mailing_id.in_({one.mailing_id for one in claims}))
        .where(WelcomeLetter.address.in_({one.address for one in claims}))
        .order_by(Company.sort_key, Company.id)
    )  # fmt: skip
    found: dict[_Key, list[_Found]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.mailing_id, row.address].append(row)
    return found


def _readers_of(claims: Sequence[Claim]) -> dict[int, Any]:
    query = (
        select(Reader.id, Reader.token, says_no().label("no"))
        .join(Subscription, to_companies(), isouter=True)
        .where(Reader.id.in_({one.subject_id for one in claims}))
    )
    return {row.id: row for row in db.session.execute(query)}


# --- examples and tests -------------------------------------------------------------------------------------------


def example_of(letter: Rendered, name: str = EXAMPLE) -> Rendered:
    """The letter as a company of this name gets it, every personal link leading to a page that explains it."""
    mark = f"@@{RECIPIENT}@@"
    named = replace(letter, text=letter.text.replace(mark, name), html=letter.html.replace(mark, html.escape(name)))
    return with_examples(named)


def try_letter(welcome_round: WelcomeRound) -> Email:
    """The letter as a single one to a colleague."""
    letter = example_of(letter_of(welcome_round))
    return Email(f"Provbrev: {letter.subject}", letter.text, letter.html)


def send_test(round_id: int, account_ids: Sequence[int], at: datetime) -> int:
    """Post the letter as it is to these colleagues; how many are new. Pressing twice within a minute sends once.

    Raises NotFound, NobodyToTest. Flushes, does not commit.
    """
    found, wanted = round_by_id(round_id), set(account_ids)
    chosen = [account for account in editors() if account.id in wanted]
    if not chosen:
        raise NobodyToTest("Välj minst en person som ska få provbrevet.")
    new = post_all(
        [
            Posting(
                TEST_LETTER, found.id, f"welcome_test:{found.id}:{found.version}:{one.id}:{at:%Y%m%d%H%M}",
                one.email, one.name, about=about(found),
            )
            for one in chosen
        ]
    )  # fmt: skip
    audit.record("welcome_round.tested", f"welcome_round:{found.id}", letters=new)
    return new


def _build(delivery: Delivery) -> Email:
    return try_letter(round_by_id(delivery.subject_id))


LETTERS: dict[str, Kind] = {LETTER: MailingLetter(values, unwanted), TEST_LETTER: Letter(_build)}
