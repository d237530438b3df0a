"""What the demonstration has none of, so that every staff page has something to show."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import select, update

from eventsys.clock import now
from eventsys.companies.merging import merge
from eventsys.companies.models import Company
from eventsys.config import settings
from eventsys.database import db, transaction
from eventsys.events.models import Event, EventState
from eventsys.mail.models import Delivery, Mailing, MailingState, State
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.audience.segments import add_segment
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.staff.accounts import invite
from eventsys.staff.models import Role
from eventsys.surveys.models import Survey
from eventsys.surveys.planning import make_survey
from tests.companies.imports.scenes import csv_file, read

CAUGHT = "20270305T101500000000-0123abcd.eml"


def furnish(folder: Path) -> dict[str, str]:
    """Fills the demonstration up; returns the addresses of pages whose address names no row, by endpoint."""
    read(csv_file(folder / "egen.csv", "Namn;E-post;Ort\nVäveriet AB;info@vaveriet.example;Borås\n;;\n"))
    with transaction():
        one, other = db.session.scalars(select(Company.id).order_by(Company.id.desc()).limit(2))
        merge(one, other, now())
        add_segment("Textil i Borås", FORETAGSAMT, Rules(places=("Borås",)), "Alva")
        make_survey(_event_to_come(), now())
        _hold_the_last_mailing()
    _catch_a_letter(folder)
    unknown = _unknown_letter()
    return {
        "desk.show_send_again": f"/personal/brev/skicka-igen?ids={unknown}",
        "desk.show_treat_as_sent": f"/personal/brev/rakna-som-skickade?ids={unknown}",
        "companies_staff.show_unmerging": f"/personal/foretag/{other}/sla-isar",
        "staff.show_password_link": f"/personal/losenord/{_invited()}",
        "desk.show_caught_letter": f"/personal/brev/fangade/{CAUGHT}",
    }


def _event_to_come() -> int:
    has_one = select(Survey.event_id)
    query = select(Event.id).where(Event.state == EventState.PUBLISHED, Event.starts_at > now())
    return int(db.session.scalars(query.where(Event.id.not_in(has_one)).order_by(Event.starts_at)).first() or 0)


def _hold_the_last_mailing() -> None:
    """As in the minutes when an issue has gone to ourselves only."""
    mailing_id = db.session.scalars(select(Issue.mailing_id).where(Issue.mailing_id.is_not(None))).first()
    mailing = db.session.get_one(Mailing, mailing_id)
    mailing.state, mailing.finished_at = MailingState.SENDING, None
    mailing.hold_seconds, mailing.held_until = 3600, now() + timedelta(hours=1)
    waiting = select(Delivery.id).where(Delivery.mailing_id == mailing_id).limit(5)
    db.session.execute(update(Delivery).where(Delivery.id.in_(waiting)).values(state=State.QUEUED))


def _unknown_letter() -> int:
    with transaction():
        letter_id = db.session.scalars(
            select(Delivery.id).where(Delivery.mailing_id.is_(None), Delivery.state == State.ACCEPTED).limit(1)
        ).one()
        db.session.execute(update(Delivery).where(Delivery.id == letter_id).values(state=State.UNKNOWN))
    return int(letter_id)


def _invited() -> str:
    """The token of somebody who has not chosen a password yet."""
    with transaction():
        account = invite("ny.kollega@boras.example", "Ny Kollega", Role.EDITOR)
    return str(account.invitation_token)


def _catch_a_letter(folder: Path) -> None:
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = "Välkommen", "a@boras.example", "b@foretag.example"
    letter.set_content("Hej.")
    letter.add_alternative("<html lang='sv'><title>Hej</title><main><h1>Hej</h1></main></html>", subtype="html")
    letters = Path(settings().data_dir) / "letters"
    letters.mkdir(exist_ok=True)
    (letters / CAUGHT).write_bytes(letter.as_bytes())
