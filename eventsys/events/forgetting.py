"""Bookings, seats and invitations stay, so that what was counted stays; who it was goes."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Update, delete, select, update

from eventsys.database import db
from eventsys.events.attendance.models import Paper
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Answer, Attendee, Diet, Question, Registration
from eventsys.names import sort_key
from eventsys.personal import FORGOTTEN, forgotten_address, portions
from eventsys.tokens import new_token

_NOBODY = {"name": FORGOTTEN, "sort_key": sort_key(FORGOTTEN)}


def forget_attendees(ids: Collection[int]) -> int:
    """People at events, as nobody: the seat, its state and its times stay, and which of given choices they took.

    Diet and free answers go; links in their letters lead nowhere any more. Returns how many. Flushes, does not commit.
    """
    done = 0
    for some in portions(ids):
        forget_diets(some)
        _forget_free_answers(some)
        known = list(db.session.scalars(select(Attendee.id).where(Attendee.id.in_(some))))
        nobody = {**_NOBODY, "email": "", "email_key": "", "address_claim": None, "phone": "", "phone_e164": ""}
        if known:
            db.session.execute(update(Attendee), [{"id": one, "token": new_token(), **nobody} for one in known])
        done += len(known)
    db.session.expire_all()
    return done


def forget_shared_address(ids: Collection[int]) -> None:
    """People whom somebody booked under the booker's own address: the address goes, they stay. Flushes."""
    for some in portions(ids):
        change = update(Attendee).where(Attendee.id.in_(some)).values(email="", email_key="", address_claim=None)
        db.session.execute(_quietly(change))
    db.session.expire_all()


def forget_diets(attendee_ids: Collection[int]) -> int:
    """What people eat. Returns how many. Flushes, does not commit."""
    done = 0
    for some in portions(attendee_ids):
        gone = delete(Diet).where(Diet.attendee_id.in_(some)).returning(Diet.attendee_id)
        done += len(db.session.execute(gone.execution_options(synchronize_session=False)).all())
    db.session.expire_all()
    return done


def _forget_free_answers(attendee_ids: Collection[int]) -> None:
    """What was written in own words; which of our own choices somebody took says nothing of who it was."""
    questions = select(Answer.question_id).where(Answer.attendee_id.in_(attendee_ids)).distinct()
    rows = db.session.execute(select(Question.id, Question.choices).where(Question.id.in_(questions))).all()
    free = [row.id for row in rows if not row.choices]
    change = update(Answer).where(Answer.attendee_id.in_(attendee_ids), Answer.question_id.in_(free)).values(text="")
    db.session.execute(_quietly(change))


def forget_bookers(registration_ids: Collection[int]) -> int:
    """Bookings that nobody made: company, time and source stay. A sole trader's company is called as the person is.

    Colleagues in the booking are left alone. Returns how many. Flushes, does not commit.
    """
    done = 0
    for some in portions(registration_ids):
        rows = db.session.scalars(select(Registration).where(Registration.id.in_(some))).all()
        for row in rows:
            row.booker_name, row.booker_email, row.booker_email_key = FORGOTTEN, "", ""
            row.booker_phone = row.booker_phone_e164 = ""
            row.token, row.idempotency_key, row.wants_letters_at = new_token(), None, None
            row.company_name = FORGOTTEN if row.sole_trader else row.company_name
        done += len(rows)
    db.session.flush()
    return done


def forget_invitations(ids: Collection[int]) -> int:
    """Who was invited or asked for a place: the answer and its time stay. Returns how many. Flushes."""
    done = 0
    for some in portions(ids):
        rows = db.session.scalars(select(Invitation).where(Invitation.id.in_(some))).all()
        for row in rows:
            row.name, row.sort_key, row.phone, row.note = FORGOTTEN, sort_key(FORGOTTEN), "", ""
            row.email = row.email_key = forgotten_address(f"inbjudan-{row.id}")
            row.token = new_token()
        done += len(rows)
    db.session.flush()
    return done


def forget_papers(event_ids: Collection[int]) -> int:
    """Papers with names that wait to be fetched; they are made anew when asked for. Returns how many. Flushes."""
    done = 0
    for some in portions(event_ids):
        gone = delete(Paper).where(Paper.event_id.in_(some)).returning(Paper.id)
        done += len(db.session.execute(gone.execution_options(synchronize_session=False)).all())
    return done


def _quietly(change: Update) -> Update:
    """Rows in memory are read anew afterwards, instead of being held against the statement one by one."""
    return change.execution_options(synchronize_session=False)
