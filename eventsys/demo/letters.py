"""What became of the demonstration's letters.

The verbs post a letter for everything that happened, months of it. None of them is sent: this turns each posted letter
into one that was sent at its time, with the history that a real delivery leaves. A few met trouble, so that the pages
about letters have something to show; whom it meets is decided by the domain of the address. The states follow the
mail slice's own table of changes, the waits its own rules. A deferred one is tried again when its time comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext
from sqlalchemy import insert, select, update

from eventsys.database import db
from eventsys.demo.texts import MESSAGE_SUBJECT, SUBJECTS
from eventsys.events.emails import event_facts
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Event, Registration
from eventsys.i18n import speaking
from eventsys.mail.delivery.judging import WAITS
from eventsys.mail.models import CHANGES, Delivery, DeliveryEvent, State, Suppression
from eventsys.privacy.asking import CONFIRM, RECEIVED

SECOND = timedelta(seconds=1)
BOUNCES_AFTER = timedelta(minutes=6)


@dataclass(frozen=True)
class Fate:
    """Where a letter ends after `in_flight`, what the server said, and the reason that staff read."""

    ends: State = State.ACCEPTED
    code: int | None = 250
    reply: str = "2.0.0 Ok"
    reason: str = ""


FATES = {
    "stavfel.example": Fate(
        State.REJECTED, 550, "5.1.1 No such user", "Adressen finns inte, säger mottagarens server."
    ),
    "fullbrevlada.example": Fate(
        State.DEFERRED, 452, "4.2.2 Mailbox full", "Mottagarens server ber oss försöka senare."
    ),
    "glappkontakt.example": Fate(
        State.UNKNOWN, None, "",
        "Förbindelsen bröts när brevet just var överlämnat. Det går inte att veta om det kom fram.",
    ),
    "flyttat.example": Fate(State.BOUNCED, 250, "2.0.0 Ok", "Brevet kom i retur: adressen finns inte längre."),
}  # fmt: skip


OWN_DATA = {
    CONFIRM: "Bekräfta din begäran om personuppgifter",
    RECEIVED: "Vi har fått din begäran om personuppgifter",
}
"""Subject lines of letters about no event."""


def settle_letters(at: datetime) -> None:
    """Give every posted letter of no mailing its past, as seen at this moment. Flushes, does not commit."""
    db.session.flush()
    events, posted = _events_by_subject(), _posted()
    subjects = _Subjects()
    settled = [_Settled(letter, subjects.of(letter, events.get(letter.about)), at) for letter in posted]
    db.session.execute(update(Delivery), [one.values() for one in settled])
    db.session.execute(insert(DeliveryEvent), [change for one in settled for change in one.history])
    db.session.add_all(one.suppression() for one in settled if one.fate.ends is State.BOUNCED)
    db.session.flush()


def _posted() -> list[Delivery]:
    waits = select(Delivery).where(Delivery.state == State.QUEUED, Delivery.mailing_id.is_(None))
    return list(db.session.scalars(waits.order_by(Delivery.id)))


def _events_by_subject() -> dict[str, Event]:
    """Each event under the names that letters about its bookings and invitations have."""
    bookings = select(Registration.id, Event).join(Registration.event)
    invited = select(Invitation.id, Event).join(Invitation.event)
    return {f"registration:{number}": event for number, event in db.session.execute(bookings)} | {
        f"invitation:{number}": event for number, event in db.session.execute(invited)
    }


class _Subjects:
    """The subject lines, each made once an event and language."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str, int], str] = {}

    def of(self, letter: Delivery, event: Event | None) -> str:
        if event is None:
            return OWN_DATA[letter.letter]
        key = (letter.letter, letter.lang, event.id)
        if key not in self._made:
            self._made[key] = _subject(letter, event)
        return self._made[key]


def _subject(letter: Delivery, event: Event) -> str:
    if letter.letter not in SUBJECTS:
        return MESSAGE_SUBJECT
    with speaking(letter.lang):
        facts = event_facts(event, letter.lang)
        return str(gettext(SUBJECTS[letter.letter], event=facts["title"], when=facts["short"]))


class _Settled:
    """A letter with its fate and the history that led there."""

    def __init__(self, letter: Delivery, subject: str, at: datetime) -> None:
        self.letter, self.subject = letter, subject
        self.fate = FATES.get(letter.address.rpartition("@")[2], Fate())
        self.tries = list(self._tries(at))
        self.state, self.changed_at = State.QUEUED, letter.created_at
        self.history = list(self._history())

    def values(self) -> dict[str, Any]:
        """What the letter's row says now."""
        return {
            "id": self.letter.id, "state": self.state, "changed_at": self.changed_at, "attempts": len(self.tries),
            "smtp_code": self.fate.code, "smtp_reply": self.fate.reply, "reason": self.fate.reason,
            "subject": self.subject, "not_before": self._next_try(),
        }  # fmt: skip

    def suppression(self) -> Suppression:
        return Suppression(address=self.letter.address, reason=self.fate.reason, added_at=self.changed_at)

    def _tries(self, now: datetime) -> Iterator[datetime]:
        """When it was tried: once, and as long as it is deferred, after each wait that is over by now."""
        time = self.letter.created_at + 2 * SECOND
        yield time
        for wait in WAITS if self.fate.ends is State.DEFERRED else ():
            time += wait
            if time >= now:
                return
            yield time

    def _next_try(self) -> datetime:
        deferred = self.fate.ends is State.DEFERRED and len(self.tries) <= len(WAITS)
        return self.tries[-1] + WAITS[len(self.tries) - 1] if deferred else self.letter.not_before

    def _history(self) -> Iterator[dict[str, Any]]:
        ends = State.ACCEPTED if self.fate.ends is State.BOUNCED else self.fate.ends
        for time in self.tries:
            yield self._change(State.CLAIMED, time)
            yield self._change(State.IN_FLIGHT, time + SECOND)
            yield self._change(ends, time + 2 * SECOND, self.fate.code, self.fate.reply)
        if self.fate.ends is State.BOUNCED:
            yield self._change(State.BOUNCED, self.tries[-1] + BOUNCES_AFTER, None, self.fate.reason)

    def _change(self, becomes: State, at: datetime, code: int | None = None, detail: str = "") -> dict[str, Any]:
        if becomes not in CHANGES[self.state]:
            raise ValueError(f"{self.state} never becomes {becomes}")
        change = {
            "delivery_id": self.letter.id, "at": at, "was": self.state, "became": becomes, "smtp_code": code,
            "detail": detail,
        }  # fmt: skip
        self.state, self.changed_at = becomes, at
        return change
