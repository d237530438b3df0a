"""Swedish words of the register, as staff read them."""

from __future__ import annotations

from eventsys.companies.models import CompanyKind, ImportFormat, ImportState, Origin, Verdict, VisitForm

KINDS = {
    CompanyKind.COMPANY: "Företag",
    CompanyKind.ASSOCIATION: "Företagarförening",
    CompanyKind.PUBLIC: "Offentlig verksamhet",
}
ORIGINS = {
    Origin.REGISTRATION: "Anmälan till evenemang",
    Origin.HAND: "Inlagt för hand",
    Origin.OWN_LIST: "Egen lista",
    Origin.BOLAGSVERKET: "Bolagsverkets fil",
    Origin.SCB: "SCB:s fil",
}
VISIT_FORMS = {
    VisitForm.ON_SITE: "På plats",
    VisitForm.DIGITAL: "Digitalt",
    VisitForm.INFORMATION: "Information",
}
FORMATS = {
    ImportFormat.OWN: "Egen lista",
    ImportFormat.BOLAGSVERKET: "Bolagsverket",
    ImportFormat.SCB: "SCB",
}
IMPORTS: dict[ImportState, tuple[str, str]] = {
    ImportState.WAITING: ("neutral", "Väntar"),
    ImportState.READING: ("info", "Läses"),
    ImportState.READ: ("warn", "Att granska"),
    ImportState.CONFIRMED: ("info", "Ska läsas in"),
    ImportState.APPLYING: ("info", "Läses in"),
    ImportState.DONE: ("good", "Inläst"),
    ImportState.FAILED: ("bad", "Misslyckades"),
    ImportState.CANCELLED: ("neutral", "Avbruten"),
}
VERDICTS: dict[Verdict, tuple[str, str]] = {
    Verdict.NEW: ("good", "Ny"),
    Verdict.CHANGED: ("info", "Ändras"),
    Verdict.SAME: ("neutral", "Oförändrad"),
    Verdict.REFUSED: ("bad", "Tas inte in"),
    Verdict.PASSED_OVER: ("neutral", "Hoppas över"),
}
COUNTED: dict[Verdict, str] = {
    Verdict.NEW: "nya",
    Verdict.CHANGED: "ändras",
    Verdict.SAME: "oförändrade",
    Verdict.REFUSED: "tas inte in",
    Verdict.PASSED_OVER: "hoppas över",
}
"""The same of several."""

REASONS = {
    "elsewhere": "Finns på annan ort",
    "sole_trader": "Enskild firma eller dödsbo",
    "deregistered": "Avregistrerat",
    "procedure": "I konkurs, likvidation eller liknande",
    "repeated": "Samma företag en gång till",
    "joined": "Samma företag som en tidigare rad, läggs ihop",
    "foreign": "Utan svenskt organisationsnummer",
}

# What moves when two companies become one. Tables of higher slices are named as text.
MOVING = {
    "company_note.company_id": "Anteckningar",
    "company_sni.company_id": "SNI-koder",
    "company_tag.company_id": "Etiketter",
    "contact.company_id": "Kontakter",
    "invitation.company_id": "Inbjudningar",
    "reader.company_id": "Prenumeranter",
    "registration.company_id": "Anmälningar",
    "visit.company_id": "Besök",
    "welcome_letter.company_id": "Välkomstbrev",
}


def moving_word(name: str) -> str:
    """The rows of a table that moves, `contact.company_id`, as staff call them."""
    return MOVING[name]


# The audit trail's words: each group of pages adds those of its own acts here.
ACTS: dict[str, str] = {
    "company.added": "Lade in företag",
    "company.archived": "Arkiverade företag",
    "company.changed": "Ändrade företag",
    "company.contact_added": "Lade till kontakt på företag",
    "company.contact_changed": "Ändrade kontakt på företag",
    "company.contact_removed": "Tog bort kontakt på företag",
    "company.exported": "Tog ut lista över företag",
    "company.followed_up": "Följde upp besök hos företag",
    "company.note_added": "Skrev anteckning om företag",
    "company.note_changed": "Ändrade anteckning om företag",
    "company.note_removed": "Tog bort anteckning om företag",
    "company.restored": "Tog tillbaka företag ur arkivet",
    "company.tagged": "Ändrade etiketter på företag",
    "company.visit_added": "Skrev in besök hos företag",
    "company.visit_changed": "Ändrade besök hos företag",
    "company.visit_removed": "Tog bort besök hos företag",
    "company.import_begun": "Lämnade in en fil med företag",
    "company.import_confirmed": "Sa ja till en inläsning av företag",
    "company.import_cancelled": "Avbröt en inläsning av företag",
    "company.import_report_taken_out": "Tog ut rapporten om en inläsning",
    "company.imported": "Läste in företag",
    "company.postcodes_changed": "Ändrade kommunens postnummer",
    "company.merged": "Slog ihop företag",
    "company.unmerged": "Delade på företag",
    "register_settings.changed": "Ändrade inställningar för registret",
    "tag.added": "Lade till etikett",
    "tag.given": "Satte etikett på flera företag",
    "tag.removed": "Tog bort etikett",
    "tag.renamed": "Bytte namn på etikett",
    "tag.taken": "Tog bort etikett från flera företag",
    "visit.exported": "Tog ut lista över besök",
}
THINGS = {
    "company": "Företag",
    "company_import": "Inläsning av företag",
    "tag": "Etikett",
    "register_settings": "Registrets inställningar",
    "visit": "Besök",
}
