"""What a reader says of an article: a look changes nothing, a press counts, once, and nobody's name is asked."""

from __future__ import annotations

import pytest
from flask import Flask

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.newsletters.issues.models import Article, IssueState
from eventsys.newsletters.responses.keys import EXAMPLE_KEY, new_reader_key
from eventsys.newsletters.responses.models import CommentState
from tests.newsletters.readers.scenes import link_of, make_article, make_issue, responses, say
from tests.public.reading import Read, everything_kept, followed
from tests.staff_fixtures import Visitor, visitor

COUNTED, ONCE = "Svaret är räknat", "Det nya svaret räknades inte"


@pytest.fixture
def article(app: Flask) -> Article:
    return make_article(make_issue(), "Väveriet bygger ut")


def test_a_look_shows_the_heading_and_two_buttons_and_changes_nothing(web: Visitor, article: Article) -> None:
    link, before = link_of(article), everything_kept()
    page = Read(web.get(link))
    assert page.status == 200
    assert "Väveriet bygger ut" in page.words
    pressed = {button.get("value"): button.text for button in page.tree.xpath("//main//button[@name='svar']")}
    assert pressed == {"ja": "Ja, användbar", "nej": "Nej"}
    assert web.head(link).status_code == 200
    assert everything_kept() == before


@pytest.mark.parametrize(("useful", "comment"), [(True, ""), (False, "För långt"), (True, "Två\nrader")])
def test_a_press_counts_with_the_day_and_nothing_else(
    web: Visitor, article: Article, useful: bool, comment: str
) -> None:
    answer = say(web, article, useful, comment)
    assert answer.status_code == 303
    assert COUNTED in Read(followed(web, answer)).words
    [kept] = responses()
    assert (kept.article_id, kept.is_useful, kept.comment) == (article.id, useful, comment)
    assert kept.state is (CommentState.NEW if comment else CommentState.NONE)
    assert kept.day == local(now()).date()


def test_a_link_counts_once_an_article_and_says_so(web: Visitor, article: Article) -> None:
    key = new_reader_key(article.issue_id or 0)
    other = make_article(article.issue, "En till")
    say(web, article, True, key=key)
    again = say(web, article, False, "Jag ångrar mig", key=key)
    assert again.status_code == 409
    assert ONCE in Read(again).words
    assert Read(again).title.startswith("Länken är redan använd")
    assert COUNTED in Read(web.get(link_of(article, key))).words, "a used link thanks"
    assert ONCE in Read(say(web, article, key=key.upper())).words, "some mail programs change the letters"
    assert say(web, other, key=key).status_code == 303
    assert say(visitor(web.application), article).status_code == 303, "another copy, another link"
    assert [one.is_useful for one in responses() if one.article_id == article.id] == [True, True]
    assert len(responses()) == 3


def test_a_press_without_cookies_token_or_script_counts(with_csrf: None, app: Flask, article: Article) -> None:
    bare = app.test_client(use_cookies=False)
    answer = bare.post(
        link_of(article), data={"svar": "ja"}, headers={"Origin": "null", "Referer": "https://webmail.example/"}
    )
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    assert "Set-Cookie" not in bare.get(answer.location).headers
    assert len(responses()) == 1


def test_neither_button_is_a_mistake_that_keeps_the_words(web: Visitor, article: Article) -> None:
    answer = web.post(link_of(article), data={"comment": "Mycket bra"})
    page = Read(answer)
    assert page.status == 422
    assert page.title.startswith("Fel:")
    assert "Välj ja eller nej." in page.words
    assert page.tree.xpath("//textarea")[0].text.strip() == "Mycket bra"
    assert responses() == []


def test_a_comment_has_room_for_two_thousand_characters_and_keeps_what_is_too_long(
    web: Visitor, article: Article
) -> None:
    fits, too_long = "å" * 1999 + "\r\n" + "ö" * 0, "ä" * 2001
    page = Read(say(web, article, comment=too_long))
    assert page.status == 422
    assert page.at_fields["comment"] == "Texten är 2001 tecken, högst 2000 får plats. Korta den."
    assert too_long in page.tree.xpath("//textarea")[0].text
    assert say(web, article, comment=fits).status_code == 303
    assert len(responses()[0].comment) == 1999


def test_a_comment_is_text_whatever_is_in_it(web: Visitor, article: Article) -> None:
    say(web, article, comment="<script>alert(1)</script>\x00\x07\u2028 slut\r\n\r\n\r\n  ")
    assert responses()[0].comment == "<script>alert(1)</script>    slut"


def forged(article: Article, other: Article) -> dict[str, str]:
    good = link_of(article)
    token, key = good.split("/")[-2:]
    return {
        "another issue's key": link_of(article, new_reader_key(other.issue_id or 0)),
        "another article's token": link_of(other, key),
        "no article": good.replace(token, "finns-inte"),
        "half a key": good[:-7],
        "a key made up": link_of(article, "a" * 32),
        "no letters": link_of(article, "%00%F0%9F%98%80"),
        "a very long key": link_of(article, "a" * 4000),
        "a key with å": link_of(article, "å" * 32),
    }


@pytest.mark.parametrize("kind", ["get", "post"])
def test_a_forged_link_opens_a_kind_page_and_counts_nothing(web: Visitor, article: Article, kind: str) -> None:
    other = make_article(make_issue(2025, 4))
    before = everything_kept()
    for what, path in forged(article, other).items():
        answer = web.open(path, method=kind.upper(), data={"svar": "ja"} if kind == "post" else None)
        assert answer.status_code == 404, what
        assert "Länken går inte att svara med" in answer.text, what
    assert everything_kept() == before


def test_an_article_that_left_its_issue_is_asked_about_no_more(web: Visitor, article: Article) -> None:
    link = link_of(article)
    with transaction():
        db.session.get_one(Article, article.id).issue_id = None
    assert web.post(link, data={"svar": "ja"}).status_code == 404


@pytest.mark.parametrize("what", ["example", "not out", "reworked"])
def test_preview_and_test_copies_thank_and_count_nothing(web: Visitor, article: Article, what: str) -> None:
    if what == "not out":
        article = make_article(make_issue(2026, 4, published_at=None, state=IssueState.SCHEDULED))
    elif what == "reworked":
        article = make_article(make_issue(2026, 4, state=IssueState.DRAFT))
    link = link_of(article, EXAMPLE_KEY if what == "example" else "")
    before = everything_kept()
    page = Read(web.get(link))
    assert "Det här är ett exempel" in page.words
    assert bool(page.tree.xpath("//main//a[@href='/foretagsamt/2026/4']")) is False
    done = Read(web.post(link, data={"svar": "nej", "comment": "Prov"}))
    assert done.status == 200
    assert "Svaret räknades inte" in done.words
    assert everything_kept() == before


@pytest.mark.parametrize(("lean", "primary"), [("ja", ["ja"]), ("nej", ["nej"]), ("", []), ("kanske", [])])
def test_the_link_may_put_one_answer_first_but_only_a_press_answers(
    web: Visitor, article: Article, lean: str, primary: list[str]
) -> None:
    page = Read(web.get(f"{link_of(article)}?svar={lean}"))
    assert page.tree.xpath("//button[@name='svar'][@class='button']/@value") == primary
    assert responses() == []


def test_the_page_says_what_becomes_of_the_answer_and_nobody_keeps_or_finds_it(web: Visitor, article: Article) -> None:
    answer = web.get(link_of(article))
    assert "allmänna handlingar" in answer.text
    assert "Skriv inga namn på personer" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert len(answer.data) < 8_000


def test_the_page_speaks_english_under_its_english_address(web: Visitor, article: Article) -> None:
    page = Read(web.get(f"/en{link_of(article)}"))
    assert "Was the article useful?" in page.words
    assert "public records" in page.words
    answer = web.post(f"/en{link_of(article)}", data={"svar": "ja"})
    assert answer.location.startswith("/en/foretagsamt/svar/")
    assert len(responses()) == 1


def test_answers_go_with_their_article(web: Visitor, article: Article) -> None:
    say(web, article, comment="Bra")
    with db.engine.begin() as connection:
        connection.execute(Article.__table__.delete())
    kept = everything_kept()
    assert kept["article_response"] == kept["article_used_link"] == []
