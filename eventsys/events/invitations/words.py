"""Swedish words for the guest list, as staff read them."""

from eventsys.events.invitations.files import Verdict
from eventsys.events.invitations.standing import Standing

STANDINGS: dict[Standing, tuple[str, str]] = {
    Standing.LISTED: ("neutral", "Ej skickad"),
    Standing.SILENT: ("warn", "Väntar på svar"),
    Standing.YES: ("good", "Ja"),
    Standing.QUEUED: ("warn", "Ja, i kö"),
    Standing.NO: ("neutral", "Nej"),
    Standing.HANDED_ON: ("info", "Lämnat över"),
    Standing.LEFT: ("neutral", "Avbokat"),
    Standing.REQUESTED: ("info", "Ber om plats"),
    Standing.REFUSED: ("neutral", "Fick nej"),
    Standing.WITHDRAWN: ("neutral", "Återkallad"),
}

VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.NEW: ("good", "Ny"),
    Verdict.DOUBLE: ("neutral", "Finns redan"),
    Verdict.WRONG: ("bad", "Fel"),
}


def letters(count: int) -> str:
    """`1 brev`, `14 brev`."""
    return f"{count} brev"


def guests(count: int) -> str:
    """`1 gäst`, `14 gäster`."""
    return "1 gäst" if count == 1 else f"{count} gäster"
