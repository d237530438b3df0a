"""kill -9 in the middle of a restore, or of a backup: everything or nothing, and it can be done again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert, text

from eventsys.clock import now
from eventsys.config import Settings
from eventsys.database import db
from eventsys.mail.models import Delivery
from tests.backup.scenes import Everything, application, backed_up, everything, put_in
from tests.conftest import DATABASES
from tests.factories import make_event, make_registration
from tests.journeys.product import app_of, fresh_settings, process
from tests.servers import ServerProcess, wait_until

LETTERS = 40_000


def many_letters() -> None:
    at = now()
    for first in range(0, LETTERS, 5_000):
        rows = [
            {
                "purpose_key": f"{one}", "letter": "events/ticket", "subject_id": 1, "address": f"{one}@foretag.se",
                "not_before": at, "token": f"{one}", "message_id": f"{one}@boras.example", "created_at": at,
                "changed_at": at, "name": "Åsa Ek", "reason": "x" * 200,
            }
            for one in range(first, first + 5_000)
        ]  # fmt: skip
        with db.engine.begin() as connection:
            connection.execute(insert(Delivery), rows)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Everything]:
    """A backup that takes some seconds, and what is in it."""
    folder = tmp_path_factory.mktemp("large")
    with application("sqlite", folder / "from"):
        make_registration(make_event(), 3)
        many_letters()
        return backed_up(folder / "a.backup"), everything()


def is_writing(settings: Settings) -> bool:
    """Whether rows are on their way into the database, in a transaction that is not over."""
    if settings.sqlalchemy_url.startswith("sqlite"):
        log = Path(settings.sqlalchemy_url.removeprefix("sqlite:///") + "-wal")
        return log.exists() and log.stat().st_size > 3_000_000
    return others_in_the_database("AND query LIKE 'INSERT INTO delivery%'") > 0


def others_in_the_database(which: str = "") -> int:
    found = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        f"AND xact_start IS NOT NULL {which}"
    )
    with db.engine.connect() as connection:
        return int(connection.scalar(found) or 0)


def killed(running: ServerProcess) -> None:
    assert running.running, "it was over before it could be killed"
    running.kill9()


@pytest.mark.parametrize("kind", DATABASES)
def test_a_killed_restore_leaves_an_empty_database_that_takes_it_again(
    kind: str, large: tuple[Path, Everything], tmp_path: Path
) -> None:
    path, was = large
    settings = fresh_settings(kind, tmp_path)
    with app_of(settings):
        restoring = process("restore", path, settings=settings)
        restoring.start()
        wait_until(lambda: is_writing(settings), 60, every=0.01, about="the rows")
        killed(restoring)
        if kind == "postgresql":
            wait_until(lambda: not others_in_the_database(), 30, about="PostgreSQL, which sees that it is gone")
        assert not any(everything().values())
        put_in(path)
        assert everything() == was


def test_a_killed_backup_leaves_no_file_of_its_name(large: tuple[Path, Everything], tmp_path: Path) -> None:
    settings = fresh_settings("sqlite", tmp_path)
    with app_of(settings):
        many_letters()
        path, half = tmp_path / "b.backup", tmp_path / "b.backup.part"
        making = process("backup", path, settings=settings)
        making.start()
        wait_until(lambda: half.exists() and half.stat().st_size > 50_000, 60, every=0.005, about="the file")
        killed(making)
        assert not path.exists()
        assert half.stat().st_mode & 0o777 == 0o600
        backed_up(path)
        assert not half.exists()
