"""The survey after an event: thirty came, eighteen answer on their phones, twelve are reminded once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page
from playwright.sync_api import expect as eventually
from sqlalchemy import update

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.attendance.closing import close_attendance
from eventsys.events.attendance.marking import mark
from eventsys.events.models import Event
from eventsys.staff.models import Role
from eventsys.surveys import answering
from eventsys.surveys.due import reminder_times
from eventsys.surveys.models import SurveyInvitation, SurveyState, Way
from eventsys.surveys.nki import NkiResult, nki
from eventsys.surveys.queries import locked_survey
from eventsys.surveys.settings import survey_settings
from tests.chromium import OpenPage, expect, without_axe
from tests.factories import make_people, make_registration
from tests.journeys.conftest import Product
from tests.journeys.reading_letters import ReadLetter
from tests.servers import wait_until
from tests.staff_fixtures import PASSWORD, new_account
from tests.surveys.factories import fresh, invitations, make_held_event, make_survey, people_at, responses

pytestmark = pytest.mark.browser

CAME, ABSENT, ANSWER = 30, 2, 18
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def numbers_of(person: int) -> tuple[int, int, int]:
    """What the person of this number ticks, from 1 to 10 each."""
    return person % 5 + 6, person % 4 + 5, person % 6 + 5


def tick(page: Page, question: str, number: int | str) -> None:
    scale = page.get_by_role("group", name=question)
    scale.get_by_text(str(number), exact=True).click()  # the label lies over its circle
    eventually(scale.get_by_label(str(number), exact=True)).to_be_checked()


def fill_in(page: Page, link: str, person: int) -> None:
    page.goto(link)
    for question, number in zip(("i sin helhet", "förväntningar", "perfekt"), numbers_of(person), strict=True):
        tick(page, question, number)
    if person % 3 == 0:
        page.get_by_label("Vad tar du med dig").fill(f"Tanke {person}")


def send(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Skicka svaret").click()


@pytest.fixture
def event(product: Product) -> Event:
    """It ends in some hours; thirty-two are registered, the last two will not come."""
    made = make_held_event(0, closed=False, title="Fredagslunch om vävning", starts_at=now() + 3 * HOUR)
    make_registration(made, make_people(CAME + ABSENT), now() - DAY)
    return made


def let_it_end(event: Event) -> None:
    """The clock is moved to two hours after the event, by moving the event; thirty came."""
    with transaction():
        row = db.session.get_one(Event, event.id)
        row.starts_at, row.ends_at = now() - 4 * HOUR, now() - 2 * HOUR
    ids = [attendee.id for attendee in people_at(event)]
    with transaction():
        mark(event.id, ids[:CAME], True, now())
        close_attendance(event.id, now())


def letter_to(product: Product, address: str, subject: str) -> ReadLetter:
    def found() -> list[ReadLetter]:
        letters = [ReadLetter(one.message) for one in product.sink.letters_to(address)]
        return [one for one in letters if one.subject.startswith(subject)]

    wait_until(lambda: bool(found()), 60, about=f"{subject} to {address}")
    [letter] = found()
    return letter


@pytest.fixture
def breaks_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Between the answer and the mark the program fails once, when the list is given something."""
    wanted: list[int] = []
    real = answering.mark

    def mark_or_break(invitation: object) -> None:
        if wanted:
            wanted.pop()
            raise ConnectionResetError
        real(invitation)  # type: ignore[arg-type]

    monkeypatch.setattr(answering, "mark", mark_or_break)
    return wanted


def test_thirty_came_eighteen_answer_and_the_silent_are_reminded_once(
    product: Product, event: Event, open_page: OpenPage, breaks_once: list[int]
) -> None:
    survey = make_survey(event, reminder_days=[1])
    let_it_end(event)
    wait_until(lambda: len(invitations(survey)) == CAME + ABSENT, 60, about="invitations")
    people = people_at(event)
    links = [letter_to(product, one.email, "Vad tyckte du?").link_to("/enkat/") for one in people[:CAME]]
    assert len(set(links)) == CAME
    assert letter_to(product, people[-1].email, "Vi saknade dig").link_to("/enkat/")

    page = open_page(390, 844)
    for person, link in enumerate(links[:ANSWER]):
        fill_in(page, link, person)
        if person == 4:  # the line is lost between the answer and the mark: nothing is stored, nothing typed is lost
            expect(page, "500")
            breaks_once.append(1)
            send(page)
            assert page.get_by_role("heading", name="Något gick fel hos oss").is_visible()
            assert (len(responses(survey)), invitations(survey)[4].has_answered) == (4, False)
            page.goto(link)
            assert (
                page.get_by_role("group", name="i sin helhet")
                .get_by_label(str(numbers_of(4)[0]), exact=True)
                .is_checked()
            )
        send(page)
        eventually(page.get_by_role("heading", name="Tack för svaret")).to_be_visible()
        assert page.evaluate("sessionStorage.length") == 0

    page.goto(links[0])  # one tries twice
    assert page.get_by_role("heading", name="Tack, svaret är inne").is_visible()
    plain = open_page(390, 844, java_script_enabled=False)
    without_axe(plain)
    expect(plain, "409")
    plain.goto(links[ANSWER])
    for question in ("i sin helhet", "förväntningar", "perfekt"):
        plain.get_by_role("group", name=question).get_by_text("1", exact=True).click()
    with transaction():  # meanwhile the same link is used elsewhere
        row = invitations(survey)[ANSWER]
        db.session.merge(row).has_answered = True
    send(plain)
    assert plain.get_by_text("Det nya svaret räknades inte").is_visible()
    with transaction():
        db.session.merge(invitations(survey)[ANSWER]).has_answered = False

    assert len(responses(survey)) == ANSWER
    assert {one.way for one in responses(survey)} == {Way.PERSONAL}
    found = nki([(one.satisfied, one.expectations, one.ideal) for one in responses(survey)], fresh(survey).invited)
    assert found == nki([numbers_of(person) for person in range(ANSWER)], CAME)
    assert (found.n, found.invited, found.is_hidden) == (ANSWER, CAME, False)
    assert nki([numbers_of(person) for person in range(6)], CAME).shown == "*"

    with transaction():  # the clock is moved past the reminder, by moving when the survey opened
        row = locked_survey(survey.id)
        row.opened_at = now() - 12 * DAY
        db.session.execute(update(SurveyInvitation).values(invited_at=row.opened_at))
    assert reminder_times(fresh(survey), survey_settings())[0] <= now()
    silent = people[ANSWER:CAME]
    for one in silent:
        assert letter_to(product, one.email, "Påminnelse:").link_to("/enkat/") in links
    wait_until(lambda: fresh(survey).reminders_sent == 1, 30, about="the round of reminders")
    reminded = [one for one in product.sink.letters if str(one.message["Subject"]).startswith("Påminnelse:")]
    assert sorted(one.recipients[0] for one in reminded) == sorted(one.email for one in silent)

    with transaction():  # and to its end
        locked_survey(survey.id).closes_at = now()
    wait_until(lambda: fresh(survey).state is SurveyState.CLOSED, 30, about="the end")
    expect(page, "410")
    page.goto(links[-1])
    assert page.get_by_role("heading", name="Enkäten är stängd").is_visible()
    assert_results(product, open_page(1280, 900), event, found)


def assert_results(product: Product, page: Page, event: Event, found: NkiResult) -> None:
    """The organiser's page says the index, how sure it is, and of how many."""
    page.goto(f"{product.url}/personal/evenemang/{event.id}/enkat/resultat")
    page.get_by_label("E-post").fill(new_account(Role.ORGANISER).email)
    page.get_by_label("Lösenord").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Logga in").click()
    eventually(page.locator(".index").first).to_contain_text(found.shown)
    eventually(page.locator(".index").first).to_contain_text("felmarginal ±")
    eventually(page.get_by_text(f"Räknat på {ANSWER} av {CAME} inbjudna").first).to_be_visible()
