"""Making a claimed letter: its bytes for the wire, its envelope, and the wish to let it go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from eventsys.clock import now
from eventsys.config import settings
from eventsys.database import db
from eventsys.errors import Busy
from eventsys.mail.addresses import on_the_wire
from eventsys.mail.claim import Claim
from eventsys.mail.delivery.changes import Change
from eventsys.mail.delivery.keeper import NOT_MADE
from eventsys.mail.delivery.lastword import Begin
from eventsys.mail.letters import Letter, MailingLetter, letter_named
from eventsys.mail.mailings.frozen import splice_of
from eventsys.mail.message import Envelope, build_message, dot_stuffed, envelope_sender
from eventsys.mail.models import Delivery, State
from eventsys.mail.signing import signer
from eventsys.mail.splice import CannotSplice

log = structlog.get_logger()

UNKNOWN_KIND_WAIT = timedelta(minutes=15)
NO_ADDRESS = "Adressen är ingen e-postadress."
NO_UTF8 = "Brevservern kan inte skicka till adresser med å, ä eller ö före @."


@dataclass(frozen=True, slots=True)
class Made:
    """A letter ready to be sent once its `begin` is granted. `body` has its dots stuffed."""

    begin: Begin
    sender: str = ""
    recipient: str = ""
    body: bytes = b""


def make(claim: Claim, takes_utf8: bool, values: Mapping[str, str] | None) -> Made | Change | None:
    """The letter, with its `values` when it belongs to a mailing; or where it goes instead; or None when the database,
    not the letter, is in trouble."""
    try:
        return _made(claim, takes_utf8, values)
    except (DBAPIError, Busy) as error:
        log.warning("letter_not_made_now", letter=claim.letter, error=type(error).__name__)
        return None
    except Exception as error:
        log.exception("letter_not_made", letter=claim.letter, delivery=claim.id, error=type(error).__name__)
        return Made(Begin(claim, cannot=NOT_MADE, is_our_fault=claim.mailing_id is not None))


def _made(claim: Claim, takes_utf8: bool, values: Mapping[str, str] | None) -> Made | Change:
    kind = letter_named(claim.letter)
    if kind is None:
        return _put_off(claim)
    try:
        recipient = on_the_wire(claim.address)
    except ValueError:
        return Made(Begin(claim, cannot=NO_ADDRESS))
    if not (takes_utf8 or recipient.isascii()):
        return Made(Begin(claim, cannot=NO_UTF8))
    subject, body = _built(claim, kind) if isinstance(kind, Letter) else _spliced(claim, values)
    sender = envelope_sender(settings().bounce_address, settings().mail_from, claim.token)
    return Made(Begin(claim, subject[:300]), sender, recipient, body)


def _built(claim: Claim, letter: Letter) -> tuple[str, bytes]:
    try:
        email = letter.build(db.session.get_one(Delivery, claim.id))
    finally:
        db.session.remove()  # the reading transaction of `build` must not stay open while we talk to the relay
    envelope = Envelope(
        settings().mail_from, settings().mail_reply_to, claim.address, claim.name, claim.message_id, claim.token,
        claim.lang,
    )  # fmt: skip
    return email.subject, dot_stuffed(_signed(build_message(email, envelope, now())))


def _signed(message: bytes) -> bytes:
    """With a DKIM signature, when the settings name a key."""
    signing = signer()
    return signing.signed(message) if signing else message


def _spliced(claim: Claim, values: Mapping[str, str] | None) -> tuple[str, bytes]:
    if claim.mailing_id is None or values is None:
        raise CannotSplice("no mailing, or no values for this letter")
    splice = splice_of(claim.mailing_id)
    given = (claim.address, claim.name, claim.message_id, values, now())
    body = dot_stuffed(_signed(splice.message(*given))) if signer() else splice.on_the_wire(*given)
    return splice.subject(values), body


def values_of(claims: Sequence[Claim]) -> dict[int, Mapping[str, str]]:
    """What stands in place of the tokens in letters of mailings, by claim id. One without is missing here."""
    found: dict[int, Mapping[str, str]] = {}
    by_letter: dict[str, list[Claim]] = {}
    for claim in claims:
        by_letter.setdefault(claim.letter, []).append(claim)
    for name, group in by_letter.items():
        kind = letter_named(name)
        if isinstance(kind, MailingLetter):
            found |= _values_of(kind, group)
    return found


def _values_of(kind: MailingLetter, claims: list[Claim]) -> dict[int, Mapping[str, str]]:
    """One letter without values must not take the others of its portion along."""
    try:
        return {claim.id: values for claim, values in zip(claims, kind.values(claims), strict=True)}
    except (DBAPIError, Busy):
        raise
    except Exception as error:
        if len(claims) > 1:
            return {each: values for one in claims for each, values in _values_of(kind, [one]).items()}
        log.exception("letter_without_values", delivery=claims[0].id, error=type(error).__name__)
        return {}
    finally:
        db.session.remove()


def _put_off(claim: Claim) -> Change:
    """Another release posted it: one that knows this kind of letter will send it."""
    log.error("letter_kind_unknown", letter=claim.letter)
    reason = f"Programmet känner inte brevet {claim.letter}."
    return Change(claim.id, State.CLAIMED, State.DEFERRED, claim.owner, reason, not_before=now() + UNKNOWN_KIND_WAIT)
