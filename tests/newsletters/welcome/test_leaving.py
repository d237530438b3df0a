"""An approved round leaves: each address one letter that names its companies, and nobody who has fallen away."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.companies.merging import merge
from eventsys.companies.models import Company
from eventsys.database import db, transaction
from eventsys.events.models import Event, EventState
from eventsys.mail.mailings import course
from eventsys.mail.mailings.ledger import ledger
from eventsys.mail.mailings.mending import send_rejected_again
from eventsys.mail.models import Delivery, Mailing, State
from eventsys.mail.suppression import suppress
from eventsys.newsletters.lists import COMPANIES
from eventsys.newsletters.subscriptions.leaving import leave as leave_list
from eventsys.newsletters.subscriptions.leaving import refuse_all
from eventsys.newsletters.subscriptions.models import Reader
from eventsys.newsletters.welcome import cohort, redirecting
from eventsys.newsletters.welcome.leaving import MERGED, CannotLeave, leave
from eventsys.newsletters.welcome.letters import ON_PAPER, send_test, together
from eventsys.newsletters.welcome.models import Choice, RoundState, WelcomeRound
from eventsys.newsletters.welcome.planning import ask_until
from eventsys.newsletters.welcome.queries import stuck_rounds, welcome_rounds_in
from eventsys.newsletters.welcome.striking import strike
from eventsys.staff.models import Role
from tests.factories import make_event
from tests.newsletters.factories import make_reader
from tests.newsletters.sending.scenes import id_of
from tests.newsletters.welcome.scenes import (
    a_round,
    again,
    approved,
    asked,
    deliver_all,
    make_company,
    places,
    rows_of,
    sent,
    states,
)
from tests.sink import SmtpSink
from tests.staff_fixtures import new_account


def change(company: Company, **given: object) -> None:
    with transaction():
        row = db.session.get_one(Company, company.id)
        for name, value in given.items():
            setattr(row, name, value)


def left(found: WelcomeRound) -> WelcomeRound:
    with transaction():
        leave(found.id, now())
    return again(found)


def test_every_address_gets_its_own_copy_with_its_companies_named(app: Flask, relay: SmtpSink) -> None:
    make_company("Ås & Öbergs Färgeri AB", ["åsa@as.example"])
    make_company("Alm AB", ["revisor@byran.example"])
    make_company("Ek AB", ["revisor@byran.example"])
    make_company("Papper AB")
    found = sent(a_round())
    deliver_all()
    letters = {one.recipients[0]: one.message for one in relay.wait_for(2)}
    assert set(letters) == {"åsa@as.example", "revisor@byran.example"}
    text = letters["åsa@as.example"].get_body(("plain",)).get_content()
    assert "Hej Ås & Öbergs Färgeri AB," in text
    assert "Ås &amp; Öbergs Färgeri AB" in letters["åsa@as.example"].get_body(("html",)).get_content()
    assert "Hej Alm AB och Ek AB," in letters["revisor@byran.example"].get_body(("plain",)).get_content()
    reader = db.session.query(Reader).filter_by(address="åsa@as.example").one()
    leave_at = f"http://127.0.0.1:8000/avsluta/{reader.token}?brev=companies"
    assert letters["åsa@as.example"]["List-Unsubscribe"] == f"<{leave_at}>"
    assert leave_at in text
    assert again(found).state is RoundState.SENT


def test_the_mailing_holds_the_approved_bytes_and_adds_up_in_companies(app: Flask) -> None:
    make_company("Alm AB", ["revisor@byran.example"])
    make_company("Ek AB", ["revisor@byran.example"])
    make_company("Papper AB")
    make_company("Utan AB", street="")
    struck = make_company("Struken AB")
    draft, writer = a_round(), new_account()
    with transaction():
        strike(draft.id, [struck.id], "Vilande bolag", "Ask", writer.id, now())
    waiting = approved(draft)
    sha256 = waiting.sha256
    found = left(waiting)
    mailing = db.session.get_one(Mailing, found.mailing_id)
    assert (mailing.sha256, mailing.about, mailing.name) == (sha256, f"welcome_round:{found.id}", found.name)
    counted = ledger(mailing.id)
    assert (counted.selected, counted.candidates) == (1, 5)
    assert counted.exclusions == {
        "får brevet på papper": 1, "samma adress som ett annat företag": 1, "struket: Vilande bolag": 1,
        cohort.NOWHERE: 1,
    }  # fmt: skip


def test_a_round_on_paper_only_has_no_mailing(app: Flask) -> None:
    make_company("Papper AB")
    found = sent(a_round())
    assert (found.state, found.mailing_id) == (RoundState.SENT, None)
    assert redirecting.stranded_in(found).rows == []


def test_only_an_approved_round_leaves_and_only_once(app: Flask) -> None:
    make_company("Alm AB", ["info@alm.example"])
    found = a_round()
    for prepare in (again, asked):
        with pytest.raises(CannotLeave, match="inte godkänd"):
            left(prepare(found))
    writer = new_account()
    with transaction():
        ask_until(found.id, date(2027, 3, 30), writer.id, now())
    sent(found)
    with pytest.raises(CannotLeave, match="redan skickad"):
        left(found)
    assert db.session.query(Mailing).count() == 1


def test_a_cancelled_gathering_stops_an_approved_round(app: Flask) -> None:
    make_company("Alm AB", ["info@alm.example"])
    event = make_event()
    draft = a_round()
    with transaction():
        db.session.get_one(WelcomeRound, draft.id).event_id = event.id
    found = approved(draft)
    with transaction():
        db.session.get_one(Event, event.id).state = EventState.CANCELLED
    with pytest.raises(CannotLeave, match="inställt"):
        left(found)
    assert db.session.query(Delivery).count() == 0


def test_who_has_fallen_away_since_the_list_was_frozen_is_left_out_with_the_reason(app: Flask) -> None:
    made = {
        name: make_company(name, [f"{name.lower()}@x.example"])
        for name in ("Borta", "Konkurs", "Nej", "Arkiv", "Stopp", "Kvar")
    }
    made["Tvilling"] = make_company("Tvilling", ["tvilling@x.example"])
    made["Papper"] = make_company("Papper")
    make_reader("nej@x.example", lists=[])
    found = approved(a_round())
    change(made["Borta"], deregistered_on=date(2027, 4, 1))
    change(made["Papper"], refuses_advertising=True)
    change(made["Konkurs"], procedure="Konkurs")
    change(made["Arkiv"], archived_at=now())
    change(made["Tvilling"], merged_into_id=made["Kvar"].id, archived_at=now())
    with transaction():
        leave_list(db.session.query(Reader).filter_by(address="nej@x.example").one().id, COMPANIES, now())
        suppress("stopp@x.example", "Finns inte")
    left(found)
    fates = {one.name: (one.choice, one.reason) for one in places(found).values()}
    assert fates == {
        "Arkiv": (Choice.EXCLUDED, cohort.ARCHIVED), "Borta": (Choice.EXCLUDED, cohort.DEREGISTERED),
        "Konkurs": (Choice.EXCLUDED, cohort.PROCEDURE), "Kvar": (Choice.EMAIL, ""),
        "Nej": (Choice.EXCLUDED, cohort.REFUSED), "Papper": (Choice.EXCLUDED, cohort.ADVERTISING),
        "Stopp": (Choice.EXCLUDED, cohort.SUPPRESSED), "Tvilling": (Choice.EXCLUDED, MERGED),
    }  # fmt: skip
    assert set(states()) == {"kvar@x.example"}
    # Who only had a bad address comes back, and gets paper.
    fates = {one.name: one.choice for one in places(a_round()).values()}
    assert {name for name, choice in fates.items() if choice is Choice.PAPER} == {"Nej", "Stopp"}


def test_two_that_became_one_get_one_letter(app: Flask) -> None:
    twins = [make_company(name, [f"{name}@x.example"]) for name in ("ett", "två")]
    found = approved(a_round())
    kept = make_company("Samlat AB", registered=date(2020, 1, 1))
    for twin in twins:
        change(twin, merged_into_id=kept.id, archived_at=now())
    left(found)
    assert len(states()) == 1


def test_at_the_last_moment_who_said_no_or_went_out_of_business_gets_nothing(app: Flask, relay: SmtpSink) -> None:
    gone = make_company("Borta AB", ["borta@x.example"])
    make_company("Nej AB", ["nej@x.example"])
    one_of_two = make_company("Avförd AB", ["delad@x.example"])
    make_company("Kvar AB", ["delad@x.example"])
    sent(a_round())
    change(gone, deregistered_on=date(2027, 4, 1))
    change(one_of_two, refuses_advertising=True)
    with transaction():
        refuse_all(db.session.query(Reader).filter_by(address="nej@x.example").one().id, now())
    deliver_all()
    assert states() == {
        "borta@x.example": State.SKIPPED, "nej@x.example": State.SKIPPED, "delad@x.example": State.ACCEPTED,
    }  # fmt: skip
    (letter,) = relay.wait_for(1)
    assert "Hej Kvar AB," in letter.message.get_body(("plain",)).get_content()


# --- letters that never came


def test_a_rejected_letter_goes_on_paper_instead_and_is_not_tried_again(app: Flask, relay: SmtpSink) -> None:
    relay.when("rcpt", to="fel@x.example", say="550 5.1.1 No such user")
    lost, printable = make_company("Fel AB", ["fel@x.example"]), make_company("Kvar AB", ["kvar@x.example"])
    homeless = make_company("Hemlös AB", ["fel@x.example"], street="")
    found = sent(a_round())
    deliver_all()
    stranded = redirecting.stranded_in(again(found))
    assert [row.company_id for row in stranded.printable] == [id_of(lost)]
    assert [row.company_id for row in stranded.others] == [id_of(homeless)]
    with transaction():
        assert redirecting.print_instead(id_of(found)) == 1
    assert (rows_of(lost)[0].choice, rows_of(printable)[0].choice) == (Choice.PAPER, Choice.EMAIL)
    with pytest.raises(redirecting.NothingToRedirect), transaction():
        redirecting.print_instead(id_of(found))


def test_a_letter_that_went_on_paper_is_unwanted_as_email(app: Flask, relay: SmtpSink) -> None:
    relay.when("rcpt", to="fel@x.example", say="552 5.3.4 Message too big", times=1)
    make_company("Fel AB", ["fel@x.example"])
    found = sent(a_round())
    deliver_all()
    letter_id, mailing_id = db.session.query(Delivery).one().id, again(found).mailing_id
    with transaction():
        redirecting.print_instead(id_of(found))
        send_rejected_again(mailing_id, letter_id)
    deliver_all()
    assert db.session.query(Delivery).one().reason == ON_PAPER


def test_whom_a_cancelled_sending_did_not_reach_is_new_again(app: Flask, relay: SmtpSink) -> None:
    company = make_company("Alm AB", ["info@alm.example"])
    found = sent(a_round())
    with pytest.raises(redirecting.NothingToRedirect), transaction():
        redirecting.let_go(found.id)
    with transaction():
        course.cancel(found.mailing_id)
    with transaction():
        assert redirecting.let_go(found.id) == 1
    second = sent(a_round())
    deliver_all()
    assert [letter.recipients[0] for letter in relay.wait_for(1)] == ["info@alm.example"]
    assert sorted((row.round_id, row.choice) for row in rows_of(company)) == [
        (id_of(found), Choice.EXCLUDED), (id_of(second), Choice.EMAIL),
    ]  # fmt: skip


def test_who_said_no_at_the_last_moment_can_have_the_letter_on_paper(app: Flask, relay: SmtpSink) -> None:
    """The list of a round sends paper to whoever refuses e-mail; so does a round that has left already."""
    company = make_company("Nej AB", ["nej@x.example"])
    found = sent(a_round())
    with transaction():
        refuse_all(db.session.query(Reader).filter_by(address="nej@x.example").one().id, now())
    deliver_all()
    assert states() == {"nej@x.example": State.SKIPPED}
    assert [row.company_id for row in redirecting.stranded_in(again(found)).printable] == [id_of(company)]


def test_a_company_archived_since_is_not_printed_for(app: Flask, relay: SmtpSink) -> None:
    relay.when("rcpt", to="fel@x.example", say="550 5.1.1 No such user")
    company = make_company("Fel AB", ["fel@x.example"])
    found = sent(a_round())
    deliver_all()
    change(again(company), archived_at=now())
    stranded = redirecting.stranded_in(again(found))
    assert ([*stranded.printable], [row.company_id for row in stranded.others]) == ([], [id_of(company)])


@pytest.mark.parametrize("which", ["the kept one's was lost", "the merged one's was lost", "both were lost"])
def test_of_two_that_became_one_no_second_letter_is_printed(app: Flask, relay: SmtpSink, which: str) -> None:
    kept, twin = make_company("Alm AB", ["alm@x.example"]), make_company("Alms AB", ["alms@x.example"])
    lost = {"the kept one's was lost": ["alm"], "the merged one's was lost": ["alms"]}.get(which, ["alm", "alms"])
    for name in lost:
        relay.when("rcpt", to=f"{name}@x.example", say="550 5.1.1 No such user")
    found = sent(a_round())
    deliver_all()
    with transaction():
        merge(id_of(kept), id_of(twin), now())
    assert len(redirecting.stranded_in(again(found)).printable) == len(lost) - 1


# --- the rest


def test_a_test_letter_goes_to_colleagues_once(app: Flask, relay: SmtpSink) -> None:
    me = new_account(Role.EDITOR, email="jag@boras.example")
    found = a_round()
    for expected in (1, 0):
        with transaction():
            assert send_test(found.id, [me.id], now()) == expected
    deliver_all()
    (letter,) = relay.wait_for(1)
    assert letter.message["Subject"] == "Provbrev: Välkommen som företagare i Borås"
    assert "Hej Väveriet i Borås AB," in letter.message.get_body(("plain",)).get_content()


def test_rounds_are_counted_for_the_year(app: Flask) -> None:
    make_company("Alm AB")
    found = sent(a_round())
    assert (welcome_rounds_in(found.year), welcome_rounds_in(found.year - 1)) == (1, 0)


def test_a_paused_round_waits_for_somebody(app: Flask) -> None:
    make_company("Alm AB", ["info@alm.example"])
    found = sent(a_round())
    assert stuck_rounds() == []
    with transaction():
        course.pause(found.mailing_id)
    assert [(one.round.id, one.why) for one in stuck_rounds()] == [(found.id, "Utskicket är pausat.")]


def test_names_stand_together_as_one_says_them() -> None:
    assert [together(names) for names in (["A"], ["A", "B"], ["A", "B", "C"], ["A", "A"])] == [
        "A", "A och B", "A, B och C", "A",
    ]  # fmt: skip
