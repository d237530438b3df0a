"""The letters about invitations: one pure function each, from rows to Email."""

from __future__ import annotations

from typing import Any

from eventsys.events.emails import event_facts
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Event
from eventsys.i18n import link, moment, speaking
from eventsys.mail.compose import Email, compose


def invitation(asked: Invitation) -> Email:
    """What, when, where, and one button to the personal page where it is answered."""
    return _about_invitation("events/invitation", asked)


def invitation_reminder(asked: Invitation) -> Email:
    """The same once more, for those who have not answered."""
    return _about_invitation("events/invitation_reminder", asked)


def invitation_sample(event: Event, name: str, lang: str) -> Email:
    """The invitation as guests get it, for staff to look at: its button leads to the event's page and answers nothing.

    The event may be a draft, whose page nobody else sees.
    """
    with speaking(lang):
        answer_url = link("events.show_event", slug=event.slug)
        return compose("events/invitation", lang, _context(event, lang, name, "", answer_url))


def request_refused(asked: Invitation) -> Email:
    """There was no place for somebody who asked for one."""
    with speaking(asked.lang):
        context = {
            "event": event_facts(asked.event, asked.lang),
            "name": asked.name,
            "calendar_url": link("events.show_calendar"),
        }
        return compose("events/request_refused", asked.lang, context)


def invitation_called_off(asked: Invitation) -> Email:
    """The event is cancelled; who has not answered need not."""
    with speaking(asked.lang):
        context = {
            "event": event_facts(asked.event, asked.lang),
            "why": asked.event.cancelled_why,
            "calendar_url": link("events.show_calendar"),
        }
        return compose("events/invitation_called_off", asked.lang, context)


def _about_invitation(letter: str, asked: Invitation) -> Email:
    with speaking(asked.lang):
        answer_url = link("events.show_invitation", token=asked.token)
        giver = asked.handed_from.name if asked.handed_from else ""
        return compose(letter, asked.lang, _context(asked.event, asked.lang, asked.name, giver, answer_url))


def _context(event: Event, lang: str, name: str, giver: str, answer_url: str) -> dict[str, Any]:
    return {
        "event": event_facts(event, lang),
        "summary": event.in_language(lang, "summary"),
        "name": name,
        "giver": giver,
        "answer_url": answer_url,
        "answer_by": moment(event.registration_closes_at),
    }
