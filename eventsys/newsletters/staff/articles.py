"""Doors: an article is saved (by its button or by itself), moved and thrown away; ideas, which have no issue yet."""

from __future__ import annotations

import secrets
from contextlib import closing
from typing import Any

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventsys import security
from eventsys.clock import now
from eventsys.database import transaction
from eventsys.errors import NotFound, Refused
from eventsys.forms import Form
from eventsys.i18n import clock
from eventsys.newsletters import words
from eventsys.newsletters.addresses import picture_url
from eventsys.newsletters.issues import placing
from eventsys.newsletters.issues.articles import (
    NotReady,
    Unfit,
    missing_in,
    save_article,
    seen_mark,
)
from eventsys.newsletters.issues.changing import why_fixed
from eventsys.newsletters.issues.models import Article
from eventsys.newsletters.issues.pictures import PoorPicture, ReadyPicture, read_picture, set_picture, take_picture_away
from eventsys.newsletters.issues.queries import article_by_id, ideas, issue_by_id, names_of, open_issues
from eventsys.newsletters.staff.article_forms import LABELS, ArticleForm, IdeaForm, PlaceForm
from eventsys.newsletters.staff.conflicts import Conflict, conflicts_in
from eventsys.newsletters.staff.doors import WRITERS, doors, issue_page, section_page
from eventsys.newsletters.staff.issue import ISSUE, answers_a_script, editing_page
from eventsys.overwriting import ChangedMeanwhile
from eventsys.staff.guards import current_staff, signed_in, staff_only

IDEAS, IDEA = "newsletters_staff.show_ideas", "newsletters_staff.show_idea"
LARGEST_FORM = 48 * 1024 * 1024
"""So that a picture of 40 MB is refused in our own words, with what was written still on the page."""
LARGEST_TEXTS = 8 * 1024 * 1024


@doors.url_value_preprocessor
def _let_pictures_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form (the check of its token does): here staff may send more than elsewhere."""
    if endpoint == "newsletters_staff.submit_article" and current_staff() is not None:
        request.max_content_length = LARGEST_FORM
        request.max_form_memory_size = LARGEST_TEXTS


# --- saving -------------------------------------------------------------------------------------------------------


@doors.post("/artiklar/<int:article_id>")
@staff_only(*WRITERS)
def submit_article(article_id: int) -> ResponseReturnValue:
    """All fields of the article; `gor=ta-bort-bild` takes its picture away as well."""
    form = ArticleForm(article_by_id(article_id))
    if not form.validate_on_submit():
        return _not_saved(form, {name: " ".join(map(str, texts)) for name, texts in form.errors.items() if name})
    try:
        _save(article_id, form, _sent_picture())
    except ChangedMeanwhile as refusal:
        return _in_conflict(form, refusal)
    except (Unfit, NotReady) as refusal:
        return _not_saved(form, {refusal.field: str(refusal)})
    except PoorPicture as refusal:
        return _not_saved(form, {"picture": str(refusal)})
    except Refused as refusal:
        return _not_saved(form, {"heading": str(refusal)})
    return _saved(article_by_id(article_id))


def _sent_picture() -> ReadyPicture | None:
    """The picture that came with the form, ready, or None. Raises PoorPicture."""
    sent = request.files.get("picture")
    if sent is None or not sent.filename:
        return None
    with closing(sent):
        return read_picture(sent.read())


def _save(article_id: int, form: ArticleForm, picture: ReadyPicture | None) -> None:
    account, at = signed_in(), now()
    with transaction():
        save_article(article_id, form.content(), form.seen.data or "", account.id, at)
        if request.form.get("gor") == "ta-bort-bild":
            take_picture_away(article_id, account.id, at)
        elif picture is not None and form.shows("alt"):
            set_picture(article_id, picture, account.name, account.id, at)


def _saved(article: Article) -> ResponseReturnValue:
    undescribed = article.picture is not None and not article.alt
    if answers_a_script():
        picture = article.picture
        shown = (
            {"url": picture_url(picture.token), "width": picture.width, "height": picture.height} if picture else None
        )
        return jsonify(
            saved_at=clock(now()), seen=seen_mark(article), picture=shown, state=article.state.value,
            heading=article.heading, lead=article.lead, version=article.issue.version if article.issue else 0,
            label=words.ARTICLES[article.state][1], missing=[text for _, text in missing_in(article)],
        )  # fmt: skip
    flash("Artikeln är sparad.", "good")
    if undescribed:
        flash("Bilden saknar beskrivning. Skriv vad den visar, annars kan artikeln inte bli klar.", "warn")
    return redirect(page_of(article))


def page_of(article: Article) -> str:
    """Where the article is written."""
    if article.issue_id is None:
        return url_for(IDEA, article_id=article.id)
    return url_for(ISSUE, issue_id=article.issue_id, artikel=article.id)


def _not_saved(form: ArticleForm, errors: dict[str, str]) -> ResponseReturnValue:
    if answers_a_script():
        return jsonify(errors=errors), 422
    for name, text in errors.items():
        form[name].errors = [text]
    return make_response(_page(form), 422)


def _in_conflict(form: ArticleForm, refusal: ChangedMeanwhile) -> ResponseReturnValue:
    article = article_by_id(form.article.id)
    written = vars(form.content())
    conflicts = conflicts_in(LABELS, refusal.saved, written)
    form.seen.data = seen_mark(article)
    if answers_a_script():
        return jsonify(seen=form.seen.data, conflicts=[vars(one) for one in conflicts]), 409
    return make_response(_page(form, conflicts), 409)


def _page(form: ArticleForm, conflicts: list[Conflict] | None = None) -> Response:
    """The page on which the article is written, with what was typed."""
    article = article_by_id(form.article.id)
    if article.issue_id is None:
        return _idea_page(article, form, conflicts)
    issue = issue_by_id(article.issue_id)
    return editing_page(issue, next(one for one in issue.articles if one.id == article.id), form, conflicts=conflicts)


# --- ideas --------------------------------------------------------------------------------------------------------


@doors.get("/ideer")
@staff_only(*WRITERS)
def show_ideas() -> ResponseReturnValue:
    return _ideas_page(IdeaForm(formdata=None, data={"owner_id": str(signed_in().id)}))


def _ideas_page(form: IdeaForm) -> str:
    found = ideas()
    return section_page(
        "ideas",
        "show_ideas",
        ideas=found,
        issues=open_issues(),
        names=names_of(one.owner_id for one in found),
        form=form,
        press_form=Form(formdata=None),
    )


@doors.post("/ideer")
@staff_only(*WRITERS)
def submit_idea() -> ResponseReturnValue:
    form = IdeaForm()
    if not form.heading.data:
        form.heading.errors = ["Skriv vad artikeln ska handla om."]
        return _ideas_page(form), 422
    if len(form.heading.data) > 200 or len(form.note.data or "") > 4000:
        form.heading.errors = ["Rubriken får vara högst 200 tecken och anteckningen högst 4 000. Korta texten."]
        return _ideas_page(form), 422
    with transaction():
        placing.note_idea(form.heading.data, form.note.data or "", form.owner_id.id_chosen, now())
    flash("Idén är sparad.", "good")
    return redirect(url_for(IDEAS))


@doors.get("/ideer/<int:article_id>")
@staff_only(*WRITERS)
def show_idea(article_id: int) -> ResponseReturnValue:
    """An article without an issue; one that has been placed is written on its issue's page."""
    article = article_by_id(article_id)
    if article.issue_id is not None:
        return redirect(page_of(article))
    form = ArticleForm(article, formdata=None)
    form.seen.data = seen_mark(article)
    return _idea_page(article, form)


def _idea_page(article: Article, form: ArticleForm, conflicts: list[Conflict] | None = None) -> Response:
    nonce = secrets.token_urlsafe(16)
    page = section_page(
        "idea",
        "show_ideas",
        article=article,
        article_form=form,
        missing=missing_in(article),
        conflicts=conflicts or [],
        other_issues=open_issues(),
        fixed="",
        press_form=Form(formdata=None),
        nonce=nonce,
    )
    return security.with_style_nonce(make_response(page), nonce)


# --- moving and throwing away -------------------------------------------------------------------------------------


@doors.post("/artiklar/<int:article_id>/plats")
@staff_only(*WRITERS)
def submit_place(article_id: int) -> ResponseReturnValue:
    """`issue` is the issue to stand on; empty makes it an idea again."""
    was, wanted = article_by_id(article_id).issue_id, (PlaceForm().issue.data or "").strip()
    if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        raise NotFound
    try:
        with transaction():
            article = placing.place_article(article_id, int(wanted) if wanted else None, signed_in().id, now())
            name = article.heading or "Artikeln"
    except Refused as refusal:
        flash(str(refusal), "warn")
        return redirect(page_of(article_by_id(article_id)))
    where = issue_by_id(int(wanted)).name if wanted else "idéerna"
    flash(f"”{name}” står nu bland {where}." if not wanted else f"”{name}” står nu i {where}.", "good")
    if was is None:
        return redirect(page_of(article_by_id(article_id)))
    return redirect(url_for(ISSUE, issue_id=was))


@doors.get("/artiklar/<int:article_id>/ta-bort")
@staff_only(*WRITERS)
def show_removal(article_id: int) -> ResponseReturnValue:
    article = article_by_id(article_id)
    context = {"article": article, "back": page_of(article), "form": Form(formdata=None)}
    if article.issue is None:
        return render_template("newsletters/staff/removal.html", issue=None, tabs=[], fixed="", **context)
    return issue_page("removal", article.issue, "", fixed=why_fixed(article.issue), **context)


@doors.post("/artiklar/<int:article_id>/ta-bort")
@staff_only(*WRITERS)
def submit_removal(article_id: int) -> ResponseReturnValue:
    article = article_by_id(article_id)
    issue_id = article.issue_id
    try:
        with transaction():
            placing.remove_article(article_id, signed_in().id, now())
    except Refused as refusal:
        flash(str(refusal), "warn")
        return redirect(page_of(article_by_id(article_id)))
    flash("Artikeln är borttagen.", "good")
    return redirect(url_for(ISSUE, issue_id=issue_id) if issue_id is not None else url_for(IDEAS))
