"""The issue on A4, for those who read it on paper: tagged, in our fonts, with its pictures inside."""

from __future__ import annotations

import base64

from markupsafe import Markup
from sqlalchemy import select

from eventsys import documents
from eventsys.database import db
from eventsys.newsletters.addresses import issue_url, sign_up_url
from eventsys.newsletters.archive.showing import IssueView, issue_view
from eventsys.newsletters.issues.models import Issue, Picture


def issue_paper(issue: Issue) -> bytes:
    """The issue as PDF/UA-1. Nothing is fetched: pictures come from their rows. Raises documents.NoPdf."""
    view = issue_view(issue)
    return documents.pdf(
        "newsletters/issue_pdf.html",
        view=view,
        pictures=_pictures(view),
        qr_issue=_qr(view.address, "QR-kod till numret på webben"),
        qr_sign_up=_qr(sign_up_url(), "QR-kod till prenumerationen"),
        sign_up=sign_up_url(),
    )


def paper_name(issue: Issue) -> str:
    return f"foretagsamt-{issue.year}-{issue.number}.pdf"


def addresses_of_paper(issue: Issue) -> tuple[str, str]:
    """Where the two QR codes of the paper lead: to the issue, and to the sign-up."""
    return issue_url(issue.year, issue.number), sign_up_url()


def _qr(address: str, title: str) -> Markup:
    return Markup(documents.qr_svg(address, title))  # noqa: S704 - our own


def _pictures(view: IssueView) -> dict[int, str]:
    """Each picture as an address that holds the picture itself, by id. One query."""
    ids = {article.picture.id for article in view.articles if article.picture}
    query = select(Picture.id, Picture.content_type, Picture.content).where(Picture.id.in_(ids))
    rows = db.session.execute(query).all() if ids else []
    return {row.id: f"data:{row.content_type};base64,{base64.b64encode(row.content).decode()}" for row in rows}
