"""The pages about invitations: what guests meet, and what staff do."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.access import give_series
from eventsys.events.invitations.inviting import invite
from eventsys.events.invitations.models import InvitationState
from eventsys.events.invitations.standing import Standing
from eventsys.events.models import Attendee, AttendeeState, EventState, Question
from eventsys.events.programme.queries import held_by
from eventsys.events.states import move
from eventsys.staff.models import Role
from tests.events.scenes import cancel_event, cancel_people, person, states
from tests.factories import make_event, make_registration, make_series
from tests.invitations.scenes import (
    ask_for_place,
    closed_event,
    counts,
    hand_on,
    invited,
    letters_to,
    make_guest,
    posted,
    row,
    the_invitation,
    withdraw,
    yes,
)
from tests.programme.scenes import make_session, make_slot
from tests.staff_fixtures import new_account, visitor_as

YES = {"name": "Åsa Ek", "phone": "070-123 45 67"}


def sent(client, path, data=None):
    """Post a form and go where the answer leads."""
    return client.get(client.post(path, data=data or {}).location)


def link(invitation_id: int, act: str = "", lang: str = "") -> str:
    return f"{lang}/inbjudan/{row(invitation_id).token}{act}"


# --- guests -------------------------------------------------------------------------------------------------------


def test_looking_changes_nothing_and_shows_what_when_where_and_by_when(event, guest):
    [asa] = invited(event, "Åsa Ek")
    for _ in range(3):
        page = guest.get(link(asa))
    assert page.status_code == 200
    assert all(words in page.text for words in ("Update Borås", "Åhaga", "Svara senast", "Ja, jag kommer"))
    assert counts(event) == {Standing.SILENT: 1}
    assert "You are invited" in guest.get(link(asa, lang="/en")).text


def test_yes_then_no_then_yes_on_the_page(event, guest):
    [asa] = invited(event, "Åsa Ek")
    assert "Du har tackat ja" in sent(guest, link(asa, "/ja"), data=YES).text
    assert person("Åsa Ek").phone_e164 == "+46701234567"
    page = sent(guest, link(asa, "/nej"), data={"message": "På resa."})
    assert "Du har tackat nej" in page.text
    assert row(asa).note == "På resa."
    guest.post(link(asa, "/ja"), data=YES)
    assert counts(event) == {Standing.YES: 1}


def test_what_the_event_asks_of_everybody_is_asked_here_too(app, guest):
    event = closed_event(asks_diet=True)
    with transaction():
        db.session.add(Question(series_id=event.series_id, label="Vad vill du prata om?", required=True))
    question = db.session.query(Question).one().id
    [asa] = invited(event, "Åsa Ek")
    refused = guest.post(link(asa, "/ja"), data={**YES, "diet": "Nötter"})
    assert refused.status_code == 422
    assert all(words in refused.text for words in ("Svara på frågan.", "Nötter", "Vad vill du prata om?"))
    guest.post(link(asa, "/ja"), data={**YES, "diet": "Nötter", f"q_{question}": "Energi"})
    attendee = person("Åsa Ek")
    assert (attendee.diet.text, attendee.answers[0].text) == ("Nötter", "Energi")


def test_sessions_are_chosen_on_the_invitations_page_and_a_full_one_is_said(app, guest):
    event = closed_event()
    slot = make_slot(event, has_choice=True)
    first, second = make_session(slot, "Energi", capacity=1), make_session(slot, "Kompetens", capacity=9)
    asa, bo = invited(event, "Åsa Ek", "Bo Alm")
    page = guest.get(link(bo))
    assert "Energi" in page.text
    full = re.search(r'name="full_shown"[^>]*value="([^"]*)"', page.text)[1]
    unchosen = guest.post(link(asa, "/ja"), data=YES)
    assert (unchosen.status_code, "välj ett pass" in unchosen.text) == (422, True)
    guest.post(link(asa, "/ja"), data={**YES, f"s_{slot.id}": first.id})
    late = guest.post(link(bo, "/ja"), data={"name": "Bo Alm", f"s_{slot.id}": first.id, "full_shown": full})
    assert (late.status_code, "blev fullt medan du fyllde i" in late.text) == (409, True)
    guest.post(link(bo, "/ja"), data={"name": "Bo Alm", f"s_{slot.id}": second.id, "full_shown": full})
    assert {name: held_by([person(name).id])[person(name).id][0].title for name in ("Åsa Ek", "Bo Alm")} == {
        "Åsa Ek": "Energi", "Bo Alm": "Kompetens",
    }  # fmt: skip


def test_a_name_that_is_missing_is_asked_for(event, guest):
    invite_unnamed = make_guest("", email="info@vav.example")
    with transaction():
        invite(event.id, [invite_unnamed], now(), "Fil")
    answer = guest.post(link(the_invitation(event, "info@vav.example").id, "/ja"), data={"name": ""})
    assert answer.status_code == 422
    assert "Skriv personens namn." in answer.text


def test_a_full_event_says_so_clearly(app, guest):
    event = closed_event(capacity=1)
    asa, bo = invited(event, "Åsa Ek", "Bo Alm")
    yes(asa)
    page = sent(guest, link(bo, "/ja"), data={"name": "Bo Alm"}).text
    assert "Du har tackat ja och står i kö" in page
    assert "Du har plats 1 i kön." in page


def test_a_company_that_has_its_seats_is_told_and_nothing_typed_is_lost(app, guest):
    event = closed_event(company_seats=1)
    asa, bo = invited(event, "Åsa Ek", "Bo Alm")
    yes(asa)
    answer = guest.post(link(bo, "/ja"), data={"name": "Bo Alm den yngre"})
    assert answer.status_code == 409
    assert "Varje företag har 1 plats" in answer.text
    assert "Bo Alm den yngre" in answer.text


def test_a_colleague_is_named_and_the_page_says_so(event, guest):
    [asa] = invited(event, "Åsa Ek")
    wrong = guest.post(
        link(asa, "/kollega"), data={"colleague_name": "Bo", "colleague_email": "asa.ek@vaveriet-ab.example"}
    )
    assert wrong.status_code == 422
    assert "Skriv en kollegas adress" in wrong.text
    data = {"colleague_name": "Bo\r\nBcc: alla@x.example", "colleague_email": "bo@vav.example"}
    page = sent(guest, link(asa, "/kollega"), data=data).text
    assert "Du har lämnat över inbjudan till Bo Bcc: alla@x.example" in page
    assert letters_to("bo@vav.example") == ["invitation"]
    bo = the_invitation(event, "bo@vav.example").id
    yes(bo)
    late = guest.post(link(asa, "/ja"), data=YES)
    assert late.status_code == 409
    assert "Din kollega har svarat" in late.text


def test_a_link_that_was_changed_or_guessed_or_belongs_to_a_request_opens_nothing(app, guest):
    event = closed_event(request_seats=1)
    [asa] = invited(event, "Åsa Ek")
    token = row(asa).token
    ask_for_place(event.id, make_guest("Bo Alm"), "Vi växer.", now())
    asking = the_invitation(event, make_guest("Bo Alm").email_key).token
    for wrong in (token[:-1], token.swapcase(), "x", asking, "%00"):
        for method, act in (("GET", ""), ("POST", "/ja"), ("POST", "/nej"), ("POST", "/kollega")):
            assert guest.open(f"/inbjudan/{wrong}{act}", method=method, data=YES).status_code in (400, 404), wrong
    assert counts(event) == {Standing.SILENT: 1, Standing.REQUESTED: 1}


def test_withdrawn_cancelled_closed_and_past_are_answered_clearly(app, guest, clock):
    event, cancelled = closed_event(closes_at=now() + timedelta(days=2)), closed_event()
    asa, bo = invited(event, "Åsa Ek", "Bo Alm")
    [eva] = invited(cancelled, "Eva Ström")
    withdraw(event.id, [asa], now())
    gone = guest.get(link(asa))
    assert (gone.status_code, "Inbjudan gäller inte längre" in gone.text) == (410, True)
    cancel_event(cancelled.id, "Talaren är sjuk.", now())
    assert "Talaren är sjuk." in guest.get(link(eva)).text
    clock.shift(timedelta(days=2))
    assert "Tiden att svara har gått ut" in guest.get(link(bo)).text
    assert guest.post(link(bo, "/ja"), data=YES).status_code == 409
    clock.shift(timedelta(days=20))
    assert "Evenemanget har varit." in guest.get(link(bo)).text
    assert counts(event) == {Standing.SILENT: 1, Standing.WITHDRAWN: 1}


def test_an_invitation_to_a_draft_opens_nothing_yet(app, guest):
    event = closed_event(state=EventState.DRAFT)
    [asa] = invited(event, "Åsa Ek", sent=False)
    assert guest.get(link(asa)).status_code == 404


# --- the public ---------------------------------------------------------------------------------------------------


def test_the_public_form_of_a_closed_event_is_closed_for_everybody(event, guest):
    address = f"/evenemang/{event.slug}/anmalan"
    page = guest.get(address)
    assert "Det här evenemanget är för inbjudna." in page.text
    assert "Använd länken i brevet." in page.text
    assert "<form" not in page.text.partition("<main")[2]
    sent = {"company_name": "X", "booker_name": "Bo", "booker_email": "bo@x.example", "booker_comes": "y"}
    assert guest.post(address, data=sent).status_code == 409
    assert states(event) == {}
    shown = guest.get(f"/evenemang/{event.slug}").text
    assert "För inbjudna" in shown
    assert "/anmalan" not in shown.partition("<main")[2]


def test_events_of_closed_series_are_in_no_calendar_and_no_feed(event, guest):
    make_event(title="Öppen lunch")
    for address in ("/", "/evenemang", "/evenemang/lista", "/kalender.ics", "/evenemang.atom", "/evenemang.json"):
        answer = guest.get(address)
        assert answer.status_code == 200
        assert "Öppen lunch" in answer.get_data(as_text=True).replace("\\u00d6", "Ö"), address
        assert "Update" not in answer.get_data(as_text=True), address


def test_somebody_asks_for_a_place_and_the_answer_betrays_nobody(app, guest):
    event = closed_event(request_seats=2)
    invited(event, "Åsa Ek")
    address = f"/evenemang/{event.slug}/plats"
    assert "Be om en plats" in guest.get(f"/evenemang/{event.slug}").text
    data = {"name": "Bo Alm", "company_name": "Alm AB", "email": "bo@alm.example", "why": "Vi växer."}
    new = sent(guest, address, data=data).text
    known = sent(guest, address, data={**data, "email": "asa.ek@vaveriet-ab.example"}).text
    assert "Tack, vi har tagit emot din fråga." in new
    assert "Tack, vi har tagit emot din fråga." in known
    assert guest.post(address, data={**data, "email": "x@x.example", "website": "robot"}).status_code == 302
    assert guest.post(address, data={**data, "why": ""}).status_code == 422
    assert counts(event) == {Standing.SILENT: 1, Standing.REQUESTED: 1}


def test_nobody_asks_at_an_event_that_takes_no_requests(event, guest):
    assert "Skicka frågan" not in guest.get(f"/evenemang/{event.slug}/plats").text
    data = {"name": "Bo Alm", "company_name": "Alm AB", "email": "bo@alm.example", "why": "Vi växer."}
    assert guest.post(f"/evenemang/{event.slug}/plats", data=data).status_code == 409


def test_the_booking_of_an_invited_person_takes_nobody_else_along(event, guest):
    [asa] = invited(event, "Åsa Ek")
    yes(asa)
    token = person("Åsa Ek").registration.token
    assert "Lägg till en person" not in guest.get(f"/bokning/{token}").text
    guest.post(f"/bokning/{token}/person/ny", data={"name": "Bo Alm", "email": "bo@alm.example"})
    assert states(event) == {"Åsa Ek": AttendeeState.CONFIRMED}


# --- staff --------------------------------------------------------------------------------------------------------


def page_of(event, path=""):
    return f"/personal/evenemang/{event.id}/inbjudna{path}"


def test_by_hand_preview_trial_and_sending(event, staff):
    data = {"name": "Åsa Ek", "email": "asa@ek.example", "company_name": "Ek AB", "company_number": "", "lang": "en"}
    assert "1 gäst är tillagd." in sent(staff, page_of(event, "/lagg-till"), data=data).text
    again = sent(staff, page_of(event, "/lagg-till"), data=data).text
    assert "1 fanns redan på listan." in again
    shown = staff.get(page_of(event, "/skicka")).text
    assert "Skicka inbjudan till 1 person" in shown
    assert "Inbjudan: Update Borås" in shown
    assert "Invitation: Update Borås" in shown
    staff.post(page_of(event, "/prov"))
    assert letters_to("lena@boras.example") == ["invitation", "invitation"]
    assert "Inbjudan skickas nu till 1 gäst." in sent(staff, page_of(event, "/skicka")).text
    assert "Alla hade redan fått" in sent(staff, page_of(event, "/skicka")).text
    assert letters_to("asa@ek.example") == ["invitation"]


def test_the_numbers_open_the_names(event, staff):
    asa, bo, _ = invited(event, "Åsa Ek", "Bo Alm", "Eva Ström")
    yes(asa)
    hand_on(bo, make_guest("Nils Ek"), now())
    yes(the_invitation(event, make_guest("Nils Ek").email_key).id)
    page = staff.get(page_of(event)).text
    nav = page.partition('aria-label="Svaren"')[2].partition("</nav>")[0]
    links = re.findall(r'href="([^"]+)"[^>]*>([^<]+) (\d+)</a>', nav)
    numbers = {label: (int(count), address.replace("&amp;", "&")) for address, label, count in links}
    assert {label: count for label, (count, _) in numbers.items()} == {
        "På listan": 4, "Inbjudna": 4, "Väntar på svar": 1, "Svarat": 3, "Ja": 2, "Ja genom en kollega": 1, "Nej": 0,
        "Lämnat över": 1,
    }  # fmt: skip
    assert "3 svarat = 2 ja (varav 1 genom en kollega) + 0 nej + 1 lämnat över." in page
    for label, (count, address) in numbers.items():
        assert staff.get(address).text.count('name="ids"') == count, label
    found = staff.get(page_of(event, "?sok=nils")).text
    assert found.count('name="ids"') == 1
    assert "i stället för Bo Alm" in found


def test_bulk_acts_ask_first_and_touch_only_those_chosen(event, staff):
    asa, bo, eva = invited(event, "Åsa Ek", "Bo Alm", "Eva Ström")
    asked = sent(staff, page_of(event, "/valda"), data={"ids": [asa, bo], "gor": "paminn"})
    assert "Påminn 2 personer" in asked.text
    staff.post(page_of(event, "/paminn"), data={"ids": [asa, bo]})
    assert posted("invitation_reminder") == 2
    assert "Påminn 1 person" in staff.get(page_of(event, "/paminn")).text
    asked = sent(staff, page_of(event, "/valda"), data={"ids": [eva], "gor": "aterkalla"})
    assert "Återkalla 1 inbjudan?" in asked.text
    staff.post(page_of(event, "/aterkalla"), data={"ids": [eva]})
    assert row(eva).state is InvitationState.WITHDRAWN
    assert "Markera minst en gäst" in sent(staff, page_of(event, "/valda")).text


def test_a_day_for_the_reminder_is_kept_shown_and_refused_when_wrong(event, staff):
    day = (now() + timedelta(days=5)).date().isoformat()
    assert "Dagen för påminnelsen är sparad." in sent(staff, page_of(event, "/paminnelse"), data={"day": day}).text
    assert f'value="{day}"' in staff.get(page_of(event)).text
    late = (event.starts_at + timedelta(days=1)).date().isoformat()
    answer = staff.post(page_of(event, "/paminnelse"), data={"day": late})
    assert (answer.status_code, late in answer.text) == (422, True)
    assert "Ingen påminnelse" in sent(staff, page_of(event, "/paminnelse"), data={"day": ""}).text


def test_requests_are_granted_and_refused_from_the_list(app, staff):
    event = closed_event(request_seats=2)
    for name in ("Åsa Ek", "Bo Alm"):
        ask_for_place(event.id, make_guest(name), "Vi växer.", now())
    asa, bo = (the_invitation(event, make_guest(name).email_key).id for name in ("Åsa Ek", "Bo Alm"))
    page = staff.get(page_of(event, "?lage=forfragningar")).text
    assert "Vi växer." in page
    staff.post(page_of(event, f"/{asa}/slapp-in"))
    staff.post(page_of(event, f"/{bo}/neka"))
    again = sent(staff, page_of(event, f"/{bo}/slapp-in")).text
    assert "Någon annan har redan svarat" in again
    assert counts(event) == {Standing.YES: 1, Standing.REFUSED: 1}


def test_people_of_earlier_events_are_shown_and_ticked_off_before_they_are_added(app, clock):
    earlier = closed_event(title="Update i höstas", by_invitation=False, starts_at=now() + timedelta(days=1))
    make_registration(earlier, ["Åsa Ek", "Bo Alm"])
    make_registration(earlier, ["Eva Ström"])
    clock.shift(timedelta(days=3))
    _mark_came(earlier, "Åsa Ek", "Eva Ström")
    event, staff = closed_event(), visitor_as(app, new_account(Role.ORGANISER))
    invited(event, "Eva Ström", email=person("Eva Ström").email)
    page = staff.get(page_of(event, f"/tidigare?fran={earlier.id}&vilka=kom")).text
    assert "2 personer, 1 av dem nya" in page
    assert "Bo Alm" not in page
    ids = re.findall(r'name="ids" value="(\d+)" checked', page)
    done = sent(staff, page_of(event, "/tidigare"), data={"ids": ids, "fran": earlier.id, "vilka": "kom"})
    assert "1 gäst är tillagd." in done.text
    asa = the_invitation(event, person("Åsa Ek").email_key)
    assert (asa.origin, asa.company_name) == ("Deltog i Update i höstas", "Väveriet i Borås AB")


def _mark_came(event, *names):
    with transaction():
        query = select(Attendee).where(Attendee.event_id == event.id, Attendee.name.in_(names))
        for attendee in db.session.execute(query).scalars():
            move(attendee, AttendeeState.ATTENDED, now())


def upload(staff, event, content, name="gäster.csv"):
    return staff.post(page_of(event, "/fil"), data={"file": (io.BytesIO(content), name)})


def fields_of(page):
    inputs = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    chosen = dict(re.findall(r'<select[^>]*name="([^"]+)".*?<option selected value="([^"]*)"', page, re.DOTALL))
    return {**inputs, **chosen, "heading": "ja"}


def test_a_file_goes_through_columns_and_lines_before_anybody_is_added(event, staff):
    text = "Namn;Mejl;Bolag\nÅsa Ek;asa@ek.example;Ek AB\nBo;bo@alm;Alm AB\nEva;asa@ek.example;Ek AB\n"
    columns = upload(staff, event, text.encode("latin-1"))
    assert columns.status_code == 200
    data = fields_of(columns.text)
    assert (data["namn"], data["epost"], data["foretag"]) == ("0", "1", "2")
    lines = staff.post(page_of(event, "/fil/granska"), data=data)
    assert "1 ny, 1 finns redan, 1 går inte att använda." in lines.text
    assert counts(event) == {}
    done = sent(staff, page_of(event, "/fil/lagg-till"), data=data)
    assert "1 gäst är tillagd." in done.text
    assert counts(event) == {Standing.LISTED: 1}


def test_five_thousand_guests_travel_through_the_steps(event, staff):
    lines = "".join(f"Gäst {n} Å;gast{n:05}@foretag-{n:05}.example;Företaget {n:05} AB\n" for n in range(5000))
    data = fields_of(upload(staff, event, f"Namn;E-post;Företag\n{lines}".encode()).text)
    done = sent(staff, page_of(event, "/fil/lagg-till"), data=data)
    assert "5000 gäster är tillagda." in done.text


def test_a_poor_file_or_changed_rows_or_no_address_column_are_refused(event, staff):
    assert "Filen är inte en textfil." in upload(staff, event, b"\x00\x01").text
    data = fields_of(upload(staff, event, "Namn;Mejl\nÅsa;asa@ek.example\n".encode()).text)
    missing = staff.post(page_of(event, "/fil/granska"), data={**data, "epost": "-1"})
    assert (missing.status_code, "Välj vilken kolumn" in missing.text) == (422, True)
    changed = staff.post(page_of(event, "/fil/lagg-till"), data={**data, "table": data["table"][:-4] + "AAAA"})
    assert changed.status_code == 302
    assert counts(event) == {}


def test_a_co_organiser_reaches_only_the_guests_of_their_series(app, event):
    own = closed_event(title="Egen", series=make_series(name="Egen serie", public=False))
    make_registration(make_event(title="Annans", starts_at=now() + timedelta(hours=1)), ["Nils Ek"])
    account = new_account(Role.CO_ORGANISER)
    with transaction():
        give_series(account.id, [own.series_id])
    partner = visitor_as(app, account)
    [asa] = invited(event, "Åsa Ek")
    for path in ("", "/skicka", "/paminn", "/aterkalla", "/lagg-till", "/tidigare", "/fil"):
        assert partner.get(page_of(event, path)).status_code == 404, path
        assert partner.get(page_of(own, path)).status_code == 200, path
    for path in (
        "/valda",
        "/skicka",
        "/prov",
        "/paminn",
        "/aterkalla",
        "/paminnelse",
        f"/{asa}/slapp-in",
        f"/{asa}/neka",
    ):
        assert partner.post(page_of(event, path), data={"ids": [asa]}).status_code == 404, path
    for path in (f"/{asa}/slapp-in", f"/{asa}/neka", "/aterkalla"):
        assert partner.post(page_of(own, path), data={"ids": [asa]}).status_code == 404, path
    assert partner.get(page_of(own, f"/aterkalla?ids={asa}")).status_code == 404


@pytest.mark.parametrize("role", [Role.EDITOR, Role.HOST])
def test_those_who_do_not_plan_see_no_guest_list(app, event, role):
    assert visitor_as(app, new_account(role)).get(page_of(event)).status_code == 403


def test_the_tab_is_there_for_closed_events_and_those_with_invitations(event, staff):
    open_event = make_event()
    assert "Inbjudna" in staff.get(f"/personal/evenemang/{event.id}").text
    assert ">Inbjudna" not in staff.get(f"/personal/evenemang/{open_event.id}").text
    invited(open_event, "Åsa Ek")
    assert ">Inbjudna" in staff.get(f"/personal/evenemang/{open_event.id}").text


def test_one_who_left_by_the_booking_shows_as_left(event, staff):
    [asa] = invited(event, "Åsa Ek")
    yes(asa)
    cancel_people([person("Åsa Ek")], now())
    assert "Avbokat" in staff.get(page_of(event, "?lage=avbokat")).text
