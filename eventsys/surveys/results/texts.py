"""What people wrote: to read in an order that tells nothing, and to hide where somebody is named.

A text is named by a key made of its answer and its question, so that nobody can see on a page which texts were written
by the same person; the texts stand in the order of the keys, another for each question.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Select, func, select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.models import Attendee
from eventsys.events.programme.models import Session
from eventsys.folding import fold
from eventsys.surveys.models import Asked, QuestionKind, Survey, SurveyAnswer, SurveyQuestion, SurveyResponse, Way
from eventsys.surveys.results.counting import handed_in, in_sessions
from eventsys.surveys.results.hiding import hidden_sessions, shows_figures
from eventsys.surveys.settings import survey_settings

TEXTS_A_PAGE = 50
HIDDEN, SHOWN = "survey.text_hidden", "survey.text_shown"
_KEY = 20  # characters, 80 bits

_ADDRESS = re.compile(r"\S@\S+\.\S")
_PHONE = re.compile(r"(?<!\d)(?:\+|00?)[\d\s()/-]{6,}\d")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_NAME = 3


class CannotModerate(Refused):
    """The text is for the person who asked."""


@dataclass(frozen=True)
class TextList:
    """A question and the way by which its answers came. `is_withheld`: too few have answered for texts to be shown."""

    question: SurveyQuestion
    way: Way
    is_withheld: bool

    @property
    def word(self) -> str:
        """What it is called in an address."""
        return f"{self.question.id}-{self.way.value}"


@dataclass(frozen=True)
class WrittenText:
    key: str
    text: str
    hidden_why: str
    may_name: bool
    """It may name a person: an address, a telephone number, or a name of somebody at the event stands in it."""


@dataclass(frozen=True)
class TextPage:
    texts: Sequence[WrittenText]
    total: int
    page: int
    pages: int


def text_lists(survey: Survey, came: Mapping[Way, int] | None = None) -> list[TextList]:
    """Every question to write to, by way; those without any answer by that way are left out. Empty while it is open.

    `came` is how many answers came, by way, where the caller has counted them.
    """
    questions = [one for one in survey.questions if one.kind is QuestionKind.TEXT]
    if not questions or not shows_figures(survey):
        return []
    came = _came(survey) if came is None else came
    withheld = _withheld_sessions(survey)
    return [
        TextList(one, way, _is_withheld(one, way, came[way], withheld))
        for way in Way
        for one in questions
        if came.get(way) and one.asked is (Asked.NO_SHOW if way is Way.NO_SHOW else Asked.ATTENDED)
    ]


def _came(survey: Survey) -> dict[Way, int]:
    return {way: number for (_, way), number in handed_in([survey.id]).items()}


def _is_withheld(question: SurveyQuestion, way: Way, answers: int, withheld: set[tuple[int, Way]]) -> bool:
    if question.session_id is not None and (question.session_id, way) in withheld:
        return True
    return answers < survey_settings().least


def _withheld_sessions(survey: Survey) -> set[tuple[int, Way]]:
    ids = {one.session_id for one in survey.questions if one.session_id is not None}
    if not ids:
        return set()
    sessions, came = db.session.scalars(select(Session).where(Session.id.in_(ids))).all(), in_sessions(survey.questions)
    least = survey_settings().least
    return {
        (session_id, way)
        for way in Way
        for session_id in hidden_sessions({session: came[session.id, way] for session in sessions}, least)
    }


def text_list(survey: Survey, word: str) -> TextList:
    """The list of this word, which may be read. Raises NotFound."""
    found = next((one for one in text_lists(survey) if one.word == word and not one.is_withheld), None)
    if found is None:
        raise NotFound
    return found


def text_page(survey: Survey, found: TextList, page: int) -> TextPage:
    """Texts of a list, TEXTS_A_PAGE a page; those that are hidden too, for a colleague to show again."""
    keys = sorted(_keys_of(found))
    pages = max(1, -(-len(keys) // TEXTS_A_PAGE))
    page = min(max(page, 1), pages)
    wanted = [response_id for _, response_id in keys[(page - 1) * TEXTS_A_PAGE : page * TEXTS_A_PAGE]]
    return TextPage(_written(survey, found, wanted), len(keys), page, pages)


def shown_texts(found: TextList) -> list[str]:
    """All texts of a list but the hidden ones, in the order of the page."""
    query = _answers(found, SurveyAnswer.response_id, SurveyAnswer.text).where(SurveyAnswer.hidden_why == "")
    rows = [(_key(response_id, found.question.id), text) for response_id, text in db.session.execute(query)]
    return [text for _, text in sorted(rows)]


def _answers(found: TextList, *columns: Any) -> Select[Any]:
    ways = (Way.PERSONAL, Way.SESSION) if found.way is Way.PERSONAL else (found.way,)
    return (
        select(*columns)
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .where(SurveyAnswer.question_id == found.question.id, SurveyResponse.way.in_(ways))
        .where(func.length(SurveyAnswer.text) > 0)
    )


def _keys_of(found: TextList) -> list[tuple[str, str]]:
    ids = db.session.scalars(_answers(found, SurveyAnswer.response_id))
    return [(_key(response_id, found.question.id), response_id) for response_id in ids]


def _key(response_id: str, question_id: int) -> str:
    return hashlib.sha256(f"{response_id}:{question_id}".encode()).hexdigest()[:_KEY]


def _written(survey: Survey, found: TextList, response_ids: Sequence[str]) -> list[WrittenText]:
    query = select(SurveyAnswer).where(
        SurveyAnswer.question_id == found.question.id, SurveyAnswer.response_id.in_(response_ids)
    )
    names = Names(survey.event_id)
    written = [
        WrittenText(_key(one.response_id, one.question_id), one.text, one.hidden_why, may_name(one.text, names.parts))
        for one in db.session.scalars(query)
    ]
    return sorted(written, key=lambda one: one.key)


# --- who may be named ---------------------------------------------------------------------------------------------


class Names:
    """The names of everybody who registered for an event, in parts; read when first asked for."""

    def __init__(self, event_id: int) -> None:
        self.event_id = event_id

    @cached_property
    def parts(self) -> set[str]:
        return name_parts(db.session.scalars(select(Attendee.name).where(Attendee.event_id == self.event_id)))


def name_parts(names: Iterable[str]) -> set[str]:
    """First names and family names, folded; those of one or two letters are words too often."""
    parts = {fold(word) for name in names for word in _WORD.findall(name)}
    return {part for part in parts if len(part) >= _SHORTEST_NAME}


def may_name(text: str, names: set[str]) -> bool:
    """Whether an address, a telephone number or one of these names (with a capital, also as "Åsas") stands in it."""
    if _ADDRESS.search(text) or _PHONE.search(text):
        return True
    words = (fold(word) for word in _WORD.findall(text) if word[0].isupper())
    return any(word in names or word.removesuffix("s") in names for word in words)


# --- moderation ---------------------------------------------------------------------------------------------------


def hide_text(survey: Survey, word: str, key: str, why: str) -> None:
    """Show a text no more; `why` says the reason. The words stay: they are records. Flushes. Raises NotFound."""
    if not why:
        raise CannotModerate("Välj varför texten ska döljas.")
    _mark(survey, word, key, why)
    audit.record(HIDDEN, f"survey:{survey.id}", question=word.partition("-")[0], why=why)
    db.session.flush()


def show_text(survey: Survey, word: str, key: str) -> None:
    """Show a hidden text again. Flushes. Raises NotFound."""
    _mark(survey, word, key, "")
    audit.record(SHOWN, f"survey:{survey.id}", question=word.partition("-")[0])
    db.session.flush()


def _mark(survey: Survey, word: str, key: str, why: str) -> None:
    found = text_list(survey, word)
    response_id = dict(_keys_of(found)).get(key)
    if response_id is None:
        raise NotFound
    db.session.get_one(SurveyAnswer, (response_id, found.question.id)).hidden_why = why
