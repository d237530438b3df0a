"""The register of the demonstration: in use, invented, and with welcome rounds that add up."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from eventsys.clock import local, now
from eventsys.companies.models import (
    Company,
    CompanyKind,
    CompanySni,
    Contact,
    Merge,
    Note,
    Postcode,
    Tag,
    Visit,
    VisitForm,
)
from eventsys.database import db
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.mail.models import Delivery, MailingExclusion
from eventsys.newsletters.welcome.models import Choice, RoundState, WelcomeLetter, WelcomeRound
from eventsys.newsletters.welcome.settings import welcome_settings

pytestmark = pytest.mark.usefixtures("filled")


def number_of(model: type, *conditions: object) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0  # type: ignore[arg-type]


def test_every_limited_company_has_a_branch_and_a_postcode_of_ours():
    limited = (Company.legal_form == "Aktiebolag",)
    assert number_of(Company, *limited) > 8000
    assert number_of(Company, *limited, Company.id.not_in(select(CompanySni.company_id))) == 0
    assert number_of(Company, *limited, Company.postcode.not_in(select(Postcode.digits))) == 0
    assert set(db.session.scalars(select(CompanySni.version).distinct())) == {"2007", "2025"}


def test_new_companies_are_spread_over_the_year():
    today = local(now()).date()
    year = number_of(Company, Company.registered_on > today - timedelta(days=364))
    quarter = number_of(Company, Company.registered_on > today - timedelta(days=91))
    assert (110 <= year <= 150, 20 <= quarter <= 35) == (True, True), (year, quarter)


def test_visits_are_those_of_two_years_and_none_is_to_come():
    today = local(now()).date()
    visits = db.session.scalars(select(Visit)).all()
    made = Counter(one.visited_on.year for one in visits if one.form is not VisitForm.INFORMATION)
    assert made[today.year - 1] == 150
    assert made[today.year] <= 121
    assert all(one.visited_on < today for one in visits)
    assert any(one.follow_up_on and one.follow_up_on < today and not one.followed_up_at for one in visits)
    assert number_of(Note) == 60
    assert number_of(Tag) == 4


def test_associations_and_doubles_are_there():
    assert number_of(Company, Company.kind == CompanyKind.ASSOCIATION) == 4
    [merge] = db.session.scalars(select(Merge))
    merged = db.session.get_one(Company, merge.merged_id)
    assert (merged.merged_into_id, merged.archived_at) == (merge.kept_id, merge.at)


def test_telephones_of_contacts_are_those_kept_for_films_and_books():
    phones = [one for one in db.session.scalars(select(Contact.phone_e164)) if one]
    assert phones
    assert all(605 <= int(one.removeprefix("+46701740")) <= 699 for one in phones)


def test_rounds_that_left_have_every_company_once_and_ledgers_that_add_up():
    rounds = db.session.scalars(select(WelcomeRound).order_by(WelcomeRound.year, WelcomeRound.number)).all()
    assert [one.state for one in rounds] == [*[RoundState.SENT] * 4, RoundState.DRAFT]
    letters = db.session.scalars(select(WelcomeLetter)).all()
    assert len({one.company_id for one in letters}) == len(letters) == 120
    assert {one.choice for one in letters} == set(Choice)
    for one in rounds[:4]:
        of_it = Counter(letter.choice for letter in letters if letter.round_id == one.id)
        assert number_of(Delivery, Delivery.mailing_id == one.mailing_id) == of_it[Choice.EMAIL]
        left_out = number_of(MailingExclusion, MailingExclusion.mailing_id == one.mailing_id)
        assert left_out == of_it.total() - of_it[Choice.EMAIL]
    starts_on = welcome_settings().starts_on
    assert starts_on is not None
    new = number_of(Company, Company.registered_on >= starts_on, Company.registered_on <= rounds[-1].registered_until)
    assert new >= len(letters)


def test_the_newest_are_invited_to_the_gathering_and_some_have_answered():
    states = Counter(db.session.scalars(select(Invitation.state).where(Invitation.origin == "Nya företag")))
    assert states.total() == 26
    assert {InvitationState.SENT, InvitationState.YES, InvitationState.NO} == set(states)
