from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events import planning
from eventsys.events.models import Attendee, AttendeeState, Event, EventState, Source
from eventsys.events.planning import CannotPublish, NotADraft
from tests.events.scenes import (
    CANCELLED,
    CONFIRMED,
    DAY,
    HOUR,
    MONDAY,
    accept_offer,
    cancel_event,
    cancel_people,
    delete_draft,
    edit_event,
    kept,
    letters,
    person,
    publish,
    revoked,
    states,
)
from tests.factories import make_event, make_person, make_registration, make_series

pytestmark = pytest.mark.usefixtures("clock")

event_from_series = kept(planning.event_from_series)
copy_event = kept(planning.copy_event)


def test_a_new_event_begins_with_what_its_series_holds(app):
    series = make_series(capacity=80, party_size=3, place="Åhaga", asks_diet=True, summary="Lunch", price="Gratis")
    event = event_from_series(series, "Lunch i mars", MONDAY + DAY, MONDAY + DAY + HOUR)
    assert (event.capacity, event.party_size, event.place, event.asks_diet) == (80, 3, "Åhaga", True)
    assert (event.state, event.slug) == (EventState.DRAFT, "lunch-i-mars")


def test_events_of_one_title_get_addresses_of_their_own(app):
    series = make_series()
    starts_at = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)  # 00.30 on 2 June in Borås
    slugs = [event_from_series(series, "Öl & mingel", starts_at, starts_at + HOUR).slug for _ in range(4)]
    assert slugs == ["ol-mingel", "ol-mingel-2026-06-02", "ol-mingel-2026-06-02-2", "ol-mingel-2026-06-02-3"]


def test_a_copy_has_everything_but_the_people_and_is_as_long(app):
    event = make_event(capacity=7, programme="11.30 Lunch")
    make_registration(event)
    copy = copy_event(event, MONDAY + 60 * DAY)
    assert (copy.capacity, copy.programme, copy.state) == (7, "11.30 Lunch", EventState.DRAFT)
    assert copy.ends_at - copy.starts_at == event.ends_at - event.starts_at
    assert states(copy) == {}


def test_an_event_that_lacks_what_visitors_need_is_not_published_and_all_of_it_is_named(app):
    event = make_event(state=EventState.DRAFT, place="", summary="", capacity=0)
    with pytest.raises(CannotPublish, match="en sammanfattning, en plats och minst en plats att boka"):
        publish(event.id, MONDAY)
    assert db.session.get(Event, event.id, populate_existing=True).state is EventState.DRAFT


def test_publishing_twice_is_publishing_once(app):
    event = make_event(state=EventState.DRAFT)
    publish(event.id, MONDAY)
    assert publish(event.id, MONDAY + HOUR).published_at == MONDAY


def test_what_is_cancelled_or_has_begun_is_not_published(app):
    for values in ({"state": EventState.CANCELLED}, {"state": EventState.DRAFT, "starts_at": MONDAY}):
        with pytest.raises(CannotPublish):
            publish(make_event(**values).id, MONDAY)


def test_a_new_time_is_told_once_to_everybody_who_is_coming_and_to_nobody_else(app):
    event = make_event(capacity=2)
    make_registration(event, ["A", "B"])
    make_registration(event, ["C"])
    cancel_people([person("B")], MONDAY)
    values = {"starts_at": MONDAY + 15 * DAY, "ends_at": MONDAY + 15 * DAY + HOUR}
    assert edit_event(event.id, values, MONDAY).told == 2
    assert edit_event(event.id, values, MONDAY).told == 0
    assert letters("A") == ["ticket", "event_changed"]
    assert letters("B") == ["ticket", "seat_cancelled"]
    assert letters("C")[-1] == "event_changed"
    assert db.session.get(Event, event.id, populate_existing=True).sequence == 1


def test_each_change_of_place_is_told_even_back_to_the_first(app):
    event = make_event(place="Åhaga")
    make_registration(event, ["A"])
    for place in ("Textile", "Åhaga", "Textile"):
        assert edit_event(event.id, {"place": place}, MONDAY).told == 1
    assert letters("A") == ["ticket", *["event_changed"] * 3]
    assert person("A").letter_number == 3


def test_a_corrected_text_is_told_to_nobody(app):
    event = make_event()
    make_registration(event, ["A"])
    assert edit_event(event.id, {"title": "Ny rubrik"}, MONDAY).told == 0
    assert letters("A") == ["ticket"]


def test_an_edit_that_would_leave_visitors_without_a_place_is_refused_whole(app):
    event = make_event(place="Åhaga")
    with pytest.raises(CannotPublish):
        edit_event(event.id, {"place": "", "title": "Ny"}, MONDAY)
    assert db.session.get(Event, event.id, populate_existing=True).title != "Ny"


def test_a_cancelled_event_is_told_once_and_its_tickets_are_revoked(app):
    event = make_event()
    make_registration(event, [make_person(name, "info@vav.example") for name in ("A", "B", "C")])
    code = person("A").ticket_code
    assert cancel_event(event.id, "Sjuk talare", MONDAY) == 3
    assert cancel_event(event.id, "Sjuk talare", MONDAY) == 0
    assert letters("A") == ["ticket", "event_cancelled"]
    assert revoked(code) == "cancelled"
    assert set(states(event).values()) == {CANCELLED}


def test_who_was_there_stays_there_when_an_event_is_cancelled_afterwards(app):
    event = make_event()
    make_registration(event, ["A", "B"])
    with transaction():
        attended = db.session.execute(db.select(Attendee).where(Attendee.name == "A")).scalar_one()
        attended.state = AttendeeState.ATTENDED
    cancel_event(event.id, "", MONDAY)
    assert sorted(states(event).values()) == [AttendeeState.ATTENDED, CANCELLED]


def test_a_draft_is_thrown_away_with_its_qr_codes_and_what_was_public_is_not(app):
    draft = make_event(state=EventState.DRAFT)
    with transaction():
        db.session.add(Source(code="abc", event_id=draft.id, name="Affisch", created_at=now()))
    delete_draft(draft.id)
    assert db.session.get(Event, draft.id, populate_existing=True) is None
    for state in (EventState.PUBLISHED, EventState.CANCELLED):
        with pytest.raises(NotADraft):
            delete_draft(make_event(state=state).id)


def test_a_draft_cannot_be_cancelled(app):
    with pytest.raises(CannotPublish):
        cancel_event(make_event(state=EventState.DRAFT).id, "", MONDAY)


def test_more_seats_are_offered_when_the_event_grows_and_an_accepted_one_stays(app):
    event = make_event(capacity=1)
    for name in ("A", "B"):
        make_registration(event, [name])
    assert edit_event(event.id, {"capacity": 2}, MONDAY).offered == 1
    accept_offer(person("B"), MONDAY)
    edit_event(event.id, {"capacity": 1}, MONDAY)
    assert set(states(event).values()) == {CONFIRMED}
