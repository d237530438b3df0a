"""Swedish words of the slice, as staff read them."""

from __future__ import annotations

from eventsys.privacy.models import RequestState, Wish

WISHES = {
    Wish.EXTRACT: "Se uppgifterna",
    Wish.CORRECT: "Rätta uppgifterna",
    Wish.ERASE: "Bli raderad",
}
STATES: dict[RequestState, tuple[str, str]] = {
    RequestState.ASKED: ("neutral", "Inte bekräftad"),
    RequestState.WAITING: ("warn", "Att svara på"),
    RequestState.ERASING: ("info", "Raderas när brevet har gått"),
    RequestState.DONE: ("good", "Klar"),
    RequestState.REFUSED: ("neutral", "Avslagen"),
}
LETTER_NAMES = {
    "privacy/confirm_request": "Bekräfta begäran om uppgifter",
    "privacy/request_received": "Begäran om uppgifter mottagen",
    "privacy/request_done": "Begäran om uppgifter klar",
    "privacy/request_refused": "Nej till begäran om uppgifter",
    "privacy/request_erased": "Sista brevet före radering",
}
ACTS = {
    "person_request.begun": "Tog emot begäran om personuppgifter",
    "person_request.seen": "Såg uppgifter för en begäran",
    "person_request.extracted": "Tog ut registerutdrag",
    "person_request.corrected": "Rättade personuppgifter",
    "person_request.done": "Svarade på begäran om personuppgifter",
    "person_request.refused": "Avslog begäran om personuppgifter",
    "person_request.erasing_decided": "Beslutade att radera en person",
    "person_request.erased": "Raderade en person",
}
THINGS = {"person_request": "Begäran om personuppgifter"}
