"""What the kitchen needs: how many come, and what they cannot eat, counted and without names.

What people wrote is grouped only where the words surely mean the same dish. An illness is not turned into a diet:
"celiaki" stays as written beside "Glutenfritt", because the kitchen treats the two differently.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from eventsys.database import db
from eventsys.events.models import Attendee, AttendeeState, Diet, Event
from eventsys.names import collated

EATING = (AttendeeState.CONFIRMED, AttendeeState.ATTENDED)

# The dish, and the words that ask for it and nothing else. English registrations write English.
_DISHES = {
    "Vegetariskt": "vegetariskt vegetarisk vegetarian vegetarisk_kost vegetarisk_mat vegetarian_food",
    "Veganskt": "veganskt vegansk vegan vegankost vegansk_kost vegansk_mat vegan_food",
    "Glutenfritt": "glutenfritt glutenfri glutenfri_kost glutenfri_mat gluten-free gluten_free utan_gluten ej_gluten",
    "Laktosfritt": "laktosfritt laktosfri laktosfri_kost laktosfri_mat lactose-free lactose_free utan_laktos ej_laktos",
    "Mjölkfritt": "mjölkfritt mjölkfri mjölkfri_kost dairy-free dairy_free utan_mjölk",
    "Nötfritt": "nötfritt nötfri nut-free nut_free utan_nötter",
    "Utan fläsk": "utan_fläsk ej_fläsk inget_fläsk ej_fläskkött inte_fläsk inget_fläskkött no_pork",
    "Halal": "halal halalmat halalkött",
    "Pesketariskt": "pesketariskt pesketarian pescetarian pescetariskt pescetarisk",
}  # fmt: skip
_DISH_OF = {word.replace("_", " "): dish for dish, words in _DISHES.items() for word in words.split()}
_NOTHING = {"nej", "ingen", "inget", "inga", "-", "nej tack", "inga allergier", "ingen allergi", "none", "no", "allt"}
_BETWEEN = re.compile(r"\s*(?:,|&|\+|/|;|\boch\b|\band\b)\s*")


@dataclass(frozen=True)
class KitchenNote:
    """Dishes and how many, most wanted first; then what people wrote in words of their own, and how many wrote it."""

    dishes: list[tuple[str, int]]
    as_written: list[tuple[str, int]]

    @property
    def people(self) -> int:
        return sum(count for _, count in (*self.dishes, *self.as_written))


def kitchen_note(event: Event) -> KitchenNote:
    """The wishes of everybody who has a seat, without names. Empty once the diets are forgotten."""
    query = (
        select(Diet.text)
        .join(Diet.attendee)
        .where(Attendee.event_id == event.id, Attendee.state.in_(EATING))
        .order_by(Diet.attendee_id)
    )
    return counted(db.session.execute(query).scalars().all())


def counted(texts: Sequence[str]) -> KitchenNote:
    """Texts as people typed them, grouped and counted; those that ask for nothing are left out."""
    dishes: Counter[str] = Counter()
    others: Counter[str] = Counter()
    written: dict[str, str] = {}
    for text in texts:
        plain = _plain(text)
        if (dish := _dish(plain)) is not None:
            dishes[dish] += 1
        elif plain and plain not in _NOTHING:
            others[plain] += 1
            written.setdefault(plain, " ".join(text.split()))
    return KitchenNote(_most_first(dishes), [(written[plain], count) for plain, count in _most_first(others)])


def _plain(text: str) -> str:
    """Small letters, single spaces, no full stop at the end."""
    return " ".join(text.casefold().split()).rstrip(".! ")


def _dish(plain: str) -> str | None:
    """The dish that is surely meant, several joined; None when a part of the text is anything else."""
    found = {_DISH_OF.get(part) for part in _BETWEEN.split(plain)}
    if None in found:
        return None
    named = sorted((dish for dish in found if dish), key=collated)
    return " och ".join([named[0], *(dish[0].lower() + dish[1:] for dish in named[1:])])


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], collated(item[0])))


def who_eats_what(event: Event) -> list[tuple[Attendee, str]]:
    """Everybody with a seat who wrote something, by name. Whoever looks is noted by the door."""
    query = (
        select(Attendee, Diet.text)
        .join(Diet, Diet.attendee_id == Attendee.id)
        .where(Attendee.event_id == event.id, Attendee.state.in_(EATING))
        .order_by(Attendee.sort_key, Attendee.id)
    )
    return [(attendee, text) for attendee, text in db.session.execute(query)]
