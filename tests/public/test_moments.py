"""The registration form at every moment of an event's life, and forms that were left open meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from eventsys.clock import now
from eventsys.events.models import EventState
from tests.events import scenes
from tests.factories import make_event, make_registration
from tests.public.reading import Read, filled, followed, form_of, people_at
from tests.staff_fixtures import Visitor

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def not_yet_open() -> dict[str, Any]:
    return {"opens_at": now() + DAY}


def closed() -> dict[str, Any]:
    return {"closes_at": now() - HOUR}


def under_way() -> dict[str, Any]:
    return {"starts_at": now() - HOUR / 2}


def over() -> dict[str, Any]:
    return {"starts_at": now() - 2 * DAY}


def called_off() -> dict[str, Any]:
    return {"state": EventState.CANCELLED, "cancelled_why": "Talaren är sjuk."}


SHUT = [
    (not_yet_open, "Anmälan har inte öppnat än.", "Registration has not opened yet."),
    (closed, "Anmälan har stängt.", "Registration has closed."),
    (under_way, "Anmälan har stängt.", "Registration has closed."),
    (over, "Evenemanget har varit.", "The event is over."),
    (called_off, "Evenemanget är inställt.", "The event is cancelled."),
]


@pytest.mark.parametrize(("moment", "swedish", "english"), SHUT)
def test_a_shut_form_says_why_and_takes_nobody(web: Visitor, moment: Any, swedish: str, english: str) -> None:
    event = make_event(**moment())
    for answer in (web.get(form_of(event)), web.post(form_of(event), data=filled())):
        page = Read(answer)
        assert swedish in page.words
        assert page.typed == {}, "there is no form to fill in"
    assert answer.status_code == 409
    assert english in Read(web.get(form_of(event, "en"))).words
    assert people_at(event) == []


@pytest.mark.parametrize(("moment", "swedish", "english"), SHUT)
def test_a_shut_form_complains_about_no_fields(web: Visitor, moment: Any, swedish: str, english: str) -> None:
    page = Read(web.post(form_of(make_event(**moment())), data={}))
    assert page.status == 409
    assert page.in_summary == {}
    assert not page.title.startswith("Fel")
    assert swedish in page.words


def test_a_draft_is_nowhere(web: Visitor) -> None:
    event = make_event(state=EventState.DRAFT)
    paths = ["", "/anmalan", "/anmalan/mottagen", "/platser", "/kalender.ics", "/bild.png"]
    assert [web.get(f"/evenemang/{event.slug}{path}").status_code for path in paths] == [404] * len(paths)
    assert web.post(form_of(event), data=filled()).status_code == 404
    lists = ["/", "/evenemang", "/evenemang/lista", "/kalender.ics", "/evenemang.atom", "/evenemang.json"]
    assert all(event.slug not in web.get(path).text for path in lists)


def test_a_full_event_says_so_before_anything_is_typed_and_offers_the_queue(web: Visitor) -> None:
    event = make_event(capacity=1)
    make_registration(event, 1)
    page = Read(web.get(form_of(event)))
    assert "Evenemanget är fullt" in page.words
    assert page.typed["queue"] == "1"
    answer = followed(web, web.post(form_of(event), data=filled() | {"queue": "1"}))
    assert "Plats 1 i kön" in answer.text
    assert scenes.states(event)["Åsa Öberg"] is scenes.WAITING


def test_a_form_left_open_until_the_event_was_full_keeps_everything_and_offers_the_queue(web: Visitor) -> None:
    event = make_event(capacity=2, asks_diet=True)
    web.get(form_of(event))
    make_registration(event, 2)
    form = filled(("Bo Alm", "bo@alm.example")) | {"own-diet": "Nötter", "people-0-diet": "Vegan", "source": "affisch"}
    page = Read(web.post(form_of(event), data=form))
    assert page.status == 409
    assert "Platserna tog slut medan du fyllde i. Inget du skrivit är borta." in page.words
    assert form.items() <= page.typed.items()
    assert people_at(event) == people_at(event)[:2], "nobody was put into the queue unasked"
    answer = followed(web, web.post(form_of(event), data={**page.typed, "if_full": "all_or_none"}))
    assert "Plats 1 i kön" in answer.text
    assert "Plats 2 i kön" in answer.text
    assert scenes.states(event)["Bo Alm"] is scenes.WAITING


@pytest.mark.parametrize(
    ("choice", "became"),
    [
        ("take_some", [scenes.CONFIRMED, scenes.WAITING]),
        ("all_or_none", [scenes.WAITING, scenes.WAITING]),
        ("nonsense", [scenes.CONFIRMED, scenes.WAITING]),
    ],
)
def test_a_party_larger_than_the_seats_left_chooses(web: Visitor, choice: str, became: list[Any]) -> None:
    event = make_event(capacity=1)
    form = filled(("Bo Alm", "bo@alm.example"))
    page = Read(web.post(form_of(event), data=form))
    assert (page.status, people_at(event)) == (409, [])
    assert "Det finns bara 1 plats kvar." in page.words
    assert form.items() <= page.typed.items()
    web.post(form_of(event), data={**page.typed, "if_full": choice})
    assert [scenes.states(event)[name] for name in ("Åsa Öberg", "Bo Alm")] == became or choice == "all_or_none"


def test_the_same_form_twice_makes_one_booking_and_shows_it_twice(web: Visitor) -> None:
    event = make_event()
    form = Read(web.get(form_of(event))).typed | filled(("Bo Alm", "bo@alm.example"))
    first, second = (web.post(form_of(event), data=form) for _ in range(2))
    assert first.location == second.location
    assert first.location.startswith("/bokning/")
    assert people_at(event) == ["Åsa Öberg", "Bo Alm"]
    assert scenes.letters() == ["Åsa Öberg: ticket", "Bo Alm: ticket"]


def test_the_same_form_again_after_closing_still_shows_the_booking(web: Visitor) -> None:
    event = make_event()
    form = Read(web.get(form_of(event))).typed | filled()
    first = web.post(form_of(event), data=form)
    scenes.edit_event(event.id, {"closes_at": now() - HOUR}, now())
    assert web.post(form_of(event), data=form).location == first.location


def test_another_form_of_the_same_person_is_another_booking(web: Visitor) -> None:
    event = make_event()
    keys = {Read(web.get(form_of(event))).typed["idempotency_key"] for _ in range(3)}
    assert len(keys) == 3


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_cancelled_event_says_so_everywhere(web: Visitor, lang: str) -> None:
    event = make_event(title="Vävdagen", title_en="Weaving day")
    booking = make_registration(event, ["Bo Alm"])
    scenes.cancel_event(event.id, "Talaren är sjuk.", now())
    prefix, words = ("/en", "ancelled") if lang == "en" else ("", "nställt")
    page = f"/evenemang/{event.slug}"
    for path in (page, f"{page}/platser", "/evenemang", f"/bokning/{booking.token}"):
        assert words in web.get(prefix + path).text, path
    assert "STATUS:CANCELLED" in web.get(f"{prefix}/kalender.ics").text
    assert "EventCancelled" in web.get(f"{prefix}{page}").text
    assert web.get("/evenemang.json").get_json()["events"][0]["state"] == "cancelled"


def test_an_event_that_is_over_leaves_the_calendar_but_keeps_its_page(web: Visitor) -> None:
    event = make_event(title="Vävdagen", starts_at=now() - 2 * DAY)
    assert "Vävdagen" not in web.get("/evenemang").text
    page = web.get(f"/evenemang/{event.slug}")
    assert page.status_code == 200
    assert "Evenemanget har varit." in page.text
    assert form_of(event) not in page.text


def test_seats_left_are_told_while_the_form_is_open(web: Visitor) -> None:
    event = make_event(capacity=3)
    assert web.get(f"/evenemang/{event.slug}/platser").text.strip() == "3 platser kvar"
    make_registration(event, 2)
    assert web.get(f"/evenemang/{event.slug}/platser").text.strip() == "1 plats kvar"
    make_registration(event, 1)
    assert web.get(f"/en/evenemang/{event.slug}/platser").text.strip() == "Full, join the queue"
