"""Notes about a company: each writes, changes and removes their own; administrators those of all."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from eventsys.companies.models import Note
from eventsys.database import db
from eventsys.staff.models import Account, Role
from tests.companies.pages.scenes import REGISTER, acts, hidden, make_company, make_note
from tests.staff_fixtures import Visitor, new_account, visitor_as


def notes() -> list[str]:
    return list(db.session.scalars(select(Note.text).order_by(Note.id)))


def test_a_note_is_written_down_with_who_wrote_it(client: Visitor, organiser: Account) -> None:
    one = make_company()
    answer = client.post(f"{REGISTER}/{one}/anteckningar/ny", data={"text": "Söker lokal.\r\nRing i höst."})
    assert (answer.status_code, answer.location) == (302, f"{REGISTER}/{one}")
    note = db.session.scalars(select(Note)).one()
    assert (note.text, note.author, note.author_id) == ("Söker lokal.\nRing i höst.", organiser.name, organiser.id)
    assert client.post(f"{REGISTER}/{one}/anteckningar/ny", data={"text": " \n "}).status_code == 422
    assert acts() == ["company.note_added"]


def test_a_note_with_a_personal_number_is_not_kept(client: Visitor) -> None:
    one = make_company()
    answer = client.post(f"{REGISTER}/{one}/anteckningar/ny", data={"text": "Ägs av Bo, 850101-1236."})
    assert (answer.status_code, notes()) == (422, [])
    client.post(f"{REGISTER}/{one}/anteckningar/ny", data={"text": "Ring 070-850 10 11. Nr 553500-0007."})
    assert len(notes()) == 1


def test_who_wrote_a_note_changes_and_removes_it(client: Visitor, organiser: Account) -> None:
    one = make_company()
    address = f"{REGISTER}/{one}/anteckningar/{make_note(one, 'Söker lokal', organiser.id)}"
    client.post(address, data={"text": "Har lokal", "seen": hidden(client.get(address))})
    assert (notes(), db.session.scalars(select(Note.changed_at)).one() is None) == (["Har lokal"], False)
    assert "Har lokal" in client.get(f"{address}/ta-bort").text
    client.post(f"{address}/ta-bort")
    assert notes() == []


def test_a_colleagues_note_is_left_alone_but_by_administrators(app: Flask, client: Visitor) -> None:
    one, other = make_company(), new_account(Role.EDITOR)
    address = f"{REGISTER}/{one}/anteckningar/{make_note(one, 'Söker lokal', other.id)}"
    for answer in (
        client.get(address), client.get(f"{address}/ta-bort"), client.post(address, data={"text": "Annat"}),
        client.post(f"{address}/ta-bort"),
    ):  # fmt: skip
        assert (answer.status_code, answer.location) == (302, f"{REGISTER}/{one}")
    assert (notes(), acts()) == (["Söker lokal"], [])
    administrator = visitor_as(app, new_account(Role.ADMINISTRATOR))
    administrator.post(address, data={"text": "Annat", "seen": hidden(administrator.get(address))})
    assert notes() == ["Annat"]


def test_a_note_changed_meanwhile_is_not_overwritten_unseen(app: Flask, client: Visitor, organiser: Account) -> None:
    one = make_company()
    address = f"{REGISTER}/{one}/anteckningar/{make_note(one, 'Först', organiser.id)}"
    seen = hidden(client.get(address))
    client.post(address, data={"text": "Sedan", "seen": seen})
    answer = client.post(address, data={"text": "Sist", "seen": seen})
    assert (answer.status_code, "Sparat nu: Sedan" in answer.text, notes()) == (409, True, ["Sedan"])
    client.post(address, data={"text": "Sist", "seen": hidden(answer)})
    assert notes() == ["Sist"]


def test_a_note_is_found_at_its_own_company_only(client: Visitor, organiser: Account) -> None:
    one, other = make_company(), make_company()
    note = make_note(one, "Söker lokal", organiser.id)
    assert client.get(f"{REGISTER}/{other}/anteckningar/{note}").status_code == 404
    assert client.post(f"{REGISTER}/{other}/anteckningar/{note}/ta-bort").status_code == 404
    assert notes() == ["Söker lokal"]
