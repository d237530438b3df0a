"""Alembic's door: runs migrations on the application's own engine, on SQLite and PostgreSQL alike."""

from alembic import context
from flask import current_app

from eventsys.database import Base

engine = current_app.extensions["migrate"].db.engine


def set_foreign_keys(connection, to) -> None:
    """On the bare connection: inside the transaction that SQLAlchemy begins, SQLite would ignore the pragma."""
    connection.connection.dbapi_connection.execute(f"PRAGMA foreign_keys = {to}")


def run_migrations() -> None:
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Batch mode rebuilds tables; with foreign keys on, dropping the old one fails or deletes its children.
            set_foreign_keys(connection, "OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=True,
            user_module_prefix="eventsys.database.",
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.dialect.name == "sqlite":
            set_foreign_keys(connection, "ON")


run_migrations()
