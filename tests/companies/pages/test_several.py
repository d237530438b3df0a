"""Several companies at once: ticked in the list, given a tag, archived; or all that the list shows."""

from __future__ import annotations

from eventsys.companies.models import Tag
from eventsys.database import db, transaction
from tests.companies.pages.scenes import REGISTER, acts, company, make_company, make_tag, tag_names
from tests.staff_fixtures import Visitor


def test_the_ticked_companies_are_given_a_tag(client: Visitor) -> None:
    one, two, other = make_company("Ett AB"), make_company("Två AB"), make_company("Tre AB")
    tag = make_tag("Textil", one)
    address = f"{REGISTER}/markerade/etikett?ids={one}&ids={two}&sok=ab"
    assert "Sätt på 2 företag" in client.get(address).text
    answer = client.post(address, data={"tag": tag, "gor": "satt"})
    assert answer.location == f"{REGISTER}?sok=ab"
    assert "1 företag fick etiketten Textil." in client.get(answer.location).text
    assert (tag_names(one), tag_names(two), tag_names(other)) == (["Textil"], ["Textil"], [])
    assert acts()[-1] == "tag.given"


def test_a_tag_is_taken_from_the_ticked_only(client: Visitor) -> None:
    one, two = make_company(), make_company()
    tag = make_tag("Textil", one, two)
    client.post(f"{REGISTER}/markerade/etikett?ids={one}", data={"tag": tag, "gor": "ta-bort"})
    assert "Etiketten Textil togs bort från 1 företag." in client.get(REGISTER).text
    assert (tag_names(one), tag_names(two)) == ([], ["Textil"])


def test_all_in_a_filtered_list_are_given_a_tag(client: Visitor) -> None:
    ids = [make_company(place="Borås") for _ in range(52)]
    elsewhere = make_company(place="Göteborg")
    tag = make_tag("Här")
    address = f"{REGISTER}/markerade/etikett?alla=ja&plats=boras"
    assert address.replace("&", "&amp;") in client.get(f"{REGISTER}?plats=boras").text
    client.post(address, data={"tag": tag, "gor": "satt"})
    assert [tag_names(one) for one in ids] == [["Här"]] * 52
    assert tag_names(elsewhere) == []


def test_without_a_tag_chosen_nothing_is_given(client: Visitor) -> None:
    one = make_company()
    make_tag("Textil")
    answer = client.post(f"{REGISTER}/markerade/etikett?ids={one}", data={"gor": "satt"})
    assert (answer.status_code, "Välj en etikett." in answer.text) == (422, True)


def test_a_tag_removed_meanwhile_is_not_given(client: Visitor) -> None:
    one, tag = make_company(), make_tag("Textil")
    with transaction():
        db.session.delete(db.session.get(Tag, tag))
    answer = client.post(f"{REGISTER}/markerade/etikett?ids={one}", data={"tag": tag, "gor": "satt"})
    assert answer.status_code == 422


def test_nothing_ticked_leads_back_to_the_list(client: Visitor) -> None:
    make_company()
    for page in ("etikett", "arkivera"):
        answer = client.get(f"{REGISTER}/markerade/{page}?ids=x&ids=999&sok=vik")
        assert (answer.status_code, answer.location) == (302, f"{REGISTER}?sok=vik")


def test_ticked_companies_are_archived_after_a_question(client: Visitor) -> None:
    one, two, kept = make_company("Ett AB"), make_company("Två AB"), make_company("Tre AB")
    address = f"{REGISTER}/markerade/arkivera?ids={one}&ids={two}"
    page = client.get(address).text
    assert "Arkivera 2 företag" in page
    assert "Två AB" in page
    assert client.post(address, data={"why": ""}).status_code == 422
    assert client.post(address, data={"why": "Flyttat"}).status_code == 302
    assert [company(one).archived_why, company(two).archived_why] == ["Flyttat", "Flyttat"]
    assert company(kept).archived_at is None


def test_editors_tag_but_archive_nothing(client: Visitor, editors: Visitor) -> None:
    one, tag = make_company(), make_tag("Textil")
    assert editors.post(f"{REGISTER}/markerade/etikett?ids={one}", data={"tag": tag, "gor": "satt"}).status_code == 302
    assert editors.post(f"{REGISTER}/markerade/arkivera?ids={one}", data={"why": "Flyttat"}).status_code == 403
    assert company(one).archived_at is None
