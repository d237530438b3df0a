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

# Why a free text is hidden, by the word in the form. Fixed words: a reason in own words could name the person too.
WHY_HIDDEN = {
    "person": "Nämner en person",
    "foretag": "Pekar ut ett företag",
    "krankande": "Är kränkande",
    "annat": "Hör inte hit",
}

# The audit trail's words: each group of pages adds those of its own acts here.
ACTS: dict[str, str] = {
    "survey.closed": "Stängde enkät",
    "survey.opened": "Öppnade enkät",
    "survey.reminded": "Påminde om enkät",
    "survey.exported": "Tog ut resultat av enkät",
    "survey.overview_exported": "Tog ut listan över enkäter",
    "survey.results_shown": "Visade resultat av enkät för alla",
    "survey.results_withdrawn": "Slutade visa resultat av enkät",
    "survey.text_hidden": "Dolde fritext i enkät",
    "survey.text_shown": "Visade fritext i enkät igen",
}
THINGS = {"survey": "Enkät", "survey_template": "Enkätmall"}
