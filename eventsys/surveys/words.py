"""Swedish words of surveys, as staff read them."""

from __future__ import annotations

from eventsys.surveys.models import Asked, QuestionKind, SurveyState, Way
from eventsys.surveys.nki import Band

STATES: dict[SurveyState, tuple[str, str]] = {
    SurveyState.DRAFT: ("neutral", "Utkast"),
    SurveyState.READY: ("info", "Öppnar av sig själv"),
    SurveyState.OPEN: ("good", "Öppen"),
    SurveyState.CLOSED: ("neutral", "Stängd"),
}
KINDS = {
    QuestionKind.SATISFIED: "Helhet (NKI)",
    QuestionKind.EXPECTATIONS: "Förväntningar (NKI)",
    QuestionKind.IDEAL: "Ideal (NKI)",
    QuestionKind.SCALE: "Skala 1–10",
    QuestionKind.CHOICE: "Ett val",
    QuestionKind.CHOICES: "Flera val",
    QuestionKind.TEXT: "Fritext",
}
ASKED = {
    Asked.ATTENDED: "De som kom",
    Asked.NO_SHOW: "De som uteblev",
}
WAYS = {
    Way.PERSONAL: "Personlig länk",
    Way.OPEN: "Öppen länk",
    Way.NO_SHOW: "Uteblivna",
    Way.SESSION: "Om pass",
}
LETTER_NAMES = {
    "surveys/invitation": "Enkät",
    "surveys/no_show": "Fråga till utebliven",
    "surveys/reminder": "Påminnelse om enkät",
}
BANDS = {
    Band.VERY_HIGH: "mycket högt",
    Band.HIGH: "högt",
    Band.FAIR: "godkänt",
    Band.LOW: "lågt",
    Band.VERY_LOW: "mycket lågt",
}

# The audit trail's words: each group of pages adds those of its own acts here.
ACTS: dict[str, str] = {
    "survey.closed": "Stängde enkät",
    "survey.opened": "Öppnade enkät",
    "survey.reminded": "Påminde om enkät",
}
THINGS = {"survey": "Enkät", "survey_template": "Enkätmall"}
