"""The door's list on paper: for when nothing else works. Everybody with a seat, in Swedish order, a box to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eventsys import documents
from eventsys.events.models import Attendee, Event
from eventsys.events.programme.models import Session
from eventsys.fitting import fit
from eventsys.tokens import human_code

ROWS = 26  # to an A4, 9 mm each, so that every page's place is known before the others are made
NAME_MM, COMPANY_MM, SESSIONS_MM = 62, 48, 36
_SIZES = (11, 10, 9, 8, 7)


def door_list_pages(
    event: Event,
    people: Sequence[Attendee],
    sessions: Mapping[int, Sequence[Session]],
    has_sessions: bool = False,
    first_page: int = 1,
    pages: int = 1,
    before: str = "",
) -> bytes:
    """Some pages of the list as PDF, the first of them page `first_page` of `pages`. Raises NoPdf.

    `has_sessions` says whether there is a column for them; `before` is the index letter of the last name on the page
    before these.
    """
    rows = _rows(people, sessions, before)
    made = [
        {"number": first_page + number, "rows": rows[first : first + ROWS]}
        for number, first in enumerate(range(0, len(rows), ROWS))
    ]
    return documents.pdf(
        "events/staff/door_list_pdf.html", tagged=False, event=event, pages=made, total=pages,
        has_sessions=has_sessions, rows_per_page=ROWS,
    )  # fmt: skip


def _rows(people: Sequence[Attendee], sessions: Mapping[int, Sequence[Session]], before: str) -> list[dict[str, Any]]:
    rows = []
    for attendee in people:
        letter = index_letter(attendee.sort_key)
        rows.append({**_row(attendee, sessions.get(attendee.id, ())), "letter": letter if letter != before else ""})
        before = letter
    return rows


def _row(attendee: Attendee, sessions: Sequence[Session]) -> dict[str, Any]:
    given, _, family = attendee.name.strip().rpartition(" ")
    return {
        "name": fit(f"{family}, {given}" if given else family, NAME_MM, 2, _SIZES),
        "company": fit(attendee.registration.company_name, COMPANY_MM, 2, _SIZES[2:]),
        "sessions": fit(", ".join(session.title for session in sessions), SESSIONS_MM, 3, (8, 7, 6)),
        "code": human_code(attendee.ticket_code),
    }


def index_letter(sort_key: str) -> str:
    """The letter that a name stands under: A to Z, Å, Ä, Ö; # for what begins with anything else."""
    last = {"{a": "Å", "{b": "Ä", "{c": "Ö"}.get(sort_key[:2])
    first = sort_key[:1].upper()
    return last or (first if "A" <= first <= "Z" else "#")
