"""What the door says, in Swedish: by the page with script, by the plain page, and on the staff's page."""

from __future__ import annotations

from eventsys.events.checkin.models import ScanResult
from eventsys.events.checkin.pins import Keeper

# kind (its colour and sign), the word, what to do
RESULTS: dict[ScanResult, tuple[str, str, str]] = {
    ScanResult.WELCOME: ("good", "Välkommen", ""),
    ScanResult.ALREADY: ("warn", "Redan inne", "Biljetten är använd. Fråga vem personen är och sök på namnet."),
    ScanResult.REVOKED: ("bad", "Biljetten gäller inte", "Den har bytts mot en ny. Be att få se det senaste brevet."),
    ScanResult.CANCELLED: ("bad", "Avbokad", "Platsen är avbokad. Lägg till utan anmälan om det finns plats."),
    ScanResult.WRONG_EVENT: ("bad", "Annat evenemang", "Biljetten gäller ett annat evenemang."),
    ScanResult.WRONG_SESSION: ("bad", "Annat pass", "Personen har inte valt det här passet."),
    ScanResult.WAITING: ("warn", "Står i kö", "Personen har ingen plats. En ansvarig kan släppa in ändå."),
    ScanResult.UNKNOWN: ("bad", "Okänd biljett", "Koden finns inte i listan. Sök på namnet i stället."),
    ScanResult.UNDONE: ("info", "Insläppet är ångrat", "Personen räknas som väntad igen."),
    ScanResult.REFUSED: ("bad", "Gick inte", "Läs in sidan på nytt och försök igen."),
}
WHY = {
    "full": "Det är fullt. En ansvarig kan släppa in ändå.",
    "room_full": "Passet är fullt.",
    "supervisor_only": "Bara en ansvarig kan göra det här.",
    "not_in_here": "Personen är inte insläppt vid den här dörren.",
    "event_cancelled": "Evenemanget är inställt.",
    "closed": "Dörren är stängd. Fråga den som ansvarar för evenemanget.",
}
KEEPERS = {Keeper.HOST: "Värd", Keeper.SUPERVISOR: "Ansvarig"}


def for_script() -> dict[str, dict[str, list[str] | str]]:
    """The same words for the page's script."""
    return {
        "results": {result.value: list(words) for result, words in RESULTS.items()},
        "why": dict(WHY),
    }
