"""Doors: the survey as those who answer see it, on a phone or a wide screen, in Swedish or English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.events.access import WRITERS
from eventsys.events.models import Event
from eventsys.events.programme.models import Session
from eventsys.events.programme.queries import slots_of
from eventsys.i18n import language, speaking
from eventsys.security import may_be_framed_here
from eventsys.staff.guards import staff_only
from eventsys.surveys.asked import questions_for, questions_to_anybody, questions_to_who_chose
from eventsys.surveys.forms import survey_form
from eventsys.surveys.models import Asked, Survey, SurveyQuestion
from eventsys.surveys.public.pages import form_page
from eventsys.surveys.staff.doors import doors, survey_page
from eventsys.surveys.staff.reach import survey_for

HOME = "/evenemang/<int:event_id>/enkat"
CAME, ABSENT, ANYBODY = "kom", "uteblev", "oppen"
PHONE, WIDE = "telefon", "bred"


@dataclass(frozen=True)
class Look:
    """What the address asks to see; what it does not know is as usual."""

    who: str
    lang: str
    size: str

    @classmethod
    def wanted(cls, sessions: list[Session]) -> Look:
        args, known = request.args, {CAME, ABSENT, ANYBODY, *(_word(session) for session in sessions)}
        return cls(
            who=args.get("vem", "") if args.get("vem") in known else CAME,
            lang="en" if args.get("sprak") == "en" else "sv",
            size=WIDE if args.get("som") == WIDE else PHONE,
        )

    @property
    def args(self) -> dict[str, Any]:
        return {"vem": self.who, "sprak": self.lang, "som": self.size}


def _word(session: Session) -> str:
    return f"pass-{session.id}"


@doors.get(f"{HOME}/forhandsvisning")
@staff_only(*WRITERS)
def show_survey_preview(event_id: int) -> ResponseReturnValue:
    event, survey = survey_for(event_id)
    sessions = _sessions_asked_about(event, survey)
    look = Look.wanted(sessions)
    people = [(CAME, "Den som kom"), *((_word(one), f"Var på {one.title}") for one in sessions)]
    more = [(ABSENT, "Den som uteblev"), (ANYBODY, "Med öppen länk")]
    return survey_page(
        "preview", event, survey=survey, look=look,
        sample_url=url_for("surveys_staff.show_survey_sample", event_id=event_id, **look.args),
        people=_chips(event_id, look, "vem", look.who, [*people, *more]),
        languages=_chips(event_id, look, "sprak", look.lang, [("sv", "Svenska"), ("en", "Engelska")]),
        sizes=_chips(event_id, look, "som", look.size, [(PHONE, "Telefon"), (WIDE, "Bred")]),
    )  # fmt: skip


def _chips(event_id: int, look: Look, name: str, now: str, items: list[tuple[str, str]]) -> list[dict[str, Any]]:
    page = "surveys_staff.show_survey_preview"
    return [
        {"label": label, "current": value == now, "url": url_for(page, event_id=event_id, **{**look.args, name: value})}
        for value, label in items
    ]


def _sessions_asked_about(event: Event, survey: Survey) -> list[Session]:
    """Those to choose that a question is about: who was in them is asked something of their own."""
    ids = {question.session_id for question in survey.questions}
    return [one for slot in slots_of(event) if slot.has_choice for one in slot.sessions if one.id in ids]


@doors.get(f"{HOME}/prov")
@staff_only(*WRITERS)
def show_survey_sample(event_id: int) -> Response:
    """The page of the questions itself, for a frame; nothing that is filled in is sent."""
    event, survey = survey_for(event_id)
    look = Look.wanted(_sessions_asked_about(event, survey))
    asked = Asked.NO_SHOW if look.who == ABSENT else Asked.ATTENDED
    with speaking(look.lang):
        form = survey_form(_questions(survey, look.who), language(), formdata=None)
        page = form_page(survey, form, asked, is_open_way=look.who == ANYBODY, is_sample=True)
    return may_be_framed_here(page)


def _questions(survey: Survey, who: str) -> list[SurveyQuestion]:
    if who == ABSENT:
        return questions_for(survey, Asked.NO_SHOW)
    if who == ANYBODY:
        return questions_to_anybody(survey)
    session = who.removeprefix("pass-")
    return questions_to_who_chose(survey, int(session) if session.isdigit() else None)
