"""Figures of the letters: new readers, issues, rounds of welcome letters."""

from __future__ import annotations

from collections.abc import Iterable

from eventsys.clock import local
from eventsys.followup.figures.counted import Counted, Line, count_of, many
from eventsys.followup.figures.sight import Sight
from eventsys.i18n import url
from eventsys.newsletters.subscriptions.figures import NewReader
from eventsys.newsletters.words import WAYS

READER_COLUMNS = ("Dag", "Lista", "Källa")
ISSUE_COLUMNS = ("Nummer", "Utgivet")
ROUND_COLUMNS = ("Omgång", "Skickad")


def new_readers(sight: Sight, _series_id: int | None = None) -> Counted:
    """New persons by the day of their first consent. A line says when, which list and from where: no name."""
    lines = [_reader(one, sight) for one in sight.readers]
    sources = len({line.group for line in lines})
    base = f"från {many(sources, 'källa', 'källor')}" if lines else "ingen ny person"
    return count_of(lines, base, sight.why_unknown(lambda: sight.first_reader, "inga prenumeranter"))


def _reader(one: NewReader, sight: Sight) -> Line:
    source = f"{WAYS[one.way]}: {one.code}" if one.code else WAYS[one.way]
    address = url("newsletters_staff.show_reader", reader_id=one.reader_id)
    return Line(
        (local(one.at).date(), sight.lists.get(one.list, "Lista som inte finns kvar"), source), address, group=source
    )


def issues_sent(sight: Sight, _series_id: int | None = None) -> Counted:
    lines = [
        Line((one.name, local(one.published_at).date()), url("newsletters_staff.show_issue", issue_id=one.id))
        for one in sight.issues
        if one.published_at
    ]
    base = f"nr {_listed(one.number for one in sight.issues)}" if lines else "inget utgivet nummer"
    return count_of(lines, base, sight.why_unknown(lambda: sight.first_issue, "inga utgivna nummer"))


def rounds_sent(sight: Sight, _series_id: int | None = None) -> Counted:
    lines = [
        Line((one.name, local(one.sent_at).date()), url("newsletters_staff.show_round", round_id=one.id))
        for one in sight.rounds
        if one.sent_at
    ]
    base = f"omgång {_listed(one.number for one in sight.rounds)}" if lines else "ingen skickad omgång"
    return count_of(lines, base, sight.why_unknown(lambda: sight.first_round, "inga skickade omgångar"))


def _listed(numbers: Iterable[int]) -> str:
    """`1, 2 och 3`."""
    *before, last = map(str, numbers)
    return f"{', '.join(before)} och {last}" if before else last
