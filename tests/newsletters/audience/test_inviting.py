"""New companies, or a segment, are invited to an event in one step, and nobody twice."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.events.invitations.models import Invitation, InvitationState
from eventsys.events.models import Event, EventState
from eventsys.mail.delivery import drain
from eventsys.mail.models import Delivery
from eventsys.newsletters.audience import inviting
from eventsys.newsletters.audience.half_years import HalfYear, half_year_named, meant_for, new_companies, offered
from eventsys.newsletters.audience.inviting import NobodyChosen, TooMany, invite_audience, proposal
from eventsys.newsletters.audience.keys import Audience
from eventsys.newsletters.audience.rules import Rules
from eventsys.newsletters.audience.segments import add_segment
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT
from eventsys.staff.models import Account, Role
from tests.events.test_races import at_once
from tests.factories import in_days, make_event, make_person, make_registration
from tests.newsletters.factories import make_reader
from tests.newsletters.sending.scenes import make_company
from tests.sink import SmtpSink
from tests.staff_fixtures import Visitor, new_account, visitor, visitor_as

HALF = HalfYear(2026, 1)
DAY = date(2026, 3, 2)


@pytest.fixture
def event(app: Flask) -> Event:
    return make_event(title="Välkommen som företagare", by_invitation=True)


@pytest.fixture
def staff(app: Flask, organiser: Account) -> Visitor:
    return visitor_as(app, organiser)


def newcomers() -> None:
    """Two who can be invited, one without an address, one who refuses, one bankrupt, one too old."""
    make_company("Väveriet AB", ["info@vav.example"], number="5530000009", registered_on=DAY)
    make_company("Åkeriet AB", ["info@akeriet.example"], registered_on=DAY)
    make_company("Utan Adress AB", registered_on=DAY)
    make_company("Spärrade AB", ["info@sparr.example"], registered_on=DAY, refuses_advertising=True)
    make_company("Konkursen AB", ["info@konkurs.example"], registered_on=DAY, procedure="Konkurs")
    make_company("Gamla AB", ["info@gamla.example"], registered_on=date(2025, 12, 31))


def url(event: Event) -> str:
    return f"/personal/nyhetsbrev/bjud-in/{event.id}"


def pressed(staff: Visitor, event: Event, *addresses: str, act: str = "skicka", source: str = "2026-1") -> str:
    data = {"fran": source, "adress": list(addresses), "gor": act}
    answer = staff.post(url(event), data=data)
    assert answer.status_code == 302
    return str(staff.get(answer.location).text)


def invitations(event: Event) -> dict[str, Invitation]:
    db.session.rollback()
    db.session.expire_all()
    return {one.email_key: one for one in db.session.query(Invitation).filter_by(event_id=event.id)}


# --- half-years


@pytest.mark.parametrize(
    ("event_day", "today", "meant"),
    [
        (date(2026, 5, 5), date(2026, 4, 1), HalfYear(2026, 1)),
        (date(2026, 2, 20), date(2026, 1, 20), HalfYear(2025, 2)),
        (date(2026, 7, 1), date(2026, 5, 1), HalfYear(2026, 1)),
        (date(2026, 11, 12), date(2026, 9, 1), HalfYear(2026, 2)),
        (date(2027, 11, 12), date(2026, 9, 1), HalfYear(2026, 2)),
    ],
)
def test_a_gathering_is_for_the_half_year_it_ends_or_the_one_before(
    event_day: date, today: date, meant: HalfYear
) -> None:
    assert meant_for(event_day, today) == meant
    assert meant in offered(meant, today)


def test_half_years_follow_each_other_without_a_gap() -> None:
    half = HalfYear(2025, 2)
    assert (half.first, half.last, half.name) == (
        date(2025, 7, 1), date(2025, 12, 31), "Nya företag andra halvåret 2025",
    )  # fmt: skip
    assert half.after.first - half.last == timedelta(days=1)
    assert half.after.before == half
    assert half_year_named(half.key) == half
    assert [half_year_named(key) for key in ("2025-3", "segment:1", "", "20251-1", "0000-1", "x-1")] == [None] * 6


# --- who


def test_new_companies_are_those_of_the_half_year_that_may_be_written_to(event: Event) -> None:
    newcomers()
    found = proposal(event, new_companies(HALF))
    assert [(one.company_name, one.company_number) for one in found.guests] == [
        ("Väveriet AB", "5530000009"), ("Åkeriet AB", None),
    ]  # fmt: skip
    assert [one.organisation for one in found.not_reached] == ["Utan Adress AB"]
    assert [(one.organisation, one.reason) for one in found.others] == [("Spärrade AB", "företaget har reklamspärr")]


def test_who_is_on_the_list_or_registered_or_taken_off_is_told(app: Flask) -> None:
    event = make_event()
    for name in ("kvar", "listad", "borta", "anmald"):
        make_company(f"{name} AB", [f"{name}@ek.example"], registered_on=DAY)
    make_registration(event, [make_person("Åsa Ek", "anmald@ek.example")])
    with transaction():
        for name, state in (("listad", InvitationState.LISTED), ("borta", InvitationState.WITHDRAWN)):
            db.session.add(
                Invitation(
                    event_id=event.id, state=state, token=name, email=f"{name}@ek.example",
                    email_key=f"{name}@ek.example", created_at=now(),
                )
            )  # fmt: skip
    found = proposal(event, new_companies(HALF))
    assert [one.email_key for one in found.guests] == ["kvar@ek.example"]
    assert {one.address: one.reason for one in found.others} == {
        "listad@ek.example": "finns redan på gästlistan", "borta@ek.example": "har tagits bort från gästlistan",
        "anmald@ek.example": "är redan anmäld",
    }  # fmt: skip


def test_a_number_is_given_only_where_the_letter_is_for_that_company_alone(event: Event) -> None:
    make_company("Alfa AB", ["byran@siffror.example"], number="5530000009", registered_on=DAY)
    make_company("Beta AB", ["byran@siffror.example"], number="5530000017", registered_on=DAY)
    [guest] = proposal(event, new_companies(HALF)).guests
    assert (guest.company_name, guest.company_number) == ("Alfa AB, Beta AB", None)


def test_a_whole_list_is_no_guest_list(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    assert inviting.MOST == 1000
    monkeypatch.setattr(inviting, "MOST", 9)
    for number in range(9):
        make_reader(f"a{number}@ek.example")
    assert len(proposal(event, Audience("", "", FORETAGSAMT)).guests) == 9
    make_reader("en-till@ek.example")
    with pytest.raises(TooMany, match="Högst 9 kan"):
        proposal(event, Audience("", "", FORETAGSAMT))


# --- in one step


def test_one_press_invites_all_and_each_letter_has_a_link_that_works(
    app: Flask, event: Event, staff: Visitor, sink: SmtpSink, use_settings
) -> None:  # type: ignore[no-untyped-def]
    use_settings(smtp_url=sink.url)
    newcomers()
    seen = staff.get(f"{url(event)}?fran=2026-1").text
    assert re.search(r"Bjud in 2\s*företag", seen)
    assert "Utan Adress AB" in seen
    assert "välkomstbrev på papper" in seen
    assert "företaget har reklamspärr" in seen
    assert "Gamla AB" not in seen
    told = pressed(staff, event, "info@vav.example", "info@akeriet.example", "info@gamla.example")
    assert "2 är inbjudna" in told
    there = invitations(event)
    assert {key: one.state for key, one in there.items()} == dict.fromkeys(
        ("info@vav.example", "info@akeriet.example"), InvitationState.SENT
    )
    assert there["info@vav.example"].company_id is not None
    assert there["info@vav.example"].origin == "Nya företag första halvåret 2026"
    db.session.remove()
    drain(10)
    for address, one in there.items():
        [letter] = sink.letters_to(address)
        body = letter.message.get_body(("plain",))
        assert body is not None
        [link] = set(re.findall(rf"/\S*{re.escape(one.token)}", body.get_content()))
        answer = visitor(app).get("/" + link.split("/", 3)[3])
        assert answer.status_code == 200
        assert "Välkommen som företagare" in answer.text


def test_only_those_ticked_are_invited_and_perhaps_only_listed(event: Event, staff: Visitor) -> None:
    newcomers()
    told = pressed(staff, event, "info@vav.example", act="lista")
    assert "1 är tillagd på gästlistan. Inget är skickat än." in told
    assert {key: one.state for key, one in invitations(event).items()} == {"info@vav.example": InvitationState.LISTED}
    assert db.session.query(Delivery).count() == 0
    assert "Markera minst en" in pressed(staff, event)


def test_pressing_twice_invites_nobody_twice(event: Event, staff: Visitor) -> None:
    newcomers()
    both = ("info@vav.example", "info@akeriet.example")
    pressed(staff, event, *both)
    assert "Ingen av de valda kan bjudas in nu" in pressed(staff, event, *both)
    assert len(invitations(event)) == db.session.query(Delivery).count() == 2


def test_two_who_press_at_once_invite_nobody_twice(app: Flask, event: Event) -> None:
    newcomers()
    event_id = event.id

    def press() -> int:
        with transaction():
            addresses = {"info@vav.example", "info@akeriet.example"}
            return invite_audience(event_id, new_companies(HALF), addresses, now(), send=True).new

    done = at_once(app, *[press] * 4)
    assert sorted(one if isinstance(one, int) else 0 for one in done) == [0, 0, 0, 2]
    assert all(isinstance(one, int | NobodyChosen) for one in done)
    assert len(invitations(event)) == db.session.query(Delivery).count() == 2


def test_a_segment_is_invited_too(event: Event, staff: Visitor) -> None:
    make_company("Väveriet AB", ["info@vav.example"], place="Borås")
    make_company("Färgeriet AB", ["info@farg.example"], place="Kinna")
    with transaction():
        segment_id = add_segment("I Borås", COMPANIES, Rules(places=("Borås",)), "Alva").id
    key = f"segment:{segment_id}"
    choose = staff.get(f"/personal/nyhetsbrev/bjud-in?fran={key}").text
    assert f"bjud-in/{event.id}?fran=segment:{segment_id}" in choose.replace("%3A", ":")
    seen = staff.get(f"{url(event)}?fran={key}").text
    assert "Väveriet AB" in seen
    assert "Färgeriet AB" not in seen
    pressed(staff, event, "info@vav.example", "info@farg.example", source=key)
    assert {key: one.origin for key, one in invitations(event).items()} == {"info@vav.example": "I Borås"}


def test_a_segment_that_is_gone_falls_back_to_the_new_companies(event: Event, staff: Visitor) -> None:
    assert "Nya företag" in staff.get(f"{url(event)}?fran=segment:999").text
    assert "Nya företag" in staff.get(f"{url(event)}?fran=%C3%A5").text


@pytest.mark.parametrize(
    ("given", "says", "lists"),
    [
        ({"state": EventState.DRAFT, "published_at": None}, "Publicera evenemanget först", True),
        ({"registration_closes": True}, "Tiden att svara har gått ut", True),
        ({"state": EventState.CANCELLED, "cancelled_at": True}, "är inställt", False),
        ({"begun": True}, "har börjat", False),
    ],
)
def test_an_event_that_takes_no_guests_says_why(
    staff: Visitor, given: dict[str, object], says: str, lists: bool
) -> None:
    newcomers()
    if given.pop("registration_closes", False):
        given["closes_at"] = now() - timedelta(hours=1)
    if given.pop("begun", False):
        given["starts_at"] = now() - timedelta(minutes=5)
    if given.get("cancelled_at"):
        given["cancelled_at"] = now()
    event = make_event(**given)
    seen = staff.get(f"{url(event)}?fran=2026-1").text
    assert says in seen
    assert 'value="skicka"' not in seen
    assert ('value="lista"' in seen) is lists
    told = pressed(staff, event, "info@vav.example")
    assert says in told or "har börjat eller är inställt" in told
    assert invitations(event) == {}
    pressed(staff, event, "info@vav.example", act="lista")
    assert bool(invitations(event)) is lists


def test_the_guest_list_leads_there_for_those_who_may(app: Flask, event: Event, staff: Visitor) -> None:
    assert url(event) in staff.get(f"/personal/evenemang/{event.id}/inbjudna").text
    for role in (Role.EDITOR, Role.HOST, Role.CO_ORGANISER):
        assert visitor_as(app, new_account(role)).get(url(event)).status_code == 403


def test_the_page_is_few_queries_however_many_are_new(event: Event, staff: Visitor, count_queries) -> None:  # type: ignore[no-untyped-def]
    def cost() -> int:
        with count_queries() as statements:
            assert staff.get(f"{url(event)}?fran=2026-1").status_code == 200
        return len(statements)

    newcomers()
    few = cost()
    with transaction():
        for number in range(60):
            make_company(f"Nya {number} AB", [f"info@nya{number}.example"], registered_on=DAY)
    assert cost() == few


def test_without_new_companies_the_page_says_so(event: Event, staff: Visitor) -> None:
    assert "Ingen mer att bjuda in" in staff.get(url(event)).text


def test_the_events_to_choose_among_are_those_to_come(app: Flask, staff: Visitor) -> None:
    assert "Inga evenemang framför oss" in staff.get("/personal/nyhetsbrev/bjud-in").text
    with time_machine.travel(in_days(-30)):
        make_event(title="Det som varit", starts_at=in_days(3))
    make_event(title="Det som kommer")
    seen = staff.get("/personal/nyhetsbrev/bjud-in").text
    assert "Det som kommer" in seen
    assert "Det som varit" not in seen


def test_a_half_year_at_the_end_of_the_calendar_is_none(staff: Visitor, event: Event) -> None:
    assert staff.get(f"{url(event)}?fran=9999-2").status_code == 200
