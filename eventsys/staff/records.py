"""The audit trail of a period, as a set of records that can be handed out."""

from __future__ import annotations

from datetime import date

from eventsys.handing_out import Column, RecordSet, Table
from eventsys.staff.trail import COLUMNS, Wanted, trail_rows

PERSONAL = {"Vem": "vem", "Namn": "namn", "Mer": "mer (kan beskriva någon)"}


def _trail(_value: str, first: date | None, last: date | None) -> Table:
    columns = [Column(name, PERSONAL.get(name, "")) for name in COLUMNS]
    return Table(f"Loggen {first} till {last}", columns, trail_rows(Wanted(first_day=first, last_day=last)))


SETS = (
    RecordSet(
        "staff.trail", "Loggen under en tid", "Vem som gjort, sett, tagit ut, skickat och raderat vad.", _trail,
        by_period=True,
    ),
)  # fmt: skip
