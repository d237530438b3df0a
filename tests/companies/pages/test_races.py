"""Two colleagues at the same moment: one company a number, one tag a name, one contact an address."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from eventsys.companies import contacts, editing, tagging
from eventsys.companies.models import Company, CompanyKind, CompanyTag, Contact, Tag
from eventsys.database import db
from tests.companies.pages.scenes import company, make_company, make_tag, new_number, tag
from tests.newsletters.racing import overlapping


def values(**given: Any) -> dict[str, Any]:
    blank = dict.fromkeys(editing.COLUMNS, "")
    unsaid = {"kind": CompanyKind.COMPANY, "number": None, "employees": None, "registered_on": None}
    return {**blank, **unsaid, "refuses_advertising": False, "codes": (), "name": "Vik AB", **given}


def how_many(table: Any) -> int:
    return int(db.session.scalar(select(func.count()).select_from(table)) or 0)


def test_two_who_add_the_same_number_make_one_company(app: Flask) -> None:
    number = new_number()

    def add() -> int:
        return editing.add_company(values(number=number)).id

    first, second = overlapping(app, add, add)
    assert isinstance(first, int)
    assert isinstance(second, editing.NumberTaken)
    assert how_many(Company) == 1


def test_two_companies_cannot_both_be_given_a_number(app: Flask) -> None:
    number, one, two = new_number(), make_company(), make_company()

    def give(company_id: int) -> int:
        return editing.edit_company(company_id, values(number=number), "", ()).id

    first, second = overlapping(app, lambda: give(one), lambda: give(two))
    assert (first, type(second)) == (one, editing.NumberTaken)
    assert (company(one).number, company(two).number) == (number, None)


def test_two_who_add_the_same_tag_make_one(app: Flask) -> None:
    first, second = overlapping(app, lambda: tagging.add_tag("Textil").id, lambda: tagging.add_tag("TEXTIL").id)
    assert isinstance(first, int)
    assert (type(second), how_many(Tag)) == (tagging.TagTaken, 1)


def test_two_who_give_the_same_tag_give_it_once(app: Flask) -> None:
    ids, textile = [make_company(), make_company()], make_tag("Textil")
    which = Company.id.in_(ids)

    def give() -> int:
        return tagging.tag_companies(which, textile)

    assert overlapping(app, give, give) == [2, 0]
    assert how_many(CompanyTag) == 2


def test_a_tag_that_is_removed_at_the_moment_it_is_given_is_gone(app: Flask) -> None:
    one, textile = make_company(), make_tag("Textil")
    first, second = overlapping(
        app, lambda: tagging.remove_tag(textile), lambda: tagging.tag_companies(Company.id == one, textile)
    )
    assert (first, type(second)) == (0, tagging.TagGone)
    assert (tag(textile), how_many(CompanyTag)) == (None, 0)


def test_two_who_add_the_same_address_make_one_contact(app: Flask) -> None:
    one = make_company()

    def add() -> int:
        return contacts.add_contact(one, contacts.Reach(email="info@ek.example")).id

    first, second = overlapping(app, add, add)
    assert isinstance(first, int)
    assert (type(second), how_many(Contact)) == (contacts.SameAddress, 1)
