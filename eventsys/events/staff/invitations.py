"""Doors: an event's guest list and its numbers, what is done to those selected, and requests for a place."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.errors import Refused
from eventsys.events import words
from eventsys.events.access import PLANNERS, event_for
from eventsys.events.forms import PressForm
from eventsys.events.invitations import queries, reminding, requests
from eventsys.events.invitations import words as invitation_words
from eventsys.events.invitations.inviting import withdraw
from eventsys.events.invitations.listing import BY_COLLEAGUE, GROUPS, Wanted, guests_of, letters_of
from eventsys.events.invitations.standing import Standing, standing_of
from eventsys.events.models import AttendeeState, Event
from eventsys.events.staff.doors import doors, event_page, ids_from, number_in_address, page_urls
from eventsys.events.staff.invitation_forms import ReminderDateForm
from eventsys.staff.guards import signed_in, staff_only

LIST = "events_staff.show_guests"


@doors.get("/evenemang/<int:event_id>/inbjudna")
@staff_only(*PLANNERS)
def show_guests(event_id: int) -> ResponseReturnValue:
    return _page(event_for(signed_in(), event_id), _date_form(event_id))


def _date_form(event_id: int) -> ReminderDateForm:
    row = reminding.silent_reminder(event_id)
    waits = row is not None and row.finished_at is None
    return ReminderDateForm(formdata=None, data={"day": local(row.due_at).date() if row and waits else None})


def _page(event: Event, date_form: ReminderDateForm) -> str:
    wanted, at = _wanted(), now()
    found, counted = guests_of(event.id, wanted), queries.overview(event.id)
    kept = {"lage": wanted.group or None, "sok": wanted.text or None}
    return event_page(
        "guests",
        event,
        "show_guests",
        found=found,
        wanted=wanted,
        kept=kept,
        counted=counted,
        chips=_chips(event, counted, wanted),
        sums=_sums(counted),
        standings={one.id: invitation_words.STANDINGS[standing_of(one)] for one in found.guests},
        guest_letters=letters_of(found.guests),
        guest_words=invitation_words,
        companies=queries.seats_by_company(event.id),
        to_send=counted[Standing.LISTED],
        to_remind=len(reminding.to_remind(event.id, at)),
        reminder=reminding.silent_reminder(event.id),
        granted=queries.granted_requests(event.id),
        date_form=date_form,
        form=PressForm(formdata=None),
        pages=page_urls(LIST, found.number, found.pages, event_id=event.id, **kept),
    )


def _wanted() -> Wanted:
    group = request.args.get("lage", "")
    return Wanted(
        text=request.args.get("sok", "").strip()[:100],
        group=group if group in GROUPS or group == BY_COLLEAGUE else "",
        page=number_in_address("sida", 1),
    )


def _chips(event: Event, counted: queries.Overview, wanted: Wanted) -> list[dict[str, Any]]:
    """The numbers, each a link to the names it counts."""
    rows = (
        ("På listan", counted.on_the_list, "lista"),
        ("Ej skickade", counted[Standing.LISTED], Standing.LISTED),
        ("Inbjudna", counted.invited, "inbjudna"),
        ("Väntar på svar", counted[Standing.SILENT], Standing.SILENT),
        ("Svarat", counted.answered, "svarat"),
        ("Ja", counted[Standing.YES], Standing.YES),
        ("Ja genom en kollega", counted.by_colleague, BY_COLLEAGUE),
        ("Ja, i kö", counted[Standing.QUEUED], Standing.QUEUED),
        ("Nej", counted[Standing.NO], Standing.NO),
        ("Lämnat över", counted[Standing.HANDED_ON], Standing.HANDED_ON),
        ("Avbokat", counted[Standing.LEFT], Standing.LEFT),
        ("Förfrågningar", counted[Standing.REQUESTED], Standing.REQUESTED),
        ("Fick nej", counted[Standing.REFUSED], Standing.REFUSED),
        ("Återkallade", counted[Standing.WITHDRAWN], Standing.WITHDRAWN),
    )
    always = ("lista", "inbjudna", "svarat", Standing.YES, Standing.NO, Standing.SILENT)
    return [
        {
            "label": f"{label} {count}", "current": wanted.group == group,
            "url": url_for(LIST, event_id=event.id, lage=str(group), sok=wanted.text or None),
        }
        for label, count, group in rows
        if count or group in always or wanted.group == group
    ]  # fmt: skip


def _sums(counted: queries.Overview) -> str:
    """How the numbers add up, in words."""
    yes = f"{counted[Standing.YES]} ja"
    if counted.by_colleague:
        yes += f" (varav {counted.by_colleague} genom en kollega)"
    more = (Standing.QUEUED, "i kö"), (Standing.HANDED_ON, "lämnat över"), (Standing.LEFT, "avbokat")
    answers = [yes, f"{counted[Standing.NO]} nej", *(f"{counted[one]} {said}" for one, said in more if counted[one])]
    return (
        f"{counted.on_the_list} på listan = {counted[Standing.LISTED]} ej skickade + {counted.invited} inbjudna. "
        f"{counted.invited} inbjudna = {counted[Standing.SILENT]} väntar på svar + {counted.answered} svarat. "
        f"{counted.answered} svarat = {' + '.join(answers)}."
    )


def _back(event_id: int, **kept: Any) -> ResponseReturnValue:
    return redirect(url_for(LIST, event_id=event_id, **kept))


# --- those selected -----------------------------------------------------------------------------------------------


ASKS = {
    "skicka": "events_staff.show_sending",
    "paminn": "events_staff.show_reminding",
    "aterkalla": "events_staff.show_withdrawing",
}


@doors.post("/evenemang/<int:event_id>/inbjudna/valda")
@staff_only(*PLANNERS)
def submit_guest_selection(event_id: int) -> ResponseReturnValue:
    """From ticked rows to the page where the act is confirmed."""
    event_for(signed_in(), event_id)
    ids, asked = ids_from(request.form.getlist("ids")), ASKS.get(request.form.get("gor", ""))
    if not ids or asked is None:
        flash("Markera minst en gäst i listan först.", "warn")
        return _back(event_id)
    return redirect(url_for(asked, event_id=event_id, ids=ids))


@doors.get("/evenemang/<int:event_id>/inbjudna/aterkalla")
@staff_only(*PLANNERS)
def show_withdrawing(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    guests = queries.chosen(event.id, ids_from(request.args.getlist("ids")))
    stay = [one for one in guests if standing_of(one) in (Standing.YES, Standing.QUEUED)]
    return event_page("guests_withdraw", event, "show_guests", guests=guests, stay=stay, form=PressForm())


@doors.post("/evenemang/<int:event_id>/inbjudna/aterkalla")
@staff_only(*PLANNERS)
def submit_withdrawing(event_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    with transaction():
        taken = withdraw(event_id, ids_from(request.form.getlist("ids")), now())
    said = "1 inbjudan är återkallad." if taken == 1 else f"{taken} inbjudningar är återkallade."
    flash(said if taken else "Ingen av dem hade en inbjudan att återkalla.", "good" if taken else "warn")
    return _back(event_id)


# --- the reminder by the clock ------------------------------------------------------------------------------------


@doors.post("/evenemang/<int:event_id>/inbjudna/paminnelse")
@staff_only(*PLANNERS)
def submit_reminder_date(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), ReminderDateForm()
    if not form.validate_on_submit():
        return _page(event, form), 422
    try:
        with transaction():
            reminding.remind_silent_on(event_id, form.due_at, now())
    except reminding.PoorDate as refusal:
        form.day.errors = [str(refusal)]
        return _page(event_for(signed_in(), event_id), form), 422
    flash("Dagen för påminnelsen är sparad." if form.due_at else "Ingen påminnelse skickas av sig själv.", "good")
    return _back(event_id)


# --- requests -----------------------------------------------------------------------------------------------------


@doors.post("/evenemang/<int:event_id>/inbjudna/<int:invitation_id>/slapp-in")
@staff_only(*PLANNERS)
def submit_approval(event_id: int, invitation_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    try:
        with transaction():
            seated = requests.approve(event_id, invitation_id, now()).state is AttendeeState.CONFIRMED
    except Refused as refusal:
        flash(str(refusal), "warn")
        return _back(event_id, lage=Standing.REQUESTED.value)
    flash("Personen har fått en plats och får ett brev." if seated else "Det är fullt: personen står nu i kö.", "good")
    return _back(event_id, lage=Standing.REQUESTED.value)


@doors.post("/evenemang/<int:event_id>/inbjudna/<int:invitation_id>/neka")
@staff_only(*PLANNERS)
def submit_refusal(event_id: int, invitation_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    try:
        with transaction():
            requests.refuse(event_id, invitation_id, now())
    except Refused as refusal:
        flash(str(refusal), "warn")
    else:
        flash(f"{words.people(1)} får ett vänligt nej med e-post.", "good")
    return _back(event_id, lage=Standing.REQUESTED.value)
