"""What is not shown, so that no answer can be told from the others. The reasons stand in docs/decisions/0061.

- While a survey is open there are no figures at all: who looks after every answer would see what one answer changed.
- Fewer than `least` answers to a question, in a session, by one way: `*`. Sessions side by side are parts of a whole.
- Days are put together until each stretch has `least` answers that count, so there is nothing to hide among them.
- An event that shows `*` is in no sum of several events, so that no sum can be taken from another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from eventsys.events.programme.models import Session
from eventsys.surveys.models import Survey, SurveyState
from eventsys.surveys.nki import Band, hidden_parts
from eventsys.surveys.settings import bands_of, survey_settings


@dataclass(frozen=True)
class Rules:
    """What the settings say of figures, read once for a page."""

    least: int
    goal: int
    bands: Sequence[tuple[int, Band]]


def rules_now() -> Rules:
    """The rules as the settings are. One query."""
    settings = survey_settings()
    return Rules(settings.least, settings.goal, bands_of(settings))


def shows_figures(survey: Survey) -> bool:
    """Whether figures may be counted at all: no more answers can come."""
    return survey.state is SurveyState.CLOSED


@dataclass(frozen=True)
class Stretch:
    """Days on end, and how many answers came in them."""

    first: date
    last: date
    answers: int

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def stretches(days: Mapping[date, tuple[int, int]], least: int) -> list[Stretch]:
    """The days put together so that at least `least` of the answers that count lie in each stretch.

    `days` is (all answers, those that count) by day. What is left over at the end goes with the stretch before it.
    Empty when fewer than `least` count.
    """
    found: list[Stretch] = []
    first, answers, counting = None, 0, 0
    for day, (came, counted) in sorted(days.items()):
        first, answers, counting = first or day, answers + came, counting + counted
        if counting >= least:
            found.append(Stretch(first, day, answers))
            first, answers, counting = None, 0, 0
    if first and found:
        found[-1] = Stretch(found[-1].first, max(days), found[-1].answers + answers)
    return found


def hidden_sessions(sizes: Mapping[Session, int], least: int) -> set[int]:
    """Ids of the sessions that must not be shown, given how many answered in each.

    Those of one slot are parts of a whole: when one is hidden, a second goes with it.
    """
    slots: dict[int, list[Session]] = defaultdict(list)
    for session in sizes:
        slots[session.slot_id].append(session)
    hidden: set[int] = set()
    for beside in slots.values():
        marks = hidden_parts([sizes[session] for session in beside], least)
        hidden.update(session.id for session, mark in zip(beside, marks, strict=True) if mark or not sizes[session])
    return hidden
