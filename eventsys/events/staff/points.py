"""Doors: what to bring up at an event, and the same in large type for whoever speaks."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.access import EVERYBODY, WRITERS, event_for, powers_of
from eventsys.events.forms import PressForm
from eventsys.events.models import Event
from eventsys.events.staff.doors import doors, event_page
from eventsys.events.staff.topics_forms import PointForm
from eventsys.events.topics import points as verbs
from eventsys.events.topics import themes
from eventsys.events.topics.models import TalkingPoint
from eventsys.events.topics.queries import event_after, open_themes, point_of, points_of, theme_of, themes_of
from eventsys.staff.guards import signed_in, staff_only

LIST = "events_staff.show_points"


@doors.get("/evenemang/<int:event_id>/ta-upp")
@staff_only(*EVERYBODY)
def show_points(event_id: int) -> ResponseReturnValue:
    """Everybody who may open the event may read its list; only who writes changes it."""
    return _page(event_for(signed_in(), event_id), PointForm())


def _page(event: Event, form: PointForm) -> str:
    writes = powers_of(signed_in()).write
    return event_page(
        "points",
        event,
        "show_points",
        form=form,
        press_form=PressForm(),
        points=points_of(event),
        following=event_after(event),
        taken_up=themes_of(event),
        suggested=open_themes(event.series_id) if writes else [],
    )


@doors.post("/evenemang/<int:event_id>/ta-upp")
@staff_only(*WRITERS)
def submit_point(event_id: int) -> ResponseReturnValue:
    event, form = event_for(signed_in(), event_id), PointForm()
    if not form.validate_on_submit():
        return _page(event, form), 422
    with transaction():
        verbs.add_point(event_id, form.text.data, signed_in().name, now())
    return _back(event_id, "Punkten är tillagd.")


def _back(event_id: int, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for(LIST, event_id=event_id))


@doors.get("/evenemang/<int:event_id>/ta-upp/talare")
@staff_only(*EVERYBODY)
def show_points_large(event_id: int) -> ResponseReturnValue:
    """To hold in the hand or print: only what is to be said, in large type."""
    event = event_for(signed_in(), event_id)
    return event_page("points_large", event, "", form=PressForm(), points=points_of(event), taken_up=themes_of(event))


def _point(event_id: int, point_id: int) -> TalkingPoint:
    """The point, when it is of this event and the event within reach. Raises NotFound."""
    return point_of(event_for(signed_in(), event_id), point_id)


@doors.get("/evenemang/<int:event_id>/ta-upp/<int:point_id>")
@staff_only(*WRITERS)
def show_point(event_id: int, point_id: int) -> ResponseReturnValue:
    point = _point(event_id, point_id)
    return event_page("point", point.event, "", form=PointForm(obj=point))


@doors.post("/evenemang/<int:event_id>/ta-upp/<int:point_id>")
@staff_only(*WRITERS)
def submit_edited_point(event_id: int, point_id: int) -> ResponseReturnValue:
    point, form = _point(event_id, point_id), PointForm()
    if not form.validate_on_submit():
        return event_page("point", point.event, "", form=form), 422
    with transaction():
        verbs.edit_point(event_id, point_id, form.text.data)
    return _back(event_id, "Punkten är ändrad.")


@doors.post("/evenemang/<int:event_id>/ta-upp/<int:point_id>/klar")
@staff_only(*WRITERS)
def submit_point_done(event_id: int, point_id: int) -> ResponseReturnValue:
    return _tick(event_id, point_id, done=True)


@doors.post("/evenemang/<int:event_id>/ta-upp/<int:point_id>/inte-klar")
@staff_only(*WRITERS)
def submit_point_not_done(event_id: int, point_id: int) -> ResponseReturnValue:
    return _tick(event_id, point_id, done=False)


def _tick(event_id: int, point_id: int, done: bool) -> ResponseReturnValue:
    """Back to the page where it was pressed; who speaks is not disturbed by a notice."""
    _point(event_id, point_id)
    with transaction():
        verbs.tick_point(event_id, point_id, done, now())
    speaks = request.form.get("sida") == "talare"
    return redirect(url_for("events_staff.show_points_large" if speaks else LIST, event_id=event_id))


@doors.post("/evenemang/<int:event_id>/ta-upp/<int:point_id>/upp")
@staff_only(*WRITERS)
def submit_point_up(event_id: int, point_id: int) -> ResponseReturnValue:
    return _move(event_id, point_id, up=True)


@doors.post("/evenemang/<int:event_id>/ta-upp/<int:point_id>/ner")
@staff_only(*WRITERS)
def submit_point_down(event_id: int, point_id: int) -> ResponseReturnValue:
    return _move(event_id, point_id, up=False)


def _move(event_id: int, point_id: int, up: bool) -> ResponseReturnValue:
    _point(event_id, point_id)
    with transaction():
        verbs.move_point(event_id, point_id, up)
    return redirect(url_for(LIST, event_id=event_id))


@doors.post("/evenemang/<int:event_id>/ta-upp/<int:point_id>/ta-bort")
@staff_only(*WRITERS)
def submit_point_removed(event_id: int, point_id: int) -> ResponseReturnValue:
    _point(event_id, point_id)
    with transaction():
        verbs.remove_point(event_id, point_id)
    return _back(event_id, "Punkten är borttagen.")


@doors.post("/evenemang/<int:event_id>/ta-upp/till-nasta")
@staff_only(*WRITERS)
def submit_points_carried_over(event_id: int) -> ResponseReturnValue:
    event_for(signed_in(), event_id)
    try:
        with transaction():
            following, moved = verbs.carry_over(event_id)
            title = following.title
    except verbs.NoEventAfter as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(LIST, event_id=event_id))
    points = "1 punkt" if moved == 1 else f"{moved} punkter"
    return _back(event_id, f"{points} står nu på listan till {title}." if moved else "Allt var redan flyttat.")


# --- themes at this event -----------------------------------------------------------------------------------------


@doors.post("/evenemang/<int:event_id>/teman/<int:theme_id>/ta-upp")
@staff_only(*WRITERS)
def submit_theme_here(event_id: int, theme_id: int) -> ResponseReturnValue:
    theme = theme_of(event_for(signed_in(), event_id).series_id, theme_id)
    with transaction():
        themes.take_up(theme.series_id, [theme_id], event_id)
    return _back(event_id, "Temat tas upp här.")


@doors.post("/evenemang/<int:event_id>/teman/<int:theme_id>/slapp")
@staff_only(*WRITERS)
def submit_theme_let_go(event_id: int, theme_id: int) -> ResponseReturnValue:
    theme = theme_of(event_for(signed_in(), event_id).series_id, theme_id)
    if theme.event_id == event_id:
        with transaction():
            themes.suggest_again(theme.series_id, theme_id)
    return _back(event_id, "Temat föreslås igen för andra evenemang.")
