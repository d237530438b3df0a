"""Doors for administrators: the rules, what would be destroyed now, and the protocols."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit, documents
from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.errors import Refused
from eventsys.forms import Form
from eventsys.paging import ID, page_in_address, page_urls
from eventsys.privacy.retention import protocols
from eventsys.privacy.retention.forms import RuleForm, filled_in
from eventsys.privacy.retention.models import RetentionRun
from eventsys.privacy.retention.rules import set_rule, take_rule_away
from eventsys.privacy.retention.running import what_is_due
from eventsys.retention import asides, categories, category, force_of, interval_words, rules
from eventsys.sheets import MIME, FileKind
from eventsys.staff.acts import ACTS, PLACES, THINGS, Place
from eventsys.staff.guards import signed_in, staff_only
from eventsys.staff.models import Role
from eventsys.staff.navigation import SETTINGS, Entry

doors = Blueprint("retention", __name__, url_prefix="/personal/gallring")

NO_PDF = "Den här datorn kan inte göra PDF. Ta ut protokollet som Excel så länge."

ACTS.update(
    {
        "retention.rule_set": "Satte regel för gallring",
        "retention.rule_removed": "Tog bort regel för gallring",
        "retention.begun": "Började gallra",
        "retention.destroyed": "Gallrade",
        "retention.protocol_taken_out": "Tog ut gallringsprotokoll",
    }
)
THINGS.update({"retention": "Gallring", "retention_run": "Gallringsprotokoll"})
PLACES["retention_run"] = Place("retention.show_protocol", "run_id", RetentionRun)
SETTINGS.append(Entry("Gallring", "retention.show_rules", "remove", "Hur länge uppgifter sparas, enligt vilka beslut."))


@doors.get("")
@staff_only(Role.ADMINISTRATOR)
def show_rules() -> ResponseReturnValue:
    """Every category with its rule."""
    found, known = rules(), [(one, force_of(one.key)) for one in categories()]
    return render_template(
        "privacy/staff/rules.html", known=known, rules=found, words=interval_words, asides=asides(),
        deeds=protocols.DEEDS,
    )  # fmt: skip


@doors.get("/regler/<key>")
@staff_only(Role.ADMINISTRATOR)
def show_rule(key: str) -> ResponseReturnValue:
    return _rule_page(key, filled_in(rules().get(key), force_of(key)))


def _rule_page(key: str, form: RuleForm) -> str:
    return render_template(
        "privacy/staff/rule.html", category=category(key), form=form, rule=rules().get(key), press=Form(formdata=None),
        words=interval_words, force=force_of(key),
    )  # fmt: skip


@doors.post("/regler/<key>")
@staff_only(Role.ADMINISTRATOR)
def submit_rule(key: str) -> ResponseReturnValue:
    category(key)
    form = RuleForm()
    if not form.validate_on_submit():
        return _rule_page(key, form), 422
    try:
        with transaction():
            rule = set_rule(key, form.ruling, signed_in().name, now())
    except Refused as refusal:
        form.form_errors.append(str(refusal))
        return _rule_page(key, form), 422
    flash(_said_of(rule.reference, key), "good")
    return redirect(url_for("retention.show_rules"))


def _said_of(reference: str, key: str) -> str:
    name = category(key).name
    if reference:
        return f"Regeln för ”{name}” är sparad. I natt gallras det som är gammalt nog."
    return f"Regeln för ”{name}” är sparad. Inget gallras förrän beslutets beteckning står där."


@doors.post("/regler/<key>/ta-bort")
@staff_only(Role.ADMINISTRATOR)
def submit_rule_removal(key: str) -> ResponseReturnValue:
    try:
        with transaction():
            take_rule_away(key)
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(f"Regeln för ”{category(key).name}” är borttagen.", "good")
    return redirect(url_for("retention.show_rules"))


@doors.get("/nu")
@staff_only(Role.ADMINISTRATOR)
def show_due() -> ResponseReturnValue:
    """The dry run: what the next night would destroy if it came now. Nothing is destroyed by looking."""
    return render_template("privacy/staff/due.html", found=what_is_due(now()), words=interval_words)


@doors.get("/protokoll")
@staff_only(Role.ADMINISTRATOR)
def show_protocols() -> ResponseReturnValue:
    page = protocols.protocol_page(page_in_address())
    pages = page_urls("retention.show_protocols", page.number, page.pages)
    return render_template("privacy/staff/protocols.html", page=page, pages=pages)


@doors.get(f"/protokoll/<{ID}:run_id>")
@staff_only(Role.ADMINISTRATOR)
def show_protocol(run_id: int) -> ResponseReturnValue:
    return render_template(
        "privacy/staff/protocol.html", run=protocols.protocol(run_id), deeds=protocols.DEEDS,
        by_default=protocols.BY_DEFAULT,
    )  # fmt: skip


@doors.get(f"/protokoll/<{ID}:run_id>/protokoll.<kind>")
@staff_only(Role.ADMINISTRATOR)
def show_protocol_file(run_id: int, kind: str) -> ResponseReturnValue:
    """As .pdf to print and file, as .xlsx or .csv; that it was taken out is recorded."""
    run = protocols.protocol(run_id)
    name = f"gallringsprotokoll-{local(run.begun_at).date()}-{run.id}"
    if kind == "pdf":
        try:
            content, mime = protocols.protocol_paper(run), "application/pdf"
        except documents.NoPdf:
            flash(NO_PDF, "warn")
            return redirect(url_for("retention.show_protocol", run_id=run_id))
    else:
        chosen = FileKind(kind) if kind in set(FileKind) else FileKind.XLSX
        content, mime, kind = protocols.protocol_file(run, chosen), MIME[chosen], chosen.value
    with transaction():
        audit.record("retention.protocol_taken_out", f"retention_run:{run_id}", kind=kind)
    return download(content, mime, f"{name}.{kind}")
