"""Doors: what a reader says of an article, by the link in the letter. GET changes nothing; POST counts.

They ask for no cookie and no token beside the key in the address (see responses/forms.py), so that the form works from
any mail program. How often somebody answers is not limited by address, so nobody's address is even looked at: a key
answers each article once, and keys cannot be made up.
"""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from eventsys.clock import local, now
from eventsys.database import transaction
from eventsys.errors import NotFound
from eventsys.i18n import url
from eventsys.newsletters.issues.models import Article
from eventsys.newsletters.public.doors import open_doors
from eventsys.newsletters.responses.answering import AlreadyAnswered, answer
from eventsys.newsletters.responses.forms import LONGEST_COMMENT, ResponseForm
from eventsys.newsletters.responses.queries import Standing, article_asked_about, standing_of

PATH = "/foretagsamt/svar/<article_token>/<key>"


@open_doors.get(PATH)
def show_response(article_token: str, key: str) -> ResponseReturnValue:
    """Asks, or thanks when the link has been used. `?svar=nej` and `?svar=ja` put that answer first."""
    try:
        article = article_asked_about(article_token, key)
    except NotFound:
        return _unknown()
    standing = standing_of(article, key)
    return _page(article, standing, ResponseForm(formdata=None), leans_to=request.args.get("svar", ""))


@open_doors.post(PATH)
def submit_response(article_token: str, key: str) -> ResponseReturnValue:
    try:
        article = article_asked_about(article_token, key)
    except NotFound:
        return _unknown()
    form, standing = ResponseForm(), standing_of(article, key)
    if not form.take(request.form.get("svar")):
        return _page(article, standing, form, status=422)
    if standing is Standing.PRACTICE:
        return _page(article, standing, form, is_done=True)
    try:
        with transaction():
            answer(article.id, key, bool(form.verdict), form.comment.data, local(now()).date())
    except AlreadyAnswered:
        return _page(article, Standing.ANSWERED, form, is_second=True, status=409)
    here = url("newsletters_open.show_response", article_token=article_token, key=key)
    return _private(make_response(redirect(here, 303)))


def _page(
    article: Article, standing: Standing, form: ResponseForm, *,
    leans_to: str = "", is_done: bool = False, is_second: bool = False, status: int = 200,
) -> Response:  # fmt: skip
    page = render_template(
        "newsletters/response.html", article=article, issue=article.issue, standing=standing.value, form=form,
        leans_to=leans_to, is_done=is_done, is_second=is_second, longest=LONGEST_COMMENT,
        lacks_verdict=status == 422 and form.verdict is None,
    )  # fmt: skip
    return _private(make_response(page, status))


def _unknown() -> Response:
    return _private(make_response(render_template("newsletters/response_unknown.html"), 404))


def _private(response: Response) -> Response:
    """Nobody keeps the page, finds it by searching, or learns the key from where the reader went next."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
