"""The proof whose exact bytes may be sent."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.database import db
from eventsys.newsletters.issues.models import Issue, Proof


def approved_proof(issue: Issue) -> Proof | None:
    """The newest proof of the issue, when it is approved and of the issue as it is now."""
    newest = select(Proof).where(Proof.issue_id == issue.id).order_by(Proof.id.desc()).limit(1)
    proof = db.session.scalars(newest).one_or_none()
    holds = proof is not None and proof.approved_at is not None and proof.issue_version == issue.version
    return proof if holds else None
