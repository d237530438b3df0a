"""The page of the day says which issues wait for somebody, and why."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from eventsys.database import db, transaction
from eventsys.mail.models import Mailing, MailingState
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.sending.stuck import stuck_issues
from eventsys.staff.models import Role
from tests.newsletters.factories import make_reader
from tests.newsletters.sending.scenes import approved_issue, deliver_all, id_of, make_issue, scheduled, sent_off
from tests.sink import SmtpSink
from tests.staff_fixtures import Visitor


def test_issues_that_did_not_leave_stopped_or_are_in_doubt(
    app: Flask, relay: SmtpSink, signed_in_client: Callable[[Role], Visitor]
) -> None:
    make_reader("asa@ek.example")
    make_issue()
    late = scheduled(approved_issue())
    relay.when("dot", times=1, drop=True)
    doubtful, resting = approved_issue(), approved_issue()
    sent_off(doubtful)
    deliver_all()
    mailing_id = sent_off(resting)
    with transaction():
        db.session.get_one(Issue, id_of(late)).trouble = "Systemet var inte igång."
        stopped = db.session.get_one(Mailing, mailing_id)
        stopped.state, stopped.reason = MailingState.PAUSED, "Utskicket har stått stilla."
    assert [one.why for one in stuck_issues()] == [
        "Skickades inte. Systemet var inte igång.",
        "1 brev är okänt: det kan ha kommit fram.",
        "Utskicket har stått stilla.",
    ]
    editor, host = signed_in_client(Role.EDITOR), signed_in_client(Role.HOST)
    assert "Utskicket har stått stilla." in editor.get("/personal").text
    assert "Utskicket har stått stilla." not in host.get("/personal").text
