"""Doors: a message to a selection of an event's people: write, look, send."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events import words
from eventsys.events.access import PLANNERS, event_for
from eventsys.events.listing import Show, counts_of
from eventsys.events.messages import NobodyThere, letters_for, send_message
from eventsys.events.models import Event
from eventsys.events.selection import Selection, selected
from eventsys.events.staff.doors import choice_in_address, doors, event_page, ids_from
from eventsys.events.staff.people_forms import MessageForm
from eventsys.fields import refuse
from eventsys.staff.guards import signed_in, staff_only


@doors.get("/evenemang/<int:event_id>/meddelande")
@staff_only(*PLANNERS)
def show_message(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    ids = ids_from(request.args.getlist("ids"))
    form = _form(event, ids)
    form.to.data = choice_in_address("till", Selection, Selection.CHOSEN if ids else Selection.CONFIRMED).value
    return _page(event, form, ids)


def _form(event: Event, ids: list[int]) -> MessageForm:
    """The form, with each selection that holds somebody and how many."""
    counts, form = counts_of(event), MessageForm()
    held = {
        Selection.CONFIRMED: counts[Show.CONFIRMED],
        Selection.WAITING: counts[Show.WAITING] + counts[Show.OFFERED],
        Selection.ALL: counts[Show.ALL],
        Selection.ATTENDED: counts[Show.ATTENDED],
        Selection.NO_SHOW: counts[Show.NO_SHOW],
        Selection.CHOSEN: len(ids),
    }
    form.to.choices = [(to.value, f"{words.SELECTIONS[to]} ({count})") for to, count in held.items() if count]
    return form


def _page(event: Event, form: MessageForm, ids: list[int], looks: bool = False) -> str:
    to = Selection(form.to.data) if form.to.data in set(Selection) else Selection.CHOSEN
    people = selected(event.id, to, ids) if looks or to is Selection.CHOSEN else []
    return event_page(
        "message_preview" if looks else "message",
        event,
        "show_people",
        form=form,
        ids=ids,
        people=people,
        letters=letters_for(people),
    )


@doors.post("/evenemang/<int:event_id>/meddelande")
@staff_only(*PLANNERS)
def submit_message(event_id: int) -> ResponseReturnValue:
    """`gor` says what was pressed: `granska` shows the letter first, `andra` opens it again, `skicka` sends."""
    event = event_for(signed_in(), event_id)
    ids = ids_from(request.form.getlist("ids"))
    form, pressed = _form(event, ids), request.form.get("gor")
    if not form.validate_on_submit():
        return _page(event, form, ids), 422
    if pressed != "skicka":
        return _page(event, form, ids, looks=pressed != "andra")
    return _send(event_id, form, ids)


def _send(event_id: int, form: MessageForm, ids: list[int]) -> ResponseReturnValue:
    to, actor = Selection(form.to.data), signed_in().actor
    try:
        with transaction():
            sent = send_message(event_id, to, ids, form.subject.data, form.body.data, actor, now())
    except NobodyThere as refusal:
        refuse(form, refusal)
        return _page(event_for(signed_in(), event_id), form, ids), 422
    letters = "1 brev" if sent.letters == 1 else f"{sent.letters} brev"
    flash(
        "Meddelandet var redan skickat. Ingen får det två gånger." if sent.again else f"{letters} skickas nu.", "good"
    )
    return redirect(url_for("events_staff.show_letters", event_id=event_id))
