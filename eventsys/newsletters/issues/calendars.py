"""The year plan as calendar files (RFC 5545): the meeting with its hour, the deadlines as whole days.

The UIDs stay the same for life and the SEQUENCE rises with every change, so a file that is opened again moves the
entries that were there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar
from icalendar import Event as Entry

from eventsys.clock import local, now
from eventsys.config import settings
from eventsys.events.calendar import PRODUCT, STOCKHOLM_RULES
from eventsys.i18n import link
from eventsys.newsletters.issues.models import Issue, IssueState

MEETING_LASTS = timedelta(hours=1)
_DEADLINES = (
    ("manuscript_on", "manuscript", "Manus klara"),
    ("proof_on", "proof", "Korrektur godkänt"),
    ("send_on", "send", "Skickas"),
)


def calendar_of(issues: Iterable[Issue]) -> bytes:
    """The meetings and deadlines of these issues, as one calendar file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(STOCKHOLM_RULES)
    for issue in issues:
        for entry in _entries(issue):
            calendar.add_component(entry)
    finished: bytes = calendar.to_ical()
    return finished


def _entries(issue: Issue) -> Iterator[Entry]:
    if issue.meeting_at is not None:
        begins = local(issue.meeting_at)
        yield _entry(issue, "meeting", "Redaktionsmöte", begins, begins + MEETING_LASTS)
    for column, key, words in _DEADLINES:
        day = getattr(issue, column)
        if day is not None:
            entry = _entry(issue, key, words, day, day + timedelta(days=1))
            entry.add("transp", "TRANSPARENT")
            yield entry


def _entry(issue: Issue, key: str, words: str, begins: date | datetime, ends: date | datetime) -> Entry:
    entry = Entry()
    entry.add("uid", f"issue-{issue.id}-{key}@{urlsplit(settings().base_url).hostname}")
    entry.add("sequence", max(0, int((issue.changed_at - issue.created_at).total_seconds())))
    entry.add("dtstamp", now())
    entry.add("summary", f"{issue.name}: {words}")
    entry.add("dtstart", begins)
    entry.add("dtend", ends)
    entry.add("status", "CANCELLED" if issue.state is IssueState.CANCELLED else "CONFIRMED")
    entry["url"] = link("newsletters_staff.show_issue", issue_id=issue.id)
    return entry
