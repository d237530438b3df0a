"""What an article says: its texts kept as forms send them, sanitised, and what is missing before it can be printed.

Everything that the letter would say differently happens under the issue's lock and raises its version. Locks are taken
issue first (the lower id first), then the article.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.models import Event, EventState
from eventsys.i18n import number
from eventsys.newsletters.issues import sanitising
from eventsys.newsletters.issues.changing import editable_issue, note_change
from eventsys.newsletters.issues.models import Article, ArticleKind, ArticleState, Issue
from eventsys.overwriting import mark_of, refuse_overwriting

LONGEST_HEADING, LONGEST_LEAD, LONGEST_LINK_TEXT, LONGEST_ALT, LONGEST_BUYER = 200, 600, 80, 300, 120
LONGEST_BODY = 60_000
MOST_MARKUP = 10
"""So many times longer than the text it leaves may be what an office program pastes."""
"""Characters of the sanitised HTML."""
LONGEST_NOTE = 4000
UNPRINTED = frozenset({"note", "owner_id"})
"""Columns that the letter says nothing of: changing them leaves an approval as it is."""


class Unfit(Refused):
    """A text is too long, or no address. `field` is the column."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class NotReady(Refused):
    """Something is missing before the article can be ready. `field` is the column where it is missing."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class MovedMeanwhile(Refused):
    """The article is on another issue now than when it was looked up."""


@dataclass(frozen=True)
class Content:
    """What a form says of an article; the fields are its columns."""

    state: ArticleState = ArticleState.DRAFT
    owner_id: int | None = None
    heading: str = ""
    lead: str = ""
    body: str = ""
    note: str = ""
    link_url: str = ""
    link_text: str = ""
    alt: str = ""
    event_id: int | None = None
    buyer: str = ""
    last_day: date | None = None


FIELDS = tuple(Content.__dataclass_fields__)


def content_of(article: Article) -> dict[str, Any]:
    """What is kept of an article, by column, as `mark_of` and `save_article` see it."""
    return {name: getattr(article, name) for name in FIELDS}


def seen_mark(article: Article) -> str:
    """What a page that shows the article carries, so that nobody overwrites what it has not shown."""
    return mark_of(content_of(article))


def save_article(article_id: int, content: Content, seen: str, account_id: int | None, at: datetime) -> Article:
    """Keep what a form says, sanitised. `seen` is `seen_mark` of the article that the page showed.

    Choosing an event fills heading and lead where they are empty. Raises NotFound, NotEditable, Unfit, NotReady,
    MovedMeanwhile, ChangedMeanwhile. Flushes, does not commit.
    """
    article, issue = locked_article(article_id)
    saved, wanted = content_of(article), asdict(_filled_in(article, _sanitised(content)))
    refuse_overwriting(saved, wanted, seen)
    changed = [name for name in FIELDS if saved[name] != wanted[name]]
    for name in changed:
        setattr(article, name, wanted[name])
    if article.state is ArticleState.READY:
        refuse_unready(article)
    if changed:
        article.version, article.changed_at = article.version + 1, at
        if issue is not None and not UNPRINTED.issuperset(changed):
            note_change(issue, account_id, at)
    db.session.flush()
    return article


def _sanitised(content: Content) -> Content:
    """Raises Unfit. A text that is far too long is refused before it is looked into."""
    _refuse_long("body", "Texten", content.body, LONGEST_BODY, MOST_MARKUP * LONGEST_BODY)
    clean = replace(
        content,
        heading=sanitising.line(content.heading),
        lead=sanitising.line(content.lead),
        body=sanitising.clean_html(content.body),
        link_url=sanitising.web_address(content.link_url) or "",
        link_text=sanitising.line(content.link_text),
        alt=sanitising.line(content.alt),
        buyer=sanitising.line(content.buyer),
    )
    if content.link_url.strip() and not clean.link_url:
        raise Unfit("link_url", "Skriv hela adressen, till exempel https://www.boras.se. Högst 500 tecken.")
    for name, what, most in (
        ("heading", "Rubriken", LONGEST_HEADING), ("lead", "Ingressen", LONGEST_LEAD), ("body", "Texten", LONGEST_BODY),
        ("link_text", "Länktexten", LONGEST_LINK_TEXT), ("alt", "Beskrivningen", LONGEST_ALT),
        ("buyer", "Namnet", LONGEST_BUYER), ("note", "Anteckningen", LONGEST_NOTE),
    ):  # fmt: skip
        _refuse_long(name, what, getattr(clean, name), most)
    return clean


def _refuse_long(field: str, what: str, text: str, most: int, really: int = 0) -> None:
    """Say what fits (`most`), from `really` characters on."""
    if len(text) > (really or most):
        counted = "med formatering " if field == "body" else ""
        advice = "Korta den, eller dela upp den i flera artiklar." if field == "body" else "Korta den."
        length = f"{counted}{number(len(text))}"
        raise Unfit(field, f"{what} är {length} tecken, högst {number(most)} får plats. {advice}")


def _filled_in(article: Article, content: Content) -> Content:
    """An event that was just chosen gives its words where there are none yet."""
    if content.event_id is None or article.kind is not ArticleKind.EVENT:
        return replace(content, event_id=None)
    event = db.session.get(Event, content.event_id)
    if event is None or event.state is EventState.DRAFT:
        return replace(content, event_id=None)
    if content.event_id == article.event_id:
        return content
    heading = content.heading or sanitising.line(event.title)[:LONGEST_HEADING]
    return replace(content, heading=heading, lead=content.lead or sanitising.line(event.summary)[:LONGEST_LEAD])


def refuse_unready(article: Article) -> None:
    """Raises NotReady with what is missing before the article can be printed."""
    for field, text in missing_in(article):
        raise NotReady(field, f"{text} Annars är artikeln inte klar.")


def missing_in(article: Article) -> Sequence[tuple[str, str]]:
    """(column, what to do) for everything that is missing before the article can be printed."""
    lacks = []
    if not article.heading:
        lacks.append(("heading", "Skriv en rubrik."))
    if article.kind is ArticleKind.ARTICLE and not (article.lead or article.body):
        lacks.append(("lead", "Skriv en ingress eller en text."))
    if article.kind is ArticleKind.EVENT and article.event_id is None:
        lacks.append(("event_id", "Välj ett evenemang."))
    if article.kind is ArticleKind.PROCUREMENT and not article.buyer:
        lacks.append(("buyer", "Skriv vem som köper."))
    if article.kind is ArticleKind.PROCUREMENT and article.last_day is None:
        lacks.append(("last_day", "Skriv sista dag för anbud."))
    if article.picture_id is not None and not article.alt:
        lacks.append(("alt", "Beskriv vad bilden visar, för den som inte ser den."))
    return lacks


def locked_article(article_id: int) -> tuple[Article, Issue | None]:
    """The article and its issue, both kept from others' changes. Raises NotFound, NotEditable, MovedMeanwhile."""
    found = db.session.execute(select(Article.issue_id).where(Article.id == article_id)).one_or_none()
    if found is None:
        raise NotFound
    issue = editable_issue(found.issue_id) if found.issue_id is not None else None
    article = db.session.scalar(
        select(Article).where(Article.id == article_id).with_for_update(key_share=True, of=Article)
    )
    if article is None:
        raise NotFound
    if article.issue_id != found.issue_id:
        raise MovedMeanwhile("Någon har just flyttat artikeln till ett annat nummer. Ladda om sidan.")
    return article, issue
