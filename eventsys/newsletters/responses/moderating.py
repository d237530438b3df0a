"""What staff do with comments: read them, set them aside, and take that back. The words themselves never change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sqlalchemy import update

from eventsys import audit
from eventsys.database import db
from eventsys.newsletters.responses.models import CommentState, Response

ACTS = {
    CommentState.NEW: "comments.unread",
    CommentState.READ: "comments.read",
    CommentState.HIDDEN: "comments.hidden",
}


def move_comments(ids: Collection[int], was: CommentState, becomes: CommentState) -> list[int]:
    """Those of these comments that are still in the state the page showed become read, set aside or new again.

    Their ids. Noted in the audit trail by article, without a word of what they say. Flushes, does not commit.
    """
    if was not in ACTS or becomes not in ACTS:
        raise ValueError(f"no comment goes from {was} to {becomes}")
    moved = (
        update(Response)
        .where(Response.id.in_(ids), Response.state == was)
        .values(state=becomes)
        .returning(Response.id, Response.article_id)
        .execution_options(synchronize_session=False)
    )
    rows = db.session.execute(moved).all()
    for article_id, number in sorted(Counter(row.article_id for row in rows).items()):
        audit.record(ACTS[becomes], f"article:{article_id}", comments=number)
    return [row.id for row in rows]
