"""Asking for letters, and saying yes: one letter asks, and nothing begins before its owner has answered."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.newsletters.lists import FORETAGSAMT, series_list
from eventsys.newsletters.subscriptions.confirming import AddressTaken, LinkEnded, LinkUsed, NothingChosen
from eventsys.newsletters.subscriptions.models import Consent, Reader, SignUp, Way
from eventsys.newsletters.subscriptions.signing_up import HasThemAlready
from eventsys.newsletters.subscriptions.words import consent_text
from eventsys.statements import FIRST_VERSION
from tests.factories import make_series
from tests.newsletters.factories import make_reader
from tests.newsletters.subscriptions.scenes import (
    ASA,
    DAY,
    HOUR,
    ask_for_other_address,
    asked,
    confirm,
    confirm_address,
    consents,
    count,
    fresh,
    has,
    last_delivery,
    letters,
    reader,
    say_yes,
    sign_up,
    sign_up_by_hand,
    unwanted,
    wish,
    written,
)


def test_signing_up_sends_one_letter_and_begins_nothing(app, clock):
    sign_up(wish(), now())
    assert letters() == ["confirm_subscription"]
    assert (reader(), consents()) == (None, [])


def test_saying_yes_makes_reader_list_and_consent_with_the_words_agreed_to(app, clock):
    sign_up(wish(name="Åsa Lind", organisation="Väveriet", lang="en"), now())
    clock.shift(HOUR)
    say_yes()
    found = reader()
    assert (found.name, found.organisation, found.lang, has()) == ("Åsa Lind", "Väveriet", "en", [FORETAGSAMT])
    [consent] = db.session.scalars(select(Consent)).all()
    assert (consent.text_version, consent.way, consent.at) == (FIRST_VERSION, Way.PAGE, now())
    assert "samtycke" in consent_text(consent.text_version, "sv")


def test_saying_yes_twice_is_the_same_as_once(app, clock):
    sign_up(wish(), now())
    say_yes()
    with pytest.raises(LinkUsed):
        say_yes()
    assert consents() == ["given foretagsamt"]


def test_a_link_ends_after_seven_days_and_begins_nothing_then(app, clock):
    sign_up(wish(), now())
    clock.shift(7 * DAY)
    with pytest.raises(LinkEnded):
        say_yes()
    assert reader() is None
    assert unwanted(last_delivery()) == "länken i brevet gäller inte längre"


def test_the_letter_is_unwanted_once_the_question_is_answered(app, clock):
    sign_up(wish(), now())
    assert unwanted(last_delivery()) == ""
    say_yes()
    assert unwanted(last_delivery()) == "frågan är redan besvarad"


def test_one_letter_an_hour_however_often_somebody_asks(app, clock):
    for _ in range(30):
        sign_up(wish(), now())
        clock.shift(HOUR / 30)
    assert letters() == ["confirm_subscription"]
    assert count(SignUp) == 1
    sign_up(wish(), now())
    assert len(letters()) == 2


def test_what_is_asked_meanwhile_is_shown_by_the_first_letters_link(app, clock):
    lunch = series_list(make_series().id)
    sign_up(wish(), now())
    sign_up(wish(ASA, lunch), now())
    assert letters() == ["confirm_subscription"]
    say_yes()
    assert has() == [FORETAGSAMT, lunch]


def test_a_second_wish_within_the_hour_of_the_first_yes_is_asked_later_and_not_lost(app, clock):
    lunch = series_list(make_series().id)
    sign_up(wish(), now())
    say_yes()
    sign_up(wish(ASA, lunch), now())
    delivery = last_delivery()
    assert delivery.not_before == now() + HOUR
    assert "Inbjudningar till" in written(delivery).text


def test_only_what_the_page_showed_begins(app, clock):
    lunch = series_list(make_series().id)
    sign_up(wish(ASA, FORETAGSAMT, lunch), now())
    confirm(asked().token, [lunch], now())
    assert has() == [lunch]


def test_a_yes_to_nothing_is_no_yes(app, clock):
    sign_up(wish(), now())
    with pytest.raises(NothingChosen):
        confirm(asked().token, ["serie:99"], now())
    assert reader() is None


def test_a_forged_link_is_not_found(app, clock):
    with pytest.raises(NotFound):
        confirm("påhittad", [FORETAGSAMT], now())


def test_who_has_the_letters_is_told_by_letter_with_the_personal_link(app, clock):
    known = make_reader(ASA)
    sign_up(wish(), now())
    assert letters() == ["already_subscribed"]
    assert f"/nyhetsbrev/val/{known.token}" in written(last_delivery()).text
    assert count(SignUp) == 0


def test_the_letters_hold_nothing_that_a_stranger_wrote(app, clock):
    sign_up(wish(name="Köp klockor på http://ond.example", organisation="Spam AB"), now())
    letter = written(last_delivery())
    assert "ond.example" not in letter.text + letter.html + letter.subject
    assert last_delivery().name == ""


def test_the_purpose_key_does_not_hold_the_address(app, clock):
    sign_up(wish(), now())
    assert "vaveriet" not in last_delivery().purpose_key


def test_who_had_left_and_refused_comes_back_by_saying_yes(app, clock):
    make_reader(ASA, lists=[], left=[FORETAGSAMT], refused_at=now() - DAY)
    sign_up(wish(), now())
    say_yes()
    assert has() == [FORETAGSAMT]
    assert reader().refused_at is None
    assert consents()[-1] == "given foretagsamt"


def test_staff_are_told_when_the_person_has_the_letters(app, clock):
    make_reader(ASA)
    with pytest.raises(HasThemAlready):
        sign_up_by_hand(wish(way=Way.STAFF), now())


def test_staff_add_somebody_who_is_asked_like_everybody(app, clock):
    sign_up_by_hand(wish(way=Way.STAFF), now())
    assert (letters(), reader()) == (["confirm_subscription"], None)


# --- another address ----------------------------------------------------------------------------------------------

NEW = "asa@nya.se"


def test_the_address_changes_when_the_new_one_says_yes(app, clock):
    known = make_reader(ASA)
    ask_for_other_address(known.id, NEW, "sv", now())
    assert (letters(NEW), letters(ASA)) == (["confirm_address"], [])
    assert reader(ASA) is not None
    confirm_address(asked(NEW).token, now())
    assert reader(ASA) is None
    assert reader(NEW).id == known.id
    with pytest.raises(LinkUsed):
        confirm_address(asked(NEW).token, now())


def test_anothers_address_is_never_taken_and_its_owner_alone_is_told(app, clock):
    known, other = make_reader(ASA), make_reader(NEW)
    ask_for_other_address(known.id, NEW, "sv", now())
    assert letters(NEW) == ["already_subscribed"]
    assert (reader(ASA).id, reader(NEW).id) == (known.id, other.id)


def test_an_address_that_became_anothers_meanwhile_is_refused_at_the_link(app, clock):
    known = make_reader(ASA)
    ask_for_other_address(known.id, NEW, "sv", now())
    make_reader(NEW)
    with pytest.raises(AddressTaken):
        confirm_address(asked(NEW).token, now())
    assert reader(ASA) is not None


def test_one_kind_of_link_does_not_open_the_other(app, clock):
    known = make_reader(ASA)
    ask_for_other_address(known.id, NEW, "sv", now())
    with pytest.raises(NotFound):
        confirm(asked(NEW).token, [FORETAGSAMT], now())
    sign_up(wish("bo@alm.se"), now())
    with pytest.raises(NotFound):
        confirm_address(asked("bo@alm.se").token, now())
    fresh()
    assert count(Reader) == 1
