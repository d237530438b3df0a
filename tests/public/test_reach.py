"""How events reach people elsewhere: feeds, structured data, the list in a frame, QR codes on posters."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest
from PIL import Image

from eventsys.clock import STOCKHOLM, now
from eventsys.events.models import Event
from eventsys.events.sources import add_source
from tests.events import scenes
from tests.factories import make_event, make_registration, make_series
from tests.public.reading import Read, filled, followed, form_of, the_registration
from tests.staff_fixtures import Visitor

ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = "Väv & <b>färg</b> \"nu\" </script><script>alert(1)</script> ]]> --> 'å'"


def nasty_event() -> Event:
    return make_event(title=NASTY, summary=NASTY, place=NASTY, address=NASTY, speakers=NASTY, description=NASTY)


def test_the_calendar_feed_is_a_calendar(web: Visitor) -> None:
    event = nasty_event()
    make_event(series=make_series(public=False), title="Hemlig middag")
    answer = web.get("/kalender.ics")
    assert answer.mimetype == "text/calendar"
    calendar = icalendar.Calendar.from_ical(answer.data)
    [entry] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert entry["UID"] == f"event-{event.id}@127.0.0.1"
    assert entry["SUMMARY"] == NASTY
    assert entry["DTSTART"].dt == event.starts_at.astimezone(STOCKHOLM)
    assert entry["URL"] == f"http://127.0.0.1:8000/evenemang/{event.slug}"
    assert {zone["TZID"] for zone in calendar.walk("VTIMEZONE")} == {"Europe/Stockholm"}
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))


def test_a_moved_event_keeps_its_identity_and_counts_up(web: Visitor) -> None:
    event = make_event()
    path = f"/evenemang/{event.slug}/kalender.ics"
    [before] = icalendar.Calendar.from_ical(web.get(path).data).walk("VEVENT")
    scenes.edit_event(event.id, {"place": "Simonsland"}, now())
    [after] = icalendar.Calendar.from_ical(web.get(path).data).walk("VEVENT")
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert "Simonsland" in after["LOCATION"]


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_atom_feed_is_atom(web: Visitor, prefix: str) -> None:
    event = nasty_event()
    answer = web.get(f"{prefix}/evenemang.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == NASTY
    assert entry.findtext(f"{ATOM}id") == f"http://127.0.0.1:8000{prefix}/evenemang/{event.slug}"
    for needed in ("id", "title", "updated"):
        assert feed.findtext(f"{ATOM}{needed}"), needed
    assert datetime.fromisoformat(str(entry.findtext(f"{ATOM}updated"))).tzinfo is not None


def test_the_json_feed_tells_what_another_site_needs_and_may_be_read_by_it(web: Visitor) -> None:
    event = make_event(capacity=3, title="Vävdagen", title_en="Weaving day")
    make_registration(event, 1)
    answer = web.get("/evenemang.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    [shown] = answer.get_json()["events"]
    assert (shown["title"], shown["seats_left"], shown["status"]) == ("Vävdagen", 2, "2 platser kvar")
    assert shown["url"] == f"http://127.0.0.1:8000/evenemang/{event.slug}"
    assert datetime.fromisoformat(shown["starts_at"]) == event.starts_at
    assert web.get("/en/evenemang.json").get_json()["events"][0]["title"] == "Weaving day"


def test_an_empty_house_has_valid_feeds(web: Visitor) -> None:
    assert icalendar.Calendar.from_ical(web.get("/kalender.ics").data).walk("VEVENT") == []
    assert ElementTree.fromstring(web.get("/evenemang.atom").data).findall(f"{ATOM}entry") == []
    assert web.get("/evenemang.json").get_json() == {"events": []}
    assert "Inget är planerat just nu" in web.get("/evenemang").text
    assert "Inget är planerat just nu" in web.get("/").text
    assert "Inget är planerat just nu" in web.get("/evenemang/lista").text


def json_ld(web: Visitor, event: Event) -> dict[str, Any]:
    [text] = Read(web.get(f"/evenemang/{event.slug}")).tree.xpath("//script[@type='application/ld+json']/text()")
    found: dict[str, Any] = json.loads(text)
    return found


def test_structured_data_says_what_search_engines_ask(web: Visitor) -> None:
    event = make_event(capacity=1)
    found = json_ld(web, event)
    assert (found["@context"], found["@type"]) == ("https://schema.org", "Event")
    assert datetime.fromisoformat(found["startDate"]) == event.starts_at
    assert datetime.fromisoformat(found["endDate"]) == event.ends_at
    assert found["location"]["name"] == "Åhaga"
    assert found["offers"]["availability"] == "https://schema.org/InStock"
    make_registration(event, 1)
    assert json_ld(web, event)["offers"]["availability"] == "https://schema.org/SoldOut"


def test_nobody_breaks_out_of_the_structured_data(web: Visitor) -> None:
    event = nasty_event()
    assert json_ld(web, event)["name"] == NASTY
    page = Read(web.get(f"/evenemang/{event.slug}")).tree
    assert [script.get("type") or script.get("src").partition("?")[0] for script in page.iter("script")] == [
        "/static/js/site.js", "application/ld+json",
    ]  # fmt: skip
    assert page.findall(".//main//b") == []


def test_the_list_for_other_sites_may_be_framed_and_leaves_no_trace(web: Visitor) -> None:
    event = make_event()
    answer = web.get("/evenemang/lista")
    page = Read(answer).tree
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert page.xpath("//script | //form | //iframe | //input") == []
    assert page.xpath("//base/@target") == ["_top"]
    assert f"/evenemang/{event.slug}" in page.xpath("//a/@href")


def test_no_other_page_may_be_framed(web: Visitor) -> None:
    event = make_event()
    for path in ("/", "/evenemang", f"/evenemang/{event.slug}", form_of(event)):
        assert "frame-ancestors 'none'" in web.get(path).headers["Content-Security-Policy"]


def test_the_list_can_show_one_series(web: Visitor) -> None:
    lunch, course = make_event(title="Lunchen"), make_event(title="Kursen")
    for path in ("/evenemang", "/evenemang/lista", "/kalender.ics", "/evenemang.atom", "/evenemang.json"):
        shown = web.get(f"{path}?serie={lunch.series.slug}").text
        assert lunch.title in shown, path
        assert course.title not in shown, path


def test_a_posters_short_address_carries_its_name_to_the_registration(web: Visitor) -> None:
    event = make_event()
    source = scenes.kept(add_source)(event.id, "Affisch på stationen", now())
    page = followed(web, web.get(f"/q/{source.code}"))
    assert page.request.path == f"/evenemang/{event.slug}"
    [form_url] = {url for url in Read(page).tree.xpath("//a/@href") if "/anmalan" in url}
    typed = Read(web.get(form_url)).typed
    web.post(form_of(event), data=typed | filled())
    assert the_registration(event).source == source.code


def test_a_poster_leads_to_english_from_the_english_address(web: Visitor) -> None:
    event = make_event()
    source = scenes.kept(add_source)(event.id, "Affisch", now())
    assert web.get(f"/en/q/{source.code}").location == f"/en/evenemang/{event.slug}?kalla={source.code}"


def test_the_picture_for_sharing_is_a_picture_of_the_size_that_is_promised(web: Visitor) -> None:
    event = nasty_event()
    picture = Image.open(io.BytesIO(web.get(f"/evenemang/{event.slug}/bild.png").data))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    page = Read(web.get(f"/evenemang/{event.slug}")).tree
    [promised] = page.xpath("//meta[@property='og:image']/@content")
    assert promised == f"http://127.0.0.1:8000/evenemang/{event.slug}/bild.png"


def test_the_calendar_goes_by_month_and_says_how_many_seats_are_left(web: Visitor) -> None:
    event = make_event(capacity=2, title="Vävdagen")
    late = make_event(title="Julbordet", starts_at=now() + timedelta(days=70), opens_at=now() + timedelta(days=30))
    make_registration(event, 2)
    page = Read(web.get("/evenemang"))
    assert len(page.tree.xpath("//section[@class='month']")) == 2
    assert page.words.index(event.title) < page.words.index(late.title)
    assert "Fullt, ställ dig i kö" in page.words
    assert "Anmälan öppnar" in page.words


def test_swedish_texts_on_an_english_page_say_that_they_are_swedish(web: Visitor) -> None:
    event = make_event(
        title="Vävdagen", title_en="Weaving day", summary="En dag.", description="Om vävning.", programme="10.00 Kaffe"
    )
    swedish, english = (Read(web.get(f"{prefix}/evenemang/{event.slug}")).tree for prefix in ("", "/en"))
    marked = [" ".join(part.text_content().split()) for part in english.xpath("//main//*[@lang='sv']")]
    assert marked == ["En dag.", "Om vävning.", "10.00 Kaffe"]
    assert set(swedish.xpath("//main//*/@lang")) == {"sv"}
