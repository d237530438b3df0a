"""The staff's pages about newsletters, gathered: each group of pages has a file of its own in newsletters/staff/."""

from __future__ import annotations

from eventsys.newsletters import words
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.staff import (
    articles,
    audience,
    checks,
    codes,
    course,
    inviting,
    issue,
    ledger,
    preview,
    printing,
    reader_files,
    readers,
    responses,
    segments,
    sending,
    settings,
    welcome,
    welcome_approving,
    welcome_paper,
    welcome_sending,
    welcome_settings,
    welcome_writing,
    year,
)
from eventsys.newsletters.staff.doors import doors
from eventsys.newsletters.subscriptions.models import Reader, SignUpCode
from eventsys.newsletters.welcome.models import WelcomeRound
from eventsys.staff.acts import ACTS, LETTER_NAMES, PLACES, THINGS, Place

PAGES = (
    articles,
    audience,
    checks,
    codes,
    course,
    inviting,
    issue,
    ledger,
    preview,
    printing,
    reader_files,
    readers,
    responses,
    segments,
    sending,
    settings,
    welcome,
    welcome_approving,
    welcome_paper,
    welcome_sending,
    welcome_settings,
    welcome_writing,
    year,
)

ACTS.update(words.ACTS)
LETTER_NAMES.update(words.LETTER_NAMES)
THINGS.update(words.THINGS)
PLACES.update(
    issue=Place("newsletters_staff.show_issue", "issue_id", Issue),
    reader=Place("newsletters_staff.show_reader", "reader_id", Reader),
    segment=Place("newsletters_staff.show_segment", "segment_id", Segment),
    sign_up_code=Place("newsletters_staff.show_code", "code_id", SignUpCode),
    welcome_round=Place("newsletters_staff.show_round", "round_id", WelcomeRound),
)

__all__ = ["PAGES", "doors"]
