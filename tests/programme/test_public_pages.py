"""What visitors see of a programme, and choosing sessions in the form and afterwards, without JavaScript."""

from __future__ import annotations

import json
from datetime import timedelta

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.models import Attendee
from eventsys.events.programme.models import Session
from tests.events.scenes import DAY, letters, person
from tests.events_staff.test_costs import counted
from tests.factories import make_event
from tests.programme.scenes import comes, has, make_session, make_slot, make_workshops, picks, workshop_day
from tests.public.reading import Read, filled, form_of


def own(session: Session | None, slot_id: int = 0) -> dict[str, str]:
    return {f"own-s_{session.slot_id if session else slot_id}": str(session.id if session else 0)}


def test_the_form_asks_the_booker_and_each_other_person_for_a_session(app, web):
    event, [a, b] = workshop_day(2, 2)
    form = filled(("Bo Öberg", "bo@vaveriet.example")) | own(a) | {f"people-0-s_{b.slot_id}": str(b.id)}
    assert web.post(form_of(event), data=form).status_code == 302
    assert (has(person("Åsa Öberg")), has(person("Bo Öberg"))) == (["A"], ["B"])


def test_who_answers_nothing_is_asked_and_no_session_is_an_answer(app, web):
    event, [a, _b] = workshop_day(2, 2)
    page = Read(web.post(form_of(event), data=filled()))
    asked = "Workshoppar, 14.00–15.00: välj ett pass, eller Inget pass."
    assert (page.status, page.in_summary.popitem()[1]) == (422, asked)
    assert web.post(form_of(event), data=filled() | own(None, a.slot_id)).status_code == 302
    assert has(person("Åsa Öberg")) == []


def test_a_booker_who_does_not_come_is_not_asked(app, web):
    event, [a, _b] = workshop_day(2, 2)
    form = filled(("Bo Öberg", ""), booker_comes=None) | {f"people-0-s_{a.slot_id}": str(a.id)}
    assert web.post(form_of(event), data=form).status_code == 302


def test_a_session_that_fills_meanwhile_comes_back_with_nothing_lost_and_offers_the_queue(app, web):
    event, [a, _b] = workshop_day(1, 1)
    form = filled() | own(a) | {"full_shown": ""}
    comes(event, "Karin Åberg", a)
    page = Read(web.post(form_of(event), data=form))
    assert page.status == 409
    [told] = page.at_fields.values()
    assert told.startswith("A blev fullt medan du fyllde i.")
    assert page.typed["company_name"] == form["company_name"]
    checked = page.tree.xpath(f"//input[@name='own-s_{a.slot_id}'][@checked]/@value")
    [shown] = page.tree.xpath("//input[@name='full_shown']/@value")
    assert (checked, shown) == ([str(a.id)], str(a.id))
    assert web.post(form_of(event), data=form | {"full_shown": shown}).status_code == 302
    assert has(person("Åsa Öberg")) == ["A?"]


def test_nobody_is_queued_for_a_session_that_the_page_did_not_call_full(app, web):
    event, [a, b] = workshop_day(1, 1)
    comes(event, "Karin Åberg", a)
    answer = web.post(form_of(event), data=filled() | own(a) | {"full_shown": f"{b.id},x,{'9' * 50}"})
    assert answer.status_code == 409


def test_a_session_removed_meanwhile_asks_anew_and_keeps_the_rest(app, web):
    event, [a, _b] = workshop_day(1, 1)
    with transaction():
        db.session.get_one(Session, a.id).removed_at = now()
    page = Read(web.post(form_of(event), data=filled() | own(a)))
    assert page.status == 422
    assert page.typed["booker_name"] == "Åsa Öberg"


def test_cards_can_be_copied_without_javascript_with_what_was_chosen(app, web):
    event, [a, b] = workshop_day(2, 2)
    form = filled(("Bo Öberg", "bo@v.example")) | own(a) | {f"people-0-s_{b.slot_id}": str(b.id), "copy": "0"}
    page = Read(web.post(form_of(event), data=form))
    for number in (0, 1):
        name = f"people-{number}-s_{b.slot_id}"
        assert page.tree.xpath(f"//input[@name='{name}'][@checked]/@value") == [str(b.id)]


def test_the_kept_page_shows_places_as_they_are_now(app, web):
    event, [a, _b] = workshop_day(2, 1)

    def words() -> str:
        return Read(web.get(form_of(event))).tree.text_content()

    assert "Sal A. 2 platser kvar" in words()
    comes(event, "Bo Alm", a)
    assert "Sal A. 1 plats kvar" in words()
    comes(event, "Eva Ek", a)
    assert "Sal A. Fullt, ställ dig i kö" in words()
    with transaction():
        db.session.get_one(Session, a.id).room = "Aulan"
    assert "Aulan. Fullt" in words()


def test_an_event_without_a_programme_asks_nothing_and_costs_one_query(app, web):
    event = make_event()
    with counted() as asked:
        page = web.get(form_of(event)).text
    assert "full_shown" not in page
    assert "-s_" not in page
    assert len([statement for statement in asked if "slot" in statement or "session_choice" in statement]) == 1


def test_the_booking_shows_sessions_and_places_in_queues_and_leads_to_a_page_to_change_them(app, web):
    event, [a, b] = workshop_day(1, 1)
    comes(event, "Åsa", a)
    bo = comes(event, "Bo", b)
    picks(bo, a, queue=True)
    token, bo_id = bo.token, bo.id
    page = web.get(f"/bokning/{token}").text
    assert "B, Sal B" in page
    assert "A, Sal A (plats 1 i kön)" in page
    address = f"/bokning/{token}/person/{bo_id}/program"
    assert address in page
    form = Read(web.get(address))
    assert form.tree.xpath(f"//input[@name='s_{a.slot_id}'][@checked]/@value") == [str(a.id)]
    assert "Du har plats här" in form.tree.text_content()
    assert web.post(address, data={f"s_{a.slot_id}": str(b.id)}).status_code == 302
    assert has(bo) == ["B"]


def test_a_full_session_chosen_later_asks_before_it_queues(app, web):
    event, [a, b] = workshop_day(1, 1)
    comes(event, "Åsa", a)
    bo = comes(event, "Bo", b)
    address = f"/bokning/{bo.token}/person/{bo.id}/program"
    answer = Read(web.post(address, data={f"s_{a.slot_id}": str(a.id), "full_shown": ""}))
    assert answer.status == 409
    [shown] = answer.tree.xpath("//input[@name='full_shown']/@value")
    assert web.post(address, data={f"s_{a.slot_id}": str(a.id), "full_shown": shown}).status_code == 302
    assert has(bo) == ["B", "A?"]


def test_a_link_changes_only_its_own_people(app, web):
    event, [a, b] = workshop_day(1, 1)
    asa, bo = comes(event, "Åsa", a), comes(event, "Bo", b)
    address = f"/bokning/{asa.token}/person/{bo.id}/program"
    assert web.get(address).status_code == web.post(address, data={}).status_code == 404


def test_nothing_can_be_chosen_once_the_slot_has_begun_or_the_person_has_left(app, web):
    event, [a, _b] = workshop_day(1, 1)
    asa = comes(event, "Åsa", a)
    address = f"/bokning/{asa.token}/person/{asa.id}/program"
    with transaction():
        db.session.get_one(Session, a.id).slot.starts_at = now() - timedelta(minutes=1)
    assert web.get(address).status_code == 302
    assert web.post(address, data={f"s_{a.slot_id}": "0"}).status_code == 302
    assert has(asa) == ["A"]


def test_a_person_added_later_chooses_too(app, web):
    event, [a, _b] = workshop_day(2, 2)
    token = comes(event, "Åsa", a).registration.token
    form = {"name": "Bo Alm", "email": "bo@alm.example", "phone": "", f"s_{a.slot_id}": str(a.id)}
    assert web.post(f"/bokning/{token}/person/ny", data=form).status_code == 302
    assert has(person("Bo Alm")) == ["A"]


def test_the_programme_page_lists_days_sessions_rooms_speakers_and_places(app, web):
    event, [a, _b] = workshop_day(2, 0, ends_at=now() + 30 * DAY)
    comes(event, "Åsa", a)
    common = make_slot(event, 24, name="Tillfälle 2")
    make_session(common, "Avslutning", speakers="Eva Ek, vd", description="Kom ihåg kaffet")
    page = web.get(f"/evenemang/{event.slug}/program").text
    for words in (
        "Workshoppar",
        "Sal A",
        "1 plats kvar",
        "Fullt, ställ dig i kö",
        "Tillfälle 2: Avslutning",
        "Eva Ek, vd",
    ):
        assert words in page, words
    assert page.count("<h2") == 2
    assert "Kom ihåg kaffet" in page
    assert f"/en/evenemang/{event.slug}/program" in page


def test_without_a_programme_its_page_leads_to_the_event(app, web):
    event = make_event(programme="11.30 Lunch")
    assert web.get(f"/evenemang/{event.slug}/program").status_code == 302
    assert "11.30" in web.get(f"/evenemang/{event.slug}").text


def test_the_event_page_shows_the_slots_instead_of_lines_and_tells_search_engines(app, web):
    event, _ = workshop_day(2, 2, programme="11.30 Gammal rad")
    page = Read(web.get(f"/evenemang/{event.slug}"))
    assert "Gammal rad" not in page.tree.text_content()
    [ld] = page.tree.xpath("//script[@type='application/ld+json']/text()")
    assert [part["name"] for part in json.loads(ld)["subEvent"]] == ["A", "B"]


def test_the_ticket_shows_the_sessions_chosen(app, web):
    event, [a, _b] = workshop_day(2, 2)
    asa = comes(event, "Åsa", a)
    assert "A, Sal A" in web.get(f"/biljett/{asa.ticket_code}").text
    picks(asa, None, slot=a.slot_id)
    assert "A, Sal A" not in web.get(f"/biljett/{person('Åsa').ticket_code}").text


def test_two_slots_to_choose_in_are_two_groups(app, web):
    event, [a, _b] = workshop_day(2, 2)
    [c] = make_workshops(event, 1, begins=1, name="Eftermiddag")
    answer = web.post(form_of(event), data=filled() | own(a) | own(c))
    assert answer.status_code == 302
    assert has(person("Åsa Öberg")) == ["A", "A"]
    assert db.session.query(Attendee).count() == 1
    assert letters("Åsa Öberg") == ["ticket"]
