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
    "survey.exported": "Tog ut resultat av enkät",
    "survey.made": "Skapade enkät",
    "survey.made_ready": "Lät enkät öppna av sig själv",
    "survey.open_way_made": "Skapade QR-kod till enkät",
    "survey.open_way_removed": "Tog bort QR-kod till enkät",
    "survey.opened": "Öppnade enkät",
    "survey.overview_exported": "Tog ut listan över enkäter",
    "survey.question_added": "Lade till fråga i enkät",
    "survey.question_edited": "Ändrade fråga i enkät",
    "survey.question_removed": "Tog bort fråga ur enkät",
    "survey.questions_moved": "Ordnade om frågor i enkät",
    "survey.reminded": "Påminde om enkät",
    "survey.results_shown": "Visade resultat av enkät för alla",
    "survey.results_withdrawn": "Slutade visa resultat av enkät",
    "survey.taken_back": "Gjorde enkät till utkast",
    "survey.text_hidden": "Dolde fritext i enkät",
    "survey.text_shown": "Visade fritext i enkät igen",
    "survey.texts_edited": "Ändrade texter i enkät",
    "survey.times_edited": "Ändrade tider för enkät",
    "survey_settings.changed": "Ändrade enkäternas inställningar",
    "survey_template.edited": "Ändrade enkätmall",
    "survey_template.made": "Skapade enkätmall",
}
THINGS = {"survey": "Enkät", "survey_settings": "Enkäternas inställningar", "survey_template": "Enkätmall"}
