"""The file that a printer addresses copies from."""

from __future__ import annotations

from collections.abc import Iterable

from eventsys import audit
from eventsys.companies.models import Company
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.printing.envelopes import Addressee
from eventsys.sheets import FileKind, sheet

COLUMNS = ("Företag", "c/o", "Adress", "Postnummer", "Ort")
TAKEN_OUT = "issue.addresses_taken_out"


def addresses(kind: FileKind, people: Iterable[Addressee], title: str) -> bytes:
    """A table with a line an addressee, in the order given; postcodes as on an envelope, `503 32`."""
    rows = ([one.name, one.care_of, one.street, one.spaced_postcode, one.place] for one in people)
    return sheet(kind, COLUMNS, rows, title)


def address_file(issue: Issue, companies: Iterable[Company]) -> bytes:
    """An .xlsx with a line a company that gets the issue on paper."""
    return addresses(FileKind.XLSX, map(addressee, companies), f"Adresser nr {issue.number} {issue.year}")


def addressee(company: Company) -> Addressee:
    return Addressee(company.name, company.care_of, company.street, company.postcode, company.place, company.id)


def note_taken_out(issue_id: int, rows: int) -> None:
    """Note in the audit trail that addresses left the house. Flushes nothing, does not commit."""
    audit.record(TAKEN_OUT, f"issue:{issue_id}", rows=rows)
