"""The staff's pages that make a survey: what they say, what they keep, who may press what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from time_machine import Traveller
from werkzeug.test import TestResponse

from eventsys.clock import now
from eventsys.events.models import Event
from eventsys.staff.models import Account, Role
from eventsys.surveys.models import NKI_KINDS, QuestionKind, Survey, SurveyState
from eventsys.surveys.queries import survey_of, template_of
from eventsys.surveys.questions import mark_of_question, missing_of_nki
from tests.factories import make_event, make_series
from tests.programme.scenes import make_workshops
from tests.staff_fixtures import Visitor, see_anew
from tests.surveys.asking_scenes import make_template, one_of
from tests.surveys.factories import (
    DAY,
    fresh,
    let_the_clock_work,
    letters_about,
    make_held_event,
    make_open_survey,
    make_question,
    make_survey,
)
from tests.surveys.test_questions import answer

SignedIn = Callable[[Role | Account], Visitor]
pytestmark = pytest.mark.usefixtures("clock")
QUESTION = {"text": "Hur var maten?", "kind": "scale", "asked": "attended", "low": "Dålig", "high": "Utmärkt"}


@pytest.fixture
def organised(app: Flask, clock: Traveller, signed_in_client: SignedIn) -> Visitor:
    return signed_in_client(Role.ORGANISER)


@pytest.fixture
def edited(app: Flask, clock: Traveller, signed_in_client: SignedIn) -> Visitor:
    return signed_in_client(Role.EDITOR)


def page(event_or_survey: Event | Survey, rest: str = "") -> str:
    event_id = event_or_survey.event_id if isinstance(event_or_survey, Survey) else event_or_survey.id
    return f"/personal/evenemang/{event_id}/enkat{rest}"


def pressed(browser: Visitor, path: str) -> str:
    """What the page says that the press leads to."""
    return led_to(browser, browser.post(path))


def led_to(browser: Visitor, answer: TestResponse) -> str:
    assert answer.status_code == 302
    return str(browser.get(answer.location).text)


def survey_at(event: Event) -> Survey:
    see_anew()
    found = survey_of(event.id)
    assert found is not None
    return found


# --- made ---------------------------------------------------------------------------------------------------------


def test_without_a_survey_the_page_says_what_a_press_gives_and_when_things_happen(organised: Visitor) -> None:
    event = make_event(starts_at=now() + DAY)  # Tuesday at eleven, over at half past twelve
    shown = organised.get(page(event)).text
    for words in (
        "Gör en enkät", "tre frågorna i NKI", "tisdag 9 mars kl. 13.30, till dem som kom",
        "Påminner den som inte har svarat 12 mars och 16 mars", "till och med 23 mars",
    ):  # fmt: skip
        assert words in shown, words
    with pytest.raises(AssertionError):
        survey_at(event)


def test_one_press_makes_a_survey(organised: Visitor) -> None:
    event = make_event()
    pressed(organised, page(event))
    assert survey_at(event).state is SurveyState.DRAFT
    shown = organised.get(page(event)).text
    for words in ("Hur nöjd är du", "Till dem som uteblev", "Låt den öppna av sig själv", "Allt finns på engelska"):
        assert words in shown, words


def test_made_ready_and_taken_back_by_a_press_each(organised: Visitor) -> None:
    survey = make_survey(make_event(), state=SurveyState.DRAFT)
    organised.post(page(survey, "/klar"))
    assert fresh(survey).state is SurveyState.READY
    organised.post(page(survey, "/utkast"))
    assert fresh(survey).state is SurveyState.DRAFT


def test_opened_by_hand_it_says_to_how_many_and_closed_by_hand_it_stays_closed(organised: Visitor) -> None:
    survey = make_survey(make_held_event(3, absent=1), state=SurveyState.DRAFT)
    assert "Öppna och skicka till 3 personer" in organised.get(page(survey, "/oppna")).text
    organised.post(page(survey, "/oppna"))
    let_the_clock_work()
    assert fresh(survey).state is SurveyState.OPEN
    assert (len(letters_about(survey, "invitation")), len(letters_about(survey, "no_show"))) == (2, 1)
    assert "Stäng enkäten" in organised.get(page(survey, "/stang")).text
    organised.post(page(survey, "/stang"))
    assert fresh(survey).state is SurveyState.CLOSED
    assert "redan öppnat" in pressed(organised, page(survey, "/oppna"))


def test_before_the_event_is_over_it_cannot_be_opened(organised: Visitor) -> None:
    survey = make_survey(make_event(), state=SurveyState.DRAFT)
    assert "Vänta tills det är slut" in pressed(organised, page(survey, "/oppna"))
    assert fresh(survey).state is SurveyState.DRAFT


# --- questions ----------------------------------------------------------------------------------------------------


def test_a_question_is_added_changed_moved_and_removed(organised: Visitor) -> None:
    survey = make_survey(make_event())
    organised.post(page(survey, "/fragor/ny"), data=QUESTION)
    scale = one_of(fresh(survey), QuestionKind.SCALE)
    assert (scale.low, scale.high, scale.is_required) == ("Dålig", "Utmärkt", False)
    id_, seen = scale.id, mark_of_question(scale)
    changed = {
        **QUESTION,
        "kind": "choice",
        "options": "Ja\nNej",
        "options_en": "Yes\nNo",
        "seen": seen,
        "is_required": "y",
    }
    assert organised.post(page(survey, f"/fragor/{id_}"), data=changed).status_code == 302
    choice = one_of(fresh(survey), QuestionKind.CHOICE)
    assert choice.options == [{"sv": "Ja", "en": "Yes"}, {"sv": "Nej", "en": "No"}]
    assert (choice.low, choice.is_required) == ("", True)
    assert ">\r\nJa\nNej</textarea>" in organised.get(page(survey, f"/fragor/{id_}")).text
    organised.post(page(survey, f"/fragor/{id_}/upp"))
    assert [one.kind for one in fresh(survey).questions][3] is QuestionKind.CHOICE
    organised.post(page(survey, f"/fragor/{id_}/ta-bort"))
    assert QuestionKind.CHOICE not in [one.kind for one in fresh(survey).questions]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "Skriv frågan."), ({"text": "å" * 301}, "högst 300"), ({"low": ""}, "Skriv vad 1 betyder"),
        ({"kind": "choice", "options": "Ja"}, "Skriv 2 till 15 alternativ"),
        ({"kind": "choice", "options": "Ja\nJa"}, "Två alternativ är lika"),
        ({"kind": "choices", "options": "Ja\nNej", "options_en": "Yes"}, "lika många alternativ"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_question_is_said_at_its_field(
    organised: Visitor, wrong: dict[str, str], said: str
) -> None:
    survey = make_survey(make_event())
    got = organised.post(page(survey, "/fragor/ny"), data={**QUESTION, **wrong})
    assert (got.status_code, said in got.text) == (422, True)
    assert len(fresh(survey).questions) == 5


def test_who_saves_second_sees_what_the_first_saved_and_keeps_the_own_words(organised: Visitor) -> None:
    survey = make_survey(make_event())
    index = one_of(survey, QuestionKind.IDEAL)
    path, seen = page(survey, f"/fragor/{index.id}"), mark_of_question(index)
    form = {"text": "Min", "low": "Lite", "high": "Mycket", "seen": seen}
    assert organised.post(path, data={**form, "text": "Annans"}).status_code == 302
    second = organised.post(path, data=form)
    assert second.status_code == 409
    for words in ("Någon annan har ändrat samma sak", "Sparat nu: Annans", "Du har skrivit: Min"):
        assert words in second.text, words
    assert one_of(fresh(survey), QuestionKind.IDEAL).text == "Annans"


def test_leaving_out_a_question_of_the_index_says_utan_nki_and_it_comes_back_with_a_press(organised: Visitor) -> None:
    survey = make_survey(make_event())
    path = page(survey, f"/fragor/{one_of(survey, QuestionKind.IDEAL).id}/ta-bort")
    assert "utan NKI" in organised.get(path).text
    assert "blir enkäten utan NKI" in pressed(organised, path)  # the word was not sent along
    organised.post(path, data={"utan-nki": "1"})
    assert missing_of_nki(fresh(survey).questions) == [QuestionKind.IDEAL]
    assert "Enkäten är utan NKI" in organised.get(page(survey)).text
    organised.post(page(survey, "/fragor/nki"))
    assert [one.kind for one in fresh(survey).questions][:3] == list(NKI_KINDS)


def test_after_the_first_answer_every_page_says_that_questions_stand_fast(organised: Visitor) -> None:
    survey = make_open_survey(2)
    answer(survey)
    id_ = one_of(fresh(survey), QuestionKind.TEXT).id
    assert "Frågorna står fast" in organised.get(page(survey)).text
    assert "Lägg till en fråga" not in organised.get(page(survey)).text
    for rest in ("/fragor/ny", f"/fragor/{id_}", f"/fragor/{id_}/ta-bort", "/texter"):
        assert "står fast" in led_to(organised, organised.get(page(survey, rest))), rest
    for rest in (f"/fragor/{id_}/upp", f"/fragor/{id_}/ta-bort"):
        assert "står fast" in pressed(organised, page(survey, rest)), rest
    assert "står fast" in organised.post(page(survey, "/fragor/ny"), data=QUESTION).text
    assert "står fast" in organised.post(page(survey, "/texter"), data={"intro": "Hej"}).text


def test_missing_english_is_said(organised: Visitor) -> None:
    survey = make_survey(make_event(), [make_question()], intro="Hej")
    assert "På engelska saknas en fråga, inledningen." in organised.get(page(survey)).text


# --- texts and times ----------------------------------------------------------------------------------------------


def test_times_are_saved_and_said(organised: Visitor) -> None:
    survey = make_survey(make_event(starts_at=now() + DAY))
    form = {"opens_at": "2027-03-10T09:00", "closes_at": "2027-03-20T12:00", "reminder_days": "2 och 6", "seen": ""}
    got = organised.post(page(survey, "/tider"), data=form)
    assert got.status_code == 409  # what the page showed was not sent along
    seen = got.text.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    assert organised.post(page(survey, "/tider"), data={**form, "seen": seen}).status_code == 302
    assert (fresh(survey).reminder_days, survey.asks_no_shows) == ([2, 6], False)
    shown = organised.get(page(survey)).text
    for words in ("onsdag 10 mars kl. 09.00", "12 mars och 16 mars", "Stänger lördag 20 mars kl. 12.00"):
        assert words in shown, words


def test_a_reminder_after_closing_is_refused_with_words(organised: Visitor) -> None:
    survey = make_survey(make_event(starts_at=now() + DAY))
    got = organised.post(page(survey, "/tider"), data={"reminder_days": "30", "seen": marks(organised, survey)})
    assert (got.status_code, "kommer för sent" in got.text) == (422, True)


def marks(browser: Visitor, survey: Survey) -> str:
    shown = browser.get(page(survey, "/tider")).text
    return shown.partition('name="seen" type="hidden" value="')[2].partition('"')[0]


# --- preview and code ---------------------------------------------------------------------------------------------


def test_the_preview_shows_what_each_is_asked_in_both_languages(organised: Visitor) -> None:
    event = make_event()
    first, second = make_workshops(event, 9, 9)
    more = [make_question(text=f"Hur var {one.title}-passet?", session_id=one.id) for one in (first, second)]
    survey = make_survey(event, more)
    shown = organised.get(page(survey, "/forhandsvisning")).text
    assert f"Var på {first.title}" in shown
    sample = page(survey, "/prov?vem={}&sprak={}").format
    assert "A-passet" not in organised.get(sample("kom", "sv")).text
    theirs = organised.get(sample(f"pass-{first.id}", "sv")).text
    assert ("A-passet" in theirs, "B-passet" in theirs) == (True, False)
    assert "We missed you" in organised.get(sample("uteblev", "en")).text
    assert "minns en kaka" in organised.get(sample("oppen", "sv")).text


def test_nothing_of_a_preview_can_be_sent_and_only_we_may_frame_it(organised: Visitor) -> None:
    got = organised.get(page(make_survey(make_event()), "/prov"))
    assert 'type="submit"' not in got.text
    policy = got.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "form-action 'none'" in policy


def test_the_code_of_the_last_slide_is_made_shown_taken_along_and_removed(organised: Visitor) -> None:
    survey = make_survey(make_event())
    assert organised.get(page(survey, "/kod/bild")).status_code == 404
    organised.post(page(survey, "/kod"))
    address = f"/enkat/oppen/{fresh(survey).open_code}"
    for rest in ("/kod", "/kod/bild", "/kod/affisch"):
        assert address in organised.get(page(survey, rest)).text, rest
    assert organised.get(page(survey, "/kod/qr.png")).data.startswith(b"\x89PNG")
    assert b"<svg" in organised.get(page(survey, "/kod/qr.svg")).data
    assert organised.get(page(survey, "/kod/affisch.pdf")).data.startswith(b"%PDF")
    organised.post(page(survey, "/kod/ta-bort"))
    assert organised.get(page(survey, "/kod/bild")).status_code == 404


# --- the template -------------------------------------------------------------------------------------------------


def test_a_series_gets_its_template_and_its_questions(organised: Visitor) -> None:
    series = make_series()
    home = f"/personal/serier/{series.id}/enkat"
    assert home in organised.get(f"/personal/serier/{series.id}").text
    assert "Gör en mall" in organised.get(home).text
    organised.post(f"{home}/ny")
    organised.post(f"{home}/fragor/ny", data=QUESTION)
    shown = organised.get(home).text
    assert "Hur var maten?" in shown
    seen = shown.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    form = {"is_automatic": "y", "reminder_days": "4", "asks_no_shows": "y", "intro": "Hej", "seen": seen}
    assert organised.post(home, data=form).status_code == 302
    see_anew()
    template = template_of(series.id)
    assert template is not None
    assert (template.is_automatic, template.reminder_days, template.intro) == (True, [4], "Hej")
    event = make_event(series=series)
    assert "görs av sig själv" in organised.get(page(event)).text


# --- who ----------------------------------------------------------------------------------------------------------


def test_editors_word_questions_and_press_nothing_that_sends(edited: Visitor) -> None:
    survey = make_survey(make_held_event(2), state=SurveyState.DRAFT)
    assert edited.post(page(survey, "/fragor/ny"), data=QUESTION).status_code == 302
    assert QuestionKind.SCALE in [one.kind for one in fresh(survey).questions]
    shown = edited.get(page(survey)).text
    for word in ("Öppna nu", "Låt den öppna", "Gör en QR-kod", "Ändra tider"):
        assert word not in shown, word
    for rest in ("", "/klar", "/utkast", "/oppna", "/stang", "/tider", "/kod", "/kod/ta-bort"):
        assert edited.post(page(survey, rest)).status_code == 403, rest
    template = make_template()
    assert edited.get(f"/personal/serier/{template.series_id}/enkat").status_code == 403


def test_hosts_see_no_survey(app: Flask, signed_in_client: SignedIn) -> None:
    survey = make_survey(make_held_event(2))
    host = signed_in_client(Role.HOST)
    assert host.get(page(survey)).status_code == 403
    assert ">Enkät<" not in host.get(f"/personal/evenemang/{survey.event_id}").text
