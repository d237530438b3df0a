"""The way of an import: one at a time, killed in the middle, cancelled, judged anew, all or nothing, and forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from eventsys import audit
from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.companies import actors
from eventsys.companies.actors import apply_import, forget_imports, read_import
from eventsys.companies.imports import applying, forgetting, queries, reading
from eventsys.companies.imports.receiving import delete_orphans, folder
from eventsys.companies.models import Company, Import, ImportState
from eventsys.database import db, transaction
from tests.companies.imports.generator import bolagsverket_line, number
from tests.companies.imports.scenes import (
    adds_up,
    begun,
    bolagsverket_file,
    companies,
    company,
    confirmed,
    everything,
    import_of,
    lines_of,
    make_company,
    read,
    taken_in,
)

pytestmark = pytest.mark.usefixtures("ours")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return bolagsverket_file(tmp_path / "a.txt", [bolagsverket_line(number(n), f"Ek {n} AB") for n in range(1200)])


def test_the_dry_run_changes_nothing_and_the_file_is_gone_after_it(path: Path) -> None:
    make_company(number=number(1))
    before = everything()
    found = read(path)
    assert (found.state, found.counts) == (ImportState.READ, {"new": 1199, "changed": 1})
    assert everything() == before
    assert (list(folder().iterdir()), found.file_key) == ([], "")


def test_the_counts_of_the_dry_run_are_those_of_the_import(path: Path) -> None:
    make_company(number=number(1))
    dry = dict(read(path).counts)
    assert taken_in(path).counts == dry
    (entry,) = db.session.query(AuditEntry).filter_by(action="company.imported")
    assert entry.detail == {"format": "bolagsverket", "new": 1199, "changed": 1}


def test_what_happened_since_the_dry_run_counts_as_what_it_is(path: Path) -> None:
    found = read(path)
    make_company("Kom emellan", number=number(7))
    done = confirmed(found.id)
    assert (done.counts, len(companies())) == ({"new": 1199, "changed": 1}, 1200)
    assert company(number(7)).name == "Ek 7 AB"


def test_staged_records_are_emptied_once_they_are_taken_in(path: Path) -> None:
    assert all(line.record is None for line in lines_of(taken_in(path)))


def test_an_import_that_breaks_in_the_middle_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read(path)
    whole = applying._add

    def breaks_at_the_second_portion(*given: object, _seen: list[int] = []) -> None:  # noqa: B006
        _seen.append(1)
        if len(_seen) == 2:
            raise ValueError("19400101-1234 stands in the file")
        whole(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(applying, "_add", breaks_at_the_second_portion)
    failed = confirmed(found.id)
    assert (failed.state, failed.reason, companies()) == (ImportState.FAILED, actors.BROKE, [])


def test_a_registration_of_the_same_number_at_the_same_moment_makes_no_second_company(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's company is there by the time ours is written: the unique number says so, and it is looked up."""
    found = read(path)
    seen = applying.companies_of
    make_company("Kom emellan", number=number(7))

    def blind_the_first_time(*given: object, **more: object) -> list[Company | None]:
        rows = seen(*given, **more)  # type: ignore[arg-type]
        return [None] * len(rows) if more.get("until") is not None else rows

    monkeypatch.setattr(applying, "companies_of", blind_the_first_time)
    done = confirmed(found.id)
    assert (done.state, done.counts, len(companies())) == (ImportState.DONE, {"new": 1199, "changed": 1}, 1200)


def test_only_one_import_is_at_work_and_the_others_wait(path: Path) -> None:
    first, second = begun(path), begun(path)
    with transaction():
        assert reading.take(first, now()) is not None
    read_import(second)
    assert import_of(second).state is ImportState.WAITING
    with transaction():
        assert reading.cancel(first, now())
    read_import(second)
    assert import_of(second).state is ImportState.READ


def test_a_worker_that_died_in_the_middle_leaves_a_file_that_the_next_begins_anew(path: Path) -> None:
    import_id = begun(path)
    with transaction():
        taken = reading.take(import_id, now())
    assert taken is not None
    portion = next(reading.portions(taken))
    with transaction():
        reading.keep(taken, portion, now())
    assert import_of(import_id).counts == {"new": 500}
    read_import(import_id)  # the doorbell rings, but the lease still holds
    assert import_of(import_id).state is ImportState.READING
    with time_machine.travel(now() + reading.LEASE + timedelta(seconds=1), tick=True):
        assert queries.imports_to_read(now()) == [import_id]
        read_import(import_id)
        found = import_of(import_id)
        assert (found.state, found.counts, len(lines_of(found))) == (ImportState.READ, {"new": 1200}, 1200)
        with pytest.raises(reading.LostImport), transaction():
            reading.keep(taken, portion, now())


def test_a_file_that_kills_every_worker_is_given_up(path: Path) -> None:
    import_id, at = begun(path), now()
    for _ in range(reading.MOST_TRIES):
        with transaction():
            assert reading.take(import_id, at) is not None
        at += reading.LEASE * 2
    with transaction():
        assert reading.take(import_id, at) is None
    assert import_of(import_id).state is ImportState.FAILED


def test_a_worker_that_died_while_taking_in_is_followed_by_another(path: Path) -> None:
    found = read(path)
    with transaction():
        applying.confirm(found.id)
        assert applying.take(found.id, now()) is not None
    apply_import(found.id)
    assert import_of(found.id).state is ImportState.APPLYING
    with time_machine.travel(now() + applying.LEASE + timedelta(seconds=1), tick=True):
        assert queries.imports_to_apply(now()) == [found.id]
        apply_import(found.id)
        apply_import(found.id)
    assert (import_of(found.id).counts, len(companies())) == ({"new": 1200}, 1200)


def test_one_that_kills_every_worker_while_it_is_taken_in_is_given_up_and_changes_nothing(path: Path) -> None:
    found, at = read(path), now()
    with transaction():
        applying.confirm(found.id)
    for _ in range(reading.MOST_TRIES):
        with transaction():
            assert applying.take(found.id, at) is not None
        at += applying.LEASE * 2
    with transaction():
        assert applying.take(found.id, at) is None
    assert (import_of(found.id).state, companies()) == (ImportState.FAILED, [])


def test_one_that_waits_for_the_register_is_not_given_up(path: Path) -> None:
    found = read(path)
    with transaction():
        applying.confirm(found.id)
    for _ in range(reading.MOST_TRIES + 1):
        with transaction():
            given = applying.take(found.id, now())
            assert given is not None
            applying.give_back(given)
    assert import_of(found.id).state is ImportState.CONFIRMED


def test_who_said_yes_stands_in_the_audit_trail(path: Path) -> None:
    found = read(path)
    audit.act_as("Alva Ek")
    with transaction():
        applying.confirm(found.id)
    query = (
        select(AuditEntry.actor, AuditEntry.subject)
        .where(AuditEntry.action == "company.import_confirmed")
        .order_by(AuditEntry.id)
    )
    assert db.session.execute(query).all() == [("Alva Ek", f"company_import:{found.id}")]


def test_one_cancelled_while_it_is_read_stops_and_is_gone(path: Path) -> None:
    import_id = begun(path)
    with transaction():
        taken = reading.take(import_id, now())
    assert taken is not None
    with transaction():
        assert reading.cancel(import_id, now())
    with pytest.raises(reading.LostImport), transaction():
        reading.keep(taken, reading.Portion(), now())
    assert (lines_of(import_of(import_id)), list(folder().iterdir())) == ([], [])


def test_a_file_that_is_gone_is_told(path: Path) -> None:
    import_id = begun(path)
    for one in folder().iterdir():
        one.unlink()
    read_import(import_id)
    assert "en gång till" in import_of(import_id).reason


def test_the_clock_finds_what_waits(path: Path) -> None:
    import_id = begun(path)
    assert queries.imports_to_read(now()) == [import_id]
    read_import(import_id)
    assert queries.imports_to_read(now()) == queries.imports_to_apply(now()) == []
    with transaction():
        applying.confirm(import_id)
    assert queries.imports_to_apply(now()) == [import_id]
    actors.ring_due()


def test_nobody_confirms_twice(path: Path) -> None:
    found = read(path)
    with transaction():
        applying.confirm(found.id)
    with pytest.raises(applying.NotToBeTaken), transaction():
        applying.confirm(found.id)


def test_reports_that_nobody_said_yes_to_are_cancelled_and_old_lines_forgotten(path: Path) -> None:
    done, waits = taken_in(path).id, read(path).id
    assert not forgetting.has_something_to_forget(now())
    with time_machine.travel(now() + forgetting.ASKED + timedelta(hours=1), tick=True):
        assert forgetting.has_something_to_forget(now())
        forget_imports(0)
        assert import_of(waits).state is ImportState.CANCELLED
        assert len(lines_of(import_of(done))) == 1200
    with time_machine.travel(now() + forgetting.KEPT + timedelta(hours=1), tick=True):
        forget_imports(0)
        found = import_of(done)
        assert (lines_of(found), found.counts, adds_up(found)) == ([], {"new": 1200}, True)


def test_stray_files_are_deleted_after_a_day(path: Path) -> None:
    begun(path)
    (folder() / "stray").write_text("x")
    assert not forgetting.has_something_to_forget(now())
    with time_machine.travel(now() + timedelta(days=2), tick=True):
        assert forgetting.has_something_to_forget(now())  # so the clock rings, though no import is old
        delete_orphans()
        assert not forgetting.has_something_to_forget(now())
    assert [one.name for one in folder().iterdir()] == [db.session.query(Import).one().file_key]
