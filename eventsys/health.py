"""For machines: is the process up, and can it do its work."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from eventsys.database import db
from eventsys.paths import MIGRATIONS

doors = Blueprint("health", __name__)


@doors.get("/healthz")
def show_health() -> ResponseReturnValue:
    """The process answers."""
    return "ok\n", 200, {"Content-Type": "text/plain"}


@doors.get("/readyz")
def show_readiness() -> ResponseReturnValue:
    """The database answers and stands at the newest migration; otherwise 503 with what is wrong."""
    try:
        at = database_version()
    except SQLAlchemyError:
        return jsonify(ready=False, database="does not answer"), 503
    if at != newest_version():
        return jsonify(ready=False, database="needs `eventsys db upgrade`"), 503
    return jsonify(ready=True)


def database_version() -> str | None:
    """The migration the database stands at."""
    return db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()


def newest_version() -> str | None:
    """The newest migration this program knows."""
    known: str | None = current_app.extensions.get("eventsys_newest_migration")
    if known is None:
        known = ScriptDirectory(str(MIGRATIONS)).get_current_head()
        current_app.extensions["eventsys_newest_migration"] = known
    return known
