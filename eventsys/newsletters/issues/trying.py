"""The letter before it is sent to anybody: with examples in place of what differs from copy to copy, and as a test."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from eventsys import audit
from eventsys.errors import Refused
from eventsys.i18n import link
from eventsys.mail.compose import Email
from eventsys.mail.models import Delivery
from eventsys.mail.outbox import Letter, Posting, post_all
from eventsys.mail.splice import Rendered
from eventsys.newsletters import addresses
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.issues.queries import editors, issue_by_id
from eventsys.newsletters.issues.rendering import letter_of

TEST_LETTER = "newsletters/issue_test"
_ANSWER = re.compile(rf"https?://[^\s\"<]*@@{addresses.READER}@@")


class NobodyToTest(Refused):
    """No account was chosen that a test letter can go to."""


def with_examples(letter: Rendered) -> Rendered:
    """The letter as one reader gets it, every personal link leading to a page that says what it would do."""
    return replace(letter, text=_examples(letter.text), html=_examples(letter.html), tokens=(), headers=())


def _examples(text: str) -> str:
    text = _ANSWER.sub(_example("svar"), text)
    text = text.replace(f"@@{addresses.LEAVE}@@", _example("avsluta"))
    return text.replace(f"@@{addresses.PREFERENCES}@@", _example("val"))


def _example(what: str) -> str:
    return link("newsletters_staff.show_example", lank=what)


def try_letter(issue: Issue) -> Email:
    """The issue as a single letter to a colleague."""
    letter = with_examples(letter_of(issue))
    return Email(f"Provbrev: {letter.subject}", letter.text, letter.html)


def send_test(issue_id: int, account_ids: Sequence[int], at: datetime) -> int:
    """Post the issue as it is to these colleagues; how many letters are new.

    Pressing twice within a minute sends once. Raises NotFound, NobodyToTest. Flushes, does not commit.
    """
    issue, wanted = issue_by_id(issue_id), set(account_ids)
    chosen = [account for account in editors() if account.id in wanted]
    if not chosen:
        raise NobodyToTest("Välj minst en person som ska få provbrevet.")
    new = post_all(
        [
            Posting(
                TEST_LETTER, issue.id, f"issue_test:{issue.id}:{issue.version}:{account.id}:{at:%Y%m%d%H%M}",
                account.email, account.name, about=f"issue:{issue.id}",
            )
            for account in chosen
        ]
    )  # fmt: skip
    audit.record("issue.tested", f"issue:{issue.id}", letters=new)
    return new


def _build(delivery: Delivery) -> Email:
    return try_letter(issue_by_id(delivery.subject_id))


LETTERS = {TEST_LETTER: Letter(_build)}
