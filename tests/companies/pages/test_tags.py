"""Tags: added once whatever the case and dots, renamed, removed after a question, set on a company."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eventsys.clock import now
from eventsys.companies.models import Tag
from eventsys.database import db
from tests.companies.pages.scenes import REGISTER, acts, make_company, make_tag, names_in, tag, tag_names
from tests.staff_fixtures import Visitor

PAGE = f"{REGISTER}/etiketter"


def test_tags_stand_in_swedish_order_with_how_many_companies_have_them(client: Visitor) -> None:
    one, two, away = make_company(), make_company(), make_company(archived_at=now())
    make_tag("Ö-kluster", one)
    make_tag("Textil", one, two, away)
    make_tag("Återbruk")
    page = client.get(PAGE)
    assert names_in(page) == ["Textil", "Återbruk", "Ö-kluster"]
    assert '<td class="num">2</td>' in page.text  # the archived one is not in the list that the tag leads to


def test_an_empty_list_of_tags_says_what_they_are_for(client: Visitor) -> None:
    assert "Inga etiketter än" in client.get(PAGE).text


@pytest.mark.parametrize("again", ["Återbruk", "återbruk", "ATERBRUK", "  Åter  bruk ".replace("  ", " ").strip()])
def test_the_same_tag_is_not_made_twice(client: Visitor, again: str) -> None:
    assert client.post(PAGE, data={"name": "Återbruk"}).status_code == 302
    answer = client.post(PAGE, data={"name": again})
    if again == "Åter bruk":
        assert answer.status_code == 302  # two words are another tag
        return
    assert (answer.status_code, "Etiketten Återbruk finns redan." in answer.text) == (422, True)
    assert len(db.session.scalars(select(Tag)).all()) == 1


def test_a_tag_is_renamed_but_not_to_a_name_that_is_taken(client: Visitor) -> None:
    one = make_company()
    textile = make_tag("Textil", one)
    make_tag("Mode")
    answer = client.post(f"{PAGE}/{textile}", data={"name": "mode"})
    assert (answer.status_code, "Etiketten Mode finns redan." in answer.text) == (422, True)
    client.post(f"{PAGE}/{textile}", data={"name": "TEXTIL"})
    assert tag_names(one) == ["TEXTIL"]
    assert client.post(f"{PAGE}/{textile}", data={"name": ""}).status_code == 422


def test_a_tag_is_removed_after_a_question_and_the_companies_stay(client: Visitor) -> None:
    one, two = make_company(), make_company()
    textile, other = make_tag("Textil", one, two), make_tag("Mode", one)
    assert "Den tas bort från 2 företag." in client.get(f"{PAGE}/{textile}/ta-bort").text
    answer = client.post(f"{PAGE}/{textile}/ta-bort")
    assert "Etiketten är borttagen från 2 företag." in client.get(answer.location).text
    assert (tag(textile), tag_names(one), tag_names(two)) == (None, ["Mode"], [])
    assert tag(other) is not None
    assert acts()[-1] == "tag.removed"


def test_editors_add_tags_but_neither_rename_nor_remove_them(editors: Visitor) -> None:
    assert editors.post(PAGE, data={"name": "Textil"}).status_code == 302
    textile = db.session.scalars(select(Tag.id)).one()
    assert editors.get(f"{PAGE}/{textile}").status_code == 403
    assert editors.post(f"{PAGE}/{textile}/ta-bort").status_code == 403


def test_a_company_gets_and_loses_tags(client: Visitor) -> None:
    one = make_company()
    old, new = make_tag("Textil", one), make_tag("Mode")
    page = client.get(f"{REGISTER}/{one}/etiketter").text
    assert "checked" in page
    answer = client.post(f"{REGISTER}/{one}/etiketter", data={"shown": [old, new], "tags": [new], "new": "Återbruk"})
    assert (answer.status_code, answer.location) == (302, f"{REGISTER}/{one}")
    assert tag_names(one) == ["Återbruk", "Mode"]  # by their folded names
    assert acts()[-1] == "company.tagged"


def test_a_tag_that_a_colleague_gave_meanwhile_stays(client: Visitor) -> None:
    one = make_company()
    shown = make_tag("Textil", one)
    make_tag("Mode", one)  # made and given while the page was open
    client.post(f"{REGISTER}/{one}/etiketter", data={"shown": [shown], "tags": []})
    assert tag_names(one) == ["Mode"]


def test_a_new_tag_that_is_there_already_is_refused_with_a_word(client: Visitor) -> None:
    one = make_company()
    make_tag("Textil")
    answer = client.post(f"{REGISTER}/{one}/etiketter", data={"new": "textil"})
    assert (answer.status_code, "Etiketten Textil finns redan." in answer.text) == (422, True)
    assert tag_names(one) == []


@pytest.mark.parametrize("odd", ["999", "x", "99999999999999", "-1"])
def test_a_tag_that_is_gone_is_passed_over(client: Visitor, odd: str) -> None:
    one = make_company()
    assert client.post(f"{REGISTER}/{one}/etiketter", data={"shown": [odd], "tags": [odd]}).status_code == 302
