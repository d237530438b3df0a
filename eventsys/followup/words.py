"""Swedish words of the follow-up, as staff read them."""

from __future__ import annotations

from eventsys.followup.models import ByHand, Direction, Light

LIGHTS: dict[Light, tuple[str, str]] = {
    Light.GREEN: ("good", "Grönt"),
    Light.YELLOW: ("warn", "Gult"),
    Light.RED: ("bad", "Rött"),
}
"""The kind of the badge, and the word."""
NOT_JUDGED = ("neutral", "Inte bedömt")
MEANINGS = {
    Light.GREEN: "Målet nås, eller är på god väg.",
    Light.YELLOW: "Målet är osäkert. Något behöver göras.",
    Light.RED: "Målet nås inte.",
}
DIRECTIONS = {Direction.AT_LEAST: "minst", Direction.AT_MOST: "högst"}
BY_HAND = {ByHand.SUM: "Skrivs in för hand och summeras", ByHand.LATEST: "Skrivs in för hand, det senaste gäller"}
HALVES = {1: "Första halvåret", 2: "Andra halvåret"}

ACTS = {
    "goal.added": "Lade till mål",
    "goal.assessed": "Bedömde mål",
    "goal.edited": "Ändrade mål",
    "goal.moved": "Flyttade mål",
    "goal.removed": "Tog bort mål",
    "hand_entry.added": "Skrev in siffra",
    "hand_entry.taken_back": "Tog tillbaka siffra",
    "report.exported": "Tog ut uppföljningen",
    "settlement.reopened": "Öppnade fastställd uppföljning",
    "settlement.settled": "Fastställde uppföljning",
    "year_plan.made": "Skapade årsplan",
}
THINGS = {
    "goal": "Mål",
    "hand_entry": "Inskriven siffra",
    "report": "Uppföljning",
    "settlement": "Fastställd uppföljning",
    "year_plan": "Årsplan",
}
