"""What a paper is while it is being made: who is on it and how, and the parts that are ready, in one zip.

It lies in the paper's own row, so that whichever worker comes next goes on where the last one was killed.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict, dataclass

from pypdf import PdfWriter

_PLAN = "plan.json"


@dataclass(frozen=True)
class Plan:
    """Whom the paper holds, fixed when it was asked for, so that nobody slips between two parts."""

    ids: list[int]
    sheet: str = ""  # of badges
    sessions: bool = False


def new_folder(plan: Plan) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(_PLAN, json.dumps(asdict(plan)))
    return out.getvalue()


def plan_in(content: bytes) -> Plan:
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        return Plan(**json.loads(folder.read(_PLAN)))


def with_part(content: bytes, part: bytes) -> bytes:
    """The folder with one more part."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as folder:
        folder.writestr(f"{len(folder.namelist()):05}.pdf", part)
    return out.getvalue()


def bound(content: bytes, title: str) -> bytes:
    """All parts as one PDF, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as folder, PdfWriter() as writer:
        for name in sorted(set(folder.namelist()) - {_PLAN}):
            writer.append(io.BytesIO(folder.read(name)), import_outline=False)
        writer.compress_identical_objects(remove_unreferenced=True)  # each part brought the same fonts
        writer.add_metadata({"/Title": title})
        writer.write(out)
    return out.getvalue()
