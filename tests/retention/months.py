"""A month's worth of everything that retention knows, and whether each of it is still whole: by the rows themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import time_machine
from sqlalchemy import func, select

from eventsys.clock import from_local
from eventsys.companies.models import Company, Contact
from eventsys.database import db, transaction
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.models import Attendee, AttendeeState, Diet, Event, Registration
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.bounces.phrases import Kind
from eventsys.mail.mailings.ledger import ledger
from eventsys.mail.models import Delivery, Mailing, MailingExclusion, MailingState, State
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.figures import new_readers
from eventsys.newsletters.subscriptions.models import Reader, SignUp, Way
from eventsys.newsletters.welcome.models import Choice, WelcomeLetter, WelcomeRound
from eventsys.privacy.models import PersonRequest, RequestState, Wish
from eventsys.privacy.retention import actors
from eventsys.privacy.retention.running import unfinished_runs
from eventsys.surveys.models import QuestionKind, Survey, SurveyAnswer, SurveyInvitation, SurveyState
from eventsys.surveys.results.figures import result_of
from eventsys.surveys.wording import usual_questions
from eventsys.tokens import new_token
from tests.factories import make_event, make_person, make_registration, make_series
from tests.newsletters.factories import make_reader
from tests.surveys.results_scenes import EIGHTS, hand_in

FIRST_YEAR = 2027
Key = Any


def day_of(month: int, day: int, hour: int = 12) -> datetime:
    """A moment in the month of this number, counted from January of FIRST_YEAR."""
    return from_local(datetime.combine(date(FIRST_YEAR + month // 12, month % 12 + 1, day), time(hour)))


@dataclass
class Made:
    """What was made, by category and month: the keys of the rows."""

    keys: dict[str, dict[int, list[Key]]] = field(default_factory=dict)
    event_ids: list[int] = field(default_factory=list)
    mailing_ids: list[int] = field(default_factory=list)
    survey_ids: list[int] = field(default_factory=list)

    def note(self, category: str, month: int, *keys: Key) -> None:
        self.keys.setdefault(category, {}).setdefault(month, []).extend(keys)

    def whole_months(self, category: str) -> set[int]:
        """Months of which everything is still there; of each other month everything must be gone."""
        found = set()
        for month, keys in self.keys[category].items():
            whole = [WHOLE[category](key) for key in keys]
            assert len(set(whole)) == 1, f"{category}: half of month {month} is gone"
            found |= {month} if whole[0] else set()
        return found

    def gone(self, category: str) -> int:
        return sum(not WHOLE[category](key) for keys in self.keys[category].values() for key in keys)


def _is_there(kind: type[Any], **columns: str) -> Callable[[Key], bool]:
    """Whether the row is there, and says what it said: each column begins so."""

    def check(key: Key) -> bool:
        row = db.session.get(kind, key)
        return row is not None and all(getattr(row, name).startswith(said) for name, said in columns.items())

    return check


WHOLE: dict[str, Callable[[Key], bool]] = {
    "events.diet": _is_there(Diet),
    "events.people": _is_there(Attendee, name="Kom ", email="kom"),
    "events.left": _is_there(Attendee, name="Gick ", email="gick"),
    "events.bookers": _is_there(Registration, booker_name="Kom ", booker_email="kom"),
    "events.invitations": _is_there(Invitation, name="Bjuden ", email="bjuden"),
    "surveys.links": _is_there(SurveyInvitation),
    "surveys.texts": _is_there(SurveyAnswer, text="Ett ord"),
    "newsletters.readers": _is_there(Reader, address="slutat", name="Slutat "),
    "newsletters.sign_ups": _is_there(SignUp, address="fragat", name="Frågat "),
    "newsletters.welcome": _is_there(WelcomeLetter, address="nytt"),
    "companies.contacts": _is_there(Contact, name="Kontakt "),
    "privacy.requests": _is_there(PersonRequest, address="begart", name="Begärt "),
    "mail.letters": _is_there(Delivery, address="brev", name="Brev "),
    "mail.left_out": _is_there(MailingExclusion, address="utan", name="Utan "),
    "mail.incoming": _is_there(IncomingLetter, address="retur", said="550 "),
}


def make_month(made: Made, month: int) -> None:
    """Everything of one month, with its moment on the tenth at noon; what still lives has none and must stay."""
    with time_machine.travel(day_of(month, 5), tick=False), transaction():
        event = _event(made, month)
        _survey(made, month, event)
        _readers(made, month)
        _company(made, month)
        _letters(made, month)
        _request(made, month)


def _event(made: Made, month: int) -> Event:
    ends = day_of(month, 10)
    event = make_event(series=make_series(), starts_at=ends - timedelta(hours=1), ends_at=ends, asks_diet=True)
    people = [
        make_person(f"Kom {month}", f"kom{month}@foretag.example", diet="Nötter"),
        make_person(f"Gick {month}", f"gick{month}@foretag.example"),
    ]
    booking = make_registration(event, people, at=day_of(month, 5))
    came, left = booking.attendees
    came.state, came.checked_in_at = AttendeeState.ATTENDED, ends
    left.state, left.left_at = AttendeeState.CANCELLED, day_of(month, 6)
    invited = Invitation(
        event_id=event.id, state=InvitationState.NO, token=new_token(), name=f"Bjuden {month}",
        email=f"bjuden{month}@foretag.example", email_key=f"bjuden{month}@foretag.example", created_at=ends,
    )  # fmt: skip
    db.session.add(invited)
    db.session.flush()
    made.note("events.diet", month, came.id)
    made.note("events.people", month, came.id)
    made.note("events.left", month, left.id)
    made.note("events.bookers", month, booking.id)
    made.note("events.invitations", month, invited.id)
    made.event_ids.append(event.id)
    return event


def _survey(made: Made, month: int, event: Event) -> None:
    closed = day_of(month, 10)
    survey = Survey(
        event_id=event.id, state=SurveyState.CLOSED, invited=8, created_at=closed, changed_at=closed, closed_at=closed
    )
    survey.questions = usual_questions()
    db.session.add(survey)
    db.session.flush()
    text = next(one.id for one in survey.questions if one.kind is QuestionKind.TEXT)
    hand_in(survey, EIGHTS[:6])
    said = hand_in(survey, [(9, 9, 9), (7, 7, 7)], own=[{text: "Ett ord"}, {text: "Ett ord till"}])
    asked = SurveyInvitation(
        survey_id=survey.id, attendee_id=made.keys["events.people"][month][0], token=new_token(), invited_at=closed
    )
    db.session.add(asked)
    db.session.flush()
    made.note("surveys.links", month, asked.id)
    made.note("surveys.texts", month, *((one, text) for one in said))
    made.survey_ids.append(survey.id)


def _readers(made: Made, month: int) -> None:
    left = make_reader(
        f"slutat{month}@lasare.example", lists=[], left=[FORETAGSAMT], at=day_of(month, 9), name=f"Slutat {month}"
    )
    make_reader(f"kvar{month}@lasare.example", at=day_of(month, 9), name=f"Kvar {month}")
    asked = SignUp(
        token=new_token(), address=f"fragat{month}@lasare.example", name=f"Frågat {month}", lists=[FORETAGSAMT],
        way=Way.PAGE, created_at=day_of(month, 3), ends_at=day_of(month, 10),
    )  # fmt: skip
    db.session.add(asked)
    db.session.flush()
    made.note("newsletters.readers", month, left.id)
    made.note("newsletters.sign_ups", month, asked.id)


def _company(made: Made, month: int) -> None:
    at = day_of(month, 10)
    gone = Company(name=f"Lades ner {month} AB", created_at=at, archived_at=at)
    lives = Company(name=f"Lever {month} AB", created_at=at)
    year = FIRST_YEAR + month // 12
    sent = WelcomeRound(
        year=year, number=month % 12 + 1, registered_until=date(year, 1, 1), created_at=at, changed_at=at, sent_at=at
    )
    db.session.add_all([gone, lives, sent])
    db.session.flush()
    people = [Contact(company_id=one.id, name=f"Kontakt {month}", created_at=at) for one in (gone, lives)]
    letter = WelcomeLetter(
        round_id=sent.id, company_id=lives.id, claim="welcome", choice=Choice.EMAIL,
        address=f"nytt{month}@foretag.example", recipient="Ett bolag", created_at=at,
    )  # fmt: skip
    db.session.add_all([*people, letter])
    db.session.flush()
    made.note("companies.contacts", month, people[0].id)
    made.note("newsletters.welcome", month, letter.id)


def _letters(made: Made, month: int) -> None:
    at = day_of(month, 10)
    mailing = Mailing(name=f"Nummer {month}", created_at=at, state=MailingState.DONE)
    db.session.add(mailing)
    db.session.flush()
    sent, waits = _delivery(mailing.id, month, State.ACCEPTED), _delivery(mailing.id, month, State.DEFERRED)
    left_out = MailingExclusion(
        mailing_id=mailing.id, address=f"utan{month}@lasare.example", name=f"Utan {month}", reason="har tackat nej"
    )
    came_back = IncomingLetter(
        fingerprint=hashlib.sha256(f"{month}".encode()).hexdigest(), read_at=at, raw=b"brev", kind=Kind.ADDRESS_WRONG,
        is_final=True, address=f"retur{month}@lasare.example", said="550 nej", applied_at=at,
    )  # fmt: skip
    db.session.add_all([sent, waits, left_out, came_back])
    db.session.flush()
    made.note("mail.letters", month, sent.id)
    made.note("mail.left_out", month, left_out.id)
    made.note("mail.incoming", month, came_back.id)
    made.mailing_ids.append(mailing.id)


def _delivery(mailing_id: int, month: int, state: State) -> Delivery:
    at, token = day_of(month, 10), new_token()
    return Delivery(
        mailing_id=mailing_id, purpose_key=token, letter="newsletters/issue", subject_id=1,
        address=f"brev-{state.value}{month}@lasare.example", name=f"Brev {month}", token=token[:32],
        message_id=f"{token}@boras.example", not_before=at, created_at=at, changed_at=at, state=state,
    )  # fmt: skip


def _request(made: Made, month: int) -> None:
    at = day_of(month, 10)
    row = PersonRequest(
        token=new_token(), wish=Wish.EXTRACT, state=RequestState.DONE, address=f"begart{month}@foretag.example",
        name=f"Begärt {month}", created_at=at, ends_at=at, confirmed_at=at, handled_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    made.note("privacy.requests", month, row.id)


# --- nights, and what was counted ---------------------------------------------------------------------------------


def night_after(month: int) -> None:
    """The night of the first day of the month that follows, worked off to its end."""
    with time_machine.travel(day_of(month + 1, 1, hour=3), tick=False):
        actors.begin_night(0)
        for run_id in unfinished_runs():
            actors.destroy_due(run_id)
    db.session.remove()


def statistics(made: Made) -> dict[str, Any]:
    """What must be the same before and after: people by state, NKI, sums of ledgers, new readers."""
    surveys = [db.session.get_one(Survey, one) for one in made.survey_ids]
    return {
        "people": db.session.execute(
            select(Attendee.event_id, Attendee.state, func.count()).group_by(Attendee.event_id, Attendee.state)
            .order_by(Attendee.event_id, Attendee.state)
        ).all(),
        "registrations": db.session.execute(
            select(Registration.company_name, func.count()).group_by(Registration.company_name)
        ).all(),
        "nki": [(view.nki.shown, view.nki.n, view.rate) for view in map(result_of, surveys) if view.nki],
        "ledgers": [repr(ledger(one)) for one in made.mailing_ids],
        "readers": [new_readers(year).by_month for year in range(FIRST_YEAR, FIRST_YEAR + 3)],
        "welcome letters": db.session.scalar(select(func.count()).select_from(WelcomeLetter)),
    }  # fmt: skip
