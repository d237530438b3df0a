"""A survey in words: what happens when, what it is made from, which English texts are missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from eventsys.clock import local
from eventsys.i18n import moment, number, short_day
from eventsys.surveys.due import closes_at, last_day, opens_at, reminder_times
from eventsys.surveys.freezing import Owner
from eventsys.surveys.models import Asked, Survey, SurveyQuestion, SurveySettings, SurveyState
from eventsys.surveys.planning import Source

SOURCES = {
    Source.TEMPLATE: "Frågor och texter kommer från seriens mall.",
    Source.EARLIER: "Frågor och texter kommer från seriens förra enkät.",
    Source.USUAL: "Den börjar med de tre frågorna i NKI, en fri fråga och en fråga till dem som uteblev.",
}


def told(survey: Survey, settings: SurveySettings, at: datetime) -> list[str]:
    """What has happened and what will, a sentence each."""
    if survey.state is SurveyState.CLOSED:
        return [f"Stängde {moment(survey.closed_at)}." if survey.closed_at else "Stängd."]
    return [_opens(survey, settings, at), _reminds(survey, settings, at), closes(survey, settings)]


def _opens(survey: Survey, settings: SurveySettings, at: datetime) -> str:
    absent = " De som uteblev får en egen fråga." if _asks_absent(survey) else ""
    if survey.opened_at is not None:
        asked = f" {number(survey.invited)} som kom har fått den." if survey.invited else ""
        return f"Öppnade {moment(survey.opened_at)}.{asked}{absent}"
    opens = opens_at(survey, settings)
    if survey.state is SurveyState.DRAFT:
        return f"Öppnar inte av sig själv förrän du säger till. Tänkt: {moment(opens)}, till dem som kom.{absent}"
    if opens <= at:
        return f"Öppnar när närvaron är klar, till dem som kom.{absent}"
    return f"Öppnar {moment(opens)}, till dem som kom.{absent}"


def _asks_absent(survey: Survey) -> bool:
    return survey.asks_no_shows and any(question.asked is Asked.NO_SHOW for question in survey.questions)


def _reminds(survey: Survey, settings: SurveySettings, at: datetime) -> str:
    times = reminder_times(survey, settings)
    if not times:
        return "Ingen påminnelse går ut."
    left = [one for one in times if one > at]
    if survey.opened_at is not None and not left:
        return f"{_in_words(len(times))} har gått ut, den sista {short_day(times[-1])}."
    return f"Påminner den som inte har svarat {_listed([short_day(one) for one in (left or times)])}."


def _in_words(reminders: int) -> str:
    return "Påminnelsen" if reminders == 1 else f"{reminders} påminnelser"


def closes(survey: Survey, settings: SurveySettings) -> str:
    """Until when it can be answered, a sentence."""
    closing = closes_at(survey, settings)
    if local(closing).time() == time():
        return f"Går att svara på till och med {short_day(last_day(survey, settings))}."
    return f"Stänger {moment(closing)}."


def _listed(parts: Sequence[str]) -> str:
    return " och ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


# --- languages ----------------------------------------------------------------------------------------------------


def lacks_english(question: SurveyQuestion) -> bool:
    """Whether any of its words would be shown in Swedish on the English page."""
    ends = [(question.low, question.low_en), (question.high, question.high_en)]
    options = [(one["sv"], one.get("en", "")) for one in question.options]
    return any(swedish and not english for swedish, english in [(question.text, question.text_en), *ends, *options])


def missing_english(owner: Owner) -> list[str]:
    """What has no English text, as a list reads it; empty when all is there."""
    texts = [("inledningen", owner.intro, owner.intro_en), ("tacket", owner.thanks, owner.thanks_en)]
    missing = [name for name, swedish, english in texts if swedish and not english]
    questions = sum(lacks_english(question) for question in owner.questions)
    if questions:
        missing.insert(0, "en fråga" if questions == 1 else f"{questions} frågor")
    return missing
