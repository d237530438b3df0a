"""Doors: an issue's page with its articles and the live letter; its subject, its order, and new articles."""

from __future__ import annotations

import secrets

from flask import Response, flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import security
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound, Refused
from eventsys.forms import Form
from eventsys.i18n import clock
from eventsys.newsletters import words
from eventsys.newsletters.issues import placing, planning
from eventsys.newsletters.issues.articles import missing_in, seen_mark
from eventsys.newsletters.issues.changing import why_fixed
from eventsys.newsletters.issues.models import Article, ArticleKind, Issue
from eventsys.newsletters.issues.proofs import standing_of
from eventsys.newsletters.issues.queries import issue_by_id, names_of, open_issues
from eventsys.newsletters.staff.article_forms import ArticleForm, WordsForm
from eventsys.newsletters.staff.conflicts import Conflict, conflicts_in
from eventsys.newsletters.staff.doors import WRITERS, doors, issue_page
from eventsys.overwriting import ChangedMeanwhile, mark_of
from eventsys.staff.guards import signed_in, staff_only

ISSUE = "newsletters_staff.show_issue"
_LONGEST = {"subject": planning.LONGEST_SUBJECT, "preheader": planning.LONGEST_PREHEADER}


@doors.get("/nummer/<int:issue_id>")
@staff_only(*WRITERS)
def show_issue(issue_id: int) -> ResponseReturnValue:
    """The articles, the one that is being written (`?artikel=`, otherwise the first), and the letter."""
    issue = issue_by_id(issue_id)
    asked = request.args.get("artikel", 0, type=int)
    chosen = next((one for one in issue.articles if one.id == asked), issue.articles[0] if issue.articles else None)
    return editing_page(issue, chosen)


def editing_page(
    issue: Issue,
    article: Article | None,
    form: ArticleForm | None = None,
    words_form: WordsForm | None = None,
    conflicts: list[Conflict] | None = None,
) -> Response:
    """The page on which an issue is written, with a nonce for the style sheets of the rich-text editor."""
    nonce = secrets.token_urlsafe(16)
    page = issue_page(
        "issue",
        issue,
        "show_issue",
        article=article,
        article_form=form or (_fresh_form(article) if article else None),
        missing=missing_in(article) if article else [],
        words_form=words_form or _fresh_words(issue),
        conflicts=conflicts or [],
        fixed=why_fixed(issue),
        standing=standing_of(issue),
        names=names_of(one.owner_id for one in issue.articles),
        other_issues=[one for one in open_issues() if one.id != issue.id],
        kinds=words.ARTICLE_KINDS,
        press_form=Form(formdata=None),
        nonce=nonce,
    )
    return security.with_style_nonce(make_response(page), nonce)


def _fresh_form(article: Article) -> ArticleForm:
    form = ArticleForm(article, formdata=None)
    form.seen.data = seen_mark(article)
    return form


def _fresh_words(issue: Issue) -> WordsForm:
    values = planning.words_of(issue)
    return WordsForm(formdata=None, data={**values, "seen": mark_of(values)})


def answers_a_script() -> bool:
    """Whether a script saves, and wants its answer as JSON."""
    return request.accept_mimetypes.best == "application/json"


# --- subject and preheader ----------------------------------------------------------------------------------------


@doors.post("/nummer/<int:issue_id>/rubriker")
@staff_only(*WRITERS)
def submit_words(issue_id: int) -> ResponseReturnValue:
    form = WordsForm()
    values = {"subject": form.subject.data or "", "preheader": form.preheader.data or ""}
    errors = _too_long(values)
    if not errors and form.validate_on_submit():
        try:
            return _words_saved(issue_id, values, form.seen.data or "")
        except ChangedMeanwhile as refusal:
            return _words_in_conflict(issue_id, form, values, refusal)
        except Refused as refusal:
            errors = {"subject": str(refusal)}
    for name, text in errors.items():
        form[name].errors = [text]
    if answers_a_script():
        return jsonify(errors=errors), 422
    issue = issue_by_id(issue_id)
    return make_response(editing_page(issue, _first(issue), words_form=form), 422)


def _too_long(values: dict[str, str]) -> dict[str, str]:
    return {
        name: f"Texten är {len(values[name])} tecken, högst {most} får plats. Korta den."
        for name, most in _LONGEST.items()
        if len(values[name]) > most
    }


def _words_saved(issue_id: int, values: dict[str, str], seen: str) -> ResponseReturnValue:
    with transaction():
        issue = planning.edit_words(issue_id, values, seen, signed_in().id, now())
        now_seen = mark_of(planning.words_of(issue))
    if answers_a_script():
        return jsonify(saved_at=clock(now()), seen=now_seen)
    flash("Ämnesraden är sparad.", "good")
    return redirect(url_for(ISSUE, issue_id=issue_id))


def _words_in_conflict(
    issue_id: int, form: WordsForm, values: dict[str, str], refusal: ChangedMeanwhile
) -> ResponseReturnValue:
    issue = issue_by_id(issue_id)
    form.seen.data = mark_of(planning.words_of(issue))
    labels = {"subject": "Ämnesrad", "preheader": "Förhandstext"}
    conflicts = conflicts_in(labels, refusal.saved, values)
    if answers_a_script():
        return jsonify(seen=form.seen.data, conflicts=[vars(one) for one in conflicts]), 409
    return make_response(editing_page(issue, _first(issue), words_form=form, conflicts=conflicts), 409)


def _first(issue: Issue) -> Article | None:
    return issue.articles[0] if issue.articles else None


# --- the list of articles -----------------------------------------------------------------------------------------


@doors.post("/nummer/<int:issue_id>/artiklar")
@staff_only(*WRITERS)
def submit_new_article(issue_id: int) -> ResponseReturnValue:
    """`sort` is the kind of the new article."""
    try:
        kind = ArticleKind(request.form.get("sort", ArticleKind.ARTICLE.value))
    except ValueError as error:
        raise NotFound from error
    try:
        with transaction():
            article_id = placing.add_article(issue_id, kind, signed_in().id, now()).id
    except Refused as refusal:
        flash(str(refusal), "warn")
        return redirect(url_for(ISSUE, issue_id=issue_id))
    return redirect(url_for(ISSUE, issue_id=issue_id, artikel=article_id, _anchor="artikel"))


@doors.post("/nummer/<int:issue_id>/ordning")
@staff_only(*WRITERS)
def submit_order(issue_id: int) -> ResponseReturnValue:
    """`upp` or `ner` hold the article whose button was pressed; `ids` all of them, when one was dragged."""
    account_id = signed_in().id
    try:
        with transaction():
            for word, up in (("upp", True), ("ner", False)):
                if request.form.get(word):
                    placing.move_article(issue_id, request.form.get(word, 0, type=int), up, account_id, now())
            if request.form.get("ids"):
                placing.order_articles(issue_id, request.form.getlist("ids", type=int), account_id, now())
    except Refused as refusal:
        if answers_a_script():
            return jsonify(error=str(refusal)), 422
        flash(str(refusal), "warn")
    if answers_a_script():
        return jsonify(saved_at=clock(now()))
    shown = request.form.get("artikel", 0, type=int) or None
    return redirect(url_for(ISSUE, issue_id=issue_id, artikel=shown))
