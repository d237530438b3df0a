"""Themes of a series: noted at visits, suggested, taken up, put away."""

from __future__ import annotations

from sqlalchemy import select

from eventsys.database import db
from eventsys.events.models import Event, EventState, Series
from eventsys.events.topics.models import Theme
from tests.factories import make_event, make_series
from tests.staff_fixtures import Visitor, see_anew


def path(series: Series, rest: str = "") -> str:
    return f"/personal/serier/{series.id}/teman{rest}"


def themes() -> list[Theme]:
    see_anew()
    return list(db.session.scalars(select(Theme).order_by(Theme.id)))


def noted(client: Visitor, series: Series, *texts: str) -> list[int]:
    for text in texts:
        answer = client.post(path(series), data={"text": text, "heard_at": "Besök hos Väveriet"})
        assert answer.status_code == 302
    return [theme.id for theme in themes() if theme.series_id == series.id]


def test_an_editor_notes_a_theme_with_where_it_was_heard(writer: Visitor, lunches: Series) -> None:
    noted(writer, lunches, "Hitta personal", "Hitta personal")
    (theme,) = themes()
    assert (theme.text, theme.heard_at, theme.added_by) == ("Hitta personal", "Besök hos Väveriet", "Elin Skriver")
    page = writer.get(path(lunches)).text
    assert "Besök hos Väveriet" in page
    assert "Elin Skriver" in page
    assert writer.post(path(lunches), data={"text": ""}).status_code == 422


def test_a_theme_is_taken_up_from_the_series_page(writer: Visitor, lunches: Series, lunch: Event) -> None:
    (theme,) = noted(writer, lunches, "Hitta personal")
    over = make_event(series=lunches, title="Inställd lunch", state=EventState.CANCELLED)
    other = make_event(series=make_series(name="Anbudsskola"), title="Anbudsskola")
    page = writer.get(path(lunches, f"/{theme}")).text
    assert "Lunch i mars" in page
    assert over.title not in page
    assert other.title not in page
    for wrong in (over.id, other.id):
        assert writer.post(path(lunches, f"/{theme}/ta-upp"), data={"event": wrong}).status_code == 422
    writer.post(path(lunches, f"/{theme}/ta-upp"), data={"event": lunch.id})
    assert themes()[0].event_id == lunch.id
    page = writer.get(path(lunches)).text
    assert "Tas upp vid" in page
    assert "Inga teman väntar" in page


def test_a_theme_is_taken_up_and_let_go_on_the_events_own_page(writer: Visitor, lunch: Event) -> None:
    (theme,) = noted(writer, lunch.series, "Hitta personal")
    here = f"/personal/evenemang/{lunch.id}"
    assert "Ta upp här" in writer.get(f"{here}/ta-upp").text
    writer.post(f"{here}/teman/{theme}/ta-upp")
    assert themes()[0].event_id == lunch.id
    page = writer.get(f"{here}/ta-upp").text
    assert "Teman som tas upp" in page
    assert "Ta upp här" not in page
    writer.post(f"{here}/teman/{theme}/slapp")
    assert themes()[0].event_id is None


def test_an_event_takes_up_no_theme_of_another_series(writer: Visitor, lunch: Event) -> None:
    other = make_series(name="Anbudsskola")
    (theme,) = noted(writer, other, "Referenser")
    for act in ("ta-upp", "slapp"):
        assert writer.post(f"/personal/evenemang/{lunch.id}/teman/{theme}/{act}").status_code == 404
    assert themes()[0].event_id is None


def test_one_event_does_not_let_go_of_anothers_theme(writer: Visitor, lunch: Event, next_lunch: Event) -> None:
    (theme,) = noted(writer, lunch.series, "Hitta personal")
    writer.post(f"/personal/evenemang/{lunch.id}/teman/{theme}/ta-upp")
    writer.post(f"/personal/evenemang/{next_lunch.id}/teman/{theme}/slapp")
    assert themes()[0].event_id == lunch.id


def test_a_theme_is_changed_put_away_and_suggested_again(writer: Visitor, lunches: Series) -> None:
    (theme,) = noted(writer, lunches, "Hitta personal")
    writer.post(path(lunches, f"/{theme}"), data={"text": "Behålla personal", "heard_at": ""})
    assert (themes()[0].text, themes()[0].heard_at) == ("Behålla personal", "")
    writer.post(path(lunches, f"/{theme}/lagg-undan"))
    page = writer.get(path(lunches)).text
    assert "Undanlagt" in page
    assert "Inga teman väntar" in page
    writer.post(path(lunches, f"/{theme}/foresla-igen"))
    assert themes()[0].put_away_at is None
    assert "Inga teman väntar" not in writer.get(path(lunches)).text


def test_a_theme_of_a_draft_thrown_away_is_suggested_again(staff: Visitor, lunches: Series, next_lunch: Event) -> None:
    (theme,) = noted(staff, lunches, "Hitta personal")
    staff.post(f"/personal/evenemang/{next_lunch.id}/teman/{theme}/ta-upp")
    staff.post(f"/personal/evenemang/{next_lunch.id}/ta-bort")
    assert themes()[0].event_id is None
    assert "Hitta personal" in staff.get(path(lunches)).text


NEW = {
    "title": "Lunch om personal", "day": "2031-03-07", "starts": "11:30", "ends": "13:00", "summary": "Lunch.",
    "place": "Åhaga", "address": "", "capacity": "25", "gor": "spara",
}  # fmt: skip


def test_a_new_event_is_suggested_the_open_themes_and_takes_up_the_ticked(
    writer: Visitor, staff: Visitor, lunches: Series
) -> None:
    first, _second = noted(writer, lunches, "Hitta personal", "Elpriser")
    (other,) = noted(writer, make_series(name="Anbudsskola"), "Referenser")
    page = staff.get(f"/personal/evenemang/nytt?serie={lunches.id}").text
    assert "Hitta personal (Besök hos Väveriet)" in page
    assert "Referenser" not in page
    refused = staff.post(f"/personal/evenemang/nytt/{lunches.id}", data={**NEW, "themes": [first, other]})
    assert refused.status_code == 422
    assert 'value="Lunch om personal"' in refused.text
    sent = [staff.post(f"/personal/evenemang/nytt/{lunches.id}", data={**NEW, "themes": [first]}) for _twice in "ab"]
    assert sent[0].location == sent[1].location
    event_id = int(sent[0].location.rpartition("/")[2])
    assert [theme.event_id for theme in themes()] == [event_id, None, None]
