"""Programs that guard mailboxes open every link of a letter before anybody has read it. Nothing may come of that."""

from __future__ import annotations

import email
import re
from email import policy
from urllib.parse import urlsplit

import pytest
from flask import Flask
from lxml import html

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db
from eventsys.events.models import Event
from eventsys.i18n import link
from eventsys.mail.splice import Rendered, Splice, list_headers
from eventsys.newsletters import addresses
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.responses.keys import EXAMPLE_KEY, new_reader_key
from eventsys.newsletters.subscriptions.models import Reader
from tests.factories import make_event
from tests.newsletters.factories import make_reader
from tests.newsletters.readers.scenes import make_whole_issue
from tests.public.reading import everything_kept
from tests.staff_fixtures import Visitor, visitor

SCANNERS = (
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0) SafeLinks",
    "BarracudaCentral/1.0",
    "",
)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


@pytest.fixture
def reader(app: Flask) -> Reader:
    return make_reader("asa@vaveriet.example", name="Åsa Öberg")


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event(title="Fredagslunch om export")


@pytest.fixture
def issue(event: Event) -> Issue:
    return make_whole_issue(2026, 1, event)


def rendered(issue: Issue, event: Event) -> Rendered:
    """A letter with every address that an issue's letter may hold, as HTML and as text."""
    found = [
        f"@@{addresses.LEAVE}@@", f"@@{addresses.PREFERENCES}@@", addresses.issue_url(issue.year, issue.number),
        addresses.sign_up_url(), link("newsletters.show_archive"), link("newsletters.show_archive_feed"),
        link("events.show_calendar"), link("events.show_event", slug=event.slug),
        link("events.show_registration_form", slug=event.slug), link("events.show_event_calendar", slug=event.slug),
        link("privacy.show_privacy"),
    ]  # fmt: skip
    for article in issue.articles:
        answers = addresses.response_url(article.token)
        found += [answers, f"{answers}?svar=ja", f"{answers}?svar=nej"]
    pictures = [addresses.picture_url(article.picture.token) for article in issue.articles if article.picture]
    links = "".join(f'<p><a href="{one}">Länk</a></p>' for one in found)
    shown = "".join(f'<img src="{one}" alt="Bild">' for one in pictures)
    return Rendered(
        subject="Företagsamt", html=f"<html><body>{links}{shown}</body></html>", text="\n".join(found),
        tokens=addresses.TOKENS, headers=list_headers("foretagsamt.boras.example"),
    )  # fmt: skip


def letter_to(reader: Reader, letter: Rendered, key: str) -> str:
    """The letter as it lies in the reader's mailbox."""
    values = {
        addresses.LEAVE: addresses.leave_url(reader.token, FORETAGSAMT),
        addresses.PREFERENCES: addresses.preferences_url(reader.token),
        addresses.READER: key,
    }
    made = Splice(letter, settings().mail_from, "grans").message(reader.address, reader.name, "a@b", values, now())
    return made.decode()


def links_of(raw: str) -> list[str]:
    """Every address in the letter's HTML, text and headers, each once."""
    message = email.message_from_string(raw, policy=policy.default)
    found = _ADDRESS.findall(str(message["List-Unsubscribe"]))
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            found += _ADDRESS.findall(part.get_content())
        elif part.get_content_type() == "text/html":
            found += [str(one) for one in html.fromstring(part.get_content()).xpath("//@href | //@src")]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("copy", ["reader's", "example"])
def test_opening_every_link_of_a_letter_changes_no_row_of_any_table(
    app: Flask, issue: Issue, event: Event, reader: Reader, copy: str
) -> None:
    key = EXAMPLE_KEY if copy == "example" else new_reader_key(issue.id)
    links = links_of(letter_to(reader, rendered(issue, event), key))
    articles = len(issue.articles)
    assert len(links) == 11 + 3 * articles + 1
    assert not any("@@" in one for one in links)
    before = everything_kept()
    for scanner in SCANNERS:
        for one in links:
            _open(visitor(app), one, scanner)
            assert everything_kept() == before, f"{one} changed something"
    db.session.rollback()


def _open(web: Visitor, address: str, scanner: str) -> None:
    """HEAD and GET, as scanners do, and once more with the cookies they were given; nothing may break."""
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    for method in ("HEAD", "GET", "GET", "OPTIONS"):
        answer = web.open(path, method=method, headers={"User-Agent": scanner})
        assert answer.status_code < 500, f"{method} {address}"


def test_the_links_of_this_part_are_all_there(app: Flask, issue: Issue, event: Event, reader: Reader) -> None:
    links = links_of(letter_to(reader, rendered(issue, event), new_reader_key(issue.id)))
    ours = [one for one in links if "/foretagsamt" in one]
    assert len(ours) == 3 + 3 * len(issue.articles)
    for one in ours:
        assert visitor(app).get(urlsplit(one).path).status_code == 200, one
