"""The list of registrations, what is done to those selected, adding by hand, and one booking's page."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.listing import Order, Show, Wanted, people_of
from eventsys.events.models import Attendee, AttendeeState, Diet, Message, Registration
from eventsys.events.sources import add_source
from eventsys.mail.models import Delivery
from tests.events_staff.conftest import Scene, again, sent
from tests.factories import make_event, make_person, make_registration
from tests.staff_fixtures import Visitor


def letters(name: str) -> int:
    return db.session.scalar(select(func.count()).select_from(Delivery).where(Delivery.letter == name)) or 0


def names(event, **wanted: object) -> list[str]:  # type: ignore[no-untyped-def]
    return [one.name for one in people_of(event, Wanted(**wanted)).people]


# --- reading ------------------------------------------------------------------------------------------------------


def test_people_stand_in_swedish_order_whatever_the_database_thinks(app: Flask) -> None:
    event = make_event()
    for name in ("Ove Zorn", "Eva Öst", "Amir Ål", "Karin Alm", "Bo Äng"):
        make_registration(event, [name])
    assert names(event) == ["Karin Alm", "Ove Zorn", "Amir Ål", "Bo Äng", "Eva Öst"]


def test_companies_stand_in_swedish_order(app: Flask) -> None:
    event = make_event()
    for number, company in enumerate(("Örn AB", "zäta", "Åkeri", "Alfa", "Ärlig")):
        make_registration(event, [f"Person {number}"], company_name=company)
    order = [one.registration.company_name for one in people_of(event, Wanted(order=Order.COMPANY)).people]
    assert order == ["Alfa", "zäta", "Åkeri", "Ärlig", "Örn AB"]


@pytest.mark.parametrize(
    "text", ["öberg", "ÅSA", "åsa öb", "asa.oberg@foretag.se", "vÄveriet", "5560360793", "556036-0793", "033-357000"]
)
def test_a_person_is_found_by_name_company_address_or_number(app: Flask, text: str) -> None:
    event = make_event()
    person = make_person("Åsa Öberg", phone="033-35 70 00", phone_e164="+4633357000")
    make_registration(event, [person], company_number="5560360793")
    make_registration(event, ["Nils Ek"], company_name="Annat AB")
    assert names(event, text=text) == ["Åsa Öberg"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", "(", "finns inte"])
def test_signs_of_the_database_are_plain_signs_in_a_search(app: Flask, text: str) -> None:
    event = make_event()
    make_registration(event, ["Åsa Öberg"])
    assert names(event, text=text) == []


def test_the_list_is_filtered_by_state_and_source_and_its_numbers_add_up(staff: Visitor, scene: Scene) -> None:
    waiting = make_registration(scene.event, ["Kalle Kö"], source=scene.source.code).attendees[0]
    listing = people_of(scene.event, Wanted())
    assert listing.counts[Show.ALL] == listing.counts[Show.CONFIRMED] + listing.counts[Show.WAITING] == 3
    assert names(scene.event, show=Show.WAITING) == names(scene.event, source=scene.source.code) == [waiting.name]
    assert "Kalle Kö" not in staff.get(f"/personal/evenemang/{scene.event.id}/anmalda?kalla=direkt").text
    page = staff.get(f"/personal/evenemang/{scene.event.id}/anmalda?lage=ko").text
    assert "Kalle Kö" in page
    assert "Åsa Öberg" not in page


def test_the_list_comes_in_pages(staff: Visitor) -> None:
    event = make_event(capacity=200, party_size=60)
    make_registration(event, 60)
    path = f"/personal/evenemang/{event.id}/anmalda"
    assert "1–50 av 60" in staff.get(path).text
    assert "51–60 av 60" in staff.get(f"{path}?sida=2").text
    assert "51–60 av 60" in staff.get(f"{path}?sida=99").text


def test_diets_stand_nowhere_but_on_their_own_page_and_each_look_is_noted(staff: Visitor, scene: Scene) -> None:
    with transaction():
        db.session.add(Diet(attendee_id=scene.attendee.id, text="Jordnötter"))
    booking = f"/personal/anmalan/{scene.registration.id}"
    for path in (f"/personal/evenemang/{scene.event.id}/anmalda", booking, f"{booking}/person/{scene.attendee.id}"):
        assert "Jordnötter" not in staff.get(path).text
    diet = f"{booking}/person/{scene.attendee.id}/kost"
    assert "Jordnötter" in staff.get(diet).text
    seen = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "diet.seen").order_by(AuditEntry.id)).all()
    assert [entry.subject for entry in seen] == [f"registration:{scene.registration.id}"]
    assert "Jordnötter" not in str(seen[0].detail)
    staff.post(diet, data={"diet": ""})
    assert db.session.get(Diet, scene.attendee.id) is None


def test_changing_a_name_keeps_the_diet(staff: Visitor, scene: Scene) -> None:
    with transaction():
        db.session.add(Diet(attendee_id=scene.attendee.id, text="Jordnötter"))
    form = {"name": "Åsa Berg", "email": scene.attendee.email, "phone": ""}
    staff.post(f"/personal/anmalan/{scene.registration.id}/person/{scene.attendee.id}", data=form)
    assert again(scene.attendee).name == "Åsa Berg"
    assert db.session.get(Diet, scene.attendee.id).text == "Jordnötter"


# --- those selected -----------------------------------------------------------------------------------------------


def test_cancelling_selected_people_is_asked_first_and_told_once(staff: Visitor, scene: Scene) -> None:
    ids = [one.id for one in scene.registration.attendees]
    path = f"/personal/evenemang/{scene.event.id}/anmalda"
    asked = sent(staff, f"{path}/valda", data={"ids": ids, "gor": "avboka"})
    assert "Avboka 2 personer" in asked.text
    for _ in range(2):
        staff.post(f"{path}/avboka", data={"ids": ids})
    assert letters("events/seat_cancelled") == 2
    assert names(scene.event, show=Show.LEFT) == ["Bo Alm", "Åsa Öberg"]


def test_with_nobody_ticked_the_page_says_what_to_do(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/evenemang/{scene.event.id}/anmalda/valda"
    assert "Markera minst en person" in sent(staff, path, data={}).text


def test_a_free_seat_is_given_past_the_queue_but_never_one_too_many(staff: Visitor, scene: Scene) -> None:
    waiting = make_registration(scene.event, ["Kalle Kö", "Klara Kö"]).attendees
    path = f"/personal/evenemang/{scene.event.id}/anmalda/plats"
    refused = sent(staff, path, data={"ids": waiting[1].id})
    assert "Det finns ingen ledig plats, men 1 person behöver en." in refused.text
    with transaction():
        db.session.get(type(scene.event), scene.event.id).capacity = 3
    refused = sent(staff, path, data={"ids": [one.id for one in waiting]})
    assert "Ingen har fått någon plats" in refused.text
    for _ in range(2):
        staff.post(path, data={"ids": waiting[1].id})
    assert [again(one).state for one in waiting] == [AttendeeState.WAITING, AttendeeState.CONFIRMED]


# --- by hand ------------------------------------------------------------------------------------------------------


def hand_form(page: str, **given: object) -> dict[str, object]:
    key = page.partition('name="idempotency_key"')[2].partition('value="')[2].partition('"')[0]
    return {"name": "Ny Person", "email": "ny@foretag.se", "company_name": "Ek AB", "idempotency_key": key, **given}


def test_adding_by_hand_twice_makes_one_booking(staff: Visitor) -> None:
    event = make_event()
    path = f"/personal/evenemang/{event.id}/anmalda/lagg-till"
    form = hand_form(staff.get(path).text)
    locations = {staff.post(path, data=form).location for _ in range(2)}
    assert len(locations) == 1
    booking = db.session.scalars(select(Registration)).one()
    assert booking.added_by.startswith("Alva")
    assert letters("events/ticket") == 1
    assert letters("events/already_registered") == 0


def test_when_it_is_full_the_page_offers_the_queue(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/evenemang/{scene.event.id}/anmalda/lagg-till"
    form = hand_form(staff.get(path).text)
    full = staff.post(path, data=form)
    assert full.status_code == 422
    assert "Ställ i kön" in full.text
    assert 'value="ny@foretag.se"' in full.text
    staff.post(path, data={**form, "queue": "1"})
    assert names(scene.event, show=Show.WAITING) == ["Ny Person"]


def test_an_address_that_is_registered_is_refused_with_everything_kept(staff: Visitor) -> None:
    event = make_event()
    make_registration(event, [make_person("Åsa Ek", "asa@foretag.se")])
    path = f"/personal/evenemang/{event.id}/anmalda/lagg-till"
    answer = staff.post(path, data=hand_form(staff.get(path).text, email="ASA@foretag.se"))
    assert answer.status_code == 422
    assert "redan anmäld" in answer.text
    assert 'value="Ny Person"' in answer.text


# --- one booking --------------------------------------------------------------------------------------------------


def test_the_booking_shows_its_people_and_letters(staff: Visitor, scene: Scene) -> None:
    page = staff.get(f"/personal/anmalan/{scene.registration.id}").text
    for text in ("Åsa Öberg", "Bo Alm", "Väveriet i Borås AB", "Bekräftelse och biljett", "Väntar"):
        assert text in page


def test_a_taken_address_is_refused_and_the_typed_one_kept(staff: Visitor, scene: Scene) -> None:
    other = make_registration(scene.event, ["Kalle Kö"]).attendees[0]
    path = f"/personal/anmalan/{scene.registration.id}/person/{scene.attendee.id}"
    answer = staff.post(path, data={"name": "Åsa", "email": other.email})
    assert answer.status_code == 422
    assert "redan anmäld till evenemanget i en annan anmälan" in answer.text
    assert f'value="{other.email}"' in answer.text
    assert again(scene.attendee).email != other.email


def test_the_booker_is_corrected(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/anmalan/{scene.registration.id}/bokare"
    assert staff.post(path, data={"name": "", "email": "x"}).status_code == 422
    staff.post(path, data={"name": "Ny Bokare", "email": "ny@foretag.se", "phone": ""})
    assert again(scene.registration).booker_name == "Ny Bokare"


def test_one_person_leaves_once(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/anmalan/{scene.registration.id}/person/{scene.attendee.id}/avboka"
    assert "får ett brev om avbokningen" in staff.get(path).text
    for _ in range(2):
        staff.post(path)
    assert again(scene.attendee).state is AttendeeState.CANCELLED
    assert letters("events/seat_cancelled") == 1
    assert names(scene.event) == ["Bo Alm"]


def test_a_person_moves_to_another_event_once(staff: Visitor, scene: Scene) -> None:
    there = make_event(title="Nästa lunch", series=scene.series)
    path = f"/personal/anmalan/{scene.registration.id}/person/{scene.attendee.id}/flytta"
    assert "Nästa lunch" in staff.get(path).text
    assert staff.post(path, data={}).status_code == 422
    moved = staff.post(path, data={"event": there.id})
    assert staff.post(path, data={"event": there.id}).status_code == 422
    assert names(there) == ["Åsa Öberg"]
    assert names(scene.event) == ["Bo Alm"]
    new_id = db.session.scalars(select(Registration.id).where(Registration.event_id == there.id)).one()
    assert moved.location == f"/personal/anmalan/{new_id}"


def test_the_ticket_is_sent_again_once_a_press(staff: Visitor, scene: Scene) -> None:
    number = scene.attendee.letter_number
    path = f"/personal/anmalan/{scene.registration.id}/person/{scene.attendee.id}/brev"
    for _ in range(2):
        staff.post(path, data={"letter_number": number})
    assert letters("events/ticket") == 3  # two when they were booked, one now
    assert again(scene.attendee).letter_number == number + 1


def test_somebody_who_left_gets_no_ticket(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/anmalan/{scene.registration.id}/person/{scene.attendee.id}"
    staff.post(f"{path}/avboka")
    answer = sent(staff, f"{path}/brev", data={"letter_number": 1})
    assert "inte längre anmäld" in answer.text


# --- messages -----------------------------------------------------------------------------------------------------

TEXT = {"subject": "Parkering", "body": "Parkera bakom huset.\r\n\r\nHälsningar"}


def test_a_message_is_looked_at_before_it_goes_and_sent_once(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/evenemang/{scene.event.id}/meddelande"
    preview = staff.post(path, data={**TEXT, "to": "confirmed", "gor": "granska"})
    assert "Skicka till 2 deltagare" in preview.text
    assert letters("events/message") == 0
    answers = [sent(staff, path, data={**TEXT, "to": "confirmed", "gor": "skicka"}) for _ in range(2)]
    assert "2 brev skickas nu." in answers[0].text
    assert "redan skickat" in answers[1].text
    assert letters("events/message") == 2
    assert db.session.scalars(select(Message)).one().sent_to == "confirmed"


def test_a_message_can_be_changed_after_a_look(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/evenemang/{scene.event.id}/meddelande"
    page = staff.post(path, data={**TEXT, "to": "confirmed", "gor": "andra"}).text
    assert 'value="Parkering"' in page
    assert "Parkera bakom huset." in page


def test_an_empty_message_is_refused_with_what_was_written_kept(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/evenemang/{scene.event.id}/meddelande"
    answer = staff.post(path, data={"to": "confirmed", "subject": "", "body": "Kvar", "gor": "granska"})
    assert answer.status_code == 422
    assert "Skriv ett ämne." in answer.text
    assert "Kvar" in answer.text


def test_the_queue_and_chosen_people_can_be_written_to(staff: Visitor, scene: Scene) -> None:
    waiting = make_registration(scene.event, ["Kalle Kö"]).attendees[0]
    path = f"/personal/evenemang/{scene.event.id}/meddelande"
    staff.post(path, data={**TEXT, "to": "waiting", "gor": "skicka"})
    staff.post(path, data={**TEXT, "to": "chosen", "ids": [waiting.id, scene.attendee.id], "gor": "skicka"})
    sent = db.session.scalars(select(Delivery.address).where(Delivery.letter == "events/message")).all()
    assert sorted(sent) == sorted([waiting.email, waiting.email, scene.attendee.email])


def test_one_address_gets_one_letter_however_many_share_it(staff: Visitor) -> None:
    event = make_event()
    shared = "hela@foretag.se"
    make_registration(event, [make_person("Åsa Ek", shared), make_person("Bo Ek", shared)])
    path = f"/personal/evenemang/{event.id}/meddelande"
    assert "det blir 1 brev" in staff.post(path, data={**TEXT, "to": "all", "gor": "granska"}).text
    staff.post(path, data={**TEXT, "to": "all", "gor": "skicka"})
    assert letters("events/message") == 1


def test_a_selection_without_people_cannot_be_written_to(staff: Visitor) -> None:
    event = make_event()
    assert "ingen att skriva till" in staff.get(f"/personal/evenemang/{event.id}/meddelande").text
    answer = staff.post(f"/personal/evenemang/{event.id}/meddelande", data={**TEXT, "to": "all", "gor": "skicka"})
    assert answer.status_code == 422


# --- letters and QR codes -----------------------------------------------------------------------------------------


def test_the_letters_of_an_event_are_listed_by_fate(staff: Visitor, scene: Scene, foreign: Scene) -> None:
    path = f"/personal/evenemang/{scene.event.id}/brev"
    page = staff.get(path).text
    assert page.count("asa.oberg@foretag.se") == 1  # and not the one of the other event
    assert "Inga brev här just nu" in staff.get(f"{path}?lage=skickade").text


def test_a_named_code_is_made_once_and_counts_its_people(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/evenemang/{scene.event.id}/affischer"
    assert staff.post(path, data={"name": ""}).status_code == 422
    for name in ("Rollup", "rollup"):
        staff.post(path, data={"name": name})
    make_registration(scene.event, ["Kalle Kö"], source=scene.source.code)
    page = staff.get(path).text
    assert page.count("<svg xmlns") == 2
    assert "<b>1</b> anmäld härifrån" in page


def test_a_code_can_be_downloaded_and_printed(staff: Visitor, scene: Scene) -> None:
    base = f"/personal/evenemang/{scene.event.id}/affischer/{scene.source.id}"
    assert staff.get(f"{base}/qr.svg").data.startswith(b"<svg")
    assert staff.get(f"{base}/qr.png").data.startswith(b"\x89PNG")
    assert staff.get(f"{base}/affisch.pdf").data.startswith(b"%PDF")
    assert scene.source.code in staff.get(base).text


def test_codes_of_two_events_may_share_a_name(app: Flask, scene: Scene) -> None:
    other = make_event()
    with transaction():
        assert add_source(other.id, "Affisch", now()).code != scene.source.code


def test_an_attendee_of_no_event_is_not_found(staff: Visitor, scene: Scene) -> None:
    assert db.session.get(Attendee, 99999) is None
    assert staff.get(f"/personal/anmalan/{scene.registration.id}/person/99999").status_code == 404
