"""Every letter about events: complete, in both languages, and the same text as yesterday."""

from __future__ import annotations

import os
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from eventsys import LETTERS as ALL_LETTERS
from eventsys.config import settings
from eventsys.mail.compose import Email
from eventsys.paths import EMAILS
from tests.events_letters.conftest import letters_in
from tests.events_letters.every_letter import ticket_to

LETTERS = [name for name in ALL_LETTERS if name.startswith("events/")]
FOLDER = EMAILS / "events"
SNAPSHOTS = Path(__file__).parent / "snapshots"
WRITES_SNAPSHOTS = bool(os.environ.get("WRITE_SNAPSHOTS"))


def test_every_letter_has_a_folder_with_its_three_files_and_nothing_else() -> None:
    folders = {folder.name: {file.name for file in folder.iterdir()} for folder in FOLDER.iterdir() if folder.is_dir()}
    assert folders == {name.removeprefix("events/"): {"subject.txt", "body.txt", "body.html"} for name in LETTERS}


def test_every_letter_is_among_the_forms_that_the_tests_look_at(letters: dict[str, Email]) -> None:
    for name in LETTERS:
        assert any(form.startswith(name.removeprefix("events/")) for form in letters), name


def test_every_letter_says_the_same_as_in_its_snapshot(app: Flask) -> None:
    """A change of text is wanted? Run with WRITE_SNAPSHOTS=1, and read the difference before keeping it."""
    found = {}
    swedish, english = letters_in("sv"), letters_in("en")
    for name in swedish:
        found[f"{name}.txt"] = f"{_shown(swedish[name])}\n{'=' * 80}\n\n{_shown(english[name])}"
    if WRITES_SNAPSHOTS:
        for old in SNAPSHOTS.glob("*.txt"):
            old.unlink()
        for name, text in found.items():
            (SNAPSHOTS / name).write_text(text, encoding="utf-8")
    kept = {file.name: file.read_text(encoding="utf-8") for file in SNAPSHOTS.glob("*.txt")}
    assert found.keys() == kept.keys()
    for name, text in found.items():
        assert text == kept[name], f"{name}: see this test's docstring"


def _shown(email: Email) -> str:
    files = [f"{file.filename} ({file.content_type})" for file in email.attachments]
    head = [f"Subject: {email.subject}", *([f"Attached: {', '.join(files)}"] if files else [])]
    return "\n".join(head) + f"\n\n{email.text}"


# --- words --------------------------------------------------------------------------------------------------------


def test_subjects_are_one_line_that_says_what_and_when(letters: dict[str, Email], lang: str) -> None:
    when = "5 mars kl. 11.30" if lang == "sv" else "5 March at 11:30"
    for name, email in letters.items():
        assert "\n" not in email.subject
        assert len(email.subject) <= 90, name
        if not name.startswith(("message", "my_bookings")):
            assert email.subject.endswith(when), name


def test_letters_keep_a_quiet_voice(letters: dict[str, Email]) -> None:
    for name, email in letters.items():
        said = email.subject + email.text
        assert "!" not in said, name
        assert not re.search("[\u2600-\u27bf\U0001f000-\U0001faff]", said), name


def test_letters_hold_neither_diet_nor_organisation_number(letters: dict[str, Email]) -> None:
    for name, email in letters.items():
        for content in (email.text, email.html):
            assert "556036" not in content, name
            assert not re.search("allerg|specialkost|diet", content, re.IGNORECASE), name


def test_swedish_letters_are_right_in_every_part(app: Flask) -> None:
    email = letters_in("sv")["ticket"]
    assert "Åhaga, Åhagagatan 1, Borås" in email.text
    assert "Åhaga, Åhagagatan 1, Borås" in email.html
    assert "Välkommen fredag 5 mars kl. 11.30\N{EN DASH}13.00." in email.text
    assert 'lang="sv"' in email.html
    assert 'charset="utf-8"' in email.html


def test_english_letters_speak_english_and_lead_to_english_pages(app: Flask) -> None:
    email = letters_in("en")["ticket"]
    assert "You are registered for Friday lunch" in email.text
    assert 'lang="en"' in email.html
    assert f"{settings().base_url}/en/biljett/" in email.text
    assert [file.filename for file in email.attachments] == ["event.ics", "ticket.pdf"]


def test_a_colleague_without_an_own_address_is_not_called_you(app: Flask) -> None:
    letters = letters_in("sv")
    assert letters["ticket_under_the_bookers_address"].subject.startswith("Åsa Lind är anmäld: ")
    assert letters["queued_under_the_bookers_address"].subject.startswith("Åsa Lind står i kö: ")
    assert letters["seat_offered_under_the_bookers_address"].subject.startswith("En plats är ledig för Åsa Lind: ")


def test_a_colleague_with_an_own_address_reads_who_registered_them(app: Flask) -> None:
    letters = letters_in("sv")
    assert "Karin Åberg har anmält dig." in letters["ticket_of_a_colleague"].text
    assert "har anmält dig" not in letters["ticket"].text
    assert "har anmält dig" not in letters["ticket_under_the_bookers_address"].text


def test_the_booker_sees_the_others_and_a_colleague_sees_nobody(app: Flask) -> None:
    letters = letters_in("sv")
    assert "Bo Öberg har en plats" in letters["ticket"].text
    assert "Fler i din anmälan" not in letters["ticket_of_a_colleague"].text
    assert "booking-karin" in letters["ticket"].text
    assert "booking-karin" not in letters["ticket_of_a_colleague"].text
    assert "person-bo" in letters["ticket_of_a_colleague"].text


def test_an_offer_says_until_when(app: Flask) -> None:
    email = letters_in("sv")["seat_offered"]
    assert "Svara senast onsdag 3 mars kl. 14.00." in email.text
    assert "onsdag 3 mars kl. 14.00</strong>" in email.html


def test_those_who_never_had_a_seat_get_no_calendar_entry_to_remove(letters: dict[str, Email]) -> None:
    assert not letters["seat_cancelled_in_the_queue"].attachments
    assert not letters["event_cancelled_in_the_queue"].attachments
    assert [file.params["method"] for file in letters["seat_cancelled"].attachments] == ["CANCEL"]
    assert [file.params["method"] for file in letters["event_cancelled"].attachments] == ["CANCEL"]


# --- HTML ---------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.buttons = 0
        self.headings = 0
        self.words: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a":
            self.links.append(given["href"] or "")
            self.buttons += "button-link" in (given.get("class") or "")
        if tag == "img":
            self.pictures.append(given)
        self.headings += tag == "h1"


def test_every_link_begins_with_the_base_url(letters: dict[str, Email]) -> None:
    for name, email in letters.items():
        written = re.findall(r"https?://\S+", email.text)
        for address in [*_Page(email.html).links, *written]:
            kind = urlsplit(address).scheme
            assert address.startswith(f"{settings().base_url}/") or kind in ("mailto", "tel"), (name, address)


def test_a_letter_has_one_heading_and_at_most_one_button(letters: dict[str, Email]) -> None:
    for name, email in letters.items():
        page = _Page(email.html)
        assert page.headings == 1, name
        assert page.buttons <= 1, name


def test_html_is_below_30_kilobytes_and_loads_nothing_from_elsewhere(letters: dict[str, Email]) -> None:
    for name, email in letters.items():
        assert len(email.html.encode()) < 30_000, name
        assert not re.search(r"@@|url\(|<script|<link|@import", email.html), name
        shown = {picture["src"] for picture in _Page(email.html).pictures}
        assert shown == {f"cid:{picture.cid}" for picture in email.inline}, name
        assert all(picture["alt"] for picture in _Page(email.html).pictures), name


def test_dark_mode_and_phones_keep_their_rules(letters: dict[str, Email]) -> None:
    html = letters["ticket"].html
    assert "@media (prefers-color-scheme: dark)" in html
    assert ".ticket-qr { background-color: #ffffff !important; }" in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "\"quoted\" 'too' & more",
        "Anna\r\nBcc: all@foretag.se",
        "@@0@@ @@NAME@@",
        "%(name)s %s 100 %",
        "{{ 7*7 }} {% raw %}",
        "=?utf-8?b?SGVq?=",
        "a;b,c:d\\e",
    ],
)
def test_hostile_names_are_only_text(app: Flask, hostile: str) -> None:
    email = ticket_to(hostile, f"Lunch {hostile}")
    plain = " ".join(hostile.split())
    assert plain in " ".join(email.text.split())
    assert plain in email.subject
    assert "\n" not in email.subject
    assert "<script" not in email.html
    assert plain in " ".join(_words(email.html).split())


def _words(html: str) -> str:
    return "".join(_Page(html).words)
