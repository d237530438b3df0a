"""The results of one survey, each figure with what it was counted from, and with what is hidden left out.

Pages, files and papers show what stands in these views and count nothing themselves: what is hidden here is nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from eventsys.database import db
from eventsys.events.programme.models import Session
from eventsys.surveys.models import (
    NKI_KINDS,
    SCALE_KINDS,
    Asked,
    QuestionKind,
    Survey,
    SurveyQuestion,
    Way,
    as_places,
)
from eventsys.surveys.nki import HIGHEST, LOWEST, NkiResult, half_up, nki_of_counts
from eventsys.surveys.results.counting import (
    ByWay,
    Numbers,
    Triples,
    days_of,
    handed_in,
    in_sessions,
    numbers_of,
    triples_of,
)
from eventsys.surveys.results.hiding import Rules, Stretch, hidden_sessions, rules_now, shows_figures, stretches


@dataclass(frozen=True)
class Choice:
    """One number of a scale, or one option, and how many gave it. `place` is the number, or the option's from 0."""

    place: int
    persons: int


@dataclass(frozen=True)
class QuestionResult:
    """What was answered to one question. `choices` is empty and `mean` None when it is hidden."""

    question: SurveyQuestion
    answered: int
    unsure: int | None
    """Said "vet ej" or left it blank; None where we cannot know who was asked."""
    mean: Fraction | None
    choices: Sequence[Choice]
    is_hidden: bool

    @property
    def mean_shown(self) -> float | None:
        """With one decimal, half up."""
        return None if self.mean is None else half_up(self.mean * 10) / 10


@dataclass(frozen=True)
class SessionResult:
    session: Session
    answers: int
    questions: Sequence[QuestionResult]
    is_hidden: bool


@dataclass(frozen=True)
class Part:
    """The answers that came by one way."""

    way: Way
    answers: int
    nki: NkiResult | None
    """None where the index is not asked for."""
    questions: Sequence[QuestionResult]
    sessions: Sequence[SessionResult]
    stretches: Sequence[Stretch]
    is_hidden: bool
    """Fewer answers than any figure needs; free texts too."""


@dataclass(frozen=True)
class ResultView:
    """Everything that may be shown of one survey. `parts` is empty while it is open."""

    survey: Survey
    answers: int
    """By personal links, of those who attended."""
    invited: int
    others: Mapping[Way, int]
    least: int
    parts: Mapping[Way, Part]

    @property
    def rate(self) -> int | None:
        """Per cent of those invited who have answered, half up; None when nobody was."""
        return half_up(Fraction(100 * self.answers, self.invited)) if self.invited else None

    @property
    def came(self) -> dict[Way, int]:
        """How many answers came, by way."""
        return {Way.PERSONAL: self.answers, **self.others}

    @property
    def personal(self) -> Part | None:
        return self.parts.get(Way.PERSONAL)

    @property
    def nki(self) -> NkiResult | None:
        return self.personal.nki if self.personal else None

    @property
    def is_shown(self) -> bool:
        """Whether there is an index to show."""
        return self.nki is not None and not self.nki.is_hidden


def asks_index(survey: Survey) -> bool:
    """Whether all three questions of the index are asked; staff may leave one out."""
    return {question.kind for question in survey.questions}.issuperset(NKI_KINDS)


def invited_to(survey: Survey, answers: int) -> int:
    """How many were asked; never fewer than have answered, should somebody's attendance be changed afterwards."""
    return max(survey.invited, answers)


def counted(survey: Survey) -> ByWay:
    """The triples of a survey that has closed, for `result_of` and `trend_of` on one page; nothing while it is open."""
    return triples_of([survey.id]) if shows_figures(survey) else {}


def result_of(survey: Survey, triples: ByWay | None = None) -> ResultView:
    """The results of one survey. A fixed number of queries, however many have answered.

    `triples` are those of `counted`, where the caller has them already.
    """
    triples, rules = counted(survey) if triples is None else triples, rules_now()
    came = _came(survey, triples)
    answers = came.pop(Way.PERSONAL, 0)
    parts = _parts(survey, triples, rules)
    return ResultView(survey, answers, invited_to(survey, answers), came, rules.least, parts)


def _came(survey: Survey, triples: ByWay) -> dict[Way, int]:
    """How many answers came, by way."""
    if not shows_figures(survey):
        return {way: number for (_, way), number in handed_in([survey.id]).items()}
    return {way: sum(counts.values()) for (_, way), counts in triples.items()}


def _parts(survey: Survey, triples: ByWay, rules: Rules) -> dict[Way, Part]:
    if not triples:
        return {}
    everything = _Counted(survey, triples, rules)
    return {way: everything.part(way) for way in Way if (survey.id, way) in triples}


class _Counted:
    """A survey's answers, counted once for all ways."""

    def __init__(self, survey: Survey, triples: ByWay, rules: Rules) -> None:
        self.survey, self.triples, self.least, self.bands = survey, triples, rules.least, rules.bands
        own = (QuestionKind.SCALE, QuestionKind.CHOICE, QuestionKind.CHOICES)
        self.numbers = numbers_of(survey.id, [one for one in survey.questions if one.kind in own])
        self.in_sessions = in_sessions(survey.questions)
        self.sessions = _sessions_of(survey)
        self.days = days_of(survey.id)

    def part(self, way: Way) -> Part:
        triples = self.triples[self.survey.id, way]
        answers = sum(triples.values())
        asked = Asked.NO_SHOW if way is Way.NO_SHOW else Asked.ATTENDED
        questions = [
            self._question(one, way, answers)
            for one in self.survey.questions
            if one.asked is asked and one.session_id is None and one.kind is not QuestionKind.TEXT
        ]
        index = self._nki(way, triples, answers) if way is not Way.NO_SHOW and asks_index(self.survey) else None
        return Part(
            way, answers, index, questions, self._by_session(way), stretches(self.days[way], self.least),
            is_hidden=answers < self.least,
        )  # fmt: skip

    def _nki(self, way: Way, triples: Triples, answers: int) -> NkiResult:
        invited = invited_to(self.survey, answers) if way is Way.PERSONAL else None
        return nki_of_counts(triples, invited, self.least, self.bands)

    def _question(self, question: SurveyQuestion, way: Way, answers: int | None) -> QuestionResult:
        """`answers`: how many were asked it and handed in; None where that is not known."""
        if question.kind is QuestionKind.CHOICES:
            return self._several(question, way, answers)
        counts = self._counts(question, way)
        told = counts.pop(None, 0)
        answered = sum(counts.values())
        unsure = told if answers is None else answers - answered
        places = range(LOWEST, HIGHEST + 1) if question.kind in SCALE_KINDS else range(len(question.options))
        return self._result(question, answered, unsure, counts, places)

    def _counts(self, question: SurveyQuestion, way: Way) -> Numbers:
        if question.kind in NKI_KINDS:
            return _of_triples(self.triples[self.survey.id, way], NKI_KINDS.index(question.kind))
        return Counter(self.numbers.get((question.id, way), {}))

    def _several(self, question: SurveyQuestion, way: Way, answers: int | None) -> QuestionResult:
        sets = {number: persons for number, persons in self._counts(question, way).items() if number}
        counts: Numbers = Counter()
        for number, persons in sets.items():
            counts.update(dict.fromkeys(as_places(number), persons))
        answered = sum(sets.values())
        unsure = None if answers is None else answers - answered
        return self._result(question, answered, unsure, counts, range(len(question.options)))

    def _result(
        self, question: SurveyQuestion, answered: int, unsure: int | None, counts: Numbers, places: range
    ) -> QuestionResult:  # fmt: skip
        if answered < self.least:
            return QuestionResult(question, answered, unsure, None, (), is_hidden=True)
        mean = _mean(counts) if question.kind in SCALE_KINDS else None
        choices = [Choice(place, counts.get(place, 0)) for place in places]
        return QuestionResult(question, answered, unsure, mean, choices, is_hidden=False)

    def _by_session(self, way: Way) -> list[SessionResult]:
        if way is Way.NO_SHOW or not self.sessions:
            return []
        sizes = {session: self.in_sessions[session.id, way] for session in self.sessions}
        hidden = hidden_sessions(sizes, self.least)
        return [self._session(session, sizes[session], way, session.id in hidden) for session in self.sessions]

    def _session(self, session: Session, answers: int, way: Way, is_hidden: bool) -> SessionResult:
        asked = [
            one for one in self.survey.questions if one.session_id == session.id and one.kind is not QuestionKind.TEXT
        ]
        questions = [] if is_hidden else [self._question(one, way, None) for one in asked]
        return SessionResult(session, answers, questions, is_hidden)


def _sessions_of(survey: Survey) -> list[Session]:
    """The sessions that the survey asks about, in the order of its questions. One query, or none."""
    ids = list(dict.fromkeys(one.session_id for one in survey.questions if one.session_id is not None))
    found = db.session.scalars(select(Session).where(Session.id.in_(ids))).all() if ids else ()
    return sorted(found, key=lambda session: ids.index(session.id))


def _of_triples(triples: Triples, place: int) -> Numbers:
    counts: Numbers = Counter()
    for answer, persons in triples.items():
        counts[answer[place]] += persons
    return counts


def _mean(counts: Mapping[int | None, int]) -> Fraction:
    total = sum((number or 0) * persons for number, persons in counts.items())
    return Fraction(total, sum(counts.values()))
