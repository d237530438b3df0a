"""The verbs that forget, each by itself: what they leave of rows, and that they may come twice."""

from __future__ import annotations

from eventsys.clock import now
from eventsys.columns import Column
from eventsys.database import db, transaction
from eventsys.events.forgetting import forget_attendees, forget_bookers, forget_invitations
from eventsys.events.invitations.inviting import Guest, new_invitation
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.models import Answer, Attendee, Diet, Question, Registration
from eventsys.mail.bounces.models import IncomingLetter
from eventsys.mail.claim import Claim
from eventsys.mail.delivery.lastword import suppressed_among
from eventsys.mail.forgetting import forget_addresses, forget_deliveries
from eventsys.mail.mailings.freezing import Excluded, Recipient
from eventsys.mail.models import Delivery, State, Suppression
from eventsys.mail.outbox import post
from eventsys.mail.suppression import suppress, suppression_of
from eventsys.newsletters.audience.choosing import REFUSED, choose
from eventsys.newsletters.audience.keys import Audience
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT
from eventsys.newsletters.sending.letters import HAS_REFUSED, unwanted
from eventsys.newsletters.subscriptions.confirming import confirm
from eventsys.newsletters.subscriptions.figures import new_readers
from eventsys.newsletters.subscriptions.forgetting import forget_readers, said_no
from eventsys.newsletters.subscriptions.importing import Verdict, judged
from eventsys.newsletters.subscriptions.models import Reader, SignUp
from eventsys.newsletters.subscriptions.queries import reader_at
from eventsys.newsletters.subscriptions.signing_up import Wish, sign_up
from eventsys.personal import FORGOTTEN, is_forgotten
from tests.companies.scenes import make_company
from tests.factories import make_event, make_person, make_registration
from tests.mail.bounces.scenes import comes_in, letter, report_of

ADDRESS = "anna.berg@vaveriet.example"


def test_a_seat_of_nobody_keeps_its_state_and_the_choices_we_gave(app):
    event = make_event(asks_diet=True)
    with transaction():
        free = Question(series_id=event.series_id, label="Vad vill du fråga?")
        given = Question(series_id=event.series_id, label="Spår?", choices=["Ett", "Två"])
        db.session.add_all([free, given])
        db.session.flush()
        person = make_person("Anna Berg", ADDRESS, diet="nötter", answers={free.id: "Min egen fråga", given.id: "Två"})
        booking = make_registration(event, [person])
        anna, token = booking.attendees[0].id, booking.attendees[0].token
    for _ in range(2):
        with transaction():
            assert forget_attendees([anna]) == 1
    row = db.session.get_one(Attendee, anna)
    assert (row.name, row.email, row.email_key, row.address_claim) == (FORGOTTEN, "", "", None)
    assert row.has_seat
    assert row.token != token
    assert db.session.query(Diet).count() == 0
    assert sorted(one.text for one in db.session.query(Answer)) == ["", "Två"]


def test_a_booking_of_nobody_keeps_its_company_and_its_colleagues(app):
    booking = make_registration(make_event(), ["Anna Berg", "Bo Alm"])
    with transaction():
        assert forget_bookers([booking.id]) == 1
    row = db.session.get_one(Registration, booking.id)
    assert (row.booker_name, row.booker_email_key, row.company_name) == (FORGOTTEN, "", "Väveriet i Borås AB")
    assert [one.name for one in row.attendees] == ["Anna Berg", "Bo Alm"]


def test_a_sole_traders_company_is_called_as_the_person_and_goes_with_them(app):
    booking = make_registration(make_event(), ["Anna Berg"], company_name="Anna Bergs Bageri", sole_trader=True)
    with transaction():
        forget_bookers([booking.id])
    assert db.session.get_one(Registration, booking.id).company_name == FORGOTTEN


def test_two_guests_of_one_event_can_both_be_forgotten(app):
    event = make_event(by_invitation=True)
    with transaction():
        guests = [Guest(f"{n}@a.example", f"{n}@a.example", f"Gäst {n}", "Ek AB") for n in range(2)]
        rows = [new_invitation(event, one, InvitationState.SENT, now(), "För hand") for one in guests]
        db.session.add_all(rows)
        db.session.flush()
        assert forget_invitations([row.id for row in rows]) == 2
    assert {one.name for one in db.session.query(Invitation)} == {FORGOTTEN}
    assert all(is_forgotten(one.email_key) for one in db.session.query(Invitation))


def test_a_letter_that_waits_is_stopped_and_one_that_left_stays_counted(app):
    make_registration(make_event(), [make_person("Anna Berg", ADDRESS)])
    with transaction():
        letters = db.session.query(Delivery).filter_by(address=ADDRESS).all()
        ids = [one.id for one in letters]
        assert ids
        assert forget_deliveries(ids) == len(ids)
    for one in db.session.query(Delivery):
        assert (one.state, one.name) == (State.SKIPPED, FORGOTTEN)
        assert is_forgotten(one.address)


def test_nothing_is_posted_to_somebody_forgotten(app):
    with transaction():
        assert post("events/my_bookings", 1, purpose_key="a", address="raderad-brev-1@invalid", name="") is None


def test_a_stopped_address_stays_stopped_when_nobody_knows_it_any_more(app):
    with transaction():
        suppress(ADDRESS, "Brevet kom tillbaka")
    with transaction():
        forget_addresses([ADDRESS])
    assert ADDRESS not in {one.address for one in db.session.query(Suppression)}
    assert suppressed_among({ADDRESS, "annan@vaveriet.example"}) == {ADDRESS: "Brevet kom tillbaka"}
    assert suppression_of(ADDRESS.upper()) is not None


def test_a_readers_no_outlives_the_address_until_they_ask_for_letters_again(app):
    reader = subscribed()
    before = len(new_readers(now().year).people)
    with transaction():
        assert forget_readers([reader.id], now()) == 1
    with transaction():
        assert forget_readers([reader.id], now()) == 0
    assert len(new_readers(now().year).people) == before
    assert reader_at(ADDRESS) is None
    assert said_no([ADDRESS, "annan@vaveriet.example"]) == {ADDRESS}
    subscribed()
    assert not said_no([ADDRESS])


def test_an_import_takes_nobody_in_who_was_forgotten(app):
    reader = subscribed()
    with transaction():
        forget_readers([reader.id], now())
    [line] = judged([[ADDRESS]], {Column.EMAIL: 0}, FORETAGSAMT)
    assert line.verdict is Verdict.REFUSED


def subscribed() -> Reader:
    """A reader who asked for Företagsamt and confirmed it."""
    with transaction():
        sign_up(Wish(ADDRESS, (FORETAGSAMT,), "Anna Berg"), now())
    with transaction():
        asked = db.session.query(SignUp).order_by(SignUp.id.desc()).first()
        assert asked is not None
        return confirm(asked.token, [FORETAGSAMT], now())


def test_letters_to_all_companies_pass_over_a_forgotten_address_that_came_back(app):
    reader = subscribed()
    with transaction():
        forget_readers([reader.id], now())
    make_company(emails=(ADDRESS, "bo@vaveriet.example"))
    chosen = {one.address: one for one in choose(Audience("", "", COMPANIES, Rules())) if one.address}
    assert isinstance(chosen["bo@vaveriet.example"], Recipient)
    left_out = chosen[ADDRESS]
    assert isinstance(left_out, Excluded)
    assert left_out.reason == REFUSED


def test_a_letter_already_frozen_for_a_forgotten_address_is_not_sent(app):
    reader = subscribed()
    claim = Claim(
        1, "newsletters/issue", reader.id, 1, ADDRESS, "", "sv", 0, None, "t", "m", State.QUEUED, "worker", now()
    )  # fmt: skip
    assert unwanted([claim]) != {1: HAS_REFUSED}
    with transaction():
        forget_readers([reader.id], now())
    assert unwanted([claim]) == {1: HAS_REFUSED}


def test_what_comes_back_after_somebody_was_forgotten_is_kept_without_them(app):
    sent = letter(address=ADDRESS)
    report = report_of(sent, said=f"550 5.1.1 <{ADDRESS}>: User unknown")
    with transaction():
        forget_addresses([ADDRESS])
    kept = comes_in(report)
    assert kept is not None
    kept = db.session.get_one(IncomingLetter, kept.id)
    assert (kept.raw, kept.address, kept.said, kept.delivery_id) == (None, "", "", sent.id)
    assert not [one for one in db.session.query(Suppression) if ADDRESS in one.address]
