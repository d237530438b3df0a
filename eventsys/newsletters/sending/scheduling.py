"""Deciding that an issue leaves: to whom and when, taking that back, and beginning anew after a cancelled mailing."""

from __future__ import annotations

from datetime import datetime, timedelta

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.mail.models import MailingState
from eventsys.newsletters.audience.keys import Audience, audience_named
from eventsys.newsletters.audience.looking import number_of_recipients
from eventsys.newsletters.issues.changing import locked_issue, note_change
from eventsys.newsletters.issues.checking import CHECKS, Verdict, checks_of
from eventsys.newsletters.issues.models import Issue, IssueState
from eventsys.newsletters.issues.proofs import approved_proof
from eventsys.newsletters.sending.issues import about, mailing_of

LONGEST_HOLD = 24 * 60
FURTHEST = timedelta(days=366)
NO_SUCH_AUDIENCE = "Listan eller urvalet som numret skulle till finns inte längre. Välj mottagare igen."
NOBODY = "Ingen får brevet: alla är utelämnade, eller listan är tom. Välj andra mottagare."
NOT_APPROVED = "Numret är inte godkänt som det är nu. Be en kollega att godkänna det under Kontroll."


class CannotSchedule(Refused):
    """Something is missing before the issue can leave; the text says what."""


class NotInThisState(Refused):
    """The issue is in another state than the page showed."""


def choose_audience(issue_id: int, key: str, account_id: int | None, at: datetime) -> Audience:
    """The issue goes to this list, the companies or this segment; it must not be scheduled.

    The letter says why one gets it, so another audience asks for a new approval. Raises NotFound, NotInThisState.
    Flushes, does not commit.
    """
    issue, audience = locked_issue(issue_id), audience_named(key)
    if issue.state is not IssueState.DRAFT:
        raise NotInThisState("Mottagarna kan inte ändras nu. Ta tillbaka tiden under Utskick först.")
    if issue.audience != key:
        issue.audience = key
        note_change(issue, account_id, at)
        audit.record("issue.audience_chosen", f"issue:{issue.id}", audience=key)
    db.session.flush()
    return audience


def audience_of_issue(issue: Issue) -> Audience:
    """Whom the issue is for. Raises CannotSchedule when that list or segment is gone."""
    try:
        return audience_named(issue.audience)
    except NotFound as error:
        raise CannotSchedule(NO_SUCH_AUDIENCE) from error


def schedule(issue_id: int, sends_at: datetime, hold_minutes: int, at: datetime) -> int:
    """The approved issue leaves at `sends_at`, the seeds `hold_minutes` before the others; how many will get it.

    A scheduled issue gets another time. Raises NotFound, NotInThisState, CannotSchedule. Flushes, does not commit.
    """
    issue = locked_issue(issue_id)
    if issue.state not in (IssueState.DRAFT, IssueState.SCHEDULED):
        raise NotInThisState("Numret är redan på väg, eller inställt. Ladda om sidan.")
    if sends_at < at - timedelta(minutes=1):
        raise CannotSchedule("Tiden har redan varit. Välj en senare.")
    if sends_at > at + FURTHEST:
        raise CannotSchedule("Tiden är mer än ett år bort. Välj en närmare.")
    recipients = _ready(issue)
    issue.state, issue.sends_at, issue.hold_minutes = IssueState.SCHEDULED, sends_at, min(hold_minutes, LONGEST_HOLD)
    issue.trouble = ""
    db.session.flush()
    audit.record("issue.scheduled", f"issue:{issue.id}", at=sends_at.isoformat(), recipients=recipients)
    return recipients


def _ready(issue: Issue) -> int:
    """How many get it. Raises CannotSchedule when it could not leave now."""
    if approved_proof(issue) is None:
        raise CannotSchedule(NOT_APPROVED)
    recipients = number_of_recipients(audience_of_issue(issue), about(issue))
    if not recipients:
        raise CannotSchedule(NOBODY)
    if stops := stops_of(issue):
        raise CannotSchedule(f"{stops[0]} Se Kontroll.")
    return recipients


def stops_of(issue: Issue) -> list[str]:
    """What of the issue must be mended before it may leave, in Swedish."""
    return [check.words for check in checks_of(issue, CHECKS) if check.verdict is Verdict.STOP]


def take_back(issue_id: int) -> None:
    """A scheduled issue is a draft again and does not leave. Raises NotFound, NotInThisState. Flushes."""
    issue = locked_issue(issue_id)
    if issue.state is not IssueState.SCHEDULED:
        raise NotInThisState("Numret är inte schemalagt längre. Ladda om sidan och se hur det är.")
    issue.state, issue.sends_at, issue.trouble = IssueState.DRAFT, None, ""
    db.session.flush()
    audit.record("issue.taken_back", f"issue:{issue.id}")


def begin_anew(issue_id: int) -> None:
    """An issue whose mailing was cancelled is a draft again; whoever has got it is left out the next time.

    Raises NotFound, NotInThisState. Flushes, does not commit.
    """
    issue = locked_issue(issue_id)
    mailing = mailing_of(issue)
    if mailing is None or mailing.state is not MailingState.CANCELLED:
        raise NotInThisState("Bara ett avbrutet utskick kan göras om. Ladda om sidan och se hur det är.")
    issue.state, issue.sends_at, issue.mailing_id, issue.trouble = IssueState.DRAFT, None, None, ""
    db.session.flush()
    audit.record("issue.begun_anew", f"issue:{issue.id}")
