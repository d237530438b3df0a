"""Two at the same moment: a round is asked about, sent and made once, and a company is claimed by one round."""

from __future__ import annotations

from collections import Counter
from datetime import date

from flask import Flask

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.models import Delivery, Mailing
from eventsys.newsletters.welcome.approving import AlreadyAsked, ask_for_approval
from eventsys.newsletters.welcome.leaving import CannotLeave, leave
from eventsys.newsletters.welcome.models import WelcomeLetter, WelcomeRound
from eventsys.newsletters.welcome.planning import RoundStillOpen, make_round
from eventsys.newsletters.welcome.striking import ClaimedMeanwhile, strike
from eventsys.staff.models import Role
from tests.events.test_races import at_once, kinds
from tests.factories import _kept
from tests.newsletters.racing import overlapping
from tests.newsletters.welcome.scenes import UNTIL, a_round, approved, make_company
from tests.staff_fixtures import new_account


def test_two_colleagues_who_ask_at_the_same_moment_freeze_the_round_once(app: Flask) -> None:
    for number in range(20):
        make_company(addresses=[f"a{number}@x.example"])
    round_id, account_id = a_round().id, new_account(Role.EDITOR).id
    db.session.remove()

    def ask() -> str:
        with transaction():
            ask_for_approval(round_id, account_id, "Ask", now())
        return "asked"

    assert kinds(at_once(app, ask, ask, ask)) == {"asked": 1, AlreadyAsked: 2}
    assert db.session.query(WelcomeLetter).count() == 20


def test_two_who_send_at_the_same_moment_send_once(app: Flask) -> None:
    for number in range(20):
        make_company(addresses=[f"a{number}@x.example"])
    round_id = approved(a_round()).id
    db.session.remove()

    def send() -> str:
        with transaction():
            leave(round_id, now())
        return "sent"

    assert kinds(at_once(app, send, send, send)) == {"sent": 1, CannotLeave: 2}
    assert db.session.query(Mailing).count() == 1
    assert Counter(db.session.scalars(db.select(Delivery.address))).most_common(1)[0][1] == 1
    assert db.session.query(Delivery).count() == 20


def test_two_who_make_a_round_at_the_same_moment_make_one(app: Flask) -> None:
    account_id = new_account(Role.EDITOR).id
    db.session.remove()

    def make() -> str:
        with transaction():
            make_round(account_id, "Ask", UNTIL, now())
        return "made"

    assert kinds(at_once(app, make, make)) == {"made": 1, RoundStillOpen: 1}


def two_rounds() -> tuple[int, int]:
    """Two drafts at once, which the verb never makes: what holds then is the database's own constraint."""
    at = now()
    values = {
        "registered_until": date(2027, 3, 31), "subject": "Hej", "body": "<p>Hej</p>", "created_at": at,
        "changed_at": at,
    }  # fmt: skip
    first, second = (_kept(WelcomeRound(year=2027, number=number, **values)) for number in (8, 9))
    return first.id, second.id


def test_a_company_in_two_rounds_at_once_is_claimed_by_one_and_the_other_hears_of_it(app: Flask) -> None:
    company, account = make_company("Alm AB", ["info@alm.example"]), new_account(Role.EDITOR)
    make_company("Ek AB")
    first, second = two_rounds()
    company_id, account_id = company.id, account.id
    db.session.remove()

    def ask() -> str:
        ask_for_approval(first, account_id, "Ask", now())
        return "asked"

    def strike_it() -> str:
        strike(second, [company_id], "Vilande bolag", "Lo", account_id, now())
        return "struck"

    asked, struck = overlapping(app, ask, strike_it)
    assert asked == "asked"
    # On SQLite the second waits from its beginning and finds nobody to strike; on PostgreSQL it meets the constraint.
    assert isinstance(struck, Exception)
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        assert isinstance(struck, ClaimedMeanwhile), struck
    claims = db.session.scalars(db.select(WelcomeLetter.company_id).where(WelcomeLetter.claim == "welcome")).all()
    assert Counter(claims).most_common(1)[0][1] == 1
    assert len(claims) == 2


def test_two_rounds_asked_about_at_the_same_moment_share_nobody(app: Flask) -> None:
    for number in range(10):
        make_company(addresses=[f"a{number}@x.example"])
    account_id, rounds = new_account(Role.EDITOR).id, two_rounds()
    db.session.remove()

    def asker(round_id: int):
        def ask() -> str:
            with transaction():
                ask_for_approval(round_id, account_id, "Ask", now())
            return "asked"

        return ask

    found = at_once(app, *(asker(one) for one in rounds))
    assert found.count("asked") == 1
    assert db.session.query(WelcomeLetter).count() == 10
