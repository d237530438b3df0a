"""A scheduled issue leaves: frozen with exactly the bytes that were approved, seeds first, all in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.i18n import moment
from eventsys.mail.addresses import comparable
from eventsys.mail.mailings import course
from eventsys.mail.mailings.freezing import Excluded, Recipient, freeze, new_mailing
from eventsys.newsletters.addresses import LETTER
from eventsys.newsletters.audience.choosing import choose
from eventsys.newsletters.issues.changing import locked_issue
from eventsys.newsletters.issues.models import Issue, IssueState, Proof
from eventsys.newsletters.issues.proofs import approved_proof, rendered_of
from eventsys.newsletters.issues.queries import EDITORS
from eventsys.newsletters.sending.issues import about
from eventsys.newsletters.sending.readers import with_readers
from eventsys.newsletters.sending.scheduling import NOBODY, NOT_APPROVED, audience_of_issue, stops_of
from eventsys.newsletters.settings import seed_addresses
from eventsys.staff.models import Account

SEED = "Först ut"


class CannotLeave(Refused):
    """The issue was due but must not leave by itself; the text says why and what to do."""


def leave(issue_id: int, at: datetime) -> bool:
    """If the issue is due, freeze its letter and recipients and start; False when there is nothing to do.

    A second worker waits for the first and then finds nothing to do. Raises NotFound, CannotLeave, Refused (then
    nothing of it is to be kept, see `stand_still`). Flushes, does not commit.
    """
    issue = locked_issue(issue_id)
    if issue.state is not IssueState.SCHEDULED or issue.sends_at is None or issue.sends_at > at or issue.trouble:
        return False
    if at > issue.sends_at + course.LATE:
        raise CannotLeave(
            f"Det skulle ha skickats {moment(issue.sends_at)}, men systemet var inte igång då. "
            "Skicka det nu, eller välj en ny tid."
        )
    proof = approved_proof(issue)
    if proof is None:
        raise CannotLeave(NOT_APPROVED)
    if stops := stops_of(issue):
        raise CannotLeave(f"{stops[0]} Se Kontroll.")
    _freeze(issue, proof)
    course.start(_mailing_id(issue), at, timedelta(minutes=issue.hold_minutes))
    issue.state, issue.published_at = IssueState.LEAVING, issue.published_at or at
    db.session.flush()
    audit.record("issue.left", f"issue:{issue.id}")
    return True


def stand_still(issue_id: int, why: str) -> None:
    """Note why a due issue did not leave; it waits for staff. Nothing when it is not due any more. Flushes."""
    issue = locked_issue(issue_id)
    if issue.state is IssueState.SCHEDULED and not issue.trouble:
        issue.trouble = why[:300]
        db.session.flush()
        audit.record("issue.stood_still", f"issue:{issue.id}")


def _freeze(issue: Issue, proof: Proof) -> None:
    recipients, excluded = _parted(issue)
    if not recipients:
        raise CannotLeave(NOBODY)
    mailing = new_mailing(issue.name, about(issue))
    seeds = seeds_of(issue, proof)
    taken = {comparable(one.address) for one in seeds}
    others = (one for one in recipients if one.address not in taken)
    freeze(mailing.id, LETTER, rendered_of(proof), with_readers(chain(seeds, others)), excluded)
    issue.mailing_id = mailing.id


def _parted(issue: Issue) -> tuple[list[Recipient], list[Excluded]]:
    """Recipients and those left out, from one run, so that nobody is missed or met twice between two."""
    recipients: list[Recipient] = []
    excluded: list[Excluded] = []
    for choice in choose(audience_of_issue(issue), about(issue)):
        if isinstance(choice, Recipient):
            recipients.append(choice)
        else:
            excluded.append(choice)
    return recipients, excluded


def _mailing_id(issue: Issue) -> int:
    assert issue.mailing_id is not None, "frozen just now"
    return issue.mailing_id


# --- seeds --------------------------------------------------------------------------------------------------------


def seeds_of(issue: Issue, proof: Proof | None) -> list[Recipient]:
    """Who gets the issue first: those who wrote it last, asked for or gave the approval, and the seed addresses."""
    own = [Recipient(0, account.email, account.name, is_seed=True) for account in _editors(issue, proof)]
    given = [Recipient(0, address, SEED, is_seed=True) for address in seed_addresses()]
    return list({comparable(one.address): one for one in chain(given, own)}.values())


def _editors(issue: Issue, proof: Proof | None) -> Iterable[Account]:
    ids = {issue.changed_by, *((proof.asked_by, proof.judged_by) if proof else ())} - {None}
    query = select(Account).where(Account.id.in_(ids), Account.closed_at.is_(None), Account.role.in_(EDITORS))
    return db.session.scalars(query.order_by(Account.id)).all()
