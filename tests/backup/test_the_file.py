"""The file: one, whole or not there, its owner's; and one that is not whole is refused before anything is written."""

from __future__ import annotations

import contextlib
import json
import os
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from eventsys.backup.file import MANIFEST, PoorBackup, open_backup
from eventsys.backup.target import NotEmpty, WrongMigration, make_ready, refuse_unknown_migration
from eventsys.backup.writing import NoBackup, snapshot, write_backup
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.leases import Lease
from eventsys.migrating import upgrade_database
from eventsys.newsletters.issues.models import Picture
from tests.backup.scenes import application, backed_up, everything, nothing_shown, put_in
from tests.conftest import DATABASES
from tests.factories import make_event, make_registration


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a small database."""
    folder = tmp_path_factory.mktemp("whole")
    with application("sqlite", folder / "from"):
        make_registration(make_event(), 3)
        return backed_up(folder / "a.backup")


def read_all(path: Path) -> dict[str, list[dict[str, object]]]:
    with open_backup(path) as backup:
        backup.check(nothing_shown)
        return {one.name: [row for some in backup.portions(one) for row in some] for one in backup.manifest.tables}


def test_only_its_owner_may_read_it(whole: Path) -> None:
    assert whole.stat().st_mode & 0o777 == 0o600


def test_it_says_what_it_is_and_what_is_in_it(whole: Path) -> None:
    with zipfile.ZipFile(whole) as folder:
        said = json.loads(folder.read(MANIFEST))
        assert b"only-for-tests" not in b"".join(map(folder.read, folder.namelist()))  # the secret key
    assert (said["format"], said["version"], said["database"]) == ("eventsys-backup", 1, "sqlite")
    rows = {one["name"]: one["rows"] for one in said["tables"]}
    assert (rows["event"], rows["registration"], rows["attendee"], rows["material"]) == (1, 1, 3, 0)


def test_a_backup_is_not_written_over_another(app_once, tmp_path: Path) -> None:
    (tmp_path / "a.backup").write_text("the only good one")
    with app_once.app_context(), pytest.raises(NoBackup, match="exists already"):
        backed_up(tmp_path / "a.backup")
    assert (tmp_path / "a.backup").read_text() == "the only good one"


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_one_that_was_cut_off_leaves_no_file(app_once, tmp_path: Path, error) -> None:
    def cut_off(_rows: int) -> None:
        raise error

    with app_once.app_context():
        make_event()
        with pytest.raises((KeyboardInterrupt, NoBackup)), snapshot() as taken:
            write_backup(taken, tmp_path / "a.backup", cut_off)
        with transaction():
            db.session.execute(text("DELETE FROM event"))
            db.session.execute(text("DELETE FROM series"))
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_does_not_stop_the_next(app_once, tmp_path: Path) -> None:
    (tmp_path / "a.backup.part").write_text("half")
    with app_once.app_context():
        assert backed_up(tmp_path / "a.backup").stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "a.backup.part").exists()


def test_there_is_nothing_to_back_up_without_tables(tmp_path: Path) -> None:
    with application("sqlite", tmp_path, migrated=False), pytest.raises(NoBackup, match="nothing to back up"):
        backed_up(tmp_path / "a.backup")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_that_is_not_what_it_was_is_refused_or_holds_the_same_rows(
    whole: Path, tmp_path: Path, data: st.DataObject
) -> None:
    good, kept = whole.read_bytes(), read_all(whole)
    at = data.draw(st.integers(0, len(good) - 1))
    if data.draw(st.booleans()):
        content = good[:at]
    else:
        content = good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    other = tmp_path / "other.backup"
    other.write_bytes(content)
    with contextlib.suppress(PoorBackup):
        assert read_all(other) == kept


def changed(path: Path, whole: Path, change: Callable[[dict], object]) -> Path:
    """A copy whose manifest was changed, and whose zip is sound."""
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == MANIFEST:
                said = json.loads(content)
                change(said)
                content = json.dumps(said).encode()
            new.writestr(name, content)
    return path


CHANGES: dict[str, Callable[[dict], object]] = {
    "newer program": lambda said: said.update(version=2),
    "no backup of this system": lambda said: said.update(format="something else"),
    "not as it was written": lambda said: next(one for one in said["tables"] if one["rows"] == 3).update(rows=2),
    "its parts are not those": lambda said: said["tables"].pop(),
    "damaged": lambda said: said.pop("made_at"),
}


@pytest.mark.parametrize("words", CHANGES)
def test_a_foreign_or_changed_file_is_refused_in_plain_words(whole: Path, tmp_path: Path, words: str) -> None:
    path = changed(tmp_path / "b.backup", whole, CHANGES[words])
    with pytest.raises(PoorBackup, match=words):
        read_all(path)


def test_a_table_that_was_changed_in_a_sound_zip_is_refused(whole: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / "b.backup", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"Fredagslunch", b"Fredagsmiddag"))
    with pytest.raises(PoorBackup, match="is not as it was written"):
        read_all(tmp_path / "b.backup")


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Dear colleague")
    with pytest.raises(PoorBackup, match="no backup of this system"):
        read_all(path)


def test_one_of_a_newer_or_an_ancient_migration_is_refused() -> None:
    with pytest.raises(WrongMigration, match="newer program"):
        refuse_unknown_migration("9999", "7.0")
    with pytest.raises(WrongMigration, match="before 0007"):
        refuse_unknown_migration("0003", "0.0.1")
    refuse_unknown_migration("0007", "0.0.1")


# --- where it may go ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DATABASES)
def test_a_database_that_holds_anything_is_left_alone(kind: str, whole: Path, tmp_path: Path) -> None:
    with application(kind, tmp_path / "to"):
        make_event()
        was = everything()
        with pytest.raises(NotEmpty, match=r"not empty \(event, series\)"):
            put_in(whole)
        assert everything() == was


def test_a_database_of_something_else_is_left_alone(whole: Path, tmp_path: Path) -> None:
    with application("sqlite", tmp_path / "to", migrated=False):
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE songs (title TEXT)"))
        with pytest.raises(NotEmpty, match="something else"):
            put_in(whole)
        assert inspect(db.engine).get_table_names() == ["songs"]


def test_a_database_that_a_process_works_on_is_left_alone(whole: Path, tmp_path: Path) -> None:
    with application("sqlite", tmp_path / "to"):
        lease = Lease(duty="tick", holder="somebody", until=now() + timedelta(seconds=30), taken_at=now())
        with transaction():
            db.session.add(lease)
        with pytest.raises(NotEmpty, match="Stop all of them"):
            put_in(whole)
        with transaction():
            db.session.merge(lease).until = now() - timedelta(seconds=1)
        put_in(whole)
        assert len(everything()["attendee"]) == 3


def test_a_row_that_the_other_database_cannot_keep_is_named_and_nothing_is_kept(tmp_path: Path) -> None:
    with application("sqlite", tmp_path / "from"):
        make_event(place="x" * 5000)
        path = backed_up(tmp_path / "a.backup")
    with application("postgresql", tmp_path / "to"):
        with pytest.raises(Exception, match=r"table event does not fit .*Nothing was written"):
            put_in(path)
        assert not any(everything().values())


def test_a_newer_database_that_is_empty_is_taken_back_to_where_the_file_was_made(tmp_path: Path) -> None:
    with application("sqlite", tmp_path / "to"):
        make_ready("0011")
        assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == "0011"
        upgrade_database()


# --- memory -------------------------------------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_database(tmp_path: Path) -> None:
    """25 pictures of 2 MB in the file, one at a time in memory."""
    size, number = 2_000_000, 25
    with application("sqlite", tmp_path / "from"):
        for one in range(number):
            with transaction():
                db.session.add(
                    Picture(
                        token=f"{one}",
                        content=os.urandom(size),
                        content_type="image/png",
                        width=1,
                        height=1,
                        sha256="",
                        uploaded_at=now(),
                    )
                )
            db.session.expunge_all()
        tracemalloc.start()
        path = backed_up(tmp_path / "a.backup")
        written = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    with application("sqlite", tmp_path / "to"):
        tracemalloc.start()
        put_in(path)
        read = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert path.stat().st_size > size * number * 0.9
    assert max(written, read) < size * number / 3
