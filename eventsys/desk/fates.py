"""The history of a letter as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eventsys.desk.words import CHANGE_WORDS
from eventsys.mail.models import DeliveryEvent, State

# Steps on the way say nothing once the next one is known.
_ON_THE_WAY = (State.CLAIMED, State.IN_FLIGHT)


@dataclass(frozen=True)
class Step:
    """One line of the history."""

    at: datetime
    title: str
    detail: str
    became: State


def steps_of(history: Sequence[DeliveryEvent]) -> list[Step]:
    """The changes of a letter, oldest first, without the steps that the next one explains."""
    shown = [one for one in history if one.became not in _ON_THE_WAY or one is history[-1]]
    return [Step(one.at, _title(one), one.detail, one.became) for one in shown]


def _title(change: DeliveryEvent) -> str:
    if (change.was, change.became) == (State.UNKNOWN, State.ACCEPTED):
        return "Räknat som skickat"
    if change.became is State.QUEUED and change.was in (State.UNKNOWN, State.REJECTED):
        return "Skickas igen"
    return CHANGE_WORDS[change.became]
