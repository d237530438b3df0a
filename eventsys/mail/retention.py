"""How long the mail log is kept: letters to one address each, who was left out, and what came back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.forgetting import forget_deliveries, forget_exclusions, forget_incoming
from eventsys.mail.models import WAITING, Delivery, Mailing, MailingExclusion
from eventsys.personal import FORGOTTEN, PREFIX
from eventsys.retention import Category, Deed, by_ids, counted


def _letters(before: datetime) -> Select[Any]:
    query = select(Delivery.id).where(Delivery.changed_at < before, Delivery.state.not_in(WAITING))
    return query.where(Delivery.address.not_like(f"{PREFIX}%"))


def _left_out(before: datetime) -> Select[Any]:
    query = select(MailingExclusion.id).join(Mailing, Mailing.id == MailingExclusion.mailing_id)
    return query.where(Mailing.created_at < before, MailingExclusion.name != FORGOTTEN)


def _incoming(before: datetime) -> Select[Any]:
    row = IncomingLetter
    return select(row.id).where(row.read_at < before, or_(row.raw.is_not(None), row.address != "", row.said != ""))


CATEGORIES = (
    Category(
        "mail.letters", "Brevloggen", "The log of letters", "att brevet fick sitt besked", "the letter's last news",
        "Adress, namn, ämnesrad och serverns svar tas bort. Brevets läge och tid finns kvar, så liggarna summerar.",
        Deed.NAMELESS, counted(_letters), by_ids(_letters, forget_deliveries),
    ),
    Category(
        "mail.left_out", "De som utelämnats ur utskick", "People left out of mailings", "att utskicket gjordes",
        "the mailing was made", "Adress och namn tas bort. Skälet och antalet finns kvar.",
        Deed.NAMELESS, counted(_left_out), by_ids(_left_out, forget_exclusions),
    ),
    Category(
        "mail.incoming", "Brev som kommit i retur", "Letters that came back", "att det kom", "it came",
        "Brevet, adressen och orden i det tas bort. Vilken sorts besked det var finns kvar.",
        Deed.NAMELESS, counted(_incoming), by_ids(_incoming, forget_incoming),
    ),
)  # fmt: skip
