"""Doors: an issue's sending as a ledger that adds up, the names behind each number, and its files."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from eventsys.errors import NotFound
from eventsys.mail.models import Mailing
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.sending.issues import issue_for_sending, mailing_of
from eventsys.newsletters.staff.belonging import Belonging
from eventsys.newsletters.staff.doors import LIST_TAKERS, WRITERS, doors, issue_page
from eventsys.newsletters.staff.mailing_pages import ledger_file, ledger_page, left_out_page, moving_part, names_page
from eventsys.newsletters.staff.sending import TAB, sending_page
from eventsys.paging import ID
from eventsys.staff.guards import staff_only

_ENDPOINTS = {
    "ledger": "show_ledger", "progress": "show_progress", "names": "show_ledger_names", "left_out": "show_left_out",
    "file": "show_ledger_file", "pause": "submit_pause", "going_on": "submit_going_on", "release": "show_release",
    "cancelling": "show_cancelling", "anew": "show_beginning_anew", "deferred": "submit_deferred_now",
    "unknown": "show_unknown", "unknown_sent": "submit_unknown_sent", "unknown_again": "submit_unknown_again",
    "letter_again": "submit_letter_again",
}  # fmt: skip


def sending_of(issue_id: int) -> Belonging:
    """An issue that has left. Raises NotFound, also when it has not."""
    issue = issue_for_sending(issue_id)
    mailing = mailing_of(issue)
    if mailing is None:
        raise NotFound
    return _belonging(issue, mailing)


def _belonging(issue: Issue, mailing: Mailing) -> Belonging:
    def page(template: str, **context: object) -> str:
        return issue_page(template, issue, TAB, frame="newsletters/staff/_issue.html", **context)

    return Belonging(
        mailing=mailing, row_id=issue.id, act="issue",
        file_name=f"utskick-foretagsamt-{issue.year}-{issue.number}", args={"issue_id": issue.id},
        endpoints=_ENDPOINTS, page=page,
    )  # fmt: skip


@doors.get(f"/nummer/<{ID}:issue_id>/utskick")
@staff_only(*WRITERS)
def show_ledger(issue_id: int) -> ResponseReturnValue:
    """Before it leaves: what will happen. From then on: what became of each letter."""
    issue = issue_for_sending(issue_id)
    mailing = mailing_of(issue)
    return sending_page(issue) if mailing is None else ledger_page(_belonging(issue, mailing))


@doors.get(f"/nummer/<{ID}:issue_id>/utskick/laget")
@staff_only(*WRITERS)
def show_progress(issue_id: int) -> ResponseReturnValue:
    return moving_part(sending_of(issue_id))


@doors.get(f"/nummer/<{ID}:issue_id>/utskick/namn")
@staff_only(*WRITERS)
def show_ledger_names(issue_id: int) -> ResponseReturnValue:
    return names_page(sending_of(issue_id))


@doors.get(f"/nummer/<{ID}:issue_id>/utskick/utelamnade")
@staff_only(*WRITERS)
def show_left_out(issue_id: int) -> ResponseReturnValue:
    return left_out_page(sending_of(issue_id))


@doors.get(f"/nummer/<{ID}:issue_id>/utskick/liggare.<kind>")
@staff_only(*LIST_TAKERS)
def show_ledger_file(issue_id: int, kind: str) -> ResponseReturnValue:
    return ledger_file(sending_of(issue_id), kind)
