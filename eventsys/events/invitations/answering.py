"""Answers to an invitation: yes, no, or a colleague in one's place. They can be changed until registration closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events import booking
from eventsys.events.invitations import notices
from eventsys.events.invitations.inviting import Guest, new_invitation, said_yes
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.invitations.queries import colleague_of, registered_under, seats_used
from eventsys.events.invitations.seating import book_for
from eventsys.events.invitations.sending import takes_answers
from eventsys.events.invitations.standing import HAS_LEFT, is_handed_over
from eventsys.events.models import Attendee, Event
from eventsys.events.registration import Person
from eventsys.events.seats import locked_event
from eventsys.names import sort_key
from eventsys.tokens import new_token

_NO_ANSWER = (InvitationState.REQUESTED, InvitationState.REFUSED)
# Origins, as staff read them.
_HANDED, _TAKEN_BACK = "Lämnad över av en kollega", "Återtagen av kollegan"


class AnswersClosed(Refused):
    """The invitation was taken back, its seat has another address now, or the time to answer is over."""


class CompanyFull(Refused):
    """The company has all the seats it may have; `.most` is how many."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


class ColleagueAnswers(Refused):
    """The invitation was handed to a colleague, who has answered it."""


class NotToThem(Refused):
    """The invitation cannot be handed to that address: it is one's own, or of whom it came from."""


def say_yes(invitation_id: int, person: Person, at: datetime) -> Attendee:
    """A seat for the invited person, or a place in the queue when the event is full; the letter says which.

    Saying yes twice finds the first answer, and so does an address that is registered already. The person's address is
    that of the invitation, whatever `person` holds.
    Raises NotFound, AnswersClosed, ColleagueAnswers, CompanyFull. Flushes, does not commit.
    """
    event, invitation = _open_invitation(invitation_id, at)
    if (there := _seat_of(event, invitation)) is not None:
        said_yes(invitation, there.id, at)
        db.session.flush()
        return there
    _take_back(invitation, at)
    _check_company(event, invitation)
    attendee = book_for(event, invitation, person, at)
    invitation.name, invitation.sort_key = person.name, sort_key(person.name)
    said_yes(invitation, attendee.id, at)
    db.session.flush()
    return attendee


def say_no(invitation_id: int, message: str, at: datetime) -> None:
    """The invited person does not come; a seat they had goes to the queue. `message` is for the office.

    Raises NotFound, AnswersClosed, ColleagueAnswers. Flushes, does not commit.
    """
    event, invitation = _open_invitation(invitation_id, at)
    _take_back(invitation, at)
    _give_up_seat(event, invitation, at)
    invitation.state, invitation.answered_at, invitation.note = InvitationState.NO, at, message[:300]
    db.session.flush()


def hand_on(invitation_id: int, colleague: Guest, at: datetime) -> None:
    """A colleague at the same company is invited by letter instead; a seat that was held goes to the queue.

    A colleague who is invited already keeps the invitation they have. The company is that of the invitation.
    Raises NotFound, AnswersClosed, ColleagueAnswers, NotToThem. Flushes, does not commit.
    """
    event, invitation = _open_invitation(invitation_id, at)
    _check_colleague(invitation, colleague)
    _take_back(invitation, at)
    _give_up_seat(event, invitation, at)
    invitation.state, invitation.answered_at = InvitationState.HANDED_ON, at
    _invite_colleague(event, invitation, colleague, at)
    db.session.flush()


def _open_invitation(invitation_id: int, at: datetime) -> tuple[Event, Invitation]:
    """The event, locked, and the invitation as it is under the lock."""
    found = db.session.get(Invitation, invitation_id)
    if found is None or found.state in _NO_ANSWER:
        raise NotFound
    event = locked_event(found.event_id)
    db.session.refresh(found)
    if found.state is InvitationState.WITHDRAWN or is_handed_over(found) or not takes_answers(event, at):
        raise AnswersClosed
    return event, found


def _seat_of(event: Event, invitation: Invitation) -> Attendee | None:
    """The seat or place in the queue that the person has already, by this invitation or otherwise."""
    if invitation.state is InvitationState.YES and invitation.attendee and invitation.attendee.is_active:
        return invitation.attendee
    there = registered_under(event.id, [invitation.email_key]).get(invitation.email_key)
    return db.session.get(Attendee, there) if there else None


def _take_back(invitation: Invitation, at: datetime) -> None:
    """Whoever answers after handing on takes the invitation back, unless the colleague has used it."""
    if invitation.state is not InvitationState.HANDED_ON:
        return
    colleague = colleague_of(invitation)
    if colleague is None or is_free_again(colleague):
        return
    if colleague.state not in (InvitationState.LISTED, InvitationState.SENT):
        raise ColleagueAnswers
    colleague.state, colleague.answered_at, colleague.origin = InvitationState.WITHDRAWN, at, _TAKEN_BACK


def is_free_again(colleague: Invitation) -> bool:
    """The colleague said no, or has left: whoever handed the invitation on may answer anew."""
    if colleague.state is InvitationState.YES:
        return colleague.attendee is None or colleague.attendee.state in HAS_LEFT
    return colleague.state is InvitationState.NO


def _check_company(event: Event, invitation: Invitation) -> None:
    most = event.company_seats
    if most and seats_used(event.id, invitation.company_name, invitation.company_number) >= most:
        raise CompanyFull(most)


def _give_up_seat(event: Event, invitation: Invitation, at: datetime) -> None:
    if (seat := _seat_of(event, invitation)) is not None:
        booking.cancel_people([seat], at)
        db.session.refresh(invitation)


def _check_colleague(invitation: Invitation, colleague: Guest) -> None:
    parent = invitation.handed_from
    if colleague.email_key == invitation.email_key or (parent and colleague.email_key == parent.email_key):
        raise NotToThem


def _invite_colleague(event: Event, invitation: Invitation, colleague: Guest, at: datetime) -> None:
    known = db.session.query(Invitation).filter_by(event_id=event.id, email_key=colleague.email_key).one_or_none()
    guest = replace(
        colleague, company_name=invitation.company_name, company_number=invitation.company_number, lang=invitation.lang
    )
    if known is None:
        known = new_invitation(event, guest, InvitationState.SENT, at, _HANDED)
        db.session.add(known)
    elif known.state in (InvitationState.LISTED, InvitationState.REQUESTED) or known.origin == _TAKEN_BACK:
        _send_to(known, at)
    else:
        return  # they have, or have had, an invitation of their own
    known.handed_from_id = invitation.id
    db.session.flush()
    notices.send_invitation_letters([known], event)


def _send_to(known: Invitation, at: datetime) -> None:
    """Somebody on the list, who asked for a place, or from whom it was taken back: asked anew, by a letter of its own.

    Who asked for a place does not count among those let in by staff: this place is the company's.
    """
    if known.state is not InvitationState.LISTED:
        known.origin, known.created_at, known.token = _HANDED, at, new_token()
    known.state, known.sent_at = InvitationState.SENT, at
    known.answered_at = known.reminded_at = known.attendee_id = None
