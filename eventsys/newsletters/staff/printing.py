"""Doors: the issue for those without e-mail: the printer's addresses, and the issue on A4."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from eventsys import documents
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.forms import Form
from eventsys.newsletters.issues.queries import issue_by_id
from eventsys.newsletters.printing.address_file import address_file, note_taken_out
from eventsys.newsletters.printing.paper import addresses_of_paper, issue_paper, paper_name
from eventsys.newsletters.printing.recipients import paper_round
from eventsys.newsletters.staff.doors import LIST_TAKERS, WRITERS, doors, issue_page
from eventsys.paging import ID
from eventsys.sheets import MIME, FileKind
from eventsys.staff.guards import may_enter, signed_in, staff_only

PATH = f"/nummer/<{ID}:issue_id>/tryck"
MOST_NAMES = 200
"""Of those left out, on the page; the counts are of all."""


@doors.get(PATH)
@staff_only(*WRITERS)
def show_print(issue_id: int) -> ResponseReturnValue:
    """How many copies, to whom not and why, and the two files. Names only for those who may take lists out."""
    issue, found = issue_by_id(issue_id), paper_round()
    takes_lists = may_enter(signed_in(), frozenset(LIST_TAKERS))
    issue_address, sign_up_address = addresses_of_paper(issue)
    return issue_page(
        "print", issue, "show_print", found=found, takes_lists=takes_lists, form=Form(formdata=None),
        names=found.left_out[:MOST_NAMES] if takes_lists else [], issue_address=issue_address,
        sign_up_address=sign_up_address,
    )  # fmt: skip


@doors.post(f"{PATH}/adresser.xlsx")
@staff_only(*LIST_TAKERS)
def submit_addresses(issue_id: int) -> ResponseReturnValue:
    """The file for the printer; that it was taken out is noted."""
    issue, found = issue_by_id(issue_id), paper_round()
    if not found.companies:
        flash("Det finns inga adresser att ta ut.", "warn")
        return redirect(url_for("newsletters_staff.show_print", issue_id=issue_id))
    content, rows = address_file(issue, found.companies), len(found.companies)
    name = f"foretagsamt-{issue.year}-{issue.number}-adresser.xlsx"
    with transaction():
        note_taken_out(issue_id, rows)
    return download(content, MIME[FileKind.XLSX], name)


@doors.get(f"{PATH}/nummer.pdf")
@staff_only(*WRITERS)
def show_issue_pdf(issue_id: int) -> ResponseReturnValue:
    issue = issue_by_id(issue_id)
    try:
        paper = issue_paper(issue)
    except documents.NoPdf:
        flash("Servern kan inte göra PDF. Be den som sköter servern att köra eventsys check.", "warn")
        return redirect(url_for("newsletters_staff.show_print", issue_id=issue_id))
    return download(paper, "application/pdf", paper_name(issue))
