"""The form of an article. Which of its fields a page shows depends on the article's kind."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from wtforms import FileField, HiddenField, RadioField, StringField

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.models import Event, EventState
from eventsys.fields import DayField, RowField, TextField
from eventsys.forms import Form, LineField
from eventsys.i18n import short_day
from eventsys.newsletters import words
from eventsys.newsletters.issues.articles import Content, content_of
from eventsys.newsletters.issues.models import Article, ArticleKind, ArticleState
from eventsys.newsletters.issues.queries import editors
from eventsys.newsletters.issues.sanitising import as_text, for_editor, from_text

HTML = "html"
"""What the rich-text editor sends; without it the field holds plain text."""
_ALWAYS = ("state", "owner_id", "note", "heading", "lead")
_LINK, _PICTURE = ("link_url", "link_text"), ("alt",)
_SHOWN = {
    ArticleKind.ARTICLE: (*_ALWAYS, "body", *_LINK, *_PICTURE),
    ArticleKind.EVENT: (*_ALWAYS, "event_id", "body", *_LINK, *_PICTURE),
    ArticleKind.EVENT_LIST: (*_ALWAYS, *_LINK),
    ArticleKind.PROCUREMENT: (*_ALWAYS, "buyer", "last_day", "body", *_LINK),
}
LABELS = {
    "heading": "Rubrik", "lead": "Ingress", "body": "Text", "note": "Anteckning", "link_url": "Länk",
    "link_text": "Länktext", "alt": "Bildbeskrivning", "event_id": "Evenemang", "buyer": "Köpare",
    "last_day": "Sista dag för anbud", "state": "Läge", "owner_id": "Ansvarig",
}  # fmt: skip


class ArticleForm(Form):
    seen = HiddenField()
    body_kind = HiddenField()
    heading = LineField(LABELS["heading"])
    lead = TextField(LABELS["lead"], description="Två eller tre meningar som säger det viktigaste.")
    body = TextField(LABELS["body"])
    link_url = LineField("Adress", description="Hela adressen, till exempel https://www.boras.se.")
    link_text = LineField(
        LABELS["link_text"], description="Vad knappen säger. Lämnar du tomt står det till exempel Läs mer."
    )
    picture = FileField("Bild", description="JPEG, PNG eller WebP, högst 20 MB.")
    alt = LineField(LABELS["alt"], description="Vad bilden visar, för den som inte ser den.")
    event_id = RowField(LABELS["event_id"], description="När och var hämtas ur kalendern när brevet görs.")
    buyer = LineField(LABELS["buyer"], description="Till exempel Borås Stad, servicenämnden.")
    last_day = DayField(LABELS["last_day"])
    owner_id = RowField(LABELS["owner_id"])
    state = RadioField(LABELS["state"])
    note = TextField(LABELS["note"], description="Till kollegorna. Följer inte med i brevet.")

    def __init__(self, article: Article, **given: Any) -> None:
        super().__init__(data=_filled(article), **given)
        self.article = article
        people = [(str(one.id), one.name) for one in editors()]
        self.owner_id.choices = [("", "Ingen än"), *people]
        self.state.choices = [(one.value, label) for one, (_, label) in words.ARTICLES.items()]
        self.event_id.choices = [("", "Välj evenemang"), *_events_to_choose(article)] if self.shows("event_id") else []

    def shows(self, name: str) -> bool:
        """Whether this kind of article has the field."""
        return name in _SHOWN[self.article.kind]

    def content(self) -> Content:
        """What was written; what this kind of article does not show stays as it is."""
        written = {
            "heading": self.heading.data, "lead": " ".join((self.lead.data or "").split()), "body": self._body(),
            "note": self.note.data, "link_url": self.link_url.data, "link_text": self.link_text.data,
            "alt": self.alt.data, "event_id": self.event_id.id_chosen, "buyer": self.buyer.data,
            "last_day": self.last_day.data, "owner_id": self.owner_id.id_chosen,
            "state": ArticleState(self.state.data),
        }  # fmt: skip
        shown = {name: value for name, value in written.items() if self.shows(name)}
        return Content(**{**content_of(self.article), **shown})

    def _body(self) -> str:
        """HTML from the editor. Plain text that says what is there already leaves its formatting as it is."""
        given = self.body.data or ""
        if self.body_kind.data == HTML:
            return given
        return self.article.body if given == as_text(self.article.body) else from_text(given)

    @property
    def body_for_editor(self) -> str:
        """The HTML that the rich-text editor begins with."""
        if not self.is_submitted():
            return for_editor(self.article.body)
        return for_editor(self._body())


def _filled(article: Article) -> dict[str, Any]:
    return {
        **content_of(article),
        "body": as_text(article.body),
        "state": article.state.value,
        "owner_id": str(article.owner_id or ""),
        "event_id": str(article.event_id or ""),
    }


def _events_to_choose(article: Article) -> list[tuple[str, str]]:
    """Published events to come, and the one chosen before."""
    query = select(Event.id, Event.title, Event.starts_at).where(
        ((Event.state == EventState.PUBLISHED) & (Event.starts_at > now())) | (Event.id == article.event_id)
    )
    rows = db.session.execute(query.order_by(Event.starts_at, Event.id))
    return [(str(row.id), f"{row.title}, {short_day(row.starts_at)}") for row in rows]


class IdeaForm(Form):
    heading = LineField("Vad vill du berätta om?")
    note = TextField("Anteckning", description="Vem kan vi fråga, varför är det viktigt, när passar det?")
    owner_id = RowField("Ansvarig")

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.owner_id.choices = [("", "Ingen än"), *((str(one.id), one.name) for one in editors())]


class WordsForm(Form):
    seen = HiddenField()
    subject = LineField("Ämnesrad", description="Säg vad som är viktigast i numret.")
    preheader = LineField("Förhandstext", description="Visas efter ämnesraden i inkorgen.")


class PlaceForm(Form):
    """Where an article shall stand: the id of an issue, or empty for an idea."""

    issue = StringField()
