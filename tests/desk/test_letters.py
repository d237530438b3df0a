"""All letters in one list, and one letter's fate."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.desk import ledger
from eventsys.desk.ledger import PAGE, PARTS, LetterFilter
from eventsys.desk.words import CHANGE_WORDS, LETTER_WORDS, STATE_MEANINGS, STATE_WORDS
from eventsys.mail.models import Delivery, State, Suppression
from eventsys.staff.models import Role
from tests.desk.scenes import give_series_of, make_letter
from tests.factories import make_event, make_registration
from tests.staff_fixtures import see_anew


def state_of(letter):
    see_anew()
    return db.session.get(Delivery, letter.id).state


def press(browser, path, **sent):
    """Send a form and see the page it leads to."""
    answer = browser.post(path, **sent)
    assert answer.status_code == 302
    return browser.get(answer.location)


def acts():
    see_anew()
    return [(entry.action, entry.subject) for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]


def test_every_state_is_in_exactly_one_part_of_the_ledger():
    assert sorted(state for part in PARTS for state in part.states) == sorted(State)


def test_every_state_and_every_letter_has_its_swedish_words(app):
    assert set(STATE_WORDS) == set(STATE_MEANINGS) == set(CHANGE_WORDS) == set(State)
    assert set(app.extensions["eventsys_letters"]) <= set(LETTER_WORDS)


def test_the_ledger_adds_up_and_every_number_opens_its_letters(signed_in_client, administrator):
    for state in (*State, State.ACCEPTED, State.UNKNOWN):
        make_letter(state)
    counts = ledger.counts(administrator, LetterFilter())
    assert sum(count.number for count in counts) == len(State) + 2
    browser = signed_in_client(administrator)
    for count in counts:
        assert ledger.letter_page(administrator, count.filter).total == count.number
        page = browser.get("/personal/brev", query_string=count.filter.args).text
        assert page.count("@foretag.se</small>") == count.number
        assert f"<b>{count.number}</b>" in page


def test_the_ledger_follows_the_filter(administrator):
    make_letter(letter="events/queued", name="Åsa Åkesson")
    make_letter(State.UNKNOWN, letter="events/queued", name="Bo Alm")
    make_letter(letter="events/ticket", name="Åsa Åkesson")
    kind = ledger.counts(administrator, LetterFilter(letter="events/queued"))
    assert [count.number for count in kind if count.number] == [1, 1]
    text = ledger.counts(administrator, LetterFilter(text="akesson"))
    assert [count.number for count in text if count.number] == [2]


def test_the_list_shows_names_subjects_and_states(signed_in_client):
    make_letter(State.REJECTED, name="Åsa Ek", address="asa@foretag.se", reason="Adressen finns inte.")
    page = signed_in_client(Role.EDITOR).get("/personal/brev").text
    for shown in ("Åsa Ek", "asa@foretag.se", "Du är anmäld: Fredagslunch", "Avvisat", "Adressen finns inte."):
        assert shown in page


def test_a_long_list_has_pages(signed_in_client, administrator):
    letters = [make_letter() for _ in range(PAGE + 3)]
    browser = signed_in_client(administrator)
    first = browser.get("/personal/brev?lage=skickade").text
    assert "1–50 av 53" in first
    assert 'href="/personal/brev?sida=2&amp;lage=skickade"' in first
    second = browser.get("/personal/brev?lage=skickade&sida=2").text
    assert "51–53 av 53" in second
    assert letters[0].address in second
    assert browser.get("/personal/brev?sida=99").text.count("@foretag.se</small>") == 3


@pytest.mark.parametrize("address", ["?lage=x", "?slag=x", "?fran=igår", "?sida=0", "?sida=-3", "?sida=x", "?q=%00"])
def test_odd_filters_do_no_harm(signed_in_client, address):
    make_letter()
    assert signed_in_client(Role.ADMINISTRATOR).get(f"/personal/brev{address}").status_code == 200


def test_the_list_costs_the_same_number_of_queries_however_long_it_is(count_queries, signed_in_client):
    browser = signed_in_client(Role.ADMINISTRATOR)
    make_letter()
    with count_queries() as one:
        browser.get("/personal/brev")
    for _ in range(20):
        make_letter()
    with count_queries() as many:
        browser.get("/personal/brev")
    assert len(many) == len(one) <= 9, "\n".join(many)


# --- one letter ---------------------------------------------------------------------------------------------------


def test_a_letter_tells_its_fate(signed_in_client):
    letter = make_letter(
        State.REJECTED, smtp_code=550, smtp_reply="5.1.1 User unknown", reason="Adressen finns inte.", attempts=2
    )
    page = signed_in_client(Role.ADMINISTRATOR).get(f"/personal/brev/{letter.id}").text
    for shown in ("Lagt på tur", "Avvisat", "550 5.1.1 User unknown", "Adressen finns inte.", letter.message_id):
        assert shown in page
    assert "Lämnas över" not in page  # what came after says it


def test_a_letter_about_a_booking_leads_to_it(signed_in_client):
    booking = make_registration(make_event(), 1)
    letter = make_letter(about=f"registration:{booking.id}")
    page = signed_in_client(Role.ORGANISER).get(f"/personal/brev/{letter.id}").text
    assert f'href="/personal/anmalningar/{booking.id}"' in page or f"/{booking.id}" in page


def test_what_a_letter_says_is_shown_as_text(signed_in_client):
    nasty = "<script>alert(1)</script>"
    letter = make_letter(State.REJECTED, subject=nasty, name=nasty, smtp_code=550, smtp_reply=nasty, reason=nasty)
    browser = signed_in_client(Role.ADMINISTRATOR)
    for path in ("/personal/brev", f"/personal/brev/{letter.id}", "/personal/sok?q=script", "/personal/brev?q=alert"):
        page = browser.get(path).text
        assert nasty not in page
        assert "&lt;script&gt;" in page


def test_a_suppressed_address_is_told_on_its_letters(signed_in_client):
    with transaction():
        db.session.add(Suppression(address="borta@foretag.se", reason="Adressen finns inte", added_at=now()))
    letter = make_letter(State.SKIPPED, address="borta@foretag.se")
    assert "Adressen är spärrad" in signed_in_client(Role.ADMINISTRATOR).get(f"/personal/brev/{letter.id}").text


# --- unknown letters ----------------------------------------------------------------------------------------------


def test_an_unknown_letter_counts_as_sent_after_asking(signed_in_client):
    letter, browser = make_letter(State.UNKNOWN), signed_in_client(Role.ORGANISER)
    assert "Räkna som skickat" in browser.get(f"/personal/brev/{letter.id}").text
    asked = browser.get("/personal/brev/rakna-som-skickade", query_string={"ids": letter.id}).text
    assert letter.address in asked
    assert state_of(letter) is State.UNKNOWN
    answer = press(browser, "/personal/brev/rakna-som-skickade", data={"ids": letter.id})
    assert "1 brev räknas nu som skickat." in answer.text
    assert "Räknat som skickat" in answer.text
    assert state_of(letter) is State.ACCEPTED
    assert ("letter.treated_as_sent", f"delivery:{letter.id}") in acts()


def test_unknown_and_rejected_letters_are_sent_again_together(signed_in_client):
    letters = [make_letter(State.UNKNOWN), make_letter(State.REJECTED), make_letter(State.ACCEPTED)]
    answer = press(
        signed_in_client(Role.ORGANISER), "/personal/brev/skicka-igen", data={"ids": [letter.id for letter in letters]}
    )
    assert "2 brev är på väg igen." in answer.text
    assert "1 brev var inte längre i det läge" in answer.text
    assert [state_of(letter) for letter in letters] == [State.QUEUED, State.QUEUED, State.ACCEPTED]
    assert [act for act, _ in acts()].count("letter.sent_again") == 2


def test_pressing_twice_is_harmless(signed_in_client):
    letter, browser = make_letter(State.UNKNOWN), signed_in_client(Role.ORGANISER)
    for _ in range(2):
        assert browser.post("/personal/brev/rakna-som-skickade", data={"ids": letter.id}).status_code == 302
    assert state_of(letter) is State.ACCEPTED
    assert [act for act, _ in acts()].count("letter.treated_as_sent") == 1


def test_asking_about_no_letters_is_not_found(signed_in_client):
    browser = signed_in_client(Role.ORGANISER)
    assert browser.get("/personal/brev/skicka-igen").status_code == 404
    assert browser.get("/personal/brev/skicka-igen?ids=x").status_code == 404


@pytest.mark.parametrize("number", [0, 2**31, 10**30])
def test_numbers_that_no_row_can_have_are_not_found(signed_in_client, number):
    browser = signed_in_client(Role.ORGANISER)
    for path in (f"/{number}", f"/sparrade/{number}/ta-bort", f"/skicka-igen?ids={number}"):
        assert browser.get(f"/personal/brev{path}").status_code == 404
    assert browser.post("/personal/brev/skicka-igen", data={"ids": number}).status_code == 302
    assert browser.get(f"/personal/brev?sida={number}").status_code == 200


# --- who sees what ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ORGANISER, Role.EDITOR])
def test_those_who_write_letters_see_them(signed_in_client, role):
    letter, browser = make_letter(), signed_in_client(role)
    for path in ("/personal/brev", f"/personal/brev/{letter.id}", "/personal/brev/sparrade", "/personal/brev/fangade"):
        assert browser.get(path).status_code == 200


def test_hosts_see_no_letters(signed_in_client):
    letter, browser = make_letter(State.UNKNOWN), signed_in_client(Role.HOST)
    for path in ("/personal/brev", f"/personal/brev/{letter.id}", "/personal/brev/sparrade", "/personal/brev/fangade"):
        assert browser.get(path).status_code == 403
    assert browser.post("/personal/brev/skicka-igen", data={"ids": letter.id}).status_code == 403
    assert state_of(letter) is State.UNKNOWN


def test_co_organisers_see_and_send_only_letters_about_their_series(signed_in_client, co_organiser):
    ours, others = make_event(title="Anbudsskola"), make_event(title="Lunch")
    give_series_of(ours, co_organiser)
    mine = make_letter(State.UNKNOWN, about=f"registration:{make_registration(ours, 1).id}")
    foreign = make_letter(State.UNKNOWN, about=f"registration:{make_registration(others, 1).id}")
    loose = make_letter(State.UNKNOWN)
    browser = signed_in_client(co_organiser)
    page = browser.get("/personal/brev?lage=okanda").text
    assert mine.address in page
    assert foreign.address not in page
    assert loose.address not in page
    assert browser.get(f"/personal/brev/{mine.id}").status_code == 200
    assert browser.get(f"/personal/brev/{foreign.id}").status_code == 404
    browser.post("/personal/brev/skicka-igen", data={"ids": [mine.id, foreign.id, loose.id]})
    assert [state_of(letter) for letter in (mine, foreign, loose)] == [State.QUEUED, State.UNKNOWN, State.UNKNOWN]
    for path in ("/personal/brev/sparrade", "/personal/brev/fangade"):
        assert browser.get(path).status_code == 403
    assert browser.post("/personal/brev/brevserver").status_code == 403


# --- suppressed addresses -----------------------------------------------------------------------------------------


def suppressed():
    see_anew()
    return db.session.query(Suppression).order_by(Suppression.id).all()


def test_an_address_is_suppressed_with_a_reason(signed_in_client):
    browser = signed_in_client(Role.EDITOR)
    answer = press(browser, "/personal/brev/sparrade", data={"address": "Bo@Foretag.SE", "reason": "ringde"})
    assert "bo@foretag.se får inga fler brev." in answer.text
    [row] = suppressed()
    assert (row.address, row.reason) == ("bo@foretag.se", "ringde")
    assert acts() == [("suppression.added", f"suppression:{row.id}")]


@pytest.mark.parametrize("sent", [{}, {"address": "bo"}, {"address": "bo@foretag.se"}, {"reason": "ringde"}])
def test_what_is_missing_is_said_at_the_field(signed_in_client, sent):
    answer = signed_in_client(Role.EDITOR).post("/personal/brev/sparrade", data=sent)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert not suppressed()


def test_an_address_is_suppressed_once(signed_in_client):
    browser = signed_in_client(Role.EDITOR)
    for _ in range(2):
        answer = browser.post("/personal/brev/sparrade", data={"address": "bo@foretag.se", "reason": "ringde"})
    assert answer.status_code == 422
    assert "redan spärrad: ringde" in answer.text
    assert len(suppressed()) == 1


def test_a_suppression_is_lifted_after_asking(signed_in_client, organiser):
    with transaction():
        db.session.add(Suppression(address="bo@foretag.se", reason="ringde", added_at=now() - timedelta(days=3)))
    [row] = suppressed()
    browser = signed_in_client(organiser)
    assert "bo@foretag.se" in browser.get(f"/personal/brev/sparrade/{row.id}/ta-bort").text
    assert suppressed()[0].lifted_at is None
    answer = press(browser, f"/personal/brev/sparrade/{row.id}/ta-bort")
    assert "bo@foretag.se får brev igen." in answer.text
    assert suppressed()[0].lifted_by == organiser.actor
    assert acts()[-1] == ("suppression.lifted", f"suppression:{row.id}")
    again = press(browser, f"/personal/brev/sparrade/{row.id}/ta-bort")
    assert "redan borttagen" in again.text
    assert (
        browser.post("/personal/brev/sparrade", data={"address": "bo@foretag.se", "reason": "igen"}).status_code == 302
    )


def test_a_suppression_that_is_not_there_is_not_found(signed_in_client):
    browser = signed_in_client(Role.EDITOR)
    assert browser.get("/personal/brev/sparrade/99/ta-bort").status_code == 404
    assert browser.post("/personal/brev/sparrade/99/ta-bort").status_code == 404
