"""The list of events, a new one, a copy, changes, publishing and cancelling, through the pages."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.events.models import Attendee, AttendeeState, Event, EventState
from eventsys.events.special_days import remarks_on
from eventsys.mail.models import Delivery
from tests.events_staff.conftest import Scene, again, sent
from tests.factories import in_days, make_event, make_registration, make_series
from tests.staff_fixtures import Visitor


def soon() -> date:
    """A Tuesday in three weeks or more that has nothing odd about it."""
    days = (in_days(ahead).date() for ahead in itertools.count(20))
    return next(day for day in days if day.weekday() == 1 and not remarks_on(day, day))


def new_form(**given: object) -> dict[str, object]:
    form = {
        "title": "Frukost om el", "day": soon().isoformat(), "starts": "08:00", "ends": "09:30",
        "summary": "En frukost.", "place": "Åhaga", "address": "", "capacity": "25",
    }  # fmt: skip
    return {**form, **given}


def events() -> list[Event]:
    return list(db.session.scalars(select(Event).order_by(Event.id)))


def letters(name: str) -> int:
    return db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.letter == name)) or 0


# --- the list -----------------------------------------------------------------------------------------------------


def test_each_event_stands_in_one_part_of_the_list(app: Flask, staff: Visitor) -> None:
    at = now()
    make_event(title="Kommande lunch")
    make_event(title="Pågående lunch", starts_at=at - timedelta(minutes=5))
    make_event(title="Ett utkast", state=EventState.DRAFT)
    make_event(title="Förra lunchen", starts_at=at - timedelta(days=2))
    make_event(title="Den inställda", state=EventState.CANCELLED)
    titles = {"Kommande lunch", "Pågående lunch", "Ett utkast", "Förra lunchen", "Den inställda"}
    parts = {
        "": {"Kommande lunch", "Pågående lunch"}, "utkast": {"Ett utkast"}, "tidigare": {"Förra lunchen"},
        "installda": {"Den inställda"},
    }  # fmt: skip
    for part, expected in parts.items():
        page = staff.get("/personal/evenemang", query_string={"visa": part}).text
        assert {title for title in titles if title in page} == expected, part


def test_the_list_is_narrowed_by_series_and_by_words_with_swedish_letters(app: Flask, staff: Visitor) -> None:
    make_event(title="Öppet hus om upphandling")
    other = make_event(title="Lunch")
    found = staff.get("/personal/evenemang?sok=öppet+UPPH").text
    assert "Öppet hus" in found
    assert '<th scope="row"><a' in found
    assert ">Lunch<" not in found
    assert "Öppet hus" not in staff.get(f"/personal/evenemang?serie={other.series_id}").text


@pytest.mark.parametrize("query", ["visa=fel", "serie=x", "serie=-1", "sida=99999999999999", "sida=0", "sok=%25_"])
def test_odd_addresses_of_the_list_do_no_harm(staff: Visitor, scene: Scene, query: str) -> None:
    assert staff.get(f"/personal/evenemang?{query}").status_code == 200
    assert staff.get(f"/personal/evenemang/{scene.event.id}/anmalda?{query}&lage=x&ordning=y").status_code == 200


# --- a new one ----------------------------------------------------------------------------------------------------


def test_the_form_begins_with_what_the_series_says(staff: Visitor, scene: Scene) -> None:
    page = staff.get(f"/personal/evenemang/nytt?serie={scene.series.id}").text
    assert 'value="Åhaga"' in page
    assert 'value="30"' in page


def test_a_new_event_is_a_draft_and_sent_twice_still_one(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/evenemang/nytt/{scene.series.id}"
    first, second = (staff.post(path, data=new_form()) for _ in range(2))
    assert first.location == second.location
    made = events()[-1]
    assert (made.state, made.title, made.capacity) == (EventState.DRAFT, "Frukost om el", 25)
    assert local(made.starts_at).strftime("%H.%M") == "08.00"
    assert len(events()) == 2


def test_an_event_can_be_published_at_once(staff: Visitor, scene: Scene) -> None:
    staff.post(f"/personal/evenemang/nytt/{scene.series.id}", data=new_form(gor="publicera"))
    assert events()[-1].state is EventState.PUBLISHED


def test_what_is_missing_is_said_and_nothing_typed_is_lost(staff: Visitor, scene: Scene) -> None:
    form = new_form(gor="publicera", summary="", day="fel", starts="kvart i", title="Min rubrik")
    answer = staff.post(f"/personal/evenemang/nytt/{scene.series.id}", data=form)
    assert answer.status_code == 422
    assert "Skriv datumet som år-månad-dag" in answer.text
    assert 'value="Min rubrik"' in answer.text
    assert 'value="kvart i"' in answer.text
    assert "<title>Fel: " in answer.text


def test_a_refusal_to_publish_keeps_the_form_and_makes_no_event(staff: Visitor, scene: Scene) -> None:
    answer = staff.post(f"/personal/evenemang/nytt/{scene.series.id}", data=new_form(gor="publicera", summary=""))
    assert answer.status_code == 422
    assert "Evenemanget saknar en sammanfattning" in answer.text
    assert "Frukost om el" in answer.text
    assert len(events()) == 1


def test_an_odd_day_is_remarked_on_but_not_forbidden(staff: Visitor, scene: Scene) -> None:
    path, form = f"/personal/evenemang/nytt/{scene.series.id}", new_form(day="2031-06-06", gor="publicera")
    answer = staff.post(path, data=form)
    assert "6 juni 2031 är nationaldagen." in answer.text
    assert len(events()) == 1
    assert staff.post(path, data={**form, "warned": "2031-06-06"}).status_code == 302
    assert events()[-1].state is EventState.PUBLISHED


def test_an_end_before_the_start_is_refused_at_the_field(staff: Visitor, scene: Scene) -> None:
    answer = staff.post(f"/personal/evenemang/nytt/{scene.series.id}", data=new_form(ends="07:00"))
    assert "Sluttiden måste vara efter starttiden." in answer.text


def test_a_copy_is_a_draft_as_long_as_the_original_without_people(staff: Visitor, scene: Scene) -> None:
    form = {"title": "Andra gången", "day": soon().isoformat(), "starts": "11.30"}
    for _ in range(2):
        staff.post(f"/personal/evenemang/{scene.event.id}/kopia", data=form)
    original, copy = events()
    assert copy.ends_at - copy.starts_at == original.ends_at - original.starts_at
    assert (copy.title, copy.state, copy.capacity) == ("Andra gången", EventState.DRAFT, 2)
    assert db.session.scalar(select(func.count()).where(Attendee.event_id == copy.id)) == 0


def test_only_a_draft_is_thrown_away(staff: Visitor, scene: Scene) -> None:
    draft = make_event(state=EventState.DRAFT)
    staff.post(f"/personal/evenemang/{draft.id}/ta-bort")
    answer = sent(staff, f"/personal/evenemang/{scene.event.id}/ta-bort")
    assert "Bara ett utkast kan tas bort" in answer.text
    assert [event.id for event in events()] == [scene.event.id]


# --- publishing and cancelling ------------------------------------------------------------------------------------


def test_publishing_says_what_it_does_and_is_harmless_twice(staff: Visitor) -> None:
    draft = make_event(state=EventState.DRAFT)
    assert "syns i kalendern" in staff.get(f"/personal/evenemang/{draft.id}/publicera").text
    for _ in range(2):
        assert staff.post(f"/personal/evenemang/{draft.id}/publicera").status_code == 302
    assert again(draft).state is EventState.PUBLISHED


def test_a_draft_that_lacks_something_is_not_published(staff: Visitor) -> None:
    draft = make_event(state=EventState.DRAFT, place="")
    answer = staff.post(f"/personal/evenemang/{draft.id}/publicera")
    assert answer.status_code == 422
    assert "saknar en plats" in answer.text
    assert again(draft).state is EventState.DRAFT


def test_cancelling_says_to_whom_and_tells_everybody_once(staff: Visitor, scene: Scene) -> None:
    make_registration(scene.event, ["Kalle Kö"])
    path = f"/personal/evenemang/{scene.event.id}/stall-in"
    assert "3 personer får ett brev" in staff.get(path).text
    assert staff.post(path, data={"why": ""}).status_code == 422
    for _ in range(2):
        staff.post(path, data={"why": "Talaren är sjuk."})
    assert again(scene.event).state is EventState.CANCELLED
    assert letters("events/event_cancelled") == 3
    page = staff.get(f"/personal/evenemang/{scene.event.id}").text
    assert "Talaren är sjuk." in page
    assert "Ställ in evenemanget" not in page


# --- changes ------------------------------------------------------------------------------------------------------


def edit_form(event: Event, **given: object) -> dict[str, object]:
    begins, ends = local(event.starts_at), local(event.ends_at)
    form = {
        "title": event.title, "summary": event.summary, "day": begins.date().isoformat(),
        "starts": begins.strftime("%H:%M"), "ends": ends.strftime("%H:%M"), "place": event.place,
        "address": event.address, "capacity": event.capacity, "party_size": event.party_size,
        "last_day": ends.date().isoformat() if ends.date() != begins.date() else "",
    }  # fmt: skip
    return {**form, **given}


def test_the_form_shows_the_times_as_the_clock_on_the_wall(staff: Visitor) -> None:
    half = timedelta(minutes=30)
    event = make_event(starts_at=in_days(2, hour=11) + half, opens_at=in_days(1, hour=11) + half)
    page = staff.get(f"/personal/evenemang/{event.id}/installningar").text
    assert 'value="11:30' in page
    staff.post(f"/personal/evenemang/{event.id}/installningar", data=edit_form(event, title="Ny"))
    assert again(event).starts_at == event.starts_at
    assert again(event).opens_at is None  # left empty


def test_more_seats_are_offered_to_the_queue(staff: Visitor, scene: Scene) -> None:
    waiting = make_registration(scene.event, ["Kalle Kö"]).attendees[0]
    form = edit_form(scene.event, capacity=3)
    answer = sent(staff, f"/personal/evenemang/{scene.event.id}/installningar", data=form)
    assert "1 person i kön erbjuds plats." in answer.text
    assert again(waiting).state is AttendeeState.OFFERED


def test_a_new_place_is_told_only_after_the_page_has_said_so(staff: Visitor, scene: Scene) -> None:
    path, form = f"/personal/evenemang/{scene.event.id}/installningar", edit_form(scene.event, place="Stadshuset")
    asked = staff.post(path, data=form)
    assert "2 personer får ett brev om ändringen" in asked.text
    assert 'value="Stadshuset"' in asked.text
    assert again(scene.event).place == "Åhaga"
    confirmed = asked.text.partition('name="confirmed"')[2].partition('value="')[2].partition('"')[0]
    for _ in range(2):
        staff.post(path, data={**form, "confirmed": confirmed.replace("&#43;", "+")})
    assert again(scene.event).place == "Stadshuset"
    assert letters("events/event_changed") == 2


def test_a_draft_changes_place_without_questions(staff: Visitor) -> None:
    draft = make_event(state=EventState.DRAFT)
    staff.post(f"/personal/evenemang/{draft.id}/installningar", data=edit_form(draft, place="Stadshuset"))
    assert again(draft).place == "Stadshuset"


def test_wrong_values_are_said_at_their_fields_and_kept(staff: Visitor, scene: Scene) -> None:
    wrong = {"capacity": "många", "contact_email": "inte en adress", "description": "Lång text som ska vara kvar"}
    form = edit_form(scene.event, **wrong)
    answer = staff.post(f"/personal/evenemang/{scene.event.id}/installningar", data=form)
    assert answer.status_code == 422
    for text in ("Skriv antalet med siffror.", *wrong.values()):
        assert text in answer.text
    assert answer.text.count("Skriv antalet med siffror.") == 2  # in the summary and at the field


def test_a_published_event_cannot_lose_what_visitors_need(staff: Visitor) -> None:
    event = make_event()
    form = edit_form(event, summary="", description="Kvar")
    answer = staff.post(f"/personal/evenemang/{event.id}/installningar", data=form)
    assert answer.status_code == 422
    assert "saknar en sammanfattning" in answer.text
    assert "Kvar" in answer.text
    assert again(event).summary


# --- the queue ----------------------------------------------------------------------------------------------------


def test_the_overview_says_why_nobody_is_offered_a_seat(staff: Visitor, scene: Scene) -> None:
    make_registration(scene.event, ["Kalle Kö"])
    path = f"/personal/evenemang/{scene.event.id}"
    assert "Alla platser är tagna." in staff.get(path).text
    staff.post(f"{path}/ko/paus")
    assert "Kön är pausad." in staff.get(path).text
    assert again(scene.event).queue_paused
    staff.post(f"{path}/ko/start")
    assert not again(scene.event).queue_paused


def test_the_overview_shows_every_state_an_event_can_have(staff: Visitor) -> None:
    series = make_series()
    at = now()
    for number, given in enumerate(
        (
            {"state": EventState.DRAFT, "summary": "", "place": ""},
            {"state": EventState.DRAFT, "starts_at": at - timedelta(days=1)},
            {"opens_at": at + timedelta(days=1)},
            {"closes_at": at - timedelta(days=1)},
            {"starts_at": at - timedelta(days=1)},
            {"state": EventState.CANCELLED, "cancelled_at": at},
        )
    ):
        event = make_event(series=series, title=f"Evenemang {number}", **given)
        assert staff.get(f"/personal/evenemang/{event.id}").status_code == 200, given


def test_sign_ups_are_counted_by_day_in_swedish_time(staff: Visitor, scene: Scene) -> None:
    first = scene.registration.attendees[0]
    with transaction():
        db.session.get(Attendee, first.id).created_at = now() - timedelta(days=3)
    page = staff.get(f"/personal/evenemang/{scene.event.id}").text
    assert page.count("<rect x=") >= 4


def test_sign_ups_over_many_weeks_are_counted_by_week(staff: Visitor, scene: Scene) -> None:
    with transaction():
        db.session.get(Attendee, scene.attendee.id).created_at = now() - timedelta(days=120)
    page = staff.get(f"/personal/evenemang/{scene.event.id}").text
    assert "Anmälningar per vecka" in page
    assert 15 < page.count("<rect x=") < 30


def test_errors_stand_in_the_order_of_the_page_and_an_empty_date_is_asked_for(staff: Visitor, scene: Scene) -> None:
    form = new_form(title="", day="", starts="", capacity="")
    page = staff.post(f"/personal/evenemang/nytt/{scene.series.id}", data=form).text
    summary = page.partition("error-list")[2].partition("</ul>")[0]
    wanted = ["Skriv en rubrik.", "Välj ett datum.", "Skriv när det börjar.", "Skriv ett antal mellan 1 och 20"]
    places = [summary.find(text) for text in wanted]
    assert -1 not in places
    assert places == sorted(places)
