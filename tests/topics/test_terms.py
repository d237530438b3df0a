"""A term of lunches in one form: proposed, drafted once, published together."""

from __future__ import annotations

import contextvars
import threading
from datetime import date, time, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from eventsys.audit import AuditEntry
from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.events.models import Event, EventState, Series
from eventsys.events.topics.models import Theme
from eventsys.events.topics.themes import note_theme
from eventsys.mail.models import Delivery
from eventsys.staff.models import Role
from tests.factories import make_event, make_series
from tests.staff_fixtures import Visitor, new_account, see_anew, visitor_as
from tests.topics.conftest import on_the_wall

TODAY = on_the_wall(2026, 12, 14, 23, 30)  # a Monday night

RULE = {
    "weekday": "4", "rhythm": "varje", "first": "2027-03-12", "last": "2027-04-09", "times": "", "starts": "11.30",
    "ends": "13:00", "opens_weeks_before": "",
}  # fmt: skip
FRIDAYS = ("2027-03-12", "2027-03-19", "2027-03-26", "2027-04-02", "2027-04-09")  # 26 March is Good Friday


@pytest.fixture(autouse=True)
def _december() -> object:
    with time_machine.travel(TODAY, tick=True):
        yield


def path(series: Series, rest: str = "termin") -> str:
    return f"/personal/serier/{series.id}/{rest}"


def proposed(client: Visitor, series: Series, **rule: str) -> TestResponse:
    return client.post(path(series), data={**RULE, **rule, "gor": "foresla"})


def rows(*ticked: str, shown: tuple[str, ...] = FRIDAYS, **values: str) -> dict[str, str]:
    """What the page sends: every date's fields, ticks for some; `values` as `title_0319`."""
    sent = {}
    for day in shown:
        for field in ("title", "speaker"):
            sent[f"d{day}-{field}"] = values.get(f"{field}_{day[5:7]}{day[8:]}", "")
        sent[f"d{day}-theme"] = values.get(f"theme_{day[5:7]}{day[8:]}", "0")
        if day in ticked:
            sent[f"d{day}-take"] = "y"
    return sent


def drafted(client: Visitor, series: Series, *ticked: str, **values: str) -> TestResponse:
    rule = {name: values.pop(name) for name in list(values) if name in RULE}
    return client.post(path(series), data={**RULE, **rule, **rows(*ticked, **values), "gor": "skapa"})


def events(series: Series) -> list[Event]:
    see_anew()
    return list(db.session.scalars(select(Event).where(Event.series_id == series.id).order_by(Event.starts_at)))


def days_of(series: Series) -> list[str]:
    return [local(event.starts_at).date().isoformat() for event in events(series)]


def test_the_form_begins_with_the_hours_of_the_latest_event(staff: Visitor, lunches: Series) -> None:
    assert 'value="2027-06-15"' in staff.get(path(lunches)).text
    make_event(series=lunches, starts_at=on_the_wall(2027, 2, 4, 11, 45))
    page = staff.get(path(lunches)).text
    assert '<option selected value="3">Torsdag' in page
    assert 'value="11:45"' in page
    assert 'value="2027-02-05"' in page


def test_dates_are_proposed_with_remarks_and_those_are_not_ticked(staff: Visitor, lunches: Series) -> None:
    make_event(series=lunches, title="Vårlunch", starts_at=on_the_wall(2027, 4, 9, 8))
    page = proposed(staff, lunches).text
    assert "5 datum" in page
    assert "26 mars 2027 är långfredagen." in page
    assert "Serien har redan Vårlunch den dagen." in page
    ticked = [day for day in FRIDAYS if f'checked id="d{day}-take"' in page]
    assert ticked == ["2027-03-12", "2027-03-19", "2027-04-02"]
    assert days_of(lunches) == ["2027-04-09"], "nothing is saved before it is asked for"


def test_the_summer_weeks_and_squeezed_days_are_remarked_on(staff: Visitor, lunches: Series) -> None:
    page = proposed(staff, lunches, first="2027-05-01", last="2027-07-31").text
    assert "7 maj 2027 är en klämdag." in page
    assert "Vecka 28 är mitt i semestern." in page


def test_the_ticked_dates_become_drafts_with_what_was_filled_in(staff: Visitor, lunches: Series) -> None:
    with transaction():
        theme = note_theme(lunches.id, "Hitta personal", "", "Alva", now()).id
    drafted(
        staff, lunches, "2027-03-19", "2027-04-02",
        title_0319="Lunch om personal", speaker_0319="Anna Ek, vd på Ek AB", theme_0319=str(theme),
        opens_weeks_before="3",
    )  # fmt: skip
    first, second = events(lunches)
    assert (first.title, first.speakers, first.state) == (
        "Lunch om personal", "Anna Ek, vd på Ek AB", EventState.DRAFT,
    )  # fmt: skip
    assert (second.title, second.speakers) == ("Fredagslunch", "")
    assert (first.capacity, first.place, first.summary) == (40, "Åhaga", "Lunch med samtal.")
    assert db.session.get(Theme, theme).event_id == first.id
    # Summer time begins on 28 March: both lunches are at half past eleven on the wall.
    assert {local(one.starts_at).time() for one in (first, second)} == {time(11, 30)}
    assert {local(one.ends_at).time() for one in (first, second)} == {time(13)}
    assert [local(one.opens_at) for one in (first, second)] == [
        local(on_the_wall(2027, 2, 26, 8)), local(on_the_wall(2027, 3, 12, 8)),
    ]  # fmt: skip
    trail = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "term.planned")).one()
    assert trail.detail == {"events": 2}


def test_the_same_form_sent_twice_makes_one_set(staff: Visitor, lunches: Series) -> None:
    drafted(staff, lunches, "2027-03-12", "2027-03-19")
    answer = drafted(staff, lunches, "2027-03-12", "2027-03-19", "2027-04-02", title_0312="Nytt namn")
    assert days_of(lunches) == ["2027-03-12", "2027-03-19", "2027-04-02"]
    assert events(lunches)[0].title == "Fredagslunch"
    assert "1 utkast är sparat. 2 datum hade redan evenemang samma tid" in staff.get(answer.location).text


def test_two_who_send_the_form_at_once_make_one_set(app: Flask, lunches: Series) -> None:
    clients = [visitor_as(app, new_account()) for _ in range(4)]
    form = {**RULE, **rows("2027-03-12", "2027-03-19", "2027-04-02"), "gor": "skapa"}
    start, path_of_term, codes = threading.Barrier(len(clients)), path(lunches), []

    def send(client: Visitor) -> None:
        start.wait()
        codes.append(FlaskClient.open(client, path_of_term, method="POST", data=form).status_code)

    threads = [threading.Thread(target=contextvars.Context().run, args=(send, client)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [302] * len(clients)
    assert days_of(lunches) == ["2027-03-12", "2027-03-19", "2027-04-02"]


def test_a_form_with_a_theme_may_be_sent_twice_too(staff: Visitor, lunches: Series) -> None:
    with transaction():
        theme = note_theme(lunches.id, "Hitta personal", "", "Alva", now()).id
    for _press in range(2):
        assert drafted(staff, lunches, "2027-03-12", theme_0312=str(theme)).status_code == 302
    (event,) = events(lunches)
    assert db.session.get(Theme, theme).event_id == event.id


def test_a_cancelled_event_leaves_its_time_free(staff: Visitor, lunches: Series) -> None:
    make_event(series=lunches, starts_at=on_the_wall(2027, 3, 12, 11, 30), state=EventState.CANCELLED)
    drafted(staff, lunches, "2027-03-12")
    assert len(events(lunches)) == 2


def test_registration_that_would_have_opened_already_opens_on_publishing(staff: Visitor, lunches: Series) -> None:
    drafted(staff, lunches, "2027-03-12", opens_weeks_before="26")
    assert events(lunches)[0].opens_at is None


def test_a_date_that_nobody_saw_is_shown_before_it_is_drafted(staff: Visitor, lunches: Series) -> None:
    answer = drafted(staff, lunches, "2027-03-12", last="2027-04-16", title_0312="Lunch om el")
    assert answer.status_code == 200
    assert events(lunches) == []
    assert 'id="d2027-04-16-take"' in answer.text
    assert 'value="Lunch om el"' in answer.text


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"last": "", "times": ""}, "Skriv till vilken dag, eller hur många gånger."),
        ({"last": "2027-03-01"}, "Sista dagen kan inte vara före den första."),
        ({"times": "61"}, "Skriv ett antal mellan 1 och 60."),
        ({"times": "många"}, "Skriv antalet med siffror."),
        ({"ends": "11.00"}, "Sluttiden måste vara efter starttiden."),
        ({"first": ""}, "Välj från vilken dag."),
        ({"opens_weeks_before": "99"}, "Skriv ett antal veckor mellan 1 och 26."),
        ({"weekday": "9"}, "Fel"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(
    staff: Visitor, lunches: Series, values: dict[str, str], says: str
) -> None:
    answer = proposed(staff, lunches, **values)
    assert answer.status_code == 422
    assert says in answer.text


def test_nothing_ticked_too_long_or_one_theme_twice_keeps_what_was_typed(staff: Visitor, lunches: Series) -> None:
    with transaction():
        theme = str(note_theme(lunches.id, "Hitta personal", "", "Alva", now()).id)
    nothing = drafted(staff, lunches, title_0319="Lunch om el")
    long = drafted(staff, lunches, "2027-03-19", title_0319="Lunch om el " + "å" * 160)
    twice = drafted(
        staff, lunches, "2027-03-12", "2027-03-19", title_0319="Lunch om el", theme_0312=theme, theme_0319=theme
    )
    strange = drafted(staff, lunches, "2027-03-19", title_0319="Lunch om el", theme_0319="99999")
    for answer in (nothing, long, twice, strange):
        assert answer.status_code == 422
        assert "Lunch om el" in answer.text
        assert "error-summary" in answer.text
    assert "Inget datum är ikryssat." in nothing.text
    assert "Samma tema är valt för flera datum." in twice.text
    assert events(lunches) == []


def test_a_rule_without_dates_says_so(staff: Visitor, lunches: Series) -> None:
    answer = staff.post(path(lunches), data={**RULE, "last": "2027-03-12", "first": "2027-03-12", "weekday": "0",
                                             "gor": "skapa"})  # fmt: skip
    assert answer.status_code == 422
    assert "Det blir inga datum." in answer.text


# --- publishing ---------------------------------------------------------------------------------------------------


def test_those_that_are_ready_are_published_together_and_the_others_named(staff: Visitor, lunches: Series) -> None:
    drafted(staff, lunches, "2027-03-12", "2027-03-19", "2027-04-02", title_0312="Lunch om el")
    unready, *ready = events(lunches)
    with transaction():
        db.session.get(Event, unready.id).place = ""
    ids = [event.id for event in ready]
    listed = staff.get(path(lunches, "utkast")).text
    assert "Saknar en plats." in listed
    assert "Rubriken är bara seriens namn." in listed
    asked = staff.get(path(lunches, "utkast/publicera")).text
    assert "Publicera 2 evenemang?" in asked
    assert "1 utkast är inte klart och publiceras inte" in asked
    assert "Lunch om el, fredag 12 mars 2027" in asked
    assert "Inga brev skickas." in asked
    answer = staff.post(path(lunches, "utkast/publicera"), data={"ids": ids})
    assert "2 evenemang är publicerade." in staff.get(answer.location).text
    assert [event.state for event in events(lunches)] == ["draft", "published", "published"]
    assert db.session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_what_was_unticked_stays_and_pressing_twice_changes_nothing(staff: Visitor, lunches: Series) -> None:
    drafted(staff, lunches, "2027-03-12", "2027-03-19")
    first, second = events(lunches)
    for _press in range(2):
        staff.post(path(lunches, "utkast/publicera"), data={"ids": [second.id]})
    assert [event.state for event in events(lunches)] == ["draft", "published"]
    assert len(list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == "event.published")))) == 1
    answer = staff.post(path(lunches, "utkast/publicera"), data={})
    assert "Inget är publicerat." in staff.get(answer.location).text
    assert events(lunches)[0].id == first.id


def test_what_became_unready_meanwhile_stays_a_draft_and_the_rest_goes_out(staff: Visitor, lunches: Series) -> None:
    drafted(staff, lunches, "2027-03-12", "2027-03-19")
    first, second = events(lunches)
    with transaction():
        db.session.get(Event, first.id).summary = ""
    answer = staff.post(path(lunches, "utkast/publicera"), data={"ids": [first.id, second.id]})
    page = staff.get(answer.location).text
    assert "1 evenemang är publicerat." in page
    assert "1 saknar något och är kvar som utkast." in page
    assert [event.state for event in events(lunches)] == ["draft", "published"]


def test_no_draft_of_another_series_is_published(staff: Visitor, lunches: Series) -> None:
    drafted(staff, lunches, "2027-03-12")
    other = make_event(series=make_series(name="Anbudsskola"), state=EventState.DRAFT)
    staff.post(path(lunches, "utkast/publicera"), data={"ids": [other.id]})
    see_anew()
    assert db.session.get(Event, other.id).state is EventState.DRAFT


def test_a_draft_whose_day_has_been_is_not_ready(staff: Visitor, lunches: Series) -> None:
    make_event(series=lunches, state=EventState.DRAFT, starts_at=now() - timedelta(days=1))
    assert "Starttiden har passerat." in staff.get(path(lunches, "utkast")).text
    assert staff.get(path(lunches, "utkast/publicera")).status_code == 302


def test_a_term_of_another_series_is_not_found(app: Flask, lunches: Series) -> None:
    stranger = visitor_as(app, new_account(Role.CO_ORGANISER))
    for rest in ("termin", "utkast", "utkast/publicera"):
        assert stranger.get(path(lunches, rest)).status_code == 404
    assert drafted(stranger, lunches, "2027-03-12").status_code == 404
    assert events(lunches) == []


def test_today_is_named_by_the_clock_on_the_wall(staff: Visitor, lunches: Series) -> None:
    assert f'value="{date(2026, 12, 15).isoformat()}"' in staff.get(path(lunches)).text
