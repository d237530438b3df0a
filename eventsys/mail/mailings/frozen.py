"""The frozen letter of a mailing, taken apart once for each process."""

from __future__ import annotations

import hashlib

from flask import current_app
from sqlalchemy import select

from eventsys.config import settings
from eventsys.database import db
from eventsys.errors import NotFound
from eventsys.mail.models import Mailing
from eventsys.mail.splice import CannotSplice, Rendered, Splice

_KEPT = 8


def frozen_letter(mailing_id: int) -> Rendered:
    """The letter as it was frozen. Raises NotFound, CannotSplice when its bytes are not those that were frozen."""
    row = db.session.execute(select(Mailing.letter, Mailing.sha256).where(Mailing.id == mailing_id)).one_or_none()
    if row is None or row.letter is None:
        raise NotFound
    if hashlib.sha256(row.letter).hexdigest() != row.sha256:
        raise CannotSplice("the frozen letter is not what it was")
    return Rendered.from_bytes(row.letter)


def splice_of(mailing_id: int) -> Splice:
    """The mailing's letter, ready for values. Raises NotFound, CannotSplice."""
    kept: dict[int, tuple[str, Splice]] = current_app.extensions.setdefault("eventsys_splices", {})
    sender = settings().mail_from
    if mailing_id not in kept or kept[mailing_id][0] != sender:
        letter = frozen_letter(mailing_id)
        while len(kept) >= _KEPT:
            del kept[next(iter(kept))]
        kept[mailing_id] = (sender, Splice(letter, sender, letter.sha256[:24]))
        db.session.remove()
    return kept[mailing_id][1]
