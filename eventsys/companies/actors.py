"""Doors for workers: files of companies, and what the clock has found due about companies."""

from __future__ import annotations

import traceback
from pathlib import Path

import structlog

from eventsys.broker import job
from eventsys.clock import now
from eventsys.companies.imports import applying, forgetting, queries, reading
from eventsys.companies.imports.reading import LostImport
from eventsys.companies.imports.receiving import delete_file
from eventsys.database import transaction
from eventsys.errors import Busy
from eventsys.tabular import PoorFile

log = structlog.get_logger()

BROKE = "Inläsningen gick inte och inget är ändrat. Försök igen, eller be den som sköter servern att se i loggen."
MINUTES = 60_000


# A file is read in one go (see imports/reading.py), 20 s for a gigabyte on an ordinary machine; the time limit is for
# a disk or a database that is very slow. Progress and the lease are saved every few seconds meanwhile.
@job(queue="imports", time_limit=60 * MINUTES)
def read_import(import_id: int) -> None:
    """Read a file that waits, judge its lines, and keep what somebody should see. Changes nothing in the register."""
    with transaction():
        taken = reading.take(import_id, now())
    if taken is None:
        return
    file_key = taken.path.name
    try:
        for portion in reading.portions(taken):
            with transaction():
                reading.keep(taken, portion, now())
        with transaction():
            reading.finish(taken, now())
    except (LostImport, Busy):  # the lease runs out, and somebody begins anew
        return
    except PoorFile as refusal:
        with transaction():
            reading.fail(import_id, str(refusal), now())
    except Exception as error:
        _note(import_id, error)
        with transaction():
            reading.fail(import_id, BROKE, now())
    delete_file(file_key)


# All of it is one transaction, which cannot be parted into short jobs.
@job(queue="imports", time_limit=14 * MINUTES)
def apply_import(import_id: int) -> None:
    """Take in what somebody has said yes to: everything or nothing."""
    with transaction():
        given = applying.take(import_id, now())
    if given is None:
        return
    try:
        with transaction():
            applying.take_in(given, now())
    except LostImport:
        return
    except Busy:
        with transaction():
            applying.give_back(given)
    except Exception as error:
        _note(import_id, error)
        with transaction():
            reading.fail(import_id, BROKE, now())


def _note(import_id: int, error: Exception) -> None:
    """Where it broke, without the error's own words: they may repeat what stands in the file."""
    frames = [f"{Path(one.filename).name}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)]
    log.error("import_failed", id=import_id, error=type(error).__name__, where=" ".join(frames[-6:]))


@job(queue="imports")
def forget_imports(_doorbell: int) -> None:
    """Cancel imports that nobody said yes to, and forget the lines of old ones."""
    with transaction():
        forgetting.forget(now())


def ring_due() -> None:
    """Ring for everything about companies that is due. Called by the tick."""
    at = now()
    for import_id in queries.imports_to_read(at):
        read_import.ring(import_id)
    for import_id in queries.imports_to_apply(at):
        apply_import.ring(import_id)
    if forgetting.has_something_to_forget(at):
        forget_imports.ring()
