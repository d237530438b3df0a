"""Nothing without a reference, a dry run that tells the truth, a run that is killed and goes on, rules that change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from eventsys.audit import AuditEntry
from eventsys.cli import cli
from eventsys.clock import from_local, local, now
from eventsys.database import db, transaction
from eventsys.errors import NotFound
from eventsys.events.models import Attendee, Diet
from eventsys.mail.models import Delivery
from eventsys.personal import FORGOTTEN, PREFIX
from eventsys.privacy.retention import actors, running
from eventsys.privacy.retention.models import RetentionLine, RetentionRun
from eventsys.privacy.retention.rules import DecisionMissing, NoRule, Ruling, set_rule, take_rule_away
from eventsys.retention import Interval, RetentionRule, Unit, category, in_force, interval_words, intervals_in_force
from tests.factories import make_event, make_person, make_registration
from tests.retention.months import Made, day_of, make_month

YEAR = Interval(12, Unit.MONTHS)
DECIDED = Ruling(YEAR, "Påhittat KS 2026-1", date(2026, 11, 2))


def decide(*keys: str, ruling: Ruling = DECIDED) -> None:
    with transaction():
        for key in keys:
            set_rule(key, ruling, "Alva", now())


def past_event(people: int = 3) -> None:
    """An event two years ago, with so many who have a place."""
    starts_at = now() - timedelta(days=730)
    event = make_event(starts_at=starts_at, capacity=10_000, party_size=10_000)
    make_registration(event, people, at=starts_at - timedelta(days=9))


def nameless() -> int:
    return db.session.scalar(select(func.count()).select_from(Attendee).where(Attendee.name == FORGOTTEN)) or 0


def lines() -> list[tuple[str, int]]:
    db.session.rollback()
    return [(one.category, one.destroyed) for one in db.session.scalars(select(RetentionLine).order_by("id"))]


def work_off() -> None:
    for run_id in running.unfinished_runs():
        actors.destroy_due(run_id)


@pytest.mark.parametrize(
    ("interval", "at", "before"),
    [
        (Interval(1, Unit.MONTHS), "2027-03-31 02.30", "2027-02-28 00.00"),
        (Interval(12, Unit.MONTHS), "2028-02-29 23.59", "2027-02-28 00.00"),
        (Interval(24, Unit.MONTHS), "2027-01-01 00.30", "2025-01-01 00.00"),
        (Interval(0, Unit.DAYS), "2027-03-28 12.00", "2027-03-28 00.00"),  # summer time began that night
        (Interval(30, Unit.DAYS), "2027-04-10 12.00", "2027-03-11 00.00"),
    ],
)
def test_an_interval_ends_at_midnight_in_boras(interval: Interval, at: str, before: str) -> None:
    moment = from_local(datetime.strptime(at, "%Y-%m-%d %H.%M"))  # noqa: DTZ007 - a wall time
    assert f"{local(interval.before(moment)):%Y-%m-%d %H.%M}" == before


def test_without_a_rule_only_diet_goes(app: Flask) -> None:
    assert [force.category.key for force in in_force()] == ["events.diet"]
    make_month(made := Made(), 0)
    with time_machine.travel(day_of(35, 1), tick=False):
        actors.begin_night(0)
        work_off()
    assert lines() == [("events.diet", 1)]
    assert all(made.gone(key) == (key == "events.diet") for key in made.keys)


def test_a_rule_without_a_reference_destroys_nothing(app: Flask) -> None:
    make_month(made := Made(), 0)
    decide(*(key for key in made.keys if key != "events.diet"), ruling=Ruling(Interval(1, Unit.MONTHS)))
    with time_machine.travel(day_of(35, 1), tick=False):
        assert [due.force.category.key for due in running.what_is_due(now())] == ["events.diet"]
        actors.begin_night(0)
        work_off()
    assert lines() == [("events.diet", 1)]


def test_the_dry_run_counts_what_the_run_destroys_and_changes_nothing(app: Flask) -> None:
    made = Made()
    for month in range(2):
        make_month(made, month)
    decide(*(key for key in made.keys if key != "events.diet"), ruling=DECIDED)
    with time_machine.travel(day_of(13, 5), tick=False):
        told = {due.force.category.key: due.count for due in running.what_is_due(now())}
        assert told == {due.force.category.key: due.count for due in running.what_is_due(now())}
        assert not any(made.gone(key) for key in made.keys)
        actors.begin_night(0)
        work_off()
        assert dict(lines()) == {key: count for key, count in told.items() if count}
        assert set(told.values()) == {1, 2}
        assert not any(due.count for due in running.what_is_due(now()))


def test_a_run_that_is_killed_goes_on_and_its_protocol_is_true(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PORTION", 3)
    past_event(10)
    decide("events.people", "events.bookers")
    whole = category("events.people").carry_out
    portions: list[int] = []

    def killed_in_the_second(before: datetime, limit: int, at: datetime) -> int:
        done = whole(before, limit, at)
        portions.append(done)
        if len(portions) == 2:
            raise KeyboardInterrupt
        return done

    object.__setattr__(category("events.people"), "carry_out", killed_in_the_second)
    try:
        actors.begin_night(0)
        with pytest.raises(KeyboardInterrupt):
            work_off()
        db.session.rollback()
        assert lines() == [("events.people", 3), ("events.bookers", 0)]
        assert nameless() == 3, "the portion that was cut off is not kept, and not counted"
        work_off()
    finally:
        object.__setattr__(category("events.people"), "carry_out", whole)
    assert lines() == [("events.people", 10), ("events.bookers", 1)]
    assert nameless() == 10
    assert running.unfinished_runs() == []
    work_off()
    assert lines() == [("events.people", 10), ("events.bookers", 1)]


def test_a_rule_that_is_taken_away_stops_a_run_that_is_under_way(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PORTION", 3)
    past_event(10)
    decide("events.people")
    with transaction():
        run = running.begin_run(now(), "Alva")
        assert run is not None
        run_id = run.id
    with transaction():
        running.go_on(run_id, now())
    with transaction():
        take_rule_away("events.people")
    actors.destroy_due(run_id)
    assert nameless() == 3
    (line,) = db.session.scalars(select(RetentionLine)).all()
    assert (line.destroyed, line.remark) == (3, running.CHANGED)
    assert running.unfinished_runs() == []


def test_a_longer_interval_stops_a_run_that_is_under_way(app: Flask) -> None:
    past_event()
    decide("events.people")
    with transaction():
        assert running.begin_run(now(), "Alva") is not None
    decide("events.people", ruling=Ruling(Interval(36, Unit.MONTHS), DECIDED.reference, DECIDED.decided_on))
    work_off()
    assert nameless() == 0


def test_a_night_is_begun_once_and_not_before_two(app: Flask) -> None:
    broker = app.extensions["eventsys_broker"]
    with time_machine.travel(day_of(0, 3, hour=1), tick=False):
        actors.ring_due()
        assert broker.queues["retention"].qsize() == 0
    with time_machine.travel(day_of(0, 3, hour=2), tick=False):
        actors.ring_due()
        assert broker.queues["retention"].qsize() == 1
        actors.begin_night(0)
        actors.begin_night(0)
        actors.ring_due()
        assert broker.queues["retention"].qsize() == 1
    assert db.session.scalar(select(func.count()).select_from(RetentionRun)) == 1
    with time_machine.travel(day_of(0, 4, hour=23), tick=False):
        assert running.night_to_begin(now()) is not None


def test_two_processes_begin_a_night_once(app: Flask) -> None:
    with transaction():
        assert running.begin_run(now(), "klockan", date(2027, 1, 3)) is not None
    with transaction():
        assert running.begin_run(now(), "klockan", date(2027, 1, 3)) is None


def test_diet_stays_longer_only_by_a_decision(app: Flask) -> None:
    event = make_event(asks_diet=True)
    make_registration(event, people=[make_person("Åsa Öberg", diet="Nötter")])
    decide("events.diet", ruling=Ruling(Interval(7, Unit.DAYS), "Påhittat KS 2026-2", date(2026, 11, 2)))
    for days, left in ((6, 1), (8, 0)):
        with time_machine.travel(event.ends_at + timedelta(days=days), tick=False):
            actors.begin_night(0)
            work_off()
        assert db.session.scalar(select(func.count()).select_from(Diet)) == left


def test_letters_that_are_on_their_way_are_never_due(app: Flask) -> None:
    past_event()
    decide("mail.letters")
    letters = db.session.scalar(select(func.count()).select_from(Delivery)) or 0
    assert letters > 0
    with time_machine.travel(now() + timedelta(days=3000), tick=False):
        actors.begin_night(0)
        work_off()
    assert db.session.scalar(select(func.count()).where(Delivery.address.startswith(PREFIX))) == 0


def test_what_was_destroyed_stands_in_the_audit_trail_by_number_alone(app: Flask) -> None:
    past_event()
    decide("events.people")
    actors.begin_night(0)
    work_off()
    query = (
        select(AuditEntry.action, AuditEntry.detail)
        .where(AuditEntry.action.startswith("retention."))
        .order_by(AuditEntry.id)
    )
    acts = dict(db.session.execute(query).all())
    assert acts["retention.destroyed"] == {"rows": 3}
    assert acts["retention.rule_set"]["reference"] == "Påhittat KS 2026-1"


# --- rules --------------------------------------------------------------------------------------------------------


def test_a_reference_needs_its_day_and_a_day_its_reference(app: Flask) -> None:
    for ruling in (Ruling(YEAR, "KS 1"), Ruling(YEAR, "", date(2026, 1, 1))):
        with pytest.raises(DecisionMissing), transaction():
            set_rule("events.people", ruling, "Alva", now())
    assert db.session.scalar(select(func.count()).select_from(RetentionRule)) == 0


def test_rules_of_nothing_are_refused(app: Flask) -> None:
    with pytest.raises(NotFound), transaction():
        set_rule("events.nothing", DECIDED, "Alva", now())
    with pytest.raises(NoRule), transaction():
        take_rule_away("events.people")


def test_intervals_in_words_in_both_languages(app: Flask) -> None:
    people = category("events.people")
    assert interval_words(Interval(12, Unit.MONTHS), people) == "12 månader efter evenemanget"
    assert interval_words(Interval(1, Unit.DAYS), people, "en") == "1 day after the event"
    decide("events.people")
    assert intervals_in_force("sv") == [
        ("Mat och allergi", "till dagen efter evenemanget."),
        ("Deltagare vid evenemang", "till 12 månader efter evenemanget."),
    ]
    assert ("Participants of events", "until 12 months after the event.") in intervals_in_force("en")


# --- the command --------------------------------------------------------------------------------------------------


def run_command(app: Flask, *arguments: str) -> str:
    answer = CliRunner().invoke(cli.get_command(None, "retention"), ["run", *arguments], obj=_info(app))  # type: ignore[arg-type]
    assert answer.exit_code == 0, answer.output
    return answer.output


def _info(app: Flask) -> object:
    from flask.cli import ScriptInfo  # noqa: PLC0415

    return ScriptInfo(create_app=lambda: app)


def test_the_command_tells_and_then_does(app: Flask) -> None:
    past_event()
    decide("events.people")
    assert "3  events.people" in run_command(app, "--dry-run")
    assert nameless() == 0
    said = run_command(app)
    assert "3  events.people" in said
    assert "/personal/gallring/protokoll/" in said
    db.session.rollback()
    assert nameless() == 3
    assert "Nothing is due." in run_command(app)
