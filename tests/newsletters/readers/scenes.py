"""Issues with articles of every kind, a picture, and readers who answer."""

from __future__ import annotations

import hashlib
import io
import itertools
from datetime import date, datetime, timedelta
from typing import Any

from PIL import Image
from sqlalchemy import select

from eventsys.clock import local, now
from eventsys.companies.models import Company, Contact
from eventsys.database import db, transaction
from eventsys.events.models import Event
from eventsys.newsletters.issues.models import Article, ArticleKind, ArticleState, Issue, IssueState, Picture
from eventsys.newsletters.responses.keys import new_reader_key
from eventsys.newsletters.responses.models import Response
from eventsys.tokens import new_token
from tests.factories import make_event
from tests.staff_fixtures import Visitor, see_anew

_numbers = itertools.count(1)

BODY = (
    "<p>I tjugo år har väveriet i Viared gjort möbeltyg. Nu bygger de ut, och söker <strong>åtta</strong> personer.</p>"
    '<p>Läs mer i <a href="https://vaveriet.example/jobb">annonsen</a>.</p><h3>Så gick det till</h3>'
    "<ul><li>Ny hall</li><li>Nya vävstolar</li></ul><blockquote>Vi trodde aldrig att det skulle gå.</blockquote>"
)
HEADINGS = {
    "article": "Väveriet i Viared bygger ut",
    "event": "Fredagslunch om export",
    "event_list": "Det händer i vår",
    "procurement": "Staden köper arbetskläder",
}


def keep(*rows: Any) -> None:
    with transaction():
        db.session.add_all(rows)
        db.session.flush()


def make_issue(year: int = 2026, number: int = 1, **given: Any) -> Issue:
    """A published issue without articles. `published_at=None` and a state for one that is not out."""
    at = now()
    values = {
        "year": year, "number": number, "subject": f"Nyheter nr {number} {year}", "state": IssueState.LEAVING,
        "preheader": "Nya jobb, en lunch och en upphandling.", "published_at": at, "created_at": at, "changed_at": at,
    }  # fmt: skip
    issue = Issue(**{**values, **given})
    keep(issue)
    return issue


def make_article(issue: Issue | None, heading: str = "", **given: Any) -> Article:
    at, number = now(), next(_numbers)
    values = {
        "token": new_token(), "state": ArticleState.READY, "position": number,
        "heading": heading or f"Artikel {number}", "created_at": at, "changed_at": at,
    }  # fmt: skip
    article = Article(issue_id=issue.id if issue else None, **{**values, **given})
    keep(article)
    return article


def make_picture(width: int = 900, height: int = 600, kind: str = "JPEG") -> Picture:
    content = picture_bytes(width, height, kind)
    picture = Picture(
        token=new_token(), content_type=f"image/{kind.lower()}", width=width, height=height, content=content,
        sha256=hashlib.sha256(content).hexdigest(), uploaded_at=now(),
    )  # fmt: skip
    keep(picture)
    return picture


def picture_bytes(width: int = 900, height: int = 600, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, kind)
    return out.getvalue()


def make_whole_issue(
    year: int = 2026, number: int = 1, event: Event | None = None, with_picture: bool = True, **given: Any
) -> Issue:
    """A published issue with an article of every kind, the first with a picture."""
    event = event or make_event(title="Fredagslunch om export")
    issue = make_issue(year, number, **given)
    picture = make_picture() if with_picture else None
    lead = "Åtta nya jobb när hallen står klar i maj."
    make_article(
        issue, HEADINGS["article"], lead=lead, body=BODY, picture_id=picture.id if picture else None,
        alt="En vävstol i den nya hallen" if picture else "",
        link_url="https://vaveriet.example/", link_text="Till väveriet",
    )  # fmt: skip
    make_article(issue, HEADINGS["event"], kind=ArticleKind.EVENT, event_id=event.id, lead="Ät lunch och lär dig mer.")
    make_article(
        issue, HEADINGS["procurement"], kind=ArticleKind.PROCUREMENT, buyer="Koncerninköp",
        last_day=in_days(20), link_url="https://upphandling.example/1", link_text="Underlaget",
    )  # fmt: skip
    make_article(issue, HEADINGS["event_list"], kind=ArticleKind.EVENT_LIST)
    return issue


def in_days(days: int) -> date:
    return local(now()).date() + timedelta(days=days)


def ago(**span: float) -> datetime:
    return now() - timedelta(**span)


# --- readers who answer -------------------------------------------------------------------------------------------


def link_of(article: Article, key: str = "") -> str:
    """The path of a link in somebody's letter."""
    return f"/foretagsamt/svar/{article.token}/{key or new_reader_key(article.issue_id or 0)}"


def say(web: Visitor, article: Article, useful: bool = True, comment: str = "", key: str = "") -> Any:
    """A reader presses a button."""
    return web.post(link_of(article, key), data={"svar": "ja" if useful else "nej", "comment": comment})


def responses() -> list[Response]:
    see_anew()
    return list(db.session.execute(select(Response).order_by(Response.id)).scalars())


# --- companies ----------------------------------------------------------------------------------------------------


def make_company(name: str, email: str = "", **given: Any) -> Company:
    """A company with a complete address and, if given, somebody to write to."""
    values = {"street": "Allégatan 1", "postcode": "50332", "place": "Borås", "created_at": now()}
    company = Company(name=name, **{**values, **given})
    if email:
        company.contacts.append(Contact(email=email, email_key=email, created_at=now()))
    keep(company)
    return company
