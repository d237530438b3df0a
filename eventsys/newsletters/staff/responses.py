"""Doors: what readers have said, to read and set aside; and what they thought of each article of an issue."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.database import transaction
from eventsys.forms import Form
from eventsys.newsletters.issues.queries import issue_by_id
from eventsys.newsletters.responses.figures import ENOUGH, useful_by_article
from eventsys.newsletters.responses.models import CommentState
from eventsys.newsletters.responses.moderating import move_comments
from eventsys.newsletters.responses.queries import COMMENTS_A_PAGE, comment_numbers, comment_page, comments_by_article
from eventsys.newsletters.staff.doors import WRITERS, doors, issue_page, section_page
from eventsys.newsletters.words import COMMENTS
from eventsys.paging import ID, page_urls
from eventsys.staff.guards import staff_only

COMMENTS_PAGE = "newsletters_staff.show_comments"
# The words in addresses and forms.
SHOWN = {"nya": CommentState.NEW, "lasta": CommentState.READ, "dolda": CommentState.HIDDEN}
_WORD = {state: word for word, state in SHOWN.items()}
_LONGEST_ID = 16  # digits below 2**53


@doors.get("/svar")
@staff_only(*WRITERS)
def show_comments() -> ResponseReturnValue:
    """Comments in one state, new ones unless `?visa=` says otherwise; after a move, the button that takes it back."""
    state = SHOWN.get(request.args.get("visa", ""), CommentState.NEW)
    found = comment_page(state, request.args.get("sida", 1, type=int))
    return section_page(
        "comments", "show_comments", found=found, state=state, word=_WORD[state],
        filters=_filters(state), form=Form(formdata=None), undo=_undo(),
        **page_urls(COMMENTS_PAGE, found.number, found.pages, visa=_WORD[state]),
    )  # fmt: skip


def _filters(current: CommentState) -> list[dict[str, Any]]:
    numbers = comment_numbers()
    return [
        {
            "label": f"{COMMENTS[state].plural} {numbers[state]}",
            "url": url_for(COMMENTS_PAGE, visa=word),
            "current": state is current,
        }
        for word, state in SHOWN.items()
    ]


def _undo() -> dict[str, Any] | None:
    """What was moved just now, from where and to where, as the address says it."""
    ids = _ids(request.args.get("flyttade", "").split("."))
    was, is_now = (SHOWN.get(request.args.get(name, "")) for name in ("fran", "till"))
    if not ids or was is None or is_now is None:
        return None
    return {"ids": ids, "was": _WORD[is_now], "becomes": _WORD[was], "text": _moved(len(ids), is_now)}


def _ids(values: list[str]) -> list[int]:
    """Ids as a form or an address sent them, no more than a page holds; what is no id is passed over."""
    numbers = [int(one) for one in values if one.isascii() and one.isdigit() and len(one) <= _LONGEST_ID]
    return list(dict.fromkeys(numbers))[:COMMENTS_A_PAGE]


def _moved(number: int, state: CommentState) -> str:
    words = COMMENTS[state]
    return f"1 kommentar är {words.one}." if number == 1 else f"{number} kommentarer är {words.many}."


@doors.post("/svar")
@staff_only(*WRITERS)
def submit_comments() -> ResponseReturnValue:
    """Move comments `fran` one state to another: the ticked ones, or the one whose own button was pressed."""
    word, _, number = request.form.get("gor", "").partition(".")
    was, becomes = SHOWN.get(request.form.get("fran", "")), SHOWN.get(word)
    ids = _ids([number] if number else request.form.getlist("ids"))
    if was is None or becomes is None or not ids:
        flash("Markera minst en kommentar först.", "warn")
        return redirect(url_for(COMMENTS_PAGE, visa=request.form.get("visa") or None))
    with transaction():
        moved = move_comments(ids, was, becomes)
    return _back(moved, was, becomes)


def _back(moved: list[int], was: CommentState, becomes: CommentState) -> ResponseReturnValue:
    """To the list that the buttons stood in, which offers to take the move back, unless that is what was done."""
    if request.form.get("angra") and moved:
        flash(f"Ångrat. {_moved(len(moved), becomes)}", "good")
        return redirect(url_for(COMMENTS_PAGE, visa=_WORD[becomes]))
    if not moved:
        flash("En kollega hann före. Listan visar hur det är nu.", "info")
        return redirect(url_for(COMMENTS_PAGE, visa=_WORD[was]))
    ids = ".".join(map(str, moved))
    return redirect(url_for(COMMENTS_PAGE, visa=_WORD[was], flyttade=ids, fran=_WORD[was], till=_WORD[becomes]))


@doors.get(f"/nummer/<{ID}:issue_id>/svar")
@staff_only(*WRITERS)
def show_result(issue_id: int) -> ResponseReturnValue:
    """What readers thought of each article, and what they wrote."""
    issue = issue_by_id(issue_id)
    return issue_page(
        "result", issue, "show_result", figures=useful_by_article([issue_id]), comments=comments_by_article(issue_id),
        enough=ENOUGH,
    )  # fmt: skip
