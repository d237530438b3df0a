"""The door list and the badges: few at once, many by a worker that may die, for the one who asked, for a day."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from pypdf import PdfReader

from eventsys import piecework
from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events import actors
from eventsys.events.attendance import badges, papers
from eventsys.events.attendance.models import Paper
from eventsys.events.models import Attendee, Event
from eventsys.fitting import fit
from eventsys.piecework import LEASE, PaperState
from eventsys.staff.models import Account, Role
from eventsys.tokens import human_code
from tests.attendance.conftest import Visitor, make_past, partner_of, people, see_anew, trail, visitor_as
from tests.attendance.reading import codes, pages, pdf_text
from tests.factories import make_event, make_person, make_registration
from tests.staff_fixtures import new_account

MM = 72 / 25.4


def crowd(number: int) -> Event:
    event = make_event(capacity=number, party_size=number, title="Näringslivsdagen")
    make_registration(event, number, company_name="Väveriet i Borås AB")
    return event


def asked(event: Event, account: Account, kind: str = papers.DOOR_LIST, sheet: str = "") -> int:
    with transaction():
        plan = papers.Plan([one.id for one in people_now(event)], sheet)
        return papers.ask_for_paper(event, account.id, kind, plan, now()).id


def people_now(event: Event) -> list[Attendee]:
    return list(db.session.query(Attendee).filter_by(event_id=event.id).order_by(Attendee.sort_key, Attendee.id))


def paper(number: int) -> Paper:
    see_anew()
    found = db.session.get(Paper, number)
    assert found is not None
    return found


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A sheet a part, so that a paper of some tens of people has several."""
    monkeypatch.setattr(papers, "SHEETS_A_PART", 1)
    return


# --- the door list ------------------------------------------------------------------------------------------------


def test_a_short_door_list_is_handed_out_at_once(app: Flask, staff: Visitor) -> None:
    event = make_event(title="Fredagslunch på Åhaga")
    make_registration(event, ["Åsa Öberg", "Bo Ärlig", "Cia Åkesson", "Di Zlatan", "Per Édith", "Eva Ek"])
    answer = staff.post(f"/personal/evenemang/{event.id}/underlag/dorrlista")
    assert answer.mimetype == "application/pdf"
    assert "dorrlista-fredagslunch-pa-ahaga.pdf" in answer.headers["Content-Disposition"]
    told = pdf_text(answer.data)
    order = ["E Édith, Per", "Ek, Eva", "Z Zlatan, Di", "Å Åkesson, Cia", "Ä Ärlig, Bo", "Ö Öberg, Åsa"]
    assert sorted(order, key=told.index) == order
    assert "1 (1)" in told
    assert all(human_code(one.ticket_code) in told for one in people(event))
    assert trail("door_list.taken_out")[0].detail == {"rows": 6}


def test_a_long_door_list_is_made_part_by_part_with_its_pages_numbered_through(
    app: Flask, organiser: Account, small_parts: None
) -> None:
    event = crowd(90)
    number = asked(event, organiser)
    assert piecework.to_make(Paper, now()) == [number]
    actors.make_paper(number)
    made = paper(number)
    assert (made.state, made.done, made.total) == (PaperState.READY, 90, 90)
    read = pages(made.content or b"")
    assert [f"{page} (4)" in text for page, text in enumerate(read, start=1)] == [True] * 4
    everybody = " ".join(read)
    assert all(everybody.count(human_code(one.ticket_code)) == 1 for one in people(event))
    assert everybody.count("Näringslivsdagen") == 4


def test_an_index_letter_is_not_repeated_where_a_part_ends(app: Flask, organiser: Account, small_parts: None) -> None:
    event = make_event(capacity=30, party_size=30)
    make_registration(event, [make_person(f"Nr{n:03} Alm", f"a{n}@alm.example") for n in range(28)])
    number = asked(event, organiser)
    actors.make_paper(number)
    assert pdf_text(paper(number).content or b"").count(" A Alm") == 1


# --- badges -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sheet", "pages_of_21"), [("90x54", 3), ("a7", 3)])
def test_badges_lie_several_to_a_sheet_each_with_its_own_ticket(
    app: Flask, staff: Visitor, sheet: str, pages_of_21: int
) -> None:
    event = crowd(21)
    answer = staff.post(f"/personal/evenemang/{event.id}/underlag/namnskyltar", data={"sheet": sheet})
    assert answer.mimetype == "application/pdf"
    assert len(pages(answer.data)) == pages_of_21
    per_sheet = badges.SHEETS[sheet].per_sheet
    tickets = [one.ticket_code for one in people(event)]
    assert codes(answer.data, 0) == tickets[:per_sheet]
    assert codes(answer.data, 2) == tickets[2 * per_sheet :]
    for page, first in enumerate(range(0, 21, per_sheet)):
        here = people(event)[first : first + per_sheet]
        assert all(one.name in pages(answer.data)[page] for one in here)
    assert trail("badges.taken_out")[0].detail == {"rows": 21}


def test_a_badge_for_one_person_and_for_those_ticked(app: Flask, staff: Visitor) -> None:
    event = make_event()
    booking = make_registration(event, ["Åsa Öberg", "Bo Alm", "Cia Dahl"])
    one = booking.attendees[0]
    answer = staff.get(f"/personal/anmalan/{booking.id}/person/{one.id}/namnskylt.pdf")
    assert codes(answer.data) == [one.ticket_code]
    assert "Åsa Öberg" in pdf_text(answer.data)
    ids = [attendee.id for attendee in booking.attendees[:2]]
    answer = staff.post(f"/personal/evenemang/{event.id}/underlag/namnskyltar", data={"ids": ids})
    assert codes(answer.data) == [booking.attendees[1].ticket_code, one.ticket_code]


def test_people_without_a_seat_get_no_badge(app: Flask, staff: Visitor) -> None:
    event = make_event(capacity=1)
    make_registration(event, ["Anna Ek"])
    waiting = make_registration(event, ["Bo Alm"]).attendees[0]
    answer = staff.post(f"/personal/evenemang/{event.id}/underlag/namnskyltar", data={"ids": [waiting.id]})
    assert answer.status_code == 302
    assert "Det finns ingen med en plats att skriva ut." in staff.get(answer.location).text


def test_the_test_sheet_shows_every_place_within_the_paper(app: Flask, staff: Visitor) -> None:
    for sheet in badges.SHEETS.values():
        answer = staff.get(f"/personal/underlag/provark-{sheet.code}.pdf")
        assert pdf_text(answer.data).count("Namn Namnsson") == sheet.per_sheet
        for left, top in sheet.places:
            assert left >= 0
            assert left + sheet.width <= badges.A4[0]
            assert top + sheet.height <= badges.A4[1]


@pytest.mark.parametrize("sheet", badges.SHEETS.values(), ids=lambda sheet: sheet.code)
@pytest.mark.parametrize(
    "name",
    [
        "Åsa Ek",
        "Maria Magdalena von Schwerin-Löwenhielm af Årsta",
        "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschaferswessenschafe",
        "M" * 120,
        "Ö " * 60,
    ],
)
def test_a_name_of_any_length_fits_its_badge(sheet: badges.Sheet, name: str) -> None:
    fitted = fit(name, sheet.room_for_name, 2, sheet.sizes)
    assert "".join(fitted.lines).replace(" ", "") == name.replace(" ", "")
    height = len(fitted.lines) * fitted.points * 1.08 / MM
    assert height <= sheet.height - 2 * sheet.inset
    assert fit("Åsa Ek", sheet.room_for_name, 2, sheet.sizes).points == sheet.sizes[0]


# --- a worker -----------------------------------------------------------------------------------------------------


def test_many_badges_are_asked_for_and_fetched_when_they_are_ready(
    app: Flask, staff: Visitor, small_parts: None
) -> None:
    event = crowd(60)
    answer = staff.post(f"/personal/evenemang/{event.id}/underlag/namnskyltar", data={"sheet": "90x54"})
    page = staff.get(answer.location).text
    assert "Namnskyltar för 60 personer görs nu." in page
    assert "0 av 60" in page
    [number] = piecework.to_make(Paper, now())
    part = taken(number)
    with transaction():
        assert papers.keep_part(part, papers.draw_part(part), now())
    assert "10 av 60" in staff.get(f"/personal/evenemang/{event.id}/underlag/papper").text
    assert staff.get(f"/personal/evenemang/{event.id}/underlag/papper/{number}.pdf").status_code == 404
    actors.make_paper(number)
    assert "Hämta" in staff.get(f"/personal/evenemang/{event.id}/underlag/papper").text
    assert trail("badges.taken_out") == []
    fetched = staff.get(f"/personal/evenemang/{event.id}/underlag/papper/{number}.pdf")
    assert len(pages(fetched.data)) == 6
    found = [code for page in range(6) for code in codes(fetched.data, page)]
    assert found == [one.ticket_code for one in people(event)]
    assert trail("badges.taken_out")[0].detail == {"rows": 60}


def taken(number: int, after: timedelta = timedelta()) -> papers.Part:
    with transaction():
        part = papers.take_part(number, now() + after)
    assert part is not None
    return part


def test_a_killed_worker_loses_one_part_and_no_more(app: Flask, organiser: Account, small_parts: None) -> None:
    event = crowd(30)
    number = asked(event, organiser, papers.BADGES, "90x54")
    first = taken(number)
    with transaction():
        papers.keep_part(first, papers.draw_part(first), now())
    taken(number)  # this worker is killed while it draws
    assert piecework.to_make(Paper, now()) == []
    actors.make_paper(number)  # somebody else's lease holds
    assert paper(number).done == 10
    with time_machine.travel(now() + LEASE, tick=True):
        assert piecework.to_make(Paper, now()) == [number]
        actors.make_paper(number)
    assert paper(number).state is PaperState.READY
    content = paper(number).content or b""
    found = [code for page in range(3) for code in codes(content, page)]
    assert found == [one.ticket_code for one in people(event)]


def test_a_worker_that_was_thought_dead_adds_nothing_twice(app: Flask, organiser: Account, small_parts: None) -> None:
    number = asked(crowd(30), organiser, papers.BADGES, "90x54")
    slow = taken(number)
    quick = taken(number, after=LEASE)
    assert quick.first == slow.first == 0
    drawn = papers.draw_part(quick)
    with transaction():
        assert papers.keep_part(slow, drawn, now()) is False
    assert paper(number).done == 0
    with transaction():
        papers.keep_part(quick, drawn, now())
    assert paper(number).done == 10


def test_whoever_registers_or_leaves_meanwhile_moves_nobody(app: Flask, organiser: Account, small_parts: None) -> None:
    event = make_event(capacity=100, party_size=30)
    make_registration(event, 20)
    before = [one.ticket_code for one in people(event)]
    number = asked(event, organiser, papers.BADGES, "90x54")
    part = taken(number)
    with transaction():
        papers.keep_part(part, papers.draw_part(part), now())
    make_registration(event, ["Aa Aaa"])
    actors.make_paper(number)
    content = paper(number).content or b""
    assert [code for page in (0, 1) for code in codes(content, page)] == before


def test_a_paper_that_cannot_be_drawn_says_so(
    app: Flask, staff: Visitor, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = crowd(60)
    number = asked(event, organiser, papers.BADGES, "90x54")
    with transaction():
        db.session.get(Paper, number).kind = "unknown"
    with pytest.raises(KeyError):
        actors.make_paper(number)
    assert (paper(number).state, paper(number).content) == (PaperState.FAILED, None)
    assert piecework.to_make(Paper, now()) == []


def test_only_who_asked_fetches_a_paper(app: Flask, staff: Visitor, organiser: Account) -> None:
    event = crowd(3)
    number = asked(event, organiser)
    actors.make_paper(number)
    path = f"/personal/evenemang/{event.id}/underlag/papper/{number}.pdf"
    assert staff.get(path).status_code == 200
    others = [new_account(Role.ADMINISTRATOR), new_account(Role.ORGANISER)]
    for other in others:
        assert visitor_as(app, other).get(path).status_code == 404
    assert partner_of(app, event).get(path).status_code == 404
    elsewhere = make_past(1)
    assert staff.get(f"/personal/evenemang/{elsewhere.id}/underlag/papper/{number}.pdf").status_code == 404
    assert visitor_as(app, new_account(Role.HOST)).get(path).status_code == 403


def test_a_paper_is_forgotten_after_a_day(app: Flask, organiser: Account) -> None:
    number = asked(crowd(3), organiser)
    actors.make_paper(number)
    with time_machine.travel(now() + timedelta(hours=23, minutes=59), tick=False):
        assert not piecework.to_forget(Paper, now())
    with time_machine.travel(now() + timedelta(hours=24, minutes=1), tick=False):
        assert piecework.to_forget(Paper, now())
        actors.forget_papers(0)
        see_anew()
        assert db.session.get(Paper, number) is None
        assert not piecework.to_forget(Paper, now())


def test_diet_is_on_no_paper(app: Flask, staff: Visitor) -> None:
    event = make_event(asks_diet=True)
    make_registration(event, [make_person("Eva Ek", diet="Skaldjursallergi")])
    for path in ("dorrlista", "namnskyltar"):
        told = pdf_text(staff.post(f"/personal/evenemang/{event.id}/underlag/{path}").data)
        assert "Eva" in told
        assert "kaldjur" not in told


def test_papers_are_a4(app: Flask, staff: Visitor) -> None:
    content = staff.post(f"/personal/evenemang/{crowd(3).id}/underlag/dorrlista").data
    box = PdfReader(io.BytesIO(content)).pages[0].mediabox
    assert (round(box.width / MM), round(box.height / MM)) == (210, 297)
