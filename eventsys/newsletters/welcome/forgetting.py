"""Welcome letters by e-mail stay as what a company got; the address they went to goes."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select

from eventsys.database import db
from eventsys.mail.forgetting import letter_address
from eventsys.mail.models import Delivery
from eventsys.newsletters.welcome.models import WelcomeLetter, WelcomePaper, WelcomeRound
from eventsys.personal import forgotten_address, portions


def forget_letter_addresses(ids: Collection[int]) -> int:
    """The address becomes that of the forgotten Delivery, so that companies that shared a letter still do.

    Call it before the letters themselves are forgotten (mail/forgetting.py). Returns how many. Flushes.
    """
    done = 0
    for some in portions(ids):
        rows = db.session.scalars(select(WelcomeLetter).where(WelcomeLetter.id.in_(some))).all()
        for row in rows:
            delivery_id = db.session.scalar(
                select(Delivery.id)
                .join(WelcomeRound, WelcomeRound.mailing_id == Delivery.mailing_id)
                .where(WelcomeRound.id == row.round_id, Delivery.address == row.address)
            )
            row.address = letter_address(delivery_id) if delivery_id else forgotten_address(f"valkomst-{row.id}")
        done += len(rows)
    db.session.flush()
    return done


def forget_round_papers(round_ids: Collection[int]) -> int:
    """Letters on paper that wait to be fetched; they are made anew when asked for. Returns how many. Flushes."""
    gone = delete(WelcomePaper).where(WelcomePaper.round_id.in_(round_ids)).returning(WelcomePaper.id)
    return len(db.session.execute(gone.execution_options(synchronize_session=False)).all())
