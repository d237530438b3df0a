"""What people wrote finds its company when an address becomes known, and is never changed."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from eventsys import tick
from eventsys.clock import now
from eventsys.companies.models import Contact
from eventsys.database import Base, db, transaction
from eventsys.desk.actors import attach_contacts
from eventsys.desk.attaching import PORTION, attach, contacts_wait
from eventsys.events.invitations.inviting import Guest, invite
from eventsys.events.invitations.models import Invitation
from eventsys.events.models import Registration
from eventsys.newsletters.subscriptions.models import Reader
from tests.companies.scenes import contact_of, keep, make_company, new_number
from tests.conftest import empty_database
from tests.factories import make_event, make_person, make_registration

_numbers = itertools.count(1)


def attached() -> int:
    with transaction():
        return attach(now())


def reader(address: str, **given: Any) -> Reader:
    number = next(_numbers)
    row = Reader(token=f"t{number}", address=address, organisation="väveriet", added_at=now(), **given)
    keep(row)
    return row


def company_of(row: Registration | Invitation | Reader) -> int | None:
    db.session.rollback()
    return db.session.scalar(select(type(row).company_id).where(type(row).id == row.id))


def booked(*addresses: str, **wish: Any) -> Registration:
    people = [make_person(f"Åsa {number}", address) for number, address in enumerate(addresses)]
    return make_registration(make_event(), people, **wish)


def invited(address: str, **more: Any) -> Invitation:
    event = make_event()
    with transaction():
        invite(event.id, [Guest(address, address, **more)], now(), "Fil")
    return db.session.scalars(select(Invitation).where(Invitation.event_id == event.id)).one()


def wait_at(company_id: int, *addresses: str) -> None:
    keep(*(contact_of(company_id, address) for address in addresses))


# --- a new contact ------------------------------------------------------------------------------------------------


def test_bookings_invitations_and_readers_find_the_company_of_a_new_contact(app):
    rows = [booked("a@vav.example"), booked("x@annan.example", "a@vav.example"), invited("a@vav.example")]
    rows.append(reader("a@vav.example"))
    company = make_company()
    wait_at(company.id, "a@vav.example")
    assert contacts_wait()
    assert attached() == 1
    assert [company_of(row) for row in rows] == [company.id] * 4
    assert not contacts_wait()


def test_an_address_at_several_companies_tells_nothing(app):
    row, companies = booked("byra@konto.example"), [make_company("A AB"), make_company("B AB")]
    for one in companies:
        wait_at(one.id, "byra@konto.example")
    assert attached() == 2
    assert company_of(row) is None


def test_a_booking_whose_people_are_at_different_companies_belongs_to_none(app):
    row = booked("a@vav.example", "b@farg.example")
    make_company("Färgeriet", ("b@farg.example",))
    wait_at(make_company().id, "a@vav.example")
    attached()
    assert company_of(row) is None


def test_a_company_that_is_archived_gets_nothing(app):
    row = booked("a@vav.example")
    wait_at(make_company(archived_at=now()).id, "a@vav.example")
    assert attached() == 1
    assert company_of(row) is None


def test_what_has_a_company_keeps_it(app):
    first = make_company("Färgeriet")
    row = reader("a@vav.example", company_id=first.id)
    wait_at(make_company().id, "a@vav.example")
    attached()
    assert company_of(row) == first.id


def test_who_wrote_another_number_is_left_alone(app):
    row = invited("a@vav.example", company_number=new_number())
    wait_at(make_company(number=new_number()).id, "a@vav.example")
    attached()
    assert company_of(row) is None


def test_a_contact_without_an_address_does_not_wait_for_ever(app):
    keep(Contact(company_id=make_company().id, name="Växeln", created_at=now()))
    assert attached() == 1
    assert not contacts_wait()


# --- by the clock -------------------------------------------------------------------------------------------------


def test_the_tick_rings_while_contacts_wait_and_the_job_does_them_all(app):
    row, company = booked("a7@vav.example"), make_company()
    wait_at(company.id, *(f"a{number}@vav.example" for number in range(PORTION + 3)))
    tick.tick()
    queue = app.extensions["eventsys_broker"].queues["companies"]
    assert queue.qsize() == 1
    attach_contacts(0)
    assert company_of(row) == company.id
    assert not contacts_wait()
    queue.queue.clear()
    tick.tick()
    assert queue.qsize() == 0


def test_a_portion_costs_the_same_number_of_queries_however_many_rows_there_are(app, count_queries):
    company = make_company()
    costs = []
    for number in (1, 30):
        rows = [reader(f"{number}-{each}@vav.example") for each in range(number)]
        wait_at(company.id, *(row.address for row in rows))
        with count_queries() as statements:
            attached()
        costs.append(len(statements))
    assert costs[0] == costs[1]


# --- at once, where people write ----------------------------------------------------------------------------------


def test_an_invitation_belongs_to_the_company_with_its_number_or_else_its_address(app):
    by_address, by_number = make_company("A AB", ("a@vav.example",)), make_company("B AB", number=new_number())
    assert company_of(invited("a@vav.example")) == by_address.id
    assert company_of(invited("a@vav.example", company_number=by_number.number)) == by_number.id
    assert company_of(invited("x@vav.example")) is None


# --- whatever there is --------------------------------------------------------------------------------------------

ADDRESSES = st.sampled_from([f"{letter}@vav.example" for letter in "abcd"])
WORLDS = st.fixed_dictionaries(
    {
        "contacts": st.lists(st.sets(ADDRESSES, max_size=3), min_size=1, max_size=3),
        "archived": st.sets(st.integers(0, 2)),
        "bookings": st.lists(st.lists(ADDRESSES, min_size=1, max_size=2, unique=True), max_size=3),
        "readers": st.sets(ADDRESSES, max_size=4),
        "guests": st.sets(ADDRESSES, max_size=4),
    }
)
_KINDS = (Registration, Invitation, Reader)


def written() -> dict[str, list[tuple[Any, ...]]]:
    """Every column of these rows but the company's."""
    db.session.rollback()
    tables = [Base.metadata.tables[kind.__tablename__] for kind in _KINDS]
    columns = {table.name: [one for one in table.columns if one.name != "company_id"] for table in tables}
    return {
        name: [tuple(row) for row in db.session.execute(select(*some).order_by(some[0]))]
        for name, some in columns.items()
    }


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=WORLDS, has=st.booleans())
def test_only_the_company_is_set_and_only_the_one_that_all_addresses_name(app, world, has):
    empty_database()
    rows = [(booked(*addresses), set(addresses)) for addresses in world["bookings"]]
    rows += [(reader(address), {address}) for address in world["readers"]]
    rows += [(invited(address), {address}) for address in world["guests"]]
    taken = make_company("Tidigare AB")
    if has and rows:
        with transaction():
            db.session.get_one(type(rows[0][0]), rows[0][0].id).company_id = taken.id
    before, at_company = written(), {}
    for index, addresses in enumerate(world["contacts"]):
        company = make_company(f"{index} AB", archived_at=now() if index in world["archived"] else None)
        wait_at(company.id, *sorted(addresses))
        at_company |= {company.id: addresses} if index not in world["archived"] else {}
    while attached():
        pass
    assert written() == before
    for number, (row, addresses) in enumerate(rows):
        named = [company_id for company_id, there in at_company.items() if there & addresses]
        expected = named[0] if len(named) == 1 else None
        assert company_of(row) == (taken.id if has and number == 0 else expected)
