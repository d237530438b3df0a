"""What a column can hold, and how each value stands in the file: the same, whichever database it came from."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Float, Integer, LargeBinary, String
from sqlalchemy.types import NullType, TypeEngine

from eventsys.database import UtcDateTime


class Kind(StrEnum):
    """The name of a kind stands in the file, so a name stays."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "truth"
    DAY = "day"
    MOMENT = "moment"
    BYTES = "bytes"
    JSON = "json"
    """Travels as the text that stands in the table, so that NULL and a JSON null stay two things."""


_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (JSON, Kind.JSON),
    (LargeBinary, Kind.BYTES),
    (DateTime, Kind.MOMENT),
    (UtcDateTime, Kind.MOMENT),
    (Date, Kind.DAY),
    (Boolean, Kind.TRUTH),
    (Integer, Kind.NUMBER),
    (Float, Kind.NUMBER),
    (String, Kind.TEXT),
)
_TYPES: dict[Kind, TypeEngine[Any]] = {Kind.TRUTH: Boolean(), Kind.DAY: Date(), Kind.MOMENT: UtcDateTime()}
_AS_THE_DATABASE_SEES_IT: TypeEngine[Any] = NullType()


def kind_of(column_type: TypeEngine[Any]) -> Kind:
    """The kind of a column of this type. Raises TypeError for a type that nobody has thought of yet."""
    found = next((kind for known, kind in _KINDS if isinstance(column_type, known)), None)
    if found is None:
        raise TypeError(f"a backup cannot hold {column_type!r} yet: say in backup/kinds.py how it is written")
    return found


def type_for(kind: Kind) -> TypeEngine[Any]:
    """The type by which values of a kind are read and written, alike on both databases."""
    return _TYPES.get(kind, _AS_THE_DATABASE_SEES_IT)


def as_written(kind: Kind, value: Any) -> Any:
    """A value from a row, as JSON takes it: times in UTC, bytes in base64."""
    if value is None or kind in (Kind.TEXT, Kind.NUMBER, Kind.TRUTH, Kind.JSON):
        return value
    if kind is Kind.BYTES:
        return base64.b64encode(value).decode("ascii")
    moment: date | datetime = value
    return moment.isoformat()


def as_kept(kind: Kind, written: Any) -> Any:
    """The value for a row. Raises ValueError or TypeError when it is none of this kind."""
    if written is None or kind in (Kind.TEXT, Kind.NUMBER, Kind.TRUTH, Kind.JSON):
        return written
    if kind is Kind.BYTES:
        return base64.b64decode(written, validate=True)
    if kind is Kind.DAY:
        return date.fromisoformat(written)
    return datetime.fromisoformat(written).astimezone(UTC)
