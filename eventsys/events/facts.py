"""What higher slices know about an event and its pages show: figures for staff, and pages to point at for everybody.

A slice adds a function of its own: `FACTS.append(...)`. Events call them, and know nothing of what lies above.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eventsys.events.models import Event


@dataclass(frozen=True)
class Fact:
    """A figure of an event. `more` says what it was counted from, `url` opens that, for those who may."""

    label: str
    value: str
    more: str = ""
    url: str = ""


@dataclass(frozen=True)
class Pointer:
    """A page of a higher slice that the event's public page points at, in the language of the page."""

    label: str
    url: str


FACTS: list[Callable[[Event], Sequence[Fact]]] = []
POINTERS: list[Callable[[Event], Sequence[Pointer]]] = []


def facts_of(event: Event) -> list[Fact]:
    """What staff who plan or write are told about an event, on its first page and when it is copied."""
    return [fact for facts in FACTS for fact in facts(event)]


def pointers_of(event: Event) -> list[Pointer]:
    """Where the public page of an event that is over points."""
    return [pointer for pointers in POINTERS for pointer in pointers(event)]
