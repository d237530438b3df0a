"""Personal numbers are found in text; telephone and organisation numbers are none."""

import pytest

from eventsys.companies.numbers import without_personal_numbers
from eventsys.companies.personal_numbers import holds_personal_number


@pytest.mark.parametrize(
    "text",
    ["850101-1236", "Bo Alm (850101-1236), vd", "19850101-1236", "198501011236", "19850101 1236", "050101+1233",
     "850161-1233", "nr:850101-1236.", "850101 - 1236", "850101–1236", "19850101 - 1236"],
)  # fmt: skip
def test_a_personal_number_is_found_however_it_is_written(text: str) -> None:
    assert holds_personal_number(text)


@pytest.mark.parametrize(
    "text",
    ["", "556036-0793", "553500-0007", "850101-1237", "851301-1230", "070-123 45 67", "0701234567", "033-35 70 00",
     "2026-03-04", "20260304", "1850101-12360", "165560360793"],
)  # fmt: skip
def test_what_is_none_is_not_taken_for_one(text: str) -> None:
    assert not holds_personal_number(text)


@pytest.mark.parametrize("text", ["850101 - 1236", "850101–1236", "19121212-1212", "19121212 – 1212", "8501011236"])
def test_names_from_files_lose_them_however_they_are_written(text: str) -> None:
    assert without_personal_numbers(f"Bo {text}") == "Bo"
