"""Freezing a mailing: its letter's bytes, a row for every recipient, and a reason for everybody left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Table, func, insert, literal, null, select
from sqlalchemy.dialects import postgresql, sqlite

from eventsys import audit
from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.forms import squeeze
from eventsys.mail.addresses import comparable
from eventsys.mail.delivery.lastword import suppressed_among
from eventsys.mail.letters import MailingLetter, letter_named
from eventsys.mail.models import (
    Delivery,
    DeliveryEvent,
    Mailing,
    MailingExclusion,
    MailingState,
    Priority,
    State,
)
from eventsys.mail.outbox import new_names
from eventsys.mail.splice import CannotSplice, Rendered, Splice

PORTION = 500
SAME_ADDRESS = "samma adress"
NO_ADDRESS = "ingen e-postadress"
_TABLE = cast(Table, Delivery.__table__)
_INSERTS = {
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.token),
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.token),
}


class AlreadyFrozen(Refused):
    """The mailing was prepared before."""


class LetterUnfit(Refused):
    """The finished letter cannot be sent as it is."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody the letter is for. `subject_id` is what `values` and `unwanted` of the letter find them by."""

    subject_id: int
    address: str
    name: str = ""
    organisation: str = ""
    is_seed: bool = False


@dataclass(frozen=True, slots=True)
class Excluded:
    """Somebody the letter could have been for, and why it is not; the reason is Swedish."""

    address: str
    name: str
    organisation: str
    reason: str


@dataclass(frozen=True)
class Balance:
    """What freezing found; candidates = letters + excluded."""

    candidates: int
    letters: int

    @property
    def excluded(self) -> int:
        return self.candidates - self.letters


def new_mailing(name: str, about: str = "") -> Mailing:
    """A mailing in draft. Flushes, does not commit."""
    mailing = Mailing(name=name[:200], about=about, created_at=now())
    db.session.add(mailing)
    db.session.flush()
    return mailing


def freeze(
    mailing_id: int, kind: str, letter: Rendered, recipients: Iterable[Recipient], exclusions: Iterable[Excluded] = ()
) -> Balance:
    """Keep the letter's bytes, post a row for every recipient, and keep everybody left out with the reason.

    Both may be iterators: nothing is held but a portion of 500. Of several recipients with one address the first gets
    the letter; seeds therefore come first. Suppressed addresses are left out here. `kind` is a registered
    MailingLetter. Nothing leaves before `start`. Raises AlreadyFrozen, LetterUnfit. Flushes, does not commit.
    """
    if not isinstance(letter_named(kind), MailingLetter):
        raise ValueError(f"no letter of mailings is registered as {kind}")
    mailing = db.session.get_one(Mailing, mailing_id, with_for_update=True, populate_existing=True)
    if mailing.state is not MailingState.DRAFT:
        raise AlreadyFrozen("Utskicket är redan förberett.")
    _keep_letter(mailing, letter)
    left_out = sum(_leave_out(mailing_id, portion) for portion in _portions(exclusions))
    left_out += sum(_post(mailing, kind, portion, letter.lang) for portion in _portions(recipients))
    letters = _note_queued(mailing_id)
    audit.record("mailing.prepared", f"mailing:{mailing_id}", letters=letters, left_out=left_out)
    return Balance(letters + left_out, letters)


def _keep_letter(mailing: Mailing, letter: Rendered) -> None:
    try:
        Splice(letter, settings().mail_from, "try")
    except CannotSplice as error:
        raise LetterUnfit(f"Brevet går inte att skicka som det är ({error}).") from error
    mailing.letter, mailing.sha256 = letter.to_bytes(), letter.sha256
    mailing.state, mailing.prepared_at = MailingState.PREPARED, now()
    db.session.flush()


T = TypeVar("T")


def _portions(of: Iterable[T]) -> Iterator[list[T]]:
    several = iter(of)
    while portion := list(islice(several, PORTION)):
        yield portion


def _leave_out(mailing_id: int, excluded: list[Excluded]) -> int:
    rows = [
        {
            "mailing_id": mailing_id, "address": one.address[:254], "name": squeeze(one.name)[:200],
            "organisation": squeeze(one.organisation)[:200], "reason": one.reason[:300],
        }
        for one in excluded
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(MailingExclusion.__table__), rows)  # type: ignore[arg-type]
    return len(rows)


def _post(mailing: Mailing, kind: str, recipients: list[Recipient], lang: str) -> int:
    """Post rows to all that can get one; how many were left out."""
    addresses = [comparable(one.address) if one.address else "" for one in recipients]
    suppressed = suppressed_among(set(addresses))
    reasons = [_why_not(address, suppressed) for address in addresses]
    fit = [one for one, reason in zip(recipients, reasons, strict=True) if not reason]
    kept = [address for address, reason in zip(addresses, reasons, strict=True) if not reason]
    rows = [_row(mailing, kind, one, address, lang) for one, address in zip(fit, kept, strict=True)]
    new = set(db.session.execute(_INSERTS[db.engine.dialect.name], rows).scalars()) if rows else set()
    doubles = [one for one, row in zip(fit, rows, strict=True) if row["token"] not in new]
    left_out = [(one, reason) for one, reason in zip(recipients, reasons, strict=True) if reason]
    left_out += [(one, SAME_ADDRESS) for one in doubles]
    return _leave_out(
        mailing.id, [Excluded(one.address, one.name, one.organisation, reason) for one, reason in left_out]
    )


def _why_not(address: str, suppressed: dict[str, str]) -> str:
    if not address:
        return NO_ADDRESS
    return f"Spärrad adress. {suppressed[address]}" if address in suppressed else ""


def _row(mailing: Mailing, kind: str, one: Recipient, address: str, lang: str) -> dict[str, Any]:
    names, at = new_names(), now()
    return {
        "mailing_id": mailing.id, "purpose_key": f"mailing:{mailing.id}:{names['token']}", "letter": kind,
        "subject_id": one.subject_id, "about": mailing.about, "address": address,
        "name": squeeze(one.name)[:200], "organisation": squeeze(one.organisation)[:200], "lang": lang,
        "priority": int(Priority.SEED if one.is_seed else Priority.MAILING), "not_before": at, "not_after": None,
        "created_at": at, "changed_at": at, **names,
    }  # fmt: skip


def _note_queued(mailing_id: int) -> int:
    """History of all rows in one statement; how many there are."""
    of_it = select(
        Delivery.id, literal(now(), DeliveryEvent.at.type), null(), literal(State.QUEUED.value), literal("")
    ).where(Delivery.mailing_id == mailing_id)
    db.session.execute(
        insert(DeliveryEvent.__table__).from_select(["delivery_id", "at", "was", "became", "detail"], of_it)  # type: ignore[arg-type]
    )
    return db.session.scalar(select(func.count()).where(Delivery.mailing_id == mailing_id)) or 0
