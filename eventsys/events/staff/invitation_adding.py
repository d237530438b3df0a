"""Doors: put guests on the list by hand, and from earlier events."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.access import PLANNERS, event_for, within_reach
from eventsys.events.forms import PressForm
from eventsys.events.invitations import earlier, words
from eventsys.events.invitations.earlier import Took
from eventsys.events.invitations.inviting import Invited, ListClosed, invite
from eventsys.events.staff.doors import choice_in_address, doors, event_page, ids_from
from eventsys.events.staff.invitation_forms import GuestForm, earlier_form
from eventsys.fields import refuse
from eventsys.staff.guards import signed_in, staff_only

BY_HAND = "För hand"


def say_invited(done: Invited) -> None:
    """What became of a list, in words."""
    said = [f"{words.guests(done.new)} är tillagda." if done.new != 1 else "1 gäst är tillagd."]
    if done.known:
        said.append(f"{done.known} fanns redan på listan.")
    if done.registered:
        said.append(f"{done.registered} är redan anmälda och räknas som ja.")
    if done.new > done.registered:
        said.append("Inget är skickat än.")
    flash(" ".join(said), "good" if done.new else "warn")


@doors.get("/evenemang/<int:event_id>/inbjudna/lagg-till")
@staff_only(*PLANNERS)
def show_adding_guest(event_id: int) -> ResponseReturnValue:
    return event_page("guest_add", event_for(signed_in(), event_id), "show_guests", form=GuestForm())


@doors.post("/evenemang/<int:event_id>/inbjudna/lagg-till")
@staff_only(*PLANNERS)
def submit_adding_guest(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), GuestForm()
    if not form.validate_on_submit():
        return event_page("guest_add", event, "show_guests", form=form), 422
    try:
        with transaction():
            done = invite(event_id, [form.guest()], now(), BY_HAND)
    except ListClosed as refusal:
        refuse(form, refusal)
        return event_page("guest_add", event_for(signed_in(), event_id), "show_guests", form=form), 422
    say_invited(done)
    again = "gor" in request.form
    return redirect(url_for(f"events_staff.{'show_adding_guest' if again else 'show_guests'}", event_id=event_id))


# --- from earlier events ------------------------------------------------------------------------------------------


@doors.get("/evenemang/<int:event_id>/inbjudna/tidigare")
@staff_only(*PLANNERS)
def show_earlier(event_id: int) -> ResponseReturnValue:
    """Choose events and who of them; then the people, each with a tick to take away."""
    event, at, reach = event_for(signed_in(), event_id), now(), within_reach(signed_in(), now())
    events = earlier.earlier_events(reach, at, event.id)
    form = earlier_form(events, request.args)
    ids, took = ids_from(request.args.getlist("fran")), choice_in_address("vilka", Took, Took.CAME)
    people = earlier.people_of_earlier(reach, at, ids, took, event.id) if ids else []
    return event_page(
        "guests_earlier",
        event,
        "show_guests",
        events=events,
        earlier_form=form,
        chosen=ids,
        took=took.value,
        people=people,
        new=sum(not one.is_listed for one in people),
        guest_words=words,
        form=PressForm(),
    )


@doors.post("/evenemang/<int:event_id>/inbjudna/tidigare")
@staff_only(*PLANNERS)
def submit_earlier(event_id: int) -> ResponseReturnValue:
    event, at, reach = event_for(signed_in(), event_id), now(), within_reach(signed_in(), now())
    wanted = ids_from(request.form.getlist("fran"))
    took = request.form.get("vilka", Took.CAME, type=Took)
    chosen_events = [one for one in earlier.earlier_events(reach, at, event.id) if one.id in wanted]
    guests = earlier.guests_from(reach, at, ids_from(request.form.getlist("ids")))
    if not guests:
        flash("Markera minst en person att bjuda in.", "warn")
        return redirect(url_for("events_staff.show_earlier", event_id=event_id, fran=wanted, vilka=took.value))
    try:
        with transaction():
            say = invite(event_id, guests, at, earlier.origin_of(chosen_events, took))
    except ListClosed as refusal:
        flash(str(refusal), "warn")
    else:
        say_invited(say)
    return redirect(url_for("events_staff.show_guests", event_id=event_id))
