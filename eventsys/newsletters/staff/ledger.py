"""Doors: an issue's sending as a ledger that adds up, the names behind each number, and its files."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from flask import Response, abort, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.errors import NotFound
from eventsys.events.words import LETTERS as STATES
from eventsys.forms import Form
from eventsys.mail.mailings.ledger import COLUMNS, Part, rows_for_download
from eventsys.mail.models import Mailing, MailingState
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.sending import fates
from eventsys.newsletters.sending.issues import issue_for_sending, mailing_of
from eventsys.newsletters.sending.progress import Progress, progress
from eventsys.newsletters.staff.doors import LIST_TAKERS, WRITERS, doors, issue_page
from eventsys.newsletters.staff.sending import TAB, sending_page
from eventsys.paging import ID, page_in_address, page_urls, text_in_address
from eventsys.sheets import MIME, FileKind, csv_lines, xlsx
from eventsys.staff.guards import may_enter, signed_in, staff_only

NAMES = "newsletters_staff.show_ledger_names"
LEFT_OUT = "newsletters_staff.show_left_out"
# Each part: its word in addresses, one of it, several, and its colour.
PARTS: dict[Part, tuple[str, str, str, str]] = {
    Part.ACCEPTED: ("skickade", "skickat", "skickade", "good"),
    Part.WAITING: ("vantar", "väntar", "väntar", "info"),
    Part.REJECTED: ("avvisade", "avvisat", "avvisade", "bad"),
    Part.BOUNCED: ("studsade", "studsat", "studsade", "soft"),
    Part.SKIPPED: ("stoppade", "stoppat", "stoppade", "neutral"),
    Part.UNKNOWN: ("okanda", "okänt", "okända", "warn"),
}
_BY_WORD = {words[0]: part for part, words in PARTS.items()}
COURSE = {
    MailingState.DRAFT: ("neutral", "Förbereds"),
    MailingState.PREPARED: ("info", "Förberett"),
    MailingState.SENDING: ("info", "Skickas"),
    MailingState.PAUSED: ("warn", "Pausat"),
    MailingState.CANCELLED: ("bad", "Avbrutet"),
    MailingState.DONE: ("good", "Klart"),
}


@doors.get(f"/nummer/<{ID}:issue_id>/utskick")
@staff_only(*WRITERS)
def show_ledger(issue_id: int) -> ResponseReturnValue:
    """Before it leaves: what will happen. From then on: what became of each letter."""
    issue = issue_for_sending(issue_id)
    mailing = mailing_of(issue)
    if mailing is None:
        return sending_page(issue)
    return issue_page("ledger", issue, TAB, form=Form(formdata=None), **_shown(issue, progress(mailing)))


@doors.get(f"/nummer/<{ID}:issue_id>/utskick/laget")
@staff_only(*WRITERS)
def show_progress(issue_id: int) -> ResponseReturnValue:
    """The part of the page that moves."""
    issue = issue_for_sending(issue_id)
    return render_template(
        "newsletters/staff/_ledger.html", issue=issue, **_shown(issue, progress(_mailing(issue)))
    )  # fmt: skip


def _shown(issue: Issue, found: Progress) -> dict[str, Any]:
    return {
        "progress": found,
        "badge": COURSE[found.mailing.state],
        "parts": [_part(issue, part, found.ledger.parts[part]) for part in PARTS],
        "may_take_lists": may_enter(signed_in(), frozenset(LIST_TAKERS)),
    }


def _part(issue: Issue, part: Part, number: int) -> dict[str, Any]:
    word, one, several, tone = PARTS[part]
    url = url_for(NAMES, issue_id=issue.id, lage=word) if number else None
    return {"number": number, "label": one if number == 1 else several, "tone": tone, "url": url}


def _mailing(issue: Issue) -> Mailing:
    found = mailing_of(issue)
    if found is None:
        raise NotFound
    return found


# --- names --------------------------------------------------------------------------------------------------------


@doors.get(f"/nummer/<{ID}:issue_id>/utskick/namn")
@staff_only(*WRITERS)
def show_ledger_names(issue_id: int) -> ResponseReturnValue:
    """The letters of one part of the ledger (`?lage=`), or of all."""
    issue = issue_for_sending(issue_id)
    mailing, word, text = _mailing(issue), request.args.get("lage", ""), text_in_address()
    part = _BY_WORD.get(word)
    names = fates.letters(mailing.id, part, text, page_in_address())
    return issue_page(
        "ledger_names",
        issue,
        TAB,
        names=names,
        part=part,
        part_word=word if part else "",
        heading=PARTS[part][2].capitalize() if part else "Alla brev",
        text=text,
        states=STATES,
        can_retry=part is Part.REJECTED and mailing.state is not MailingState.CANCELLED,
        pages=page_urls(NAMES, names.page, names.pages, issue_id=issue.id, lage=word if part else "", sok=text),
        form=Form(formdata=None),
    )


@doors.get(f"/nummer/<{ID}:issue_id>/utskick/utelamnade")
@staff_only(*WRITERS)
def show_left_out(issue_id: int) -> ResponseReturnValue:
    """Who was left out when the recipients were frozen, for one reason (`?orsak=`) or for any."""
    issue = issue_for_sending(issue_id)
    mailing, reason, text = _mailing(issue), request.args.get("orsak", ""), text_in_address()
    names = fates.left_out(mailing.id, reason, text, page_in_address())
    return issue_page(
        "left_out",
        issue,
        TAB,
        names=names,
        reason=reason,
        reasons=progress(mailing).ledger.exclusions,
        text=text,
        pages=page_urls(LEFT_OUT, names.page, names.pages, issue_id=issue.id, orsak=reason, sok=text),
    )


# --- files --------------------------------------------------------------------------------------------------------


@doors.get(f"/nummer/<{ID}:issue_id>/utskick/liggare.<kind>")
@staff_only(*LIST_TAKERS)
def show_ledger_file(issue_id: int, kind: str) -> ResponseReturnValue:
    """Every letter and everybody left out, as a file; who took it out is noted."""
    if kind not in set(FileKind):
        abort(404)
    issue = issue_for_sending(issue_id)
    mailing = _mailing(issue)
    counted = progress(mailing).ledger
    with transaction():
        audit.record("issue.ledger_taken_out", f"issue:{issue.id}", rows=counted.candidates, kind=kind)
    name = f"utskick-foretagsamt-{issue.year}-{issue.number}.{kind}"
    if kind == FileKind.XLSX:
        rows = rows_for_download(mailing.id)
        return download(xlsx(COLUMNS, rows, f"Utskick {issue.number} {issue.year}"), MIME[FileKind.XLSX], name)
    return _streamed(mailing.id, name)


def _streamed(mailing_id: int, name: str) -> Response:
    """A .csv as it is read, some hundred lines at a time."""

    def pieces() -> Iterator[bytes]:
        lines = csv_lines(COLUMNS, rows_for_download(mailing_id))
        while several := list(itertools.islice(lines, 500)):
            yield b"".join(several)

    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(stream_with_context(pieces()), mimetype=MIME[FileKind.CSV], headers=headers)
