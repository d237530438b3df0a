"""Two years of events, readers, letters, visits and surveys as rows, many of them on the borders of a period.

What happened is drawn with a fixed seed; what it comes to is counted in counting.py and by the house, apart.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from eventsys.clock import from_local, now
from eventsys.companies.models import Company, CompanyKind, Visit, VisitForm
from eventsys.database import db, transaction
from eventsys.events.checkin.models import Door, Scan, ScanAct, ScanResult
from eventsys.events.models import Attendee, AttendeeState, Event, EventState, Registration, Series
from eventsys.followup.models import Goal
from eventsys.followup.plans import new_plan
from eventsys.followup.queries import goals_of
from eventsys.newsletters.issues.models import Issue, IssueState
from eventsys.newsletters.lists import FORETAGSAMT, series_list
from eventsys.newsletters.subscriptions.models import Consent, ConsentAct, SignUpCode, Way
from eventsys.newsletters.welcome.models import RoundState, WelcomeRound
from eventsys.surveys.models import Survey, SurveyResponse, SurveyState
from eventsys.surveys.models import Way as AnswerWay
from eventsys.surveys.nki import Answer
from tests.companies.pages.scenes import new_number
from tests.factories import make_event, make_series
from tests.newsletters.factories import make_reader
from tests.surveys.results_scenes import A_DAY

CAME, AWAY, SEAT, LEFT = (
    AttendeeState.ATTENDED, AttendeeState.NO_SHOW, AttendeeState.CONFIRMED, AttendeeState.CANCELLED,
)  # fmt: skip
_numbers = itertools.count(1)
MINUTE = timedelta(minutes=1)


def wall(text: str) -> datetime:
    """`2026-07-01 00:00` in Borås."""
    return from_local(datetime.fromisoformat(text))


def make_company(kind: CompanyKind = CompanyKind.COMPANY) -> Company:
    company = Company(name=f"Väveriet {next(_numbers)} AB", number=new_number(), kind=kind, created_at=now())
    db.session.add(company)
    db.session.flush()
    return company


def seat(event: Event, company: Company | None, *states: AttendeeState, walk_in: bool = False) -> None:
    """A booking of one person in each state; with `walk_in` they were let in at a door."""
    number = next(_numbers)
    booking = Registration(
        event_id=event.id, company_id=company.id if company else None, company_name="Väveriet", booker_name="Åsa Ek",
        booker_email=f"b{number}@ek.example", booker_email_key=f"b{number}@ek.example", token=f"booking-{number}",
        created_at=event.starts_at - timedelta(days=20),
    )  # fmt: skip
    db.session.add(booking)
    for place, state in enumerate(states):
        address = f"p{number}-{place}@ek.example"
        one = Attendee(
            registration=booking, event_id=event.id, name="Åsa Ek", email=address, email_key=address,
            address_claim=address, state=state, token=f"t{number}-{place}", ticket_code=f"k{number}-{place}",
            created_at=booking.created_at,
        )  # fmt: skip
        db.session.add(one)
        if walk_in:
            db.session.flush()
            _let_in(event, one)


def _let_in(event: Event, one: Attendee) -> None:
    door = Door(event_id=event.id, name="Entrén", token=f"door-{one.id}", created_at=event.starts_at)
    db.session.add(door)
    db.session.flush()
    db.session.add(
        Scan(
            nonce=f"n{one.id}", event_id=event.id, door_id=door.id, attendee_id=one.id, act=ScanAct.WALK_IN,
            result=ScanResult.WELCOME, is_entry=True, at=event.starts_at,
        )
    )  # fmt: skip


def make_held(starts_at: datetime, series: Series, is_closed: bool = True, **given: Any) -> Event:
    """An event; published, with its attendance closed, unless it is given otherwise."""
    closed = starts_at + timedelta(hours=5) if is_closed else None
    return make_event(starts_at=starts_at, series=series, attendance_closed_at=closed, capacity=500, **given)


def make_answers(event: Event, answers: Sequence[Answer], invited: int, is_open: bool = False) -> Survey:
    """A survey of the event with these answers; a few by other ways, which are in no figure."""
    state = SurveyState.OPEN if is_open else SurveyState.CLOSED
    survey = Survey(event_id=event.id, state=state, invited=invited, created_at=now(), changed_at=now())
    db.session.add(survey)
    db.session.flush()
    ways = {AnswerWay.PERSONAL: answers, AnswerWay.OPEN: [(1, 1, 1)] * 2, AnswerWay.SESSION: [(2, 2, 2)]}
    db.session.add_all(_answered(survey, one, way) for way, given in ways.items() for one in given)
    return survey


def _answered(survey: Survey, answer: Answer, way: AnswerWay) -> SurveyResponse:
    satisfied, expectations, ideal = answer
    return SurveyResponse(
        id=f"answer-{next(_numbers)}", survey_id=survey.id, way=way, day=A_DAY, satisfied=satisfied,
        expectations=expectations, ideal=ideal,
    )  # fmt: skip


def make_issue(year: int, number: int, published_at: datetime, **given: Any) -> Issue:
    values = {"state": IssueState.LEAVING, "created_at": now(), "changed_at": now(), **given}
    issue = Issue(year=year, number=number, published_at=published_at, **values)
    db.session.add(issue)
    return issue


def make_round(year: int, number: int, sent_at: datetime | None) -> WelcomeRound:
    found = WelcomeRound(
        year=year, number=number, sent_at=sent_at, state=RoundState.SENT if sent_at else RoundState.DRAFT,
        registered_until=date(year, 1, 1), created_at=now(), changed_at=now(),
    )  # fmt: skip
    db.session.add(found)
    return found


def make_plan(year: int) -> dict[str, Goal]:
    """The plan of a year as it begins, its goals by name."""
    with transaction():
        new_plan(year, "Alva Ek", now())
    return {goal.name: goal for goal in goals_of(year)}


class TwoYears:
    """The rows, all of 2025 and 2026."""

    def __init__(self) -> None:
        self.luck = random.Random(1621)
        with transaction():
            self.series = [make_series(name=name) for name in ("Fredagslunch", "Frukostmöte", "Anbudsskola")]
            self.companies = [make_company() for _ in range(12)]
            self.associations = [make_company(CompanyKind.ASSOCIATION) for _ in range(4)]
            self.authority = make_company(CompanyKind.PUBLIC)
            self._hold_events()
            self._hold_on_borders()
            self._read()
            self._write()
            self._visit()

    def _hold_events(self) -> None:
        """Two a month for two years, bigger and smaller, each with its survey."""
        for place in range(48):
            year, month = 2025 + place // 24, place % 24 // 2 + 1
            series = self.series[place % 3]
            event = make_held(wall(f"{year}-{month:02}-{5 + 14 * (place % 2):02} 11:30"), series)
            came = self._fill(event, self.luck.randint(3, 14))
            answers = [self._answer() for _ in range(min(came, self.luck.choice((3, 6, 7, 9, 12))))]
            make_answers(event, answers, came)

    def _fill(self, event: Event, bookings: int) -> int:
        """Who registered, came and stayed away; the number who came."""
        came = 0
        for _ in range(bookings):
            company = self.luck.choice([*self.companies, *self.associations[:2], self.authority, None])
            states = [self.luck.choice((CAME, CAME, CAME, AWAY, LEFT)) for _ in range(self.luck.randint(1, 3))]
            seat(event, company, *states)
            came += states.count(CAME)
        return came

    def _answer(self) -> Answer:
        numbers = [self.luck.choice((None, *range(4, 11), *range(6, 11))) for _ in range(3)]
        return numbers[0], numbers[1], numbers[2]

    def _hold_on_borders(self) -> None:
        """At the last minute of a period and the first of the next, and what is not held at all."""
        lunch, breakfast = self.series[:2]
        for border in ("2026-01-01", "2026-05-01", "2026-07-01", "2026-09-01", "2027-01-01"):
            midnight = wall(f"{border} 00:00")
            for starts_at in (midnight - MINUTE, midnight):
                seat(make_held(starts_at, lunch), make_company(), CAME, CAME, AWAY)
        cancelled = make_held(wall("2026-03-03 11:30"), lunch, state=EventState.CANCELLED)
        seat(cancelled, make_company(), CAME, AWAY)
        seat(make_held(wall("2026-03-04 11:30"), lunch, state=EventState.DRAFT), make_company(), CAME)
        seat(make_held(wall("2027-03-04 11:30"), lunch, is_closed=False), make_company(), SEAT)  # it is to come
        unmarked = make_held(wall("2026-04-04 11:30"), breakfast, is_closed=False)
        seat(unmarked, self.companies[0], SEAT, SEAT)
        walkers = make_held(wall("2026-04-06 11:30"), breakfast)
        seat(walkers, make_company(), CAME, CAME, walk_in=True)
        make_answers(make_held(wall("2026-10-10 11:30"), breakfast), [(9, 9, 9)] * 8, 20, is_open=True)

    def _read(self) -> None:
        code = SignUpCode(code="frukost", name="Frukost i Viared", made_by="Alva", created_at=now())
        db.session.add(code)
        db.session.flush()
        ways = (Way.PAGE, Way.CODE, Way.REGISTRATION, Way.STAFF, Way.IMPORT)
        moments = [wall("2025-01-02 08:00") + timedelta(days=self.luck.randrange(725)) for _ in range(60)]
        borders = [wall(f"{day} 00:00") for day in ("2026-01-01", "2026-05-01", "2026-07-01", "2026-09-01")]
        for place, at in enumerate([*moments, *borders, *(border - MINUTE for border in borders)]):
            way = ways[place % 5]
            lists = [FORETAGSAMT] if place % 3 else [series_list(self.series[0].id), FORETAGSAMT]
            address = f"reader{place}@ek.example"
            reader = make_reader(address, lists, at=at, way=way, code=code if way is Way.CODE else None)
            if place % 7 == 0:  # comes back later, and is not new a second time
                again = at + timedelta(days=200)
                db.session.add(
                    Consent(reader_id=reader.id, list=FORETAGSAMT, act=ConsentAct.GIVEN, at=again, way=Way.PAGE)
                )

    def _write(self) -> None:
        for number, text in enumerate(("2025-03-10", "2025-06-10", "2025-09-10", "2025-12-31"), start=1):
            make_issue(2025, number, wall(f"{text} 23:30"))
            make_round(2025, number, wall(f"{text} 10:00"))
        make_issue(2026, 1, wall("2026-01-01 00:00"))
        make_issue(2026, 2, wall("2026-06-30 23:59"))
        make_issue(2026, 3, wall("2026-09-01 09:00"), state=IssueState.DRAFT)  # stopped, and reworked
        make_round(2026, 1, wall("2026-07-01 00:00"))
        make_round(2026, 2, None)

    def _visit(self) -> None:
        forms = list(VisitForm)
        days = [date(2025, 1, 1) + timedelta(days=self.luck.randrange(730)) for _ in range(80)]
        borders = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31)]
        for place, day in enumerate([*days, *borders]):
            company = self.luck.choice([*self.companies, *self.associations[2:3]])
            self._met(company, day, forms[place % 3])

    def _met(self, company: Company, day: date, form: VisitForm) -> None:
        db.session.add(Visit(company_id=company.id, visited_on=day, form=form, created_at=now()))
