"""Everything that has been counted, to be held against itself after somebody was forgotten."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select

from eventsys.clock import local, now
from eventsys.companies.figures import companies_visited, visits_in
from eventsys.database import db
from eventsys.events.attendance.figures import attendance_of
from eventsys.events.models import Event, Registration
from eventsys.events.seats import seats
from eventsys.mail.mailings.ledger import ledger
from eventsys.newsletters.subscriptions.figures import new_readers
from eventsys.newsletters.subscriptions.models import Consent, ConsentAct
from eventsys.surveys.models import SurveyInvitation, SurveyResponse
from tests.privacy.scenes import World


def counted(world: World) -> dict[str, Any]:
    """Attendance, seats, ledger sums, subscription figures, visits, surveys; how many rows and companies."""
    year = local(now()).year
    events = [db.session.get_one(Event, event_id) for event_id in world.events]
    new = new_readers(year)
    return {
        "attendance": [asdict(attendance_of(event)) for event in events],
        "seats": [seats(event).confirmed for event in events],
        "ledger": asdict(ledger(world.mailing_id)),
        "new readers": (new.total, new.by_month, [(one.way, one.people) for one in new.sources]),
        "consents given": _number(Consent, Consent.act == ConsentAct.GIVEN),
        "visits": (asdict(visits_in(year)), companies_visited(year)),
        "companies": db.session.scalar(select(func.count(Registration.company_id.distinct()))),
        "asked": _number(SurveyInvitation),
        "have answered": _number(SurveyInvitation, SurveyInvitation.has_answered),
        "answers": _number(SurveyResponse),
    }


def _number(kind: type[Any], *conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(kind).where(*conditions)) or 0
