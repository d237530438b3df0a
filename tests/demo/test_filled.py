"""What lies in the database after the demonstration has been filled in."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from stdnum import luhn

from eventsys.clock import local, now
from eventsys.companies.models import Company
from eventsys.companies.numbers import organisation_number
from eventsys.database import Base, db
from eventsys.demo import SIGN_IN, fill_if_empty
from eventsys.demo.texts import SUBJECTS
from eventsys.events.deadlines import is_working_day
from eventsys.events.models import Attendee, AttendeeState, Event, EventPhase, EventState, Registration, Series
from eventsys.events.seats import seats_of
from eventsys.events.waitlist import waiting_in_order
from eventsys.followup.figures.catalogue import FIGURES
from eventsys.followup.figures.counted import UNKNOWN
from eventsys.followup.figures.sight import Sight
from eventsys.followup.periods import has_ended
from eventsys.followup.reports import report_of
from eventsys.mail.models import CHANGES, WAITING, Delivery, DeliveryEvent, State
from eventsys.paths import EMAILS
from eventsys.staff.models import Account, Role
from eventsys.staff.passwords import check_password, matches
from eventsys.surveys.due import surveys_with_work
from eventsys.surveys.models import Survey, SurveyResponse, SurveyState, SurveyTemplate, Way
from tests.followup.counting import Books, adds_up

pytestmark = pytest.mark.usefixtures("filled")
ADDRESS = re.compile(r"[\w.+-]+@([\w.-]*\w)")


def rows(model: type[Base]) -> list:
    return list(db.session.scalars(select(model)))


def test_a_filled_database_is_left_alone():
    before = len(rows(Registration))
    assert not fill_if_empty()
    assert len(rows(Registration)) == before


def test_every_series_of_the_office_is_there_and_update_boras_is_not_public():
    series = {one.name: one for one in rows(Series)}
    assert len(series) == 10
    assert [one.name for one in series.values() if not one.public] == ["Update Borås"]
    assert series["Näringslivsdagen"].co_organiser == "Borås Näringsliv"
    assert series["Anbudsskola"].co_organiser == "Koncerninköp"
    assert series["Fredagslunch"].asks_diet


def test_events_are_in_every_phase():
    phases = Counter(event.phase(now()) for event in rows(Event))
    assert set(phases) == set(EventPhase)


def test_an_open_event_has_few_seats_left_and_another_is_full_with_a_queue_and_an_offer():
    is_open = [event for event in rows(Event) if event.takes_registrations(now())]
    seats = seats_of(is_open)
    assert any(0 < seats[event.id].left <= 5 for event in is_open)
    full = [event for event in is_open if seats[event.id].offered and seats[event.id].waiting]
    assert full
    assert not seats[full[0].id].left
    offered = [person for person in rows(Attendee) if person.state is AttendeeState.OFFERED]
    assert all(person.offer_ends_at > now() for person in offered)
    assert len(waiting_in_order(full[0].id)) == seats[full[0].id].waiting


def test_no_event_is_oversold():
    events = rows(Event)
    for event in events:
        assert seats_of(events)[event.id].left >= 0
        confirmed = sum(one.has_seat for one in rows(Attendee) if one.event_id == event.id)
        assert confirmed <= event.capacity


def test_lunches_are_on_fridays_and_everything_on_working_days():
    for event in rows(Event):
        starts = local(event.starts_at)
        assert is_working_day(starts.date())
        if event.series.name == "Fredagslunch":
            assert (starts.weekday(), starts.hour, starts.minute) == (4, 11, 30)


def test_those_who_came_are_known_and_diets_are_forgotten_afterwards():
    for person in rows(Attendee):
        if person.event.ends_at < now() and person.event.state is EventState.PUBLISHED:
            assert person.state not in (AttendeeState.CONFIRMED, AttendeeState.OFFERED)
            assert person.diet is None
        assert (person.checked_in_at is not None) == (person.state is AttendeeState.ATTENDED)
    assert any(person.diet for person in rows(Attendee))
    assert any(person.answers for person in rows(Attendee))


def test_company_numbers_are_valid_and_of_a_series_that_is_not_given_out():
    numbers = [company.number for company in rows(Company) if company.number]
    assert len(numbers) >= 35
    for number in numbers:
        assert organisation_number(number) == number
        assert luhn.is_valid(number)
        assert number.startswith("553")


def test_no_address_leads_outside_example():
    for table in Base.metadata.tables.values():
        for row in db.session.execute(select(table)):
            for value in row:
                for domain in ADDRESS.findall(value) if isinstance(value, str) else ():
                    assert domain.endswith(".example") or domain == "localhost" or table.name == "delivery", value
    assert all(letter.address.endswith(".example") for letter in rows(Delivery))


def test_telephone_numbers_are_those_kept_for_films_and_books():
    phones = {person.phone_e164 for person in rows(Attendee)} - {""}  # of whom retention has made nobody
    assert all(605 <= int(phone.removeprefix("+46701740")) <= 699 for phone in phones)
    assert all(event.contact_phone.startswith("031-390 06") for event in rows(Event))


def test_there_is_an_account_of_every_role_and_the_printed_one_signs_in():
    accounts = {account.email: account for account in rows(Account)}
    assert {account.role for account in accounts.values()} == set(Role)
    assert matches(accounts[SIGN_IN.email].password_hash, SIGN_IN.password)
    assert accounts[SIGN_IN.email].role is Role.ADMINISTRATOR
    check_password(SIGN_IN.password, SIGN_IN.email)


def test_no_letter_waits_to_be_sent_but_one_that_was_put_off():
    states = Counter(letter.state for letter in rows(Delivery))
    assert [letter.state for letter in rows(Delivery) if letter.state in WAITING] == [State.DEFERRED]
    assert states[State.ACCEPTED] > 500
    assert {State.REJECTED, State.UNKNOWN, State.BOUNCED} <= set(states)
    assert all(letter.not_before > now() for letter in rows(Delivery) if letter.state is State.DEFERRED)


def test_the_history_of_each_letter_is_one_that_the_table_of_changes_allows():
    histories = defaultdict(list)
    for change in db.session.scalars(select(DeliveryEvent).order_by(DeliveryEvent.id)):
        histories[change.delivery_id].append(change)
    for letter in rows(Delivery):
        first, *later = histories[letter.id]
        assert (first.was, first.became, first.at) == (None, State.QUEUED, letter.created_at)
        for before, after in zip([first, *later], later, strict=False):
            assert after.was is before.became
            assert after.became in CHANGES[after.was]
            assert before.at <= after.at <= now()
        assert (later[-1].became, later[-1].at) == (letter.state, letter.changed_at)
        assert letter.subject
        assert letter.attempts == sum(change.became is State.IN_FLIGHT for change in later)


@pytest.mark.parametrize("letter", SUBJECTS)
def test_subjects_are_those_of_the_letters(letter: str):
    template = Path(EMAILS, letter, "subject.txt").read_text(encoding="utf-8")
    assert f'"{SUBJECTS[letter]}"' in template


def test_registrations_are_spread_over_weeks():
    busiest = max(rows(Event), key=lambda event: seats_of([event])[event.id].confirmed)
    days = {local(one.created_at).date() for one in rows(Registration) if one.event_id == busiest.id}
    assert len(days) > 10
    assert all(one.created_at < one.event.starts_at for one in rows(Registration))
    assert max(one.created_at for one in rows(Registration)) < now() - timedelta(hours=1)


def test_what_has_been_has_a_survey_with_answers_and_one_has_too_few_to_show():
    at = now()
    held = {event.id for event in rows(Event) if event.state is EventState.PUBLISHED and event.ends_at < at}
    surveys = rows(Survey)
    assert {survey.event_id for survey in surveys} == held
    assert {survey.state for survey in surveys} == {SurveyState.OPEN, SurveyState.CLOSED}
    numbers = Counter(answer.survey_id for answer in rows(SurveyResponse) if answer.way is Way.PERSONAL)
    assert all(0 < numbers[survey.id] <= survey.invited for survey in surveys)
    assert any(numbers[survey.id] < 7 for survey in surveys)
    assert any(answer.way is Way.OPEN for answer in rows(SurveyResponse))
    assert len(rows(SurveyTemplate)) == len(rows(Series))


def test_the_clock_has_nobody_to_ask_about_what_has_been():
    assert any(survey.state is SurveyState.OPEN for survey in rows(Survey))
    assert surveys_with_work(now()) == []


def test_the_follow_up_of_both_years_is_right_to_the_number_and_every_drill_down_adds_up():
    at = now()
    books, years = Books(at), (local(at).year - 1, local(at).year)
    told = 0
    for year, half in itertools.product(years, (1, 2)):
        report = report_of(year, half, at)
        sight = Sight(report.period, at)
        for line in report.lines:
            if not line.figure:
                continue
            counted = FIGURES[line.figure].count(sight, line.series_id)
            expected = books.figure(line.figure)(report.period.first, report.period.last, line.series_id)
            known = expected if counted.shown != UNKNOWN else None
            assert (line.now or counted).value == counted.value == known, f"{line.name} {year} {half}"
            assert counted.value is None or adds_up(FIGURES[line.figure], counted), line.name
            told += counted.value is not None
    assert told > 20


def test_half_years_that_have_ended_are_judged_and_settled_and_a_late_entry_is_shown_beside():
    at = now()
    years = (local(at).year - 1, local(at).year)
    ended = [(year, half) for year, half in itertools.product(years, (1, 2)) if has_ended(year, half, at)]
    reports = [report_of(year, half, at) for year, half in ended]
    assert len(reports) >= 2
    for report in reports:
        assert report.settlement is not None
        assert report.settlement.settled_at < at
        assert report.assessed == len(report.lines) == 13
    assert [line.name for line in reports[-1].lines if line.now] == ["Inlägg på LinkedIn"]
