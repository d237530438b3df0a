"""Swedish words of the welcome letters, and the text that the first of them begins with."""

from __future__ import annotations

from eventsys.newsletters.welcome.models import Choice, RoundState

ROUNDS: dict[RoundState, tuple[str, str]] = {
    RoundState.DRAFT: ("neutral", "Utkast"),
    RoundState.ASKED: ("info", "Väntar på godkännande"),
    RoundState.APPROVED: ("good", "Godkänd"),
    RoundState.SENT: ("good", "Skickad"),
}
CHOICES: dict[Choice, tuple[str, str]] = {
    Choice.EMAIL: ("good", "E-post"),
    Choice.PAPER: ("info", "Papper"),
    Choice.STRUCK: ("warn", "Struken"),
    Choice.EXCLUDED: ("neutral", "Utelämnas"),
}
CHOICE_WORDS = {"e-post": Choice.EMAIL, "papper": Choice.PAPER, "strukna": Choice.STRUCK, "utelamnas": Choice.EXCLUDED}
"""How addresses of pages say a choice."""
STRIKES = ("Revisorns adress", "Vilande bolag", "Redan välkomnat")
"""Reasons that are offered for striking a company."""

SUBJECT = "Välkommen som företagare i Borås"
BODY = (
    "<p>Vi såg att ni har startat företag här, och vill önska er välkomna.</p>"
    "<p>Vi på Näringslivsenheten är er väg in i kommunen. Undrar ni över något, stort eller smått, så fråga oss. "
    "Vet vi inte svaret hjälper vi er till den som gör det.</p>"
    "<p>Hör av er när det passar er. Vi ser fram emot att lära känna er.</p>"
)

LETTER_NAMES = {
    "newsletters/welcome": "Välkomstbrev",
    "newsletters/welcome_test": "Provbrev av välkomstbrev",
}
ACTS: dict[str, str] = {
    "welcome_round.added": "Gjorde en omgång välkomstbrev",
    "welcome_round.approval_asked": "Bad om godkännande av välkomstbrev",
    "welcome_round.approved": "Godkände välkomstbrev",
    "welcome_round.begun_on": "Bestämde från vilken dag företag är nya",
    "welcome_round.edited": "Ändrade välkomstbrev",
    "welcome_round.ledger_taken_out": "Tog ut välkomstbrevens liggare",
    "welcome_round.let_go": "Lät företag vänta till nästa omgång",
    "welcome_round.printed_instead": "Valde papper för brev som inte kom fram",
    "welcome_round.removed": "Tog bort en omgång välkomstbrev",
    "welcome_round.reopened": "Tog tillbaka välkomstbrev till utkast",
    "welcome_round.returned": "Lämnade tillbaka välkomstbrev",
    "welcome_round.sent": "Skickade välkomstbrev",
    "welcome_round.struck": "Strök företag ur en omgång",
    "welcome_round.tested": "Skickade provbrev av välkomstbrev",
    "welcome_round.unstruck": "Tog tillbaka strukna företag",
}
