"""Looking at an audience before it is used: how many, their names page by page, and who is left out and why.

The numbers and the names come from the same run through the candidates, so what is counted is what is shown.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from eventsys.folding import fold
from eventsys.mail.mailings.freezing import Recipient
from eventsys.newsletters.audience.choosing import REACHED, Choice, choose
from eventsys.newsletters.audience.keys import Audience

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Which names are wanted: those who get it, or with `left_out` those who do not, perhaps for one reason."""

    text: str = ""
    left_out: bool = False
    reason: str = ""
    page: int = 1

    def fits(self, choice: Choice) -> bool:
        """Whether this one is among them."""
        if isinstance(choice, Recipient):
            return not self.left_out and self._says(choice)
        return self.left_out and self.reason in ("", choice.reason) and self._says(choice)

    def _says(self, choice: Choice) -> bool:
        if not self.text:
            return True
        said = fold(f"{choice.address} {choice.name} {choice.organisation}")
        return all(word in said for word in fold(self.text).split())


@dataclass
class Look:
    """An audience in numbers, and one page of names. candidates = recipients + excluded."""

    page: int
    recipients: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Why people are left out, and how many."""
    names: list[Choice] = field(default_factory=list)
    found: int = 0
    """How many fit what is wanted, on all pages."""

    @property
    def excluded(self) -> int:
        return self.reasons.total()

    @property
    def candidates(self) -> int:
        return self.recipients + self.excluded

    @property
    def reached(self) -> int:
        """How many an earlier sending of the same issue has reached."""
        return self.reasons[REACHED]

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.names) - 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.found // PAGE))


def look_at(audience: Audience, wanted: Wanted = Wanted(), about: str = "") -> Look:
    """Count everybody and keep the names of the wanted page; one query. A page too high is empty."""
    look = Look(wanted.page)
    for choice in choose(audience, about):
        _count(look, choice)
        if wanted.fits(choice):
            look.found += 1
            if look.first <= look.found < look.first + PAGE:
                look.names.append(choice)
    return look


def _count(look: Look, choice: Choice) -> None:
    if isinstance(choice, Recipient):
        look.recipients += 1
    else:
        look.reasons[choice.reason] += 1


def number_of_recipients(audience: Audience, about: str = "") -> int:
    """How many get the letter."""
    return sum(isinstance(choice, Recipient) for choice in choose(audience, about))
