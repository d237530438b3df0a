"""The set of readers that can be handed out."""

from __future__ import annotations

from datetime import date

from eventsys.handing_out import Column, RecordSet, Table
from eventsys.newsletters.subscriptions.readers import Wanted, all_readers
from eventsys.newsletters.subscriptions.rows import COLUMNS, reader_rows

PERSONAL = {"E-post": "e-post", "Namn": "namn", "Företag": "företag (kan vara en enskild firma)"}


def _readers(_value: str, _first: date | None, _last: date | None) -> Table:
    columns = [Column(name, PERSONAL.get(name, "")) for name in COLUMNS]
    return Table("Prenumeranter", columns, reader_rows(all_readers(Wanted())))


SETS = (
    RecordSet("newsletters.readers", "Prenumeranter", "De som får nyhetsbrev, och de som slutat.", _readers),
)  # fmt: skip
