"""What people type wrong: a message at the field that says what to do, and nothing typed is lost."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventsys.companies.models import Company
from eventsys.database import db, transaction
from eventsys.events.models import Question, Registration
from tests.events import scenes
from tests.factories import make_event, make_series
from tests.public.reading import Read, filled, followed, form_of, is_kept_anywhere, people_at, the_registration
from tests.staff_fixtures import Visitor

PERSONAL_NUMBER = "8112189876"

# field, what is typed, what the page answers
MISTAKES = [
    ("company_name", "", "Skriv företagets eller organisationens namn."),
    ("company_name", "x" * 201, "Texten är 201 tecken, högst 200 får plats. Korta den."),
    ("company_number", "556036-0794", "Organisationsnumret stämmer inte. Kontrollera siffrorna"),
    ("company_number", "55603607", "Organisationsnumret ska ha tio siffror. Kontrollera att du fått med alla."),
    ("company_number", "Väveriet", "Organisationsnumret ska ha tio siffror."),
    ("company_number", PERSONAL_NUMBER, "Det ser ut som ett personnummer. Vi sparar inte personnummer"),
    ("booker_name", "", "Skriv ditt namn."),
    ("booker_name", " \t\u200b\u00ad ", "Skriv ditt namn."),
    ("booker_name", "Å" * 5000, "Texten är 5000 tecken, högst 120 får plats. Korta den."),
    ("booker_email", "", "Skriv din e-postadress. Bekräftelse och biljetter skickas dit."),
    ("booker_email", "asa@vaveriet", "Skriv e-postadressen som namn@foretag.se."),
    ("booker_email", "asa.vaveriet.se", "Skriv e-postadressen som namn@foretag.se."),
    ("booker_email", "asa@vaveriet.se, bo@vaveriet.se", "Skriv e-postadressen som namn@foretag.se."),
    ("booker_email", "a" * 300 + "@vaveriet.se", "Skriv e-postadressen som namn@foretag.se."),
    ("booker_phone", "ring mig", "Skriv telefonnumret med siffror, till exempel 033-35 70 00"),
    ("booker_phone", "12", "Skriv telefonnumret med siffror"),
    ("people-0-name", "", "Skriv personens namn."),
    ("people-0-email", "bo@", "Skriv e-postadressen som namn@foretag.se."),
    ("people-0-phone", "1" * 60, "Skriv telefonnumret med siffror"),
]
FORGED = ["\x00", "²", "9" * 5000, "'\"><script>alert(1)</script>", "\ud7ff\ufffe"]


@pytest.mark.parametrize(
    ("field", "typed", "told"), MISTAKES, ids=[f"{field} {typed[:12]}" for field, typed, _ in MISTAKES]
)
def test_a_mistake_is_told_at_the_field_and_nothing_is_lost(web: Visitor, field: str, typed: str, told: str) -> None:
    event = make_event()
    form = filled(("Bo Öberg", "bo@vaveriet.example")) | {field: typed}
    page = Read(web.post(form_of(event), data=form))
    assert page.status == 422
    assert page.at_fields.keys() == page.in_summary.keys() == {field}
    assert page.title.startswith("Fel: ")
    assert page.at_fields[field].startswith(told)
    kept = {name: value for name, value in form.items() if name != field}
    assert kept.items() <= page.typed.items()
    assert people_at(event) == []


def test_mistakes_are_told_in_english_on_the_english_page(web: Visitor) -> None:
    event = make_event()
    wrong = {"company_name": "", "company_number": "556036-0794", "booker_email": "x", "booker_phone": "ring mig"}
    page = Read(web.post(form_of(event, "en"), data=filled(**wrong)))
    assert page.title.startswith("Error: ")
    assert page.at_fields == page.in_summary
    assert page.at_fields == {
        "company_name": "Write the name of the company or organisation.",
        "company_number": "The organisation number is not right. Check the digits, one of them is probably wrong.",
        "booker_email": "Write the e-mail address as name@company.se. Check that no character is missing.",
        "booker_phone": "Write the phone number in digits, for example 033-35 70 00 or +46 33 35 70 00.",
    }


def test_every_mistake_is_told_at_once_in_the_order_of_the_page(web: Visitor) -> None:
    event = make_event()
    wrong = {"company_name": "", "company_number": "1", "booker_email": "x", "people-0-name": ""}
    page = Read(web.post(form_of(event), data=filled(("", "")) | wrong))
    assert list(page.in_summary) == ["company_name", "company_number", "booker_email", "people-0-name"]
    assert "Det finns 4 fel" in page.words


@pytest.mark.parametrize("typed", [PERSONAL_NUMBER, "811218-9876", "19811218-9876", "811218+9876", " 811218 9876 "])
def test_a_personal_number_is_neither_kept_nor_shown_again(web: Visitor, typed: str) -> None:
    event = make_event()
    answer = web.post(form_of(event), data=filled(company_number=typed))
    assert answer.status_code == 422
    assert "enskild firma" in answer.text
    assert not any(part in answer.text for part in ("811218", "9876"))
    assert not is_kept_anywhere("811218")


def test_a_sole_trader_registers_without_a_number_even_if_one_is_typed(web: Visitor) -> None:
    event = make_event()
    form = filled(sole_trader="y", company_number="556036-0793")
    assert web.post(form_of(event), data=form).status_code == 302
    registration = the_registration(event)
    assert (registration.sole_trader, registration.company_number, registration.company_id) == (True, None, None)


def test_a_sole_trader_who_writes_the_personal_number_is_asked_to_leave_it_out(web: Visitor) -> None:
    event = make_event()
    page = Read(web.post(form_of(event), data=filled(sole_trader="y", company_number=PERSONAL_NUMBER)))
    assert page.status == 422
    assert page.typed["company_number"] == ""
    assert page.typed["sole_trader"] == "y"


@pytest.mark.parametrize("typed", ["556036-0793", "5560360793", "16 556036 0793", "SE556036079301", "556036–0793"])
def test_a_number_is_understood_however_it_is_written(web: Visitor, typed: str) -> None:
    event = make_event()
    assert web.post(form_of(event), data=filled(company_number=typed)).status_code == 302
    assert db.session.execute(select(Company.number)).scalars().all() == ["5560360793"]


@pytest.mark.parametrize(
    "address",
    ["åsa@väveriet.se", "asa@xn--vveriet-5wa.se", "ASA@Vaveriet.SE", "o'brien+lunch@vaveriet.se", "用户@例子.公司"],
)
def test_addresses_of_every_alphabet_are_taken(web: Visitor, address: str) -> None:
    event = make_event()
    assert web.post(form_of(event), data=filled(booker_email=address)).status_code == 302
    assert the_registration(event).booker_email == address


def test_a_name_may_hold_emoji_and_letters_of_every_kind(web: Visitor) -> None:
    event = make_event()
    names = ["Åsa 🌸 Öberg", "李 小龙", "محمد", "Zoë O’Brien-Łukasz"]
    form = filled(*[(name, f"p{n}@vaveriet.example") for n, name in enumerate(names[1:])], booker_name=names[0])
    answer = followed(web, web.post(form_of(event), data=form))
    assert people_at(event) == names
    assert all(name in answer.text for name in names)


def test_line_breaks_and_control_characters_in_names_become_spaces(web: Visitor) -> None:
    event = make_event()
    form = filled(("Bo\r\nBcc: alla@exempel.se", "bo@vaveriet.example"), booker_name="Åsa\x00\x1b[31m\u2028Ö\u202eberg")
    assert web.post(form_of(event), data=form).status_code == 302
    assert people_at(event) == ["Åsa [31m Öberg", "Bo Bcc: alla@exempel.se"]


@pytest.mark.parametrize("field", ["booker_email", "people-0-email"])
def test_an_address_with_a_line_break_starts_no_header_of_its_own(web: Visitor, field: str) -> None:
    event = make_event()
    form = filled(("Bo", "bo@vaveriet.example")) | {field: "bo@vaveriet.example\r\nBcc: alla@exempel.se"}
    assert set(Read(web.post(form_of(event), data=form)).at_fields) == {field}


@pytest.mark.parametrize(
    "field",
    ["source", "idempotency_key", "queue", "if_full", "company_number", "add", "copy", "remove", "people-x-name"],
)
@pytest.mark.parametrize("value", ["\x00", "²", "9" * 5000, "'\"><script>alert(1)</script>", "\ud7ff\ufffe"])
def test_forged_hidden_fields_break_nothing(web: Visitor, field: str, value: str) -> None:
    event = make_event()
    answer = web.post(form_of(event), data=filled(("Bo", "")) | {field: value})
    assert answer.status_code in {200, 302, 422}
    assert "<script>alert" not in answer.text


def test_what_is_typed_is_shown_as_text_and_never_as_markup(web: Visitor) -> None:
    event = make_event()
    nasty = '"><img src=x onerror=alert(1)>'
    refused = web.post(form_of(event), data=filled((nasty, "x"), company_name=nasty, booker_name=nasty))
    assert refused.status_code == 422
    taken = followed(web, web.post(form_of(event), data=filled((nasty, ""), company_name=nasty)))
    assert taken.status_code == 200
    assert "<img src=x" not in refused.text + taken.text


def test_the_same_person_twice_is_told_at_the_second_card(web: Visitor) -> None:
    event = make_event()
    twins = filled(("Bo Alm", "bo@vaveriet.example"), ("BO ALM", "Bo@Vaveriet.example"))
    page = Read(web.post(form_of(event), data=twins))
    assert (page.status, page.at_fields) == (422, {"people-1-name": "Den här personen finns redan i anmälan."})


def test_somebody_who_writes_himself_again_among_the_others_is_told(web: Visitor) -> None:
    event = make_event()
    page = Read(web.post(form_of(event), data=filled(("åsa öberg", ""))))
    assert set(page.at_fields) == {"people-0-name"}


def test_two_colleagues_without_own_addresses_come_under_the_bookers(web: Visitor) -> None:
    event = make_event()
    assert web.post(form_of(event), data=filled(("Bo", ""), ("Ylva", ""))).status_code == 302
    assert {attendee.email for attendee in the_registration(event).attendees} == {"asa@vaveriet.example"}


def test_nobody_who_comes_is_told_at_the_tick_box(web: Visitor) -> None:
    event = make_event()
    page = Read(web.post(form_of(event), data=filled(booker_comes=None)))
    assert page.status == 422
    assert page.in_summary == {"booker_comes": "Skriv minst en person som kommer, eller markera att du kommer själv."}


@pytest.mark.parametrize("comes", ["y", None])
def test_too_many_people_are_refused_and_none_of_them_is_silently_left_out(web: Visitor, comes: str | None) -> None:
    event = make_event(party_size=3)
    people = [(f"Person {number}", f"p{number}@vaveriet.example") for number in range(4)]
    form = filled(*people, booker_comes=comes)
    page = Read(web.post(form_of(event), data=form))
    assert page.status == 422
    assert "Högst 3 personer ryms i en anmälan." in page.words
    assert {name: value for name, value in form.items() if "name" in name}.items() <= page.typed.items()
    assert people_at(event) == []


def test_a_required_question_is_asked_of_each_person(web: Visitor) -> None:
    event = make_event(series=make_series(), asks_diet=True)
    with transaction():
        question = Question(
            series_id=event.series_id, label="Vilken bransch?", label_en="Which trade?", required=True,
            choices=["Textil", "Handel"],
        )  # fmt: skip
        db.session.add(question)
        db.session.flush()
    name = f"q_{question.id}"
    page = Read(web.post(form_of(event), data=filled(("Bo", "")) | {f"own-{name}": "", f"people-0-{name}": "Rymdfart"}))
    assert set(page.at_fields) == {f"own-{name}", f"people-0-{name}"}
    assert page.at_fields[f"own-{name}"] == "Svara på frågan."
    form = filled(("Bo", "")) | {f"own-{name}": "Textil", f"people-0-{name}": "Handel", "own-diet": "Nötter"}
    assert web.post(form_of(event), data=form).status_code == 302
    attendees = the_registration(event).attendees
    assert [[answer.text for answer in attendee.answers] for attendee in attendees] == [["Textil"], ["Handel"]]
    assert [attendee.diet.text if attendee.diet else None for attendee in attendees] == ["Nötter", None]


def test_a_booker_who_does_not_come_is_not_asked_the_questions(web: Visitor) -> None:
    event = make_event(series=make_series())
    with transaction():
        question = Question(series_id=event.series_id, label="Vilken bransch?", required=True)
        db.session.add(question)
        db.session.flush()
    form = filled(("Bo", ""), booker_comes=None) | {f"people-0-q_{question.id}": "Textil"}
    assert web.post(form_of(event), data=form).status_code == 302


def test_a_robot_that_fills_in_everything_is_answered_politely_and_nothing_is_kept(web: Visitor) -> None:
    event = make_event()
    answer = web.post(form_of(event), data=filled(website="https://lank.example"))
    assert (answer.status_code, answer.location) == (302, f"/evenemang/{event.slug}/anmalan/mottagen")
    assert people_at(event) == []


# --- without JavaScript, the server adds, copies and removes people -----------------------------------------------


def test_the_server_adds_a_person_and_keeps_what_was_typed(web: Visitor) -> None:
    event = make_event()
    form = filled(("Bo", "bo@vaveriet.example"), add="1")
    page = Read(web.post(form_of(event), data=form))
    assert page.status == 200
    assert (page.typed["people-0-name"], page.typed["people-1-name"]) == ("Bo", "")
    assert page.at_fields == {}
    assert people_at(event) == []


def test_the_server_copies_a_person_without_name_and_address(web: Visitor) -> None:
    event = make_event()
    form = filled(("Bo", "bo@vaveriet.example"), copy="0") | {"people-0-phone": "033-35 70 00"}
    typed = Read(web.post(form_of(event), data=form)).typed
    assert [typed[f"people-1-{field}"] for field in ("name", "email", "phone")] == ["", "", "033-35 70 00"]


def test_the_server_removes_the_right_person(web: Visitor) -> None:
    event = make_event()
    form = filled(("Bo", "bo@x.example"), ("Ylva", "ylva@x.example"), ("Nils", "nils@x.example"), remove="1")
    typed = Read(web.post(form_of(event), data=form)).typed
    assert [typed[f"people-{number}-name"] for number in (0, 1)] == ["Bo", "Nils"]
    assert "people-2-name" not in typed


def test_the_server_adds_nobody_beyond_the_party(web: Visitor) -> None:
    event = make_event(party_size=2)
    typed = Read(web.post(form_of(event), data=filled(("Bo", ""), ("Ylva", ""), add="1"))).typed
    assert "people-2-name" not in typed


# --- an address that is registered already ------------------------------------------------------------------------


def test_a_registered_address_is_told_by_letter_and_the_page_says_nothing(web: Visitor, app: Flask) -> None:
    event = make_event()
    web.post(form_of(event), data=filled())
    again = followed(web, web.post(form_of(event), data=filled()))
    assert again.request.path == f"/evenemang/{event.slug}/anmalan/mottagen"
    assert "Besked kommer med e-post" in again.text
    assert people_at(event) == ["Åsa Öberg"]
    assert scenes.letters("Åsa Öberg") == ["ticket", "already_registered"]


def test_a_long_address_is_taken_everywhere(web: Visitor) -> None:
    event = make_event()
    longest = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".se"
    assert web.post(form_of(event), data=filled(booker_email=longest)).status_code == 302
    assert web.post("/mina-bokningar", data={"email": longest}).status_code == 200
    assert scenes.letters("Åsa Öberg") == ["ticket", "my_bookings"]


def test_json_is_no_form_and_what_was_not_sent_along_is_empty(web: Visitor) -> None:
    """Programs that fill in forms send all kinds of things; each gets the page with its mistakes, as a person would."""
    event = make_event()
    for sent in ('"just a text"', "[1, 2]", "null", '{"booker_name": 7, "people": [null]}'):
        answer = web.post(form_of(event), data=sent, content_type="application/json")
        assert answer.status_code == 422, sent
    nothing = web.post(form_of(event), data={"unknown": "x"})
    assert nothing.status_code == 422
    assert "booker_name" in Read(nothing).at_fields
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 0
