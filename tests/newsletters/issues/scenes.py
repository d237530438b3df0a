"""Issues and articles for tests.

    issue = make_issue(articles=3)                # Företagsamt nr 1 2027 with a subject and three ready articles
    make_article(issue, heading="Ny brygga")      # one more, ready; make_article(None) is an idea
    proof = make_approved(issue)                  # asked by one colleague, approved by another

Inside an open transaction make_issue and make_article only flush; outside they open one of their own.
"""

from __future__ import annotations

import hashlib
import itertools
from typing import Any

from sqlalchemy import func, select

from eventsys import database
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.newsletters.issues.changing import locked_issue, note_change
from eventsys.newsletters.issues.models import Article, ArticleKind, ArticleState, Issue, Picture, Proof
from eventsys.newsletters.issues.planning import proposed_days
from eventsys.newsletters.issues.proofs import approve, ask_for_approval
from eventsys.staff.models import Account, Role
from eventsys.tokens import new_token
from tests.staff_fixtures import new_account

YEAR = 2027
_numbers = itertools.count(1)


def make_issue(articles: int = 0, year: int = YEAR, number: int = 1, **given: Any) -> Issue:
    """An issue in draft with a subject, the proposed days of its year, and so many ready articles."""
    at, days = now(), proposed_days(year, number)
    values = {
        "subject": "Ny mässa i Borås och tre upphandlingar", "preheader": "Det viktigaste för ditt företag i vår.",
        "meeting_at": days.meeting_at, "manuscript_on": days.manuscript_on, "proof_on": days.proof_on,
        "send_on": days.send_on, "created_at": at, "changed_at": at,
    }  # fmt: skip
    issue = _kept(Issue(year=year, number=number, **{**values, **given}))
    for _ in range(articles):
        make_article(issue)
    return issue


def make_article(issue: Issue | None = None, **given: Any) -> Article:
    """A ready article, last in the issue; without an issue an idea. The issue's version rises as for editors."""
    at, place = now(), next(_numbers)
    values = {
        "kind": ArticleKind.ARTICLE, "state": ArticleState.READY if issue else ArticleState.IDEA, "token": new_token(),
        "heading": f"Så växer företagen vid Viskan, del {place}", "lead": "Tre företag berättar om sitt år.",
        "body": "<p>Vi har besökt dem alla. <strong>Alla tre anställer.</strong></p>", "position": place,
        "created_at": at, "changed_at": at,
    }  # fmt: skip
    article = Article(issue_id=issue.id if issue else None, **{**values, **given})
    if issue is None:
        return _kept(article)
    if database._writing.get():
        return _placed(issue, article, at)
    with transaction():
        return _placed(issue, article, at)


def _placed(issue: Issue, article: Article, at: Any) -> Article:
    note_change(locked_issue(issue.id), None, at)
    db.session.add(article)
    db.session.flush()
    return article


def make_picture(**given: Any) -> Picture:
    """A red PNG of one pixel that says it is 1 200 by 800."""
    content = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63f8cfc0000003010100"
        "f70341430000000049454e44ae426082"
    )
    values = {
        "token": new_token(), "content_type": "image/png", "width": 1200, "height": 800, "content": content,
        "sha256": hashlib.sha256(content).hexdigest(), "uploaded_at": now(),
    }  # fmt: skip
    return _kept(Picture(**{**values, **given}))


def make_approved(issue: Issue, asker: Account | None = None, judge: Account | None = None) -> Proof:
    """An approved proof of the issue as it is now, by two colleagues. Opens transactions of its own."""
    asker = asker or new_account(Role.EDITOR)
    judge = judge or new_account(Role.EDITOR)
    with transaction():
        proof = ask_for_approval(issue.id, asker.id, now())
    with transaction():
        return approve(issue.id, proof.id, judge.id, now())


def proofs_of(issue: Issue) -> int:
    """How many proofs there are of the issue."""
    return db.session.scalar(select(func.count()).where(Proof.issue_id == issue.id)) or 0


def _kept(row: Any) -> Any:
    if database._writing.get():
        db.session.add(row)
        db.session.flush()
        return row
    with transaction():
        db.session.add(row)
        db.session.flush()
    return row
