"""The readers' pages without JavaScript: what they say, what they keep, and what they never do."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest

from eventsys.clock import now
from eventsys.mail.message import Envelope, build_message
from eventsys.newsletters.lists import FORETAGSAMT, series_list
from eventsys.newsletters.subscriptions.models import Reader, SignUp, Way
from tests.factories import make_series
from tests.newsletters.factories import make_reader
from tests.newsletters.subscriptions.scenes import (
    ASA,
    DAY,
    asked,
    consents,
    count,
    has,
    last_delivery,
    letters,
    reader,
    sign_up,
    wish,
    written,
)
from tests.public.reading import Read, everything_kept, followed

FORM = {"email": ASA, "name": "Åsa Lind", "organisation": "Väveriet", "lists": FORETAGSAMT}
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def test_the_whole_way_from_the_page_to_the_choices(web, clock):
    page = Read(web.post("/nyhetsbrev", data=FORM))
    assert page.words.startswith("Titta i din inkorg")
    address = re.search(r"http\S+(/nyhetsbrev/bekrafta/\S+)", written(last_delivery()).text)[1]
    assert "Ja, jag vill prenumerera" in web.get(address).text
    assert reader() is None
    done = followed(web, web.post(address, data={"brev": FORETAGSAMT}))
    assert "Klart, du prenumererar nu" in done.text
    assert has() == [FORETAGSAMT]


def test_foretagsamt_is_ticked_and_invitations_are_not(web, clock):
    make_series(name="Fredagslunch")
    make_series(name="Hemlig middag", public=False)
    page = Read(web.get("/nyhetsbrev"))
    assert [box.get("value") for box in page.tree.xpath("//input[@name='lists'][@checked]")] == [FORETAGSAMT]
    assert "Inbjudningar till Fredagslunch" in page.words
    assert "Hemlig middag" not in page.words


def test_the_answer_is_the_same_for_a_known_address(web, clock):
    make_reader(ASA)
    known = web.post("/nyhetsbrev", data=FORM).text
    unknown = web.post("/nyhetsbrev", data={**FORM, "email": "ny@vaveriet.se"}).text
    assert known.replace(ASA, "") == unknown.replace("ny@vaveriet.se", "")


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"email": ""}, "email", "Skriv din e-postadress"),
        ({"email": "asa@"}, "email", "namn@foretag.se"),
        ({"lists": "serie:99"}, "lists", "Välj minst ett brev."),
        ({"name": "Å" * 5000}, "name", "5000 tecken"),
        ({"email": "a" * 5000 + "@b.se"}, "email", ""),
        ({"organisation": "X" * 5000}, "organisation", "5000 tecken"),
    ],
)
def test_mistakes_are_said_at_the_field_and_nothing_is_kept(web, clock, change, field, words):
    answer = web.post("/nyhetsbrev", data={**FORM, **change})
    assert answer.status_code == 422
    told = Read(answer).in_summary
    assert words in " ".join(told.values())
    assert count(SignUp) == 0


def test_a_robot_is_answered_like_a_person_and_forgotten(web, clock):
    assert web.post("/nyhetsbrev", data={**FORM, "website": "x"}).status_code == 200
    assert count(SignUp) == 0


@pytest.mark.parametrize("code", ["", "zzzzzz", "' OR 1=1", "x" * 3000, "å\r\nBcc: x@y.se"])
def test_a_forged_code_says_nothing(web, clock, code):
    web.post("/nyhetsbrev", data={**FORM, "source": code[:60]})
    assert (asked().way, asked().code_id) == (Way.PAGE, None)


def test_line_breaks_in_a_name_become_no_header(web, clock):
    web.post("/nyhetsbrev", data={**FORM, "name": "Åsa\r\nBcc: alla@boras.se", "organisation": "A\nB"})
    assert asked().name == "Åsa Bcc: alla@boras.se"
    delivery = last_delivery()
    envelope = Envelope("Vi <vi@boras.se>", "", delivery.address, delivery.name, "1@boras.se", "t", "sv")
    sent = message_from_bytes(build_message(written(delivery), envelope, now()), policy=policy.default)
    assert sent["Bcc"] is None


@pytest.mark.parametrize("address", ["åsa@väveriet.se", "ÅSA@VÄVERIET.SE", "asa@xn--vveriet-5wa.se"])
def test_addresses_with_dots_and_rings_are_one_address(web, clock, address):
    web.post("/nyhetsbrev", data={**FORM, "email": address})
    assert asked("asa@väveriet.se" if address.startswith("asa") else "åsa@väveriet.se") is not None


def test_a_thousand_sign_ups_of_one_address_send_one_letter(web, clock):
    for _ in range(20):
        web.post("/nyhetsbrev", data=FORM)
    for _ in range(980):
        sign_up(wish(), now())
    assert letters() == ["confirm_subscription"]
    assert count(SignUp) == 1


def test_opening_every_link_changes_nothing(web, clock):
    known = make_reader(ASA)
    kept_sign_up = asked_of("bo@alm.se")
    before = everything_kept()
    for path in (
        f"/nyhetsbrev/bekrafta/{kept_sign_up}",
        f"/nyhetsbrev/val/{known.token}",
        f"/avsluta/{known.token}",
        f"/avsluta/{known.token}?brev=foretagsamt",
    ):
        for prefix in ("", "/en") if path.startswith("/nyhetsbrev") else ("",):
            assert web.get(prefix + path).status_code == 200
            assert web.head(prefix + path).status_code == 200
    assert everything_kept() == before


def asked_of(address):
    sign_up(wish(address), now())
    return asked(address).token


def test_a_double_press_on_yes_is_answered_politely(web, clock):
    token = asked_of(ASA)
    web.post(f"/nyhetsbrev/bekrafta/{token}", data={"brev": FORETAGSAMT})
    again = web.post(f"/nyhetsbrev/bekrafta/{token}", data={"brev": FORETAGSAMT})
    assert (again.status_code, Read(again).words.startswith("Länken är redan använd")) == (200, True)
    assert consents() == ["given foretagsamt"]


def test_an_ended_link_says_so_and_how_to_go_on(web, clock):
    token = asked_of(ASA)
    clock.shift(8 * DAY)
    for answer in (web.get(f"/nyhetsbrev/bekrafta/{token}"), web.post(f"/nyhetsbrev/bekrafta/{token}")):
        assert answer.status_code == 410
        assert "Prenumerera igen" in answer.text


@pytest.mark.parametrize("path", ["/nyhetsbrev/bekrafta/x", "/nyhetsbrev/val/x", "/avsluta/x", "/avsluta/x?brev=y"])
def test_a_wrong_token_is_not_found(web, clock, path):
    assert web.get(path).status_code == 404
    assert web.post(path, data=ONE_CLICK).status_code == 404
    assert web.get(f"{path}%00").status_code == 404


# --- one click ----------------------------------------------------------------------------------------------------


def test_one_click_leaves_the_list_without_cookies_or_tokens(app, clock):
    lunch = series_list(make_series().id)
    known = make_reader(ASA, [FORETAGSAMT, lunch])
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        bare = app.test_client(use_cookies=False)
        for _ in range(2):
            answer = bare.post(f"/avsluta/{known.token}?brev=foretagsamt", data=ONE_CLICK)
            assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert has() == [lunch]
    assert consents()[-1] == "withdrawn foretagsamt"


def test_leaving_by_the_button_undoing_it_and_saying_why(web, clock):
    known = make_reader(ASA)
    path = f"/avsluta/{known.token}"
    assert "Vill du sluta få Företagsamt?" in web.get(f"{path}?brev=foretagsamt").text
    left = Read(web.post(f"{path}?brev=foretagsamt"))
    assert "Du får inga fler nyhetsbrev från oss." in left.words
    thanked = web.post(f"{path}/varfor", data={"brev": FORETAGSAMT, "why": "För\nmånga brev"})
    assert "Tack för svaret" in thanked.text
    assert reader().subscriptions[0].why_ended == "För många brev"
    assert web.post(f"{path}/varfor", data={"brev": FORETAGSAMT, "why": "x" * 5000}).status_code == 422
    assert "Välkommen tillbaka" in web.post(f"{path}/angra", data={"brev": FORETAGSAMT}).text
    assert (has(), reader().subscriptions[0].why_ended) == ([FORETAGSAMT], "")


def test_a_readers_language_is_spoken_where_the_address_does_not_say(web, clock):
    known = make_reader(ASA, lang="en")
    assert "Do you want to stop getting Företagsamt?" in web.get(f"/avsluta/{known.token}?brev=foretagsamt").text


# --- choices ------------------------------------------------------------------------------------------------------


def test_choices_are_shown_kept_and_shown_again(web, clock):
    lunch = make_series(name="Fredagslunch")
    known = make_reader(ASA)
    path = f"/nyhetsbrev/val/{known.token}"
    assert Read(web.get(path)).typed["lists"] == FORETAGSAMT
    after = followed(web, web.post(path, data={"lists": series_list(lunch.id), "name": "Åsa B", "organisation": "Ny"}))
    assert "Dina val är sparade." in after.text
    assert has() == [series_list(lunch.id)]
    assert (reader().name, reader().organisation) == ("Åsa B", "Ny")


def test_no_letter_at_all_is_a_choice(web, clock):
    known = make_reader(ASA)
    web.post(f"/nyhetsbrev/val/{known.token}", data={"name": "Åsa"})
    assert (has(), reader().refused_at) == ([], now())


def test_another_address_is_answered_the_same_whoever_has_it(web, clock):
    known = make_reader(ASA)
    make_reader("bo@alm.se")
    path = f"/nyhetsbrev/val/{known.token}/adress"
    pages = [web.post(path, data={"email": address}).text for address in ("bo@alm.se", "ny@alm.se")]
    assert pages[0].replace("bo@alm.se", "") == pages[1].replace("ny@alm.se", "")
    assert count(Reader) == 2
