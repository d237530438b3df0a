"""Figures of the events: how many were held, how many came, from which companies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from eventsys.clock import local
from eventsys.events.attendance.held import CompanyThere, Held
from eventsys.followup.figures.counted import Counted, Line, count_of, many, share_of, unknown
from eventsys.followup.figures.sight import Sight
from eventsys.i18n import number, url

EVENT_COLUMNS = ("Evenemang", "Serie", "Dag")
PEOPLE_COLUMNS = ("Evenemang", "Serie", "Dag", "Kom")
SHARE_COLUMNS = ("Evenemang", "Serie", "Dag", "Kom", "Anmälda")
COMPANY_COLUMNS = ("Företag", "Första gången", "Evenemang i perioden")
NOTHING_HELD = "inga evenemang"


def events_held(sight: Sight, series_id: int | None = None) -> Counted:
    held = _of_series(sight, series_id)
    lines = [Line(_about(one), _address(one), group=one.event.series.name) for one in held]
    base = "genomförda, inställda räknas inte"
    return count_of(lines, base, sight.why_unknown(lambda: sight.first_held, NOTHING_HELD))


def people_reached(sight: Sight, series_id: int | None = None) -> Counted:
    """Everybody who was there, walk-ins too; somebody at two events counts twice."""
    held = _of_series(sight, series_id)
    lines = [_people(one) for one in held]
    known = sum(one.is_known for one in held)
    if held and not known:
        return unknown(f"{many(len(held), 'evenemang', 'evenemang')}, men det är inte sagt vilka som kom", lines)
    return count_of(lines, _events_base(known, len(held)), sight.why_unknown(lambda: sight.first_held, NOTHING_HELD))


def _people(one: Held) -> Line:
    heads = one.attendance.heads if one.is_known else None
    return Line(
        (*_about(one), heads), _address(one), number=heads or 0, group=one.event.series.name, counts=one.is_known
    )


def show_up_rate(sight: Sight, series_id: int | None = None) -> Counted:
    """Those who came of those who had registered; walk-ins are in neither."""
    held = _of_series(sight, series_id)
    lines = [_share(one) for one in held]
    events = _events_base(sum(one.is_known for one in held), len(held))
    return share_of(
        lines,
        lambda came, registered: f"{number(came)} av {number(registered)} anmälda kom, {events}",
        "Inget evenemang i perioden där det är sagt vilka som kom.",
    )


def _share(one: Held) -> Line:
    came, registered = one.attendance.came, one.attendance.registered
    cells = (came, registered) if one.is_known else (None, registered)
    return Line((*_about(one), *cells), _address(one), number=came, of=registered, counts=one.is_known)


def unique_companies(sight: Sight, _series_id: int | None = None) -> Counted:
    return _companies(sight, sight.companies, "företag med någon som kom")


def first_time_companies(sight: Sight, _series_id: int | None = None) -> Counted:
    """Those of the unique companies that had never been at an event before the period."""
    found = [one for one in sight.companies if one.first_on >= sight.period.first]
    return _companies(sight, found, f"av {many(len(sight.companies), 'företag', 'företag')} som kom")


def _companies(sight: Sight, found: Sequence[CompanyThere], base: str) -> Counted:
    lines = [
        Line((one.company.name, one.first_on, one.events), url("desk.show_company", company_id=one.company.id))
        for one in found
    ]
    if not lines and sight.held and not any(one.is_known for one in sight.held):
        return unknown("Det är inte sagt vilka som kom till periodens evenemang.")
    return count_of(lines, base, sight.why_unknown(lambda: sight.first_held, NOTHING_HELD))


def _of_series(sight: Sight, series_id: int | None) -> list[Held]:
    return [one for one in sight.held if series_id in (None, one.event.series_id)]


def _about(one: Held) -> tuple[str, str, date]:
    return one.event.title, one.event.series.name, local(one.event.starts_at).date()


def _address(one: Held) -> str:
    return url("events_staff.show_event", event_id=one.event.id)


def _events_base(known: int, held: int) -> str:
    """`5 evenemang`, or `4 av 5 evenemang` where somebody has yet to say who came."""
    return f"{number(known)} av {number(held)} evenemang" if known < held else f"{number(held)} evenemang"
