"""What an article says in the letter: its words, picture, facts and link. The archive shows the same in its own way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from babel.dates import format_date
from sqlalchemy import select

from eventsys.clock import from_local, local, now
from eventsys.database import db
from eventsys.events.models import Event, EventState, Series
from eventsys.i18n import day, link, period, short_day
from eventsys.newsletters.addresses import picture_url
from eventsys.newsletters.issues.models import Article, ArticleKind, Issue
from eventsys.newsletters.issues.sanitising import harmless

MOST_EVENTS = 6
"""How many events an event list shows."""
COLUMN = 536
"""The width of a picture in the letter, in CSS pixels."""
_LINK_WORDS = {
    ArticleKind.ARTICLE: "Läs mer",
    ArticleKind.EVENT: "Läs mer och anmäl dig",
    ArticleKind.EVENT_LIST: "Se hela kalendern",
    ArticleKind.PROCUREMENT: "Läs om upphandlingen",
}


@dataclass(frozen=True)
class ShownPicture:
    """A picture as it stands in a text, `width` CSS pixels wide; `alt` says what it shows."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class ListedEvent:
    """A line of an event list."""

    url: str
    title: str
    when: str
    where: str


@dataclass(frozen=True)
class ShownArticle:
    """An article ready to be shown. `body` is sanitised HTML; everything else is text."""

    id: int
    token: str
    kind: ArticleKind
    heading: str
    lead: str
    body: str
    picture: ShownPicture | None
    facts: Sequence[tuple[str, str]]
    events: Sequence[ListedEvent]
    link_url: str
    link_text: str

    @property
    def asks_readers(self) -> bool:
        """Whether readers are asked if it was useful."""
        return self.kind is not ArticleKind.EVENT_LIST


def shown_issue(issue: Issue) -> list[ShownArticle]:
    """The issue's articles in order. Events are read in two queries at most, however many there are."""
    return shown_articles(issue.articles, drawn_at(issue))


def shown_articles(articles: Iterable[Article], at: datetime) -> list[ShownArticle]:
    """These articles in order; event lists hold what is on after `at`."""
    given = list(articles)
    events = events_of(given)
    has_list = any(one.kind is ArticleKind.EVENT_LIST for one in given)
    listed = listed_events(at) if has_list else []
    return [_shown(one, events, listed) for one in given]


def drawn_at(issue: Issue) -> datetime:
    """From when on events are drawn for the issue: the planned day, or now when that has come."""
    planned = from_local(datetime.combine(issue.send_on, time())) if issue.send_on else now()
    return max(planned, now())


def events_of(articles: Iterable[Article]) -> dict[int, Event]:
    """The events that articles are about, by id. One query, or none."""
    wanted = {one.event_id for one in articles if one.event_id is not None}
    if not wanted:
        return {}
    return {event.id: event for event in db.session.scalars(select(Event).where(Event.id.in_(wanted)))}


def listed_events(at: datetime) -> list[ListedEvent]:
    """The next published events of public series that begin after `at`, those by invitation left out."""
    query = (
        select(Event)
        .join(Event.series)
        .where(Event.state == EventState.PUBLISHED, Event.starts_at > at, Series.public.is_(True))
        .where(Event.by_invitation.is_(False))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_EVENTS)
    )
    return [_listed(event) for event in db.session.scalars(query)]


def _listed(event: Event) -> ListedEvent:
    return ListedEvent(
        link("events.show_event", slug=event.slug),
        harmless(event.title),
        _soon(event.starts_at),
        harmless(event.place),
    )


def _soon(when: datetime) -> str:
    """`måndag 29 mars kl. 12.30`, without the year: what is listed is on next."""
    return f"{format_date(local(when).date(), 'EEEE d MMMM', locale='sv_SE')} kl. {local(when):%H.%M}"


def _shown(article: Article, events: Mapping[int, Event], listed: Sequence[ListedEvent]) -> ShownArticle:
    url, words = _link_of(article, events)
    return ShownArticle(
        id=article.id,
        token=article.token,
        kind=article.kind,
        heading=harmless(article.heading),
        lead=harmless(article.lead),
        body=harmless(article.body),
        picture=shown_picture(article),
        facts=article_facts(article, events),
        events=listed if article.kind is ArticleKind.EVENT_LIST else (),
        link_url=url,
        link_text=words,
    )


def shown_picture(article: Article, column: int = COLUMN) -> ShownPicture | None:
    """The article's picture at most `column` CSS pixels wide, or None."""
    picture = article.picture
    if picture is None:
        return None
    width = min(column, picture.width)
    height = max(1, round(picture.height * width / picture.width))
    return ShownPicture(picture_url(picture.token), width, height, harmless(article.alt))


def article_facts(article: Article, events: Mapping[int, Event] | None = None) -> list[tuple[str, str]]:
    """(term, value) in Swedish: when and where of an event, buyer and last day of a procurement; [] for others.

    `events` are those read already, by id; without them the article's event is read.
    """
    if article.kind is ArticleKind.PROCUREMENT:
        last = [("Sista dag för anbud", day(article.last_day))] if article.last_day else []
        return [("Köpare", harmless(article.buyer)), *last] if article.buyer else last
    event = _event_of(article, events)
    return event_facts(event) if event is not None else []


def _event_of(article: Article, events: Mapping[int, Event] | None) -> Event | None:
    if article.kind is not ArticleKind.EVENT or article.event_id is None:
        return None
    return db.session.get(Event, article.event_id) if events is None else events.get(article.event_id)


def event_facts(event: Event) -> list[tuple[str, str]]:
    """(term, value) in Swedish: when, where, what it costs, the last day."""
    facts = [
        ("När", period(event.starts_at, event.ends_at)),
        ("Var", harmless(", ".join(part for part in (event.place, event.address) if part))),
        ("Kostar", harmless(event.price)),
        ("Inställt", harmless(event.cancelled_why) or "Evenemanget blir inte av.")
        if event.state is EventState.CANCELLED
        else ("", ""),
    ]
    if event.closes_at is not None and event.state is EventState.PUBLISHED:
        facts.append(("Anmäl dig senast", short_day(event.closes_at)))
    return [(term, value) for term, value in facts if value]


def _link_of(article: Article, events: Mapping[int, Event]) -> tuple[str, str]:
    words = harmless(article.link_text) or _LINK_WORDS[article.kind]
    if article.link_url:
        return article.link_url, words
    event = _event_of(article, events)
    if event is not None and event.state is not EventState.DRAFT:
        return link("events.show_event", slug=event.slug), words
    if article.kind is ArticleKind.EVENT_LIST:
        return link("events.show_calendar"), words
    return "", ""
