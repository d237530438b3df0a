"""Four eyes: the letter frozen as exact bytes, approved or returned by a colleague who neither asked nor wrote last.

A proof holds for one version of its issue. Asking, judging and every change take the issue's lock, so an approved proof
of another version than the issue's never counts, whoever was first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from eventsys import audit
from eventsys.config import settings
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.mail.splice import CannotSplice, Rendered, Splice
from eventsys.newsletters.issues.articles import missing_in
from eventsys.newsletters.issues.changing import editable_issue
from eventsys.newsletters.issues.models import ArticleState, Issue, IssueState, Proof
from eventsys.newsletters.issues.rendering import letter_of
from eventsys.staff.models import Account

LONGEST_REMARK = 600


class NothingToApprove(Refused):
    """The issue lacks what no letter can be sent without."""


class NotYours(Refused):
    """Who asked, or wrote last, cannot be the one who approves."""


class NoLongerAsked(Refused):
    """The proof has been judged, or the issue has been changed since it was made."""


@dataclass(frozen=True)
class Standing:
    """How an issue stands with its approval: its newest proof, and whether that is of the issue as it is now."""

    proof: Proof | None = None
    is_current: bool = False

    @property
    def waits(self) -> bool:
        """A colleague is asked and has not answered."""
        return self.is_current and self.proof is not None and _is_open(self.proof)

    @property
    def is_approved(self) -> bool:
        return self.is_current and self.proof is not None and self.proof.approved_at is not None

    @property
    def is_returned(self) -> bool:
        return self.proof is not None and self.proof.returned_at is not None

    @property
    def is_outdated(self) -> bool:
        """It was asked for or approved, but the issue has been changed since."""
        return self.proof is not None and not self.is_current and self.proof.returned_at is None


# --- reading ------------------------------------------------------------------------------------------------------


def approved_proof(issue: Issue) -> Proof | None:
    """The proof whose exact bytes may be sent, or None: the newest one, approved, of the issue's present version.

    Its `letter` is what `Rendered.from_bytes` reads. A sender who schedules asks under `changing.locked_issue`.
    """
    standing = standing_of(issue)
    return standing.proof if standing.is_approved else None


def standing_of(issue: Issue) -> Standing:
    """How one issue stands with its approval."""
    return standings_of([issue])[issue.id]


def standings_of(issues: Iterable[Issue]) -> dict[int, Standing]:
    """How these issues stand, by id. One query."""
    versions = {issue.id: issue.version for issue in issues}
    newest = select(func.max(Proof.id)).where(Proof.issue_id.in_(versions)).group_by(Proof.issue_id)
    proofs = db.session.scalars(select(Proof).where(Proof.id.in_(newest))).all() if versions else []
    found = {one.issue_id: Standing(one, one.issue_version == versions[one.issue_id]) for one in proofs}
    return {issue_id: found.get(issue_id, Standing()) for issue_id in versions}


def proof_by_id(issue_id: int, proof_id: int) -> Proof:
    """A proof of this issue. Raises NotFound."""
    proof = db.session.get(Proof, proof_id)
    if proof is None or proof.issue_id != issue_id:
        raise NotFound
    return proof


def rendered_of(proof: Proof) -> Rendered:
    """The letter that the proof froze. Raises NoLongerAsked when its bytes are not those that were frozen."""
    if hashlib.sha256(proof.letter).hexdigest() != proof.sha256:
        raise NoLongerAsked("Korrekturets innehåll stämmer inte längre. Be om ett nytt godkännande.")
    return Rendered.from_bytes(proof.letter)


def proofs_waiting_for(account: Account) -> Sequence[tuple[Issue, Proof]]:
    """What this account is asked to approve: proofs of issues as they are now, oldest first."""
    query = (
        select(Issue, Proof)
        .join(Proof, (Proof.issue_id == Issue.id) & (Proof.issue_version == Issue.version))
        .where(Issue.state == IssueState.DRAFT, Proof.approved_at.is_(None), Proof.returned_at.is_(None))
        .where(Proof.id.in_(select(func.max(Proof.id)).group_by(Proof.issue_id)))
        .order_by(Proof.asked_at, Proof.id)
    )
    rows = db.session.execute(query).all()
    return [(issue, proof) for issue, proof in rows if not why_not_yours(issue, proof, account.id)]


def why_not_yours(issue: Issue, proof: Proof, account_id: int) -> str:
    """Why this account may not judge the proof, in Swedish, or ""."""
    if proof.asked_by == account_id:
        return "Du bad själv om godkännandet. En kollega behöver läsa och godkänna."
    if issue.changed_by == account_id:
        return "Du ändrade numret sist. En kollega behöver läsa och godkänna."
    return ""


def _is_open(proof: Proof) -> bool:
    return proof.approved_at is None and proof.returned_at is None


# --- asking and judging -------------------------------------------------------------------------------------------


def ask_for_approval(issue_id: int, account_id: int, at: datetime) -> Proof:
    """Freeze the letter as it would leave now. Asking again for the same bytes finds the proof that waits.

    Raises NotFound, NotEditable, NothingToApprove. Flushes, does not commit.
    """
    issue = editable_issue(issue_id)
    _refuse_unfinished(issue)
    letter, standing = letter_of(issue), standing_of(issue)
    refuse_unfit(letter)
    sha256 = letter.sha256
    if standing.proof is not None and (standing.waits or standing.is_approved) and standing.proof.sha256 == sha256:
        return standing.proof
    proof = Proof(
        issue_id=issue.id, issue_version=issue.version, letter=letter.to_bytes(), sha256=sha256,
        asked_by=account_id, asked_at=at,
    )  # fmt: skip
    db.session.add(proof)
    db.session.flush()
    audit.record("issue.approval_asked", f"issue:{issue.id}", version=issue.version)
    return proof


def refuse_unfit(letter: Rendered) -> None:
    """What the mail slice could not send to anybody is refused before somebody reads it."""
    try:
        Splice(letter, settings().mail_from, letter.sha256[:24])
    except CannotSplice as error:
        raise NothingToApprove("Brevet går inte att skicka som det är. Säg till driften.") from error


def _refuse_unfinished(issue: Issue) -> None:
    if not issue.subject:
        raise NothingToApprove("Numret har ingen ämnesrad. Skriv en under Innehåll först.")
    if not issue.articles:
        raise NothingToApprove("Numret har inga artiklar. Lägg till minst en under Innehåll först.")
    unready = [one for one in issue.articles if one.state is not ArticleState.READY or missing_in(one)]
    if unready:
        names = ", ".join(f"”{one.heading or 'Utan rubrik'}”" for one in unready[:3])
        more = f" och {len(unready) - 3} till" if len(unready) > 3 else ""
        raise NothingToApprove(f"Alla artiklar behöver vara klara först. Kvar: {names}{more}.")


def approve(issue_id: int, proof_id: int, account_id: int, at: datetime) -> Proof:
    """These exact bytes may be sent. Raises NotFound, NotEditable, NotYours, NoLongerAsked. Flushes."""
    proof = _judged(issue_id, proof_id, account_id)
    proof.judged_by, proof.approved_at = account_id, at
    audit.record("issue.approved", f"issue:{issue_id}", version=proof.issue_version, sha256=proof.sha256[:12])
    db.session.flush()
    return proof


def return_with_remark(issue_id: int, proof_id: int, account_id: int, remark: str, at: datetime) -> Proof:
    """Not yet: `remark` says what to change. Raises as `approve`. Flushes, does not commit."""
    proof = _judged(issue_id, proof_id, account_id)
    proof.judged_by, proof.returned_at, proof.remark = account_id, at, remark[:LONGEST_REMARK]
    audit.record("issue.returned", f"issue:{issue_id}", version=proof.issue_version)
    db.session.flush()
    return proof


def _judged(issue_id: int, proof_id: int, account_id: int) -> Proof:
    issue = editable_issue(issue_id)
    proof = proof_by_id(issue_id, proof_id)
    standing = standing_of(issue)
    if not standing.waits or standing.proof is not proof:
        raise NoLongerAsked("Numret har ändrats eller redan bedömts sedan du öppnade sidan. Läs det som gäller nu.")
    if why := why_not_yours(issue, proof, account_id):
        raise NotYours(why)
    rendered_of(proof)
    return proof
