"""The finished letter of an issue, with tokens where copies differ."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from eventsys.config import settings
from eventsys.errors import NotFound
from eventsys.identity import identity
from eventsys.mail.compose import Finished, compose
from eventsys.mail.splice import Rendered, list_headers
from eventsys.newsletters import addresses
from eventsys.newsletters.audience.keys import audience_named
from eventsys.newsletters.issues.models import Issue
from eventsys.newsletters.issues.sanitising import as_text, harmless
from eventsys.newsletters.issues.showing import ShownArticle, shown_issue
from eventsys.newsletters.lists import COMPANIES

FOLDER = "newsletters/issue"
ENOUGH_FOR_CONTENTS = 3
_OPENING = re.compile(r"<(p|h3|ul|ol|li|blockquote|a)(?=[ >])")
_STYLES = {
    "p": "margin:0 0 16px 0",
    "h3": "margin:24px 0 8px 0;font-size:16px;line-height:24px;font-weight:700",
    "ul": "margin:0 0 16px 0;padding:0 0 0 22px",
    "ol": "margin:0 0 16px 0;padding:0 0 0 22px",
    "li": "margin:0 0 6px 0",
    "blockquote": "margin:0 0 16px 0;padding:0 0 0 16px;border-left:3px solid {accent}",
    "a": "color:{accent};text-decoration:underline",
}


def letter_of(issue: Issue) -> Rendered:
    """The letter as it would leave now: equal rows give equal bytes. Its tokens are those of addresses.TOKENS."""
    email = compose(FOLDER, "sv", _context(issue))
    return Rendered(
        subject=email.subject,
        text=email.text,
        html=email.html,
        tokens=addresses.TOKENS,
        headers=list_headers(list_id()),
        reply_to=settings().mail_reply_to,
    )


def list_id() -> str:
    """The name of the list in headers (RFC 2919): within our own domain."""
    return f"foretagsamt.{urlsplit(settings().base_url).hostname}"


def _context(issue: Issue) -> dict[str, object]:
    articles = shown_issue(issue)
    return {
        "name": issue.name,
        "subject": harmless(issue.subject) or issue.name,
        "preheader": harmless(issue.preheader),
        "articles": articles,
        "contents": [one.heading for one in articles] if len(articles) >= ENOUGH_FOR_CONTENTS else [],
        "to_companies": _is_for_companies(issue),
        "web_url": addresses.issue_url(issue.year, issue.number),
        "response_url": addresses.response_url,
        "body_html": _body_html,
        "body_text": _body_text,
    }


def _is_for_companies(issue: Issue) -> bool:
    """A segment or list that is gone stops the sending, not the reading of the letter."""
    try:
        return audience_named(issue.audience).base == COMPANIES
    except NotFound:
        return False


def _body_html(article: ShownArticle) -> Finished:
    return styled(article.body)


def styled(body: str) -> Finished:
    """Sanitised HTML with its styles written into it.

    It differs from letter to letter, so it is kept out of the skeleton that premailer styles: that takes 60 ms and
    would be done anew each time somebody who writes looks at the preview.
    """
    accent = identity().accent
    return Finished(_OPENING.sub(lambda found: f'{found[0]} style="{_STYLES[found[1]].format(accent=accent)}"', body))


def _body_text(article: ShownArticle) -> str:
    return as_text(article.body)
