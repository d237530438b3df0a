"""The letters about sessions, by name: from a delivery's row to the letter, and whether it is still wanted."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.events.letters import LEFT, OTHER_ADDRESS, REPLACED, about_attendee, has_passed
from eventsys.events.models import Attendee, AttendeeState
from eventsys.events.programme import emails
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice
from eventsys.mail.compose import Email
from eventsys.mail.models import Delivery
from eventsys.mail.outbox import Letter

CHOSE_OTHERWISE = "personen har valt om"


def _rows(delivery: Delivery) -> tuple[Attendee, Session]:
    session = db.session.get(Session, int((delivery.purpose_key or "").split(":")[2]))
    attendee = db.session.get(Attendee, delivery.subject_id)
    if session is None or attendee is None:
        raise NotFound
    return attendee, session


def _about_session(make: Callable[[Attendee, Session], Email], *wanted_in: ChoiceState) -> Letter:
    """A letter about one session, wanted while the person's choice of it is in one of these states."""

    def unwanted(delivery: Delivery) -> str:
        try:
            attendee, session = _rows(delivery)
        except NotFound:
            return LEFT
        if not attendee.is_active or has_passed(attendee):
            return LEFT
        if attendee.email_key != delivery.address:
            return OTHER_ADDRESS
        if wanted_in and not _has_chosen(attendee, session, *wanted_in):
            return CHOSE_OTHERWISE
        return REPLACED if _is_old_change(delivery, session) else ""

    return Letter(build=lambda delivery: make(*_rows(delivery)), unwanted=unwanted)


def _has_chosen(attendee: Attendee, session: Session, *states: ChoiceState) -> bool:
    query = select(SessionChoice.id).where(
        SessionChoice.attendee_id == attendee.id,
        SessionChoice.session_id == session.id,
        SessionChoice.state.in_(states),
    )
    return db.session.execute(query).first() is not None


def _is_old_change(delivery: Delivery, session: Session) -> bool:
    last = (delivery.purpose_key or "").rpartition(":")[2]
    return last.startswith("s") and last != f"s{session.sequence}"


LETTERS: dict[str, Letter] = {
    "events/sessions_chosen": about_attendee(emails.sessions_chosen, AttendeeState.CONFIRMED, AttendeeState.ATTENDED),
    "events/session_gained": _about_session(emails.session_gained, ChoiceState.HELD),
    "events/session_changed": _about_session(emails.session_changed, ChoiceState.HELD, ChoiceState.WAITING),
    "events/session_removed": _about_session(emails.session_removed),
}
