"""Measured on real bounces, where the folder with them lies beside the project; they are not ours to keep here.

Who is wrongly said to have a wrong address loses the letters they want, so that counts harder than one not found.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from eventsys.mail.bounces import Kind, read
from tests.servers import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "bounces"
RECALL, FALSE = 0.95, 0.01


@cache
def called_wrong() -> list[tuple[bool, bool, str]]:
    """For each letter whether its address is wrong, whether we say so, and its name."""
    with (FOLDER / "expected.csv").open(encoding="utf-8", newline="") as file:
        return [(row["address_is_wrong"] == "yes", is_called_wrong(FOLDER / row["file"]), row["file"])
                for row in csv.DictReader(file)]  # fmt: skip


def is_called_wrong(letter: Path) -> bool:
    return read(letter.read_bytes()).kind is Kind.ADDRESS_WRONG


if (FOLDER / "expected.csv").is_file():

    def test_most_wrong_addresses_are_found() -> None:
        wrong = [(said, name) for truth, said, name in called_wrong() if truth]
        missed = [name for said, name in wrong if not said]
        assert 1 - len(missed) / len(wrong) >= RECALL, missed

    def test_hardly_any_other_bounce_is_called_a_wrong_address() -> None:
        others = [(said, name) for truth, said, name in called_wrong() if not truth]
        slandered = [name for said, name in others if said]
        assert len(slandered) / len(others) <= FALSE, slandered
