"""Doors: what people wrote, to read, hide and show again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventsys.database import transaction
from eventsys.events.access import PLANNERS
from eventsys.events.models import Event
from eventsys.forms import Form
from eventsys.paging import page_in_address, page_urls
from eventsys.staff.guards import staff_only
from eventsys.surveys.models import Survey, Way
from eventsys.surveys.results.texts import CannotModerate, TextList, hide_text, show_text, text_lists, text_page
from eventsys.surveys.settings import survey_settings
from eventsys.surveys.staff.doors import doors, survey_page
from eventsys.surveys.staff.reach import survey_for
from eventsys.surveys.staff.results import PATH
from eventsys.surveys.words import WAYS, WHY_HIDDEN

TEXTS = "surveys_staff.show_texts"


@doors.get(f"{PATH}/texter")
@staff_only(*PLANNERS)
def show_texts(event_id: int) -> ResponseReturnValue:
    event, survey = survey_for(event_id)
    return _page(event, survey, request.args.get("lista", ""))


def _page(event: Event, survey: Survey, word: str) -> str:
    """The texts of the list in the address, or of the first that may be read."""
    lists = text_lists(survey)
    readable = [one for one in lists if not one.is_withheld]
    chosen = next((one for one in readable if one.word == word), readable[0] if readable else None)
    found = text_page(survey, chosen, page_in_address()) if chosen else None
    pager = page_urls(TEXTS, found.page, found.pages, event_id=event.id, lista=chosen.word) if found and chosen else {}
    return survey_page(
        "results_texts", event, survey=survey, chosen=chosen, found=found, pager=pager, why_hidden=WHY_HIDDEN,
        chips=_chips(event, readable, chosen), withheld=[one for one in lists if one.is_withheld],
        least=survey_settings().least, form=Form(formdata=None),
    )  # fmt: skip


def _chips(event: Event, lists: list[TextList], chosen: TextList | None) -> list[dict[str, Any]]:
    return [
        {
            "label": one.question.text if one.way is not Way.OPEN else f"{one.question.text} ({WAYS[one.way].lower()})",
            "url": url_for(TEXTS, event_id=event.id, lista=one.word),
            "current": chosen is not None and one.word == chosen.word,
        }
        for one in lists
    ]


@doors.post(f"{PATH}/texter")
@staff_only(*PLANNERS)
def submit_text(event_id: int) -> ResponseReturnValue:
    """Hide one text, for the reason chosen, or show it again."""
    _, survey = survey_for(event_id)
    word, key = request.form.get("lista", ""), request.form.get("text", "")
    if request.form.get("gor") == "visa":
        with transaction():
            show_text(survey, word, key)
        return _back(event_id, word, "Texten visas igen.", "good")
    try:
        with transaction():
            hide_text(survey, word, key, WHY_HIDDEN.get(request.form.get("varfor", ""), ""))
    except CannotModerate as refusal:
        return _back(event_id, word, str(refusal), "warn")
    return _back(event_id, word, "Texten är dold. Den finns kvar här, men inte i det som tas ut.", "good")


def _back(event_id: int, word: str, said: str, kind: str) -> ResponseReturnValue:
    flash(said, kind)
    page = request.form.get("sida", 1, type=int)
    return redirect(url_for(TEXTS, event_id=event_id, lista=word, sida=page if page > 1 else None))
