"""Alembic's door: runs migrations on the application's own engine, on SQLite and PostgreSQL alike."""

from alembic import context
from flask import current_app

from eventsys.database import Base

engine = current_app.extensions["migrate"].db.engine


def run_migrations() -> None:
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Batch mode rebuilds tables; with foreign keys on, dropping the old one would delete its children.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.rollback()
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
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
            connection.rollback()


run_migrations()
