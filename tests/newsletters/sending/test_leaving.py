"""An issue leaves: with the approved bytes, to everybody once, seeds first, on time or not at all."""

from __future__ import annotations

import contextvars
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import travel

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.mailings import course
from eventsys.mail.mailings.ledger import ledger, outlook
from eventsys.mail.models import Delivery, Mailing, MailingState, State
from eventsys.mail.splice import Rendered
from eventsys.newsletters import actors
from eventsys.newsletters.audience.choosing import LEFT, REACHED
from eventsys.newsletters.audience.keys import audience_named
from eventsys.newsletters.audience.looking import look_at
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.audience.segments import add_segment
from eventsys.newsletters.issues.models import ArticleKind, Issue, IssueState
from eventsys.newsletters.issues.placing import remove_article
from eventsys.newsletters.issues.trying import send_test
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT, series_list
from eventsys.newsletters.responses.keys import is_reader_key
from eventsys.newsletters.sending.leaving import leave
from eventsys.newsletters.sending.letters import HAS_LEFT, HAS_REFUSED, IS_GONE
from eventsys.newsletters.sending.scheduling import (
    CannotSchedule,
    NotInThisState,
    begin_anew,
    choose_audience,
    schedule,
    take_back,
)
from eventsys.newsletters.settings import change_settings
from eventsys.newsletters.subscriptions.leaving import leave as leave_list
from eventsys.newsletters.subscriptions.models import Reader, Subscription, SubscriptionState
from eventsys.staff.models import Account, Role
from tests.desk.scenes import QueryCounter
from tests.events.scenes import cancel_event
from tests.factories import make_event, make_series
from tests.newsletters.factories import make_reader
from tests.newsletters.sending.scenes import (
    LETTER,
    again,
    approve,
    approved_issue,
    deliver_all,
    id_of,
    mailing,
    make_article,
    make_company,
    make_issue,
    scheduled,
    sent_off,
    states,
)
from tests.sink import SmtpSink
from tests.staff_fixtures import new_account

HOUR = timedelta(hours=1)


def plan(issue: Issue, in_: timedelta = timedelta(0), hold: int = 0) -> int:
    with transaction():
        return schedule(issue.id, now() + in_, hold, now())


def work(issue: Issue) -> Issue:
    """What a worker does when the bell rings."""
    db.session.remove()
    actors.send_issue(id_of(issue))
    return again(issue)


# --- deciding


def test_an_issue_is_scheduled_only_when_its_exact_bytes_are_approved(app: Flask) -> None:
    make_reader("asa@ek.example")
    issue = make_issue()
    with pytest.raises(CannotSchedule, match="inte godkänt"):
        plan(issue, HOUR)
    approve(issue)
    with transaction():
        db.session.get_one(Issue, issue.id).version += 1
    with pytest.raises(CannotSchedule, match="inte godkänt"):
        plan(issue, HOUR)
    approve(again(issue))
    assert plan(issue, HOUR) == 1
    assert again(issue).state is IssueState.SCHEDULED


def test_a_later_proof_that_waits_takes_the_approval_away(app: Flask) -> None:
    make_reader("asa@ek.example")
    issue = approved_issue()
    newer = approve(issue)
    with transaction():
        db.session.merge(newer).approved_at = None
    with pytest.raises(CannotSchedule):
        plan(issue, HOUR)


def test_an_empty_list_a_list_that_is_gone_and_a_time_that_has_been_are_refused(app: Flask) -> None:
    with pytest.raises(CannotSchedule, match="Ingen får brevet"):
        plan(approved_issue(), HOUR)
    with pytest.raises(CannotSchedule, match="finns inte längre"):
        plan(approved_issue(audience="segment:77"), HOUR)
    make_reader("asa@ek.example")
    with pytest.raises(CannotSchedule, match="redan varit"):
        plan(approved_issue(), -HOUR)
    with pytest.raises(CannotSchedule, match="mer än ett år"):
        plan(approved_issue(), timedelta(days=500))


def test_a_schedule_can_be_moved_and_taken_back(app: Flask) -> None:
    make_reader("asa@ek.example")
    issue = approved_issue()
    plan(issue, HOUR)
    plan(issue, 3 * HOUR, hold=15)
    assert again(issue).hold_minutes == 15
    with transaction():
        take_back(issue.id)
    assert (again(issue).state, issue.sends_at) == (IssueState.DRAFT, None)
    with pytest.raises(NotInThisState), transaction():
        take_back(issue.id)


def test_the_audience_stands_fast_while_the_issue_is_scheduled(app: Flask) -> None:
    make_reader("asa@ek.example")
    issue = approved_issue()
    with transaction():
        choose_audience(issue.id, FORETAGSAMT, None, now())
    plan(issue, HOUR)
    with pytest.raises(NotInThisState), transaction():
        choose_audience(issue.id, COMPANIES, None, now())


# --- leaving


def test_nothing_leaves_before_its_time_and_the_clock_finds_it_when_it_comes(app: Flask, relay: SmtpSink) -> None:
    make_reader("asa@ek.example")
    issue = approved_issue()
    plan(issue, HOUR)
    assert work(issue).state is IssueState.SCHEDULED
    with travel(now() + HOUR + timedelta(minutes=1), tick=True):
        actors.ring_due()
        assert work(issue).state is IssueState.LEAVING
        deliver_all()
    assert relay.count == 1


def test_what_leaves_is_what_was_approved(app: Flask, relay: SmtpSink) -> None:
    make_reader("asa@ek.example")
    issue = approved_issue()
    row = mailing(sent_off(issue))
    assert (row.sha256, row.name, row.about) == (LETTER.sha256, again(issue).name, f"issue:{issue.id}")
    assert row.letter == LETTER.to_bytes()
    assert again(issue).published_at is not None


def test_three_hundred_readers_each_get_their_own_copy_once(app: Flask, relay: SmtpSink) -> None:
    for number in range(200):
        make_reader(f"läsare{number}@ek.example", name=f"Åsa Öberg {number}")
    for number in range(100):
        make_company(addresses=[f"info@foretag{number}.example"])
    issue = approved_issue(audience=COMPANIES)
    mailing_id = sent_off(issue)
    deliver_all()
    letters = relay.wait_for(300)
    assert Counter(letter.recipients[0] for letter in letters).most_common(1)[0][1] == 1
    assert ledger(mailing_id).parts["accepted"] == 300
    readers = {one.address: one for one in db.session.scalars(select(Reader))}
    keys = set()
    for letter in letters:
        message, reader = letter.message, readers[letter.recipients[0]]
        text = message.get_body(("plain",)).get_content()
        key = FORETAGSAMT if reader.subscriptions else COMPANIES
        leave_at = f"http://127.0.0.1:8000/avsluta/{reader.token}?brev={key}"
        assert message["List-Unsubscribe"] == f"<{leave_at}>"
        assert f"Avsluta: {leave_at}" in text
        assert f"Val: http://127.0.0.1:8000/nyhetsbrev/val/{reader.token}" in text
        assert "Våren är här, åäö." in text
        key = text.split("/svar/")[1].split()[0]
        assert is_reader_key(key, issue.id)
        keys.add(key)
        assert message["To"].addresses[0].display_name == (reader.name or "Bo Alm")
    assert len(keys) == 300


def test_thousands_are_frozen_in_a_few_statements_a_portion(app: Flask, count_queries: QueryCounter) -> None:
    _many_readers(4000)
    issue = scheduled(approved_issue())
    with count_queries() as statements, transaction():
        leave(issue.id, now())
    portions = 4000 / 500
    assert len(statements) < 25 + 4 * portions
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 4000


def test_missing_readers_are_added_in_portions_and_known_ones_kept(app: Flask, count_queries: QueryCounter) -> None:
    known = make_reader("info@foretag7.example", lists=[])
    for number in range(60):
        make_company(addresses=[f"info@foretag{number}.example"])
    issue = scheduled(approved_issue(audience=COMPANIES))
    with count_queries() as statements, transaction():
        leave(issue.id, now())
    assert len(statements) < 30
    rows = {row.address: row.subject_id for row in db.session.execute(select(Delivery.address, Delivery.subject_id))}
    assert rows["info@foretag7.example"] == known.id
    assert rows == {row.address: row.id for row in db.session.execute(select(Reader.address, Reader.id))}


@pytest.mark.parametrize("what", ["leaves", "refuses", "is erased"])
def test_who_leaves_between_freezing_and_sending_gets_nothing(app: Flask, relay: SmtpSink, what: str) -> None:
    make_reader("kvar@ek.example")
    gone = make_reader("borta@ek.example")
    sent_off(approved_issue())
    with transaction():
        reader = db.session.get_one(Reader, gone.id)
        if what == "leaves":
            reader.subscriptions[0].state = SubscriptionState.ENDED
        elif what == "refuses":
            reader.refused_at = now()
        else:
            db.session.delete(reader.subscriptions[0])
            db.session.flush()
            db.session.expire(reader)
            db.session.delete(reader)
    deliver_all()
    assert [letter.recipients for letter in relay.letters] == [("kvar@ek.example",)]
    assert states() == {"kvar@ek.example": State.ACCEPTED, "borta@ek.example": State.SKIPPED}
    why = db.session.scalars(select(Delivery.reason).where(Delivery.state == State.SKIPPED)).one()
    assert why == {"leaves": HAS_LEFT, "refuses": HAS_REFUSED, "is erased": IS_GONE}[what]


def test_who_says_no_to_letters_to_companies_before_sending_gets_nothing(app: Flask, relay: SmtpSink) -> None:
    make_company(addresses=["info@alfa.example"])
    reader = make_reader("info@alfa.example", lists=["serie:1"])
    also = make_reader("asa@ek.example")
    sent_off(approved_issue(audience=COMPANIES))
    with transaction():
        leave_list(reader.id, COMPANIES, now())
        leave_list(also.id, COMPANIES, now())
    deliver_all()
    assert states() == {"info@alfa.example": State.SKIPPED, "asa@ek.example": State.ACCEPTED}


def test_a_company_that_leaves_and_takes_it_back_is_no_subscriber(app: Flask, relay: SmtpSink) -> None:
    make_company(addresses=["info@alfa.example"])
    sent_off(approved_issue(audience=COMPANIES))
    deliver_all()
    link = str(relay.letters[0].message["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")
    web = app.test_client()
    assert "Vill du sluta få Brev till alla företag?" in web.get(link).text
    assert web.post(link).status_code == 200
    assert look_at(audience_named(COMPANIES)).recipients == 0
    back = web.post(f"{link.partition('?')[0]}/angra", data={"brev": COMPANIES}).text
    assert "Du får: Brev till alla företag." in back
    assert look_at(audience_named(COMPANIES)).recipients == 1
    assert look_at(audience_named(FORETAGSAMT)).candidates == 0


@pytest.mark.parametrize("base", [COMPANIES, "series"])
def test_the_link_leaves_the_list_that_the_segment_is_of(app: Flask, relay: SmtpSink, base: str) -> None:
    key = series_list(make_series().id) if base == "series" else FORETAGSAMT
    token = make_reader("asa@ek.example", lists=[key]).token
    with transaction():
        segment = add_segment("Urvalet", COMPANIES if base == COMPANIES else key, Rules(), "Alva")
    sent_off(approved_issue(audience=f"segment:{segment.id}"))
    deliver_all()
    link = relay.letters[0].message["List-Unsubscribe"]
    assert link == f"<http://127.0.0.1:8000/avsluta/{token}?brev={key}>"


# --- seeds


def test_seeds_get_it_first_and_the_others_after_the_hold(app: Flask, relay: SmtpSink) -> None:
    wrote, approved = new_account(Role.EDITOR), new_account(Role.ADMINISTRATOR)
    gone, _other = new_account(Role.EDITOR), new_account(Role.EDITOR)
    with transaction():
        db.session.merge(gone).closed_at = now()
        change_settings(["frö@boras.example", "Asa@Ek.example"], 10, 75)
    make_reader("asa@ek.example")
    make_reader("bo@alm.example")
    issue = make_issue(changed_by=wrote.id)
    approve(issue, by=approved, asked_by=gone)
    mailing_id = sent_off(issue, hold=10)
    deliver_all()
    first = {"frö@boras.example", "asa@ek.example", wrote.email, approved.email}
    assert {letter.recipients[0] for letter in relay.letters} == first
    assert "första breven" in outlook(mailing_id).reason
    with travel(now() + timedelta(minutes=11), tick=True):
        deliver_all()
    assert {letter.recipients[0] for letter in relay.letters} == first | {"bo@alm.example"}
    assert ledger(mailing_id).excluded == 0


def test_it_can_be_paused_in_the_middle_and_goes_on(
    app: Flask, relay: SmtpSink, use_settings: Callable[..., None]
) -> None:
    use_settings(smtp_connections=1)
    for number in range(30):
        make_reader(f"a{number}@ek.example")
    mailing_id = sent_off(approved_issue())

    def pause(_letter: object) -> None:
        if relay.count == 4:
            with app.app_context():
                with transaction():
                    course.pause(mailing_id)
                db.session.remove()

    relay.on_letter = pause
    deliver_all()
    assert relay.count <= 6
    with transaction():
        course.go_on(mailing_id)
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}
    assert relay.count == 30


# --- what must not leave by itself


def test_an_issue_that_is_hours_late_stays_and_says_so_until_staff_decide(app: Flask, relay: SmtpSink) -> None:
    make_reader("asa@ek.example")
    issue = approved_issue()
    plan(issue, HOUR)
    with travel(now() + timedelta(hours=4, minutes=1), tick=True):
        row = work(issue)
        assert row.state is IssueState.SCHEDULED
        assert "systemet var inte igång då" in row.trouble
        actors.ring_due()
        assert work(issue).mailing_id is None
        plan(issue)
        assert again(issue).trouble == ""
        assert work(issue).state is IssueState.LEAVING


def test_a_stop_that_arose_after_it_was_scheduled_stops_it(app: Flask) -> None:
    make_reader("asa@ek.example")
    event, issue = make_event(), make_issue()
    article = make_article(issue, heading="Fredagslunch", kind=ArticleKind.EVENT, event_id=event.id)
    approve(issue)
    plan(issue)
    cancel_event(event.id, "Talaren är sjuk.", now())
    row = work(issue)
    assert (row.state, row.mailing_id) == (IssueState.SCHEDULED, None)
    assert "”Fredagslunch”: evenemanget är inställt" in row.trouble
    with transaction():
        take_back(id_of(issue))
        remove_article(id_of(article), None, now())
    approve(again(issue))
    plan(again(issue))
    assert work(issue).state is IssueState.LEAVING


def test_a_list_that_became_empty_and_an_approval_that_was_lost_stop_it(app: Flask) -> None:
    subscription_id = make_reader("asa@ek.example").subscriptions[0].id
    empty, changed, unfit = approved_issue(), approved_issue(), make_issue()
    approve(unfit, Rendered("x", "x", "<p @@LEAVE@@>x</p>", ("LEAVE",)))
    for issue in (empty, changed, unfit):
        plan(issue)
    with transaction():
        db.session.get_one(Issue, changed.id).version += 1
    assert "inte godkänt" in work(changed).trouble
    assert "går inte att skicka" in work(unfit).trouble
    with transaction():
        db.session.get_one(Subscription, subscription_id).state = SubscriptionState.ENDED
    assert "Ingen får brevet" in work(empty).trouble
    assert db.session.scalar(select(func.count()).select_from(Mailing)) == 0


def test_two_workers_at_once_freeze_it_once(app: Flask) -> None:
    for number in range(40):
        make_reader(f"a{number}@ek.example")
        make_company(addresses=[f"info@foretag{number}.example"])
    issue = scheduled(approved_issue(audience=COMPANIES))
    db.session.remove()
    together = threading.Barrier(4)

    def knock() -> None:
        with app.app_context():
            together.wait(10)
            actors.send_issue(issue.id)
            db.session.remove()

    threads = [threading.Thread(target=contextvars.Context().run, args=(knock,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    row = again(issue)
    assert (row.state, row.trouble) == (IssueState.LEAVING, "")
    assert db.session.scalars(select(Mailing.id)).all() == [row.mailing_id]
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 80


# --- after a cancelled mailing


def test_after_a_cancelled_mailing_only_those_who_have_not_got_it_do(
    app: Flask, relay: SmtpSink, use_settings: Callable[..., None]
) -> None:
    use_settings(smtp_connections=1)
    for number in range(12):
        make_reader(f"a{number}@ek.example")
    issue = approved_issue()
    mailing_id = sent_off(issue)

    def cancel(_letter: object) -> None:
        if relay.count == 5:
            with app.app_context():
                with transaction():
                    course.cancel(mailing_id)
                db.session.remove()

    relay.on_letter = cancel
    deliver_all()
    got = relay.count
    assert got < 12
    with pytest.raises(NotInThisState), transaction():
        take_back(issue.id)
    with transaction():
        begin_anew(issue.id)
    second = sent_off(again(issue))
    assert ledger(second).exclusions == {REACHED: got}
    deliver_all()
    assert len({letter.recipients[0] for letter in relay.letters}) == relay.count == 12
    assert mailing(mailing_id).state is MailingState.CANCELLED


def test_who_tried_the_letter_gets_the_issue_too(app: Flask, relay: SmtpSink, editor: Account) -> None:
    make_reader(editor.email)
    issue = approved_issue()
    with transaction():
        assert send_test(issue.id, [editor.id], now()) == 1
    deliver_all()
    found = ledger(sent_off(again(issue)))
    assert (found.selected, found.exclusions) == (1, {})
    deliver_all()
    assert [letter.recipients for letter in relay.letters] == [(editor.email,), (editor.email,)]


def test_a_mailing_under_way_is_not_begun_anew(app: Flask) -> None:
    make_reader("asa@ek.example")
    issue = approved_issue()
    sent_off(issue)
    with pytest.raises(NotInThisState), transaction():
        begin_anew(issue.id)


def test_the_ledger_counts_everybody_who_was_left_out(app: Flask) -> None:
    make_reader("asa@ek.example")
    for number in range(3):
        make_reader(f"a{number}@ek.example", lists=[], left=[FORETAGSAMT])
    found = ledger(sent_off(approved_issue()))
    assert (found.candidates, found.selected, found.exclusions) == (4, 1, {LEFT: 3})


def test_a_colleague_who_subscribes_is_counted_once(app: Flask, editor: Account) -> None:
    make_reader(editor.email)
    make_reader("asa@ek.example")
    issue = make_issue(changed_by=editor.id)
    approve(issue)
    found = ledger(sent_off(issue))
    assert (found.candidates, found.selected) == (2, 2)


def test_thousands_of_letters_about_an_issue_do_not_make_looking_slow(app: Flask) -> None:
    """Looked for anew for each candidate, this took half a minute with 8 500."""
    _many_readers(3000)
    issue = approved_issue()
    sent_off(issue)
    began = time.monotonic()
    assert look_at(audience_named(FORETAGSAMT), about=f"issue:{id_of(issue)}").recipients == 3000
    assert time.monotonic() - began < 3


def _many_readers(number: int) -> None:
    at = now()
    rows = [{"token": f"t{n}", "address": f"a{n}@ek.example", "added_at": at} for n in range(number)]
    with transaction():
        ids = db.session.scalars(db.insert(Reader).returning(Reader.id), rows).all()
        wants = [{"reader_id": one, "list": FORETAGSAMT, "way": "import", "began_at": at} for one in ids]
        db.session.execute(db.insert(Subscription), wants)
