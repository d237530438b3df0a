"""The staff's tab Program: planning it quickly, warnings in words, who goes where."""

from __future__ import annotations

import pytest

from eventsys.clock import local
from eventsys.events.models import EventState
from eventsys.events.programme.queries import slots_of
from eventsys.staff.models import Role
from tests.events.scenes import HOUR, letters, person
from tests.factories import in_days, make_event
from tests.programme.scenes import comes, has, make_session, make_slot, make_workshops, picks, workshop_day


def address(event, rest: str = "") -> str:
    return f"/personal/evenemang/{event.id}/program{rest}"


def times(event, begins: float, ends: float) -> dict[str, str]:
    def clock(hours: float) -> str:
        return f"{local(event.starts_at + hours * HOUR):%H.%M}"

    return {"day": f"{local(event.starts_at):%Y-%m-%d}", "starts": clock(begins), "ends": clock(ends)}


def followed(staff, where: str, form: dict[str, str]) -> str:
    """What the page says that a sent form leads to."""
    return staff.get(staff.post(where, data=form).headers["Location"]).text


@pytest.fixture
def staff(signed_in_client):
    return signed_in_client(Role.ORGANISER)


@pytest.fixture
def day(app):
    starts_at = in_days(14, hour=9)
    return make_event(title="Näringslivsdagen", starts_at=starts_at, ends_at=starts_at + 8 * HOUR)


def test_three_slots_of_four_workshops_are_planned_in_three_forms(staff, day):
    lines = "AI i vardagen; Sal 2; 30\nHållbart; Aulan; 40\n\nExport; ; 20\nLån; Sal 4; 25"
    for number in range(3):
        form = {"name": f"Workshoppar {number + 1}", "lines": lines, "nasta": "1", **times(day, number, number + 1)}
        answer = staff.post(address(day, "/ny?val=1"), data=form)
        assert answer.headers["Location"].endswith("/program/ny?val=1")
    slots = slots_of(day)
    assert [slot.name for slot in slots] == ["Workshoppar 1", "Workshoppar 2", "Workshoppar 3"]
    assert [(one.title, one.room, one.capacity) for one in slots[2].sessions][1:3] == [
        ("Hållbart", "Aulan", 40), ("Export", "", 20),
    ]  # fmt: skip


def test_the_next_form_begins_where_the_last_slot_ended(staff, day):
    make_slot(day, 1, 2)
    assert f'value="{local(day.starts_at + 3 * HOUR):%H:%M}' in staff.get(address(day, "/ny")).text


def test_lines_that_cannot_be_read_are_named_and_nothing_typed_is_lost(staff, day):
    form = {"name": "W", "lines": "AI; Sal 2; 30\nHållbart Aulan", **times(day, 0, 1)}
    page = staff.post(address(day, "/ny?val=1"), data=form)
    assert page.status_code == 422
    assert "Raden Hållbart Aulan ska ha" in page.text
    assert "AI; Sal 2; 30" in page.text


def test_a_slot_that_clashes_is_refused_in_words(staff, day):
    make_session(make_slot(day, 1, 2, has_choice=True, name="Förmiddag"), "A", capacity=3)
    form = {"name": "W", "lines": "B; ; 3", **times(day, 2, 3)}
    page = staff.post(address(day, "/ny?val=1"), data=form)
    assert (page.status_code, "Tiden krockar med Förmiddag" in page.text) == (422, True)


def test_a_point_for_everybody_has_room_and_speakers(staff, day):
    form = {"title": "Lunch", "room": "Matsalen", "speakers": "Eva Ek, kock", **times(day, 3, 4)}
    assert staff.post(address(day, "/ny"), data=form).status_code == 302
    [slot] = slots_of(day)
    assert (slot.has_choice, slot.sessions[0].title, slot.sessions[0].room) == (False, "Lunch", "Matsalen")
    form["title"] = "Sen lunch"
    staff.post(address(day, f"/{slot.id}"), data=form)
    assert slots_of(day)[0].sessions[0].title == "Sen lunch"


def test_a_new_room_is_told_only_after_the_page_has_said_so(staff, app):
    event, [a, _b] = workshop_day(3, 3)
    comes(event, "Åsa", a)
    form = {"title": "A", "room": "Aulan", "capacity": "3"}
    where = address(event, f"/pass/{a.id}")
    page = staff.post(where, data=form)
    assert "1 person får ett brev" in page.text
    assert letters("Åsa") == ["ticket"]
    assert "1 person får ett brev." in followed(staff, where, form | {"confirmed": "Aulan"})
    assert letters("Åsa") == ["ticket", "session_changed"]


def test_fewer_places_than_people_are_told_in_words(staff, app):
    event, [a, _b] = workshop_day(3, 3)
    for name in ("Åsa", "Bo"):
        comes(event, name, a)
    form = {"title": "A", "room": "Sal A", "capacity": "1"}
    page = followed(staff, address(event, f"/pass/{a.id}"), form)
    assert "1 person fler har plats än det finns platser. Ingen förlorar sin plats." in page


def test_removing_a_session_says_whom_it_touches_and_tells_them(staff, app):
    event, [a, _b] = workshop_day(3, 3)
    asa = comes(event, "Åsa", a)
    where = address(event, f"/pass/{a.id}/ta-bort")
    page = staff.get(where).text
    assert "1 person får ett brev" in page
    assert "väljer själva på nytt" in page
    staff.post(where)
    assert has(asa) == []
    assert letters("Åsa") == ["ticket", "session_removed"]


def test_removing_a_whole_slot_and_a_new_time_of_one(staff, day):
    event, [a, _b] = day, make_workshops(day, 3, 3)
    comes(event, "Åsa", a)
    where = address(event, f"/{a.slot_id}")
    form = {"name": "Workshoppar", **times(event, 0.5, 1)}
    page = staff.post(where, data=form)
    assert "1 person får ett brev" in page.text
    confirmed = page.text.split('name="confirmed"')[1].split('value="')[1].split('"')[0]
    staff.post(where, data=form | {"confirmed": confirmed})
    assert letters("Åsa") == ["ticket", "session_changed"]
    staff.post(where + "/ta-bort")
    assert slots_of(event) == []
    assert letters("Åsa") == ["ticket", "session_changed", "session_removed"]


def test_who_goes_where_lists_holders_and_the_queue(staff, app):
    event, [a, b] = workshop_day(1, 2)
    comes(event, "Åsa Ek", a)
    bo = comes(event, "Bo Alm", b)
    picks(bo, a, queue=True)
    page = staff.get(address(event, "/salar")).text
    assert "1 av 1 platser tagna" in page
    assert page.count("Bo Alm") == 2
    assert "Bo Alm" in staff.get(address(event, f"/salar?pass={a.id}")).text
    assert "Har plats i B" not in staff.get(address(event, f"/salar?pass={a.id}")).text
    assert ">1</a>" in staff.get(address(event)).text


def test_staff_choose_for_a_person_and_it_is_noted(staff, app):
    event, [a, b] = workshop_day(1, 2)
    asa = comes(event, "Åsa Ek", a)
    where = f"/personal/anmalan/{asa.registration_id}/person/{asa.id}/program"
    assert where in staff.get(f"/personal/anmalan/{asa.registration_id}").text
    assert staff.post(where, data={f"s_{a.slot_id}": str(b.id)}).status_code == 302
    assert has(asa) == ["B"]
    assert letters("Åsa Ek") == ["ticket", "sessions_chosen"]


def test_staff_add_somebody_with_a_session(staff, app):
    event, [a, _b] = workshop_day(1, 2)
    form = {"name": "Eva Ek", "email": "eva@ek.example", f"s_{a.slot_id}": str(a.id)}
    where = f"/personal/evenemang/{event.id}/anmalda/lagg-till"
    assert staff.post(where, data=form).status_code == 302
    assert has(person("Eva Ek")) == ["A"]
    page = staff.post(where, data=form | {"name": "Bo Alm", "email": "bo@alm.example"})
    assert (page.status_code, "A blev fullt" in page.text) == (422, True)


def test_hosts_see_who_goes_where_and_editors_see_only_the_programme(signed_in_client, app):
    event, [a, _b] = workshop_day(1, 2)
    comes(event, "Åsa Ek", a)
    editor = signed_in_client(Role.EDITOR)
    assert editor.get(address(event)).status_code == 200
    assert editor.get(address(event, "/salar")).status_code == 403
    assert editor.post(address(event, f"/pass/{a.id}/ta-bort")).status_code == 403


def test_sessions_of_another_event_are_not_found(staff, app):
    event, _ = workshop_day(1)
    _other, [foreign] = workshop_day(1)
    session, slot = f"/pass/{foreign.id}", f"/{foreign.slot_id}"
    for rest in (session, f"{session}/ta-bort", slot, f"{slot}/pass", f"{slot}/ta-bort"):
        assert staff.get(address(event, rest)).status_code == 404, rest
    assert staff.post(address(event, f"/pass/{foreign.id}/upp")).status_code == 404


def test_a_draft_is_arranged_without_letters(staff, app):
    event, [a, b] = workshop_day(1, 2, state=EventState.DRAFT)
    assert "Ingen har valt A" in staff.get(address(event, f"/pass/{a.id}/ta-bort")).text
    staff.post(address(event, f"/pass/{b.id}/upp"))
    assert [one.title for one in slots_of(event)[0].sessions] == ["B", "A"]
