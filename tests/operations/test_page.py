"""The page about how the system runs: every part in a word, and what to do when it is bad."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from time_machine import travel

from eventsys.audit import record
from eventsys.clock import from_local
from eventsys.companies.models import Import, ImportFormat, ImportState
from eventsys.database import db, transaction
from eventsys.leases import Lease
from eventsys.mail.models import MailingState, State
from eventsys.mail.throttle import relay_row
from eventsys.operations.alarms import note
from eventsys.operations.lines import Line, lines_of
from eventsys.operations.models import Kind, Worker
from eventsys.operations.sight import look_around
from eventsys.operations.troubles import Found
from eventsys.operations.words import TROUBLES
from eventsys.privacy.models import RequestState
from eventsys.privacy.retention.models import RetentionRun
from eventsys.staff.models import Role
from tests.desk.scenes import make_letter
from tests.operations.test_metrics import make_mailing, make_request
from tests.servers import free_port

AT = from_local(datetime(2026, 11, 30, 14))  # noqa: DTZ001


@pytest.fixture
def at(app):
    """Two in the afternoon, and nothing goes."""
    with travel(AT, tick=False):
        yield AT


@pytest.fixture
def well(at):
    """The clock goes, a worker lives and last night's run is done."""
    with transaction():
        db.session.add(Lease(duty="tick", holder="x", until=at, taken_at=at))
        db.session.add(Worker(holder="x", begun_at=at, seen_at=at))
        night = {"night": datetime(2026, 11, 30).date(), "begun_by": "x", "begun_at": at, "finished_at": at}  # noqa: DTZ001
        db.session.add(RetentionRun(**night))
    return at


def lines(at: datetime = AT) -> dict[str, Line]:
    return {one.label: one for one in lines_of(look_around(at))}


def test_a_system_that_works_is_good_on_every_line(well, signed_in_client):
    assert {one.tone for one in lines().values()} == {"good", "neutral"}
    page = signed_in_client(Role.ADMINISTRATOR).get("/personal/drift").text
    assert "Allt fungerar" in page
    assert "Inget larm pågår" in page


def test_a_system_where_nothing_goes_says_so_and_what_to_do(at, signed_in_client):
    page = signed_in_client(Role.ADMINISTRATOR).get("/personal/drift").text
    assert "3 delar mår inte bra" in page
    for kind in (Kind.CLOCK, Kind.WORKERS, Kind.RETENTION):
        assert TROUBLES[kind].advice in page
    for label, word in (("Klockan", "Står still"), ("Arbetare", "Ingen"), ("Gallring", "Blir liggande")):
        assert (lines()[label].tone, lines()[label].word) == ("bad", word)


def test_what_has_not_lasted_is_told_apart_from_what_has(well):
    make_letter(State.QUEUED, not_before=well)
    told = [lines(well + timedelta(minutes=minutes))["Brev"] for minutes in (1, 5, 20)]
    assert [(one.tone, one.word) for one in told] == [("good", "Går"), ("warn", "Dröjer"), ("bad", "Blir liggande")]
    assert [bool(one.advice) for one in told] == [False, False, True]


def test_while_something_is_slow_the_page_does_not_say_that_all_is_well(well, signed_in_client):
    make_letter(State.QUEUED, not_before=well - timedelta(minutes=5))
    page = signed_in_client(Role.ADMINISTRATOR).get("/personal/drift").text
    assert "Allt fungerar" not in page
    assert "håll ett öga på" in page


def test_the_relay_s_reason_stands_there_with_the_way_to_its_page(well, use_settings):
    use_settings(smtp_url="smtp://relay.example:25")
    make_letter(State.QUEUED, not_before=well - timedelta(hours=1))
    with transaction():
        row = relay_row("relay.example:25", well, lock=True)
        row.stopped_until, row.stop_reason, row.failures = well + timedelta(minutes=5), "Fel lösenord.", 3
    line = lines()["Brevserver"]
    assert (line.tone, line.word, line.text, line.url) == ("bad", "Stoppad", "Fel lösenord.", "/personal/brev")
    assert (lines()["Brev"].tone, lines()["Brev"].word) == ("warn", "Väntar")


def test_mailings_imports_and_wishes_under_way_are_counted(well):
    make_mailing(moved_at=well)
    make_mailing(MailingState.PAUSED)
    with transaction():
        lease = well + timedelta(minutes=1)
        db.session.add(Import(format=ImportFormat.OWN, state=ImportState.READING, created_at=well, lease_until=lease))
        db.session.add(make_request(RequestState.ERASING, 0))
    seen = lines()
    assert seen["Utskick"].text == "På väg: Företagsamt. 1 pausat."
    assert seen["Inläsningar"].text == "1 läses."
    assert seen["Personuppgifter"].text == "1 radering pågår."
    assert {one.tone for one in seen.values()} == {"good", "neutral"}


def test_a_backup_is_seen_and_grows_old(well):
    assert (lines()["Säkerhetskopia"].tone, lines()["Säkerhetskopia"].word) == ("neutral", "Ingen uppgift")
    with transaction():
        record("backup.taken_out", "backup", rows=17)
    assert (lines()["Säkerhetskopia"].tone, lines()["Säkerhetskopia"].word) == ("good", "Finns")
    assert lines(well + timedelta(days=9))["Säkerhetskopia"].tone == "warn"


def test_requests_past_their_last_day_are_bad(well):
    with transaction():
        db.session.add(make_request(RequestState.WAITING, 40))
    line = lines()["Personuppgifter"]
    assert (line.tone, line.text) == ("bad", "1 begäran har inte besvarats i tid.")


@pytest.mark.parametrize("kind", ["redis", "amqp"])
def test_a_queue_that_does_not_answer_is_bad(well, use_settings, kind):
    use_settings(broker_url=f"{kind}://user:secret@127.0.0.1:{free_port()}/0")
    line = lines()["Jobbkön"]
    assert (line.tone, line.word) == ("bad", "Svarar inte")
    assert "secret" not in line.text


def test_a_queue_that_answers_is_good(well, use_settings, redis_url):
    use_settings(broker_url=redis_url)
    assert (lines()["Jobbkön"].tone, lines()["Jobbkön"].word) == ("good", "Svarar")


def test_alarms_that_go_on_and_those_that_are_over_stand_there(well, signed_in_client):
    for minutes in (0, 6):
        with transaction():
            moment = well + timedelta(minutes=minutes)
            note([Found(Kind.DISK, well, "9 MB."), Found(Kind.ERASING, well - timedelta(days=4), "")], moment)
    with transaction():
        note([Found(Kind.DISK, well, "9 MB.")], well + timedelta(minutes=40))
    page = signed_in_client(Role.ADMINISTRATOR).get("/personal/drift").text
    assert "Disken är nästan full</strong> sedan" in page
    assert "Tidigare" in page
    assert "En radering blir liggande, torsdag 26 november" in page


def test_it_says_who_is_told_and_when_nobody_is(well, signed_in_client, administrator, use_settings):
    browser = signed_in_client(administrator)
    assert f"går ett brev till {administrator.name}:" in browser.get("/personal/drift").text
    use_settings(alarm_to="jour@boras.example, IT <it@boras.example>")
    assert "går ett brev till jour@boras.example och IT:" in browser.get("/personal/drift").text


def test_it_costs_the_same_number_of_questions_however_much_there_is(well, count_queries, signed_in_client):
    browser = signed_in_client(Role.ADMINISTRATOR)
    with count_queries() as few:
        browser.get("/personal/drift")
    for _ in range(10):
        make_letter(State.QUEUED, not_before=well - timedelta(hours=1))
        make_mailing(moved_at=well)
    with count_queries() as many:
        browser.get("/personal/drift")
    assert len(many) == len(few) <= 20, "\n".join(many)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_it_is_for_administrators(app, signed_in_client, role):
    assert signed_in_client(role).get("/personal/drift").status_code == 403
    assert "/personal/drift" not in signed_in_client(role).get("/personal/installningar").text


def test_the_settings_lead_to_it(app, signed_in_client):
    assert 'href="/personal/drift"' in signed_in_client(Role.ADMINISTRATOR).get("/personal/installningar").text
