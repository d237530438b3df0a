from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum import luhn

from eventsys.companies.models import Company
from eventsys.companies.numbers import BadNumber, PersonalNumber, organisation_number, shown
from eventsys.companies.register import company_for
from eventsys.database import db, transaction

quick = settings(max_examples=200, deadline=None, database=None, derandomize=True)

nine = st.text("0123456789", min_size=9, max_size=9)
legal = nine.filter(lambda digits: digits[2] not in "01").map(lambda digits: digits + luhn.calc_check_digit(digits))
personal = st.builds(
    lambda born, rest: (d := f"{born:%y%m%d}" + rest) + luhn.calc_check_digit(d),
    st.dates(), st.text("0123456789", min_size=3, max_size=3),
)  # fmt: skip


@quick
@given(legal)
def test_a_number_is_read_however_it_is_written(number):
    front, back = number[:6], number[6:]
    for text in (number, f"{front}-{back}", f" {front} {back} ", f"16{number}", f"16{front}-{back}", f"SE{number}",
                 f"SE{number}01", f"se {front}-{back} 01", f"{front}\N{NON-BREAKING HYPHEN}{back}",
                 f"{front}\N{NO-BREAK SPACE}{back}", f"{front}\N{MINUS SIGN}{back}"):  # fmt: skip
        assert organisation_number(text) == number
    assert organisation_number(shown(number)) == number


@quick
@given(personal, st.sampled_from(["", "19", "20", "16"]), st.sampled_from(["", "-", "+", " "]))
def test_a_personal_number_is_recognised_in_every_form(digits, century, separator):
    with pytest.raises(PersonalNumber):
        organisation_number(century + digits[:6] + separator + digits[6:])


@quick
@given(personal)
def test_a_sole_traders_number_for_vat_is_a_personal_number(digits):
    with pytest.raises(PersonalNumber):
        organisation_number(f"SE{digits}01")


@quick
@given(legal, st.integers(0, 9), st.integers(1, 9))
def test_one_wrong_digit_is_found(number, place, change):
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    assume(wrong[2] not in "01")
    with pytest.raises(BadNumber) as refusal:
        organisation_number(wrong)
    assert refusal.value.reason == "check_digit"


@quick
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        assert organisation_number(text)[2] not in "01"
    except (BadNumber, PersonalNumber):
        return


@pytest.mark.parametrize(
    "text", ["", "55603607", "55603607930", "5560360793x", "ABCDEFGHIJ", "٥٥٦٠٣٦٠٧٩٣", "1655603607930"]
)
def test_what_cannot_be_a_number_has_the_wrong_length(text):
    with pytest.raises(BadNumber) as refusal:
        organisation_number(text)
    assert refusal.value.reason == "length"


def test_the_error_holds_nothing_of_what_was_typed():
    with pytest.raises(PersonalNumber) as refusal:
        organisation_number("19850709-9805")
    assert "9805" not in str(refusal.value)


# --- the register -----------------------------------------------------------------------------------------------------


def test_a_company_is_begun_once_and_never_renamed_by_what_people_type(app):
    with transaction():
        first = company_for("Väveriet AB", "5560360793")
    with transaction():
        again = company_for("VÄVERIET", "5560360793")
    assert (first.id, again.name) == (again.id, "Väveriet AB")


@pytest.mark.parametrize(
    ("typed", "name"), [("19121212-1212", "556036-0793"), ("Åsas Garn 121212-1212", "Åsas Garn"), ("Ek AB", "Ek AB")]
)
def test_a_personal_number_typed_as_a_name_stays_out_of_the_register(app, typed, name):
    with transaction():
        assert company_for(typed, "5560360793").name == name


def test_without_a_number_no_company_is_guessed(app):
    with transaction():
        assert company_for("Väveriet AB", None) is None
    assert db.session.query(Company).count() == 0


def test_a_company_that_another_transaction_begins_this_very_moment_is_found(app, monkeypatch):
    with transaction():
        company_for("Väveriet AB", "5560360793")
    from eventsys.companies import register  # noqa: PLC0415 - its first look is made blind below

    answers = iter([None])
    look = register.company_to_attach
    monkeypatch.setattr(register, "company_to_attach", lambda number: next(answers, look(number)))
    with transaction():
        found = company_for("Annan AB", "5560360793")
        assert found is not None
        assert found.name == "Väveriet AB"
