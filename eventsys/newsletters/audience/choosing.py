"""Who of an audience gets the letter, and who does not and why: candidates = recipients + excluded, always.

Candidates of one address come after each other, so nothing is held but one address at a time. Whether an address gets
a letter at all is a matter of its person: who has left the list, or refused all letters, is not written to as a
company's address either. A company that refuses advertising is left out, but an address that subscribes has asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from eventsys.database import db
from eventsys.mail.addresses import on_the_wire
from eventsys.mail.mailings.freezing import NO_ADDRESS, Excluded, Recipient
from eventsys.newsletters.audience.candidates import candidates
from eventsys.newsletters.audience.keys import Audience
from eventsys.newsletters.subscriptions.forgetting import kept_noes
from eventsys.newsletters.subscriptions.models import SubscriptionState
from eventsys.personal import kept_no

LEFT = "har lämnat listan"
REFUSED = "vill inte ha några nyhetsbrev"
ADVERTISING = "företaget har reklamspärr"
SAME_ADDRESS = "samma adress som ett annat företag"
INVALID = "ogiltig e-postadress"
REACHED = "har redan fått numret"
SUPPRESSED = "Spärrad adress. "

_STRIDE = 1000
_MOST_NAMES, _LONGEST = 4, 200

Choice = Recipient | Excluded


def choose(audience: Audience, about: str = "") -> Iterator[Choice]:
    """Every candidate, as one who gets the letter or one who does not; two queries, read in strides.

    Each address is a Recipient at most once; of several companies that share it the first is, in the name of all of
    them. A recipient without a row in `reader` has the subject id 0. `about` (`issue:4`): whoever a letter about that
    has reached before is left out.
    """
    noes = kept_noes()
    asked = candidates(audience, about).execution_options(yield_per=_STRIDE)
    for address, group in groupby(db.session.execute(asked), key=attrgetter("address")):
        rows = list(group)
        yield from (_left_out(row, NO_ADDRESS) for row in rows) if not address else _judged(rows, noes)


def _judged(rows: Sequence[Any], noes: Collection[str]) -> Iterator[Choice]:
    """What becomes of the candidates of one address; `noes` are those of people who were forgotten, as hashes."""
    said_no = bool(noes) and kept_no(rows[0].address) in noes
    if reason := REFUSED if said_no else _why_not(rows[0]):
        yield from (_left_out(row, reason) for row in rows)
        return
    has_asked = rows[0].state is SubscriptionState.ACTIVE
    covered = [row for row in rows if has_asked or not row.refuses]
    yield from (_left_out(row, ADVERTISING) for row in rows if row not in covered)
    if covered:
        names = _together([row.organisation for row in covered])
        yield Recipient(covered[0].reader_id or 0, covered[0].address, covered[0].name, names)
        yield from (_left_out(row, SAME_ADDRESS) for row in covered[1:])


def _why_not(row: Any) -> str:
    """Why nobody at this address gets the letter; "" when somebody may."""
    if row.refused:
        return REFUSED
    if row.state is SubscriptionState.ENDED:
        return LEFT
    if row.blocked is not None:
        return f"{SUPPRESSED}{row.blocked}"
    if not is_deliverable(row.address):
        return INVALID
    return REACHED if row.reached else ""


def is_deliverable(address: str) -> bool:
    """Whether a letter could be sent there at all: it can stand in an SMTP command, and its domain has a dot."""
    try:
        on_the_wire(address)
    except ValueError:
        return False
    return "." in address.rpartition("@")[2]


def _left_out(row: Any, reason: str) -> Excluded:
    return Excluded(row.address, row.name, row.organisation, reason)


def _together(names: Sequence[str]) -> str:
    """The companies that one letter covers, as far as a line holds them."""
    known = list(dict.fromkeys(name for name in names if name))
    more = len(known) - _MOST_NAMES
    said = ", ".join(known[:_MOST_NAMES]) + (f" och {more} till" if more > 0 else "")
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"
