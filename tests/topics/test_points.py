"""What to bring up at an event: the list, its order, ticks, and what goes on to the next event."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventsys.audit import AuditEntry
from eventsys.clock import now
from eventsys.database import db
from eventsys.events.models import Event, EventState
from eventsys.events.topics.models import TalkingPoint
from eventsys.staff.models import Role
from tests.factories import make_event
from tests.staff_fixtures import Visitor, new_account, visitor_as


def path(event: Event, rest: str = "") -> str:
    return f"/personal/evenemang/{event.id}/ta-upp{rest}"


def points(event: Event) -> list[TalkingPoint]:
    query = select(TalkingPoint).where(TalkingPoint.event_id == event.id)
    return list(db.session.scalars(query.order_by(TalkingPoint.position, TalkingPoint.id)))


def said(event: Event) -> list[str]:
    return [point.text for point in points(event)]


def noted(client: Visitor, event: Event, *texts: str) -> list[int]:
    for text in texts:
        assert client.post(path(event), data={"text": text}).status_code == 302
    return [point.id for point in points(event)]


def test_an_editor_notes_what_to_bring_up_once_however_often_the_form_is_sent(writer: Visitor, lunch: Event) -> None:
    noted(writer, lunch, "Ny detaljplan", "Ny detaljplan", "  Upphandling   i mars ")
    assert said(lunch) == ["Ny detaljplan", "Upphandling i mars"]
    assert {point.added_by for point in points(lunch)} == {"Elin Skriver"}
    page = writer.get(path(lunch)).text
    assert "Ny detaljplan" in page
    assert "Elin Skriver" in page


def test_nothing_written_is_refused_in_words(writer: Visitor, lunch: Event) -> None:
    answer = writer.post(path(lunch), data={"text": "  "})
    assert answer.status_code == 422
    assert "Skriv vad som ska tas upp." in answer.text
    long = writer.post(path(lunch), data={"text": "å" * 301})
    assert long.status_code == 422
    assert "å" * 301 in long.text
    assert said(lunch) == []


def test_points_change_places_and_the_first_and_last_stay(writer: Visitor, lunch: Event) -> None:
    one, two, three = noted(writer, lunch, "Ett", "Två", "Tre")
    writer.post(path(lunch, f"/{three}/upp"))
    assert said(lunch) == ["Ett", "Tre", "Två"]
    writer.post(path(lunch, f"/{one}/upp"))
    writer.post(path(lunch, f"/{two}/ner"))
    assert said(lunch) == ["Ett", "Tre", "Två"]


def test_a_point_is_said_differently_ticked_and_removed(writer: Visitor, lunch: Event) -> None:
    one, two = noted(writer, lunch, "Ett", "Två")
    assert 'value="Ett"' in writer.get(path(lunch, f"/{one}")).text
    writer.post(path(lunch, f"/{one}"), data={"text": "Ett, tydligare"})
    writer.post(path(lunch, f"/{one}/klar"))
    assert points(lunch)[0].done_at is not None
    assert "Togs upp" in writer.get(path(lunch)).text
    writer.post(path(lunch, f"/{one}/inte-klar"))
    assert points(lunch)[0].done_at is None
    writer.post(path(lunch, f"/{two}/ta-bort"))
    assert said(lunch) == ["Ett, tydligare"]
    assert writer.post(path(lunch, f"/{two}/ta-bort")).status_code == 404


def test_what_was_not_brought_up_goes_to_the_next_event_once(writer: Visitor, lunch: Event, next_lunch: Event) -> None:
    one, *_ = noted(writer, lunch, "Ett", "Två", "Tre")
    noted(writer, next_lunch, "Redan där")
    writer.post(path(lunch, f"/{one}/klar"))
    assert "2 punkter utan bock flyttas till Lunch i april" in writer.get(path(lunch)).text
    for _press in range(2):
        writer.post(path(lunch, "/till-nasta"))
    assert said(lunch) == ["Ett"]
    assert said(next_lunch) == ["Redan där", "Två", "Tre"]


def test_a_cancelled_event_and_other_series_are_no_next_event(writer: Visitor, lunch: Event) -> None:
    noted(writer, lunch, "Ett")
    later = lunch.starts_at + timedelta(days=7)
    make_event(series=lunch.series, starts_at=later, state=EventState.CANCELLED)
    make_event(starts_at=later)
    make_event(series=lunch.series, starts_at=lunch.starts_at - timedelta(days=7))
    writer.post(path(lunch, "/till-nasta"))
    page = writer.get(path(lunch)).text
    assert "Serien har inget senare evenemang." in page
    assert said(lunch) == ["Ett"]


def test_whoever_speaks_has_it_in_large_type_and_ticks_there(writer: Visitor, lunch: Event) -> None:
    one, _two = noted(writer, lunch, "Ny detaljplan", "Upphandling")
    page = writer.get(path(lunch, "/talare")).text
    assert "Ny detaljplan" in page
    assert 'class="aloud"' in page
    answer = writer.post(path(lunch, f"/{one}/klar"), data={"sida": "talare"})
    assert answer.location.endswith("/ta-upp/talare")
    assert 'class="is-done"' in writer.get(answer.location).text


@pytest.mark.usefixtures("noon")
def test_a_host_reads_the_list_of_today_and_changes_nothing(app: Flask, writer: Visitor, lunch: Event) -> None:
    today = make_event(starts_at=now() + timedelta(minutes=5))
    (point,) = noted(writer, today, "Ny detaljplan")
    host = visitor_as(app, new_account(Role.HOST))
    page = host.get(path(today)).text
    assert "Ny detaljplan" in page
    assert "Bocka av" not in page
    assert "Ny detaljplan" in host.get(path(today, "/talare")).text
    assert host.post(path(today), data={"text": "Hej"}).status_code == 403
    assert host.post(path(today, f"/{point}/klar")).status_code == 403
    assert host.get(path(lunch)).status_code == 404


def test_the_trail_counts_points_and_does_not_quote_them(writer: Visitor, lunch: Event, next_lunch: Event) -> None:
    noted(writer, lunch, "Ny detaljplan", "Upphandling")
    writer.post(path(lunch, "/till-nasta"))
    trail = list(
        db.session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("point.")).order_by(AuditEntry.id))
    )
    assert [entry.action for entry in trail] == ["point.added", "point.added", "point.carried_over"]
    assert trail[-1].detail == {"to": next_lunch.id, "points": 2}


def test_a_draft_thrown_away_takes_its_points_along(staff: Visitor, lunch: Event, next_lunch: Event) -> None:
    noted(staff, next_lunch, "Ett")
    staff.post(f"/personal/evenemang/{next_lunch.id}/ta-bort")
    assert db.session.scalar(select(TalkingPoint.id)) is None
