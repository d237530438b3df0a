"""Doors for administrators: public records handed out, and the list of what was."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.errors import NotFound
from eventsys.handing_out import RecordSet, record_set, record_sets
from eventsys.names import slug
from eventsys.paging import ID, page_in_address, page_urls
from eventsys.privacy.handouts.forms import ColumnsForm, PeriodForm, ThingForm
from eventsys.privacy.handouts.giving import (
    FIRST_ROWS,
    NothingChosen,
    Wish,
    file_of,
    handout_by_id,
    handout_page,
    note_handout,
)
from eventsys.privacy.handouts.models import Handout
from eventsys.sheets import MIME, FileKind, as_text
from eventsys.staff.acts import ACTS, PLACES, THINGS, Place
from eventsys.staff.guards import signed_in, staff_only
from eventsys.staff.models import Role
from eventsys.staff.navigation import SETTINGS, Entry

doors = Blueprint("handouts", __name__, url_prefix="/personal/utlamnande")

ACTS["handout.handed_out"] = "Lämnade ut allmänna handlingar"
THINGS["handout"] = "Utlämnande"
PLACES["handout"] = Place("handouts.show_handout", "handout_id", Handout)
SETTINGS.append(
    Entry(
        "Lämna ut handlingar", "handouts.show_sets", "share",
        "Ta ut en mängd allmänna handlingar med personuppgifter maskerade.",
    )
)  # fmt: skip


@doors.get("")
@staff_only(Role.ADMINISTRATOR)
def show_sets() -> ResponseReturnValue:
    return render_template("privacy/staff/sets.html", sets=record_sets())


@doors.get("/lista")
@staff_only(Role.ADMINISTRATOR)
def show_handouts() -> ResponseReturnValue:
    page = handout_page(page_in_address())
    pages = page_urls("handouts.show_handouts", page.number, page.pages)
    return render_template("privacy/staff/handouts.html", page=page, pages=pages)


@doors.get(f"/lista/<{ID}:handout_id>")
@staff_only(Role.ADMINISTRATOR)
def show_handout(handout_id: int) -> ResponseReturnValue:
    return render_template("privacy/staff/handout.html", handout=handout_by_id(handout_id))


@doors.get("/<key>")
@staff_only(Role.ADMINISTRATOR)
def show_set(key: str) -> ResponseReturnValue:
    """First which thing (`?val=12`) or which days (`?fran=&till=`), then the columns with all personal data masked."""
    records = record_set(key)
    wish, chooser = _asked(records)
    if wish is None:
        return render_template("privacy/staff/set.html", records=records, chooser=chooser, form=None)
    return _columns_page(wish, chooser, ColumnsForm.of(wish.table().columns, is_new=True))


def _asked(records: RecordSet) -> tuple[Wish | None, ThingForm | PeriodForm | None]:
    """What the address asks for, or None when it does not say enough; and the form that asks."""
    if records.by_period:
        form = PeriodForm(request.args) if request.args else PeriodForm(formdata=None)
        complete = bool(request.args) and form.validate()
        return (Wish(records, "", form.fran.data, form.till.data) if complete else None), form
    if records.choices is None:
        return Wish(records), None
    chooser = ThingForm.among(records.choices(), request.args)
    return (Wish(records, chooser.val.data) if request.args.get("val") else None), chooser


def _columns_page(wish: Wish, chooser: ThingForm | PeriodForm | None, form: ColumnsForm) -> str:
    table = wish.table()
    masking = form.masking(table.columns)
    kept = [column.name for column in table.columns if column.name in masking.kept]
    return render_template(
        "privacy/staff/set.html", records=wish.records, chooser=chooser, form=form, title=table.title, columns=kept,
        rows=[[as_text(cell) for cell in row] for row in table.first(kept, masking.masked, FIRST_ROWS)],
        open_columns=_open(form),
    )  # fmt: skip


def _open(form: ColumnsForm) -> list[str]:
    """Personal columns that are in the file and not masked, in words, for the page to warn of."""
    kept, masked = set(form.kept.data or ()), set(form.masked.data or ())
    return [str(label).removeprefix("Maskera ") for place, label, *_ in form.masked.iter_choices()
            if place in kept and place not in masked]  # fmt: skip


@doors.post("/<key>")
@staff_only(Role.ADMINISTRATOR)
def submit_set(key: str) -> ResponseReturnValue:
    """With `gor=visa` the first rows anew; otherwise the file (`gor=xlsx` or `gor=csv`), noted before it leaves."""
    wish, chooser = _asked(record_set(key))
    if wish is None:
        raise NotFound
    columns = wish.table().columns
    form, wanted = ColumnsForm.of(columns, is_new=False), request.form.get("gor")
    if not form.validate_on_submit():
        return _columns_page(wish, chooser, form), 422
    if wanted not in set(FileKind):
        return _columns_page(wish, chooser, form)
    kind, masking = FileKind(wanted), form.masking(columns)
    try:
        given = file_of(wish, masking, kind)
    except NothingChosen as refusal:
        form.kept.errors = [str(refusal)]
        return _columns_page(wish, chooser, form), 422
    with transaction():
        note_handout(wish, masking, kind, given, signed_in().name, form.case_number.data, form.reason.data, now())
    return download(given.content, MIME[kind], f"utlamnande-{slug(given.title)}-{local(now()).date()}.{kind}")
