"""The addresses of a round's letters on paper, as a file for a printer who addresses them."""

from __future__ import annotations

from eventsys import audit
from eventsys.newsletters.printing.address_file import addresses
from eventsys.newsletters.welcome.models import WelcomeRound
from eventsys.newsletters.welcome.paper import check_printable, on_paper
from eventsys.sheets import FileKind

TAKEN_OUT = "welcome_round.addresses_taken_out"


def take_out_addresses(round_: WelcomeRound, kind: FileKind, is_later: bool = False) -> bytes:
    """The file, in the postman's order, and a note in the audit trail that it was taken out.

    Raises NotSent, NobodyOnPaper. Does not commit.
    """
    people = on_paper(round_, is_later)
    check_printable(round_, people)
    audit.record(TAKEN_OUT, f"welcome_round:{round_.id}", rows=len(people))
    return addresses(kind, people, round_.name)
