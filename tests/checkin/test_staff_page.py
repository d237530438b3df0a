"""The tab Insläpp: doors with their links and PINs, figures, what needs a look, and who may see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db
from eventsys.events.checkin.models import Door
from eventsys.events.checkin.pins import pins_of
from eventsys.staff.models import Role
from tests.checkin.conftest import Entrance
from tests.checkin.scenes import Phone, act, choose, event_now, make_door, make_sessions, scan, walk_in
from tests.events.scenes import DAY
from tests.factories import make_event, make_registration
from tests.staff_fixtures import Visitor

pytestmark = pytest.mark.usefixtures("noon")  # hosts see what is today
SignIn = Callable[[Role], Visitor]


def path(event_id: int, *more: object) -> str:
    return "/".join(["/personal/evenemang", str(event_id), "inslapp", *map(str, more)])


def spaced(pin: str) -> str:
    """As the page shows it."""
    return f"{pin[:3]} {pin[3:]}"


def doors() -> list[Door]:
    db.session.rollback()
    return list(db.session.execute(db.select(Door).order_by(Door.id)).scalars())


def test_an_organiser_makes_a_door_and_sees_its_link_and_both_pins(app, signed_in_client: SignIn):
    event = event_now()
    [weave] = make_sessions(event, "Väva")
    staff = signed_in_client(Role.ORGANISER)
    for name, session in (("Entrén", ""), ("Rum 1", str(weave.id))):
        assert staff.post(path(event.id), data={"name": name, "session_id": session}).status_code == 302
    entrance, room = doors()
    assert (entrance.session_id, room.session_id) == (None, weave.id)
    text = staff.get(path(event.id)).text
    for door in (entrance, room):
        assert f"/dorr/{door.token}" in text
        assert spaced(pins_of(door).host) in text
        assert spaced(pins_of(door).supervisor) in text


def test_a_door_without_a_name_or_to_another_events_session_is_not_made(app, signed_in_client: SignIn):
    event, other = event_now(), event_now()
    [foreign] = make_sessions(other, "Färga")
    staff = signed_in_client(Role.ORGANISER)
    answer = staff.post(path(event.id), data={"name": "", "session_id": ""})
    assert answer.status_code == 422
    assert "Skriv vad dörren heter" in answer.text
    assert staff.post(path(event.id), data={"name": "X", "session_id": str(foreign.id)}).status_code == 422
    assert doors() == []


def test_pins_are_six_digits_differ_and_change_with_the_version(entrance: Entrance):
    before = pins_of(entrance.door)
    assert before.host != before.supervisor
    assert before.host.isdigit()
    assert {len(before.host), len(before.supervisor)} == {6}
    assert pins_of(entrance.other) != before
    entrance.door.pin_version += 1
    assert pins_of(entrance.door) != before
    db.session.rollback()


def test_new_pins_sign_everybody_out(entrance: Entrance, app, signed_in_client: SignIn):
    phone, staff = Phone(app, entrance.door), signed_in_client(Role.ORGANISER)
    staff.post(path(entrance.event.id, entrance.door.id), data={"gor": "ny-pin"})
    assert phone.client.get(f"{phone.path}/lista").status_code == 401
    assert phone.post({"scans": []}).status_code == 401
    assert "PIN-kod" in phone.client.get(phone.path).text


def test_a_door_is_closed_and_opened_and_each_is_noted(entrance: Entrance, app, signed_in_client: SignIn):
    phone, staff = Phone(app, entrance.door), signed_in_client(Role.ORGANISER)
    for _ in range(2):
        staff.post(path(entrance.event.id, entrance.door.id), data={"gor": "stang"})
    assert phone.client.get(f"{phone.path}/lista").status_code == 410
    closed = phone.client.get(phone.path)
    assert closed.status_code == 410
    assert "Dörren är stängd" in closed.text
    staff.post(path(entrance.event.id, entrance.door.id), data={"gor": "oppna"})
    assert phone.client.get(f"{phone.path}/lista").status_code == 200
    acts = list(
        db.session.execute(
            db.select(AuditEntry.action).where(AuditEntry.action.like("door.%")).order_by(AuditEntry.id)
        ).scalars()
    )
    assert acts == ["door.added", "door.added", "door.closed", "door.opened"]


@pytest.mark.parametrize("pressed", ["", "annat", "radera"])
def test_what_no_button_sends_does_nothing(entrance: Entrance, signed_in_client: SignIn, pressed: str):
    staff = signed_in_client(Role.ORGANISER)
    assert staff.post(path(entrance.event.id, entrance.door.id), data={"gor": pressed}).status_code == 404


def test_a_host_sees_the_hosts_pin_of_today_and_changes_nothing(entrance: Entrance, signed_in_client: SignIn):
    host = signed_in_client(Role.HOST)
    text = host.get(path(entrance.event.id)).text
    assert spaced(pins_of(entrance.door).host) in text
    assert spaced(pins_of(entrance.door).supervisor) not in text
    assert "Ny PIN" not in text
    assert host.post(path(entrance.event.id), data={"name": "X"}).status_code == 403
    assert host.post(path(entrance.event.id, entrance.door.id), data={"gor": "stang"}).status_code == 403
    later = make_event(starts_at=now() + 9 * DAY)
    assert host.get(path(later.id)).status_code == 404
    assert host.get(path(later.id, make_door(later).id, "lapp")).status_code == 404


@pytest.mark.parametrize("role", [Role.EDITOR, Role.CO_ORGANISER])
def test_others_do_not_see_the_doors(entrance: Entrance, signed_in_client: SignIn, role: Role):
    assert signed_in_client(role).get(path(entrance.event.id)).status_code in (403, 404)


def test_a_door_of_another_event_is_not_found(entrance: Entrance, signed_in_client: SignIn):
    other = event_now()
    staff = signed_in_client(Role.ORGANISER)
    assert staff.post(path(other.id, entrance.door.id), data={"gor": "stang"}).status_code == 404
    assert staff.get(path(other.id, entrance.door.id, "lapp")).status_code == 404


def test_the_figures_count_the_house_each_room_and_each_door(entrance: Entrance, signed_in_client: SignIn):
    [weave] = make_sessions(entrance.event, "Väva")
    choose(entrance.asa, weave)
    room = make_door(entrance.event, "Vävrummet", weave)
    scan(entrance.door, entrance.asa)
    scan(room, entrance.asa)
    walk_in(entrance.other, "Nya Gästen", company="Spinneriet")
    text = signed_in_client(Role.HOST).get(path(entrance.event.id, "nu")).text
    plain = " ".join(text.replace("<b>", " ").replace("</b>", " ").split())
    for figure in (
        "2 av 3 Inne, hela",
        "1 av 1 Väva",
        "1 Genom Stora entrén",
        "1 Genom Vävrummet",
        "1 Genom Bakdörren",
    ):
        assert figure in plain, plain
    assert "Utan anmälan (1)" in text
    assert "Spinneriet" in text


def test_clashes_are_shown_with_what_to_do(entrance: Entrance, signed_in_client: SignIn):
    scan(entrance.door, entrance.asa, was_offline=True, client_at=now())
    scan(entrance.other, entrance.asa, was_offline=True, client_at=now())
    scan(entrance.other, act("T1AAAAAAAAAAAAAAAA", was_offline=True))
    text = signed_in_client(Role.ORGANISER).get(path(entrance.event.id)).text
    assert "Att reda ut" in text
    assert "släpptes in två gånger" in text
    assert "okänd biljett" in text


def test_a_ticket_of_another_event_shows_nobodys_name_here(entrance: Entrance, signed_in_client: SignIn):
    stranger = make_registration(event_now(title="Julbordet"), ["Hemliga Gästen"]).attendees[0]
    scan(entrance.door, stranger.ticket_code)
    text = signed_in_client(Role.ORGANISER).get(path(entrance.event.id)).text
    assert "Annat evenemang" in text
    assert "Hemliga" not in text


def test_the_slip_has_the_hosts_pin_and_no_other(entrance: Entrance, signed_in_client: SignIn):
    text = signed_in_client(Role.ORGANISER).get(path(entrance.event.id, entrance.door.id, "lapp")).text
    pins = pins_of(entrance.door)
    assert spaced(pins.host) in text
    assert pins.supervisor not in text
    assert spaced(pins.supervisor) not in text
