"""The page on which a survey is answered: once, by a link of one's own, and nothing that was filled in is lost."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.surveys import answering
from eventsys.surveys.answering import Given, OutOfRange, submit_response
from eventsys.surveys.asked import fingerprint
from eventsys.surveys.models import Asked, QuestionKind, Survey, SurveyQuestion, SurveyState, Way
from eventsys.surveys.nki import nki
from eventsys.surveys.queries import locked_survey
from tests.programme.scenes import comes, make_session, make_slot, make_workshops
from tests.public.reading import Read, followed, is_kept_anywhere
from tests.staff_fixtures import Visitor
from tests.surveys.factories import (
    DAY,
    answers,
    filled_in,
    fresh,
    invitations,
    let_the_clock_work,
    make_held_event,
    make_open_survey,
    make_question,
    make_survey,
    question,
    responses,
)

pytestmark = pytest.mark.usefixtures("clock")

COLOURS = [{"sv": "Röd", "en": "Red"}, {"sv": "Blå", "en": ""}, {"sv": "Grön", "en": "Green"}]


def link(survey: Survey, number: int = 0) -> str:
    return f"/enkat/{invitations(survey)[number].token}"


def name(survey: Survey, text: str) -> str:
    """The field of the question with this text."""
    return next(f"q{one.id}" for one in survey.questions if one.text == text)


def typed(page: Read) -> dict[str, str]:
    """What stands in the form, texts too."""
    texts = {str(one.get("name")): str(one.text or "").lstrip("\r\n") for one in page.tree.xpath("//textarea")}
    return {**page.typed, **texts}


# --- answering ----------------------------------------------------------------------------------------------------


def test_an_answer_is_stored_and_the_link_is_used(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(2)
    thanks = web.post(link(survey), data=filled_in(survey, 9, "Bra mat"))
    assert (thanks.status_code, thanks.location) == (303, f"/enkat/tack/{survey.event.slug}")
    [one] = responses(survey)
    assert (one.way, one.day, one.satisfied, one.expectations, one.ideal) == (Way.PERSONAL, date(2027, 3, 8), 9, 9, 9)
    assert [said.text for said in answers(survey)] == ["Bra mat"]
    assert [asked.has_answered for asked in invitations(survey)] == [True, False]
    assert fresh(survey).frozen_at == date(2027, 3, 8)
    assert "Tack för svaret" in Read(followed(web, thanks)).words


def test_opening_the_link_changes_nothing(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1)
    for _ in range(3):
        page = Read(web.get(link(survey)))
        assert page.status == 200
    assert [asked.has_answered for asked in invitations(survey)] == [False]
    assert "Set-Cookie" not in web.get(link(survey)).headers


def test_who_has_answered_is_thanked_and_a_second_answer_is_not_counted(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1)
    web.post(link(survey), data=filled_in(survey, 9))
    again = web.get(link(survey))
    assert (again.status_code, "Tack, svaret är inne" in again.text) == (200, True)
    second = web.post(link(survey), data=filled_in(survey, 2))
    assert (second.status_code, "Det nya svaret räknades inte" in second.text) == (409, True)
    assert [one.satisfied for one in responses(survey)] == [9]


def test_vet_ej_and_what_is_passed_over_are_no_numbers(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(2, [make_question(QuestionKind.SCALE, "Maten?")])
    form = filled_in(survey, 7, **{name(survey, "Maten?"): "vet-ej"})
    form |= {f"q{question(survey, QuestionKind.SATISFIED).id}": "vet-ej"}
    web.post(link(survey), data=form)
    del form[name(survey, "Maten?")]
    web.post(link(survey, 1), data=form)
    assert [(one.satisfied, one.ideal) for one in responses(survey)] == [(None, 7), (None, 7)]
    assert [(said.number, said.text) for said in answers(survey)] == [(None, "")], "one said that they do not know"


def test_every_kind_of_question_is_kept_as_it_was_answered(app: Flask, web: Visitor) -> None:
    more = [
        make_question(QuestionKind.SCALE, "Maten?"),
        make_question(QuestionKind.CHOICE, "Färg?", options=COLOURS),
        make_question(QuestionKind.CHOICES, "Färger?", options=COLOURS),
    ]
    survey = make_open_survey(1, more)
    given = {name(survey, "Maten?"): "10", name(survey, "Färg?"): "1", name(survey, "Färger?"): ["2", "0"]}
    assert web.post(link(survey), data=filled_in(survey, 7, "Två\r\nrader", **given)).status_code == 303
    texts = {one.id: one.text for one in fresh(survey).questions}
    kept = {texts[said.question_id]: (said.number, said.text) for said in answers(survey)}
    assert kept == {
        "Maten?": (10, ""),
        "Färg?": (1, ""),
        "Färger?": (0b101, ""),
        "Vad tar du med dig, och vad kan vi göra bättre?": (None, "Två\nrader"),
    }


def test_a_no_show_has_one_question_and_is_counted_apart(app: Flask, web: Visitor) -> None:
    survey = make_survey(make_held_event(["Åsa", "Bo"], absent=1))
    let_the_clock_work()
    page = web.get(link(survey, 1)).text
    assert ("Vi saknade dig" in page, "i sin helhet" in page) == (True, False)
    [asked] = [one for one in fresh(survey).questions if one.asked is Asked.NO_SHOW]
    form = {"shown": fingerprint(survey, Asked.NO_SHOW), f"q{asked.id}": "Förkyld"}
    assert web.post(link(survey, 1), data=form).status_code == 303
    assert [(one.way, one.satisfied) for one in responses(survey)] == [(Way.NO_SHOW, None)]
    assert [said.text for said in answers(survey)] == ["Förkyld"]


def test_eighteen_answers_give_the_index_that_the_method_gives(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(18)
    for number in range(18):
        web.post(link(survey, number), data=filled_in(survey, number % 10 + 1))
    found = nki([(one.satisfied, one.expectations, one.ideal) for one in responses(survey)], fresh(survey).invited)
    assert found == nki([(number % 10 + 1,) * 3 for number in range(18)], 18)


def test_the_audit_trail_says_nothing_of_answers(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1)
    before = db.session.query(AuditEntry).count()
    web.post(link(survey), data=filled_in(survey))
    assert db.session.query(AuditEntry).count() == before


# --- sessions -----------------------------------------------------------------------------------------------------


def a_day_of_sessions() -> tuple[Survey, list[str]]:
    """Åsa held a place in A; everybody was at the opening. The texts of its questions: opening, A, B."""
    event = make_held_event(0, closed=False)
    opening, (one, other) = make_session(make_slot(event), "Inledning"), make_workshops(event, 9, 9)
    comes(event, "Åsa", one, at=now() - 5 * DAY)
    sessions = {"Inledningen?": opening, "Pass A?": one, "Pass B?": other}
    more = [make_question(QuestionKind.SCALE, text, session_id=row.id) for text, row in sessions.items()]
    survey = make_survey(event, more)
    let_the_clock_work()
    return survey, list(sessions)


def test_questions_about_sessions_are_put_to_those_who_held_a_place(app: Flask, web: Visitor) -> None:
    survey, texts = a_day_of_sessions()
    page = web.get(link(survey)).text
    assert [text in page for text in texts] == [True, True, False]


def test_what_is_said_of_a_session_is_stored_apart_from_the_answer_and_from_other_sessions(
    app: Flask, web: Visitor
) -> None:
    survey, texts = a_day_of_sessions()
    given = {name(survey, text): str(number) for number, text in enumerate(texts, 4)}
    assert web.post(link(survey), data=filled_in(survey, 9, "Fint", **given)).status_code == 303
    by_row = {one.id: one.way for one in responses(survey)}
    assert sorted(by_row.values()) == [Way.PERSONAL, Way.SESSION, Way.SESSION]
    assert sorted((by_row[said.response_id], said.number) for said in answers(survey)) == [
        (Way.PERSONAL, None), (Way.SESSION, 4), (Way.SESSION, 5),
    ]  # fmt: skip
    assert len({said.response_id for said in answers(survey)}) == 3


# --- mistakes -----------------------------------------------------------------------------------------------------


def test_a_number_that_the_scale_does_not_have_is_refused_and_the_rest_is_kept(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1)
    scale = f"q{question(survey, QuestionKind.IDEAL).id}"
    for wrong in ("0", "11", "-1", "7.5", "tio", "²", "vet ej"):
        form = filled_in(survey, 8, "Kvar", **{scale: wrong})
        page = Read(web.post(link(survey), data=form))
        assert (page.status, page.title[:4]) == (422, "Fel:")
        assert page.words.count("Välj ett tal från 1 till 10.") == 2, "in the summary and at the question"
        assert {key: value for key, value in form.items() if key != scale}.items() <= typed(page).items()
    assert responses(survey) == []


def test_a_text_of_ten_thousand_characters_is_refused_and_kept(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1)
    text = "å" * 10_000
    form = filled_in(survey, 8, text)
    page = web.post(link(survey), data=form)
    assert page.status_code == 422
    assert "Texten är 10000 tecken, högst 2000 får plats. Korta den." in page.text
    assert text in page.text
    assert (responses(survey), invitations(survey)[0].has_answered) == ([], False)
    assert web.post(link(survey), data=filled_in(survey, 8, text[:2000])).status_code == 303


def test_what_is_required_is_asked_for_by_name(app: Flask, web: Visitor) -> None:
    more = [
        make_question(QuestionKind.SCALE, "Maten?", is_required=True),
        make_question(QuestionKind.CHOICE, "Färg?", is_required=True, options=COLOURS),
        make_question(QuestionKind.CHOICES, "Färger?", is_required=True, options=COLOURS),
        make_question(QuestionKind.TEXT, "Med egna ord, " + "och " * 20, is_required=True),
    ]
    survey = make_open_survey(1, more)
    page = Read(web.post(link(survey), data=filled_in(survey, 8)))
    assert page.status == 422
    assert list(page.in_summary.values()) == [
        "Välj ett tal eller ”vet ej”: Maten?",
        "Välj ett svar: Färg?",
        "Välj ett svar: Färger?",
        "Skriv ett svar: Med egna ord, och och och och och och och och och och och…",
    ]


def test_a_form_without_any_answer_is_sent_back(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1)
    page = web.post(link(survey), data={"shown": filled_in(survey)["shown"]})
    assert (page.status_code, "Svara på minst en" in page.text) == (422, True)
    assert not invitations(survey)[0].has_answered


def test_questions_that_changed_meanwhile_are_shown_anew_with_what_was_answered(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1)
    form = filled_in(survey, 8, "Kvar")
    with transaction():
        locked_survey(survey.id).questions.append(make_question(text="Ny fråga?"))
    page = Read(web.post(link(survey), data=form))
    assert page.status == 409
    assert "Frågorna ändrades medan du svarade" in page.words
    assert "Ny fråga?" in page.words
    assert {key: value for key, value in form.items() if key != "shown"}.items() <= typed(page).items()
    assert (responses(survey), invitations(survey)[0].has_answered) == ([], False)
    assert web.post(link(survey), data=typed(page)).status_code == 303


def test_what_was_ticked_before_the_ends_or_options_changed_is_asked_for_again(app: Flask, web: Visitor) -> None:
    """A tick was meant for the words that were shown; they may say the opposite now."""
    choice = make_question(QuestionKind.CHOICE, "Färg?", options=COLOURS)
    scale = make_question(QuestionKind.SCALE, "Maten?", low="Dålig", high="Utmärkt")
    survey = make_open_survey(1, [choice, scale])
    fields = {name(survey, "Färg?"): "0", name(survey, "Maten?"): "9"}
    form = filled_in(survey, 8, "Kvar", **fields)
    with transaction():
        for one in locked_survey(survey.id).questions:
            if one.text == "Färg?":
                one.options = COLOURS[::-1]
            elif one.text == "Maten?":
                one.low, one.high = "Utmärkt", "Dålig"
    page = Read(web.post(link(survey), data=form))
    assert (page.status, responses(survey)) == (409, [])
    assert "Svara igen på dem som är ändrade" in page.words
    left = typed(page)
    assert not fields.keys() & left.keys(), "nothing is ticked where the words are others"
    assert {key: value for key, value in form.items() if key != "shown" and key not in fields}.items() <= left.items()


def test_what_was_written_in_a_second_tab_is_given_back(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1)
    web.post(link(survey), data=filled_in(survey, 8, "Först"))
    page = Read(web.post(link(survey), data=filled_in(survey, 3, "Sedan")))
    assert page.status == 409
    assert "Det nya svaret räknades inte" in page.words
    assert "Sedan" in page.words
    assert "Stod det inte i ditt första svar" in page.words
    assert not is_kept_anywhere("Sedan")


def test_a_survey_that_closed_meanwhile_says_so_and_gives_back_what_was_written(app: Flask, clock, web) -> None:
    survey = make_open_survey(1)
    form = filled_in(survey, 8, "Två\nrader")
    clock.shift(20 * DAY)
    page = Read(web.post(link(survey), data=form))
    assert page.status == 410
    assert "Enkäten är stängd" in page.words
    assert "Tvårader" in page.words.replace(" ", "")
    assert responses(survey) == []
    assert web.get(link(survey)).status_code == 410


@pytest.mark.parametrize("tampered", ["x", "å" * 40, "A" * 32, "tack", "oppen"])
def test_a_link_that_is_not_ours_is_unknown(app: Flask, web: Visitor, tampered: str) -> None:
    survey = make_open_survey(1)
    for answer in (web.get(f"/enkat/{tampered}"), web.post(f"/enkat/{tampered}", data=filled_in(survey))):
        assert answer.status_code == 404, tampered
    assert responses(survey) == []


def test_an_unknown_link_says_what_to_do(app: Flask, web: Visitor) -> None:
    assert "kopiera hela adressen" in web.get("/enkat/" + "a" * 32).text


def test_a_draft_has_no_thanks_page_and_another_event_none_at_all(app: Flask, web: Visitor) -> None:
    assert web.get(f"/enkat/tack/{make_held_event().slug}").status_code == 404
    assert web.get("/enkat/tack/finns-inte").status_code == 404


# --- the verb itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [Given(0), Given(11), Given(text="8"), Given(8, text="x"), Given(places=(1,))])
def test_the_verb_refuses_what_the_scale_does_not_have(app: Flask, given: Given) -> None:
    survey = make_open_survey(1)
    scale, token = question(survey, QuestionKind.SATISFIED), invitations(survey)[0].token
    with pytest.raises(OutOfRange), transaction():
        submit_response(token, {scale.id: given}, fingerprint(survey, Asked.ATTENDED), now())
    assert responses(survey) == []


def test_an_answer_to_a_question_of_another_survey_is_passed_over(app: Flask) -> None:
    survey, other = make_open_survey(1), make_open_survey(1)
    theirs, ours = question(other, QuestionKind.TEXT), question(survey, QuestionKind.SATISFIED)
    given = {ours.id: Given(5), theirs.id: Given(text="Fel ställe")}
    with transaction():
        submit_response(invitations(survey)[0].token, given, fingerprint(survey, Asked.ATTENDED), now())
    assert not is_kept_anywhere("Fel ställe")


@pytest.mark.parametrize("breaks_at", ["mark", "stir"])
def test_a_line_lost_between_the_answer_and_the_mark_leaves_nothing_half_stored(
    app: Flask, web: Visitor, monkeypatch: pytest.MonkeyPatch, breaks_at: str
) -> None:
    survey = make_open_survey(1)

    def break_off(_row: object) -> None:
        assert db.session.query(answering.SurveyResponse).count() == 1, "the answer is in the open transaction"
        raise ConnectionResetError

    with monkeypatch.context() as broken:
        broken.setattr(answering, breaks_at, break_off)
        app.testing = False
        assert web.post(link(survey), data=filled_in(survey)).status_code == 500
        app.testing = True
    assert (responses(survey), answers(survey), invitations(survey)[0].has_answered) == ([], [], False)
    assert fresh(survey).frozen_at is None
    assert web.post(link(survey), data=filled_in(survey)).status_code == 303
    assert len(responses(survey)) == 1


# --- the page -----------------------------------------------------------------------------------------------------


def test_a_scale_is_a_fieldset_with_native_radios_and_named_ends(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1)
    page = Read(web.get(link(survey)))
    scales = page.tree.xpath("//fieldset[contains(@class, 'scale')]")
    assert len(scales) == 3
    for scale in scales:
        radios = scale.xpath(".//input[@type='radio']")
        assert [one.get("value") for one in radios] == [*map(str, range(1, 11)), "vet-ej"]
        assert len({one.get("name") for one in radios}) == 1
        assert [bool(page.tree.xpath(f"//label[@for='{one.get('id')}']")) for one in radios] == [True] * 11
        ends = page.tree.xpath(f"//*[@id='{scale.get('aria-describedby').split()[0]}']")[0].text_content()
        assert ends.startswith("1 = ")
        assert "10 = " in ends
        assert scale.find("legend").text_content().strip()


def test_the_page_says_what_becomes_of_the_answer_and_is_kept_by_nobody(app: Flask, web: Visitor) -> None:
    answer = web.get(link(make_open_survey(1)))
    for said in ("allmänna handlingar", "utan namn och adress", "/personuppgifter#survey", "vilken dag"):
        assert said in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_the_english_page_asks_in_english_and_marks_what_is_only_in_swedish(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1, [make_question(QuestionKind.CHOICE, "Färg?", options=COLOURS)])
    page = Read(web.get(f"/en{link(survey)}"))
    assert "How satisfied are you with the event as a whole?" in page.words
    assert "Don't know / no opinion" in page.words
    assert [one.text_content().split()[0] for one in page.tree.xpath("//*[@lang='sv']//legend")] == ["Färg?"]
    wrong = filled_in(survey, 8, **{f"q{question(survey, QuestionKind.IDEAL).id}": "11"})
    assert "Choose a number from 1 to 10." in web.post(f"/en{link(survey)}", data=wrong).text
    answer = web.post(f"/en{link(survey)}", data=filled_in(survey))
    assert answer.location == f"/en/enkat/tack/{survey.event.slug}"


def test_own_words_before_and_after_are_shown(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1, intro="Hej alla.\nEn rad till.", thanks="Vi ses <b>snart</b>.")
    assert "<p>En rad till.</p>" in web.get(link(survey)).text
    thanks = followed(web, web.post(link(survey), data=filled_in(survey)))
    assert "Vi ses &lt;b&gt;snart&lt;/b&gt;." in thanks.text


def test_a_frozen_question_is_asked_as_it_was(app: Flask, web: Visitor) -> None:
    """Whoever changes questions asks `frozen_at` first; it holds the day alone, and is set once."""
    survey = make_open_survey(2)
    web.post(link(survey), data=filled_in(survey))
    with transaction():
        locked_survey(survey.id).frozen_at = date(2027, 3, 1)
    web.post(link(survey, 1), data=filled_in(survey))
    assert fresh(survey).frozen_at == date(2027, 3, 1)


def test_a_closed_survey_is_closed_whatever_its_time(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1)
    with transaction():
        locked_survey(survey.id).state = SurveyState.CLOSED
    assert web.post(link(survey), data=filled_in(survey)).status_code == 410


def test_a_question_whose_session_was_taken_away_is_put_to_everybody(app: Flask, web: Visitor) -> None:
    survey = make_open_survey(1, [make_question(text="Passet?", session_id=None)])
    assert isinstance(fresh(survey).questions[-1], SurveyQuestion)
    assert "Passet?" in web.get(link(survey)).text
