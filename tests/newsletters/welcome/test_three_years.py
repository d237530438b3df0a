"""Twelve rounds over three simulated years: every new company gets exactly one letter, and the others have a reason."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import time_machine
from flask import Flask
from sqlalchemy import select

from eventsys.clock import now
from eventsys.companies.models import Company, Merge
from eventsys.database import db, transaction
from eventsys.mail.models import Delivery
from eventsys.newsletters.lists import COMPANIES
from eventsys.newsletters.subscriptions.leaving import leave as leave_list
from eventsys.newsletters.subscriptions.models import Reader
from eventsys.newsletters.welcome import redirecting
from eventsys.newsletters.welcome.cohort import places_of
from eventsys.newsletters.welcome.leaving import leave
from eventsys.newsletters.welcome.models import Choice, WelcomeLetter
from eventsys.newsletters.welcome.queries import round_by_id, welcome_rounds_in
from eventsys.newsletters.welcome.striking import strike
from tests.newsletters.welcome.scenes import a_round, add_contact, approved, deliver_all, make_company
from tests.sink import SmtpSink
from tests.staff_fixtures import new_account

QUARTERS = [datetime(year, month, 5, 9, tzinfo=UTC) for year in (2027, 2028, 2029) for month in (4, 7, 10, 12)]
NEW_EACH = 14


@dataclass
class Town:
    """What happened, written down by the test itself, independently of the program's rows."""

    dice: random.Random
    made: list[int] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)
    into: dict[int, int] = field(default_factory=dict)
    """merged -> kept"""

    def standing(self, company_id: int) -> int:
        while company_id in self.into:
            company_id = self.into[company_id]
        return company_id


def a_day(town: Town, end: datetime) -> date:
    """In the quarter before; one in four arrives late, from an earlier quarter."""
    late = 80 if town.dice.random() < 0.25 else 0
    return max(date(2027, 1, 1), (end - timedelta(days=town.dice.randint(5, 80) + late)).date())


def companies_appear(town: Town, quarter: int, end: datetime) -> None:
    for number in range(NEW_EACH):
        kind = town.dice.choice(["mail", "mail", "mail", "shared", "bad", "paper", "paper", "nowhere", "barred", "far"])
        name = f"Företag {quarter}-{number} AB"
        addresses = {
            "mail": [f"f{quarter}-{number}@x.example"], "shared": [f"byran{quarter}@x.example"],
            "bad": [f"fel{quarter}-{number}@x.example"],
        }.get(kind, [])  # fmt: skip
        given = {
            "nowhere": {"street": ""}, "barred": {"refuses_advertising": True}, "far": {"postcode": "41101"},
        }.get(kind, {})  # fmt: skip
        town.made.append(make_company(name, addresses, a_day(town, end), **given).id)


def things_happen(town: Town) -> None:
    """Some are merged, deregistered, refuse letters or move to another address."""
    several = town.dice.sample(town.made, 6) if len(town.made) > 6 else []
    alive = [one for one in several if one not in town.into]
    if len(alive) > 1:
        merge(town, alive[0], alive[1])
    with transaction():
        for company_id in alive[2:3]:
            db.session.get_one(Company, company_id).deregistered_on = now().date()
        for company_id in alive[3:4]:
            row = db.session.get_one(Company, company_id)
            row.street, row.postcode = f"Nygatan {company_id}", "50630"
    for company_id in alive[4:5]:
        add_contact(db.session.get_one(Company, company_id), f"ny{company_id}@x.example")
    with transaction():
        for reader in db.session.scalars(select(Reader).order_by(Reader.id).limit(1)):
            leave_list(reader.id, COMPANIES, now())


def merge(town: Town, merged: int, kept: int) -> None:
    with transaction():
        row = db.session.get_one(Company, merged)
        row.merged_into_id, row.archived_at = kept, now()
        db.session.add(Merge(kept_id=kept, merged_id=merged, by="Ask", at=now()))
    town.into[merged] = kept


def a_whole_round(town: Town, quarter: int, at: datetime) -> int:
    """Made, one struck, approved; some things happen before it is sent, and rejected letters go on paper."""
    writer = new_account(name="Ask")
    found = a_round(until=(at - timedelta(days=1)).date(), at=at)
    chosen = [one.company_id for one in places_of(found) if one.gets_letter]
    if chosen:
        with transaction():
            strike(found.id, chosen[:1], "Vilande bolag", "Ask", writer.id, at)
        town.struck.add(chosen[0])
    round_id = approved(found, at).id
    if quarter % 3 == 0:
        things_happen(town)
    with transaction():
        leave(round_id, now())
    deliver_all()
    if redirecting.stranded_in(round_by_id(round_id)).printable:
        with transaction():
            redirecting.print_instead(round_id)
    return round_id


def test_twelve_rounds_over_three_years_reach_every_new_company_once(app: Flask, relay: SmtpSink) -> None:
    town = Town(random.Random(1621))
    last: dict[int, tuple[Choice, str]] = {}
    with time_machine.travel(QUARTERS[0], tick=True) as clock:
        for quarter, at in enumerate(QUARTERS):
            clock.move_to(at)
            companies_appear(town, quarter, at)
            for number in range(NEW_EACH):
                relay.when("rcpt", to=f"fel{quarter}-{number}@x.example", say="550 5.1.1 No such user")
            things_happen(town)
            round_id = a_whole_round(town, quarter, at)
            last |= {one.company_id: (one.choice, one.reason) for one in places_of(round_by_id(round_id))}
        assert [welcome_rounds_in(year) for year in (2027, 2028, 2029)] == [4, 4, 4]
        check(town, last, relay)


def check(town: Town, last: dict[int, tuple[Choice, str]], relay: SmtpSink) -> None:
    db.session.remove()
    copies = letters_by_company(relay)
    # Nobody two: neither a company by itself, nor what became one before the letters went.
    assert max(copies.values()) == 1
    claimed = Counter(db.session.scalars(select(WelcomeLetter.company_id).where(WelcomeLetter.claim == "welcome")))
    assert max(claimed.values()) == 1
    reached = {town.standing(one) for one in copies}
    # Every company: a letter, a strike, the letter of the one it became one with, or a reason the last time.
    for company_id in town.made:
        has_letter, choice = copies[company_id] == 1, last.get(company_id)
        if company_id in town.struck:
            assert not has_letter
        elif not has_letter:
            is_told = company_id in town.into or town.standing(company_id) in reached
            assert is_told or (choice is not None and choice[1]), (company_id, choice)
    fates = Counter("brev" if copies[one] else "struken" if one in town.struck else "skäl" for one in town.made)
    assert sum(fates.values()) == NEW_EACH * len(QUARTERS) == len(town.made)
    assert fates["brev"] > 90
    assert_all_who_should_have_one_do(town, copies, last)


def letters_by_company(relay: SmtpSink) -> Counter[int]:
    """Counted from what the relay took, by the names in the greeting, and from the rows of paper."""
    names = {row.name: row.id for row in db.session.execute(select(Company.id, Company.name))}
    found: Counter[int] = Counter()
    for letter in relay.letters:
        text = letter.message.get_body(("plain",)).get_content()
        greeting = next(line for line in text.splitlines() if line.startswith("Hej "))
        for name in greeting.removeprefix("Hej ").removesuffix(",").replace(" och ", ", ").split(", "):
            found[names[name]] += 1
    paper = select(WelcomeLetter.company_id).where(WelcomeLetter.choice == Choice.PAPER)
    found.update(db.session.scalars(paper))
    return found


def assert_all_who_should_have_one_do(
    town: Town, copies: Counter[int], last: dict[int, tuple[Choice, str]]
) -> None:  # fmt: skip
    """Whoever is in business in our town, refuses nothing and can be reached has a letter, itself or as its twin."""
    by_standing: dict[int, int] = defaultdict(int)
    for company_id, number in copies.items():
        by_standing[town.standing(company_id)] += number
    struck = {town.standing(one) for one in town.struck}
    skipped = set(db.session.scalars(select(Delivery.address).where(Delivery.state == "skipped")))
    for company_id in town.made:
        row = db.session.get_one(Company, company_id)
        is_plain = (
            row.merged_into_id is None and row.deregistered_on is None and not row.refuses_advertising
            and row.postcode.startswith("50") and row.street and company_id not in struck
            and not skipped & {contact.email_key for contact in row.contacts}
        )  # fmt: skip
        if is_plain:
            assert by_standing[company_id] >= 1, (row.name, last.get(company_id))
