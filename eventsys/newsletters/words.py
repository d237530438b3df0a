"""Swedish words for states, kinds and acts, as staff read them. Each state has its badge."""

from __future__ import annotations

from typing import NamedTuple

from eventsys.newsletters.issues.models import ArticleKind, ArticleState, IssueState
from eventsys.newsletters.printing.recipients import WhyNot
from eventsys.newsletters.responses.models import CommentState
from eventsys.newsletters.subscriptions.importing import Verdict
from eventsys.newsletters.subscriptions.models import SubscriptionState, Way
from eventsys.newsletters.welcome import words as welcome

ISSUES: dict[IssueState, tuple[str, str]] = {
    IssueState.DRAFT: ("neutral", "Utkast"),
    IssueState.SCHEDULED: ("info", "Schemalagt"),
    IssueState.LEAVING: ("good", "Utgivet"),
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
    Way.STAFF: "Tillagd av personal",
}
SUBSCRIPTIONS: dict[SubscriptionState, tuple[str, str]] = {
    SubscriptionState.ACTIVE: ("good", "Prenumererar"),
    SubscriptionState.ENDED: ("neutral", "Avslutad"),
}


class CommentWords(NamedTuple):
    """What a comment in a state is called: alone, several, and as the filter says it."""

    one: str
    many: str
    plural: str


COMMENTS = {
    CommentState.NEW: CommentWords("ny", "nya", "Nya"),
    CommentState.READ: CommentWords("läst", "lästa", "Lästa"),
    CommentState.HIDDEN: CommentWords("dold", "dolda", "Dolda"),
}
WHY_NO_PAPER = {
    WhyNot.REFUSES: "Reklamspärr",
    WhyNot.NO_STREET: "Gatuadress saknas",
    WhyNot.NO_POSTCODE: "Postnumret är inte fem siffror",
    WhyNot.NO_PLACE: "Ort saknas",
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
    "newsletters/issue": "Företagsamt",
    "newsletters/issue_test": "Provbrev av Företagsamt",
    "newsletters/confirm_subscription": "Fråga om prenumeration",
    "newsletters/confirm_address": "Fråga om ny adress",
    "newsletters/already_subscribed": "Prenumererar redan",
    **welcome.LETTER_NAMES,
}

ACTS: dict[str, str] = {
    "issue.planned": "Planerade nummer",
    "issue.dates_changed": "Ändrade ett nummers dagar",
    "issue.edited": "Ändrade ett nummers ämnesrad",
    "issue.approval_asked": "Bad om godkännande",
    "issue.approved": "Godkände nummer",
    "issue.returned": "Lämnade tillbaka nummer",
    "issue.tested": "Skickade provbrev",
    "article.added": "Lade till artikel",
    "article.placed": "Flyttade artikel",
    "article.removed": "Tog bort artikel",
    "picture.added": "Laddade upp bild",
    "issue.audience_chosen": "Valde mottagare för nummer",
    "issue.scheduled": "Bestämde när ett nummer skickas",
    "issue.taken_back": "Tog tillbaka tiden för ett nummer",
    "issue.left": "Skickade nummer",
    "issue.stood_still": "Stoppade nummer som inte kunde skickas",
    "issue.begun_anew": "Gjorde om ett avbrutet utskick",
    "issue.ledger_taken_out": "Tog ut ett utskicks liggare",
    "segment.added": "Gjorde urval",
    "segment.changed": "Ändrade urval",
    "segment.deleted": "Tog bort urval",
    "newsletter_settings.changed": "Ändrade inställningar för nyhetsbrev",
    "comments.read": "Läste kommentarer",
    "comments.unread": "Markerade kommentarer som nya",
    "comments.hidden": "Dolde kommentarer",
    "issue.addresses_taken_out": "Tog ut adresser till tryckeriet",
    "reader.asked": "Frågade om prenumeration",
    "reader.confirmed": "Bekräftade prenumeration",
    "reader.chose": "Ändrade sina brev",
    "reader.left": "Avslutade brev",
    "reader.came_back": "Ångrade att breven avslutades",
    "reader.address_changed": "Bytte adress",
    "reader.exported": "Tog ut prenumeranter",
    "reader.imported": "Importerade prenumeranter",
    "sign_up_code.added": "Gjorde en QR-kod",
    "welcome_round.addresses_taken_out": "Tog ut adresser till välkomstbrev",
    "welcome_round.paper_taken_out": "Tog ut välkomstbrev på papper",
    "welcome_settings.changed": "Ändrade inställningar för välkomstbrev",
    **welcome.ACTS,
}
THINGS = {
    "welcome_round": "Omgång välkomstbrev", "welcome_settings": "Inställningar för välkomstbrev",
    "issue": "Nummer", "article": "Artikel", "reader": "Prenumerant", "sign_up_code": "QR-kod",
    "sign_up": "Fråga om prenumeration", "segment": "Urval",
    "picture": "Bild", "proof": "Korrektur", "response": "Svar på artikel",
    "newsletter_settings": "Inställningar för nyhetsbrev",
}  # fmt: skip
