"""Worlds: a series with one of everything that has an id, so that one can be held against the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.companies.models import Company, Contact, Note, Visit
from eventsys.database import Base, db, transaction
from eventsys.events.access import give_series
from eventsys.events.attendance.marking import MARKED
from eventsys.events.attendance.models import Paper
from eventsys.events.checkin.models import Door, Scan, ScanAct, ScanResult
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.materials.models import Material
from eventsys.events.models import Event, Registration, Series
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from eventsys.events.series import add_question
from eventsys.events.sources import add_source
from eventsys.events.topics.points import add_point
from eventsys.events.topics.themes import note_theme
from eventsys.mail.models import Delivery
from eventsys.piecework import PaperState
from eventsys.staff.models import Account
from eventsys.surveys.models import QuestionKind, Survey, SurveyQuestion, SurveyState
from eventsys.surveys.questions import add_question as add_survey_question
from eventsys.surveys.template_editing import make_template
from eventsys.surveys.wording import usual_questions
from eventsys.tokens import new_token, short_code
from tests.factories import make_event, make_registration, make_series
from tests.staff_fixtures import see_anew
from tests.surveys.results_scenes import EIGHTS, hand_in


@dataclass
class World:
    """`mark` stands in every text of this world, so that a page that shows any of it gives itself away."""

    mark: str
    series: Series
    event: Event
    registration: Registration
    company: Company
    ids: dict[str, int] = field(default_factory=dict)  # what each argument of a route is in this world
    kinds: dict[str, type[Any]] = field(default_factory=dict)
    states: dict[str, Any] = field(default_factory=dict)

    def keep(self, rows: dict[str, Any]) -> None:
        """Remember the rows by what does not change when others change them."""
        for name, row in rows.items():
            self.ids[name], self.kinds[name] = row.id, type(row)
            self.states[name] = getattr(row, "state", None)


def make_world(mark: str, account: Account, company: Company | None = None) -> World:
    """A published event in 14 days with two who come, and one of everything else. `account` asked for its paper."""
    with transaction():
        series = make_series(name=f"Serie {mark}", summary=f"Om {mark}")
        event = make_event(
            series=series, title=f"Dag {mark}", place=f"Hus {mark}", speakers=f"Talare {mark}, vd", asks_diet=True
        )  # fmt: skip
        company = company or _kept(Company(name=f"Bolag {mark}", created_at=now()))
        registration = make_registration(event, [f"Åsa {mark}", f"Bo {mark}"], company_name=f"Bolag {mark}")
        registration.company_id = company.id
        world = World(mark, series, event, registration, company)
        world.keep(_rows(world, account))
    return world


def _rows(world: World, account: Account) -> dict[str, Any]:
    mark, event, series = world.mark, world.event, world.series
    attendee = world.registration.attendees[0]
    at, ends_at = event.starts_at, event.starts_at + timedelta(minutes=30)
    slot = _kept(Slot(event_id=event.id, name=f"Pass {mark}", starts_at=at, ends_at=ends_at, has_choice=True))
    session = _kept(Session(slot_id=slot.id, event_id=event.id, title=f"Ämne {mark}", room=f"Sal {mark}", capacity=9))
    choice = SessionChoice(
        attendee_id=attendee.id, slot_id=slot.id, session_id=session.id, state=ChoiceState.HELD, held_at=now()
    )
    door = _kept(Door(event_id=event.id, name=f"Dörr {mark}", token=new_token(), created_at=now()))
    scan = Scan(
        nonce=new_token(), event_id=event.id, door_id=door.id, attendee_id=attendee.id, act=ScanAct.ENTER,
        result=ScanResult.WELCOME, is_entry=True, at=now(),
    )  # fmt: skip
    survey = _survey(event, mark)
    marking = AuditEntry(at=now(), actor="Alva", action=MARKED, subject=f"event:{event.id}", detail={})
    return {
        "series_id": series,
        "event_id": event,
        "registration_id": world.registration,
        "attendee_id": attendee,
        "company_id": world.company,
        "contact_id": _kept(Contact(company_id=world.company.id, name=f"Kontakt {mark}", created_at=now())),
        "note_id": _kept(Note(company_id=world.company.id, text=f"Anteckning {mark}", created_at=now())),
        "visit_id": _kept(
            Visit(company_id=world.company.id, visited_on=date(2026, 3, 4), text=f"Besök {mark}", created_at=now())
        ),
        "source_id": add_source(event.id, f"Affisch {mark}", now()),
        "question_id": add_question(series.id, {"label": f"Fråga {mark}?", "required": False, "choices": []}),
        "point_id": add_point(event.id, f"Punkt {mark}", "Alva", now()),
        "theme_id": note_theme(series.id, f"Tema {mark}", f"Besök {mark}", "Alva", now()),
        "slot_id": slot,
        "session_id": session,
        "choice_id": _kept(choice),
        "door_id": door,
        "scan_id": _kept(scan),
        "invitation_id": _kept(_invitation(event, mark)),
        "material_id": _kept(
            Material(
                event_id=event.id, title=f"Bild {mark}", url="https://boras.example/", token=new_token(),
                created_at=now(),
            )
        ),
        "paper_id": _kept(
            Paper(
                event_id=event.id, account_id=account.id, kind="badges", state=PaperState.READY,
                file_name=f"{mark}.pdf", content_type="application/pdf", content=b"%PDF-1.7", created_at=now(),
            )
        ),
        "entry_id": _kept(marking),
        "survey_id": survey,
        "letter_id": _letter_about(world.registration),
        "survey_question_id": survey.questions[-1],
        "template_question_id": _template_question(series, mark),
    }  # fmt: skip


def _invitation(event: Event, mark: str) -> Invitation:
    email = f"gast.{mark.lower()}@foretag.example"
    return Invitation(
        event_id=event.id, state=InvitationState.REQUESTED, token=new_token(), name=f"Gäst {mark}", email=email,
        email_key=email, company_name=f"Bolag {mark}", created_at=now(),
    )  # fmt: skip


def _template_question(series: Series, mark: str) -> SurveyQuestion:
    return add_survey_question(
        make_template(series.id, now()), {"kind": QuestionKind.TEXT, "text": f"Mallfråga {mark}?"}, now()
    )


def _survey(event: Event, mark: str) -> Survey:
    """A survey that has closed with enough answers to show, and a code on the last slide."""
    at, code = now(), short_code()
    survey = Survey(
        event_id=event.id, state=SurveyState.CLOSED, open_code=code, invited=9, created_at=at, changed_at=at
    )
    own = SurveyQuestion(kind=QuestionKind.SCALE, text=f"Enkätfråga {mark}?", position=9)
    survey.questions = [*usual_questions(), own]
    _kept(survey)
    hand_in(survey, EIGHTS)
    return survey


def _letter_about(registration: Registration) -> Delivery:
    query = select(Delivery).where(Delivery.about == f"registration:{registration.id}").order_by(Delivery.id)
    return db.session.scalars(query).all()[0]


def _kept(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


def give(account: Account, *worlds: World) -> None:
    """Let a co-organiser work with these worlds only."""
    with transaction():
        give_series(account.id, [world.series.id for world in worlds])


def is_whole(world: World) -> bool:
    """Is everything as it was made, so that one more page can be tried on it?"""
    see_anew()
    found = {name: db.session.get(kind, world.ids[name]) for name, kind in world.kinds.items()}
    return all(row and getattr(row, "state", None) == world.states[name] for name, row in found.items())


# --- what a world holds -------------------------------------------------------------------------------------------

Held = dict[str, list[tuple[Any, ...]]]


def held_by(world: World) -> Held:
    """Every row of every table that is of this world or points at it."""
    own = {table: set() for table in Base.metadata.tables}  # type: dict[str, set[Any]]
    for name, kind in world.kinds.items():
        own[kind.__table__.name].add(world.ids[name])
    found: Held = {}
    with db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            ours = [
                key.parent.in_(own[key.column.table.name]) for key in table.foreign_keys if own[key.column.table.name]
            ]
            if "id" in table.c and own[table.name]:
                ours.append(table.c.id.in_(own[table.name]))
            if table.name == "delivery":
                ours.append(table.c.about.in_(_subjects(world)))
            if table.name == "audit_entry":
                ours.append(table.c.subject.in_(_subjects(world)))
            if ours:
                found[table.name] = _sorted(connection.execute(select(table).where(or_(*ours))))
    return found


def _subjects(world: World) -> list[str]:
    kinds = ("event", "series", "registration", "invitation")
    return [f"{kind}:{world.ids[f'{kind}_id']}" for kind in kinds]


def _sorted(rows: Iterable[Any]) -> list[tuple[Any, ...]]:
    return sorted((tuple(row) for row in rows), key=repr)


def everything() -> Held:
    """Every row of every table."""
    with db.engine.connect() as connection:
        return {table.name: _sorted(connection.execute(select(table))) for table in Base.metadata.sorted_tables}
