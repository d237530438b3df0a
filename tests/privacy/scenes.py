"""Anna, with something of hers in every place that holds people; and Hanna beside her, almost of the same name."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from eventsys.clock import local, now
from eventsys.companies.imports.records import Person as Listed
from eventsys.companies.imports.records import Record, as_row
from eventsys.companies.models import Company, Import, ImportFormat, ImportLine, ImportState, Merge, Note, Verdict
from eventsys.config import settings
from eventsys.database import Base, db, transaction
from eventsys.events.attendance.models import Paper
from eventsys.events.checkin.models import Door, Scan, ScanAct, ScanResult
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.models import Attendee, AttendeeState, Event, Message, Question, Registration
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from eventsys.events.registration import Booker
from eventsys.events.topics.models import Theme
from eventsys.folding import fold
from eventsys.mail.bounces.keeping import keep as keep_bounce
from eventsys.mail.catcher import keep_letter
from eventsys.mail.models import Delivery, DeliveryEvent, Mailing, MailingExclusion, MailingState, State
from eventsys.mail.suppression import suppress
from eventsys.names import sort_key
from eventsys.newsletters.issues.models import NewsletterSettings
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.confirming import confirm
from eventsys.newsletters.subscriptions.models import SignUp
from eventsys.newsletters.subscriptions.signing_up import Wish, sign_up
from eventsys.newsletters.welcome.models import Choice, WelcomeLetter, WelcomeRound
from eventsys.piecework import PaperState
from eventsys.privacy.asking import Asked, begin_by_hand
from eventsys.privacy.models import PersonRequest
from eventsys.privacy.models import Wish as PersonWish
from eventsys.staff.models import Role
from eventsys.surveys.models import SurveyInvitation
from eventsys.tokens import new_token
from tests.companies.scenes import contact_of, make_company, new_number, visit_of
from tests.factories import in_days, make_event, make_person, make_registration
from tests.mail.bounces.scenes import report_of
from tests.staff_fixtures import new_account
from tests.surveys.results_scenes import EIGHTS, hand_in, make_survey

NAME, ADDRESS, WRITTEN = "Anna Bergström", "anna.bergstrom@vaveriet.example", "Anna.Bergstrom@Vaveriet.example"
PHONE, E164 = "070-123 45 67", "+46701234567"
TWIN_NAME, TWIN = "Hanna Bergström", "hanna.bergstrom@vaveriet.example"
LONGER, COLLEAGUE, SHARING = "anna.bergstrom@vaveriet.example.se", "Bo Alm", "Cia Dahl"
NAMESAKE = "Anna Bergström Ek"
"""At the longer address."""


@dataclass
class World:
    """What the scene has made, by id, so that it can be counted again afterwards."""

    company_id: int
    events: list[int]
    mailing_id: int
    survey_id: int
    anna: list[int]
    """Her seats."""


def make_world(name: str = NAME, address: str = ADDRESS, written: str = WRITTEN) -> World:
    """Anna as booker and as colleague, invited, reading, asked, written to, bounced, met and noted; with her twin."""
    company = make_company("Väveriet i Borås AB", (TWIN,), number=new_number())
    colleague = new_account(Role.ORGANISER, name="Alva Ek")
    one, two = _events(company, name, written, colleague.id)
    mailing_id = _letters(name, address)
    _reading(name, address, written)
    survey_id = _survey(one)
    _register(company, name, address, written)
    _files(name, written)
    anna = _seats(address)
    return World(company.id, [one.id, two.id], mailing_id, survey_id, anna)


def _seats(address: str) -> list[int]:
    return list(db.session.scalars(select(Attendee.id).where(Attendee.email_key == address, Attendee.name != SHARING)))


def _events(company: Company, name: str, written: str, account_id: int) -> tuple[Event, Event]:
    one = make_event(title="Vårlunch", starts_at=in_days(-20), asks_diet=True)
    two = make_event(title="Höstlunch", starts_at=in_days(-10), contact_email="ansvarig@boras.example")
    at = in_days(-40)
    with transaction():
        free = Question(series_id=one.series_id, label="Vad vill du fråga?")
        db.session.add(free)
        db.session.flush()
        me = make_person(
            name, written, phone=PHONE, phone_e164=E164, diet="Annas nötallergi", answers={free.id: "Annas fråga"}
        )
        shares = make_person(SHARING, written, diet="Cias mat")
        bo = make_person(COLLEAGUE, "bo@vaveriet.example", answers={free.id: "Bos fråga"})
        booker = Booker(me.name, me.email, me.email_key, PHONE, E164)
        first = make_registration(one, [me, bo, shares], at, booker=booker, company_name=company.name)
        twin = make_person(TWIN_NAME, TWIN, phone="070-765 43 21", phone_e164="+46707654321", diet="Hannas mat")
        second = make_registration(two, [twin, make_person(name, written, phone=PHONE, phone_e164=E164)], at)
        make_registration(two, [make_person(NAMESAKE, LONGER)], at)
        for booking in (first, second):
            booking.company_id = company.id
        _at_the_door(one, first)
        _guests(one, company, name, written)
        _papers(one, name, written, account_id)
    return one, two


def _at_the_door(event: Event, booking: Registration) -> None:
    at = event.starts_at
    slot = Slot(event_id=event.id, name="Pass 1", starts_at=at, ends_at=event.ends_at, has_choice=True)
    db.session.add(slot)
    db.session.flush()
    session = Session(slot_id=slot.id, event_id=event.id, title="Energi", capacity=9)
    door = Door(event_id=event.id, name="Entrén", token=new_token(), created_at=at)
    db.session.add_all([session, door])
    db.session.flush()
    for person in booking.attendees:
        person.state, person.checked_in_at = AttendeeState.ATTENDED, at
        db.session.add(
            SessionChoice(
                attendee_id=person.id, slot_id=slot.id, session_id=session.id, state=ChoiceState.HELD, held_at=at
            )
        )
        db.session.add(
            Scan(
                nonce=new_token(), event_id=event.id, door_id=door.id, attendee_id=person.id, act=ScanAct.ENTER,
                result=ScanResult.WELCOME, is_entry=True, at=at,
            )
        )  # fmt: skip


def _guests(event: Event, company: Company, name: str, written: str) -> None:
    at = now()
    db.session.add_all(
        [
            Invitation(
                event_id=event.id, state=InvitationState.NO, token=new_token(), name=who, sort_key=sort_key(who),
                email=email, email_key=email.lower(), phone=phone, company_id=company.id, company_name=company.name,
                note=note, created_at=at, sent_at=at, answered_at=at,
            )
            for who, email, phone, note in (
                (name, written, PHONE, "Sjuk den dagen"), (TWIN_NAME, TWIN, "", "Hannas förhinder"),
            )
        ]
    )  # fmt: skip


def _papers(event: Event, name: str, written: str, account_id: int) -> None:
    at = now()
    paper = Paper(
        event_id=event.id, account_id=account_id, kind="door_list", file_name="dorrlista.pdf", state=PaperState.READY,
        content=f"{name} {written}".encode(), created_at=at,
    )  # fmt: skip
    message = Message(
        event_id=event.id, subject="Parkering", body=f"Frågor? Skriv till {written} så svarar hon.",
        sent_to="confirmed", sent_by="Alva", created_at=at,
    )  # fmt: skip
    theme = Theme(series_id=event.series_id, text="Elpriser", heard_at=f"Samtal med {written}", created_at=at)
    db.session.add_all([paper, message, theme])


def _letters(name: str, address: str) -> int:
    """Her letters and those of others have left; some came back with her words in them; a mailing left her out."""
    at = now()
    with transaction():
        mailing = Mailing(name="Nummer 1", created_at=at, state=MailingState.DONE)
        db.session.add(mailing)
        db.session.flush()
        mailing_id = mailing.id
        for email, who in ((address, name), (TWIN, TWIN_NAME)):
            db.session.add(_delivery(mailing_id, email, who))
            db.session.add(
                MailingExclusion(mailing_id=mailing_id, address=email, name=who, organisation=f"{who} HB", reason="nej")
            )
        db.session.flush()
        db.session.execute(update(Delivery).values(state=State.ACCEPTED))
        about_her = [f"registration:{one.id}" for one in db.session.scalars(select(Registration)) if one.company_id]
        told = update(Delivery).where(Delivery.about.in_(about_her)).values(subject=f"{name} är anmäld: Vårlunch")
        db.session.execute(told)
        hers = db.session.scalars(select(Delivery).where(Delivery.address == address)).all()
        for row in hers:
            row.smtp_reply = f"250 2.1.5 <{address}> OK"
            db.session.add(
                DeliveryEvent(
                    delivery_id=row.id, at=at, became=State.ACCEPTED, detail=f"250 <{address.upper()}> {name}"
                )
            )
        encoded = base64.b64encode(f"Till {name} <{address}> {PHONE}".encode()).decode()
        keep_bounce(report_of(hers[-1], ours=f"To: {name} <{address}>\n\n{encoded}\n"))
        to_twin = db.session.scalars(
            select(Delivery).where(Delivery.address == TWIN, Delivery.about.startswith("registration:"))
        ).first()
        assert to_twin is not None
        keep_bounce(report_of(to_twin, ours=f"To: {TWIN}\n\nDu har anmält {name}.\n"))
        suppress(address, "Brevet kom tillbaka", hers[-1].id)
    return mailing_id


def _delivery(mailing_id: int, email: str, who: str) -> Delivery:
    at, token = now(), hashlib.md5(email.encode(), usedforsecurity=False).hexdigest()
    return Delivery(
        mailing_id=mailing_id, purpose_key=f"events/material:1:{hashlib.sha256(email.encode()).hexdigest()}",
        letter="newsletters/issue", subject_id=1, address=email, name=who, organisation=f"{who} HB", token=token,
        message_id=f"{token}@boras.example", not_before=at, created_at=at, changed_at=at, state=State.ACCEPTED,
    )  # fmt: skip


def _reading(name: str, address: str, written: str) -> None:
    for email, who in ((address, name), (TWIN, TWIN_NAME)):
        with transaction():
            sign_up(Wish(email, (FORETAGSAMT,), who, "Väveriet i Borås AB"), now())
        with transaction():
            asked = db.session.scalars(select(SignUp).where(SignUp.address == email)).one()
            reader = confirm(asked.token, [FORETAGSAMT], now())
            reader.subscriptions[0].why_ended = f"{who} flyttar"
    with transaction():
        db.session.add(NewsletterSettings(id=1, seeds=f"{TWIN}\n{written}\nredaktion@boras.example"))
        round_ = WelcomeRound(
            year=2026, number=1, registered_until=local(now()).date(), created_at=now(), changed_at=now(),
            mailing_id=db.session.scalar(select(Mailing.id)),
        )  # fmt: skip
        db.session.add(round_)
        db.session.flush()
        company_id = db.session.scalar(select(Company.id))
        db.session.add(
            WelcomeLetter(
                round_id=round_.id, company_id=company_id, claim="welcome", choice=Choice.EMAIL, address=address,
                recipient="Väveriet i Borås AB", created_at=now(),
            )
        )  # fmt: skip


def _survey(event: Event) -> int:
    survey = make_survey(event, EIGHTS[:7])
    text = next(one.id for one in survey.questions if one.kind.value == "text")
    with transaction():
        hand_in(survey, [(9, 9, 9)], own=[{text: "Ett svar utan person"}])
        for attendee in db.session.scalars(select(Attendee).where(Attendee.event_id == event.id)):
            db.session.add(
                SurveyInvitation(
                    survey_id=survey.id, attendee_id=attendee.id, token=new_token(), invited_at=now(), has_answered=True
                )
            )
    return survey.id


def _register(company: Company, name: str, address: str, written: str) -> None:
    at = now()
    own = make_company(f"{name} Konsult", (), street=f"c/o {name}", website="https://anna.example")
    merged = make_company("Väveriet gamla", archived_at=at)
    with transaction():
        db.session.add_all(
            [
                contact_of(company.id, written, email_key=address, name=name, phone=PHONE, phone_e164=E164, role="vd"),
                contact_of(own.id, written, email_key=address, name=name),
                Note(company_id=company.id, text=f"{TWIN_NAME} vill.\n{name.upper()} på 0701234567.", created_at=at),
                Note(company_id=merged.id, text=f"Skriv till {written}.", created_at=at),
                visit_of(company.id, met=f"{name} och {TWIN_NAME}", text="Lager", follow_up=f"Ring {PHONE}"),
                Merge(
                    kept_id=own.id, merged_id=merged.id, at=at,
                    before={"kept": {"name": f"{name} Konsult", "sort_key": fold(name), "search_key": fold(name)}},
                ),
            ]
        )  # fmt: skip
        file = Import(
            format=ImportFormat.OWN, state=ImportState.READ, file_name="lista.xlsx", created_at=at, read_at=at
        )
        db.session.add(file)
        db.session.flush()
        people = [Listed(name, "vd", written, address, PHONE, E164), Listed(TWIN_NAME, "", TWIN, TWIN)]
        record = as_row(Record(2, "Väveriet i Borås AB", people=people))
        line = ImportLine(import_id=file.id, line=2, verdict=Verdict.NEW, name="Väveriet", record=record)
        line.remark = f"Adressen {written} finns redan."
        db.session.add(line)


def letters_folder() -> Path:
    folder = settings().data_path / "letters"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _files(name: str, written: str) -> None:
    """Letters that were caught here: to her, about her, and one of her twin's."""
    encoded = base64.b64encode(f"Hej {name}".encode()).decode()
    head = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    for text in (
        f"To: {written}\n{head}\nHej\n",
        f"To: bo@vaveriet.example\n{head}Content-Transfer-Encoding: base64\n\n{encoded}\n",
        f"To: {TWIN}\n{head}\nHej {TWIN_NAME}\n",
    ):
        keep_letter(letters_folder(), text.encode())


def ask_to_erase(address: str = ADDRESS, name: str = NAME) -> int:
    with transaction():
        return begin_by_hand(Asked(PersonWish.ERASE, address, name, "Visade legitimation"), "Alva", now()).id


def last_letter_leaves(request_id: int, state: State = State.ACCEPTED) -> None:
    """As the mail server answers it; the letters before it have left too."""
    with transaction():
        row = db.session.get_one(PersonRequest, request_id)
        ids = [row.last_letter_id, *db.session.scalars(select(Delivery.id).where(Delivery.address == row.address))]
        db.session.execute(update(Delivery).where(Delivery.id.in_(ids)).values(state=state))


# --- searching everywhere -----------------------------------------------------------------------------------------


def traces(*needles: str) -> list[str]:
    """Where any of these stands: in every column of every table, and in every file under the data folder.

    Texts, JSON and bytes are read; what looks like base64 is decoded and read too. Hanna and the longer address are
    somebody else's, so they are taken out first.
    """
    lowered = [needle.lower() for needle in needles]
    return [where for where, text in _everything() if any(needle in _without_others(text) for needle in lowered)]


def _without_others(text: str) -> str:
    text = text.lower()
    others = (TWIN, TWIN_NAME, json.dumps(TWIN_NAME)[1:-1], fold(TWIN_NAME), LONGER, NAMESAKE, sort_key(NAMESAKE))
    for other in others:
        text = text.replace(other.lower(), "")
    return text


def _everything() -> Iterator[tuple[str, str]]:
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            for column, value in row.items():
                yield from ((f"{table.name}.{column}", text) for text in _readings(value))
    for path in settings().data_path.rglob("*"):
        if path.is_file():
            yield from ((str(path), text) for text in _readings(path.read_bytes()))


def _readings(value: Any) -> Iterator[str]:
    if isinstance(value, bytes | memoryview):
        text = bytes(value).decode("utf-8", "replace")
    elif isinstance(value, dict | list):
        text = json.dumps(value, ensure_ascii=False)
    else:
        text = str(value)
    yield text
    for found in re.findall(r"[A-Za-z0-9+/=]{16,}", text):
        try:
            yield base64.b64decode(found, validate=True).decode("utf-8", "replace")
        except ValueError:
            continue


def needles_of(name: str = NAME, address: str = ADDRESS) -> Sequence[str]:
    """Every dress that a person may stand in."""
    digest = hashlib.sha256(address.encode()).hexdigest()
    return (
        name, sort_key(name), fold(name), address, digest, json.dumps(name)[1:-1], PHONE, E164, "0701234567",
        "Annas nötallergi", "Annas fråga", "Sjuk den dagen",
    )  # fmt: skip
