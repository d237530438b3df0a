"""The letters of the surveys: one pure function each, from rows to Email."""

from __future__ import annotations

from datetime import date
from typing import Any

from eventsys.events.emails import plain_letter
from eventsys.i18n import day, link, speaking
from eventsys.mail.compose import Email
from eventsys.surveys.models import SurveyInvitation


def invitation(asked: SurveyInvitation, last_day: date, has_material: bool = False) -> Email:
    """Thanks to somebody who came, the way to the survey, and to the event's material when there is any."""
    with speaking(asked.attendee.registration.lang):
        material_url = link("events.show_booking", token=asked.attendee.token)
        return _letter("surveys/invitation", asked, last_day, has_material=has_material, material_url=material_url)


def reminder(asked: SurveyInvitation, last_day: date) -> Email:
    """To somebody who came and has not answered."""
    return _letter("surveys/reminder", asked, last_day)


def no_show(asked: SurveyInvitation, last_day: date) -> Email:
    """One question to somebody who did not come."""
    return _letter("surveys/no_show", asked, last_day)


def _letter(letter: str, asked: SurveyInvitation, last_day: date, **more: Any) -> Email:
    with speaking(asked.attendee.registration.lang):
        answer_url = link("surveys.show_survey_form", token=asked.token)
        return plain_letter(letter, asked.attendee, answer_url=answer_url, last_day=day(last_day), **more)
