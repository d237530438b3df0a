"""Segments: made, changed and deleted by staff; never under an issue that is to leave, or has left, by them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from eventsys import audit
from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.newsletters.audience.keys import segment_key
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.issues.changing import locked_issue, note_change
from eventsys.newsletters.issues.models import Issue, IssueState


class NameTaken(Refused):
    """Another segment has this name."""


class SegmentInUse(Refused):
    """An issue goes to this segment."""


def segments() -> Sequence[Segment]:
    """All of them, by name."""
    return db.session.scalars(select(Segment).order_by(Segment.name, Segment.id)).all()


def segment_by_id(segment_id: int) -> Segment:
    """Raises NotFound."""
    found = db.session.get(Segment, segment_id)
    if found is None:
        raise NotFound
    return found


def issues_with(segment_id: int) -> Sequence[Issue]:
    """The issues that go, or went, to this segment."""
    query = select(Issue).where(Issue.audience == segment_key(segment_id)).order_by(Issue.year, Issue.number)
    return db.session.scalars(query).all()


def add_segment(name: str, base: str, rules: Rules, made_by: str) -> Segment:
    """A new segment. Raises NameTaken. Flushes, does not commit."""
    at = now()
    segment = Segment(
        name=name, base=base, rules=rules.to_json(), made_by=made_by[:120], created_at=at, changed_at=at
    )  # fmt: skip
    _keep(segment)
    audit.record("segment.added", f"segment:{segment.id}")
    return segment


def edit_segment(segment_id: int, name: str, base: str, rules: Rules, account_id: int | None) -> None:
    """Change what a segment is. Raises NotFound, NameTaken, SegmentInUse when an issue is about to leave by it.

    The base of a segment that an issue has left by stays: readers leave that list by the links in its letters. What
    the letter says of why one gets it comes from the base, so issues that are written need a new approval.
    Locks are taken issues first, as in articles.py. Flushes, does not commit.
    """
    issues = [locked_issue(one) for one in sorted(issue.id for issue in issues_with(segment_id))]
    segment = _locked(segment_id)
    states = {issue.state for issue in issues_with(segment_id)}
    if IssueState.SCHEDULED in states:
        raise SegmentInUse("Ett nummer är schemalagt till urvalet. Ta tillbaka tiden först, eller gör ett nytt urval.")
    if IssueState.LEAVING in states and base != segment.base:
        raise SegmentInUse("Ett nummer har gått till urvalet, så dess lista står fast. Gör ett nytt urval i stället.")
    for issue in issues:
        if issue.state is IssueState.DRAFT and base != segment.base:
            note_change(issue, account_id, now())
    segment.name, segment.base, segment.rules, segment.changed_at = name, base, rules.to_json(), now()
    _keep(segment)
    audit.record("segment.changed", f"segment:{segment.id}")


def delete_segment(segment_id: int) -> None:
    """Raises NotFound, SegmentInUse. Flushes, does not commit."""
    segment = _locked(segment_id)
    if db.session.scalar(select(exists().where(Issue.audience == segment_key(segment_id)))):
        raise SegmentInUse("Ett nummer går till urvalet. Välj andra mottagare för numret innan du tar bort det.")
    db.session.delete(segment)
    db.session.flush()
    audit.record("segment.deleted", f"segment:{segment_id}")


def _locked(segment_id: int) -> Segment:
    found = db.session.get(Segment, segment_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _keep(segment: Segment) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(segment)
            db.session.flush()
    except IntegrityError as error:
        raise NameTaken("Det finns redan ett urval med det namnet. Välj ett annat.") from error
