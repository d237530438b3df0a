"""The newsletter's box in the registration form: unticked, kept, and asked about by a letter of its own."""

from __future__ import annotations

import pytest

from eventsys import tick
from eventsys.clock import now
from eventsys.newsletters import actors
from eventsys.newsletters.lists import FORETAGSAMT
from eventsys.newsletters.subscriptions.models import SignUp, Way
from eventsys.newsletters.subscriptions.signing_up import registrations_to_ask
from tests.factories import make_event, make_registration
from tests.newsletters.factories import make_reader
from tests.newsletters.subscriptions.scenes import DAY, asked, count, has, letters, say_yes
from tests.public.reading import Read, filled, form_of, the_registration

BOOKER = "asa@vaveriet.example"


def work():
    """What the clock finds due, done."""
    for registration_id in registrations_to_ask(now()):
        actors.ask_registered.function(registration_id)


def test_registering_subscribes_nobody(web, clock):
    event = make_event()
    assert "wants_letters" not in Read(web.get(form_of(event))).typed
    web.post(form_of(event), data=filled())
    assert the_registration(event).wants_letters_at is None
    work()
    assert count(SignUp) == 0


def test_the_ticked_box_is_asked_about_by_letter_once(web, clock):
    event = make_event()
    web.post(form_of(event), data=filled(wants_letters="y"))
    assert the_registration(event).wants_letters_at == now()
    for _ in range(3):
        work()
    assert letters(BOOKER).count("confirm_subscription") == 1
    assert count(SignUp) == 1
    assert (asked(BOOKER).way, asked(BOOKER).organisation) == (Way.REGISTRATION, "Väveriet i Borås AB")
    assert has(BOOKER) == []
    say_yes(BOOKER)
    assert has(BOOKER) == [FORETAGSAMT]


@pytest.mark.parametrize("ticked", ["y", None])
def test_the_form_keeps_the_box_as_it_was_through_an_error(web, clock, ticked):
    event = make_event()
    answer = web.post(form_of(event), data=filled(wants_letters=ticked, booker_email="fel"))
    assert ("wants_letters" in Read(answer).typed) is bool(ticked)


def test_who_has_the_letter_is_not_disturbed(app, clock):
    booking = make_registration(make_event(), ["Åsa Lind"], wants_letters=True)
    make_reader(booking.booker_email_key)
    work()
    assert "confirm_subscription" not in letters(booking.booker_email_key)
    assert registrations_to_ask(now()) == []


def test_an_old_tick_is_not_asked_about(app, clock):
    make_registration(make_event(), ["Åsa Lind"], wants_letters=True)
    clock.shift(8 * DAY)
    assert registrations_to_ask(now()) == []


def test_the_reader_belongs_to_the_company_of_the_booking(app, clock):
    booking = make_registration(make_event(), ["Åsa Lind"], wants_letters=True, company_number="5560360793")
    work()
    assert say_yes(booking.booker_email_key).company_id == booking.company_id is not None


def test_the_tick_rings_for_it(app, clock):
    make_registration(make_event(), ["Åsa Lind"], wants_letters=True)
    tick.tick()
    broker = app.extensions["eventsys_broker"]
    assert broker.queues["newsletters"].qsize() == 1
