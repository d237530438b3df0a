"""Answering: one answer a link, and nothing of whose it is.

No row of the audit trail, no clock, no address: what is kept is the day, whether it was useful, and the words. That the
link was used stands in another table, under another random id. So an answer cannot be changed afterwards: nobody can
say which one it was.
"""

from __future__ import annotations

import secrets
from datetime import date

from sqlalchemy.exc import IntegrityError

from eventsys.database import db
from eventsys.errors import Refused
from eventsys.newsletters.responses.keys import mark_of
from eventsys.newsletters.responses.models import CommentState, Response, UsedLink

_IDS = 2**53


class AlreadyAnswered(Refused):
    """This link has been used on this article."""


def answer(article_id: int, key: str, is_useful: bool, comment: str, on: date) -> None:
    """Count an answer by a link, the Swedish day it came. Flushes, does not commit.

    Raises AlreadyAnswered, also when the same link is used twice at the same moment.
    """
    _use(article_id, key)
    state = CommentState.NEW if comment else CommentState.NONE
    db.session.add(
        Response(id=_random(), article_id=article_id, is_useful=is_useful, comment=comment, state=state, day=on)
    )
    db.session.flush()


def _use(article_id: int, key: str) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(UsedLink(id=_random(), article_id=article_id, mark=mark_of(key, article_id)))
    except IntegrityError as error:
        raise AlreadyAnswered("Länken har redan använts, så det nya svaret räknades inte.") from error


def _random() -> int:
    return secrets.randbelow(_IDS - 1) + 1
