"""Somebody asks for letters: it is kept, and one letter asks the address whether that is true.

Nothing here tells whether an address is known. An address gets one letter an hour at most, whoever asks how often.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import NotFound, Refused
from eventsys.events.models import Registration
from eventsys.mail.models import Delivery
from eventsys.mail.outbox import post
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.models import Reader, SignUp, Way
from eventsys.newsletters.subscriptions.queries import lists_of, locked_reader, reader_at, waiting_sign_ups
from eventsys.newsletters.subscriptions.words import consent_version
from eventsys.tokens import mark_of, new_token

CONFIRM, CONFIRM_ADDRESS, ALREADY = (
    f"newsletters/{name}" for name in ("confirm_subscription", "confirm_address", "already_subscribed")
)
LASTS = timedelta(days=7)
HOUR = timedelta(hours=1)
FRESH = timedelta(days=7)
"""A box ticked longer ago than this is not asked about any more."""
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Wish:
    """What somebody asks for. `address` is comparable (mail.addresses), `lists` are keys of lists.py."""

    address: str
    lists: tuple[str, ...]
    name: str = ""
    organisation: str = ""
    lang: str = "sv"
    way: Way = Way.PAGE
    code_id: int | None = None
    registration_id: int | None = None


class HasThemAlready(Refused):
    """The reader has all these lists. For staff only: the public is never told."""


def sign_up(wish: Wish, at: datetime) -> None:
    """Keep the wish, and ask the address by letter whether it is true; tell one that has all of it so. Flushes."""
    reader = reader_at(wish.address)
    if reader is not None and set(wish.lists) <= set(lists_of(reader)):
        tell_already_subscribed(reader, wish.lang, at)
        return
    _keep_and_ask(wish, at)


def sign_up_by_hand(wish: Wish, at: datetime) -> SignUp:
    """Staff ask for somebody, who is written to and confirms by themselves. Raises HasThemAlready. Flushes."""
    reader = reader_at(wish.address)
    if reader is not None and set(wish.lists) <= set(lists_of(reader)):
        raise HasThemAlready("Den här adressen har redan breven du valde.")
    asked = _keep_and_ask(wish, at)
    audit.record("reader.asked", f"sign_up:{asked.id}", lists=len(wish.lists))
    return asked


def _keep_and_ask(wish: Wish, at: datetime) -> SignUp:
    """One row for everything that waits under an address, but a row of its own for each registration."""
    words = consent_version()
    last = _last_letter_at(wish.address)  # before looking for what waits: who sees a letter must see its question
    waiting = waiting_sign_ups(wish.address, at, locked=True)  # what is added to a row that is confirmed now is lost
    same = next((one for one in waiting if one.registration_id is None), None)
    row = same if same is not None and wish.registration_id is None else None
    if row is None:
        row = SignUp(
            token=new_token(), address=wish.address, lists=[], registration_id=wish.registration_id, created_at=at
        )
        db.session.add(row)
    row.lists = list(dict.fromkeys([*row.lists, *wish.lists]))
    row.name, row.organisation, row.lang = wish.name, wish.organisation, wish.lang
    row.way, row.code_id, row.text_version, row.ends_at = wish.way, wish.code_id, words, at + LASTS
    db.session.flush()
    _post(CONFIRM, row.id, wish.address, wish.lang, at, last, asked_before=bool(waiting))
    return row


def tell_already_subscribed(reader: Reader, lang: str, at: datetime) -> None:
    """By letter, for it is nobody else's business. Flushes."""
    _post(ALREADY, reader.id, reader.address, lang, at, _last_letter_at(reader.address), asked_before=True)


# --- another address ----------------------------------------------------------------------------------------------


def ask_for_other_address(reader_id: int, address: str, lang: str, at: datetime) -> None:
    """The reader wants letters at another address: the new one is asked. Raises NotFound. Flushes.

    One that belongs to another reader is told that it has letters already; the page says the same in both cases.
    """
    reader = locked_reader(reader_id)
    if reader.address == address:
        return
    other = reader_at(address)
    if other is not None:
        tell_already_subscribed(other, lang, at)
        return
    last = _last_letter_at(address)
    row = _waiting_change(reader, address, at)
    before = row is not None
    if row is None:
        row = SignUp(token=new_token(), address=address, lists=[], way=Way.PAGE, reader_id=reader.id, created_at=at)
        db.session.add(row)
    row.lang, row.ends_at = lang, at + LASTS
    db.session.flush()
    _post(CONFIRM_ADDRESS, row.id, address, lang, at, last, asked_before=before)


def _waiting_change(reader: Reader, address: str, at: datetime) -> SignUp | None:
    query = (
        select(SignUp)
        .where(SignUp.address == address, SignUp.reader_id == reader.id)
        .where(SignUp.confirmed_at.is_(None), SignUp.ends_at > at)
        .order_by(SignUp.id)
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


# --- boxes ticked on registrations --------------------------------------------------------------------------------


def registrations_to_ask(at: datetime) -> list[int]:
    """Bookings whose booker ticked the newsletter's box, and whose address nobody has asked yet. For the tick."""
    asked = select(SignUp.id).where(SignUp.registration_id == Registration.id)
    query = (
        select(Registration.id)
        .where(Registration.wants_letters_at > at - FRESH, ~asked.exists())
        .order_by(Registration.wants_letters_at)
        .limit(MOST_AT_ONCE)
    )
    return list(db.session.scalars(query))


def sign_up_from_registration(registration_id: int, at: datetime) -> None:
    """Ask the booker who ticked the box. Harmless when that was done before. Raises NotFound. Flushes.

    Who has the letters already is not disturbed by one more.
    """
    booking = db.session.get(Registration, registration_id, with_for_update=True, populate_existing=True)
    if booking is None:
        raise NotFound
    done = db.session.scalars(select(SignUp.id).where(SignUp.registration_id == registration_id)).first()
    if booking.wants_letters_at is None or done is not None:
        return
    wish = Wish(
        booking.booker_email_key, (FORETAGSAMT,), booking.booker_name, booking.company_name, booking.lang,
        Way.REGISTRATION, registration_id=booking.id,
    )  # fmt: skip
    reader = reader_at(wish.address)
    if reader is not None and FORETAGSAMT in lists_of(reader):
        _note_settled(wish, at)
    else:
        _keep_and_ask(wish, at)


def _note_settled(wish: Wish, at: datetime) -> None:
    """A row with nothing to confirm, so that the clock does not find the registration again."""
    row = SignUp(
        token=new_token(), address=wish.address, lists=list(wish.lists), lang=wish.lang, way=wish.way,
        registration_id=wish.registration_id, text_version=consent_version(), created_at=at, ends_at=at,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()


# --- one letter an hour -------------------------------------------------------------------------------------------


def _post(
    letter: str, subject_id: int, address: str, lang: str, at: datetime, last: datetime | None, asked_before: bool
) -> None:
    """Post the letter, unless the address was written to within the hour (`last`) and that letter serves.

    It does when the same question waits already (`asked_before`): its page shows everything asked meanwhile. Otherwise
    the letter waits until the hour is over.
    """
    leaves_at = at
    if last is not None and last > at - HOUR:
        if asked_before:
            return
        leaves_at = last + HOUR
    mark = mark_of(address, "sign-up")
    post(
        letter, subject_id, purpose_key=f"sign-up:{mark}:{leaves_at:%Y-%m-%dT%H}", address=address, name="",
        lang=lang, about="newsletter", not_before=leaves_at, not_after=leaves_at + LASTS,
    )  # fmt: skip


def _last_letter_at(address: str) -> datetime | None:
    query = select(func.max(Delivery.not_before)).where(
        Delivery.address == address, Delivery.letter.in_((CONFIRM, CONFIRM_ADDRESS, ALREADY))
    )
    return db.session.scalar(query)
