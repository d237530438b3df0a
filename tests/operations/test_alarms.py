"""Letters when something is stuck: one when it has lasted, one a day, one when it is over, and never a storm."""

from __future__ import annotations

import contextvars
import threading
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from time_machine import travel

from eventsys.clock import from_local, now
from eventsys.config import SettingsError, load_settings
from eventsys.database import db, transaction
from eventsys.leases import Lease
from eventsys.mail.letters import letter_named
from eventsys.mail.models import Delivery, MailingState, Priority, State
from eventsys.mail.throttle import relay_row
from eventsys.operations.alarms import note
from eventsys.operations.models import Kind, Trouble, Worker
from eventsys.operations.sight import Disk, look_around
from eventsys.operations.troubles import PATIENCE, Found, troubles_in
from eventsys.operations.watching import say_alive, say_goodbye, watch
from eventsys.operations.words import TROUBLES
from eventsys.privacy.models import RequestState
from eventsys.privacy.retention.models import RetentionRun
from eventsys.staff.models import Account, Role
from tests.desk.scenes import make_letter
from tests.newsletters.issues.scenes import make_issue
from tests.operations.test_metrics import make_mailing, make_request
from tests.staff_fixtures import new_account

START = from_local(datetime(2026, 11, 30, 12))  # noqa: DTZ001


def found_now(kind: Kind = Kind.DISK, since: datetime = START, detail: str = "9 MB ledigt.") -> list[Found]:
    return [Found(kind, since, detail)]


def noted(minutes: float, found: list[Found]) -> None:
    """What the watch notes so many minutes after the start."""
    with transaction():
        note(found, START + timedelta(minutes=minutes))


def posted() -> list[tuple[str, str]]:
    """(address, kind of letter) of every alarm, in the order they were posted."""
    query = select(Delivery.address, Delivery.letter).where(Delivery.letter.like("operations/%")).order_by(Delivery.id)
    return [(row.address, row.letter.partition("/")[2]) for row in db.session.execute(query)]


def kinds_posted() -> list[str]:
    return [letter for _, letter in posted()]


# --- one letter, and to whom ---------------------------------------------------------------------------------------


def test_trouble_that_lasts_is_told_once_to_every_administrator(app):
    people = [new_account(), new_account()]
    for others in (Role.ORGANISER, Role.EDITOR, Role.HOST):
        new_account(others)
    new_account(password="")
    for minute in range(20):
        noted(minute, found_now())
    assert Counter(posted()) == Counter((one.email, "trouble") for one in people)


def test_a_closed_account_is_told_nothing(app, administrator):
    closed = new_account()
    with transaction():
        db.session.get(Account, closed.id).closed_at = now()
    for minute in range(10):
        noted(minute, found_now())
    assert posted() == [(administrator.email, "trouble")]


def test_an_administrator_who_signs_in_by_the_city_s_account_is_told(app):
    account = new_account(password="")
    with transaction():
        db.session.get(Account, account.id).oidc_subject = "alva-at-the-issuer"
    for minute in range(10):
        noted(minute, found_now())
    assert posted() == [(account.email, "trouble")]


def test_the_setting_says_who_is_told_instead(app, administrator, use_settings):
    use_settings(alarm_to="Jouren <jour@boras.example>, IT@boras.example")
    for minute in range(10):
        noted(minute, found_now())
    assert posted() == [("jour@boras.example", "trouble"), ("it@boras.example", "trouble")]


def test_addresses_that_are_none_are_refused_when_the_settings_are_read():
    with pytest.raises(SettingsError, match="EVENTSYS_ALARM_TO"):
        load_settings({"EVENTSYS_ALARM_TO": "jouren, it@boras.example"})
    assert load_settings({"EVENTSYS_ALARM_TO": "Jour <j@boras.example>, it@boras.example"}).alarm_to


def test_trouble_that_goes_before_it_has_lasted_is_told_to_nobody(app, administrator):
    for minute in range(4):
        noted(minute, found_now())
    noted(4, [])
    assert (posted(), db.session.query(Trouble).count()) == ([], 0)


def test_each_kind_has_the_patience_that_its_table_says(app, administrator):
    for kind, patience in PATIENCE.items():
        late, soon = START - patience, START - patience + timedelta(seconds=30)
        assert Found(kind, late, "").lasts(START)
        assert not Found(kind, soon, "").lasts(START) or patience == timedelta(0)


def test_a_letter_a_day_while_it_goes_on(app, administrator):
    for minute in range(0, 3 * 24 * 60, 30):
        noted(minute, found_now())
    assert kinds_posted() == ["trouble"] * 3


def test_a_letter_when_it_has_stayed_away_for_a_while(app, administrator):
    for minute in range(10):
        noted(minute, found_now())
    noted(15, [])
    noted(38, [])
    assert kinds_posted() == ["trouble"]
    noted(40, [])
    noted(60, [])
    assert kinds_posted() == ["trouble", "trouble_over"]
    assert db.session.query(Trouble).one().over_at == START + timedelta(minutes=40)


def test_trouble_that_comes_and_goes_all_day_makes_no_storm(app, administrator):
    for minute in range(0, 24 * 60, 5):
        noted(minute, found_now() if minute % 30 < 15 else [])
    assert kinds_posted() == ["trouble"]


def test_trouble_that_comes_back_again_and_again_is_quiet_for_longer_each_time(app, administrator):
    for minute in range(0, 24 * 60, 5):
        noted(minute, found_now() if minute % 60 < 15 else [])
    assert len(posted()) <= 3


def test_two_kinds_are_two_troubles(app, administrator):
    for minute in range(20):
        noted(minute, [*found_now(), *found_now(Kind.CLOCK)])
    assert kinds_posted() == ["trouble", "trouble"]


def test_two_workers_that_note_at_once_tell_everybody_once(app, administrator):
    noted(0, found_now())
    start = threading.Barrier(4)

    def worker() -> None:
        with app.app_context():
            start.wait()
            with transaction():
                note(found_now(), START + timedelta(minutes=10))
            db.session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(worker,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert posted() == [(administrator.email, "trouble")]


def test_what_is_over_for_long_is_forgotten(app, administrator):
    for minute in (0, 10, 60, 61 + 91 * 24 * 60):
        noted(minute, found_now() if minute < 30 else [])
    assert db.session.query(Trouble).count() == 0


# --- what the letters say ------------------------------------------------------------------------------------------


def letters() -> list[Delivery]:
    return list(db.session.scalars(select(Delivery).where(Delivery.letter.like("operations/%")).order_by(Delivery.id)))


@pytest.mark.parametrize("kind", Kind)
def test_an_alarm_says_what_since_when_and_what_to_do(app, administrator, kind):
    for minute in (0, 6):
        noted(minute, found_now(kind, START - timedelta(days=4), "Tre brev väntar."))
    (delivery,) = letters()
    email = letter_named(delivery.letter).build(delivery)
    title, advice = TROUBLES[kind]
    assert email.subject == f"Larm: {title[0].lower()}{title[1:]}"
    for part in (email.text, email.html):
        for words in (title, advice, "Tre brev väntar.", administrator.name, "26 november", "/personal/drift"):
            assert words in part


def test_a_reminder_says_that_it_is_one(app, administrator):
    for minute in (0, 6, 6 + 24 * 60):
        noted(minute, found_now())
    first, second = (letter_named(one.letter).build(one) for one in letters())
    assert first.subject.startswith("Larm: ")
    assert second.subject == "Fortfarande: disken är nästan full"
    assert "inte rättat till sig" in second.text


def test_the_last_letter_says_that_it_is_over(app, administrator):
    for minute, found in ((0, found_now()), (6, found_now()), (36, [])):
        noted(minute, found)
    over = letters()[-1]
    email = letter_named(over.letter).build(over)
    assert email.subject == "Över: disken är nästan full"
    assert "kl. 12.06" in email.text


def test_an_alarm_that_could_not_leave_in_time_is_not_wanted_when_it_is_over(app, administrator):
    for minute in (0, 6):
        noted(minute, found_now())
    (delivery,) = letters()
    letter = letter_named(delivery.letter)
    assert letter.unwanted(delivery) == ""
    noted(36, [])
    assert letter.unwanted(delivery) == "det är redan över"
    assert letter_named(letters()[-1].letter).unwanted(letters()[-1]) == ""


def test_an_alarm_to_an_address_without_a_name_greets_nobody_by_it(app, use_settings):
    use_settings(alarm_to="it@boras.example")
    for minute in (0, 6):
        noted(minute, found_now())
    (delivery,) = letters()
    assert "\nHej,\n" in letter_named(delivery.letter).build(delivery).text


# --- what counts as trouble ----------------------------------------------------------------------------------------


@pytest.fixture
def at(app):
    """Two in the afternoon of a day whose night was gallrad, the clock going and a worker alive: nothing is wrong."""
    moment = from_local(datetime(2026, 11, 30, 14))  # noqa: DTZ001
    with travel(moment, tick=False):
        with transaction():
            db.session.add(Lease(duty="tick", holder="x", until=moment, taken_at=moment))
            db.session.add(Worker(holder="x", begun_at=moment, seen_at=moment))
            db.session.add(
                RetentionRun(night=datetime(2026, 11, 30).date(), begun_by="x", begun_at=moment, finished_at=moment)  # noqa: DTZ001
            )
        yield moment


def troubles(at: datetime) -> dict[Kind, Found]:
    return {one.kind: one for one in troubles_in(look_around(at)) if one.lasts(at)}


def test_nothing_is_wrong_with_a_system_that_works(at):
    make_letter(State.ACCEPTED, at=at)
    assert troubles_in(look_around(at)) == []


def test_a_clock_that_stands_still_for_five_minutes_is_trouble(at):
    for minutes, is_trouble in ((4, False), (5, True)):
        assert (Kind.CLOCK in troubles(at + timedelta(minutes=minutes))) is is_trouble


def test_no_worker_for_two_minutes_is_trouble(at):
    assert Kind.WORKERS not in troubles(at + timedelta(seconds=119))
    assert Kind.WORKERS in troubles(at + timedelta(seconds=121))


def test_letters_due_for_a_quarter_of_an_hour_are_trouble(at):
    make_letter(State.QUEUED, not_before=at)
    assert Kind.LETTERS not in troubles(at + timedelta(minutes=14))
    found = troubles(at + timedelta(minutes=16))[Kind.LETTERS]
    assert found.detail == "1 brev skulle ha gått, det äldsta måndag 30 november kl. 14.00."


def test_letters_that_a_stopped_relay_keeps_are_the_relay_s_trouble(at, use_settings):
    use_settings(smtp_url="smtp://relay.example:25")
    make_letter(State.QUEUED, not_before=at - timedelta(hours=1))
    with transaction():
        row = relay_row("relay.example:25", at, lock=True)
        row.stopped_until, row.stop_reason, row.failures = at + timedelta(minutes=5), "Fel lösenord.", 1
    found = troubles(at)
    assert set(found) == {Kind.RELAY}
    assert found[Kind.RELAY].detail == "Fel lösenord."


def test_reminders_that_wait_for_the_relay_s_pace_are_no_trouble_but_confirmations_are(at, use_settings):
    use_settings(smtp_per_minute=30)
    make_letter(State.QUEUED, not_before=at - timedelta(hours=1), priority=Priority.REMINDER)
    assert troubles(at) == {}
    make_letter(State.QUEUED, not_before=at - timedelta(hours=1))
    assert set(troubles(at)) == {Kind.LETTERS}


def test_a_day_s_cap_that_keeps_confirmations_waiting_is_named(at, use_settings):
    use_settings(smtp_url="smtp://relay.example:25", smtp_per_day=100)
    make_letter(State.QUEUED, not_before=at - timedelta(hours=1))
    with transaction():
        relay_row("relay.example:25", at, lock=True).sent_today = 100
    assert "Dagens antal brev" in troubles(at)[Kind.LETTERS].detail


def test_a_mailing_that_stands_still_for_an_hour_is_trouble_and_one_that_is_held_is_not(at):
    stands = make_mailing(moved_at=at - timedelta(minutes=70))
    make_letter(State.QUEUED, mailing_id=stands.id, not_before=at - timedelta(hours=2))
    assert "Företagsamt: har stått stilla" in troubles(at)[Kind.MAILINGS].detail
    with transaction():
        db.session.merge(stands).held_until = at + timedelta(minutes=5)
    assert Kind.MAILINGS not in troubles(at)


def test_a_mailing_that_the_system_paused_is_trouble_and_one_that_somebody_paused_is_not(at):
    paused = make_mailing(MailingState.PAUSED, moved_at=at - timedelta(hours=2))
    assert troubles(at) == {}
    with transaction():
        db.session.merge(paused).reason = "Tio brev i rad vägrades."
    assert troubles(at)[Kind.MAILINGS].detail == "Företagsamt: Tio brev i rad vägrades."


def test_a_mailing_that_waits_for_a_stopped_relay_is_the_relay_s_trouble(at, use_settings):
    use_settings(smtp_url="smtp://relay.example:25")
    stands = make_mailing(moved_at=at - timedelta(minutes=70))
    make_letter(State.QUEUED, mailing_id=stands.id, not_before=at - timedelta(hours=2))
    with transaction():
        row = relay_row("relay.example:25", at, lock=True)
        row.stopped_until, row.failures = at + timedelta(minutes=5), 9
    assert Kind.MAILINGS not in troubles(at)


def test_an_issue_that_did_not_leave_is_trouble(at):
    issue = make_issue(trouble="Ingen fick brevet.")
    assert f"{issue.name}: Skickades inte. Ingen fick brevet." in troubles(at)[Kind.MAILINGS].detail


def test_an_erasing_that_waits_for_three_days_is_trouble(at):
    with transaction():
        db.session.add(make_request(RequestState.ERASING, 2))
    assert troubles(at) == {}
    assert Kind.ERASING in {one.kind for one in troubles_in(look_around(at + timedelta(days=2)))}


def test_a_night_without_its_run_is_trouble_from_six_in_the_morning(at):
    tomorrow = from_local(datetime(2026, 12, 1, 5, 59))  # noqa: DTZ001
    assert Kind.RETENTION not in troubles(tomorrow)
    assert "har inte börjat" in troubles(tomorrow + timedelta(minutes=2))[Kind.RETENTION].detail


def test_a_run_that_is_not_finished_in_four_hours_is_trouble(at):
    with transaction():
        db.session.query(RetentionRun).one().finished_at = None
    assert Kind.RETENTION not in troubles(at + timedelta(hours=3))
    assert "är inte klar" in troubles(at + timedelta(hours=5))[Kind.RETENTION].detail


@pytest.mark.parametrize(
    ("free", "total", "is_trouble"),
    [
        (499_000_000, 2_000_000_000, True), (501_000_000, 2_000_000_000, False), (4_900_000_000, 100_000_000_000, True),
        (5_100_000_000, 100_000_000_000, False),
    ],
)  # fmt: skip
def test_a_disk_below_five_per_cent_or_half_a_gigabyte_is_trouble(at, free, total, is_trouble):
    seen = replace(look_around(at), disk=Disk(free, total))
    assert (Kind.DISK in {one.kind for one in troubles_in(seen)}) is is_trouble


def test_a_data_folder_that_is_elsewhere_is_no_trouble(at, use_settings, tmp_path):
    use_settings(data_dir=str(tmp_path / "elsewhere"))
    seen = look_around(at)
    assert seen.disk is None
    assert troubles_in(seen) == []


# --- the watch -----------------------------------------------------------------------------------------------------


def test_the_watch_tells_of_letters_that_nobody_takes(at, administrator):
    make_letter(State.QUEUED, not_before=at - timedelta(hours=1))
    watch(at)
    with transaction():
        say_alive(at + timedelta(minutes=6))
        db.session.get(Lease, "tick").taken_at = at + timedelta(minutes=6)
    watch(at + timedelta(minutes=6))
    assert posted() == [(administrator.email, "trouble")]
    assert db.session.query(Trouble).one().kind is Kind.LETTERS


def test_one_worker_watches_at_a_time(at, app, administrator, monkeypatch):
    make_letter(State.QUEUED, not_before=at - timedelta(hours=1))
    watch(at)
    monkeypatch.setitem(app.extensions, "eventsys_holder", "another")
    watch(at + timedelta(minutes=6))
    assert posted() == []
    with travel(at + timedelta(minutes=2), tick=False):  # the first has died, and its lease has run out
        watch(at + timedelta(minutes=6))
    assert posted() == [(administrator.email, "trouble")]


def test_a_worker_says_that_it_lives_and_takes_its_row_away(at):
    say_goodbye()
    with transaction():
        db.session.query(Worker).delete()
        say_alive(at)
    with transaction():
        say_alive(at + timedelta(seconds=30))
    assert db.session.query(Worker).one().seen_at == at + timedelta(seconds=30)
    with transaction():
        say_goodbye()
    assert db.session.query(Worker).count() == 0


def test_rows_of_killed_workers_go_after_a_day(at):
    with transaction():
        say_alive(at + timedelta(hours=23))
    assert db.session.query(Worker).count() == 2
    with transaction():
        say_alive(at + timedelta(hours=25))
    assert db.session.query(Worker).count() == 1


def test_the_words_name_every_kind_of_trouble():
    assert set(TROUBLES) == set(PATIENCE) == set(Kind)
