"""Staff read comments, set some aside, take that back; and see what readers thought of each article."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.newsletters.issues import placing
from eventsys.newsletters.issues.models import Article, Issue, IssueState
from eventsys.newsletters.responses.figures import Useful, useful_by_article
from eventsys.newsletters.responses.models import CommentState
from eventsys.newsletters.responses.moderating import move_comments
from eventsys.newsletters.responses.queries import COMMENTS_A_PAGE
from eventsys.staff.models import Role
from tests.desk.scenes import QueryCounter, reads
from tests.newsletters.readers.scenes import ago, make_article, make_issue, responses, say
from tests.public.reading import Read, everything_kept, followed
from tests.staff_fixtures import Visitor, new_account, visitor_as

PAGE = "/personal/nyhetsbrev/svar"
NEW, READ, HIDDEN = CommentState.NEW, CommentState.READ, CommentState.HIDDEN


@pytest.fixture
def issue(app: Flask) -> Issue:
    return make_issue(2026, 1)


@pytest.fixture
def article(issue: Issue) -> Article:
    return make_article(issue, "Väveriet bygger ut")


def comments(state: CommentState) -> list[str]:
    return sorted(one.comment for one in responses() if one.state is state)


def id_of(comment: str) -> int:
    return next(one.id for one in responses() if one.comment == comment)


def shown(page: Read) -> list[str]:
    return sorted(element.text for element in page.tree.xpath("//*[contains(@class, 'comments')]//p[@class='words']"))


def press(writer: Visitor, what: str, *chosen: str, was: str = "nya") -> Read:
    sent = {"gor": what, "fran": was, "ids": [str(id_of(comment)) for comment in chosen]}
    return Read(followed(writer, writer.post(PAGE, data=sent)))


def undo(writer: Visitor, page: Read) -> Read:
    [form] = page.tree.xpath("//form[.//input[@name='angra']]")
    sent: dict[str, list[str]] = {}
    for field in form.xpath(".//input[@type='hidden'] | .//button"):
        sent.setdefault(field.get("name"), []).append(field.get("value"))
    return Read(followed(writer, writer.post(PAGE, data=sent)))


# --- reading them -------------------------------------------------------------------------------------------------


def test_new_comments_come_first_and_answers_without_words_do_not_come_at_all(
    web: Visitor, writer: Visitor, article: Article
) -> None:
    say(web, article)
    say(web, article, comment="Bra")
    say(web, article, False, "För långt")
    page = Read(writer.get(PAGE))
    assert shown(page) == ["Bra", "För långt"]
    assert "Väveriet bygger ut" in page.words
    assert "Inte användbar" in page.words
    chips = [link.text.strip() for link in page.tree.xpath("//nav[@class='chips']/a")]
    assert chips == ["Nya 2", "Lästa 0", "Dolda 0"]


@pytest.mark.parametrize(
    ("shown_as", "words"),
    [("nya", "Inga nya kommentarer"), ("lasta", "Inga lästa"), ("dolda", "Inga dolda"), ("vad", "Inga nya")],
)
def test_every_list_has_words_when_it_is_empty(writer: Visitor, shown_as: str, words: str) -> None:
    assert words in Read(writer.get(f"{PAGE}?visa={shown_as}")).words


def test_several_are_read_at_once_and_that_is_taken_back(web: Visitor, writer: Visitor, article: Article) -> None:
    for words in ("Ett", "Två", "Tre"):
        say(web, article, comment=words)
    page = press(writer, "lasta", "Ett", "Två")
    assert comments(READ) == ["Ett", "Två"]
    assert "2 kommentarer är lästa." in page.words
    back = undo(writer, page)
    assert "Ångrat. 2 kommentarer är nya." in back.words
    assert comments(NEW) == ["Ett", "Tre", "Två"]


def test_one_is_set_aside_by_its_own_button_and_stays_out_of_the_result(
    web: Visitor, writer: Visitor, issue: Issue, article: Article
) -> None:
    say(web, article, comment="Åsa på banken är oförskämd")
    say(web, article, comment="Bra")
    answer = writer.post(PAGE, data={"gor": f"dolda.{id_of('Åsa på banken är oförskämd')}", "fran": "nya"})
    assert "1 kommentar är dold." in Read(followed(writer, answer)).words
    result = writer.get(f"/personal/nyhetsbrev/nummer/{issue.id}/svar").text
    assert "banken" not in result
    assert "1 dold" in result
    assert shown(Read(writer.get(f"{PAGE}?visa=dolda"))) == ["Åsa på banken är oförskämd"]
    press(writer, "lasta", "Åsa på banken är oförskämd", was="dolda")
    assert comments(HIDDEN) == []


def test_undo_leaves_alone_what_a_colleague_did_meanwhile(web: Visitor, writer: Visitor, article: Article) -> None:
    for words in ("Ett", "Två"):
        say(web, article, comment=words)
    with transaction():
        move_comments([id_of("Ett")], NEW, HIDDEN)
    page = press(writer, "dolda", "Ett", "Två")
    assert "1 kommentar är dold." in page.words, "only what this press moved"
    undo(writer, page)
    assert (comments(HIDDEN), comments(NEW)) == (["Ett"], ["Två"])


def test_pressing_late_says_that_a_colleague_was_first(web: Visitor, writer: Visitor, article: Article) -> None:
    say(web, article, comment="Ett")
    press(writer, "lasta", "Ett")
    assert "En kollega hann före." in press(writer, "lasta", "Ett").words


@pytest.mark.parametrize(
    "sent",
    [
        {"gor": "lasta", "fran": "nya"}, {"gor": "", "fran": "nya", "ids": "1"}, {"gor": "lasta", "ids": "1"},
        {"gor": "lasta", "fran": "nya", "ids": "ett"}, {"gor": "none.1", "fran": "nya"},
        {"gor": "lasta.x", "fran": "nya"},
    ],
)  # fmt: skip
def test_a_press_without_anything_chosen_says_what_to_do(writer: Visitor, sent: dict[str, str]) -> None:
    before = everything_kept()
    assert "Markera minst en kommentar först." in Read(followed(writer, writer.post(PAGE, data=sent))).words
    assert everything_kept() == before


def test_answers_without_words_are_never_moved(web: Visitor, writer: Visitor, article: Article) -> None:
    say(web, article)
    writer.post(PAGE, data={"gor": f"lasta.{responses()[0].id}", "fran": "nya"})
    assert responses()[0].state is CommentState.NONE
    with pytest.raises(ValueError, match="no comment"):
        move_comments([responses()[0].id], CommentState.NONE, READ)


def test_what_was_done_is_noted_by_article_without_a_word_of_the_comments(
    web: Visitor, writer: Visitor, issue: Issue, article: Article
) -> None:
    other = make_article(issue, "En till")
    for each, words in ((article, "Ett"), (article, "Två"), (other, "Tre")):
        say(web, each, comment=words)
    press(writer, "lasta", "Ett", "Två", "Tre")
    entries = db.session.execute(
        select(AuditEntry).where(AuditEntry.action == "comments.read").order_by(AuditEntry.id)
    ).scalars()
    assert [(one.actor.split(" <")[0], one.subject, one.detail) for one in entries] == [
        ("Elin Skriver", f"article:{article.id}", {"comments": 2}),
        ("Elin Skriver", f"article:{other.id}", {"comments": 1}),
    ]


def test_long_lists_come_in_pages_that_keep_the_filter(web: Visitor, writer: Visitor, article: Article) -> None:
    for number in range(COMMENTS_A_PAGE + 1):
        say(web, article, comment=f"Tanke {number}")
    first = Read(writer.get(f"{PAGE}?visa=nya"))
    assert len(shown(first)) == COMMENTS_A_PAGE
    [following] = first.tree.xpath("//a[@rel='next']/@href")
    assert parse_qs(urlsplit(following).query) == {"visa": ["nya"], "sida": ["2"]}
    assert len(shown(Read(writer.get(following)))) == 1
    assert len(shown(Read(writer.get(f"{PAGE}?sida=99")))) == 1, "past the end is the last page"
    assert len(shown(Read(writer.get(f"{PAGE}?sida=-3")))) == COMMENTS_A_PAGE


@pytest.mark.parametrize("role", [Role.HOST, Role.CO_ORGANISER])
def test_comments_are_for_those_who_write(app: Flask, issue: Issue, role: Role) -> None:
    client = visitor_as(app, new_account(role))
    for path in (PAGE, f"/personal/nyhetsbrev/nummer/{issue.id}/svar"):
        assert client.get(path).status_code == 403
    assert client.post(PAGE, data={"gor": "lasta", "fran": "nya", "ids": "1"}).status_code == 403


# --- what they thought of each article ----------------------------------------------------------------------------


def test_figures_count_by_article_and_give_a_share_only_when_enough_have_answered(
    app: Flask, web: Visitor, issue: Issue, article: Article
) -> None:
    few, none = make_article(issue, "Få svar"), make_article(issue, "Inga svar")
    for number in range(8):
        say(web, article, number != 0, "Ord" if number == 1 else "")
    for _each in range(6):
        say(web, few)
    say(web, make_article(make_issue(2025, 4)))
    with transaction():
        move_comments([id_of("Ord")], NEW, HIDDEN)
    found = useful_by_article([issue.id])
    assert found == {article.id: Useful(yes=7, no=1, hidden=1), few.id: Useful(yes=6)}
    assert (found[article.id].share, found[few.id].share) == (88, None), "87.5 rounds up"
    assert none.id not in found
    assert useful_by_article([]) == {}


def test_the_result_shows_counts_always_and_a_star_for_a_share_of_few(
    web: Visitor, writer: Visitor, issue: Issue, article: Article
) -> None:
    few = make_article(issue, "Få svar")
    make_article(issue, "Inga svar")
    for _each in range(7):
        say(web, article)
    say(web, few, False, "Saknar datum")
    page = Read(writer.get(f"/personal/nyhetsbrev/nummer/{issue.id}/svar"))
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in page.tree.xpath("//tbody/tr")]
    assert rows == [
        ["Väveriet bygger ut", "7", "0", "7", "100 %", "0"],
        ["Få svar", "0", "1", "1", "*", "1"],
        ["Inga svar", "0", "0", "0", "–", "0"],
    ]
    assert "Saknar datum" in page.words


@pytest.mark.parametrize(
    ("published", "words"), [(True, "Inga svar än"), (False, "Numret har inte skickats än")]
)  # fmt: skip
def test_a_result_without_answers_says_why(writer: Visitor, published: bool, words: str) -> None:
    issue = make_issue(**({} if published else {"published_at": None}))
    assert words in Read(writer.get(f"/personal/nyhetsbrev/nummer/{issue.id}/svar")).words
    assert writer.get(f"/personal/nyhetsbrev/nummer/{issue.id + 1}/svar").status_code == 404


@pytest.mark.parametrize(
    "place", [placing.remove_article, lambda *given: placing.place_article(given[0], None, *given[1:])]
)
def test_no_article_is_thrown_away_with_its_answers(
    web: Visitor, issue: Issue, article: Article, place: Callable[..., object]
) -> None:
    say(web, article)
    rework(issue)
    with pytest.raises(placing.WasSent, match="Skriv om den"), transaction():
        place(article.id, None, now())
    assert len(responses()) == 1


def test_of_an_issue_that_was_sent_only_what_was_added_since_is_thrown_away(issue: Issue) -> None:
    article = make_article(issue, created_at=ago(days=9))
    rework(issue)
    added = make_article(issue, "Fel artikel")
    with pytest.raises(placing.WasSent), transaction():
        placing.remove_article(article.id, None, now())
    with transaction():
        placing.remove_article(added.id, None, now())


def rework(issue: Issue) -> None:
    """Its mailing was stopped, and it is a draft again."""
    with transaction():
        db.session.get_one(Issue, issue.id).state = IssueState.DRAFT


def test_staff_pages_cost_the_same_number_of_queries_however_many_answers(
    web: Visitor, writer: Visitor, issue: Issue, article: Article, count_queries: QueryCounter
) -> None:
    say(web, article, comment="Ett")
    pages = (PAGE, f"/personal/nyhetsbrev/nummer/{issue.id}/svar")
    before = [_cost(writer, path, count_queries) for path in pages]
    for number in range(12):
        say(web, make_article(issue), comment=f"Tanke {number}")
    assert [_cost(writer, path, count_queries) for path in pages] == before
    assert max(before) <= 6


def _cost(writer: Visitor, path: str, count_queries: QueryCounter) -> int:
    with count_queries() as statements:
        assert writer.get(path).status_code == 200
    return len(reads(statements))


def test_the_year_plan_shows_what_readers_thought_of_each_article(
    web: Visitor, writer: Visitor, issue: Issue, article: Article
) -> None:
    make_article(issue, "Inga svar")
    for _each in range(7):
        say(web, article)
    page = Read(writer.get(f"/personal/nyhetsbrev?ar={issue.year}"))
    [said] = page.tree.xpath("//li//a[contains(., 'nej')]")
    assert said.text == "7 ja, 0 nej"
    assert said.get("href") == f"/personal/nyhetsbrev/nummer/{issue.id}/svar"
    assert "100 % användbar" in page.words
