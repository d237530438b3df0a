"""Settings that are one row: their defaults hold, unkept, until somebody changes them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError

from eventsys.database import Base, db

THE_ROW = 1

Row = TypeVar("Row", bound=Base)


def one_row(kind: type[Row]) -> Row:
    """The row of this table as it is, or as its defaults are; not for changing."""
    return db.session.get(kind, THE_ROW) or with_defaults(kind)


def one_row_to_change(kind: type[Row]) -> Row:
    """The row, made now if nobody has; of two who make it at the same moment the second finds the first's. Flushes."""
    if db.session.get(kind, THE_ROW) is None:
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(with_defaults(kind))
    return db.session.get_one(kind, THE_ROW)


def with_defaults(kind: type[Row]) -> Row:
    """A row not yet in the database, filled with the defaults of its columns."""
    columns = kind.__table__.columns
    return kind(id=THE_ROW, **{one.name: _default(one.default) for one in columns if one.default is not None})


def _default(default: Any) -> Any:
    """A value, or what a function such as `dict` makes anew; SQLAlchemy hands such functions its context."""
    return default.arg(None) if default.is_callable else default.arg
