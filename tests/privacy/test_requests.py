"""Asking about one's own data, from the form to the answer: pages of the public and of staff, letters, the clock."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.broker import start_worker
from eventsys.clock import now
from eventsys.companies.models import Contact
from eventsys.database import db, transaction
from eventsys.desk.today import today
from eventsys.events.forgetting import forget_attendees
from eventsys.events.models import Attendee
from eventsys.mail.letters import letter_named
from eventsys.mail.models import Delivery, State
from eventsys.privacy import letters
from eventsys.privacy.actors import ring_due
from eventsys.privacy.asking import a_month_after
from eventsys.privacy.erasing import decide_to_erase, erase, requests_to_erase
from eventsys.privacy.models import PersonRequest, RequestState, Wish
from eventsys.privacy.queries import person_at
from eventsys.staff.models import Role
from tests.companies.scenes import contact_of, make_company
from tests.factories import in_days, make_event, make_person, make_registration
from tests.privacy.scenes import last_letter_leaves, needles_of, traces
from tests.staff_fixtures import Visitor, see_anew

ADDRESS, NAME = "anna.bergstrom@vaveriet.example", "Anna Bergström"
FORM, QUEUE = "/personuppgifter/begaran", "/personal/personuppgifter"


def clock_comes() -> None:
    """Ring for what is due, and let a worker work it off."""
    see_anew()
    ring_due()
    see_anew()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = start_worker(app, threads=1)
    app.extensions["eventsys_broker"].join("privacy")
    worker.stop()
    see_anew()


def pressed(browser: Visitor, path: str, **sent: str) -> str:
    """What the page says to which the button leads."""
    answer = browser.post(path, data=sent)
    assert answer.status_code == 302, answer.text
    page: str = browser.get(answer.location).text
    return page


def only() -> PersonRequest:
    see_anew()
    return db.session.scalars(select(PersonRequest)).one()


def letters_to(address: str = ADDRESS) -> list[str]:
    query = select(Delivery.letter).where(Delivery.address == address, Delivery.letter.startswith("privacy/"))
    return list(db.session.scalars(query.order_by(Delivery.id)))


def built(letter: str) -> str:
    row = db.session.scalars(select(Delivery).where(Delivery.letter == letter)).one()
    kind = letter_named(letter)
    return kind.build(row).text  # type: ignore[union-attr]


def asked_and_confirmed(client, wish: str = "erase", **more: str) -> PersonRequest:
    client.post(FORM, data={"wish": wish, "email": ADDRESS, "name": NAME, **more})
    client.post(f"{FORM}/{only().token}")
    return only()


def attended(name: str = NAME, address: str = ADDRESS) -> Attendee:
    event = make_event(title="Vårlunch", starts_at=in_days(-10))
    return make_registration(event, [make_person(name, address)], in_days(-20)).attendees[0]


# --- asking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [FORM, f"/en{FORM}"])
def test_the_page_says_the_same_whether_the_address_is_known_or_not(client, path):
    attended()
    known = client.post(path, data={"wish": "extract", "email": ADDRESS})
    unknown = client.post(path, data={"wish": "extract", "email": "nobody@vaveriet.example"})
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace(ADDRESS, "X") == unknown.text.replace("nobody@vaveriet.example", "X")
    assert letters_to() == letters_to("nobody@vaveriet.example") == ["privacy/confirm_request"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"email": ADDRESS}, "Välj vad du vill att vi gör."),
        ({"email": ADDRESS, "wish": "burn"}, "Välj vad du vill att vi gör."),
        ({"wish": "erase"}, "Skriv den adress som du använt hos oss."),
        ({"wish": "erase", "email": "anna"}, "Skriv e-postadressen som namn@foretag.se."),
        ({"wish": "erase", "email": ADDRESS, "text": "x" * 2001}, "Texten är 2001 tecken, högst 2000 får plats."),
        ({"wish": "erase", "email": ADDRESS, "name": "x" * 121}, "Texten är 121 tecken"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(client, sent, said):
    answer = client.post(FORM, data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalars(select(PersonRequest)).all() == []


def test_robots_fill_in_the_trap_and_nothing_is_kept(client):
    answer = client.post(FORM, data={"wish": "erase", "email": ADDRESS, "website": "http://spam.example"})
    assert answer.status_code == 200
    assert db.session.scalars(select(PersonRequest)).all() == []


def test_an_address_gets_one_letter_an_hour_however_often_somebody_asks(client):
    for wish in ("erase", "extract", "erase"):
        client.post(FORM, data={"wish": wish, "email": ADDRESS.upper()})
    assert letters_to() == ["privacy/confirm_request"]


def test_too_many_requests_from_one_address_are_asked_to_wait(client, use_settings):
    use_settings(rate_limit_registrations="2 per minute")
    codes = [client.post(FORM, data={"wish": "erase", "email": ADDRESS}).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_looking_at_the_link_changes_nothing_and_pressing_the_button_does(client, signed_in_client):
    client.post(FORM, data={"wish": "correct", "email": ADDRESS})
    token = only().token
    assert "Ja, begäran är min" in client.get(f"{FORM}/{token}").text
    assert only().state is RequestState.ASKED
    assert "Ingen begäran väntar" in signed_in_client(Role.ADMINISTRATOR).get(QUEUE).text
    for _ in range(2):
        assert "Vi har fått din begäran" in client.post(f"{FORM}/{token}").text
    assert only().state is RequestState.WAITING
    assert letters_to() == ["privacy/confirm_request", "privacy/request_received"]
    assert "Rätta uppgifter" in built("privacy/request_received")


def test_a_link_ends_after_seven_days_and_the_request_goes(client):
    client.post(FORM, data={"wish": "erase", "email": ADDRESS})
    with transaction():
        only().ends_at = now()
    assert client.get(f"{FORM}/{only().token}").status_code == 410
    assert client.post(f"{FORM}/{only().token}").status_code == 410
    clock_comes()
    assert db.session.scalars(select(PersonRequest)).all() == []


def test_a_forged_link_leads_nowhere(client):
    assert client.get(f"{FORM}/abc").status_code == 404
    assert client.post(f"{FORM}/abc").status_code == 404


@pytest.mark.parametrize(
    ("begun", "due"),
    [
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2027, 12, 15), date(2028, 1, 15)),
        (date(2028, 1, 30), date(2028, 2, 29)),
    ],
)
def test_the_answer_is_due_within_a_month(begun, due):
    assert a_month_after(begun) == due


# --- staff --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_see_requests(client, signed_in_client, role):
    row = asked_and_confirmed(client)
    browser = signed_in_client(role)
    for path in ("", "/ny", f"/{row.id}", f"/{row.id}/registerutdrag.zip", f"/{row.id}/radera", f"/{row.id}/avsla"):
        assert browser.get(f"{QUEUE}{path}").status_code == 403, path
    for path in ("klar", "ratta", "radera", "avsla"):
        assert browser.post(f"{QUEUE}/{row.id}/{path}").status_code == 403, path


def test_a_request_that_nobody_confirmed_is_not_there_for_staff(client, signed_in_client):
    client.post(FORM, data={"wish": "erase", "email": ADDRESS})
    assert signed_in_client(Role.ADMINISTRATOR).get(f"{QUEUE}/{only().id}").status_code == 404


def test_a_request_that_waits_for_its_last_letter_waits_for_nobody_on_the_page_of_the_day(client, administrator):
    row = asked_and_confirmed(client)
    with transaction():
        decide_to_erase(row.id, "Alva", now())
    assert today(administrator, now()).others == []


def test_a_correction_that_changed_nothing_says_so(client, signed_in_client):
    row = asked_and_confirmed(client, "correct")
    browser = signed_in_client(Role.ADMINISTRATOR)
    assert "Inget ändrades" in pressed(browser, f"{QUEUE}/{row.id}/ratta", name="Anna Berg", phone="")


def test_the_page_of_the_day_tells_administrators(client, administrator, signed_in_client):
    asked_and_confirmed(client)
    assert [one.label for one in today(administrator, now()).others] == ["Personuppgifter"]
    assert "1 begäran att svara på" in signed_in_client(administrator).get("/personal").text
    assert "att svara på" not in signed_in_client(Role.ORGANISER).get("/personal").text


def test_the_extract_is_a_pdf_and_the_same_as_json(client, signed_in_client):
    attended()
    row = asked_and_confirmed(client, "extract")
    answer = signed_in_client(Role.ADMINISTRATOR).get(f"{QUEUE}/{row.id}/registerutdrag.zip")
    assert answer.headers["Cache-Control"] == "no-store"
    bundle = zipfile.ZipFile(io.BytesIO(answer.data))
    assert bundle.read("registerutdrag.pdf").startswith(b"%PDF")
    told = json.loads(bundle.read("registerutdrag.json"))
    titles = [section["rubrik"] for section in told["avsnitt"]]
    assert {"Dina platser på evenemang", "Bokningar du gjort", "Brev till dig"} <= set(titles)
    seats = told["avsnitt"][titles.index("Dina platser på evenemang")]["rader"]
    assert [(one["Evenemang"], one["Namn"]) for one in seats] == [("Vårlunch", NAME)]


def test_an_extract_that_is_handed_over_is_told_by_letter(client, signed_in_client):
    row = asked_and_confirmed(client, "extract")
    browser = signed_in_client(Role.ADMINISTRATOR)
    assert "Begäran är klar" in pressed(browser, f"{QUEUE}/{row.id}/klar")
    assert only().state is RequestState.DONE
    assert "lämnat ut uppgifterna" in built("privacy/request_done")
    assert "redan svarat" in pressed(browser, f"{QUEUE}/{row.id}/klar")


def test_no_comes_with_its_reason_and_how_to_appeal(client, signed_in_client):
    row = asked_and_confirmed(client)
    browser = signed_in_client(Role.ADMINISTRATOR)
    assert browser.post(f"{QUEUE}/{row.id}/avsla", data={"reason": ""}).status_code == 422
    browser.post(f"{QUEUE}/{row.id}/avsla", data={"reason": "Handlingen ska bevaras."})
    assert only().state is RequestState.REFUSED
    text = " ".join(built("privacy/request_refused").split())
    assert "Handlingen ska bevaras." in text
    assert "förvaltningsrätten" in text


def test_a_name_and_a_number_are_corrected_everywhere(client, signed_in_client):
    seat = attended("Ana Bergstrom")
    company = make_company(emails=())
    with transaction():
        db.session.add(contact_of(company.id, ADDRESS, name="Ana Bergstrom"))
    row = asked_and_confirmed(client, "correct")
    browser = signed_in_client(Role.ADMINISTRATOR)
    assert browser.post(f"{QUEUE}/{row.id}/ratta", data={"name": ""}).status_code == 422
    assert browser.post(f"{QUEUE}/{row.id}/ratta", data={"phone": "abc"}).status_code == 422
    sent = {"name": NAME, "phone": "070-123 45 67"}
    assert "Rättat på 3 ställen" in pressed(browser, f"{QUEUE}/{row.id}/ratta", **sent)
    db.session.expire_all()
    assert db.session.get_one(Attendee, seat.id).name == NAME
    contact = db.session.scalars(select(Contact)).one()
    assert (contact.name, contact.phone_e164, contact.search_key.split()[0]) == (NAME, "+46701234567", "anna")
    assert person_at(ADDRESS).names == {NAME}


def test_staff_begin_a_request_for_somebody_who_telephoned(signed_in_client):
    browser = signed_in_client(Role.ADMINISTRATOR)
    bad = browser.post(f"{QUEUE}/ny", data={"wish": "erase", "email": ADDRESS})
    assert bad.status_code == 422
    assert "hur ni vet" in bad.text
    sent = {"wish": "erase", "email": ADDRESS, "name": NAME, "text": "Svarade från adressen."}
    page = pressed(browser, f"{QUEUE}/ny", **sent)
    assert "Vi har inget om adressen" not in page
    assert only().begun_by
    assert letters_to() == ["privacy/request_received"]


# --- forgetting ---------------------------------------------------------------------------------------------------


def test_a_person_is_forgotten_from_the_form_to_the_clock(client, signed_in_client):
    attended()
    row = asked_and_confirmed(client)
    browser = signed_in_client(Role.ADMINISTRATOR)
    page = browser.get(f"{QUEUE}/{row.id}/radera").text
    assert "Antal, företag, närvaro och tider på evenemangen" in page
    assert "fingeravtryck" in page
    for wrong in ("", "radera", "RADERA NU"):
        assert browser.post(f"{QUEUE}/{row.id}/radera", data={"typed": wrong}).status_code == 422
    assert "Det sista brevet skickas nu" in pressed(browser, f"{QUEUE}/{row.id}/radera", typed="RADERA")
    assert "fingeravtryck" in built("privacy/request_erased")
    assert requests_to_erase() == []
    last_letter_leaves(row.id)
    assert requests_to_erase() == [row.id]
    clock_comes()
    assert only().state is RequestState.DONE
    assert traces(*needles_of(NAME, ADDRESS)) == []
    assert "Raderad person" in browser.get(QUEUE).text
    assert "Platser utan person" in browser.get(f"{QUEUE}/{row.id}").text
    assert browser.get(f"{QUEUE}/{row.id}/registerutdrag.zip").status_code == 302
    assert browser.get(f"{QUEUE}/{row.id}/radera").status_code == 302


def test_a_seat_ahead_must_be_cancelled_first(client, signed_in_client):
    event = make_event(title="Framtidslunchen")
    make_registration(event, [make_person(NAME, ADDRESS)])
    row = asked_and_confirmed(client)
    browser = signed_in_client(Role.ADMINISTRATOR)
    page = browser.get(f"{QUEUE}/{row.id}/radera").text
    assert "Framtidslunchen" in page
    assert f"/personal/evenemang/{event.id}/anmalda?q=" in page
    assert 'name="typed"' not in page
    answer = browser.post(f"{QUEUE}/{row.id}/radera", data={"typed": "RADERA"})
    assert answer.status_code == 409
    assert "Avboka eller lämna över det först" in answer.text
    assert only().state is RequestState.WAITING


def test_a_seat_booked_after_the_decision_stops_the_erasing_and_tells_staff(client, signed_in_client):
    attended()
    row = asked_and_confirmed(client)
    with transaction():
        decide_to_erase(row.id, "Alva", now())
    make_registration(make_event(title="Ny lunch"), [make_person(NAME, ADDRESS)])
    last_letter_leaves(row.id)
    clock_comes()
    assert only().state is RequestState.WAITING
    assert "Raderingen blev inte av" in signed_in_client(Role.ADMINISTRATOR).get(f"{QUEUE}/{row.id}").text
    assert db.session.query(Attendee).filter_by(name=NAME).count() == 2


def test_a_letter_that_a_worker_holds_is_waited_for(client):
    attended()
    row = asked_and_confirmed(client)
    with transaction():
        decide_to_erase(row.id, "Alva", now())
    last_letter_leaves(row.id)
    with transaction():
        other = db.session.scalars(select(Delivery).where(Delivery.address == ADDRESS)).first()
        other.state = State.IN_FLIGHT
    with transaction():
        assert not erase(row.id, now())
    with transaction():
        db.session.get_one(Delivery, other.id).state = State.ACCEPTED
    with transaction():
        assert erase(row.id, now())


def test_killed_between_the_letter_and_the_erasing_the_clock_goes_on(client):
    """The letter has left and the process is gone: another one finds the row."""
    attended()
    row = asked_and_confirmed(client)
    with transaction():
        decide_to_erase(row.id, "Alva", now())
    last_letter_leaves(row.id)
    with pytest.raises(KeyboardInterrupt):
        _erase_and_die(row.id)
    assert only().state is RequestState.ERASING
    assert len(traces(*needles_of(NAME, ADDRESS))) > 5
    clock_comes()
    assert only().state is RequestState.DONE
    assert traces(*needles_of(NAME, ADDRESS)) == []


def _erase_and_die(request_id: int) -> None:
    with transaction():
        erase(request_id, now())
        raise KeyboardInterrupt


def test_two_workers_forget_once(client):
    attended()
    row = asked_and_confirmed(client)
    with transaction():
        decide_to_erase(row.id, "Alva", now())
    last_letter_leaves(row.id)
    clock_comes()
    outcome = only().outcome
    clock_comes()
    with transaction():
        assert not erase(row.id, now())
    assert only().outcome == outcome


def test_the_log_names_nobody(client, signed_in_client):
    attended()
    row = asked_and_confirmed(client)
    browser = signed_in_client(Role.ADMINISTRATOR)
    browser.get(f"{QUEUE}/{row.id}")
    browser.post(f"{QUEUE}/{row.id}/radera", data={"typed": "RADERA"})
    last_letter_leaves(row.id)
    clock_comes()
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert {one.action for one in entries} >= {
        "person_request.begun", "person_request.seen", "person_request.erasing_decided", "person_request.erased",
    }  # fmt: skip
    for one in entries:
        assert not re.search(r"bergstr|@vaveriet", f"{one.subject} {one.detail}", re.IGNORECASE)


def test_pages_and_lists_cope_with_somebody_forgotten(signed_in_client):
    seat = attended()
    with transaction():
        forget_attendees([seat.id])
    browser = signed_in_client(Role.ADMINISTRATOR)
    event = f"/personal/evenemang/{seat.event_id}"
    for path in ("", "/anmalda", "/narvaro"):
        page = browser.get(f"{event}{path}")
        assert page.status_code in (200, 404), path
    assert "Raderad person" in browser.get(f"{event}/anmalda").text
    booking = f"/personal/anmalan/{seat.registration_id}"
    assert browser.get(booking).status_code == 200


def test_every_letter_is_whole_in_both_languages(app):
    at = now()
    for wish in Wish:
        for lang in ("sv", "en"):
            row = PersonRequest(
                id=1, token="t", wish=wish, state=RequestState.ERASING, address=ADDRESS, lang=lang, created_at=at,
                ends_at=at + timedelta(days=7), due_on=at.date(), reason="Skäl", outcome=[{"what": "A", "why": "B"}],
            )  # fmt: skip
            for make in (
                letters.emails.confirm_request, letters.emails.request_received, letters.emails.request_done,
                letters.emails.request_refused, letters.emails.request_erased,
            ):  # fmt: skip
                email = make(row)
                assert email.subject
                assert "Bergstr" not in email.text
                assert ("personuppgifter" in email.text) if lang == "sv" else ("personal data" in email.text)
