"""Doors: readers, one reader with everything they agreed to, and the figure of new ones."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import audit
from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.downloads import download
from eventsys.forms import Form
from eventsys.mail.queries import letters_to
from eventsys.mail.suppression import suppression_of
from eventsys.newsletters.lists import COMPANIES
from eventsys.newsletters.staff.doors import LIST_TAKERS, WRITERS, doors, section_page
from eventsys.newsletters.staff.reader_forms import NewReaderForm, new_reader_form, reader_filter
from eventsys.newsletters.subscriptions.choosing import names_by_key, offers
from eventsys.newsletters.subscriptions.figures import first_year, new_readers
from eventsys.newsletters.subscriptions.leaving import leave, refuse_all
from eventsys.newsletters.subscriptions.models import Way
from eventsys.newsletters.subscriptions.queries import code_names, consents_of, lists_of, reader_by_id
from eventsys.newsletters.subscriptions.readers import all_readers, how_many, lists_in_use, reader_page
from eventsys.newsletters.subscriptions.rows import COLUMNS, reader_rows
from eventsys.newsletters.subscriptions.signing_up import HasThemAlready, sign_up_by_hand
from eventsys.newsletters.words import SUBSCRIPTIONS, WAYS
from eventsys.sheets import MIME, FileKind, sheet
from eventsys.staff.guards import may_enter, signed_in, staff_only


@doors.get("/prenumeranter")
@staff_only(*WRITERS)
def show_readers() -> ResponseReturnValue:
    lists = lists_in_use()
    form = reader_filter(request.args, lists)
    form.validate()
    wanted = form.wanted
    return section_page(
        "readers", "show_readers", form=form, wanted=wanted, lists=lists, counts=how_many(),
        page=reader_page(wanted, request.args.get("sida", 1, type=int)),
        takes_lists=may_enter(signed_in(), frozenset(LIST_TAKERS)),
    )  # fmt: skip


@doors.get("/prenumeranter/lista.<kind>")
@staff_only(*LIST_TAKERS)
def show_readers_file(kind: str) -> ResponseReturnValue:
    """Exactly what the filter shows, as a file; that it was taken out is recorded."""
    chosen = FileKind(kind) if kind in set(FileKind) else FileKind.XLSX
    wanted = reader_filter(request.args, lists_in_use()).wanted
    rows = list(reader_rows(all_readers(wanted)))
    content = sheet(chosen, COLUMNS, rows, "Prenumeranter")
    with transaction():
        audit.record("reader.exported", "reader:", rows=len(rows), filter=sorted(wanted.args))
    return download(content, MIME[chosen], f"prenumeranter-{local(now()).date()}.{chosen}")


# --- one reader ---------------------------------------------------------------------------------------------------


@doors.get("/prenumeranter/<int:reader_id>")
@staff_only(*WRITERS)
def show_reader(reader_id: int) -> ResponseReturnValue:
    reader = reader_by_id(reader_id)
    consents = consents_of(reader)
    keys = {one.list for one in consents} | {one.list for one in reader.subscriptions}
    return section_page(
        "reader", "show_readers", reader=reader, consents=consents, names=names_by_key(sorted(keys)),
        codes=code_names({one.code_id for one in consents if one.code_id}), letters=letters_to(reader.address),
        suppression=suppression_of(reader.address), press=Form(formdata=None), has=lists_of(reader),
        companies=COMPANIES, states=SUBSCRIPTIONS, ways=WAYS,
    )  # fmt: skip


@doors.get("/prenumeranter/<int:reader_id>/avsluta")
@staff_only(*WRITERS)
def show_reader_leaving(reader_id: int) -> ResponseReturnValue:
    """Asks before one list (`?brev=`) or all of them end; what the reader does not have cannot end."""
    reader, key = reader_by_id(reader_id), request.args.get("brev", "")
    if key not in lists_of(reader) if key else reader.refused_at is not None:
        flash("Den var redan avslutad.", "good")
        return redirect(url_for("newsletters_staff.show_reader", reader_id=reader_id))
    return section_page(
        "reader_leaving", "show_readers", reader=reader, key=key, name=names_by_key([key]).get(key, key),
        press=Form(formdata=None),
    )  # fmt: skip


@doors.post("/prenumeranter/<int:reader_id>/avsluta")
@staff_only(*WRITERS)
def submit_reader_leaves(reader_id: int) -> ResponseReturnValue:
    """One list that the button names, or all."""
    key = request.form.get("brev", "")
    with transaction():
        left = leave(reader_id, key, now(), Way.STAFF) if key else refuse_all(reader_id, now(), Way.STAFF)
    flash("Prenumerationen är avslutad." if left else "Den var redan avslutad.", "good")
    return redirect(url_for("newsletters_staff.show_reader", reader_id=reader_id))


# --- by hand ------------------------------------------------------------------------------------------------------


@doors.get("/prenumeranter/ny")
@staff_only(*WRITERS)
def show_new_reader() -> ResponseReturnValue:
    return _new_page(new_reader_form(_offered()))


def _offered() -> dict[str, str]:
    return {one.key: one.name for one in offers()}


def _new_page(form: NewReaderForm) -> str:
    return section_page("reader_new", "show_readers", form=form)


@doors.post("/prenumeranter/ny")
@staff_only(*WRITERS)
def submit_new_reader() -> ResponseReturnValue:
    """The person is asked by letter like everybody else."""
    form = new_reader_form(_offered())
    if not form.validate_on_submit():
        return _new_page(form), 422
    try:
        with transaction():
            sign_up_by_hand(form.wish(), now())
    except HasThemAlready as refusal:
        form.email.errors = [str(refusal)]
        return _new_page(form), 422
    flash(f"Ett brev har gått till {form.email.data}. Prenumerationen börjar när personen har bekräftat.", "good")
    return redirect(url_for("newsletters_staff.show_readers"))


# --- the figure ---------------------------------------------------------------------------------------------------


@doors.get("/prenumeranter/nya")
@staff_only(*WRITERS)
def show_new_readers() -> ResponseReturnValue:
    """`?ar=2027`, and perhaps `&manad=3` or `&kalla=kod-4` to see who they are."""
    this_year = local(now()).year
    first = first_year(this_year)
    year = request.args.get("ar", this_year, type=int)
    year = min(max(year, first), this_year)
    month = request.args.get("manad", 0, type=int)
    found = new_readers(year)
    source = request.args.get("kalla", "")
    month = month if 0 < month < 13 else 0
    source = source if source in {one.key for one in found.sources} else ""
    return section_page(
        "new_readers", "show_readers", figures=found, month=month, source=source, years=range(first, this_year + 1),
        named=found.named(month, source) if month or source else [], ways=WAYS,
    )  # fmt: skip
