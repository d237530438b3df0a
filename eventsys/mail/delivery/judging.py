"""What a server's answer means for a letter and for the relay."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from eventsys.mail.bounces.phrases import Kind as Fault
from eventsys.mail.bounces.phrases import whose_fault
from eventsys.mail.claim import Claim
from eventsys.mail.delivery.changes import Change
from eventsys.mail.models import State
from eventsys.mail.smtp import Kind, Outcome

# Growing waits, together about a day.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 360, 480))
# A refusal for a fault of ours is believed to be the letter's own only after so many tries, others passing meanwhile.
TRIES_AGAINST_POLICY = 3

_SIGN_IN_CODES = {530, 534, 535, 538}
_OUR_FAULT_PHRASES = (
    "relay",
    "not permitted to send",
    "sender",
    "spf",
    "dkim",
    "dmarc",
    "blocked",
    "blacklist",
    "spam",
)


def judge(claim: Claim, outcome: Outcome, at: datetime) -> Change:
    """The change that this outcome of a letter in flight makes."""
    if outcome.kind is Kind.ACCEPTED:
        return _change(claim, outcome, State.ACCEPTED, "", credit=1)
    if outcome.kind is Kind.LOST_AFTER_DOT:
        return _change(
            claim, outcome, State.UNKNOWN,
            "Förbindelsen bröts när brevet just var överlämnat. Det går inte att veta om det kom fram.",
        )  # fmt: skip
    if outcome.kind is Kind.NO:
        return _refused(claim, outcome, at)
    if outcome.kind is Kind.LATER:
        return _later(claim, outcome, at, "Mottagarens server ber oss försöka senare.")
    return _later(claim, outcome, at, "Förbindelsen bröts innan brevet var överlämnat. Det är inte skickat.")


def is_our_fault(outcome: Outcome) -> bool:
    """Whether a 5xx speaks of us (sender, sign-in, policy) rather than of the recipient's address."""
    if outcome.stage == "mail" or outcome.code in _SIGN_IN_CODES or outcome.enhanced.startswith("5.7."):
        return True
    words = outcome.reply.lower()
    return not outcome.enhanced.startswith(("5.1.", "5.2.")) and any(phrase in words for phrase in _OUR_FAULT_PHRASES)


def says_address_is_wrong(outcome: Outcome) -> bool:
    """Whether a refusal at once says that nobody has the address, read as a report of it would be."""
    around = "RCPT" if outcome.stage == "rcpt" else ""
    said = f"{outcome.code} {outcome.reply}"
    return outcome.kind is Kind.NO and whose_fault(said, outcome.enhanced or None, around) is Fault.ADDRESS_WRONG


def _refused(claim: Claim, outcome: Outcome, at: datetime) -> Change:
    if not is_our_fault(outcome):
        return replace(
            _change(claim, outcome, State.REJECTED, _why_rejected(outcome)),
            address_is_wrong=says_address_is_wrong(outcome),
        )
    reason = "Brevservern vägrar ta emot av oss (regler, spärr eller behörighet)."
    if claim.attempts + 1 >= TRIES_AGAINST_POLICY:
        return _change(claim, outcome, State.REJECTED, reason, credit=-1)
    return _change(claim, outcome, State.DEFERRED, reason, credit=-1, not_before=at + WAITS[claim.attempts + 1])


def _later(claim: Claim, outcome: Outcome, at: datetime, reason: str) -> Change:
    if claim.attempts >= len(WAITS):
        return _change(claim, outcome, State.REJECTED, f"Gav upp efter ett dygn. {reason}")
    return _change(claim, outcome, State.DEFERRED, reason, not_before=at + WAITS[claim.attempts])


def _why_rejected(outcome: Outcome) -> str:
    if says_address_is_wrong(outcome):
        return "Adressen finns inte, säger mottagarens server."
    if outcome.enhanced == "5.2.2":
        return "Mottagarens brevlåda är full."
    if outcome.code == 552 or outcome.enhanced == "5.3.4":
        return "Brevet är för stort för mottagarens server."
    return "Mottagarens server tar inte emot brevet."


def _change(
    claim: Claim, outcome: Outcome, becomes: State, reason: str, credit: int = 0, not_before: datetime | None = None
) -> Change:
    return Change(
        claim.id, State.IN_FLIGHT, becomes, claim.owner, reason, outcome.code or None, outcome.reply, not_before,
        tried=1, credit=credit, mailing_id=claim.mailing_id,
    )  # fmt: skip
