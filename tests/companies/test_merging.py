"""Two rows that are one company become one, nothing is lost, and it can be undone."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from eventsys.clock import now
from eventsys.companies import merging
from eventsys.companies.merging import NotMerged, NotUndone, merge, moved_columns, unmerge, what_moves
from eventsys.companies.models import Company, CompanyTag, Contact, Merge, Note
from eventsys.companies.queries import company_by_number
from eventsys.companies.register import company_for
from eventsys.database import Base, db, transaction
from eventsys.errors import NotFound
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.models import Registration
from eventsys.events.registration import register
from eventsys.newsletters.subscriptions.models import Reader
from eventsys.newsletters.welcome.models import WELCOME, Choice, WelcomeLetter, WelcomeRound
from tests.companies.scenes import (
    anew,
    code_of,
    contact_of,
    keep,
    make_company,
    new_number,
    note_of,
    tag_named,
    visit_of,
)
from tests.factories import make_event, make_registration, make_wish

AT = datetime(2027, 3, 5, tzinfo=UTC)


def merged(kept: Company, other: Company) -> Merge:
    with transaction():
        return merge(kept.id, other.id, now())


def parted(other: Company) -> Merge:
    with transaction():
        return unmerge(other.id, now())


def furnish(company: Company, mark: str) -> None:
    """A row in every table that belongs to a company."""
    event = make_event()
    booking = make_registration(event, 1, company_name=f"{mark} AB")
    tag = tag_named(f"Kluster {mark}")
    round_ = WelcomeRound(
        year=2027, number=1 + db.session.scalar(select(func.count()).select_from(WelcomeRound)),
        registered_until=date(2027, 1, 1), created_at=now(), changed_at=now(),
    )  # fmt: skip
    keep(tag, round_)
    keep(
        contact_of(company.id, f"{mark}@vav.example", attached_at=now()), note_of(company.id), visit_of(company.id),
        code_of(company.id, "13100"), CompanyTag(company_id=company.id, tag_id=tag.id),
        Reader(token=f"reader-{mark}", address=f"{mark}@vav.example", company_id=company.id, added_at=now()),
        Invitation(
            event_id=event.id, state=InvitationState.SENT, token=f"invitation-{mark}", email=f"{mark}@vav.example",
            email_key=f"{mark}@vav.example", company_id=company.id, created_at=now(),
        ),
        WelcomeLetter(round_id=round_.id, company_id=company.id, choice=Choice.PAPER, claim=WELCOME, created_at=now()),
    )  # fmt: skip
    with transaction():
        db.session.get_one(Registration, booking.id).company_id = company.id


def rows_of(company: Company) -> dict[str, int]:
    """How many rows of each table belong to a company; tables without any are left out."""
    numbers = {
        column.table.name: db.session.scalar(
            select(func.count()).select_from(column.table).where(column == company.id)
        )
        for column in moved_columns()
    }  # fmt: skip
    return {name: number for name, number in numbers.items() if number}


def whole_house() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the account of merges, the trail, and when contacts were attached."""
    db.session.rollback()
    left_out = {"company_merge", "audit_entry"}
    return {
        table.name: sorted(
            (tuple(row) for row in db.session.execute(select(*(c for c in table.columns if c.name != "attached_at")))),
            key=repr,
        )
        for table in Base.metadata.sorted_tables
        if table.name not in left_out
    }


# --- everything moves ---------------------------------------------------------------------------------------------


def test_every_reference_to_a_company_is_met_by_merging(app):
    company = Base.metadata.tables["company"]
    references = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table is company
    }
    met = {f"{column.table.name}.{column.name}" for column in moved_columns()}
    assert references - met == {"company_merge.kept_id", "company_merge.merged_id", "company.merged_into_id"}
    kept, other = make_company("Väveriet AB"), make_company("Väveriet i Borås")
    furnish(other, "ek")
    there = rows_of(other)
    assert set(there) == {name.partition(".")[0] for name in met}, "give the new table a row in furnish()"
    merged(kept, other)
    assert rows_of(other) == {}
    assert rows_of(kept) == there


def test_what_moves_is_what_the_page_counts(app):
    kept, other = make_company("Väveriet AB"), make_company("Väveriet i Borås")
    furnish(kept, "alm")
    furnish(other, "ek")
    keep(contact_of(other.id, "alm@vav.example"))
    counted = {one.name: (one.moves, one.stays) for one in what_moves(kept.id, other.id)}
    before = rows_of(kept)
    merged(kept, other)
    assert counted["contact.company_id"] == (1, 1)
    assert counted["welcome_letter.company_id"] == (0, 1)
    assert counted["company_sni.company_id"] == (0, 1)
    for name, (moves, _) in counted.items():
        assert rows_of(kept)[name.partition(".")[0]] == before[name.partition(".")[0]] + moves, name


def test_of_two_welcome_letters_one_stays_with_the_merged_row(app):
    kept, other = make_company("Väveriet AB"), make_company("Väveriet i Borås")
    furnish(kept, "alm")
    furnish(other, "ek")
    merged(kept, other)
    assert (rows_of(kept)["welcome_letter"], rows_of(other)["welcome_letter"]) == (1, 1)


def test_tags_at_both_are_there_once(app):
    kept, other, tag = make_company("Väveriet AB"), make_company("Väveriet i Borås"), tag_named("Textil")
    keep(tag)
    keep(CompanyTag(company_id=kept.id, tag_id=tag.id), CompanyTag(company_id=other.id, tag_id=tag.id))
    merged(kept, other)
    assert [one.name for one in anew(kept).tags] == ["Textil"]


def test_contacts_without_an_address_all_move(app):
    kept, other = make_company("Väveriet AB"), make_company("Väveriet i Borås")
    keep(*(Contact(company_id=each.id, name="Växeln", created_at=now()) for each in (kept, other, other)))
    merged(kept, other)
    assert len(anew(kept).contacts) == 3


def test_more_rows_than_one_statement_takes_move_and_come_back(app):
    kept, other = make_company("Väveriet AB"), make_company("Väveriet i Borås")
    keep(*(note_of(other.id, f"Rad {number}") for number in range(1_203)))
    merged(kept, other)
    assert rows_of(kept) == {"company_note": 1_203}
    parted(other)
    assert (rows_of(kept), rows_of(other)) == ({}, {"company_note": 1_203})


def test_what_people_wrote_stays_as_they_wrote_it(app):
    kept, other = make_company("Väveriet AB"), make_company("Väveriet i Borås", number=new_number())
    booking = make_registration(make_event(), 1, company_name="väveriet", company_number=other.number)
    merged(kept, other)
    found = db.session.get_one(Registration, booking.id, populate_existing=True)
    assert (found.company_id, found.company_name, found.company_number) == (kept.id, "väveriet", booking.company_number)


# --- facts --------------------------------------------------------------------------------------------------------


def test_empty_facts_are_filled_and_others_kept(app):
    kept = make_company("Väveriet AB", street="", website="https://vav.example", employees=0)
    other = make_company(
        "Väveriet", number=new_number(), street="Exempelgatan 1", postcode="50330", place="Borås",
        website="https://annan.example", employees=7, registered_on=date(2020, 2, 3), kept_by_hand=["street"],
    )  # fmt: skip
    number = other.number
    merged(kept, other)
    now_kept = anew(kept)
    assert (now_kept.name, now_kept.website, now_kept.employees) == ("Väveriet AB", "https://vav.example", 0)
    assert (now_kept.street, now_kept.postcode, now_kept.place) == ("Exempelgatan 1", "50330", "Borås")
    assert (now_kept.number, now_kept.registered_on) == (number, date(2020, 2, 3))
    assert now_kept.kept_by_hand == ["street"]
    assert number in now_kept.search_key


def test_a_street_of_one_and_a_town_of_the_other_are_never_put_together(app):
    kept = make_company("Väveriet AB", postcode="50330")
    other = make_company("Väveriet", street="Exempelgatan 1", postcode="51334", place="Fristad")
    merged(kept, other)
    assert (anew(kept).street, kept.postcode, kept.place) == ("", "50330", "")


def test_who_refused_advertising_is_not_written_to_under_the_other_row(app):
    kept, other = make_company("Väveriet AB"), make_company("Väveriet", refuses_advertising=True)
    merged(kept, other)
    assert anew(kept).refuses_advertising
    parted(other)
    assert not anew(kept).refuses_advertising


def test_the_number_of_the_merged_one_leads_to_the_kept(app):
    first, second, third = (make_company(name, number=new_number()) for name in ("A AB", "B AB", "C AB"))
    merged(second, first)
    merged(third, second)
    assert company_by_number(first.number).id == third.id
    with transaction():
        assert company_for("A AB", first.number).id == third.id


# --- refusals -----------------------------------------------------------------------------------------------------


def test_a_company_is_not_merged_with_itself(app):
    company = make_company()
    with pytest.raises(NotMerged, match="samma"):
        merged(company, company)


def test_what_is_archived_or_merged_is_refused_with_what_to_do(app):
    kept, other, archived = make_company("A AB"), make_company("B AB"), make_company("C AB", archived_at=now())
    for pair in ((kept, archived), (archived, kept)):
        with pytest.raises(NotMerged, match="arkiverat"):
            merged(*pair)
    merged(kept, other)
    for pair in ((kept, other), (other, kept)):
        with pytest.raises(NotMerged, match="redan ihopslaget"):
            merged(*pair)


def test_nothing_is_merged_with_what_is_not_there(app):
    company = make_company()
    with pytest.raises(NotFound), transaction():
        merge(company.id, company.id + 1000, now())


# --- undoing ------------------------------------------------------------------------------------------------------


def test_undone_everything_is_as_it_was(app):
    kept = make_company("Väveriet AB")
    other = make_company("Väveriet", number=new_number(), street="Exempelgatan 1", postcode="50330", place="Borås")
    furnish(kept, "alm")
    furnish(other, "ek")
    keep(contact_of(other.id, "alm@vav.example"))
    before = whole_house()
    account = merged(kept, other)
    assert whole_house() != before
    assert parted(other).id == account.id
    assert whole_house() == before
    merged(kept, other)  # and once more


def test_what_changed_meanwhile_stays_changed(app):
    kept, other = make_company("Väveriet AB"), make_company("Väveriet", street="Exempelgatan 1", website="vav.example")
    keep(note_of(other.id, "Flyttad"), note_of(other.id, "Borttagen"))
    merged(kept, other)
    with transaction():
        row = db.session.get_one(Company, kept.id)
        row.street = "Exempelgatan 2"
        db.session.delete(db.session.scalars(select(Note).where(Note.text == "Borttagen")).one())
    keep(note_of(kept.id, "Ny"))
    parted(other)
    assert (anew(kept).street, kept.website) == ("Exempelgatan 2", "")
    assert (rows_of(kept), rows_of(other)) == ({"company_note": 1}, {"company_note": 1})


def test_merges_in_a_row_are_undone_from_the_last_one(app):
    first, second, third = (make_company(name) for name in ("A AB", "B AB", "C AB"))
    keep(note_of(first.id))
    merged(second, first)
    merged(third, second)
    with pytest.raises(NotUndone, match="Ångra det först"):
        parted(first)
    parted(second)
    parted(first)
    assert rows_of(first) == {"company_note": 1}
    assert [anew(each).merged_into_id for each in (first, second, third)] == [None, None, None]


def test_a_company_that_stands_by_itself_has_nothing_to_undo(app):
    with pytest.raises(NotFound):
        parted(make_company())


# --- at the same moment -------------------------------------------------------------------------------------------


def ids_of(*companies: Company) -> list[int]:
    """Read before threads begin: the rows belong to the test's own session."""
    return [anew(each).id for each in companies]


def at_once(app, *verbs) -> list[BaseException | None]:
    """Run these in threads that begin together; what each raised, if anything."""
    start, raised = threading.Barrier(len(verbs)), [None] * len(verbs)

    def run(index: int) -> None:
        with app.app_context():
            start.wait(10)
            try:
                with transaction():
                    verbs[index]()
            except BaseException as error:
                raised[index] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(verbs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


@pytest.mark.parametrize("time", range(5))
def test_two_merges_that_cross_end_with_one_of_them(app, time):
    one, other = make_company("A AB"), make_company("B AB")
    keep(*(note_of(each.id) for each in (one, other) for _ in range(20)))
    a, b = ids_of(one, other)
    raised = at_once(app, lambda: merge(a, b, AT), lambda: merge(b, a, AT))
    assert [type(error) for error in raised if error] == [NotMerged]
    assert sum(anew(each).merged_into_id is None for each in (one, other)) == 1
    standing = one if anew(one).merged_into_id is None else other
    assert rows_of(standing) == {"company_note": 40}


@pytest.mark.parametrize("time", range(5))
def test_merges_in_a_ring_never_close_it(app, time):
    ring = [make_company(name) for name in ("A AB", "B AB", "C AB")]
    ids = ids_of(*ring)
    pairs = [(ids[index], ids[index - 1]) for index in range(3)]
    raised = at_once(app, *(lambda pair=pair: merge(*pair, AT) for pair in pairs))
    assert {type(error) for error in raised if error} <= {NotMerged}
    leads = {each.id: anew(each).merged_into_id for each in ring}
    for company_id in leads:
        steps = 0
        while leads[company_id] is not None:
            company_id, steps = leads[company_id], steps + 1
            assert steps < 3, leads


@pytest.mark.parametrize("time", range(3))
def test_a_booking_made_while_its_company_is_merged_ends_at_the_kept_one(app, time):
    kept, other, event = make_company("A AB"), make_company("B AB", number=(number := new_number())), make_event()
    (a, b), event_id = ids_of(kept, other), event.id
    wish = make_wish(1, company_number=number)
    raised = at_once(app, lambda: merge(a, b, AT), lambda: register(event_id, wish, now()))
    assert raised == [None, None]
    kept_id = anew(kept).id
    assert db.session.scalars(select(Registration.company_id)).all() == [kept_id]


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_locks_are_what_keeps_crossing_merges_apart(app, monkeypatch):
    """The control, where two may write at once: without the lock each sees two companies that stand."""
    seen = threading.Barrier(2)

    def unlocked(company_id: int) -> Company:
        found = db.session.get(Company, company_id, populate_existing=True)
        if company_id == max(ids):
            seen.wait(10)
        return found

    one, other = make_company("A AB"), make_company("B AB")
    ids = ids_of(one, other)
    monkeypatch.setattr(merging, "locked_company", unlocked)
    at_once(app, lambda: merge(*ids, AT), lambda: merge(*reversed(ids), AT))
    assert None not in {anew(one).merged_into_id, anew(other).merged_into_id}
