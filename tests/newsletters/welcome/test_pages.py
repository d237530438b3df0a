"""The staff's pages of the welcome letters: rounds, list, text, approval, sending and ledger."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from eventsys.audit import AuditEntry
from eventsys.database import db, transaction
from eventsys.mail.mailings import course
from eventsys.newsletters.welcome import planning
from eventsys.newsletters.welcome.models import Choice, RoundState, WelcomeRound, WelcomeSettings
from eventsys.overwriting import mark_of
from eventsys.staff.models import Account, Role
from tests.factories import make_event
from tests.newsletters.sending.scenes import id_of
from tests.newsletters.welcome.scenes import (
    a_round,
    again,
    approved,
    asked,
    deliver_all,
    make_company,
    places,
    rows_of,
    sent,
)
from tests.sink import SmtpSink
from tests.staff_fixtures import Visitor, new_account

HOME = "/personal/nyhetsbrev/valkomstbrev"
Signed = Callable[[Role | Account], Visitor]


@pytest.fixture
def staff(signed_in_client: Signed, editor: Account) -> Visitor:
    return signed_in_client(editor)


def press(browser: Visitor, path: str, **sent: object) -> str:
    """Send a form, and see the page it leads to."""
    answer = browser.post(f"{HOME}/{path}".rstrip("/"), data=sent)
    assert answer.status_code == 302, answer.text
    return browser.get(answer.location).text


def the_round() -> WelcomeRound:
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(WelcomeRound).one()


def test_the_section_has_the_tab_and_an_empty_page_says_what_rounds_are(staff: Visitor) -> None:
    page = staff.get(HOME).text
    assert 'aria-current="page">Välkomstbrev' in page
    assert "Inga omgångar" in page
    assert "Från vilken dag" not in page


def test_the_first_round_asks_from_when_companies_are_new(app: Flask, staff: Visitor) -> None:
    with transaction():
        db.session.get_one(WelcomeSettings, 1).starts_on = None
    assert "Från vilken dag är företag nya?" in staff.get(HOME).text
    answer = staff.post(HOME, data={"registered_until": "2026-10-01"})
    assert answer.status_code == 422
    assert "Välj en dag. Företag som registrerades före den får inget brev." in answer.text
    answer = staff.post(HOME, data={"registered_until": "2026-10-01", "starts_on": "2026-11-01"})
    assert "Dagen är efter den sista registreringsdagen" in answer.text
    page = press(staff, "", registered_until="2026-10-01", starts_on="2026-07-01")
    assert "är gjord" in page
    assert db.session.get_one(WelcomeSettings, 1).starts_on == date(2026, 7, 1)
    assert "är inte skickad än" in press(staff, "", registered_until="2026-10-01")


@pytest.mark.parametrize(("written", "words"), [("", "Välj en dag"), ("2140-01-01", "har inte varit än")])
def test_the_last_day_of_registration_must_be_one_that_has_been(staff: Visitor, written: str, words: str) -> None:
    answer = staff.post(HOME, data={"registered_until": written})
    assert answer.status_code == 422
    assert words in answer.text


def test_the_list_shows_everybody_with_the_reason_and_numbers_that_add_up(app: Flask, staff: Visitor) -> None:
    make_company("Ås Färgeri AB", ["info@as.example"])
    make_company("Ek AB", care_of="Byrån")
    make_company("Nej AB", refuses_advertising=True)
    found = a_round()
    page = staff.get(f"{HOME}/{found.id}").text
    assert re.search(r"3 nya företag = 1 får e-post \+ 1 får papper \+ 0 strukna \+ 1 utelämnas", page)
    for words in ("Ås Färgeri AB", "info@as.example", "Reklamspärr", "Ingen e-postadress", "c/o Byrån, Väverigatan"):
        assert words in page
    only = staff.get(f"{HOME}/{found.id}?visa=papper").text
    assert "Ek AB" in only
    assert "Nej AB" not in only
    assert "Ås Färgeri AB" in staff.get(f"{HOME}/{found.id}?sok=as+fargeri").text
    assert "Inget företag passar in" in staff.get(f"{HOME}/{found.id}?sok=xyz").text
    assert "Ek AB" in staff.get(f"{HOME}/{found.id}?visa=tank-pa").text


def test_companies_are_struck_with_a_reason_and_taken_back(app: Flask, staff: Visitor) -> None:
    company = make_company("Alm AB", ["info@alm.example"])
    found = a_round()
    answer = staff.post(f"{HOME}/{found.id}/listan", data={"ids": company.id, "reason": "annat", "own": ""})
    assert answer.status_code == 422
    assert "Skriv varför företaget inte ska få brevet." in answer.text
    page = press(staff, f"{found.id}/listan", ids=company.id, reason="annat", own="Bara ett namn", gor="stryk")
    assert "1 företag är struket" in page
    assert "Bara ett namn, Alva Editor" in page
    assert "Markera minst ett företag" in press(staff, f"{found.id}/listan", reason="Vilande bolag", gor="stryk")
    assert "1 företag är med igen" in press(staff, f"{found.id}/listan", ids=company.id, gor="ta-tillbaka")
    assert places(found)["Alm AB"].choice is Choice.EMAIL


def test_another_last_day_reckons_the_list_anew(app: Flask, staff: Visitor) -> None:
    make_company("Alm AB", registered=date(2026, 5, 1))
    with transaction():
        db.session.get_one(WelcomeSettings, 1).starts_on = date(2026, 1, 1)
    found = a_round(until=date(2026, 4, 1))
    assert "Inga nya företag" in staff.get(f"{HOME}/{found.id}").text
    assert "Alm AB" in press(staff, f"{found.id}/till-och-med", registered_until="2026-06-01")
    assert staff.post(f"{HOME}/{found.id}/till-och-med", data={"registered_until": "x"}).status_code == 422


def test_a_draft_is_removed_after_a_question(app: Flask, staff: Visitor) -> None:
    make_company("Alm AB")
    found = a_round()
    assert "Ta bort omgången?" in staff.get(f"{HOME}/{found.id}/ta-bort").text
    assert "är borttagen" in press(staff, f"{found.id}/ta-bort")
    waiting = asked(a_round())
    assert "Bara en omgång som är ett utkast" in press(staff, f"{waiting.id}/ta-bort")


# --- the text


def test_the_text_is_saved_by_a_form_and_by_a_script(app: Flask, staff: Visitor) -> None:
    found, event = a_round(), make_event(title="Välkomstträff")
    seen = mark_of(planning.words_of(found))
    page = press(
        staff, f"{found.id}/text", seen=seen, subject="Hej", body="Först.\n\n- Ett\n- Två", event_id=event.id
    )  # fmt: skip
    assert "Brevet är sparat" in page
    kept = the_round()
    assert (kept.subject, kept.body, kept.event_id) == (
        "Hej",
        "<p>Först.</p><ul><li>Ett</li><li>Två</li></ul>",
        event.id,
    )
    answer = staff.post(
        f"{HOME}/{found.id}/text", headers={"Accept": "application/json"},
        data={
            "seen": mark_of(planning.words_of(kept)), "subject": "Hej du", "body": "<p><b>A</b></p>",
            "body_kind": "html",
        },
    )  # fmt: skip
    assert set(answer.json) == {"saved_at", "seen"}
    assert (the_round().subject, the_round().body) == ("Hej du", "<p><strong>A</strong></p>")


def test_what_somebody_else_wrote_is_shown_and_not_overwritten(app: Flask, staff: Visitor) -> None:
    found = a_round()
    seen = mark_of(planning.words_of(found))
    with transaction():
        db.session.get_one(WelcomeRound, found.id).subject = "Lo var här"
    sent_along = {"seen": seen, "subject": "Ask var här", "body": ""}
    answer = staff.post(f"{HOME}/{found.id}/text", data=sent_along)
    assert answer.status_code == 409
    assert "Lo var här" in answer.text
    answer = staff.post(f"{HOME}/{found.id}/text", data=sent_along, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert answer.json["conflicts"][0]["label"] == "Ämnesrad"
    answer = staff.post(
        f"{HOME}/{found.id}/text", data={"subject": "x" * 300}, headers={"Accept": "application/json"}
    )  # fmt: skip
    assert answer.status_code == 422
    assert "tecken" in answer.json["errors"]["subject"]


def test_a_frozen_text_is_only_read_until_somebody_presses_change(app: Flask, staff: Visitor) -> None:
    make_company("Alm AB")
    found = asked(a_round())
    page = staff.get(f"{HOME}/{found.id}/text").text
    assert "Brevet är låst" in page
    assert "data-rich" not in page
    assert "ett utkast igen" in press(staff, f"{found.id}/andra")
    assert "data-rich" in staff.get(f"{HOME}/{found.id}/text").text


@pytest.mark.parametrize("look", ["bred", "telefon", "mork", "text", "webb"])
def test_the_letter_is_shown_in_every_form(app: Flask, staff: Visitor, look: str) -> None:
    found = a_round()
    assert staff.get(f"{HOME}/{found.id}/forhandsvisning?som={look}").status_code == 200
    letter = staff.get(f"{HOME}/{found.id}/brev?som={look}")
    assert "Hej Väveriet i Borås AB," in letter.text
    assert "sandbox" in letter.headers["Content-Security-Policy"]


def test_a_test_letter_is_sent_to_whom_one_ticks(app: Flask, staff: Visitor, editor: Account) -> None:
    found = a_round()
    assert "Välj minst en person" in press(staff, f"{found.id}/prov")
    assert "1 provbrev är på väg" in press(staff, f"{found.id}/prov", till=editor.id)


# --- approval, sending, ledger


def test_a_round_goes_from_a_question_to_a_ledger_that_adds_up(
    app: Flask, signed_in_client: Signed, staff: Visitor, organiser: Account, relay: SmtpSink
) -> None:
    make_company("Alm AB", ["info@alm.example"])
    make_company("Ek AB")
    found = a_round()
    where = f"{found.id}/utskick"
    assert "Omgången är inte godkänd" in staff.get(f"{HOME}/{where}").text
    assert "väntar på godkännande" in press(staff, f"{found.id}/godkannande/fraga")
    assert "Du bad själv om godkännandet" in staff.get(f"{HOME}/{found.id}/godkannande").text
    assert "Hej Väveriet i Borås AB" in staff.get(f"{HOME}/{found.id}/godkannande/brev").text
    colleague = signed_in_client(organiser)
    assert "ber dig läsa och godkänna listan och brevet" in colleague.get("/personal").text
    assert "väntar på ditt godkännande" in colleague.get(HOME).text
    version = the_round().version
    assert "är godkänd" in press(colleague, f"{found.id}/godkannande/godkann", version=version)
    page = staff.get(f"{HOME}/{where}").text
    assert "Skicka till 1 företag" in page
    assert "1 brev med e-post skickas nu" in press(staff, where)
    deliver_all()
    page = staff.get(f"{HOME}/{where}").text
    for words in ("1 av 1 brev", "2 möjliga mottagare", "1 företag får brevet på papper"):
        assert words in page
    assert "Alm AB" in staff.get(f"{HOME}/{where}/namn?lage=skickade").text
    assert "Får brevet på papper" in page
    assert "Ek AB" in staff.get(f"{HOME}/{where}/utelamnade").text
    assert "1 av 1 brev" in staff.get(f"{HOME}/{where}/laget").text
    assert staff.get(f"{HOME}/{where}/liggare.csv").status_code == 403
    assert "info@alm.example" in colleague.get(f"{HOME}/{where}/liggare.csv", buffered=True).text
    assert colleague.get(f"{HOME}/{where}/liggare.xlsx").status_code == 200
    assert colleague.get(f"{HOME}/{where}/liggare.doc").status_code == 404
    acts = {entry.action for entry in db.session.query(AuditEntry)}
    assert {"welcome_round.approved", "welcome_round.sent", "welcome_round.ledger_taken_out"} <= acts


def test_a_colleague_returns_a_round_with_a_remark(app: Flask, staff: Visitor) -> None:
    make_company("Alm AB")
    found = asked(a_round())
    path = f"{HOME}/{found.id}/godkannande/lamna-tillbaka"
    answer = staff.post(path, data={"version": found.version, "remark": ""})
    assert answer.status_code == 422
    assert "Skriv vad som ska ändras" in answer.text
    assert "Byt rubriken" in press(
        staff, f"{found.id}/godkannande/lamna-tillbaka", version=found.version, remark="Byt rubriken"
    )
    assert the_round().state is RoundState.DRAFT
    assert staff.get(f"{HOME}/{found.id}/godkannande/brev").status_code == 404


def test_a_version_that_is_no_number_approves_nothing(app: Flask, staff: Visitor) -> None:
    make_company("Alm AB")
    found = asked(a_round())
    assert "Läs det som gäller nu" in press(staff, f"{found.id}/godkannande/godkann", version="²")
    assert the_round().state is RoundState.ASKED


def test_an_event_that_changed_after_the_approval_is_pointed_out(app: Flask, staff: Visitor) -> None:
    make_company("Alm AB", ["info@alm.example"])
    draft, event = a_round(), make_event()
    with transaction():
        db.session.get_one(WelcomeRound, draft.id).event_id = event.id
    found = approved(draft)
    with transaction():
        db.session.merge(event).place = "Åhaga, stora salen"
    for page in ("utskick", "godkannande"):
        assert "har ändrats sedan" in staff.get(f"{HOME}/{found.id}/{page}").text


def test_the_course_of_a_round_is_that_of_any_mailing(app: Flask, staff: Visitor) -> None:
    make_company("Alm AB", ["info@alm.example"])
    found = sent(a_round())
    where = f"{found.id}/utskick"
    assert "Utskicket är pausat" in press(staff, f"{where}/pausa")
    assert "Välkomstbrev som har stannat" in staff.get("/personal").text
    assert "Utskicket fortsätter" in press(staff, f"{where}/fortsatt")
    assert "Inget brev i utskicket väntar" in press(staff, f"{where}/uppskjutna")
    assert staff.get(f"{HOME}/{where}/okanda").status_code == 200
    assert "Inget brev i utskicket är längre okänt" in press(staff, f"{where}/okanda/igen")
    assert "Inget brev i utskicket är längre okänt" in press(staff, f"{where}/okanda/skickade")
    assert "Avbryt utskicket?" in staff.get(f"{HOME}/{where}/avbryt").text
    page = press(staff, f"{where}/avbryt")
    assert "Utskicket är avbrutet" in page
    assert "1 företag har inte fått brevet" in page
    assert "1 företag är med i nästa omgång" in press(staff, f"{where}/nasta-omgang")
    assert "Inget företag väntar" in press(staff, f"{where}/nasta-omgang")


def test_a_rejected_letter_is_tried_again_or_goes_on_paper(app: Flask, staff: Visitor, relay: SmtpSink) -> None:
    relay.when("rcpt", to="fel@x.example", say="552 5.3.4 Message too big")
    company = make_company("Fel AB", ["fel@x.example"])
    found = sent(a_round())
    deliver_all()
    where = f"{id_of(found)}/utskick"
    names = staff.get(f"{HOME}/{where}/namn?lage=avvisade").text
    again_at = re.search(r'action="[^"]*/valkomstbrev/(\d+/utskick/brev/\d+/igen)"', names)
    assert again_at
    assert "prövas igen" in press(staff, again_at[1])
    deliver_all()
    assert "Skriv ut brevet på papper i stället" in staff.get(f"{HOME}/{where}").text
    assert "1 brev skrivs ut på papper i stället" in press(staff, f"{where}/papper")
    assert rows_of(company)[0].choice is Choice.PAPER


def test_a_round_on_paper_only_says_so(app: Flask, staff: Visitor) -> None:
    make_company("Ek AB")
    found = approved(a_round())
    assert "Gör 1 brev klara att skriva ut" in staff.get(f"{HOME}/{found.id}/utskick").text
    assert "Inget brev gick med e-post" in press(staff, f"{found.id}/utskick")
    assert staff.get(f"{HOME}/{found.id}/utskick/namn").status_code == 404


def test_a_round_that_is_not_there_is_not_found(staff: Visitor) -> None:
    for path in ("99", "99/text", "99/utskick", "99/godkannande", "99999999999"):
        assert staff.get(f"{HOME}/{path}").status_code == 404


def test_co_organisers_and_hosts_have_no_business_here(app: Flask, signed_in_client: Signed) -> None:
    found = a_round()
    for role in (Role.CO_ORGANISER, Role.HOST):
        assert signed_in_client(role).get(f"{HOME}/{found.id}").status_code == 403


def test_the_year_shows_its_rounds_with_numbers(app: Flask, staff: Visitor) -> None:
    make_company("Alm AB", ["info@alm.example"])
    found = sent(a_round())
    year = again(found).year
    page = staff.get(HOME).text
    assert "1 av årets 4 omgångar är skickad" in page
    assert f"Omgång 1 {year}" in page
    assert f"Gör omgång 2 {year}" in page


def test_a_cancelled_mailing_is_said_so(app: Flask, staff: Visitor) -> None:
    make_company("Alm AB", ["info@alm.example"])
    found = sent(a_round())
    with transaction():
        course.cancel(found.mailing_id)
    page = staff.get(f"{HOME}/{found.id}/utskick").text
    assert "Utskicket är avbrutet" in page
    assert "Gör om numret" not in page


def test_other_writers_may_make_rounds(app: Flask, signed_in_client: Signed) -> None:
    account = new_account(Role.ORGANISER)
    assert "är gjord" in press(signed_in_client(account), "", registered_until="2026-10-01")


@pytest.mark.parametrize("year", ["0", "-1", "10000", "99999999999"])
def test_a_year_that_nobody_has_is_this_one(staff: Visitor, year: str) -> None:
    assert staff.get(f"{HOME}?ar={year}").status_code == 200


def test_a_company_that_cannot_be_is_not_struck(staff: Visitor) -> None:
    found = a_round()
    text = press(staff, f"{found.id}/listan", gor="ta-tillbaka", ids=[str(2**80)])
    assert "Markera minst ett struket företag." in text
