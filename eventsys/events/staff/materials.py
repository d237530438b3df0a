"""Doors: an event's links and files, and handing them out."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.events import words
from eventsys.events.access import PLANNERS, event_for
from eventsys.events.forms import PressForm
from eventsys.events.materials import keeping
from eventsys.events.materials.handing_out import download
from eventsys.events.materials.queries import material_in, materials_of, people_who_came
from eventsys.events.materials.uploads import LARGEST, PoorFile, read_upload
from eventsys.events.models import Event
from eventsys.events.staff.doors import doors, event_page
from eventsys.fields import TITLE
from eventsys.forms import Form, LineField, at_most, required
from eventsys.staff.guards import signed_in, staff_only

LARGEST_FORM = LARGEST + 1024 * 1024  # the file and the fields around it; a little more is refused in our own words


class LinkForm(Form):
    link_title = LineField("Rubrik", [required("Skriv vad länken leder till."), at_most(TITLE)])
    url = LineField("Adress", [required("Skriv adressen. Den ska börja med https://."), at_most(keeping.LONGEST_URL)])


class MaterialFileForm(Form):
    title = LineField("Rubrik", [at_most(TITLE)], description="Lämna tomt för att visa filens namn.")
    file = FileField("Fil", [required("Välj en fil.")])


@doors.url_value_preprocessor
def _let_large_files_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form (the check of its token does): here files may be larger than elsewhere."""
    if endpoint == "events_staff.submit_material_file":
        request.max_content_length = LARGEST_FORM


@doors.get("/evenemang/<int:event_id>/material")
@staff_only(*PLANNERS)
def show_materials(event_id: int) -> ResponseReturnValue:
    return _page(event_for(signed_in(), event_id))


def _page(event: Event, **forms: Form) -> str:
    return event_page(
        "materials",
        event,
        "show_event",
        materials=materials_of(event.id),
        came=people_who_came(event.id),
        link_form=forms.get("link") or LinkForm(formdata=None),
        file_form=forms.get("file") or MaterialFileForm(formdata=None),
        form=PressForm(formdata=None),
    )


def _back(event_id: int) -> ResponseReturnValue:
    return redirect(url_for("events_staff.show_materials", event_id=event_id))


@doors.post("/evenemang/<int:event_id>/material/lank")
@staff_only(*PLANNERS)
def submit_material_link(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), LinkForm()
    if not form.validate_on_submit():
        return _page(event, link=form), 422
    try:
        with transaction():
            keeping.add_link(event_id, form.link_title.data, form.url.data, now())
    except (keeping.PoorLink, keeping.TooMany) as refusal:
        form.url.errors = [str(refusal)]
        return _page(event_for(signed_in(), event_id), link=form), 422
    flash("Länken är tillagd.", "good")
    return _back(event_id)


@doors.post("/evenemang/<int:event_id>/material/fil")
@staff_only(*PLANNERS)
def submit_material_file(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), MaterialFileForm()
    sent = request.files.get("file")
    if not form.validate_on_submit() or sent is None:
        return _page(event, file=form), 422
    try:
        with closing(sent):
            upload = read_upload(sent.filename or "", sent.read())
        with transaction():
            keeping.add_file(event_id, form.title.data, upload, now())
    except (PoorFile, keeping.TooMany) as refusal:
        form.file.errors = [str(refusal)]
        return _page(event_for(signed_in(), event_id), file=form), 422
    flash("Filen är tillagd.", "good")
    return _back(event_id)


@doors.get("/evenemang/<int:event_id>/material/<int:material_id>")
@staff_only(*PLANNERS)
def show_staff_material(event_id: int, material_id: int) -> ResponseReturnValue:
    """The file as guests get it."""
    event_for(signed_in(), event_id)
    found = material_in(event_id, material_id)
    return redirect(found.url) if found.url else download(found, private=True)


@doors.post("/evenemang/<int:event_id>/material/<int:material_id>")
@staff_only(*PLANNERS)
def submit_material(event_id: int, material_id: int) -> ResponseReturnValue:
    """`gor` says what was pressed: move it, show it to everybody or not, take it away."""
    material_in(event_for(signed_in(), event_id).id, material_id)
    pressed = request.form.get("gor", "")
    with transaction():
        if pressed in ("upp", "ner"):
            keeping.move(event_id, material_id, up=pressed == "upp")
        elif pressed in ("visa", "dolj"):
            keeping.show_to_everybody(event_id, material_id, public=pressed == "visa")
        elif pressed == "ta-bort":
            keeping.remove(event_id, material_id)
    if pressed == "ta-bort":
        flash("Materialet är borttaget.", "good")
    return _back(event_id)


@doors.post("/evenemang/<int:event_id>/material/publicera")
@staff_only(*PLANNERS)
def submit_material_publishing(event_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    try:
        with transaction():
            told = keeping.publish(event_id, now())
    except Refused as refusal:
        flash(str(refusal), "warn")
        return _back(event_id)
    letters = f"{words.people(told)} får ett brev." if told else "Alla som kom har redan fått sitt brev."
    flash(f"Materialet är publicerat. {letters if told or people_who_came(event_id) else ''}".strip(), "good")
    return _back(event_id)
