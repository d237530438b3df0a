"""Series, their own questions, and which series a co-organiser works with."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from eventsys.clock import now
from eventsys.database import db
from eventsys.events.access import series_given_to
from eventsys.events.models import Question, Series
from eventsys.staff.models import Role
from tests.events_staff.conftest import Scene, again
from tests.factories import make_event, make_series
from tests.staff_fixtures import Visitor, new_account, visitor

FORM = {"name": "Anbudsskola", "hours": 3, "capacity": 20, "party_size": 4, "public": "y", "place": "Stadshuset"}


def questions(series: Series) -> list[str]:
    query = select(Question).where(Question.series_id == series.id, Question.retired_at.is_(None))
    return [question.label for question in db.session.scalars(query.order_by(Question.position))]


def test_a_series_is_made_and_its_name_is_its_own(staff: Visitor) -> None:
    staff.post("/personal/serier/ny", data=FORM)
    made = db.session.scalars(select(Series)).one()
    assert (made.slug, made.capacity, made.public, made.place) == ("anbudsskola", 20, True, "Stadshuset")
    refused = staff.post("/personal/serier/ny", data={**FORM, "name": "ANBUDSSKOLA"})
    assert refused.status_code == 422
    assert "Det finns redan en serie med det namnet." in refused.text
    assert 'value="Stadshuset"' in refused.text


def test_a_change_of_the_series_leaves_its_events_alone(staff: Visitor, scene: Scene) -> None:
    path = f"/personal/serier/{scene.series.id}"
    staff.post(path, data={**FORM, "name": scene.series.name, "capacity": 99})
    assert again(scene.series).capacity == 99
    assert again(scene.event).capacity == 2


def test_an_archived_series_is_offered_no_more(staff: Visitor, scene: Scene) -> None:
    staff.post(f"/personal/serier/{scene.series.id}/arkivera")
    assert scene.series.name not in staff.get("/personal/evenemang/nytt").text
    staff.post(f"/personal/serier/{scene.series.id}/ta-upp")
    assert scene.series.name in staff.get("/personal/evenemang/nytt").text


def test_questions_are_asked_in_their_order_and_retired(staff: Visitor, app: Flask) -> None:
    series = make_series()
    path = f"/personal/serier/{series.id}/fragor"
    for label in ("Första", "Andra", "Tredje", "Tredje"):
        staff.post(f"{path}/ny", data={"label": label})
    assert questions(series) == ["Första", "Andra", "Tredje"]
    ids = {q.label: q.id for q in db.session.scalars(select(Question))}
    staff.post(f"{path}/{ids['Tredje']}/upp")
    assert questions(series) == ["Första", "Tredje", "Andra"]
    staff.post(f"{path}/{ids['Andra']}/ner")  # the last one stays
    staff.post(f"{path}/{ids['Första']}/ner")
    assert questions(series) == ["Tredje", "Första", "Andra"]
    staff.post(f"{path}/{ids['Första']}/sluta")
    assert questions(series) == ["Tredje", "Andra"]
    assert "Frågor som inte ställs längre" in staff.get(f"/personal/serier/{series.id}").text
    staff.post(f"{path}/{ids['Första']}/stall-igen")
    assert "Första" in questions(series)


def test_choices_are_lines_and_one_choice_is_none(staff: Visitor, app: Flask) -> None:
    series = make_series()
    path = f"/personal/serier/{series.id}/fragor/ny"
    refused = staff.post(path, data={"label": "Hur kommer du?", "choices": "Buss"})
    assert "Skriv minst två alternativ" in refused.text
    assert "Hur kommer du?" in refused.text
    staff.post(path, data={"label": "Hur kommer du?", "choices": "Buss \r\n\r\n Bil\r\nBuss", "required": "y"})
    question = db.session.scalars(select(Question)).one()
    assert (question.choices, question.required) == (["Buss", "Bil"], True)
    answer = staff.get(f"/personal/serier/{series.id}/fragor/{question.id}")
    assert "Buss\nBil" in answer.text.replace("\r\n", "\n")


def test_an_administrator_chooses_a_co_organisers_series(staff: Visitor, scene: Scene, foreign: Scene) -> None:
    account = new_account(Role.CO_ORGANISER)
    path = f"/personal/installningar/konton/{account.id}/serier"
    staff.post(path, data={"series": [scene.series.id, foreign.series.id]})
    assert series_given_to(account.id) == {scene.series.id, foreign.series.id}
    assert staff.get(path).text.count("checked") == 2
    staff.post(path, data={"series": [scene.series.id]})
    assert series_given_to(account.id) == {scene.series.id}
    assert staff.post(path, data={"series": [99999]}).status_code == 422
    assert staff.get("/personal/installningar/konton/99999/serier").status_code == 404


def test_series_stand_in_swedish_order_on_either_database_the_archived_last(staff: Visitor) -> None:
    for name in ("Öppet hus", "Zonmöte", "Ämnesdag", "Århundradets lunch", "anbudsskola", "École"):
        make_series(name=name)
    make_series(name="Abborrfiske", archived_at=now())
    for path in ("/personal/serier", "/personal/evenemang"):
        page = staff.get(path).text.partition("<main")[2]
        found = [page.find(name) for name in ("anbudsskola", "École", "Zonmöte", "Århund", "Ämnesdag", "Öppet")]
        assert found == sorted(found), path
        assert page.find("Abborrfiske") > found[-1], path


def test_a_visitor_chooses_among_series_in_swedish_order(app: Flask) -> None:
    for name in ("Ängslunch", "Åhagakväll", "Zonmöte"):
        make_event(series=make_series(name=name))
    page = visitor(app).get("/evenemang").text.partition('class="chips"')[2].partition("</nav>")[0]
    assert -1 < page.find("Zonmöte") < page.find("Åhagakväll") < page.find("Ängslunch")
