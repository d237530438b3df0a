"""Four eyes: the list and the letter's exact bytes are frozen, and approved or returned by a colleague.

Whoever asked or changed last cannot approve. Anything that is changed afterwards thaws both (see reopening.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from eventsys import audit
from eventsys.database import db
from eventsys.errors import Refused
from eventsys.mail.splice import Rendered
from eventsys.newsletters.issues.changing import NotEditable
from eventsys.newsletters.issues.proofs import LONGEST_REMARK, NoLongerAsked, NothingToApprove, NotYours, refuse_unfit
from eventsys.newsletters.welcome.cohort import numbers_of, reckon
from eventsys.newsletters.welcome.models import Choice, RoundState, WelcomeRound
from eventsys.newsletters.welcome.queries import locked_round
from eventsys.newsletters.welcome.rendering import keep_qr_codes, letter_of, trouble_with_gathering
from eventsys.newsletters.welcome.reopening import IS_SENT, thaw
from eventsys.newsletters.welcome.striking import claim, row_of
from eventsys.staff.models import Account

NOBODY = "Inget företag får brev i den här omgången. Se under Lista varför."


class AlreadyAsked(Refused):
    """The round waits for approval, or has it."""


# --- asking -------------------------------------------------------------------------------------------------------


def hindrances(welcome_round: WelcomeRound, letters: int, at: datetime) -> list[str]:
    """What must be mended before somebody can be asked, in Swedish; `letters` is how many companies get one."""
    found = [
        "" if welcome_round.subject else "Brevet har ingen ämnesrad. Skriv en under Brev.",
        "" if welcome_round.body else "Brevet har ingen text. Skriv den under Brev.",
        trouble_with_gathering(welcome_round, at),
        "" if letters else NOBODY,
    ]
    return [one for one in found if one]


def ask_for_approval(round_id: int, account_id: int, by: str, at: datetime) -> WelcomeRound:
    """Freeze who gets what, and the letter as it would leave now.

    Raises NotFound, NotEditable, AlreadyAsked, NothingToApprove, ClaimedMeanwhile. Flushes, does not commit.
    """
    found = locked_round(round_id)
    _refuse_unless_draft(found)
    places = reckon(found)
    counted = numbers_of(places)
    if stops := hindrances(found, counted.email + counted.paper, at):
        raise NothingToApprove(stops[0])
    keep_qr_codes(found, by, at)
    letter = letter_of(found)
    refuse_unfit(letter)
    claim([row_of(round_id, one, at) for one in places if one.choice is not Choice.STRUCK])
    found.letter, found.sha256 = letter.to_bytes(), letter.sha256
    found.state, found.asked_by, found.asked_at, found.remark = RoundState.ASKED, account_id, at, ""
    db.session.flush()
    audit.record("welcome_round.approval_asked", f"welcome_round:{round_id}", version=found.version)
    return found


def _refuse_unless_draft(found: WelcomeRound) -> None:
    if found.state is RoundState.SENT:
        raise NotEditable(IS_SENT.format(name=found.name))
    if found.state is not RoundState.DRAFT:
        raise AlreadyAsked("Omgången väntar redan på godkännande, eller är godkänd. Ladda om sidan.")


# --- judging ------------------------------------------------------------------------------------------------------


def rendered_of(welcome_round: WelcomeRound) -> Rendered:
    """The letter as it was frozen. Raises NoLongerAsked when there is none, or its bytes are not those."""
    if welcome_round.letter is None:
        raise NoLongerAsked("Omgången väntar inte på godkännande längre.")
    if hashlib.sha256(welcome_round.letter).hexdigest() != welcome_round.sha256:
        raise NoLongerAsked("Brevets innehåll stämmer inte längre. Tryck på Ändra och be om ett nytt godkännande.")
    return Rendered.from_bytes(welcome_round.letter)


def why_not_yours(welcome_round: WelcomeRound, account_id: int) -> str:
    """Why this account may not judge the round, in Swedish, or ""."""
    if welcome_round.asked_by == account_id:
        return "Du bad själv om godkännandet. En kollega behöver läsa och godkänna."
    if welcome_round.changed_by == account_id:
        return "Du ändrade omgången sist. En kollega behöver läsa och godkänna."
    return ""


def rounds_waiting_for(account: Account) -> Sequence[WelcomeRound]:
    """What this account is asked to approve, oldest first. One query."""
    query = select(WelcomeRound).where(WelcomeRound.state == RoundState.ASKED).order_by(WelcomeRound.asked_at)
    return [one for one in db.session.scalars(query) if not why_not_yours(one, account.id)]


def approve(round_id: int, version: int, account_id: int, at: datetime) -> WelcomeRound:
    """This list and these exact bytes may be sent; `version` is the round's as the colleague saw it.

    Raises NotFound, NotYours, NoLongerAsked. Flushes, does not commit.
    """
    found = _judged(round_id, version, account_id)
    found.state, found.approved_by, found.approved_at = RoundState.APPROVED, account_id, at
    db.session.flush()
    audit.record("welcome_round.approved", f"welcome_round:{round_id}", version=version, sha256=found.sha256[:12])
    return found


def return_with_remark(round_id: int, version: int, account_id: int, remark: str) -> WelcomeRound:
    """Not yet: `remark` says what to change. The round is a draft again. Raises as `approve`. Flushes."""
    found = _judged(round_id, version, account_id)
    thaw(found)
    found.version, found.remark = found.version + 1, remark[:LONGEST_REMARK]
    db.session.flush()
    audit.record("welcome_round.returned", f"welcome_round:{round_id}", version=version)
    return found


def _judged(round_id: int, version: int, account_id: int) -> WelcomeRound:
    found = locked_round(round_id)
    if found.state is not RoundState.ASKED or found.version != version:
        raise NoLongerAsked("Omgången har ändrats eller redan bedömts sedan du öppnade sidan. Läs det som gäller nu.")
    if why := why_not_yours(found, account_id):
        raise NotYours(why)
    rendered_of(found)
    return found
