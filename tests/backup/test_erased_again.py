"""Who was erased after the backup was made does not come back with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from eventsys.backup.commands import backup_command, restore_command
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.errors import Refused
from eventsys.privacy.actors import erase_person
from eventsys.privacy.commands import erase_again_command
from eventsys.privacy.erased_list import MARGIN, PoorList, erase_again, list_path, marks_since, note_erased
from eventsys.privacy.erasing import decide_to_erase, erase, requests_to_erase
from eventsys.privacy.models import PersonRequest, RequestState
from tests.backup.scenes import application, backed_up, put_in, ran
from tests.conftest import DATABASES
from tests.factories import make_event, make_registration
from tests.privacy.scenes import ADDRESS, ask_to_erase, last_letter_leaves, make_world, needles_of, traces


def erase_anna() -> None:
    request_id = ask_to_erase()
    with transaction():
        decide_to_erase(request_id, "Alva", now())
    last_letter_leaves(request_id)
    with transaction():
        assert erase(request_id, now())


def what_the_clock_does() -> None:
    for request_id in requests_to_erase():
        erase_person(request_id)
    db.session.remove()


@pytest.mark.parametrize("kind", DATABASES)
def test_a_restore_queues_them_and_the_clock_erases_them_again(kind: str, tmp_path: Path) -> None:
    with application("sqlite", tmp_path / "from"):
        make_world()
        assert ran(backup_command, tmp_path / "a.backup").exit_code == 0
        erase_anna()
        kept = list_path()
    with application(kind, tmp_path / "to"):
        said = ran(restore_command, tmp_path / "a.backup", "--erased", kept)
        assert "1 were erased after the backup was made; 1 of them came back" in said.output
        assert traces(*needles_of())
        what_the_clock_does()
        assert traces(*needles_of()) == []
        done = db.session.scalars(select(PersonRequest).where(PersonRequest.state == RequestState.DONE)).all()
        assert [one.address for one in done] == [""]


def test_the_list_tells_nobody_who_they_were(tmp_path: Path) -> None:
    with application("sqlite", tmp_path):
        make_world()
        erase_anna()
        line = list_path().read_text()
        assert list_path().stat().st_mode & 0o777 == 0o600
    assert len(line.split()) == 2
    assert "anna" not in line.lower()
    assert "@" not in line


def test_without_the_list_the_operator_is_told_to_fetch_it_and_may_come_with_it_later(tmp_path: Path) -> None:
    with application("sqlite", tmp_path / "from"):
        make_world()
        path = backed_up(tmp_path / "a.backup")
        erase_anna()
        kept = list_path()
    with application("sqlite", tmp_path / "to"):
        said = ran(restore_command, path)
        assert "no list of erased people here" in said.output
        assert "eventsys erase-again FILE" in said.output
        for again in ("1 of them came back", "0 of them came back"):
            assert again in ran(erase_again_command, kept).output
        what_the_clock_does()
        assert traces(*needles_of()) == []


def test_who_was_erased_before_the_backup_and_came_back_by_own_will_stays(tmp_path: Path) -> None:
    with application("sqlite", tmp_path):
        note_erased("asa.ek@foretag.se", now() - MARGIN - timedelta(minutes=1))
        make_registration(make_event(), ["Åsa Ek"])
        with transaction():
            again = erase_again([], now(), "kommandoraden", now())
        assert (again.erased, again.back) == (0, 0)


def test_somebody_with_a_seat_ahead_waits_for_staff(tmp_path: Path) -> None:
    with application("sqlite", tmp_path):
        make_registration(make_event(), ["Åsa Ek"])
        note_erased("asa.ek@foretag.se", now())
        with transaction():
            assert erase_again([], now(), "kommandoraden", now()).back == 1
        what_the_clock_does()
        request = db.session.scalars(select(PersonRequest)).one()
        assert request.state is RequestState.WAITING
        assert "kommande" in request.trouble
        assert db.session.scalar(text("SELECT count(*) FROM attendee WHERE email = 'asa.ek@foretag.se'")) == 1


def test_only_those_on_the_list_are_erased(tmp_path: Path) -> None:
    with application("sqlite", tmp_path):
        make_world()
        note_erased(ADDRESS, now())
        with transaction():
            erase_again([], now(), "kommandoraden", now())
        waiting = PersonRequest.state == RequestState.ERASING
        assert db.session.scalars(select(PersonRequest.address).where(waiting)).all() == [ADDRESS]


def test_nobody_is_erased_when_the_list_cannot_be_kept(tmp_path: Path) -> None:
    with application("sqlite", tmp_path):
        make_world()
        list_path().mkdir()
        request_id = ask_to_erase()
        with transaction():
            decide_to_erase(request_id, "Alva", now())
        last_letter_leaves(request_id)
        with pytest.raises(OSError, match=r"erased\.txt"), transaction():
            erase(request_id, now())
        db.session.remove()
        assert requests_to_erase() == [request_id]


def test_a_file_that_is_no_such_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("anna@foretag.se\n")
    with pytest.raises(PoorList, match="no list of erased people"):
        marks_since(tmp_path / "other.txt", now())


def test_a_database_that_was_not_restored_has_nobody_to_erase_again(tmp_path: Path) -> None:
    with application("sqlite", tmp_path):
        said = ran(erase_again_command)
    assert isinstance(said.exception, Refused)


def test_every_column_of_addresses_is_searched(tmp_path: Path) -> None:
    """Restoring does not depend on where a person stands: each place alone is enough."""
    with application("sqlite", tmp_path / "from"):
        make_registration(make_event(), ["Åsa Ek"])
        path = backed_up(tmp_path / "a.backup")
    with application("sqlite", tmp_path / "to"):
        put_in(path)
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM delivery_event"))
            connection.execute(text("DELETE FROM delivery"))
            connection.execute(text("UPDATE attendee SET email = '', email_key = '', address_claim = NULL"))
        note_erased("asa.ek@foretag.se", now())
        with transaction():
            assert erase_again([], now(), "kommandoraden", now()).back == 1  # by who booked
