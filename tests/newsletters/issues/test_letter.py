"""The finished letter: parsed by the standard library, spliced for a reader, and the same as yesterday."""

from __future__ import annotations

import email
import email.policy
import os
import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.models import Delivery
from eventsys.mail.splice import Rendered, Splice
from eventsys.newsletters.issues import trying
from eventsys.newsletters.issues.models import ArticleKind, Issue
from eventsys.newsletters.issues.queries import issue_by_id
from eventsys.newsletters.issues.rendering import letter_of
from eventsys.newsletters.issues.trying import NobodyToTest, send_test, try_letter, with_examples
from eventsys.staff.models import Role
from tests.factories import make_event, make_series
from tests.newsletters.issues.scenes import make_article, make_issue, make_picture
from tests.staff_fixtures import new_account, see_anew

A_MONDAY_IN_FEBRUARY = datetime(2027, 2, 1, 8, tzinfo=UTC)
SNAPSHOT = Path(__file__).parent / "snapshots" / "issue.txt"
VALUES = {
    "LEAVE": "https://event.example/avsluta/abc?brev=foretagsamt", "PREFERENCES": "https://event.example/nyhetsbrev/val/abc",
    "READER": "k" * 32,
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_february():
    with time_machine.travel(A_MONDAY_IN_FEBRUARY, tick=False):
        yield


def whole_issue() -> Issue:
    """Every kind of article."""
    issue = make_issue()
    series = make_series(slug="fredagslunch", name="Fredagslunch")
    lunch = make_event(
        series=series, slug="lunch", title="Fredagslunch om ull", starts_at=datetime(2027, 3, 12, 11, 30, tzinfo=UTC)
    )
    make_event(series=series, slug="kurs", title="Anbudsskola", starts_at=datetime(2027, 4, 6, 7, tzinfo=UTC))
    make_event(series=series, slug="hemlig", title="Sluten krets", by_invitation=True)
    make_article(
        issue, token="ett", heading="Åhaga fylls den 12 maj", lead="Sju hundra platser.", picture_id=make_picture().id,
        alt="Människor vid ett långbord", link_url="https://www.boras.se/dagen?a=1&b=2", link_text="Läs programmet",
        body='<p>Först.</p><h3>Sedan</h3><ul><li>Ett</li></ul><p><a href="https://boras.example/å">Här</a></p>',
    )  # fmt: skip
    make_article(
        issue, token="tva", kind=ArticleKind.EVENT, heading="Lunch om ull", lead="", body="", event_id=lunch.id
    )  # fmt: skip
    make_article(
        issue, token="tre", kind=ArticleKind.PROCUREMENT, heading="Skolskjutsar", lead="Vi söker bussar.", body="",
        buyer="Borås Stad", last_day=date(2027, 4, 12), link_url="https://www.boras.se/u",
    )  # fmt: skip
    make_article(issue, token="fyra", kind=ArticleKind.EVENT_LIST, heading="På gång", lead="", body="")
    return issue_by_id(issue.id)


def received(letter: Rendered) -> email.message.EmailMessage:
    """What a reader's program makes of it."""
    splice = Splice(letter, "Näringslivsenheten <naringsliv@boras.example>", letter.sha256[:24])
    raw = splice.message("åsa@foretag.example", "Åsa Ek", "id@boras.example", VALUES, now())
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


def part(message: email.message.EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


class Structure(HTMLParser):
    """Elements that are open when the letter ends, links and pictures."""

    VOID = ("meta", "br", "img", "link", "hr", "base")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag == "img":
            self.images.append(given)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_letter_says_the_same_as_in_its_snapshot(app: Flask) -> None:
    """A change of text is wanted? Run with WRITE_SNAPSHOTS=1, and read the difference before keeping it."""
    letter = letter_of(whole_issue())
    text = re.sub(r"/bild/\S+", "/bild/TOKEN", f"Subject: {letter.subject}\n\n{letter.text}")
    if os.environ.get("WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert text == SNAPSHOT.read_text(encoding="utf-8")


def test_a_reader_gets_whole_html_with_their_own_links(app: Flask) -> None:
    message = received(letter_of(whole_issue()))
    found = Structure(part(message, "html"))
    assert found.open == []
    assert VALUES["LEAVE"] in found.links
    assert VALUES["PREFERENCES"] in found.links
    answers = [link for link in found.links if "/foretagsamt/svar/" in link]
    assert answers == [f"http://127.0.0.1:8000/foretagsamt/svar/{token}/{'k' * 32}" for token in ("ett", "tva", "tre")]
    assert "http://127.0.0.1:8000/foretagsamt/2027/1" in found.links
    assert "https://www.boras.se/dagen?a=1&b=2" in found.links
    assert "@@" not in part(message, "html") + part(message, "plain")
    assert all(link.startswith(("http://", "https://", "mailto:")) for link in found.links)


def test_tokens_stand_whole_in_the_links(app: Flask) -> None:
    letter = letter_of(whole_issue())
    assert 'href="@@LEAVE@@"' in letter.html
    assert 'href="@@PREFERENCES@@"' in letter.html
    assert letter.html.count("@@READER@@") == 3


def test_headers_let_one_leave_with_one_click(app: Flask) -> None:
    message = received(letter_of(whole_issue()))
    assert message["List-Unsubscribe"] == f"<{VALUES['LEAVE']}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "<foretagsamt.127.0.0.1>"
    assert message["Subject"] == "Ny mässa i Borås och tre upphandlingar"


def test_pictures_have_size_and_description(app: Flask) -> None:
    (image,) = Structure(letter_of(whole_issue()).html).images
    assert (image["width"], image["height"], image["alt"]) == ("536", "357", "Människor vid ett långbord")
    assert str(image["src"]).startswith("http://127.0.0.1:8000/bild/")


def test_the_calendar_is_drawn_from_the_day_of_sending_without_what_is_for_the_invited(app: Flask) -> None:
    text = letter_of(whole_issue()).text
    assert "Fredag 12 mars kl. 12.30" in text
    assert "Anbudsskola" in text
    assert "Sluten krets" not in text


def test_contents_stand_first_when_there_are_three_articles(app: Flask) -> None:
    assert "I det här numret" in letter_of(issue_by_id(make_issue(articles=3).id)).html
    assert "I det här numret" not in letter_of(issue_by_id(make_issue(articles=2, number=2).id)).html


def test_equal_rows_give_equal_bytes(app: Flask) -> None:
    issue = whole_issue()
    first = letter_of(issue).to_bytes()
    see_anew()
    assert letter_of(issue_by_id(issue.id)).to_bytes() == first


def test_companies_read_why_they_get_it(app: Flask) -> None:
    issue = make_issue(articles=1, audience="companies")
    assert "ditt företag finns i vårt register" in letter_of(issue_by_id(issue.id)).text


def test_words_of_an_event_cannot_be_tokens(app: Flask) -> None:
    issue = make_issue()
    event = make_event(title="@@LEAVE@@", place="@@READER@@", starts_at=now() + timedelta(days=90))
    make_article(issue, kind=ArticleKind.EVENT, event_id=event.id)
    make_article(issue, kind=ArticleKind.EVENT_LIST)
    letter = letter_of(issue_by_id(issue.id))
    assert letter.html.count("@@LEAVE@@") == 1
    assert letter.text.count("@@LEAVE@@") == 1
    assert letter.html.count("@@READER@@") == 1


def test_the_letter_costs_the_same_number_of_queries_however_many_articles(app: Flask, count_queries) -> None:
    small, large = make_issue(number=1), make_issue(number=2)
    for issue, number in ((small, 2), (large, 12)):
        for _ in range(number):
            make_article(issue, kind=ArticleKind.EVENT, event_id=make_event().id, picture_id=make_picture().id)
        make_article(issue, kind=ArticleKind.EVENT_LIST)
    see_anew()
    with count_queries() as few:
        letter_of(issue_by_id(small.id))
    see_anew()
    with count_queries() as many:
        letter_of(issue_by_id(large.id))
    assert len(many) == len(few)


# --- examples and tests -------------------------------------------------------------------------------------------


def test_an_example_has_no_personal_link(app: Flask) -> None:
    shown = with_examples(letter_of(whole_issue()))
    assert "@@" not in shown.html + shown.text
    assert "/avsluta/" not in shown.html
    assert "/foretagsamt/svar/" not in shown.html
    assert "http://127.0.0.1:8000/personal/nyhetsbrev/exempel?lank=svar" in shown.html


def test_a_test_letter_goes_to_chosen_colleagues_once_and_says_that_it_is_a_test(app: Flask) -> None:
    me, other = new_account(Role.EDITOR, email="jag@boras.example"), new_account(Role.HOST)
    issue = make_issue(articles=1)
    for expected in (1, 0):
        with transaction():
            assert send_test(issue.id, [me.id, other.id, 99_999], now()) == expected
    (delivery,) = db.session.query(Delivery).all()
    assert (delivery.address, delivery.letter) == ("jag@boras.example", trying.TEST_LETTER)
    assert try_letter(issue_by_id(issue.id)).subject == "Provbrev: Ny mässa i Borås och tre upphandlingar"
    assert trying.LETTERS[trying.TEST_LETTER].build(delivery).subject.startswith("Provbrev: ")
    with pytest.raises(NobodyToTest), transaction():
        send_test(issue.id, [other.id], now())
