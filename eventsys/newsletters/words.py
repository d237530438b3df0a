"""Swedish words for states, kinds and acts, as staff read them. Each state has its badge."""

from __future__ import annotations

from eventsys.newsletters.issues.models import ArticleKind, ArticleState, IssueState
from eventsys.newsletters.subscriptions.importing import Verdict
from eventsys.newsletters.subscriptions.models import SubscriptionState, Way

ISSUES: dict[IssueState, tuple[str, str]] = {
    IssueState.DRAFT: ("neutral", "Utkast"),
    IssueState.SCHEDULED: ("info", "Schemalagt"),
    IssueState.LEAVING: ("good", "Utskick"),
    IssueState.CANCELLED: ("bad", "Inställt"),
}
ARTICLE_KINDS = {
    ArticleKind.ARTICLE: "Artikel",
    ArticleKind.EVENT: "Evenemang",
    ArticleKind.EVENT_LIST: "Kalender",
    ArticleKind.PROCUREMENT: "Upphandling",
}
ARTICLES: dict[ArticleState, tuple[str, str]] = {
    ArticleState.IDEA: ("neutral", "Idé"),
    ArticleState.DRAFT: ("warn", "Utkast"),
    ArticleState.READY: ("good", "Klar"),
}
WAYS = {
    Way.PAGE: "Webbsidan",
    Way.CODE: "QR-kod",
    Way.REGISTRATION: "Anmälan till evenemang",
    Way.IMPORT: "Import",
    Way.STAFF: "Inlagd av personal",
}
SUBSCRIPTIONS: dict[SubscriptionState, tuple[str, str]] = {
    SubscriptionState.ACTIVE: ("good", "Prenumererar"),
    SubscriptionState.ENDED: ("neutral", "Avslutad"),
}

VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.NEW: ("good", "Ny"),
    Verdict.THERE: ("neutral", "Finns redan"),
    Verdict.LEFT: ("warn", "Har slutat"),
    Verdict.REFUSED: ("warn", "Vill inte ha brev"),
    Verdict.SUPPRESSED: ("warn", "Spärrad"),
    Verdict.WRONG: ("bad", "Fel"),
}

LETTER_NAMES = {
    "newsletters/confirm_subscription": "Fråga om prenumeration",
    "newsletters/confirm_address": "Fråga om ny adress",
    "newsletters/already_subscribed": "Prenumererar redan",
}

ACTS: dict[str, str] = {
    "reader.asked": "Frågade om prenumeration",
    "reader.confirmed": "Bekräftade prenumeration",
    "reader.chose": "Ändrade sina brev",
    "reader.left": "Avslutade brev",
    "reader.came_back": "Ångrade att breven avslutades",
    "reader.address_changed": "Bytte adress",
    "reader.exported": "Tog ut prenumeranter",
    "reader.imported": "Importerade prenumeranter",
    "sign_up_code.added": "Gjorde en QR-kod",
}
THINGS = {
    "issue": "Nummer", "article": "Artikel", "reader": "Prenumerant", "sign_up_code": "QR-kod",
    "sign_up": "Anmälan till brev", "segment": "Urval",
    "picture": "Bild", "proof": "Korrektur", "response": "Svar på artikel",
}  # fmt: skip
