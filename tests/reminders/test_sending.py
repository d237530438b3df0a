"""Who gets which letter: once, to those it is meant for, in portions, never after a cancellation."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from eventsys import tick as ticking
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events import actors
from eventsys.events.materials.models import Material
from eventsys.events.models import Attendee, AttendeeState, DayBefore, Event
from eventsys.events.programme.models import ChoiceState, Session, SessionChoice, Slot
from eventsys.events.reminders import sending
from eventsys.events.reminders.models import Reminder
from eventsys.events.reminders.sending import due_reminders, people_meant, send_portion
from eventsys.mail.compose import Email
from eventsys.mail.letters import letter_named
from eventsys.mail.models import Delivery, Priority
from tests.events.scenes import (
    accept_offer,
    cancel_event,
    cancel_people,
    change_details,
    edit_event,
    kept,
    person,
)
from tests.events.test_races import at_once
from tests.factories import make_event, make_people, make_person, make_registration
from tests.reminders.scenes import (
    AFTER,
    COMING,
    MINUTE,
    WEEK,
    delivery,
    lunch,
    planned,
    reminded,
    row,
    rows,
    set_states,
    tick,
    wall,
)

ATTENDED, NO_SHOW = AttendeeState.ATTENDED, AttendeeState.NO_SHOW
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def unwanted(letter: Delivery) -> str:
    known = letter_named(letter.letter)
    assert known is not None
    return known.unwanted(letter)


def event_with_people(*names: str, **given: object) -> Event:
    event = lunch(**given)
    make_registration(event, list(names) or ["Åsa Ek", "Bo Alm"])
    return event


# --- before the event ---------------------------------------------------------------------------------------------


def test_three_weeks_of_an_event_told_once_each(app: Flask, clock: time_machine.Traveller) -> None:
    event = event_with_people()
    at, sent = now(), []
    while at < event.ends_at:
        clock.move_to(at)
        tick()
        new = [(name, at) for name in reminded("reminder") + reminded("coming")]
        sent += [(name, at) for name, _ in new[len(sent) :]]
        at += HOUR
    week, day = wall("2026-03-19 09.00"), wall("2026-03-25 09.00")
    assert sent == [("Åsa Ek", week), ("Bo Alm", week), ("Åsa Ek", day), ("Bo Alm", day)]
    assert [(one.kind, one.posted) for one in rows(event)] == [(WEEK, 2), (COMING, 2), (AFTER, 0)]


def test_a_letter_goes_after_confirmations_and_not_after_its_use_is_over(
    app: Flask, clock: time_machine.Traveller
) -> None:
    event = event_with_people()
    clock.move_to(wall("2026-03-19 09.00"))
    tick()
    letter = delivery("reminder", "Åsa Ek")
    assert letter.priority == Priority.REMINDER
    assert letter.not_after == event.starts_at - 3 * DAY
    assert letter.about == f"registration:{person('Åsa Ek').registration_id}"


def test_only_those_with_a_seat_are_reminded(app: Flask, clock: time_machine.Traveller) -> None:
    event = event_with_people(capacity=2)
    make_registration(event, ["Kalle Kö"])
    clock.move_to(wall("2026-03-19 09.00"))
    tick()
    assert reminded("reminder") == ["Åsa Ek", "Bo Alm"]


def test_who_registers_after_the_round_was_due_has_just_got_the_ticket(
    app: Flask, clock: time_machine.Traveller
) -> None:
    event = event_with_people()
    clock.move_to(wall("2026-03-19 08.59"))
    make_registration(event, ["Tidig Ek"])
    clock.move_to(wall("2026-03-19 09.00"))
    make_registration(event, ["Sen Ek"])
    clock.move_to(wall("2026-03-19 09.10"))
    tick()
    tick()
    assert reminded("reminder") == ["Åsa Ek", "Bo Alm", "Tidig Ek"]


def test_a_seat_from_the_queue_after_the_round_was_due_is_not_reminded(
    app: Flask, clock: time_machine.Traveller
) -> None:
    event = event_with_people(capacity=2)
    make_registration(event, ["Kalle Kö"])
    clock.move_to(wall("2026-03-19 09.00"))
    cancel_people([person("Bo Alm")], now())
    accept_offer(person("Kalle Kö"), now())
    tick()
    assert reminded("reminder") == ["Åsa Ek"]


def test_who_has_no_address_gets_no_letter_and_stops_nobody(
    app: Flask, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PORTION", 1)
    event = event_with_people("Dörr Ek", "Åsa Ek")
    with transaction():
        walked_in = person("Dörr Ek")
        walked_in.email = walked_in.email_key = ""
        walked_in.address_claim = None
    clock.move_to(wall("2026-03-19 09.00"))
    tick()
    assert reminded("reminder") == ["Åsa Ek"]
    assert row(event, WEEK).finished_at == now()


# --- the date moves -----------------------------------------------------------------------------------------------


def test_a_date_moved_after_the_weeks_reminder_gives_no_second_one_and_moves_the_days(
    app: Flask, clock: time_machine.Traveller
) -> None:
    event = event_with_people(day_before=DayBefore.REMIND)
    clock.move_to(wall("2026-03-19 09.00"))
    tick()
    make_registration(event, ["Ny Ek"])
    edit_event(event.id, {"starts_at": wall("2026-04-16 12.00"), "ends_at": wall("2026-04-16 13.00")}, now())
    clock.move_to(wall("2026-03-25 09.00"))  # the day before the old date
    tick()
    assert reminded("reminder") == ["Åsa Ek", "Bo Alm"]
    clock.move_to(wall("2026-04-09 09.00"))  # a week before the new: only who had not got one
    tick()
    assert reminded("reminder") == ["Åsa Ek", "Bo Alm", "Ny Ek"]
    assert row(event, WEEK).posted == 3
    clock.move_to(wall("2026-04-15 09.00"))
    tick()
    assert reminded("reminder")[3:] == ["Åsa Ek", "Bo Alm", "Ny Ek"]


def test_a_question_answered_for_another_day_is_no_answer(app: Flask, clock: time_machine.Traveller) -> None:
    event = event_with_people()
    with transaction():
        person("Åsa Ek").said_coming_at = now()
    edit_event(event.id, {"starts_at": wall("2026-03-26 10.00")}, now())
    assert person("Åsa Ek").said_coming_at is not None  # two hours earlier is the same day
    edit_event(event.id, {"starts_at": wall("2026-04-16 12.00"), "ends_at": wall("2026-04-16 13.00")}, now())
    assert person("Åsa Ek").said_coming_at is None


# --- afterwards ---------------------------------------------------------------------------------------------------


def test_who_came_is_thanked_and_who_did_not_is_missed(app: Flask, clock: time_machine.Traveller) -> None:
    event = event_with_people("Åsa Ek", "Bo Alm")
    clock.move_to(event.ends_at + 2 * HOUR)
    set_states(event, Åsa=ATTENDED, Bo=NO_SHOW)
    clock.move_to(wall("2026-03-27 08.59"))
    tick()
    assert reminded("thanks") == []
    clock.move_to(wall("2026-03-27 09.00"))
    tick()
    assert (reminded("thanks"), reminded("missed")) == (["Åsa Ek"], ["Bo Alm"])
    assert row(event, AFTER).posted == 2


def test_nobody_is_called_missing_until_staff_have_said_who_came(app: Flask, clock: time_machine.Traveller) -> None:
    event = event_with_people()
    clock.move_to(wall("2026-03-30 10.00"))
    tick()
    assert reminded("thanks") + reminded("missed") == []
    set_states(event, Åsa=ATTENDED, Bo=NO_SHOW)
    tick()
    assert reminded("thanks") == []  # an hour to put mistakes right
    clock.shift(HOUR)
    tick()
    assert (reminded("thanks"), reminded("missed")) == (["Åsa Ek"], ["Bo Alm"])


@pytest.mark.parametrize(("late", "letters"), [(-MINUTE, ["Åsa Ek"]), (timedelta(0), [])])
def test_thanks_are_not_said_ten_days_late(
    app: Flask, clock: time_machine.Traveller, late: timedelta, letters: list[str]
) -> None:
    event = event_with_people("Åsa Ek")
    clock.move_to(event.ends_at + 10 * DAY + late - HOUR)
    set_states(event, Åsa=ATTENDED)
    clock.shift(HOUR)
    tick()
    assert reminded("thanks") == letters
    assert row(event, AFTER).finished_at == now()


def test_an_event_without_attendance_is_closed_after_ten_days(app: Flask, clock: time_machine.Traveller) -> None:
    event = event_with_people()
    clock.move_to(event.ends_at + 10 * DAY)
    tick()
    assert planned(event) == {}
    assert due_reminders(now()) == []


def test_who_is_marked_otherwise_before_the_letter_leaves_gets_none_and_no_other(
    app: Flask, clock: time_machine.Traveller
) -> None:
    event = event_with_people("Åsa Ek")
    set_states(event, Åsa=NO_SHOW)
    clock.move_to(wall("2026-03-27 10.00"))
    tick()
    letter = delivery("missed", "Åsa Ek")
    assert unwanted(letter) == ""
    set_states(event, Åsa=ATTENDED)
    assert unwanted(delivery("missed", "Åsa Ek")) == "närvaron är ändrad"
    tick()
    assert reminded("thanks") == []


# --- never after a cancellation -----------------------------------------------------------------------------------


def reminded_event(clock: time_machine.Traveller) -> Event:
    """A round posted a moment ago, nothing delivered yet."""
    event = event_with_people()
    clock.move_to(wall("2026-03-25 09.00"))
    tick()
    assert [unwanted(delivery("coming", name)) for name in ("Åsa Ek", "Bo Alm")] == ["", ""]
    return event


def test_who_leaves_between_posting_and_delivery_gets_no_letter(app: Flask, clock: time_machine.Traveller) -> None:
    reminded_event(clock)
    cancel_people([person("Åsa Ek")], now())
    assert unwanted(delivery("coming", "Åsa Ek")) == "personen är inte längre anmäld"
    assert unwanted(delivery("coming", "Bo Alm")) == ""


def test_an_event_cancelled_between_posting_and_delivery_sends_no_letter(
    app: Flask, clock: time_machine.Traveller
) -> None:
    event = reminded_event(clock)
    cancel_event(event.id, "Talaren är sjuk.", now())
    assert unwanted(delivery("coming", "Åsa Ek"))


def test_a_seat_handed_on_between_posting_and_delivery_gives_nobody_the_others_link(
    app: Flask, clock: time_machine.Traveller
) -> None:
    reminded_event(clock)
    change_details(person("Åsa Ek"), make_person("Ylva Sjö"), now())
    assert unwanted(delivery("coming", "Åsa Ek")) == "personen har bytt adress"


def test_a_round_switched_off_between_posting_and_delivery_sends_no_letter(
    app: Flask, clock: time_machine.Traveller
) -> None:
    event = reminded_event(clock)
    edit_event(event.id, {"day_before": DayBefore.NOTHING}, now())
    assert unwanted(delivery("coming", "Åsa Ek")) == "påminnelsen är avstängd"


def test_a_letter_that_waited_past_the_start_does_not_leave(app: Flask, clock: time_machine.Traveller) -> None:
    event = reminded_event(clock)
    clock.move_to(event.starts_at)
    assert unwanted(delivery("coming", "Åsa Ek"))


def test_another_letter_does_not_replace_a_reminder(app: Flask, clock: time_machine.Traveller) -> None:
    event = reminded_event(clock)
    edit_event(event.id, {"place": "Textile Fashion Center"}, now())
    assert unwanted(delivery("coming", "Åsa Ek")) == ""


def test_nothing_is_posted_for_who_left_or_what_was_cancelled(app: Flask, clock: time_machine.Traveller) -> None:
    event, other = event_with_people(), event_with_people("Ylva Sjö")
    cancel_people([person("Bo Alm")], now())
    cancel_event(other.id, "Talaren är sjuk.", now())
    clock.move_to(wall("2026-03-19 09.00"))
    tick()
    assert reminded("reminder") == ["Åsa Ek"]
    assert event.remind_week


# --- many, stopped, at once ---------------------------------------------------------------------------------------


def test_a_round_is_posted_in_portions_and_goes_on_where_it_was_stopped(
    app: Flask, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "PORTION", 3)
    event = lunch()
    make_registration(event, 8)
    clock.move_to(wall("2026-03-19 09.00"))
    portion = kept(send_portion)
    assert portion(row_id(event), now())
    assert (len(reminded("reminder")), row(event, WEEK).posted, row(event, WEEK).finished_at) == (3, 3, None)
    with pytest.raises(KeyboardInterrupt):
        kept(killed_in_a_portion)(row_id(event))
    assert len(reminded("reminder")) == 3
    tick()
    assert len(set(reminded("reminder"))) == len(reminded("reminder")) == 8
    assert (row(event, WEEK).posted, row(event, WEEK).finished_at) == (8, now())


def killed_in_a_portion(reminder_id: int) -> None:
    send_portion(reminder_id, now())
    raise KeyboardInterrupt


def test_two_ticks_and_four_workers_at_once_post_one_letter_each(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PORTION", 4)
    event = lunch_due_now()
    make_rows_of(event)
    [reminder_id] = due_reminders(now())
    found = at_once(app, *[lambda: actors.send_reminders(reminder_id)] * 4, *[ticking.tick] * 2)
    assert not [one for one in found if isinstance(one, Exception)]
    names = reminded("reminder")
    assert (len(names), len(set(names))) == (10, 10)
    assert row(event, WEEK).posted == 10


def lunch_due_now() -> Event:
    """With the real clock: a round that is due now, for ten people who registered an hour ago."""
    event = make_event(starts_at=now() + 7 * DAY, remind_week=True)
    make_registration(event, make_people(8), now() - 2 * HOUR)
    make_registration(event, make_people(2), now() - 2 * HOUR)
    return event


def make_rows_of(event: Event) -> None:
    with transaction():
        db.session.add(Reminder(event_id=event.id, kind=WEEK, due_at=now() - HOUR))


def test_a_round_that_went_out_is_not_rung_for_again(app: Flask, clock: time_machine.Traveller) -> None:
    event_with_people()
    clock.move_to(wall("2026-03-19 09.00"))
    assert len(due_reminders(now())) == 1
    tick()
    assert due_reminders(now()) == []


def test_staff_see_how_many_a_round_will_reach(app: Flask, clock: time_machine.Traveller) -> None:
    event = event_with_people()
    assert people_meant(row(event, WEEK)) == 2
    clock.move_to(wall("2026-03-19 09.00"))
    tick()
    assert people_meant(row(event, WEEK)) == 0


def test_a_job_for_a_round_that_is_gone_is_quiet(app: Flask) -> None:
    actors.send_reminders(4711)
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_a_time_given_is_the_time_used(app: Flask, clock: time_machine.Traveller) -> None:
    """The demonstration lives through months in a moment: verbs take their time, not the clock's."""
    event = event_with_people()
    at: datetime = wall("2026-03-19 09.00")
    assert due_reminders(at) == [row_id(event)]
    kept(send_portion)(row_id(event), at)
    assert reminded("reminder") == ["Åsa Ek", "Bo Alm"]
    assert row(event, WEEK).finished_at == at


def row_id(event: Event) -> int:
    return db.session.scalars(select(Reminder.id).where(Reminder.event_id == event.id, Reminder.kind == WEEK)).one()


# --- what the letters hold ----------------------------------------------------------------------------------------


def built(letter: Delivery) -> Email:
    known = letter_named(letter.letter)
    assert known is not None
    return known.build(letter)


def test_thanks_lead_to_the_material_once_it_is_published(app: Flask, clock: time_machine.Traveller) -> None:
    event = event_with_people("Åsa Ek")
    set_states(event, Åsa=ATTENDED)
    clock.move_to(wall("2026-03-27 10.00"))
    tick()
    assert "Visa materialet" not in built(delivery("thanks", "Åsa Ek")).text
    with transaction():
        db.session.add(
            Material(event_id=event.id, title="Bilder", url="https://x.example", token="m", published_at=now(),
                     created_at=now())
        )  # fmt: skip
    letter = built(delivery("thanks", "Åsa Ek")).text
    assert f"/bokning/{person('Åsa Ek').token}" in letter.partition("Visa materialet")[2]


def test_a_reminder_names_the_persons_own_sessions(app: Flask, clock: time_machine.Traveller) -> None:
    event = event_with_people("Åsa Ek", "Bo Alm")
    with transaction():
        slot = Slot(event_id=event.id, starts_at=event.starts_at, ends_at=event.ends_at, has_choice=True)
        slot.sessions = [Session(event_id=event.id, title="Ull i världen", room="Vävsalen", capacity=5)]
        db.session.add(slot)
        db.session.flush()
        choice = SessionChoice(attendee_id=person_id("Åsa Ek"), slot_id=slot.id, session_id=slot.sessions[0].id)
        choice.state = ChoiceState.HELD
        db.session.add(choice)
    clock.move_to(wall("2026-03-19 09.00"))
    tick()
    assert "12.00\N{EN DASH}13.00: Ull i världen, Vävsalen" in built(delivery("reminder", "Åsa Ek")).text
    assert "Dina pass" not in built(delivery("reminder", "Bo Alm")).text


def person_id(name: str) -> int:
    return db.session.scalars(select(Attendee.id).where(Attendee.name == name)).one()


def test_no_letter_by_the_clock_tells_what_somebody_eats(app: Flask, clock: time_machine.Traveller) -> None:
    event = lunch(asks_diet=True)
    make_registration(event, [make_person("Åsa Ek", diet="Laktosfritt")])
    clock.move_to(wall("2026-03-19 09.00"))
    tick()
    clock.move_to(wall("2026-03-25 09.00"))
    tick()
    set_states(event, Åsa=ATTENDED)
    clock.move_to(wall("2026-03-27 09.00"))
    tick()
    for name in ("reminder", "coming", "thanks"):
        letter = built(delivery(name, "Åsa Ek"))
        assert "aktos" not in letter.subject + letter.text + letter.html
        assert not letter.attachments
