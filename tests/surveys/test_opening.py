"""The clock opens surveys, asks those who came, and closes them again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.events.attendance.closing import close_attendance, settle, tell_who_came
from eventsys.events.attendance.marking import mark
from eventsys.events.models import Attendee, AttendeeState, Event, EventState
from eventsys.mail.letters import letter_named
from eventsys.mail.models import Delivery
from eventsys.surveys import closing, opening
from eventsys.surveys.inviting import PORTION
from eventsys.surveys.models import Asked, SurveyInvitation, SurveyState
from eventsys.surveys.opening import CannotOpen
from eventsys.surveys.queries import locked_survey, locked_with_event
from tests.factories import make_person
from tests.surveys.factories import (
    DAY,
    HOUR,
    fresh,
    invitations,
    let_the_clock_work,
    letters_about,
    make_held_event,
    make_open_survey,
    make_survey,
    people_at,
)

pytestmark = pytest.mark.usefixtures("clock")

READY, OPEN, CLOSED = SurveyState.READY, SurveyState.OPEN, SurveyState.CLOSED


def asked(survey):
    return {one.attendee.name: one.asked for one in invitations(survey)}


def change(row, **values):
    with transaction():
        for name, value in values.items():
            setattr(db.session.merge(row), name, value)


def check_in(attendee):
    change(attendee, state=AttendeeState.ATTENDED, checked_in_at=now())


def test_it_opens_an_hour_after_the_event_and_asks_everybody_who_came(app, clock):
    event = make_held_event(["Åsa", "Bo", "Eva"], starts_at=now() - 2 * HOUR)
    survey = make_survey(event)
    clock.shift(HOUR - timedelta(seconds=1))
    let_the_clock_work()
    assert fresh(survey).state is READY
    clock.shift(timedelta(seconds=1))
    let_the_clock_work()
    opened = fresh(survey)
    assert (opened.state, opened.opened_at, opened.invited) == (OPEN, now(), 3)
    assert letters_about(survey, "invitation") == ["Åsa", "Bo", "Eva"]
    assert len({one.token for one in invitations(survey)}) == 3


def test_it_opens_when_staff_want_it_to_but_never_before_the_event_is_over(app, clock):
    event = make_held_event(starts_at=now() - HOUR, closed=False)
    early, later = make_survey(event, opens_at=now() - DAY), make_survey(make_held_event(), opens_at=now() + DAY)
    let_the_clock_work()
    assert (fresh(early).state, fresh(later).state) == (READY, READY)
    clock.shift(HOUR)
    let_the_clock_work()
    assert (fresh(early).state, fresh(later).state) == (OPEN, READY)
    clock.shift(DAY)
    let_the_clock_work()
    assert fresh(later).state is OPEN


@pytest.mark.parametrize("state", [SurveyState.DRAFT, SurveyState.CLOSED])
def test_a_draft_and_what_is_closed_do_not_open_by_themselves(app, state):
    survey = make_survey(make_held_event(), state=state)
    let_the_clock_work()
    assert (fresh(survey).state, invitations(survey)) == (state, [])


def test_a_cancelled_event_asks_nobody(app):
    event = make_held_event(closed=False)
    survey = make_survey(event)
    change(event, state=EventState.CANCELLED)
    let_the_clock_work()
    assert (fresh(survey).state, invitations(survey)) == (READY, [])
    with pytest.raises(CannotOpen, match="Vänta tills"), transaction():
        opening.open_survey(locked_with_event(survey.id), now())


def test_where_a_door_was_used_it_waits_until_the_clock_has_said_who_came(app, clock):
    event = make_held_event(["Åsa", "Bo"], closed=False, starts_at=now() - 3 * HOUR)
    survey = make_survey(event)
    check_in(people_at(event)[0])
    let_the_clock_work()
    assert fresh(survey).state is READY
    clock.shift(HOUR)
    with transaction():
        settle(event.id, now())
    let_the_clock_work()
    assert asked(survey) == {"Åsa": Asked.ATTENDED, "Bo": Asked.NO_SHOW}
    assert fresh(survey).invited == 1


def test_where_no_door_was_used_those_with_a_seat_count_as_having_come(app):
    event = make_held_event(["Åsa", "Bo"], closed=False)
    survey = make_survey(event)
    let_the_clock_work()
    assert asked(survey) == {"Åsa": Asked.ATTENDED, "Bo": Asked.ATTENDED}


def test_no_shows_get_their_own_question_in_one_letter(app):
    survey = make_survey(make_held_event(["Åsa", "Bo"], absent=1))
    let_the_clock_work()
    assert asked(survey) == {"Åsa": Asked.ATTENDED, "Bo": Asked.NO_SHOW}
    assert (letters_about(survey, "invitation"), letters_about(survey, "no_show")) == (["Åsa"], ["Bo"])


def test_no_shows_are_not_asked_where_staff_do_not_want_it(app):
    survey = make_survey(make_held_event(["Åsa", "Bo"], absent=1), asks_no_shows=False)
    let_the_clock_work()
    assert asked(survey) == {"Åsa": Asked.ATTENDED}


def test_colleagues_who_share_an_address_get_a_link_and_a_letter_each(app):
    shared = [make_person(name, "info@vaveriet.example") for name in ("Åsa", "Bo")]
    survey = make_open_survey(shared)
    assert letters_about(survey, "invitation") == ["Åsa", "Bo"]
    assert len({one.token for one in invitations(survey)}) == 2


def test_who_has_no_address_is_not_asked_and_not_counted_as_invited(app):
    event = make_held_event(["Åsa", "Bo"])
    change(people_at(event)[1], email="", email_key="")
    survey = make_survey(event)
    let_the_clock_work()
    assert (asked(survey), fresh(survey).invited) == ({"Åsa": Asked.ATTENDED}, 1)


def test_a_large_event_is_asked_a_portion_a_transaction_and_nobody_twice(app):
    survey = make_open_survey(PORTION + 20)
    assert (fresh(survey).invited, len(letters_about(survey, "invitation"))) == (PORTION + 20, PORTION + 20)
    let_the_clock_work()
    assert len(letters_about(survey, "invitation")) == PORTION + 20


def test_who_turns_out_to_have_come_is_asked_as_the_others(app):
    """A door without network uploads late: a no-show becomes one who came."""
    event = make_held_event(["Åsa", "Bo"], absent=1)
    survey = make_survey(event)
    let_the_clock_work()
    with transaction():
        mark(event.id, [people_at(event)[1].id], True, now())
    let_the_clock_work()
    assert asked(survey) == {"Åsa": Asked.ATTENDED, "Bo": Asked.ATTENDED}
    assert letters_about(survey, "invitation") == ["Åsa", "Bo"]
    assert fresh(survey).invited == 2


def test_the_events_own_thanks_are_left_out_for_the_surveys_letter_says_them(app):
    event = make_held_event(says_thanks=True)
    make_survey(event)
    let_the_clock_work()
    assert db.session.get_one(Event, event.id).says_thanks is False


def test_it_closes_at_the_midnight_that_ends_its_last_day(app, clock):
    survey = make_open_survey()
    clock.move_to(local(now()).replace(hour=23, minute=59) + 14 * DAY)
    let_the_clock_work()
    assert fresh(survey).state is OPEN
    clock.shift(timedelta(minutes=1))
    let_the_clock_work()
    assert (fresh(survey).state, fresh(survey).closed_at) == (CLOSED, now())


def test_it_closes_at_the_moment_that_staff_chose(app, clock):
    survey = make_open_survey(closes_at=now() + 2 * HOUR)
    clock.shift(2 * HOUR)
    let_the_clock_work()
    assert fresh(survey).state is CLOSED


def test_what_should_have_closed_before_it_opened_is_not_opened(app):
    survey = make_survey(make_held_event(), closes_at=now() - HOUR)
    let_the_clock_work()
    assert fresh(survey).state is READY


def test_opening_and_closing_say_why_they_cannot(app):
    survey = make_open_survey()
    with pytest.raises(CannotOpen, match="redan öppnat"), transaction():
        opening.open_survey(locked_with_event(survey.id), now())
    with transaction():
        closing.close_survey(locked_survey(survey.id), now())
    with pytest.raises(closing.NotOpen, match="inte öppen"), transaction():
        closing.close_survey(locked_survey(survey.id), now())
    bare = make_survey(make_held_event())
    with transaction():
        locked_survey(bare.id).questions = []
    with pytest.raises(CannotOpen, match="inga frågor"), transaction():
        opening.open_survey(locked_with_event(bare.id), now())


# --- whether a letter is still wanted -----------------------------------------------------------------------------


def why_not(survey, name, letter="invitation"):
    db.session.rollback()
    db.session.expire_all()
    row = db.session.query(Delivery).filter_by(letter=f"surveys/{letter}", name=name).one()
    return letter_named(row.letter).unwanted(row)


def test_a_letter_is_wanted_until_the_answer_is_in_or_the_survey_closed(app, clock):
    survey = make_open_survey(["Åsa", "Bo"])
    assert why_not(survey, "Åsa") == ""
    change(invitations(survey)[0], has_answered=True)
    assert why_not(survey, "Åsa") == "enkäten är stängd eller besvarad"
    assert why_not(survey, "Bo") == ""
    clock.shift(20 * DAY)
    assert why_not(survey, "Bo") == "enkäten är stängd eller besvarad"


def test_a_letter_is_not_wanted_when_the_person_did_not_come_or_has_another_address(app):
    survey = make_open_survey(["Åsa", "Bo"])
    asa, bo = people_at(survey.event)
    change(asa, state=AttendeeState.NO_SHOW)
    change(bo, email="bo@ny.example", email_key="bo@ny.example")
    assert why_not(survey, "Åsa") == "närvaron är ändrad"
    assert why_not(survey, "Bo") == "personen har bytt adress"


def test_the_questions_of_a_no_show_are_not_sent_to_who_came(app):
    event = make_held_event(["Åsa", "Bo"], absent=1)
    survey = make_survey(event)
    let_the_clock_work()
    assert why_not(survey, "Bo", "no_show") == ""
    change(db.session.get_one(Attendee, people_at(event)[1].id), state=AttendeeState.ATTENDED)
    assert why_not(survey, "Bo", "no_show") == "närvaron är ändrad"


def test_staff_may_say_who_came_after_the_letters_have_gone(app):
    event = make_held_event(["Åsa", "Bo"], closed=False)
    survey = make_survey(event)
    let_the_clock_work()
    with transaction():
        tell_who_came(event.id, [people_at(event)[0].id], now())
    let_the_clock_work()
    assert asked(survey) == {"Åsa": Asked.ATTENDED, "Bo": Asked.ATTENDED}
    with transaction():
        close_attendance(event.id, now())
    assert db.session.query(SurveyInvitation).count() == 2
