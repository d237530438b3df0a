"""An issue's letter to one reader: what stands in place of its tokens, and whether it is still wanted.

Both are asked for a portion of letters at a time and ask the database once, so they cost a mailing of 8 500 little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import String, Table, and_, bindparam, case, literal, select
from sqlalchemy import cast as sql_cast

from eventsys.database import db
from eventsys.mail.claim import Claim
from eventsys.mail.letters import MailingLetter
from eventsys.newsletters.addresses import LEAVE, LETTER, PREFERENCES, READER, leave_url, preferences_url
from eventsys.newsletters.audience.keys import SEGMENT
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT
from eventsys.newsletters.responses.keys import new_reader_key
from eventsys.newsletters.subscriptions.forgetting import said_no
from eventsys.newsletters.subscriptions.models import Reader, Subscription, SubscriptionState

_Found = Any  # a row of _ASKED

HAS_LEFT = "Har lämnat listan sedan utskicket förbereddes."
HAS_REFUSED = "Har avböjt alla nyhetsbrev sedan utskicket förbereddes."
IS_GONE = "Prenumeranten finns inte längre."

_READER, _ISSUE, _SEGMENT, _SUBSCRIPTION = (
    cast(Table, model.__table__) for model in (Reader, Issue, Segment, Subscription)
)
_BASE = case((_SEGMENT.c.id.is_not(None), _SEGMENT.c.base), else_=_ISSUE.c.audience)
_NO = _SUBSCRIPTION.alias("no_to_companies")
_LIST = case((_BASE == COMPANIES, FORETAGSAMT), else_=_BASE)
# Made once: it is asked many times a second. The readers of these letters, each with the issue of each mailing.
_ASKED = (
    select(
        _READER.c.id, _READER.c.token, _READER.c.refused_at, _ISSUE.c.mailing_id, _ISSUE.c.id.label("issue_id"),
        _BASE.label("base"), _LIST.label("list"), _SUBSCRIPTION.c.state, _NO.c.state.label("no"),
    )
    .select_from(
        _READER.join(_ISSUE, _ISSUE.c.mailing_id.in_(bindparam("mailings", expanding=True)))
        .outerjoin(_SEGMENT, _ISSUE.c.audience == literal(SEGMENT) + sql_cast(_SEGMENT.c.id, String))
        .outerjoin(
            _SUBSCRIPTION, and_(_SUBSCRIPTION.c.reader_id == _READER.c.id, _SUBSCRIPTION.c.list == _LIST)
        )
        .outerjoin(
            _NO, and_(_NO.c.reader_id == _READER.c.id, _NO.c.list == COMPANIES, _BASE == COMPANIES)
        )
    )
    .where(_READER.c.id.in_(bindparam("readers", expanding=True)))
)  # fmt: skip


def values(claims: Sequence[Claim]) -> list[Mapping[str, str]]:
    """The reader's two addresses, and a key of this copy for the links under the articles, which is kept nowhere."""
    found = _found(claims)
    return [_values(found.get((claim.subject_id, claim.mailing_id))) for claim in claims]


def _values(row: _Found | None) -> Mapping[str, str]:
    if row is None:
        return {}
    return {
        LEAVE: leave_url(row.token, _left_by_link(row)),
        PREFERENCES: preferences_url(row.token),
        READER: new_reader_key(row.issue_id),
    }


def _left_by_link(row: _Found) -> str:
    """Who gets the letters to companies unasked leaves those: a list one never had could be taken back as one's own."""
    key: str = COMPANIES if row.base == COMPANIES and row.state is None else row.list
    return key


def unwanted(claims: Sequence[Claim]) -> dict[int, str]:
    """Who has left the list, or refused everything, since the mailing was frozen; by claim id."""
    found = _found(claims)
    reasons = {claim.id: _why_not(found.get((claim.subject_id, claim.mailing_id))) for claim in claims}
    forgotten = said_no({claim.address for claim in claims})
    reasons |= {claim.id: HAS_REFUSED for claim in claims if claim.address in forgotten}
    return {claim_id: reason for claim_id, reason in reasons.items() if reason}


def _why_not(row: _Found | None) -> str:
    if row is None:
        return IS_GONE
    if row.refused_at is not None:
        return HAS_REFUSED
    return HAS_LEFT if (row.state or row.no) == SubscriptionState.ENDED else ""


def _found(claims: Sequence[Claim]) -> dict[tuple[int, int | None], _Found]:
    asked = {
        "readers": list({claim.subject_id for claim in claims}),
        "mailings": list({claim.mailing_id for claim in claims}),
    }
    return {(row.id, row.mailing_id): row for row in db.session.connection().execute(_ASKED, asked)}


LETTERS = {LETTER: MailingLetter(values, unwanted)}
