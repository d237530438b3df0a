"""Doors: imports and what became of them; the report of one, and its yes or no."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit
from eventsys.clock import now
from eventsys.companies import words
from eventsys.companies.actors import apply_import
from eventsys.companies.imports import applying, queries, reading
from eventsys.companies.models import Import, ImportState, Verdict
from eventsys.companies.newcomers import our_postcodes
from eventsys.companies.numbers import shown
from eventsys.companies.staff.doors import REGISTRARS, doors, section_page
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.forms import Form
from eventsys.i18n import number
from eventsys.paging import ID, page_in_address, page_urls
from eventsys.sheets import MIME, Cell, FileKind, xlsx
from eventsys.staff.guards import signed_in, staff_only

TAB = "show_imports"
PAGE = "companies_staff.show_import"
REPORT = ("Rad", "Blir", "Företag", "Organisationsnummer", "Anmärkning")


@doors.get("/inlasning")
@staff_only(*REGISTRARS)
def show_imports() -> ResponseReturnValue:
    page = page_in_address()
    rows, pages = queries.imports(page)
    return section_page(
        "imports", TAB, imports=rows, count=_count, postcodes=len(our_postcodes()), page=page, page_count=pages,
        pages=page_urls("companies_staff.show_imports", page, pages),
    )  # fmt: skip


def _count(found: Import, verdict: str) -> int:
    return int(found.counts.get(verdict, 0))


@doors.get(f"/inlasning/<{ID}:import_id>")
@staff_only(*REGISTRARS)
def show_import(import_id: int) -> ResponseReturnValue:
    """How far it is; once it is read, the report, line by line."""
    found, verdict = queries.import_by_id(import_id), _verdict_in_address()
    if found.state in queries.MOVING:
        return section_page("import", TAB, **_progress(found))
    page = queries.lines_of(import_id, verdict, page_in_address())
    return section_page(
        "import",
        TAB,
        **_progress(found),
        verdict=verdict,
        page=page,
        told=queries.told_about(import_id),
        pages=page_urls(PAGE, page.number, page.pages, import_id=import_id, visa=verdict.value if verdict else None),
        wanted=_wanted(found),
        shown=shown,
        form=Form(formdata=None),
    )


def _verdict_in_address() -> Verdict | None:
    try:
        return Verdict(request.args.get("visa", ""))
    except ValueError:
        return None


def _progress(found: Import) -> dict[str, Any]:
    return {
        "found": found, "count": _count, "is_moving": found.state in queries.MOVING, "reasons": words.REASONS,
        "share": min(100, round(100 * found.read_so_far / max(found.size, 1))),
    }  # fmt: skip


def _wanted(found: Import) -> str:
    """`312 nya och 45 ändrade företag`, or nothing."""
    new, changed = _count(found, Verdict.NEW), _count(found, Verdict.CHANGED)
    parts = [f"{number(new)} {'nytt' if new == 1 else 'nya'}"] if new else []
    parts += [f"{number(changed)} {'ändrat' if changed == 1 else 'ändrade'}"] if changed else []
    return f"{' och '.join(parts)} företag" if parts else ""


@doors.get(f"/inlasning/<{ID}:import_id>/lage")
@staff_only(*REGISTRARS)
def show_import_progress(import_id: int) -> ResponseReturnValue:
    """The part of the page that moves."""
    return render_template("companies/staff/_import_progress.html", **_progress(queries.import_by_id(import_id)))


@doors.post(f"/inlasning/<{ID}:import_id>/las-in")
@staff_only(*REGISTRARS)
def submit_import_confirm(import_id: int) -> ResponseReturnValue:
    queries.import_by_id(import_id)
    try:
        with transaction():
            applying.confirm(import_id)
            apply_import.ring_after_commit(import_id)
    except applying.NotToBeTaken as refusal:
        flash(str(refusal), "warn")
    return redirect(url_for(PAGE, import_id=import_id))


@doors.post(f"/inlasning/<{ID}:import_id>/avbryt")
@staff_only(*REGISTRARS)
def submit_import_cancel(import_id: int) -> ResponseReturnValue:
    queries.import_by_id(import_id)
    with transaction():
        is_cancelled = reading.cancel(import_id, now(), f"{signed_in().name} avbröt. Inget lästes in.")
        if is_cancelled:
            audit.record("company.import_cancelled", f"company_import:{import_id}")
    if is_cancelled:
        flash("Inläsningen är avbruten. Inget är ändrat.", "good")
        return redirect(url_for("companies_staff.show_imports"))
    flash("Inläsningen är redan klar eller på väg in, och går inte att avbryta.", "warn")
    return redirect(url_for(PAGE, import_id=import_id))


# --- the report as a file -----------------------------------------------------------------------------------------


@doors.get(f"/inlasning/<{ID}:import_id>/rapport.xlsx")
@staff_only(*REGISTRARS)
def show_import_report(import_id: int) -> ResponseReturnValue:
    found = queries.import_by_id(import_id)
    with transaction():
        audit.record("company.import_report_taken_out", f"company_import:{import_id}", rows=found.lines)
    content = xlsx(REPORT, _report_rows(import_id), "Inläsning", above=_summary(queries.import_by_id(import_id)))
    return download(content, MIME[FileKind.XLSX], f"inlasning-{import_id}.xlsx")


def _report_rows(import_id: int) -> Iterator[tuple[Cell, ...]]:
    for line in queries.every_line(import_id):
        yield line.line, words.VERDICTS[line.verdict][1], line.name, line.number or "", line.remark


def _summary(found: Import) -> list[str]:
    verdicts = [f"{text}: {_count(found, verdict)}" for verdict, (_, text) in words.VERDICTS.items()]
    passed = [
        f"  {text}: {_count(found, f'passed_over:{reason}')}"
        for reason, text in words.REASONS.items()
        if _count(found, f"passed_over:{reason}")
    ]
    done = "" if found.state is ImportState.DONE else " (inget är inläst)"
    return [f"{found.file_name}, {words.FORMATS[found.format]}{done}", f"Rader: {found.lines}", *verdicts, *passed, ""]
