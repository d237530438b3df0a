"""Doors for administrators: the public statements, changed, looked at before they are saved, and as they once were."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit
from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.privacy.statements.forms import StatementForm, filled_in, form_of
from eventsys.privacy.statements.showing import shown_parts
from eventsys.staff.acts import ACTS, THINGS
from eventsys.staff.guards import signed_in, staff_only
from eventsys.staff.models import Role
from eventsys.staff.navigation import SETTINGS, Entry
from eventsys.statements import (
    LANGUAGES,
    PARTS,
    SavedMeanwhile,
    StatementIncomplete,
    StatementKind,
    Version,
    in_force,
    save_version,
    version_called,
    version_in_force,
    versions,
)

doors = Blueprint("statements", __name__, url_prefix="/personal/installningar/texter")

WORDS = {
    "personuppgifter": StatementKind.PRIVACY,
    "tillganglighet": StatementKind.ACCESSIBILITY,
    "samtycke": StatementKind.CONSENT,
}
"""How addresses say a kind."""
NAMES = {
    StatementKind.PRIVACY: "Så hanterar vi personuppgifter",
    StatementKind.ACCESSIBILITY: "Tillgänglighetsredogörelse",
    StatementKind.CONSENT: "Samtycke till nyhetsbrev",
}
PUBLIC_PAGES = {
    StatementKind.PRIVACY: "privacy.show_privacy",
    StatementKind.ACCESSIBILITY: "privacy.show_accessibility",
    StatementKind.CONSENT: "newsletters.show_sign_up",
}
LANGUAGE_NAMES = {"sv": "Svenska", "en": "Engelska"}

ACTS["statement.changed"] = "Ändrade text om personuppgifter eller tillgänglighet"
THINGS["statement"] = "Offentlig text"
SETTINGS.append(
    Entry(
        "Texter om personuppgifter och tillgänglighet", "statements.show_statements", "info",
        "Det vi säger om personuppgifter, kakor, samtycke och tillgänglighet, i alla versioner.",
    )
)  # fmt: skip


@doors.get("")
@staff_only(Role.ADMINISTRATOR)
def show_statements() -> ResponseReturnValue:
    found = {kind: [in_force(kind, lang) for lang in LANGUAGES] for kind in StatementKind}
    return render_template(
        "privacy/staff/statements.html", found=found, words={kind: word for word, kind in WORDS.items()}, names=NAMES,
        languages=LANGUAGE_NAMES, public=PUBLIC_PAGES,
    )  # fmt: skip


@doors.get("/<word>/<lang>")
@staff_only(Role.ADMINISTRATOR)
def show_statement(word: str, lang: str) -> ResponseReturnValue:
    """The parts to be changed. The help says which marks there are and which facts can be put in."""
    kind = _kind(word, lang)
    return _form_page(kind, lang, filled_in(in_force(kind, lang)))


def _form_page(kind: StatementKind, lang: str, form: StatementForm, preview: Version | None = None) -> str:
    return _page(
        "statement", kind, lang, form=form, parts=PARTS[kind],
        preview=shown_parts(preview) if preview else None, version=in_force(kind, lang),
    )  # fmt: skip


def _page(template: str, kind: StatementKind, lang: str, **context: object) -> str:
    word = next(word for word, one in WORDS.items() if one is kind)
    return render_template(
        f"privacy/staff/{template}.html", kind=kind, word=word, statement_lang=lang, name=NAMES[kind],
        languages=LANGUAGE_NAMES, public=PUBLIC_PAGES[kind], **context,
    )  # fmt: skip


@doors.post("/<word>/<lang>")
@staff_only(Role.ADMINISTRATOR)
def submit_statement(word: str, lang: str) -> ResponseReturnValue:
    """Saves a new version; with the button `gor=visa` it only shows how the page would look."""
    kind = _kind(word, lang)
    form = form_of(kind, lang)
    if not form.validate_on_submit():
        return _form_page(kind, lang, form), 422
    if request.form.get("gor") == "visa":
        return _form_page(kind, lang, form, _as_written(kind, lang, form))
    try:
        with transaction():
            label = save_version(
                kind, lang, form.parts, form.assessed_on.data, signed_in().name, form.seen.data or "", now()
            )
            audit.record("statement.changed", "statement:", kind=kind.value, lang=lang, version=label)
    except StatementIncomplete as refusal:
        form.refuse_parts(refusal.errors)
        return _form_page(kind, lang, form), 422
    except SavedMeanwhile as refusal:
        form.seen.data = refusal.label
        form.form_errors.append(str(refusal))
        return _form_page(kind, lang, form), 409
    flash(f"Version {label} är sparad och visas nu.", "good")
    return redirect(url_for("statements.show_versions", word=word, lang=lang))


def _as_written(kind: StatementKind, lang: str, form: StatementForm) -> Version:
    today = local(now()).date()
    shown = replace(in_force(kind, lang), parts=form.parts, assessed_on=form.assessed_on.data, changed_on=today)
    return replace(shown, label=f"{version_in_force(kind)} (utkast)")


@doors.get("/<word>/<lang>/versioner")
@staff_only(Role.ADMINISTRATOR)
def show_versions(word: str, lang: str) -> ResponseReturnValue:
    kind = _kind(word, lang)
    return _page("statement_versions", kind, lang, found=versions(kind, lang))


@doors.get("/<word>/<lang>/versioner/<label>")
@staff_only(Role.ADMINISTRATOR)
def show_version(word: str, lang: str, label: str) -> ResponseReturnValue:
    """The words as they were under this label; the facts in them are those of today."""
    kind = _kind(word, lang)
    version = version_called(kind, lang, label)
    return _page("statement_version", kind, lang, version=version, parts=shown_parts(version))


def _kind(word: str, lang: str) -> StatementKind:
    if word not in WORDS or lang not in LANGUAGES:
        raise NotFound
    return WORDS[word]
