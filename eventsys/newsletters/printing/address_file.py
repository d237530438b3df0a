"""The file that the printer addresses the copies from."""

from __future__ import annotations

from collections.abc import Iterable

from eventsys import audit
from eventsys.companies.models import Company
from eventsys.newsletters.issues.models import Issue
from eventsys.sheets import xlsx

COLUMNS = ("Företag", "c/o", "Adress", "Postnummer", "Ort")
TAKEN_OUT = "issue.addresses_taken_out"


def address_file(issue: Issue, companies: Iterable[Company]) -> bytes:
    """An .xlsx with a line a company; postcodes as on an envelope, `503 32`."""
    rows = ([one.name, one.care_of, one.street, _spaced(one.postcode), one.place] for one in companies)
    return xlsx(COLUMNS, rows, f"Adresser nr {issue.number} {issue.year}")


def _spaced(postcode: str) -> str:
    return f"{postcode[:3]} {postcode[3:]}"


def note_taken_out(issue_id: int, rows: int) -> None:
    """Note in the audit trail that addresses left the house. Flushes nothing, does not commit."""
    audit.record(TAKEN_OUT, f"issue:{issue_id}", rows=rows)
