"""Doors: the tab Insläpp. Which doors there are, their links and PINs, who has come, and what needs a look."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db, transaction
from eventsys.documents import qr_svg
from eventsys.errors import NotFound
from eventsys.events.access import PEOPLE_READERS, PLANNERS, event_for
from eventsys.events.checkin import keeping
from eventsys.events.checkin.counting import (
    company_of,
    door_counts,
    doors_of,
    event_count,
    first_entries_of,
    latest_scans,
    room_counts,
    to_look_at,
    walk_ins,
)
from eventsys.events.checkin.entering import path_of
from eventsys.events.checkin.models import Door
from eventsys.events.checkin.opening import Hours, hours_of, standing_of
from eventsys.events.checkin.pins import pins_of
from eventsys.events.checkin.words import RESULTS
from eventsys.events.forms import PressForm
from eventsys.events.models import Event
from eventsys.events.programme.queries import slots_of
from eventsys.events.staff.checkin_forms import DoorForm
from eventsys.events.staff.doors import doors, event_page
from eventsys.staff.guards import signed_in, staff_only

PAGE = "events_staff.show_entrance"


@doors.get("/evenemang/<int:event_id>/inslapp")
@staff_only(*PEOPLE_READERS)
def show_entrance(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    return _page(event, _form(event))


def _page(event: Event, form: DoorForm) -> str:
    return event_page(
        "entrance", event, "show_entrance", form=form, press=PressForm(), cards=_cards(event), **_figures(event)
    )


def _form(event: Event) -> DoorForm:
    form = DoorForm()
    sessions = [(str(one.id), one.title) for slot in slots_of(event) for one in slot.sessions]
    form.session_id.choices = [("", "Hela evenemanget"), *sessions]
    return form


def _cards(event: Event) -> list[dict[str, Any]]:
    """Each door with its address, its PINs and how it stands."""
    hours = hours_of(event)
    return [_card(door, hours) for door in doors_of(event.id)]


def _card(door: Door, hours: Hours) -> dict[str, Any]:
    return {
        "door": door, "address": address_of(door), "pins": pins_of(door), "hours": hours,
        "standing": standing_of(door, hours, now()).value, "qr": _qr(door),
    }  # fmt: skip


def address_of(door: Door) -> str:
    """The whole address of a door, for phones."""
    return settings().base_url.rstrip("/") + path_of(door)


def _qr(door: Door) -> Markup:
    return Markup(qr_svg(address_of(door), f"QR-kod till {door.name}"))  # noqa: S704 - our own


def _figures(event: Event) -> dict[str, Any]:
    """What changes while people come."""
    return {
        "count": event_count(event), "rooms": room_counts(event), "by_door": door_counts(event.id),
        "doors": doors_of(event.id), "scans": latest_scans(event.id), "odd": _odd(event.id),
        "guests": walk_ins(event.id), "results": RESULTS, "company_of": company_of,
    }  # fmt: skip


def _odd(event_id: int) -> list[tuple[Any, Any]]:
    """(what was done offline, the entry that counted before it)."""
    found = to_look_at(event_id)
    first = first_entries_of([scan.attendee_id for scan in found if scan.clash and scan.attendee_id])
    return [(scan, first.get(scan.attendee_id) if scan.clash else None) for scan in found]


@doors.get("/evenemang/<int:event_id>/inslapp/nu")
@staff_only(*PEOPLE_READERS)
def show_entrance_now(event_id: int) -> ResponseReturnValue:
    """The figures alone, fetched again and again by the page."""
    event = event_for(signed_in(), event_id)
    return render_template("events/staff/_entrance_now.html", event=event, **_figures(event))


@doors.post("/evenemang/<int:event_id>/inslapp")
@staff_only(*PLANNERS)
def submit_door(event_id: int) -> ResponseReturnValue:
    event = event_for(signed_in(), event_id)
    form = _form(event)
    if not form.validate_on_submit():
        return _page(event, form), 422
    with transaction():
        keeping.add_door(event_id, form.name.data, form.session, now())
    flash("Dörren är klar. Ge länken och PIN-koden till värdarna.", "good")
    return _back(event_id)


@doors.post("/evenemang/<int:event_id>/inslapp/<int:door_id>")
@staff_only(*PLANNERS)
def submit_door_change(event_id: int, door_id: int) -> ResponseReturnValue:
    """`gor` says what was pressed: `stang`, `oppna` or `ny-pin`."""
    event_for(signed_in(), event_id)
    if not PressForm().validate_on_submit():
        return _back(event_id)
    with transaction():
        said = _change(_door(event_id, door_id), request.form.get("gor", ""))
    flash(said, "good")
    return _back(event_id)


def _change(door: Door, pressed: str) -> str:
    if pressed == "stang":
        keeping.close_door(door, now())
        return f"{door.name} är stängd."
    if pressed == "oppna":
        keeping.open_door(door)
        return f"{door.name} är öppen igen."
    if pressed != "ny-pin":
        raise NotFound
    keeping.renew_pins(door)
    return f"{door.name} har nya PIN-koder. Alla vid dörren måste skriva den nya."


@doors.get("/evenemang/<int:event_id>/inslapp/<int:door_id>/lapp")
@staff_only(*PEOPLE_READERS)
def show_slip(event_id: int, door_id: int) -> ResponseReturnValue:
    """A slip to print for the hosts: QR code and PIN."""
    event = event_for(signed_in(), event_id)
    return render_template(
        "events/staff/door_slip.html", event=event, **_card(_door(event.id, door_id), hours_of(event))
    )


def _door(event_id: int, door_id: int) -> Door:
    """A door of this event. Raises NotFound."""
    door = db.session.execute(select(Door).where(Door.id == door_id, Door.event_id == event_id)).scalar_one_or_none()
    if door is None:
        raise NotFound
    return door


def _back(event_id: int) -> ResponseReturnValue:
    return redirect(url_for(PAGE, event_id=event_id))
