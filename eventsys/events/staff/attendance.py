"""Doors: staff say who came: for those ticked in the list, or for a whole event where no door was used."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events import words
from eventsys.events.access import PLANNERS, event_for
from eventsys.events.attendance import closing, marking
from eventsys.events.attendance.marking import Marked
from eventsys.events.forms import PressForm
from eventsys.events.models import AttendeeState, Event
from eventsys.events.queries import people_in_state
from eventsys.events.staff.doors import doors, event_page, ids_from
from eventsys.events.staff.people import LIST, filter_of, wanted_in_address
from eventsys.staff.guards import signed_in, staff_only

NOT_BEGUN = "Evenemanget har inte börjat än, eller är inställt. Då går det inte att säga vilka som kom."
NOT_OVER = "Evenemanget är inte slut än, eller är inställt. När det är slut kan du säga vilka som kom."


@doors.post("/evenemang/<int:event_id>/anmalda/narvaro")
@staff_only(*PLANNERS)
def submit_marking(event_id: int) -> ResponseReturnValue:
    """`gor` says what was pressed: `kom` or `uteblev`."""
    event_for(signed_in(), event_id)
    ids, came = ids_from(request.form.getlist("ids")), request.form.get("gor") == "kom"
    if not ids:
        flash("Markera minst en person i listan först.", "warn")
        return _back(event_id)
    try:
        with transaction():
            marked = marking.mark(event_id, ids, came, now())
    except marking.TooEarly:
        flash(NOT_BEGUN, "warn")
        return _back(event_id)
    _say(marked, left_alone=len(ids) - marked.people)
    return _back(event_id, marked)


def _say(marked: Marked, left_alone: int = 0) -> None:
    """What was marked; the page it leads to has the button that undoes it."""
    counts = ((marked.came, "markerade som kom"), (marked.absent, "markerade som uteblev"))
    said = [f"{words.people(count)} {verb}" for count, verb in counts if count]
    if left_alone:
        said.append(f"{words.people(left_alone)} lämnades som de var")
    flash(f"{', '.join(said)}." if said else "Ingen behövde ändras.", "good" if marked.people else "info")


def _back(event_id: int, marked: Marked | None = None) -> ResponseReturnValue:
    """To the list as it was filtered, with the marking that can be undone."""
    kept: dict[str, Any] = filter_of(wanted_in_address())
    return redirect(url_for(LIST, event_id=event_id, **kept, angra=marked.entry_id if marked else None))


@doors.post("/evenemang/<int:event_id>/anmalda/narvaro/<int:entry_id>/angra")
@staff_only(*PLANNERS)
def submit_marking_undone(event_id: int, entry_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    with transaction():
        undone = marking.undo(event_id, entry_id, now())
    flash(f"{words.people(undone)} är som före markeringen." if undone else "Det fanns inget att ångra.", "good")
    return _back(event_id)


# --- an event where no door was used ------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/vilka-kom")
@staff_only(*PLANNERS)
def show_who_came(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    if not closing.has_ended(event, now()):
        flash(NOT_OVER, "warn")
        return redirect(url_for("events_staff.show_event", event_id=event_id))
    return event_page("who_came", event, "show_people", people=_unmarked(event), form=PressForm())


def _unmarked(event: Event) -> list[Any]:
    return people_in_state(event, AttendeeState.CONFIRMED)


@doors.post("/evenemang/<int:event_id>/vilka-kom")
@staff_only(*PLANNERS)
def submit_who_came(event_id: int) -> ResponseReturnValue:
    """`gor` says what was pressed: `alla` came, or those ticked."""
    event = event_for(signed_in(), event_id)
    everybody = request.form.get("gor") == "alla"
    try:
        with transaction():
            came = [one.id for one in _unmarked(event)] if everybody else ids_from(request.form.getlist("ids"))
            marked = closing.tell_who_came(event_id, came, now())
    except closing.NotOver:
        flash(NOT_OVER, "warn")
        return redirect(url_for("events_staff.show_event", event_id=event_id))
    _say(marked)
    return redirect(url_for(LIST, event_id=event_id, angra=marked.entry_id))
