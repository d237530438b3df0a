"""An extract as files: a PDF to read, and the same as JSON, in one .zip that staff hand over.

It is made from the rows each time and kept nowhere.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eventsys import audit, documents
from eventsys.clock import local
from eventsys.personal import Section
from eventsys.privacy.asking import about
from eventsys.privacy.models import PersonRequest
from eventsys.privacy.queries import person_at, sections_of

NAME = "registerutdrag"


def extract_file(row: PersonRequest, at: datetime) -> bytes:
    """The .zip. Raises documents.NoPdf."""
    sections = sections_of(person_at(row.address))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(f"{NAME}.pdf", documents.pdf("privacy/extract_pdf.html", row=row, sections=sections, at=at))
        bundle.writestr(f"{NAME}.json", json.dumps(as_json(row, sections, at), ensure_ascii=False, indent=2))
    return out.getvalue()


def as_json(row: PersonRequest, sections: Sequence[Section], at: datetime) -> dict[str, Any]:
    """The same as data: each section with its rows, column by column."""
    return {
        "adress": row.address,
        "framtaget": local(at).isoformat(timespec="seconds"),
        "avsnitt": [
            {
                "rubrik": section.title,
                "varfor": section.why,
                "rader": [dict(zip(section.columns, one, strict=True)) for one in section.rows],
            }
            for section in sections
        ],
    }


def note_extract(row: PersonRequest, sections: int) -> None:
    """Note in the audit trail that somebody's data left the house. Does not commit."""
    audit.record("person_request.extracted", about(row.id), sections=sections)
