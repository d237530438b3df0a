"""Figures of the surveys: the NKI of several events together, and how many answered.

What results hide is hidden here: an event that shows `*` is in no sum (decision 0061), so that no period taken from
another, and no settled figure beside a new one, gives away a handful of answers.
"""

from __future__ import annotations

from datetime import date

from eventsys.clock import local
from eventsys.followup.figures.counted import Counted, Line, index_of, many, margin, share_of
from eventsys.followup.figures.sight import Sight
from eventsys.i18n import number, url
from eventsys.surveys.nki import TOO_FEW
from eventsys.surveys.results.pooling import EventResult, together

NKI_COLUMNS = ("Evenemang", "Serie", "Dag", "NKI", "Räknade svar", "Inbjudna")
RATE_COLUMNS = ("Evenemang", "Serie", "Dag", "Svar", "Inbjudna")
NOTHING_CLOSED = "Ingen enkät i perioden har stängt."


def nki(sight: Sight, series_id: int | None = None) -> Counted:
    """Every answer weighs the same, whichever event it is about."""
    found = [one for one in _of_series(sight, series_id) if one.nki is not None]
    pooled = together(found, sight.rules)
    hidden = f", {number(pooled.left_out)} visas inte (*)" if pooled.left_out else ""
    base = (
        f"{number(pooled.nki.n)} av {number(pooled.invited)} svarade, {many(pooled.events, 'evenemang', 'evenemang')}"
        f"{hidden}"
    )
    base = base if pooled.events else f"färre än {sight.rules.least} svar på varje evenemang"
    return index_of(pooled.nki, [_index(one) for one in found if one.triples], base, NOTHING_CLOSED)


def _index(one: EventResult) -> Line:
    """A hidden event shows that it was held, and neither its index nor how many answers would be in it."""
    assert one.nki is not None
    if one.nki.is_hidden:
        return Line((*_about(one), TOO_FEW, None, None), _address(one), number=0, counts=False)
    shown = f"{one.nki.shown}{margin(one.nki)}"
    return Line(
        (*_about(one), shown, one.nki.n, one.invited), _address(one), number=one.nki.n, of=one.invited,
        index=one.nki.value or 0.0,
    )  # fmt: skip


def response_rate(sight: Sight, series_id: int | None = None) -> Counted:
    """Answers by personal links of those invited, open surveys too: counts of answers point at nobody."""
    found = _of_series(sight, series_id)
    lines = [
        Line((*_about(one), one.answers, one.invited), _address(one), number=one.answers, of=one.invited)
        for one in found
    ]
    events = many(len(found), "evenemang", "evenemang")
    return share_of(
        lines,
        lambda answers, invited: f"{number(answers)} av {number(invited)} svarade, {events}",
        "Ingen enkät i perioden har öppnat.",
    )


def _of_series(sight: Sight, series_id: int | None) -> list[EventResult]:
    return [one for one in sight.results if series_id in (None, one.event.series_id)]


def _about(one: EventResult) -> tuple[str, str, date]:
    return one.event.title, one.event.series.name, local(one.event.starts_at).date()


def _address(one: EventResult) -> str:
    return url("surveys_staff.show_results", event_id=one.event.id)
