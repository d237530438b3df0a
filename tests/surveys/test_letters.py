"""The letters of the surveys: complete, in both languages, the same text as yesterday, and quiet."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from eventsys import LETTERS as ALL_LETTERS
from eventsys.config import settings
from eventsys.database import db, transaction
from eventsys.mail.compose import Email
from eventsys.paths import EMAILS
from eventsys.surveys import emails
from eventsys.surveys.models import SurveyInvitation
from tests.events_letters.every_letter import A_MONDAY_IN_FEBRUARY, _lunch, _registered
from tests.factories import make_person

LETTERS = [name for name in ALL_LETTERS if name.startswith("surveys/")]
SNAPSHOTS = Path(__file__).parent / "snapshots"
UNTIL = date(2027, 3, 19)


def written(lang: str) -> dict[str, Email]:
    """Each form of each letter; nothing is kept."""
    with time_machine.travel(A_MONDAY_IN_FEBRUARY, tick=False), transaction():
        people = ["Karin Åberg", "Bo Öberg", make_person("Åsa Lind", "karin.aberg@foretag.se")]
        karin, bo, asa = (
            SurveyInvitation(attendee=one, token="0" * 32) for one in _registered(_lunch(), people, lang).attendees
        )
        letters = {
            "invitation": emails.invitation(karin, UNTIL),
            "invitation_with_material": emails.invitation(bo, UNTIL, has_material=True),
            "invitation_under_the_bookers_address": emails.invitation(asa, UNTIL),
            "reminder": emails.reminder(karin, UNTIL),
            "reminder_under_the_bookers_address": emails.reminder(asa, UNTIL),
            "no_show": emails.no_show(bo, UNTIL),
            "no_show_under_the_bookers_address": emails.no_show(asa, UNTIL),
        }
        db.session.rollback()
    return letters


@pytest.fixture(params=("sv", "en"))
def letters(app: Flask, request: pytest.FixtureRequest) -> dict[str, Email]:
    return written(request.param)


def test_every_letter_has_a_folder_with_its_three_files_and_nothing_else() -> None:
    folder = EMAILS / "surveys"
    found = {one.name: {file.name for file in one.iterdir()} for one in folder.iterdir() if one.is_dir()}
    assert found == {name.removeprefix("surveys/"): {"subject.txt", "body.txt", "body.html"} for name in LETTERS}


def test_every_letter_says_the_same_as_in_its_snapshot(app: Flask) -> None:
    """A change of text is wanted? Run with WRITE_SNAPSHOTS=1, and read the difference before keeping it."""
    swedish, english = written("sv"), written("en")
    found = {f"{name}.txt": f"{_shown(swedish[name])}\n{'=' * 80}\n\n{_shown(english[name])}" for name in swedish}
    if os.environ.get("WRITE_SNAPSHOTS"):
        for name, text in found.items():
            (SNAPSHOTS / name).write_text(text, encoding="utf-8")
    assert found == {file.name: file.read_text(encoding="utf-8") for file in SNAPSHOTS.glob("*.txt")}


def _shown(email: Email) -> str:
    return f"Subject: {email.subject}\n\n{email.text}"


def test_a_letter_has_one_button_which_is_the_readers_own_link(letters: dict[str, Email]) -> None:
    for name, email in letters.items():
        assert email.html.count("button-link") - email.html.count(".button-link") == 1, name
        [address] = set(re.findall(rf"{settings().base_url}/(?:en/)?enkat/\S+", email.text))
        assert address.endswith("/enkat/" + "0" * 32), name


def test_letters_keep_a_quiet_voice_and_say_what_is_true(letters: dict[str, Email]) -> None:
    for name, email in letters.items():
        assert "!" not in email.subject + email.text, name
        assert len(email.subject) <= 90, name
        assert len(email.html.encode()) < 30_000, name
        assert re.search("allmänna handlingar|public records", email.text), name


def test_a_colleague_without_an_own_address_is_named(app: Flask) -> None:
    letter = written("sv")["invitation_under_the_bookers_address"]
    assert letter.subject.startswith("Vad tyckte Åsa Lind?")
    assert "Frågorna gäller Åsa Lind." in letter.text
