"""What a paper is while it is being made: its plan, and the parts that are ready, in one zip.

It lies in the paper's own row, so that whichever worker comes next goes on where the last one was killed.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

_PLAN = "plan.json"


def new_folder(plan: Mapping[str, Any], first: bytes | None = None) -> bytes:
    """A folder with what is fixed when the paper is asked for: plain values, and perhaps a first part."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr(_PLAN, json.dumps(dict(plan)))
    return out.getvalue() if first is None else with_part(out.getvalue(), first)


def plan_in(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        plan: dict[str, Any] = json.loads(folder.read(_PLAN))
        return plan


def with_part(content: bytes, part: bytes) -> bytes:
    """The folder with one more part."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a") as folder:
        folder.writestr(f"{len(folder.namelist()):05}.pdf", part)
    return out.getvalue()


def parts_in(content: bytes) -> list[bytes]:
    """The parts, in the order in which they came."""
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        return [folder.read(name) for name in sorted(set(folder.namelist()) - {_PLAN})]


def bound(content: bytes, title: str) -> bytes:
    """All parts as one PDF, in their order."""
    from pypdf import PdfWriter  # noqa: PLC0415 - heavy, and few processes bind

    out = io.BytesIO()
    with PdfWriter() as writer:
        for part in parts_in(content):
            writer.append(io.BytesIO(part), import_outline=False)
        writer.compress_identical_objects(remove_unreferenced=True)  # each part brought the same fonts
        writer.add_metadata({"/Title": title})
        writer.write(out)
    return out.getvalue()
