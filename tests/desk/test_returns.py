"""Returer: what came back, by whose fault, and the alarm when servers refuse us."""

from datetime import timedelta

import pytest

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.bounces.phrases import Kind
from eventsys.mail.models import State, Suppression
from eventsys.staff.models import Role
from tests.desk.scenes import make_letter

ALARM = "Mottagarnas servrar nekar våra brev"


def came_back(kind=Kind.ADDRESS_WRONG, letter=None, said="550 5.1.1 No such user", days=0.0, **given) -> None:
    with transaction():
        db.session.add(
            IncomingLetter(
                fingerprint=f"{kind}{days}{said}{letter and letter.id}",
                read_at=now() - timedelta(days=days),
                kind=kind,
                is_final=given.pop("is_final", True),
                said=said,
                delivery_id=letter.id if letter else None,
                **given,
            )
        )


@pytest.fixture
def browser(signed_in_client):
    return signed_in_client(Role.EDITOR)


def test_what_came_back_is_listed_with_name_letter_and_the_servers_words(browser):
    letter = make_letter(State.BOUNCED)
    came_back(letter=letter)
    page = browser.get("/personal/brev/returer").text
    for words in (letter.name, letter.address, "Adressen finns inte", "550 5.1.1 No such user", letter.subject):
        assert words in page
    assert f"/personal/brev/{letter.id}" in page


def test_each_reason_shows_its_own(browser):
    came_back(Kind.ADDRESS_WRONG, make_letter(State.BOUNCED), said="ord ett")
    came_back(Kind.LATER, make_letter(State.BOUNCED), said="ord två")
    page = browser.get("/personal/brev/returer?slag=fullt").text
    assert "ord två" in page
    assert "ord ett" not in page
    assert "3 gånger i rad" in page


def test_warnings_old_returns_and_what_people_wrote_are_not_shown(browser):
    came_back(said="ord ett", is_final=False)
    came_back(said="ord två", days=91)
    came_back(Kind.AUTO_REPLY, said="ord tre")
    page = browser.get("/personal/brev/returer").text
    assert not [words for words in ("ord ett", "ord två", "ord tre") if words in page]


def test_a_return_of_no_known_letter_can_be_dealt_with_by_hand(browser):
    came_back(address="bo@foretag.se")
    page = browser.get("/personal/brev/returer").text
    assert "/personal/brev/sparrade?adress=bo@foretag.se" in page
    assert 'value="bo@foretag.se"' in browser.get("/personal/brev/sparrade?adress=bo@foretag.se").text


def test_servers_that_refuse_us_raise_the_alarm_on_both_pages_for_a_week(browser):
    came_back(Kind.REFUSED_US, make_letter(State.BOUNCED), said="554 5.7.1 SPF fail", days=6)
    for path in ("/personal/brev", "/personal/brev/returer"):
        page = browser.get(path).text
        assert ALARM in page
        assert "554 5.7.1 SPF fail" in page


def test_the_alarm_ends(browser):
    came_back(Kind.REFUSED_US, make_letter(State.BOUNCED), days=8)
    came_back(Kind.LATER, make_letter(State.BOUNCED))
    for path in ("/personal/brev", "/personal/brev/returer"):
        assert ALARM not in browser.get(path).text


def test_without_a_mailbox_the_empty_page_says_so(browser):
    assert "Ingen brevlåda för returer" in browser.get("/personal/brev/returer").text


def test_the_list_of_suppressed_addresses_leads_to_the_letter(browser):
    letter = make_letter(State.BOUNCED)
    with transaction():
        db.session.add(
            Suppression(address=letter.address, reason="Brevet kom tillbaka", added_at=now(), delivery_id=letter.id)
        )
    assert f"/personal/brev/{letter.id}" in browser.get("/personal/brev/sparrade").text


def test_those_who_see_some_letters_see_no_returns(signed_in_client, co_organiser):
    came_back(Kind.REFUSED_US, make_letter(State.BOUNCED))
    browser = signed_in_client(co_organiser)
    assert browser.get("/personal/brev/returer").status_code == 403
    assert ALARM not in browser.get("/personal/brev").text


def test_the_page_costs_the_same_number_of_queries_however_many_came_back(browser, count_queries):
    came_back(letter=make_letter(State.BOUNCED))
    browser.get("/personal/brev/returer")
    with count_queries() as few:
        browser.get("/personal/brev/returer")
    for number in range(12):
        came_back(letter=make_letter(State.BOUNCED), said=f"550 {number}")
    with count_queries() as many:
        browser.get("/personal/brev/returer")
    assert len(many) == len(few)
