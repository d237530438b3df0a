"""The letters of the surveys by name: from a delivery's row to the letter, and whether it is still wanted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.materials.queries import published_of
from eventsys.events.models import AttendeeState
from eventsys.mail.compose import Email
from eventsys.mail.letters import Kind, subject_of
from eventsys.mail.models import Delivery
from eventsys.mail.outbox import Letter
from eventsys.surveys import emails
from eventsys.surveys.due import last_day, takes_answers
from eventsys.surveys.inviting import INVITATION, NO_SHOW
from eventsys.surveys.models import Asked, SurveyInvitation
from eventsys.surveys.reminding import COUNTS_AS_CAME, REMINDER
from eventsys.surveys.settings import survey_settings

NEEDED_NO_MORE = "enkäten är stängd eller besvarad"
"""The same words for both, so that nobody reads in the list of letters who has answered."""
CHANGED = "närvaron är ändrad"
OTHER_ADDRESS = "personen har bytt adress"


def _letter(make: Callable[[SurveyInvitation, date], Email], asked: Asked) -> Letter:
    """A letter to somebody who was asked, wanted while there is an answer to give and they count as what they did."""

    def build(delivery: Delivery) -> Email:
        invitation = subject_of(SurveyInvitation, delivery)
        return make(invitation, last_day(invitation.survey, survey_settings()))

    def unwanted(delivery: Delivery) -> str:
        invitation = db.session.get(SurveyInvitation, delivery.subject_id)
        if invitation is None or invitation.has_answered or not takes_answers(invitation.survey, now()):
            return NEEDED_NO_MORE
        attendee = invitation.attendee
        if invitation.asked is not asked or attendee.state not in _STATES[asked]:
            return CHANGED
        return "" if attendee.email_key == delivery.address else OTHER_ADDRESS

    return Letter(build, unwanted)


_STATES = {Asked.ATTENDED: COUNTS_AS_CAME, Asked.NO_SHOW: (AttendeeState.NO_SHOW,)}


def _invitation(invitation: SurveyInvitation, until: date) -> Email:
    return emails.invitation(invitation, until, has_material=bool(published_of(invitation.attendee.event_id)))


LETTERS: dict[str, Kind] = {
    INVITATION: _letter(_invitation, Asked.ATTENDED),
    REMINDER: _letter(emails.reminder, Asked.ATTENDED),
    NO_SHOW: _letter(emails.no_show, Asked.NO_SHOW),
}
