"""The goals that the first plan begins with: those of the office's own plan of activities."""

from __future__ import annotations

from typing import Any

from eventsys.companies.settings import register_settings
from eventsys.followup.models import ByHand, Direction
from eventsys.newsletters.settings import newsletter_settings
from eventsys.surveys.settings import survey_settings

ISSUES, ROUNDS, POSTS, EVERY_ASSOCIATION, CITY_NKI = 4, 4, 40, 100, 76

MEETINGS, LETTERS, DIALOGUE, CLIMATE = "Mötesplatser", "Kommunikation", "Dialog med företagen", "Företagsklimat"


def first_goals() -> list[dict[str, Any]]:
    """Columns of goals, in their order. Targets that are settings elsewhere are as they are set there."""
    return [
        {"focus_area": MEETINGS, "name": "Evenemang", "unit": "evenemang", "figure": "evenemang"},
        {"focus_area": MEETINGS, "name": "Deltagare på evenemang", "unit": "deltagare", "figure": "deltagare"},
        {
            "focus_area": MEETINGS, "name": "NKI efter evenemangen", "figure": "nki",
            "target": float(survey_settings().goal), "to_stratsys": True,
            "explanation": "Trenden ska vara positiv.",
        },
        {"focus_area": MEETINGS, "name": "Svarsfrekvens på enkäterna", "unit": "%", "figure": "svar"},
        {"focus_area": MEETINGS, "name": "Andel som kom av de anmälda", "unit": "%", "figure": "narvaro"},
        {
            "focus_area": LETTERS, "name": "Nya prenumeranter på nyhetsbreven", "unit": "personer",
            "figure": "prenumeranter", "target": float(newsletter_settings().goal_new),
        },
        {
            "focus_area": LETTERS, "name": "Nummer av Företagsamt", "unit": "nummer", "figure": "nummer",
            "target": float(ISSUES), "explanation": "Mars, juni, september och december.",
        },
        {
            "focus_area": LETTERS, "name": "Inlägg på LinkedIn", "unit": "inlägg", "by_hand": ByHand.SUM,
            "target": float(POSTS),
        },
        {
            "focus_area": DIALOGUE, "name": "Företagsbesök", "unit": "besök", "figure": "besok",
            "target": float(register_settings().goal_visits), "to_stratsys": True,
        },
        {
            "focus_area": DIALOGUE, "name": "Omgångar av välkomstbrev", "unit": "omgångar", "figure": "valkomstbrev",
            "target": float(ROUNDS),
        },
        {
            "focus_area": DIALOGUE, "name": "Informerade företagarföreningar", "unit": "%", "figure": "foreningar",
            "target": float(EVERY_ASSOCIATION), "explanation": "Varje förening minst en gång om året.",
        },
        {
            "focus_area": CLIMATE, "name": "NKI i SKR:s mätning Insikt", "by_hand": ByHand.LATEST,
            "target": float(CITY_NKI), "to_stratsys": True,
        },
        {
            "focus_area": CLIMATE, "name": "Svenskt Näringslivs ranking", "unit": "plats", "by_hand": ByHand.LATEST,
            "direction": Direction.AT_MOST, "to_stratsys": True,
        },
    ]  # fmt: skip
