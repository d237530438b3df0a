"""Companies with contacts, issues with an approved letter, and mailings under way, for the tests of sending."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import inspect

from eventsys.clock import now
from eventsys.companies.models import Company, Contact
from eventsys.database import db, transaction
from eventsys.mail.addresses import comparable
from eventsys.mail.delivery import drain
from eventsys.mail.models import Delivery, Mailing, State
from eventsys.mail.splice import Rendered, list_headers
from eventsys.newsletters.addresses import TOKENS
from eventsys.newsletters.issues.models import Article, ArticleKind, ArticleState, Issue, Proof
from eventsys.newsletters.sending.leaving import leave
from eventsys.newsletters.sending.scheduling import schedule
from eventsys.staff.models import Account
from eventsys.tokens import new_token
from tests.factories import _kept

_numbers = itertools.count(1)
DAY = timedelta(days=1)
LETTER = Rendered(
    "Företagsamt: så blir våren i Borås",
    "Hej\n\nVåren är här, åäö.\n\nAvsluta: @@LEAVE@@\nVal: @@PREFERENCES@@\nSvar: https://boras.example/svar/@@READER@@\n",
    '<p>Våren är här, åäö.</p><p><a href="https://boras.example/svar/@@READER@@">Nyttigt</a></p>'
    '<p><a href="@@PREFERENCES@@">Val</a> <a href="@@LEAVE@@">Avsluta</a></p>',
    TOKENS,
    list_headers("foretagsamt.boras.example"),
)


def make_company(name: str = "", addresses: Iterable[str] = (), **given: Any) -> Company:
    """A company and its contacts."""
    company = _kept(Company(name=name or f"Väveriet {next(_numbers)} AB", created_at=now(), **given))
    for address in addresses:
        _kept(
            Contact(
                company_id=company.id, name="Bo Alm", email=address, email_key=comparable(address), created_at=now()
            )
        )
    return company


def make_issue(**given: Any) -> Issue:
    """An issue in draft with one ready article, to those who have Företagsamt."""
    at, number = now(), next(_numbers)
    values = {"year": 2000 + number, "number": 4, "subject": LETTER.subject, "created_at": at, "changed_at": at}
    issue = _kept(Issue(**{**values, **given}))
    make_article(issue, heading="Våren", lead="Så blir den.", body="<p>Våren är här, åäö.</p>")
    return issue


def make_article(issue: Issue, **given: Any) -> Article:
    """One more ready article of the issue."""
    at = now()
    values = {"kind": ArticleKind.ARTICLE, "state": ArticleState.READY, "created_at": at, "changed_at": at}
    return _kept(Article(issue_id=issue.id, token=new_token(), **{**values, **given}))


def approve(
    issue: Issue, letter: Rendered = LETTER, by: Account | None = None, asked_by: Account | None = None
) -> Proof:
    """A proof of the issue as it is, approved."""
    at = now()
    return _kept(
        Proof(
            issue_id=issue.id, issue_version=issue.version, letter=letter.to_bytes(), sha256=letter.sha256, asked_at=at,
            asked_by=asked_by.id if asked_by else None, judged_by=by.id if by else None, approved_at=at,
        )
    )  # fmt: skip


def approved_issue(**given: Any) -> Issue:
    issue = make_issue(**given)
    approve(issue)
    return issue


def scheduled(issue: Issue, hold: int = 0) -> Issue:
    """The issue is due at once."""
    with transaction():
        schedule(id_of(issue), now(), hold, now())
    return issue


def sent_off(issue: Issue, hold: int = 0) -> int:
    """The issue is frozen and started; the id of its mailing."""
    scheduled(issue, hold)
    with transaction():
        assert leave(id_of(issue), now())
        mailing_id = db.session.get_one(Issue, id_of(issue)).mailing_id
    assert mailing_id is not None
    return mailing_id


def again(row: Any) -> Any:
    """The row as it is now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(type(row), id_of(row))


def id_of(row: Any) -> int:
    """The id of a row, also of one that its session has forgotten."""
    identity = inspect(row).identity
    assert identity is not None
    return int(identity[0])


def mailing(mailing_id: int) -> Mailing:
    db.session.remove()
    return db.session.get_one(Mailing, mailing_id)


def deliver_all() -> None:
    db.session.remove()
    drain(20)
    db.session.remove()


def states() -> dict[str, State]:
    """The state of every letter, by its address."""
    db.session.remove()
    rows = db.session.execute(db.select(Delivery.address, Delivery.state))
    return {row.address: row.state for row in rows}
