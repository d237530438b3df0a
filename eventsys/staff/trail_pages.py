"""Doors: the audit trail, and the same as a file. Nothing here changes it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.paging import page_in_address, page_urls
from eventsys.sheets import MIME, FileKind
from eventsys.staff import queries, trail
from eventsys.staff.acts import GROUPS, PLACES, THINGS, Group, Place, describe_act
from eventsys.staff.forms import AuditFilterForm
from eventsys.staff.guards import staff_only
from eventsys.staff.models import Account, Role

doors = Blueprint("trail", __name__, url_prefix="/personal")

PAGE = "trail.show_trail"
PLACES["account"] = Place("staff_settings.show_account", "account_id", Account)


@doors.get("/installningar/logg")
@staff_only(Role.ADMINISTRATOR)
def show_trail() -> ResponseReturnValue:
    """`?vem=`, `?grupp=`, `?vad=`, `?slag=`, `?galler=event:12`, `?fran=` and `?till=` narrow it."""
    form = _form()
    page = trail.trail_page(_wanted(form), page_in_address())
    kept = _kept()
    return render_template(
        "staff/audit_trail.html", form=form, page=page, names=queries.account_names(), kept=kept,
        links=trail.links_to({entry.subject for entry in page.entries}),
        pages=page_urls(PAGE, page.number, page.pages, **kept),
    )  # fmt: skip


@doors.get("/installningar/logg.xlsx")
@staff_only(Role.ADMINISTRATOR)
def show_trail_file() -> ResponseReturnValue:
    """Exactly what the filter shows, as a file; that it was taken out stands in the trail itself."""
    wanted = _wanted(_form())
    try:
        file = trail.trail_file(wanted)
    except trail.TooLong as refusal:
        flash(str(refusal), "bad")
        return redirect(url_for(PAGE, **_kept()))
    with transaction():
        trail.note_export(file.rows, wanted)
    return download(file.content, MIME[FileKind.XLSX], f"logg-{local(now()).date()}.xlsx")


def _form() -> AuditFilterForm:
    form = AuditFilterForm(request.args)
    acts = sorted((describe_act(action), action) for action in trail.actions())
    things = sorted({words: kind for kind, words in THINGS.items()}.items())
    form.vem.choices = [SelectChoice("", "Alla"), *(SelectChoice(actor) for actor in trail.actors())]
    form.grupp.choices = [SelectChoice("", "Allt"), *(SelectChoice(one.value, GROUPS[one]) for one in GROUPS)]
    form.vad.choices = [SelectChoice("", "Allt"), *(SelectChoice(action, words) for words, action in acts)]
    form.slag.choices = [SelectChoice("", "Allt"), *(SelectChoice(kind, words) for words, kind in things)]
    form.validate()
    return form


def _wanted(form: AuditFilterForm) -> trail.Wanted:
    return trail.Wanted(
        actor=form.vem.data or "",
        group=Group(form.grupp.data) if form.grupp.data in set(Group) else None,
        action=form.vad.data or "",
        thing=form.slag.data or "",
        subject=form.galler.data or "",
        first_day=form.fran.data,
        last_day=form.till.data,
    )


def _kept() -> dict[str, Any]:
    """The filter as it stands in the address."""
    names = ("vem", "grupp", "vad", "slag", "galler", "fran", "till")
    return {name: request.args[name] for name in names if request.args.get(name)}
