"""The set of a mailing's letters that can be handed out."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from eventsys.clock import local
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.handing_out import Choice, Column, RecordSet, Table, id_in
from eventsys.mail.mailings.ledger import COLUMNS, rows_for_download
from eventsys.mail.models import Mailing

PERSONAL = {
    "Adress": "e-post", "Namn": "namn", "Företag": "företag (kan vara en enskild firma)",
    "Orsak": "orsak (kan citera adressen)", "SMTP-svar": "serverns svar (kan citera adressen)",
}  # fmt: skip


def _mailings() -> list[Choice]:
    rows = db.session.execute(select(Mailing.id, Mailing.name, Mailing.created_at).order_by(Mailing.id.desc()))
    return [Choice(str(row.id), f"{row.name}, {local(row.created_at).date()}") for row in rows]


def _ledger(value: str, _first: date | None, _last: date | None) -> Table:
    mailing = db.session.get(Mailing, id_in(value))
    if mailing is None:
        raise NotFound
    columns = [Column(name, PERSONAL.get(name, "")) for name in COLUMNS]
    return Table(f"Liggaren för {mailing.name}", columns, rows_for_download(mailing.id))


SETS = (
    RecordSet(
        "mail.ledger", "Ett utskicks liggare", "Vilka adresser ett utskick gått till, och hur det gick.", _ledger,
        _mailings,
    ),
)  # fmt: skip
