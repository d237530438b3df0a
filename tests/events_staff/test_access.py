"""Who may open what: roles, co-organisers' series. Ids of others on every page: tests/house/test_foreign_ids.py."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.access import give_series
from eventsys.events.models import Attendee, AttendeeState
from eventsys.staff.models import Role
from tests.events_staff.conftest import Scene, make_scene
from tests.factories import make_event, make_registration
from tests.staff_fixtures import Visitor, new_account, visitor_as

PLANNERS = {Role.ADMINISTRATOR, Role.ORGANISER, Role.CO_ORGANISER}

GROUPS = {
    "the list of events": ("/personal/evenemang", set(Role)),
    "a new event": ("/personal/evenemang/nytt", PLANNERS),
    "an event": ("/personal/evenemang/{event_id}", set(Role)),
    "publishing": ("/personal/evenemang/{event_id}/publicera", PLANNERS),
    "cancelling": ("/personal/evenemang/{event_id}/stall-in", PLANNERS),
    "a copy": ("/personal/evenemang/{event_id}/kopia", PLANNERS),
    "people": ("/personal/evenemang/{event_id}/anmalda", {*PLANNERS, Role.HOST}),
    "adding": ("/personal/evenemang/{event_id}/anmalda/lagg-till", PLANNERS),
    "a message": ("/personal/evenemang/{event_id}/meddelande", PLANNERS),
    "letters": ("/personal/evenemang/{event_id}/brev", PLANNERS),
    "posters": ("/personal/evenemang/{event_id}/affischer", {*PLANNERS, Role.EDITOR}),
    "settings": ("/personal/evenemang/{event_id}/installningar", {*PLANNERS, Role.EDITOR}),
    "a booking": ("/personal/anmalan/{registration_id}", {*PLANNERS, Role.HOST}),
    "a person": ("/personal/anmalan/{registration_id}/person/{attendee_id}", PLANNERS),
    "a diet": ("/personal/anmalan/{registration_id}/person/{attendee_id}/kost", PLANNERS),
    "series": ("/personal/serier", PLANNERS),
    "one series": ("/personal/serier/{series_id}", PLANNERS),
    "a new series": ("/personal/serier/ny", {Role.ADMINISTRATOR, Role.ORGANISER}),
}


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("group", GROUPS)
def test_each_role_opens_what_it_should(app: Flask, partner: Visitor, group: str) -> None:
    scene = make_scene("Dagens lunch", starts_at=now() + timedelta(minutes=1))  # of today, so that hosts reach it
    path, allowed = GROUPS[group]
    for role in Role:
        client = given_series(app, scene) if role is Role.CO_ORGANISER else visitor_as(app, new_account(role))
        status = client.get(path.format(**scene.ids())).status_code
        assert status == (200 if role in allowed else 403), role


def given_series(app: Flask, scene: Scene) -> Visitor:
    account = new_account(Role.CO_ORGANISER)
    with transaction():
        give_series(account.id, [scene.series.id])
    return visitor_as(app, account)


@pytest.mark.parametrize("act", ["avboka", "plats"])
def test_selected_people_must_be_of_the_event(partner: Visitor, scene: Scene, foreign: Scene, act: str) -> None:
    path = f"/personal/evenemang/{scene.event.id}/anmalda/{act}"
    answer = partner.post(path, data={"ids": [scene.attendee.id, foreign.attendee.id]})
    assert answer.status_code == 404
    states = {db.session.get(Attendee, one.attendee.id).state for one in (scene, foreign)}
    assert states == {AttendeeState.CONFIRMED}


def test_a_message_reaches_nobody_of_another_event(partner: Visitor, scene: Scene, foreign: Scene) -> None:
    form = {"to": "chosen", "ids": [foreign.attendee.id], "subject": "Hej", "body": "Text", "gor": "skicka"}
    assert partner.post(f"/personal/evenemang/{scene.event.id}/meddelande", data=form).status_code == 404


def test_a_co_organiser_moves_people_to_own_events_only(partner: Visitor, scene: Scene, foreign: Scene) -> None:
    path = f"/personal/anmalan/{scene.registration.id}/person/{scene.attendee.id}/flytta"
    assert foreign.event.title not in partner.get(path).text
    assert partner.post(path, data={"event": foreign.event.id}).status_code == 422
    assert db.session.get(Attendee, scene.attendee.id).state is AttendeeState.CONFIRMED


def test_a_co_organiser_sees_own_events_and_series_only(partner: Visitor, scene: Scene, foreign: Scene) -> None:
    for path in ("/personal/evenemang", "/personal/evenemang/nytt", "/personal/serier"):
        page = partner.get(path).text
        assert scene.series.name in page, path
        assert foreign.series.name not in page, path
    assert partner.post(f"/personal/evenemang/nytt/{foreign.series.id}", data={}).status_code == 404


@pytest.mark.usefixtures("noon")
def test_hosts_see_the_published_events_of_today_only(app: Flask, scene: Scene) -> None:
    today = make_event(title="Dagens lunch", starts_at=now() + timedelta(minutes=5))
    client = visitor_as(app, new_account(Role.HOST))
    page = client.get("/personal/evenemang").text
    assert today.title in page
    assert scene.event.title not in page
    assert client.get(f"/personal/evenemang/{scene.event.id}").status_code == 404
    assert client.get(f"/personal/anmalan/{scene.registration.id}").status_code == 404


@pytest.mark.usefixtures("noon")
def test_hosts_are_offered_nothing_to_change(app: Flask) -> None:
    scene = make_scene("Dagens lunch", starts_at=now() + timedelta(minutes=5))
    client = visitor_as(app, new_account(Role.HOST))
    page = client.get(f"/personal/anmalan/{scene.registration.id}").text
    for word in ("Avboka", "Kost", "Flytta", "Ändra"):
        assert word not in page


def test_editors_change_texts_and_see_no_people(app: Flask, scene: Scene) -> None:
    make_registration(make_event(series=scene.series, title="Full", capacity=1), ["Kerstin Kö"])
    client = visitor_as(app, new_account(Role.EDITOR))
    overview = client.get(f"/personal/evenemang/{scene.event.id}").text
    assert "Åsa Öberg" not in overview
    assert "/anmalda" not in overview
    form = client.get(f"/personal/evenemang/{scene.event.id}/installningar").text
    assert 'name="summary"' in form
    assert 'name="capacity"' not in form
    posted = {"title": "Ny rubrik", "summary": "Ny text", "capacity": 99, "place": "Annan"}
    assert client.post(f"/personal/evenemang/{scene.event.id}/texter", data=posted).status_code == 302
    event = db.session.get(type(scene.event), scene.event.id)
    assert (event.title, event.capacity, event.place) == ("Ny rubrik", 2, "Åhaga")
    assert client.post(f"/personal/evenemang/{scene.event.id}/installningar", data=posted).status_code == 403
