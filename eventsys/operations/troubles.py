"""What is the matter, judged from what rows tell: the one place that says when something is stuck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from eventsys.clock import from_local, local
from eventsys.config import settings
from eventsys.i18n import moment, number
from eventsys.mail.models import MailingState, Priority, State
from eventsys.operations.models import Kind
from eventsys.operations.sight import Sight
from eventsys.privacy.retention.running import NIGHT_BEGINS

# How long each may last before it is told. The erasing waits two days at most for the last letter to the person.
PATIENCE = {
    Kind.CLOCK: timedelta(minutes=5),
    Kind.WORKERS: timedelta(0),
    Kind.LETTERS: timedelta(minutes=15),
    Kind.RELAY: timedelta(minutes=15),
    Kind.MAILINGS: timedelta(hours=1),
    Kind.IMPORTS: timedelta(minutes=15),
    Kind.ERASING: timedelta(days=3),
    Kind.RETENTION: timedelta(hours=4),
    Kind.DISK: timedelta(0),
}
TICKS_WITHIN = timedelta(minutes=1)
LETTERS_LEAVE_WITHIN = timedelta(minutes=2)
LEAST_FREE_BYTES, LEAST_FREE_SHARE = 500_000_000, 0.05


@dataclass(frozen=True)
class Found:
    """Something that is not as it should be, since when, and how it stands, in Swedish."""

    kind: Kind
    since: datetime
    detail: str

    def lasts(self, at: datetime) -> bool:
        """Whether it has lasted so long that somebody should know."""
        return at - self.since >= PATIENCE[self.kind]


def troubles_in(sight: Sight) -> list[Found]:
    """Everything that is the matter, one of a kind at most, in the order of the kinds."""
    looks = (_clock, _workers, _letters, _relay, _mailings, _imports, _erasing, _retention, _disk)
    return [found for look in looks for found in look(sight)]


def _clock(sight: Sight) -> Iterator[Found]:
    if sight.ticked_at is None:
        yield Found(Kind.CLOCK, sight.at - PATIENCE[Kind.CLOCK], "Klockan har aldrig gått.")
    elif sight.at - sight.ticked_at > TICKS_WITHIN:
        yield Found(Kind.CLOCK, sight.ticked_at, f"Klockan gick senast {moment(sight.ticked_at)}.")


def _workers(sight: Sight) -> Iterator[Found]:
    if not sight.workers:
        seen_at = sight.worker_seen_at
        told = f"Den senaste hördes av {moment(seen_at)}." if seen_at else "Ingen har hörts av."
        yield Found(Kind.WORKERS, seen_at or sight.at, told)


# --- letters ------------------------------------------------------------------------------------------------------


def _letters(sight: Sight) -> Iterator[Found]:
    """What a person waits for goes first, so that a relay's pace keeps only other letters waiting."""
    paced = settings().smtp_per_minute or settings().smtp_per_day
    counted = [due for priority, due in sight.due.items() if priority is Priority.CONFIRMATION or not paced]
    if not counted or relay_is_stopped(sight):
        return
    since = min(due.since for due in counted)
    if sight.at - since > LETTERS_LEAVE_WITHIN:
        number_due = sum(due.number for due in counted)
        cap = " Dagens antal brev till brevservern är nått." if _cap_is_reached(sight) else ""
        yield Found(Kind.LETTERS, since, f"{number(number_due)} brev skulle ha gått, det äldsta {moment(since)}.{cap}")


def relay_is_stopped(sight: Sight) -> bool:
    """Stopped now, or failing again and again while letters wait. Without letters nobody tries, and nobody knows."""
    relay = sight.relay
    waits = bool(sight.due or sight.letters[State.DEFERRED] or sight.mailings[MailingState.SENDING])
    return (relay.stopped_until is not None and relay.stopped_until > sight.at) or (relay.failures > 0 and waits)


def _cap_is_reached(sight: Sight) -> bool:
    per_day = settings().smtp_per_day
    return bool(per_day) and sight.relay.sent_today >= per_day


def _relay(sight: Sight) -> Iterator[Found]:
    if relay_is_stopped(sight):
        oldest = min((due.since for due in sight.due.values()), default=sight.at)
        yield Found(Kind.RELAY, oldest, sight.relay.reason or "Brevservern tar inte emot brev.")


def _mailings(sight: Sight) -> Iterator[Found]:
    """Paused by somebody is as it should be; paused by the system says why, and has been patient already."""
    held_up = relay_is_stopped(sight) or _cap_is_reached(sight)
    at_once = sight.at - PATIENCE[Kind.MAILINGS]
    paused = [one for one in sight.courses if one.state is MailingState.PAUSED and one.reason]
    standing = [] if held_up else [(one.name, one.stands_since) for one in sight.courses if one.stands_since]
    told = [
        *(f"{one.name}: {one.reason}" for one in paused),
        *(f"{name}: har stått stilla sedan {moment(since)}." for name, since in standing),
        *sight.unsent_issues,
    ]
    since = [begun for _, begun in standing] + ([at_once] if paused or sight.unsent_issues else [])
    if told:
        yield Found(Kind.MAILINGS, min(since), " ".join(told))


# --- work by the clock, and room ----------------------------------------------------------------------------------


def _imports(sight: Sight) -> Iterator[Found]:
    since = sight.imports.waits_since
    if since is not None and sight.at - since > LETTERS_LEAVE_WITHIN:
        waiting = sum(sight.imports.by_state.values())
        yield Found(Kind.IMPORTS, since, f"{number(waiting)} {'fil väntar' if waiting == 1 else 'filer väntar'}.")


def _erasing(sight: Sight) -> Iterator[Found]:
    since = sight.wishes.oldest_erasing
    if since is not None and sight.at - since > PATIENCE[Kind.ERASING]:
        yield Found(Kind.ERASING, since, f"En radering beslutades {moment(since)} och är inte gjord.")


def _retention(sight: Sight) -> Iterator[Found]:
    if sight.retention.unfinished_since is not None:
        since = sight.retention.unfinished_since
        if sight.at - since > timedelta(minutes=15):
            yield Found(Kind.RETENTION, since, f"Gallringen som började {moment(since)} är inte klar.")
        return
    wall, last = local(sight.at), sight.retention.last
    begins = from_local(datetime.combine(wall.date(), time(NIGHT_BEGINS)))
    if sight.at - begins > timedelta(minutes=15) and (last is None or last.night != wall.date()):
        yield Found(Kind.RETENTION, begins, "Nattens gallring har inte börjat.")


def _disk(sight: Sight) -> Iterator[Found]:
    disk = sight.disk
    if disk and (disk.free < LEAST_FREE_BYTES or disk.free < disk.total * LEAST_FREE_SHARE):
        yield Found(Kind.DISK, sight.at, f"{megabytes(disk.free)} ledigt av {megabytes(disk.total)}.")


def megabytes(size: int) -> str:
    """A size as staff read it: whole MB, or GB with a decimal."""
    if size < 1_000_000_000:
        return f"{number(round(size / 1_000_000))} MB"
    return f"{number(round(size / 1_000_000_000, 1))} GB"
