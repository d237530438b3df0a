"""An issue as plain data, for the web page, the preview and the paper alike.

What is drawn from the calendar is shown as it stood the day the issue came out; what has happened to those events since
then (cancelled, over) is said beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from babel.dates import format_date
from markupsafe import Markup
from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from eventsys.clock import local, now
from eventsys.database import db
from eventsys.events.cards import date_parts
from eventsys.events.models import Event, EventPhase, EventState, Series
from eventsys.i18n import SWEDISH, clock, day, period, speaking
from eventsys.newsletters.addresses import issue_url, picture_url
from eventsys.newsletters.issues.models import Article, ArticleKind, Issue, Picture
from eventsys.newsletters.issues.showing import MOST_EVENTS, drawn_at, events_of

_LEADS = ("https", "http", "mailto", "")
WIDEST = 720
"""CSS pixels that a picture gets at most on the page."""


@dataclass(frozen=True)
class ListedIssue:
    """An issue in the archive's list."""

    year: int
    number: int
    title: str
    preheader: str
    published_at: datetime
    published_day: str
    headings: Sequence[str]


def listed(issues: Iterable[Issue]) -> list[ListedIssue]:
    """Published issues as the list and the feed show them, in Swedish."""
    return [_listed(issue, issue.published_at) for issue in issues if issue.published_at]


def _listed(issue: Issue, published_at: datetime) -> ListedIssue:
    return ListedIssue(
        year=issue.year,
        number=issue.number,
        title=issue.subject or issue.name,
        preheader=issue.preheader,
        published_at=published_at,
        published_day=_whole_day(published_at),
        headings=[article.heading for article in issue.articles if article.heading],
    )


@dataclass(frozen=True)
class ShownPicture:
    """`address` is a path on our own site, `whole_address` what others fetch it by."""

    id: int
    address: str
    whole_address: str
    alt: str
    width: int
    height: int

    @property
    def is_tall(self) -> bool:
        return self.height > self.width


@dataclass(frozen=True)
class ShownEvent:
    """An event's facts. `slug` is empty for one that nobody may see yet."""

    slug: str
    title: str
    when: str
    place: str
    day: int
    month: str
    weekday: str
    date: str
    time: str
    is_cancelled: bool
    is_over: bool


@dataclass(frozen=True)
class ShownArticle:
    """One article. `body` is sanitised HTML; `anchor` is where the jump list leads."""

    id: int
    anchor: str
    kind: ArticleKind
    heading: str
    lead: str
    body: Markup
    picture: ShownPicture | None
    link_url: str
    link_text: str
    event: ShownEvent | None
    events: Sequence[ShownEvent]
    buyer: str
    last_day: str
    is_past: bool
    """The last day for tenders is gone."""


@dataclass(frozen=True)
class IssueView:
    """The whole issue. `published_at` is None, and its day empty, for one that has not gone out."""

    id: int
    year: int
    number: int
    name: str
    subject: str
    preheader: str
    address: str
    """The whole address in the archive."""
    published_at: datetime | None
    published_day: str
    articles: Sequence[ShownArticle]

    @property
    def title(self) -> str:
        return self.subject or self.name

    @property
    def first_picture(self) -> ShownPicture | None:
        return next((one.picture for one in self.articles if one.picture), None)


def issue_view(issue: Issue) -> IssueView:
    """What there is to read in an issue, in Swedish whatever the page speaks; its articles should be loaded.

    At most two queries, however long it is.
    """
    with speaking(SWEDISH):
        return _view(issue, now())


def _view(issue: Issue, at: datetime) -> IssueView:
    came_out = issue.published_at or drawn_at(issue)
    events = events_of(issue.articles)
    has_list = any(article.kind is ArticleKind.EVENT_LIST for article in issue.articles)
    coming = [_event(event, at) for event in events_on(came_out)] if has_list else []
    return IssueView(
        id=issue.id,
        year=issue.year,
        number=issue.number,
        name=issue.name,
        subject=issue.subject,
        preheader=issue.preheader,
        address=issue_url(issue.year, issue.number),
        published_at=issue.published_at,
        published_day=_whole_day(issue.published_at) if issue.published_at else "",
        articles=[_article(one, events, coming, at) for one in issue.articles],
    )


def _whole_day(when: datetime) -> str:
    """`3 december 2026`: an old issue is read in another year."""
    return format_date(local(when).date(), "d MMMM y", locale="sv_SE")


def _article(article: Article, events: dict[int, Event], coming: list[ShownEvent], at: datetime) -> ShownArticle:
    event = events.get(article.event_id or 0)
    return ShownArticle(
        id=article.id,
        anchor=f"artikel-{article.id}",
        kind=article.kind,
        heading=article.heading or (event.title if event else ""),
        lead=article.lead,
        body=Markup(article.body),  # noqa: S704 - sanitised when it was saved
        picture=_picture(article.picture, article.alt) if article.picture else None,
        link_url=article.link_url if urlsplit(article.link_url).scheme in _LEADS else "",
        link_text=article.link_text or "Läs mer",
        event=_event(event, at) if event and article.kind is ArticleKind.EVENT else None,
        events=coming if article.kind is ArticleKind.EVENT_LIST else [],
        buyer=article.buyer if article.kind is ArticleKind.PROCUREMENT else "",
        last_day=day(article.last_day) if article.last_day and article.kind is ArticleKind.PROCUREMENT else "",
        is_past=article.last_day is not None and article.last_day < local(at).date(),
    )


def _picture(picture: Picture, alt: str) -> ShownPicture:
    """Never wider than the page needs, in its own proportions, so that nothing moves while it loads."""
    width = min(picture.width, WIDEST)
    height = round(picture.height * width / picture.width)
    address = picture_url(picture.token)
    return ShownPicture(picture.id, urlsplit(address).path, address, alt, width, height)


def events_on(at: datetime) -> list[Event]:
    """What the calendar had ahead at that moment, soonest first, at most MOST_EVENTS."""
    query = (
        select(Event)
        .join(Event.series)
        .options(contains_eager(Event.series))
        .where(Event.state != EventState.DRAFT, Event.published_at <= at, Event.starts_at > at)
        .where(or_(Event.cancelled_at.is_(None), Event.cancelled_at > at))
        .where(Series.public.is_(True), Event.by_invitation.is_(False))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_EVENTS)
    )
    return list(db.session.execute(query).scalars())


def _event(event: Event, at: datetime) -> ShownEvent:
    phase, parts = event.phase(at), date_parts(event.starts_at)
    return ShownEvent(
        slug="" if phase is EventPhase.DRAFT else event.slug,
        title=event.title,
        when=period(event.starts_at, event.ends_at),
        place=event.place,
        day=parts["day"],
        month=parts["month"],
        weekday=parts["weekday"],
        date=parts["datetime"],
        time=clock(event.starts_at),
        is_cancelled=phase is EventPhase.CANCELLED,
        is_over=phase is EventPhase.OVER,
    )
