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

REASONS = {
    "elsewhere": "Finns på annan ort",
    "sole_trader": "Enskild firma eller dödsbo",
    "deregistered": "Avregistrerat",
    "procedure": "I konkurs, likvidation eller liknande",
    "repeated": "Samma företag en gång till",
    "joined": "Samma företag som en tidigare rad, läggs ihop",
    "foreign": "Utan svenskt organisationsnummer",
}

# The audit trail's words: each group of pages adds those of its own acts here.
ACTS: dict[str, str] = {
    "company.import_begun": "Lämnade in en fil med företag",
    "company.import_cancelled": "Avbröt en inläsning av företag",
    "company.import_report_taken_out": "Tog ut rapporten om en inläsning",
    "company.imported": "Läste in företag",
    "company.postcodes_changed": "Ändrade kommunens postnummer",
}
THINGS = {"company": "Företag", "company_import": "Import av företag", "tag": "Etikett"}
