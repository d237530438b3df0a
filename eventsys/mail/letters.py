"""The registry of letters: which kinds there are, how each is made and when it is no longer wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import Flask, current_app

from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.mail.claim import Claim
from eventsys.mail.compose import Email
from eventsys.mail.models import Delivery

Row = TypeVar("Row")


def subject_of(model: type[Row], delivery: Delivery) -> Row:
    """The row of this table that a letter is about. Raises NotFound."""
    found = db.session.get(model, delivery.subject_id)
    if found is None:
        raise NotFound
    return found


def always_wanted(_delivery: Delivery) -> str:
    """For letters that nothing can make unwanted."""
    return ""


@dataclass(frozen=True)
class Letter:
    """How a kind of letter is made, and whether it is still wanted.

    Both get the delivery's row: its subject, address, language and purpose. `build(delivery)` makes the letter from
    rows, at sending time, outside any transaction. `unwanted(delivery)` answers "" or the reason in Swedish why it must
    not be sent any more (NotFound counts as one); it is asked at the last moment, inside the transaction that lets the
    letter go, so it must be quick and change nothing.
    """

    build: Callable[[Delivery], Email]
    unwanted: Callable[[Delivery], str] = always_wanted


def nobody(_claims: Sequence[Claim]) -> Mapping[int, str]:
    """For mailings that nothing can make unwanted."""
    return {}


def no_values(claims: Sequence[Claim]) -> Sequence[Mapping[str, str]]:
    """For mailings whose letter is the same for all."""
    return [{} for _ in claims]


@dataclass(frozen=True)
class MailingLetter:
    """What differs between the letters of a mailing, whose frozen letter is kept with the mailing itself.

    Both get many claims at once, each with its subject id, address, name and token, and should ask the database once.
    `values(claims)` answers for each, in order, what stands in place of the tokens. `unwanted(claims)` answers, by
    claim id, why (in Swedish) a letter must not be sent any more; asked as `Letter.unwanted` is.
    """

    values: Callable[[Sequence[Claim]], Sequence[Mapping[str, str]]] = no_values
    unwanted: Callable[[Sequence[Claim]], Mapping[int, str]] = nobody


Kind = Letter | MailingLetter


def register_letters(app: Flask, letters: Mapping[str, Kind]) -> None:
    """Make these letters known to the application, by name. Called by create_app with what each slice offers.

    Raises ValueError when a name is taken.
    """
    known: dict[str, Kind] = app.extensions.setdefault("eventsys_letters", {})
    if taken := known.keys() & letters.keys():
        raise ValueError(f"letters registered twice: {', '.join(sorted(taken))}")
    known.update(letters)


def letter_named(name: str) -> Kind | None:
    """The registered letter, or None when this program does not know it."""
    known: dict[str, Kind] = current_app.extensions.get("eventsys_letters", {})
    return known.get(name)
