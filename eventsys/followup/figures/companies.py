"""Figures of the register: visits, and which associations were informed."""

from __future__ import annotations

from eventsys.companies.words import VISIT_FORMS
from eventsys.events.attendance.associations import Association
from eventsys.followup.figures.counted import Counted, Line, count_of, share_of, unknown
from eventsys.followup.figures.sight import NOT_BEGUN, Sight
from eventsys.i18n import number, url

VISIT_COLUMNS = ("Företag", "Dag", "Form")
ASSOCIATION_COLUMNS = ("Förening", "Senast i perioden", "Hur")


def visits(sight: Sight, _series_id: int | None = None) -> Counted:
    """Several visits to one company count each; a visit by several colleagues is one."""
    lines = [
        Line(
            (one.company.name, one.visited_on, VISIT_FORMS[one.form]),
            url("companies_staff.show_visit", company_id=one.company_id, visit_id=one.id),
            group=VISIT_FORMS[one.form],
        )
        for one in sight.visits
    ]
    companies = len({one.company_id for one in sight.visits})
    base = f"hos {number(companies)} företag" if lines else "inget besök inskrivet"
    return count_of(lines, base, sight.why_unknown(lambda: sight.first_visit, "inga inskrivna besök"))


def associations_informed(sight: Sight, _series_id: int | None = None) -> Counted:
    """Of the associations that are in use now."""
    if not sight.period.has_begun(sight.at):
        return unknown(NOT_BEGUN)
    return share_of(
        [_association(one) for one in sight.associations],
        lambda informed, all_: f"{number(informed)} av {number(all_)} föreningar",
        "Inga föreningar i registret.",
    )


def _association(one: Association) -> Line:
    informed = one.in_time
    if informed is None:
        cells: tuple[str, ...] = (one.company.name, "–", "Inte informerad")
        return Line(cells, _address(one), number=0, of=1)
    how = f"Kom till {informed.event.title}" if informed.event else VISIT_FORMS[informed.form] if informed.form else "–"
    return Line((one.company.name, informed.on, how), _address(one), number=1, of=1)


def _address(one: Association) -> str:
    return url("desk.show_company", company_id=one.company.id)
