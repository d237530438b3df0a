"""Addresses of every staff page in a filled database: a row for each argument, tried until the page is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from flask import Flask
from playwright.sync_api import APIResponse
from sqlalchemy import select
from werkzeug.routing import Rule

from eventsys.companies.models import Company, Contact, Import, Note, Tag, Visit
from eventsys.database import db
from eventsys.events.attendance.models import Paper
from eventsys.events.checkin.models import Door
from eventsys.events.materials.models import Material
from eventsys.events.models import Attendee, Event, Question, Registration, Series, Source
from eventsys.events.programme.models import Session, Slot
from eventsys.events.topics.models import TalkingPoint, Theme
from eventsys.followup.models import Goal
from eventsys.mail.models import Delivery, Suppression
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.issues.models import Article, Issue, Proof
from eventsys.newsletters.subscriptions.models import Reader, SignUpCode
from eventsys.newsletters.welcome.models import WelcomePaper, WelcomeRound
from eventsys.privacy.handouts.models import Handout
from eventsys.privacy.models import PersonRequest
from eventsys.privacy.retention.models import RetentionRun
from eventsys.staff.models import Account
from eventsys.surveys.models import SurveyQuestion

# What names a row in an address; where an address has several, the innermost comes first here.
ROWS: dict[str, type[Any]] = {
    "attendee_id": Attendee, "registration_id": Registration,
    "session_id": Session, "slot_id": Slot, "source_id": Source, "door_id": Door, "material_id": Material,
    "paper_id": Paper, "point_id": TalkingPoint, "survey_question_id": SurveyQuestion,
    "question_id": Question, "theme_id": Theme, "template_question_id": SurveyQuestion,
    "event_id": Event, "series_id": Series,
    "contact_id": Contact, "note_id": Note, "visit_id": Visit, "company_id": Company, "tag_id": Tag,
    "import_id": Import,
    "proof_id": Proof, "article_id": Article, "issue_id": Issue, "code_id": SignUpCode, "reader_id": Reader,
    "segment_id": Segment, "pdf_id": WelcomePaper, "round_id": WelcomeRound,
    "goal_id": Goal, "person_request_id": PersonRequest, "run_id": RetentionRun, "handout_id": Handout,
    "letter_id": Delivery, "suppression_id": Suppression, "account_id": Account,
}  # fmt: skip
TRIED = 40
"""So many rows are tried for a page before it counts as one that nobody can be shown."""


def addresses_of(app: Flask, rule: Rule, words: Mapping[str, str]) -> Iterator[str]:
    """Addresses that this page may be shown at; `words` are arguments that name no row."""
    named = [name for name in ROWS if name in rule.arguments]
    words = {name: word for name, word in words.items() if name not in named}
    unknown = rule.arguments - set(named) - words.keys()
    assert not unknown, f"{rule.endpoint}: say in ROWS what {sorted(unknown)} name"
    build = app.url_map.bind("localhost").build
    if not named:
        yield build(rule.endpoint, dict(words))
        return
    rows = db.session.scalars(select(ROWS[named[0]]).order_by(ROWS[named[0]].id).limit(2000)).all()
    for row in rows:
        ids = {name: _named_by(row, name, is_itself=name == named[0]) for name in named}
        if None not in ids.values():
            own = {name: getattr(row, name) for name in words if hasattr(row, name)}  # a goal has its year
            yield build(rule.endpoint, {**ids, **words, **own})


def _named_by(row: Any, name: str, *, is_itself: bool) -> int | None:
    if is_itself:
        return int(row.id)
    owner = getattr(row, "survey", None) if name == "event_id" and isinstance(row, SurveyQuestion) else row
    return getattr(owner, name, None)


def first_shown(fetch: Callable[[str], APIResponse], addresses: Iterator[str]) -> str | None:
    """The first of these addresses that answers with a page; None when none does."""
    return next((address for address in islice(addresses, TRIED) if _is_page(fetch(address))), None)


def _is_page(answer: APIResponse) -> bool:
    return answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")
