"""The pages of results: who may open them, what they say, and what they take out."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.database import db, transaction
from eventsys.events.access import give_series
from eventsys.staff.models import Account, Role
from eventsys.surveys.models import QuestionKind, Survey, SurveyState, Way
from eventsys.surveys.results.texts import text_lists, text_page
from tests.factories import in_days, make_event, make_series
from tests.staff_fixtures import Visitor, see_anew, visitor, visitor_as
from tests.surveys.results_scenes import (
    EIGHTS,
    VECTOR,
    choice,
    hand_in,
    make_past_event,
    make_survey,
    question_of,
    scale,
)

SignedIn = Callable[[Role | Account], Visitor]


def page_of(survey: Survey) -> str:
    return f"/personal/evenemang/{survey.event_id}/enkat/resultat"


@pytest.fixture
def survey(app: Flask) -> Survey:
    """Ten of 25 have answered, as in the method's own example; one option is chosen by few."""
    made = make_survey(own=[choice("Vad vill du höra mer om?", "AI", "Export"), scale()])
    what, food = question_of(made, QuestionKind.CHOICE), question_of(made, QuestionKind.SCALE)
    text = question_of(made, QuestionKind.TEXT)
    with transaction():
        hand_in(made, VECTOR, own=[{what.id: 0, food.id: 9, text.id: f"Bra {place}"} for place in range(10)])
    return made


def test_the_page_says_the_index_and_what_to_judge_it_by(survey: Survey, signed_in_client: SignedIn) -> None:
    page = signed_in_client(Role.ORGANISER).get(page_of(survey)).text
    for words in ("NKI är godkänt, felmarginal ± 26", "7 av 25 inbjudna", "10 av 25", "40 %", "3 svar saknar ett tal"):
        assert words in page, words
    assert "Vad vill du höra mer om?" in page
    assert "Bra 1" not in page  # texts have a page of their own


def test_with_six_answers_every_figure_is_a_star(app: Flask, signed_in_client: SignedIn) -> None:
    made = make_survey(answers=[(3, 4, 5)] * 6)
    page = signed_in_client(Role.ORGANISER).get(page_of(made)).text
    assert "NKI visas inte. Färre än 7 har svarat" in page
    assert page.count("För få svar för att visas") == 3
    assert "6 av 25" in page
    assert "<rect" not in page


def test_while_it_is_open_the_page_does_not_change_with_what_is_answered(
    app: Flask, signed_in_client: SignedIn
) -> None:
    answers = ([(1, 1, 1)] * 9, [(10, 10, 10)] * 9)
    low, high = (make_survey(make_past_event(), some, state=SurveyState.OPEN) for some in answers)
    staff = signed_in_client(Role.ORGANISER)
    pages = [staff.get(page_of(one)).text for one in (low, high)]
    assert "Resultatet visas när enkäten har stängt" in pages[0]
    assert "Går att svara på till och med" in pages[0]
    assert "9 av 25" in pages[0]
    assert all("NKI är" not in page and "Medel" not in page for page in pages)
    assert staff.get(f"{page_of(low)}/rapport.pdf").status_code == 302
    assert staff.get(f"{page_of(low)}/svar.csv").status_code == 302


def test_pages_without_survey_or_answers_say_so(app: Flask, signed_in_client: SignedIn) -> None:
    staff, event = signed_in_client(Role.ORGANISER), make_past_event()
    assert "Ingen enkät än" in staff.get(f"/personal/evenemang/{event.id}/enkat/resultat").text
    assert "Ingen svarade" in staff.get(page_of(make_survey())).text
    assert staff.get(f"/personal/evenemang/{event.id}/enkat/resultat/texter").status_code == 404


@pytest.mark.parametrize(
    ("role", "figures", "texts"),
    [(Role.ORGANISER, 200, 200), (Role.EDITOR, 200, 403), (Role.HOST, 403, 403), (Role.CO_ORGANISER, 404, 404)],
)
def test_who_may_see_what(survey: Survey, signed_in_client: SignedIn, role: Role, figures: int, texts: int) -> None:
    staff = signed_in_client(role)
    assert staff.get(page_of(survey)).status_code == figures
    assert staff.get(f"{page_of(survey)}/rapport.pdf").status_code == figures
    assert staff.get(f"{page_of(survey)}/texter").status_code == texts
    assert staff.get(f"{page_of(survey)}/svar.csv").status_code == texts
    assert staff.post(f"{page_of(survey)}/visa").status_code == {200: 302}.get(texts, texts)


def test_a_co_organiser_sees_the_surveys_of_the_own_series_only(app: Flask, co_organiser: Account) -> None:
    own, foreign = make_series(name="Mina frukostar"), make_series(name="Andras luncher")
    with transaction():
        give_series(co_organiser.id, [own.id])
    mine = make_survey(make_past_event(series=own, title="Min frukost"), EIGHTS)
    make_survey(make_past_event(series=foreign, title="Annan lunch"), [(1, 1, 1)] * 9)
    staff = visitor_as(app, co_organiser)
    page, file = staff.get("/personal/enkater").text, staff.get("/personal/enkater/lista.csv").data.decode()
    for text in (page, file):
        assert "Min frukost" in text
        assert "Annan lunch" not in text
    assert "NKI <b>78</b>" in page
    assert staff.get(page_of(mine)).status_code == 200


def test_the_list_is_filtered_and_summed(app: Flask, signed_in_client: SignedIn) -> None:
    lunch, day = make_series(name="Lunch"), make_series(name="Dag")
    year = in_days(-400).year
    make_survey(make_past_event(series=lunch, title="Gammal lunch", starts_at=in_days(-400)), EIGHTS)
    make_survey(make_past_event(series=lunch, title="Liten lunch"), EIGHTS[:3])
    make_survey(make_past_event(series=day, title="Stor dag"), [(10, 10, 10)] * 9)
    coming = make_survey(make_event(series=day, title="Kommande dag"), state=SurveyState.READY)
    staff = signed_in_client(Role.EDITOR)
    page = staff.get("/personal/enkater").text
    assert "Per tertial" in page
    assert "1 inte med *" in page
    assert f'href="/personal/evenemang/{coming.event_id}/enkat">Kommande dag' in page, "there is no result yet"
    assert "Öppnar av sig själv" in page
    only = staff.get(f"/personal/enkater?ar={year}&serie={lunch.id}").text
    assert "Gammal lunch" in only
    assert "Stor dag" not in only
    assert "Inga enkäter här" in staff.get(f"/personal/enkater?ar={year}&serie={day.id}").text
    book = openpyxl.load_workbook(io.BytesIO(staff.get("/personal/enkater/lista.xlsx").data))
    assert sorted((row[0], row[7]) for row in book.active.iter_rows(min_row=2, values_only=True)) == [
        ("Gammal lunch", "78"), ("Liten lunch", "*"), ("Stor dag", "100"),
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["svar", "siffror", "texter"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_is_taken_out_and_that_is_recorded(
    survey: Survey, signed_in_client: SignedIn, what: str, kind: str
) -> None:
    answer = signed_in_client(Role.ORGANISER).get(f"{page_of(survey)}/{what}.{kind}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "survey.exported")).one()
    assert entry.subject == f"survey:{survey.id}"
    assert (entry.detail["what"], entry.detail["file"]) == (what, kind)


def test_other_words_in_the_address_name_no_file(survey: Survey, signed_in_client: SignedIn) -> None:
    staff = signed_in_client(Role.ORGANISER)
    for name in ("svar.pdf", "personer.csv", "rapport.csv"):
        assert staff.get(f"{page_of(survey)}/{name}").status_code == 404


def test_the_report_holds_what_the_page_holds_and_no_text(survey: Survey, signed_in_client: SignedIn) -> None:
    answer = signed_in_client(Role.EDITOR).get(f"{page_of(survey)}/rapport.pdf")
    assert answer.mimetype == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.data))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for words in (
        "NKI är godkänt",
        "7 av 25",
        "Hur nöjd är du",
        "Vad vill du höra mer om?",
        "Export",
        "Hur var maten?",
    ):
        assert words in text, words
    assert "Bra 1" not in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


# --- texts --------------------------------------------------------------------------------------------------------


def test_a_text_is_hidden_and_shown_again_from_the_page(survey: Survey, signed_in_client: SignedIn) -> None:
    staff, texts = signed_in_client(Role.ORGANISER), f"{page_of(survey)}/texter"
    found = text_lists(survey)[0]
    key = text_page(survey, found, 1).texts[0].key
    form = {"lista": found.word, "text": key, "sida": "1"}

    def press(**pressed: str) -> str:
        return str(staff.get(staff.post(texts, data={**form, **pressed}).location).text)

    said = press(gor="dolj", varfor="person")
    assert "Texten är dold" in said
    assert "Dold: nämner en person" in said
    assert "Dold:" not in press(gor="visa")
    assert "Välj varför texten ska döljas" in press(gor="dolj", varfor="x")
    assert staff.post(texts, data={"lista": "1-x", "text": "y", "gor": "visa"}).status_code == 404


# --- for everybody ------------------------------------------------------------------------------------------------


def test_the_results_are_for_everybody_only_when_staff_say_so(
    app: Flask, survey: Survey, signed_in_client: SignedIn
) -> None:
    staff, anyone, slug = signed_in_client(Role.ORGANISER), visitor(app), survey.event.slug
    assert anyone.get(f"/evenemang/{slug}/resultat").status_code == 404
    assert "/resultat" not in anyone.get(f"/evenemang/{slug}").text
    staff.post(f"{page_of(survey)}/visa")
    page, english = anyone.get(f"/evenemang/{slug}/resultat").text, anyone.get(f"/en/evenemang/{slug}/resultat").text
    assert "7 av 25 som var med har svarat" in page
    assert "AI (en)" in english
    assert "Margin of error ± 26" in english
    assert "Bra 1" not in page
    assert f"/evenemang/{slug}/resultat" in anyone.get(f"/evenemang/{slug}").text
    staff.post(f"{page_of(survey)}/sluta-visa")
    assert anyone.get(f"/evenemang/{slug}/resultat").status_code == 404
    acts = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject == f"survey:{survey.id}").order_by(AuditEntry.id)
    ).all()
    assert {"survey.results_shown", "survey.results_withdrawn"} <= set(acts)


def test_a_hidden_result_cannot_be_shown_to_everybody(app: Flask, signed_in_client: SignedIn) -> None:
    small = make_survey(answers=EIGHTS[:6])
    staff = signed_in_client(Role.ORGANISER)
    said = staff.get(staff.post(f"{page_of(small)}/visa").location).text
    assert "Det finns inget NKI att visa" in said
    see_anew()
    assert db.session.get_one(Survey, small.id).shown_publicly_at is None


def test_a_shown_result_goes_when_the_survey_opens_again(
    app: Flask, survey: Survey, signed_in_client: SignedIn
) -> None:
    signed_in_client(Role.ORGANISER).post(f"{page_of(survey)}/visa")
    with transaction():
        db.session.get_one(Survey, survey.id).state = SurveyState.OPEN
    assert visitor(app).get(f"/evenemang/{survey.event.slug}/resultat").status_code == 404
    assert "/resultat" not in visitor(app).get(f"/evenemang/{survey.event.slug}").text


# --- on the event's own pages -------------------------------------------------------------------------------------


def test_the_event_its_copy_and_the_next_one_tell_the_index(survey: Survey, signed_in_client: SignedIn) -> None:
    coming = make_event(series=survey.event.series)
    staff = signed_in_client(Role.ORGANISER)
    own = staff.get(f"/personal/evenemang/{survey.event_id}").text
    assert "<b>68</b>NKI" in own
    assert "<b>40 %</b>Svarsfrekvens" in own
    assert "<b>68</b>NKI" in staff.get(f"/personal/evenemang/{survey.event_id}/kopia").text
    assert "<b>68</b>NKI förra gången" in staff.get(f"/personal/evenemang/{coming.id}").text


def test_hosts_are_told_no_figures_on_the_event(
    app: Flask, noon: object, host: Account, signed_in_client: SignedIn
) -> None:
    event = make_event(starts_at=in_days(0, hour=8), ends_at=in_days(0, hour=9))
    make_survey(event, VECTOR)
    page = visitor_as(app, host).get(f"/personal/evenemang/{event.id}")
    assert page.status_code == 200
    assert "NKI" not in page.text


# --- costs --------------------------------------------------------------------------------------------------------


def test_pages_cost_as_many_queries_however_much_there_is(
    survey: Survey, signed_in_client: SignedIn, count_queries: Callable
) -> None:
    staff = signed_in_client(Role.ORGANISER)
    paths = (
        page_of(survey),
        f"{page_of(survey)}/texter",
        "/personal/enkater",
        f"/personal/evenemang/{survey.event_id}",
    )

    def costs() -> list[int]:
        counted = []
        for path in paths:
            staff.get(path)
            with count_queries() as statements:
                assert staff.get(path).status_code == 200
            counted.append(len(statements))
        return counted

    with transaction():
        hand_in(survey, [(1, 1, 1)] * 8, Way.OPEN)
    make_survey(make_past_event(series=survey.event.series), EIGHTS)
    before = costs()
    for number in range(5):
        made = make_survey(make_past_event(series=survey.event.series if number % 2 else make_series()), EIGHTS)
        with transaction():
            hand_in(made, EIGHTS, Way.OPEN)
    with transaction():
        hand_in(survey, [(9, 9, number % 10 + 1) for number in range(30)])
    assert costs() == before
