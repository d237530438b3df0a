"""What the links in letters open, and what forged, used and other people's links do not."""

from __future__ import annotations

import io
from datetime import timedelta

import icalendar
import pypdf
import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.events.models import Attendee, Registration
from eventsys.tokens import human_code
from tests.events import scenes
from tests.factories import make_event, make_person, make_registration
from tests.public.reading import Read, everything_kept, followed
from tests.staff_fixtures import Visitor

FORGED = ["", "x", "0" * 32, "..%2f..%2fetc", "%00", "a%00b", "å" * 40, "<script>", "' OR 1=1 --", "9" * 5000]


def booked() -> tuple[Registration, Attendee, Attendee]:
    """A booking of Åsa, who books, and Bo."""
    registration = make_registration(make_event(), ["Åsa Öberg", "Bo Alm"])
    asa, bo = registration.attendees
    return registration, asa, bo


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_link_is_not_found_and_says_what_to_do(web: Visitor, forged: str) -> None:
    booked()
    for path in ("/bokning/{}", "/biljett/{}", "/bokning/{}/avboka", "/bokning/{}/kontakt", "/bokning/{}/person/1",
                 "/biljett/{}/biljett.pdf", "/q/{}", "/evenemang/{}", "/evenemang/{}/anmalan"):  # fmt: skip
        answer = web.get(path.format(forged))
        if answer.status_code in {301, 308} or (forged == "" and path.startswith("/evenemang/")):
            continue
        assert answer.status_code == 404, path
        assert "Sidan finns inte" in answer.text


@pytest.mark.parametrize("path", ["/kalender.ics", "/evenemang", "/evenemang.json", "/evenemang.atom"])
def test_a_forged_filter_shows_an_empty_list_or_nothing(web: Visitor, path: str) -> None:
    for forged in FORGED:
        assert web.get(f"{path}?serie={forged}").status_code in {200, 404}, forged


def test_a_forged_link_cannot_be_posted_to(web: Visitor) -> None:
    _, asa, _ = booked()
    before = everything_kept()
    for path in ("avboka", "kontakt", "person/ny", f"person/{asa.id}", f"erbjudande/{asa.id}"):
        assert web.post(f"/bokning/{'x' * 32}/{path}", data={"person": asa.id, "answer": "yes"}).status_code == 404
    assert everything_kept() == before


def test_the_bookers_link_shows_everybody_and_an_own_link_only_its_person(web: Visitor) -> None:
    registration, asa, bo = booked()
    whole, own = (web.get(f"/bokning/{token}").text for token in (registration.token, bo.token))
    assert all(name in whole for name in ("Åsa Öberg", "Bo Alm"))
    assert "Bo Alm" in own
    for secret in ("Åsa", asa.email, asa.token, asa.ticket_code, registration.token, registration.booker_email):
        assert secret not in own
    assert asa.token not in whole
    assert bo.token not in whole


def test_an_own_link_manages_nobody_else(web: Visitor) -> None:
    _, asa, bo = booked()
    before = everything_kept()
    for path in (f"person/{asa.id}", "person/ny", "kontakt"):
        assert web.get(f"/bokning/{bo.token}/{path}").status_code == 404
        assert web.post(f"/bokning/{bo.token}/{path}", data={"name": "X", "email": "x@x.example"}).status_code == 404
    assert web.post(f"/bokning/{bo.token}/erbjudande/{asa.id}", data={"answer": "yes"}).status_code == 404
    web.post(f"/bokning/{bo.token}/avboka", data={"person": asa.id})
    assert everything_kept() == before
    assert "Åsa" not in web.get(f"/bokning/{bo.token}/avboka").text


def test_people_of_another_booking_are_out_of_reach(web: Visitor) -> None:
    registration, _, _ = booked()
    stranger = make_registration(registration.event, ["Ylva Sjö"]).attendees[0]
    before = everything_kept()
    base = f"/bokning/{registration.token}"
    assert web.get(f"{base}/person/{stranger.id}").status_code == 404
    assert web.post(f"{base}/person/{stranger.id}", data={"name": "X"}).status_code == 404
    assert web.post(f"{base}/erbjudande/{stranger.id}", data={"answer": "no"}).status_code == 404
    web.post(f"{base}/avboka", data={"person": stranger.id})
    for huge in ("9" * 30, "0", "-1"):
        assert web.get(f"{base}/person/{huge}").status_code == 404
        web.post(f"{base}/avboka", data={"person": huge})
    assert everything_kept() == before


def test_cancelling_one_leaves_the_others_and_revokes_the_ticket(web: Visitor) -> None:
    registration, asa, bo = booked()
    code = bo.ticket_code
    assert web.get(f"/biljett/{code}").status_code == 200
    asked = Read(web.get(f"/bokning/{registration.token}/avboka?person={bo.id}"))
    assert "Bo Alm" in asked.words
    assert "Åsa" not in asked.words
    answer = followed(web, web.post(f"/bokning/{registration.token}/avboka", data=asked.typed))
    assert "Avbokningen är klar" in answer.text
    assert scenes.states(registration.event) == {"Åsa Öberg": scenes.CONFIRMED, "Bo Alm": scenes.CANCELLED}
    revoked = web.get(f"/biljett/{code}")
    assert (revoked.status_code, Read(revoked).words[:30]) == (410, "Biljetten gäller inte längre D")
    assert web.get(f"/biljett/{code}/biljett.pdf").status_code == 404
    assert web.get(f"/biljett/{code}/kalender.ics").status_code == 404
    assert web.get(f"/biljett/{asa.ticket_code}").status_code == 200
    assert web.get(f"/en/biljett/{code}").status_code == 410


def test_pressing_cancel_twice_is_harmless_and_tells_once(web: Visitor) -> None:
    registration, _, bo = booked()
    for _ in range(2):
        assert web.post(f"/bokning/{registration.token}/avboka", data={"person": bo.id}).status_code == 302
    assert scenes.letters("Bo Alm") == ["ticket", "seat_cancelled"]


def test_the_confirmation_of_a_change_is_shown_once_and_to_nobody_else(app: Flask, web: Visitor) -> None:
    registration, _, bo = booked()
    web.post(f"/bokning/{registration.token}/avboka", data={"person": bo.id})
    mine, others = web.get("/evenemang").text, app.test_client().get("/evenemang").text
    assert "Avbokningen är klar" in mine
    assert "Avbokningen är klar" not in others
    assert "Avbokningen är klar" not in web.get("/evenemang").text


def test_a_new_address_gives_a_new_ticket_and_revokes_the_old(web: Visitor) -> None:
    registration, _, bo = booked()
    code = bo.ticket_code
    form = {"name": "Nils Ek", "email": "nils@alm.example"}
    assert web.post(f"/bokning/{registration.token}/person/{bo.id}", data=form).status_code == 302
    assert web.get(f"/biljett/{code}").status_code == 410
    assert "Nils Ek" in web.get(f"/biljett/{scenes.person('Nils Ek').ticket_code}").text


def test_who_hands_the_seat_to_another_address_no_longer_opens_it(web: Visitor) -> None:
    _, _, bo = booked()
    old = bo.token
    answer = web.post(f"/bokning/{old}/person/{bo.id}", data={"name": "Nils Ek", "email": "nils@alm.example"})
    assert answer.location.endswith("/anmalan/mottagen")
    assert web.get(f"/bokning/{old}").status_code == 404
    assert "Nils Ek" in web.get(f"/bokning/{scenes.person('Nils Ek').token}").text


def test_mistakes_in_a_change_are_told_at_the_field_and_keep_what_was_typed(web: Visitor) -> None:
    registration, _, bo = booked()
    for path, form in (
        (f"person/{bo.id}", {"name": "", "email": "x", "phone": "033-35 70 00"}),
        ("person/ny", {"name": "", "email": "x", "phone": "033-35 70 00"}),
        ("kontakt", {"name": "", "email": "x", "phone": "033-35 70 00"}),
    ):
        page = Read(web.post(f"/bokning/{registration.token}/{path}", data=form))
        assert page.status == 422, path
        assert list(page.in_summary) == ["name", "email"]
        assert page.at_fields == page.in_summary
        assert page.typed["phone"] == "033-35 70 00"
        assert page.title.startswith("Fel: ")


def test_somebody_elses_address_cannot_be_taken_over(web: Visitor) -> None:
    registration, _, bo = booked()
    make_registration(registration.event, [make_person("Ylva Sjö", "ylva@sjo.example")])
    page = Read(
        web.post(f"/bokning/{registration.token}/person/{bo.id}", data={"name": "Bo", "email": "ylva@sjo.example"})
    )
    assert page.status == 422
    assert set(page.at_fields) == {"email"}
    assert "Ylva" not in page.words


def test_one_more_person_is_asked_before_queueing_and_keeps_what_was_typed(web: Visitor) -> None:
    event = make_event(capacity=1)
    registration = make_registration(event, ["Åsa Öberg"])
    form = {"name": "Bo Alm", "email": "bo@alm.example"}
    page = Read(web.post(f"/bokning/{registration.token}/person/ny", data=form))
    assert page.status == 409
    assert form.items() <= page.typed.items()
    assert page.typed["queue"] == "1"
    web.post(f"/bokning/{registration.token}/person/ny", data=page.typed)
    assert scenes.states(event)["Bo Alm"] is scenes.WAITING


def test_nothing_can_be_changed_once_the_event_has_begun(web: Visitor) -> None:
    registration, _, bo = booked()
    scenes.edit_event(registration.event_id, {"starts_at": now() - timedelta(minutes=1)}, now())
    before = everything_kept()
    page = web.get(f"/bokning/{registration.token}").text
    assert "Evenemanget har börjat" in page
    assert "Avboka" not in page
    form = {"name": "X", "email": "x@x.example", "person": bo.id}
    for path in ("avboka", f"person/{bo.id}", "kontakt"):
        answer = followed(web, web.post(f"/bokning/{registration.token}/{path}", data=form))
        assert "Det går inte längre att" in answer.text, path
    assert everything_kept() == before


# --- offers -------------------------------------------------------------------------------------------------------


def offered() -> Attendee:
    """Bo, who waited and was offered the seat that Åsa left."""
    event = make_event(capacity=1)
    asa = make_registration(event, ["Åsa Öberg"])
    make_registration(event, ["Bo Alm"])
    scenes.cancel_people(list(asa.attendees), now())
    return scenes.person("Bo Alm")


def test_an_offer_is_answered_by_a_button_and_not_by_opening_the_link(web: Visitor) -> None:
    bo = offered()
    for _ in range(3):
        page = web.get(f"/bokning/{bo.token}")
        assert "Svara senast" in page.text
    assert scenes.person("Bo Alm").state is scenes.OFFERED
    assert web.get(f"/bokning/{bo.token}/erbjudande/{bo.id}?answer=yes").status_code == 405
    answer = followed(web, web.post(f"/bokning/{bo.token}/erbjudande/{bo.id}", data={"answer": "yes"}))
    assert "Platsen är din." in answer.text
    assert web.get(f"/biljett/{scenes.person('Bo Alm').ticket_code}").status_code == 200


def test_a_declined_offer_cannot_be_accepted_afterwards(web: Visitor) -> None:
    bo = offered()
    web.post(f"/bokning/{bo.token}/erbjudande/{bo.id}", data={"answer": "no"})
    answer = followed(web, web.post(f"/bokning/{bo.token}/erbjudande/{bo.id}", data={"answer": "yes"}))
    assert "Erbjudandet gäller inte längre" in answer.text
    assert scenes.person("Bo Alm").state is scenes.DECLINED


def test_a_ticket_of_somebody_without_a_seat_shows_no_code(web: Visitor) -> None:
    bo = offered()
    page = web.get(f"/biljett/{bo.ticket_code}")
    assert "Du har ingen biljett än" in page.text
    assert human_code(bo.ticket_code) not in page.text
    assert web.get(f"/biljett/{bo.ticket_code}/biljett.pdf").status_code == 404


# --- the ticket ---------------------------------------------------------------------------------------------------


def test_the_ticket_says_who_where_and_when_and_nothing_about_others(web: Visitor) -> None:
    _, asa, bo = booked()
    page = Read(web.get(f"/biljett/{bo.ticket_code}"))
    assert human_code(bo.ticket_code) in page.words
    assert all(words in page.words for words in ("Bo Alm", "Fredagslunch", "Åhaga", "kl."))
    assert "Åsa" not in page.words
    assert asa.ticket_code not in page.words


def test_the_ticket_as_paper_and_as_calendar_entry(web: Visitor) -> None:
    _, _, bo = booked()
    paper = pypdf.PdfReader(io.BytesIO(web.get(f"/biljett/{bo.ticket_code}/biljett.pdf").data))
    assert len(paper.pages) == 1
    assert human_code(bo.ticket_code) in paper.pages[0].extract_text()
    calendar = icalendar.Calendar.from_ical(web.get(f"/biljett/{bo.ticket_code}/kalender.ics").data)
    [entry] = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "REQUEST"
    assert entry["UID"] == f"person-{bo.id}@127.0.0.1"
    assert entry["DTSTART"].dt.tzinfo.key == "Europe/Stockholm"


# --- my bookings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/mina-bokningar", "/en/mina-bokningar"])
def test_an_unknown_address_is_answered_exactly_as_a_known_one(web: Visitor, path: str) -> None:
    booked()
    known, unknown = "bo.alm@foretag.se", "bo.elm@foretag.se"
    pages = {address: web.post(path, data={"email": address}) for address in (known, unknown)}
    assert pages[known].status_code == pages[unknown].status_code == 200
    assert pages[known].data.replace(known.encode(), b"") == pages[unknown].data.replace(unknown.encode(), b"")
    assert dict(pages[known].headers) == dict(pages[unknown].headers)
    assert known in pages[known].text
    assert scenes.letters("Bo Alm") == ["ticket", "my_bookings"]


def test_my_bookings_tells_mistakes_and_mails_once_an_hour(web: Visitor) -> None:
    booked()
    assert Read(web.post("/mina-bokningar", data={"email": "bo.alm"})).at_fields.keys() == {"email"}
    nothing = Read(web.post("/mina-bokningar", data={"email": ""}))
    assert nothing.at_fields == {"email": "Skriv e-postadressen du anmälde dig med."}
    for _ in range(3):
        web.post("/mina-bokningar", data={"email": " Bo.Alm@Foretag.SE "})
    assert scenes.letters("Bo Alm") == ["ticket", "my_bookings"]
