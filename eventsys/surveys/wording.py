"""How the questions are worded unless staff word them otherwise: the three of the index, and a line for no-shows."""

from __future__ import annotations

from typing import Any

from eventsys.surveys.models import Asked, QuestionKind, SurveyQuestion

_QUESTIONS: tuple[dict[str, Any], ...] = (
    {
        "kind": QuestionKind.SATISFIED,
        "text": "Hur nöjd är du med evenemanget i sin helhet?",
        "text_en": "How satisfied are you with the event as a whole?",
        "low": "Inte alls nöjd", "low_en": "Not at all satisfied",
        "high": "Mycket nöjd", "high_en": "Very satisfied",
    },
    {
        "kind": QuestionKind.EXPECTATIONS,
        "text": "Hur väl uppfyllde evenemanget dina förväntningar?",
        "text_en": "How well did the event meet your expectations?",
        "low": "Inte alls", "low_en": "Not at all",
        "high": "Helt och hållet", "high_en": "Completely",
    },
    {
        "kind": QuestionKind.IDEAL,
        "text": (
            "Tänk dig ett perfekt evenemang av det här slaget. "
            "Hur nära ett sådant ideal kom det här evenemanget?"
        ),
        "text_en": "Imagine a perfect event of this kind. How close to that ideal did this event come?",
        "low": "Mycket långt ifrån", "low_en": "Very far from it",
        "high": "Mycket nära", "high_en": "Very close",
    },
    {
        "kind": QuestionKind.TEXT,
        "text": "Vad tar du med dig, och vad kan vi göra bättre?",
        "text_en": "What do you take with you, and what could we do better?",
    },
    {
        "kind": QuestionKind.TEXT,
        "asked": Asked.NO_SHOW,
        "text": "Vi saknade dig. Var det något med evenemanget som gjorde att du inte kom?",
        "text_en": "We missed you. Was it something about the event that kept you away?",
    },
)  # fmt: skip


def usual_questions() -> list[SurveyQuestion]:
    """The questions that a survey begins with, new rows without an owner. English texts are translations of ours."""
    return [SurveyQuestion(position=place, **one) for place, one in enumerate(_QUESTIONS, start=1)]
