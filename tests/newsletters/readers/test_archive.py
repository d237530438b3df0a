"""The archive: what has gone out is there for everybody, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from lxml import etree, html
from time_machine import travel

from eventsys.clock import from_local, now
from eventsys.events.models import EventState
from eventsys.newsletters.addresses import issue_url
from eventsys.newsletters.archive.showing import issue_view
from eventsys.newsletters.issues.links import trouble_with
from eventsys.newsletters.issues.models import ArticleKind, IssueState
from eventsys.newsletters.issues.queries import issue_by_id
from tests.desk.scenes import QueryCounter, reads
from tests.events.scenes import cancel_event
from tests.factories import make_event, make_series
from tests.newsletters.readers.scenes import (
    HEADINGS,
    in_days,
    make_article,
    make_issue,
    make_picture,
    make_whole_issue,
)
from tests.public.reading import Read
from tests.staff_fixtures import Visitor

ATOM = "{http://www.w3.org/2005/Atom}"
DAY = timedelta(days=1)


def read(web: Visitor, path: str) -> Read:
    return Read(web.get(path))


# --- the list -----------------------------------------------------------------------------------------------------


def test_the_archive_lists_issues_by_year_newest_first_with_what_they_are_about(web: Visitor) -> None:
    for year, number in ((2025, 4), (2026, 1), (2026, 2)):
        make_article(make_issue(year, number), f"Rubrik {number}-{year}")
    page = read(web, "/foretagsamt")
    assert [heading.text for heading in page.tree.xpath("//h2[@class='month-name']")] == ["2026", "2025"]
    links = page.tree.xpath("//h3/a/@href")
    assert links == ["/foretagsamt/2026/2", "/foretagsamt/2026/1", "/foretagsamt/2025/4"]
    assert page.tree.xpath("//*[@class='paper-headings']/li/text()") == [
        "Rubrik 2-2026",
        "Rubrik 1-2026",
        "Rubrik 4-2025",
    ]


def test_an_empty_archive_says_so_and_invites(web: Visitor) -> None:
    page = read(web, "/foretagsamt")
    assert "Inget nummer har kommit ut än" in page.words
    assert page.tree.xpath("//main//a[@href='/nyhetsbrev']")


@pytest.mark.parametrize("state", IssueState)
def test_what_is_not_published_is_not_there_whatever_its_state(web: Visitor, state: IssueState) -> None:
    issue = make_issue(2026, 3, subject="Hemligt ämne", state=state, published_at=None)
    make_article(issue, "Hemlig rubrik")
    make_issue(2026, 1)
    assert web.get("/foretagsamt/2026/3").status_code == 404
    for path in ("/foretagsamt", "/foretagsamt.atom", "/foretagsamt/2026/1", "/en/foretagsamt"):
        assert "Hemlig" not in web.get(path).text


@pytest.mark.parametrize("state", [one for one in IssueState if one is not IssueState.LEAVING])
def test_an_issue_that_is_reworked_after_a_stopped_mailing_is_not_there(web: Visitor, state: IssueState) -> None:
    make_issue(2026, 1)
    make_issue(2026, 2, subject="Hemligt ämne", state=state)
    make_issue(2026, 3)
    assert web.get("/foretagsamt/2026/2").status_code == 404
    for path in ("/foretagsamt", "/foretagsamt.atom", "/foretagsamt/2026/1", "/foretagsamt/2026/3"):
        assert "Hemlig" not in web.get(path).text
    assert "leder ingenstans" in trouble_with(issue_url(2026, 2))
    assert trouble_with(issue_url(2026, 3)) == ""


@pytest.mark.parametrize("path", ["2026/9", "1999/1", "0/0", "99999999999999999999/1", "2026/2147483648", "2026/x"])
def test_an_issue_that_never_was_is_not_found(web: Visitor, path: str) -> None:
    make_issue(2026, 1)
    assert web.get(f"/foretagsamt/{path}").status_code == 404


def test_the_foot_of_every_page_leads_to_the_archive(web: Visitor) -> None:
    assert read(web, "/evenemang").tree.xpath("//footer//a[@href='/foretagsamt']")
    assert read(web, "/en/evenemang").tree.xpath("//footer//a[@href='/en/foretagsamt']")


# --- one issue ----------------------------------------------------------------------------------------------------


def test_an_issue_reads_as_a_page_with_every_kind_of_article(web: Visitor) -> None:
    event = make_event(title="Fredagslunch om export", place="Åhaga", starts_at=now() + 9 * DAY)
    issue = make_whole_issue(2026, 1, event, subject="Åtta nya jobb i Viared")
    page = read(web, "/foretagsamt/2026/1")
    assert page.tree.xpath("//h1/text()") == ["Åtta nya jobb i Viared"]
    assert [heading.text for heading in page.tree.xpath("//article/h2")] == [
        HEADINGS[kind] for kind in ("article", "event", "procurement", "event_list")
    ]
    first, about_event, procurement, calendar = page.tree.xpath("//article")
    assert first.xpath(".//strong/text()") == ["åtta"], "the body is HTML"
    assert first.xpath(".//img/@alt") == ["En vävstol i den nya hallen"]
    assert first.xpath(".//a[starts-with(., 'Till väveriet')]/@href") == ["https://vaveriet.example/"]
    assert "Åhaga" in about_event.text_content()
    assert about_event.xpath(f".//a[@href='/evenemang/{event.slug}']")
    assert "Koncerninköp" in procurement.text_content()
    assert "Sista dag för anbud" in procurement.text_content()
    assert calendar.xpath(".//li//a/text()") == ["Fredagslunch om export"]
    assert issue.articles


def test_the_picture_keeps_its_place_while_it_loads_and_only_the_first_is_fetched_at_once(web: Visitor) -> None:
    issue = make_issue()
    for kind in ("JPEG", "PNG"):
        picture = make_picture(1400, 700, kind)
        make_article(issue, kind, picture_id=picture.id, alt="En loom")
    first, second = read(web, "/foretagsamt/2026/1").tree.xpath("//article//img")
    assert (first.get("width"), first.get("height"), first.get("loading")) == ("720", "360", None)
    assert second.get("loading") == "lazy"
    assert first.get("src").startswith("/bild/"), "our own pictures, wherever the site is reached"


def test_the_jump_list_leads_to_every_article(web: Visitor) -> None:
    make_whole_issue()
    page = read(web, "/foretagsamt/2026/1")
    leads = [link.removeprefix("#") for link in page.tree.xpath("//nav[contains(@class, 'issue-jump')]//a/@href")]
    assert leads == page.tree.xpath("//article/@id")
    assert len(leads) == 4


def test_before_and_after_lead_past_what_is_not_published(web: Visitor) -> None:
    for number in (1, 2, 4):
        make_issue(2026, number)
    make_issue(2026, 3, published_at=None)
    make_issue(2027, 1)
    near = {
        path: (page.tree.xpath("//a[@rel='prev']/@href"), page.tree.xpath("//a[@rel='next']/@href"))
        for path in ("2026/1", "2026/2", "2026/4", "2027/1")
        for page in [read(web, f"/foretagsamt/{path}")]
    }
    assert near["2026/1"] == ([], ["/foretagsamt/2026/2"])
    assert near["2026/2"] == (["/foretagsamt/2026/1"], ["/foretagsamt/2026/4"])
    assert near["2026/4"] == (["/foretagsamt/2026/2"], ["/foretagsamt/2027/1"])
    assert near["2027/1"] == (["/foretagsamt/2026/4"], [])


def test_text_is_text_and_only_the_sanitised_body_is_html(web: Visitor) -> None:
    wild = "<script>alert(1)</script>"
    issue = make_issue(subject=wild, preheader=wild)
    make_article(issue, wild, lead=wild, kind=ArticleKind.PROCUREMENT, buyer=wild, link_url="/", link_text=wild)
    for path in ("/foretagsamt", "/foretagsamt/2026/1"):
        tree = html.fromstring(web.get(path).text)
        assert all(script.get("src") for script in tree.xpath("//script"))
    etree.fromstring(web.get("/foretagsamt.atom").data)


def test_a_link_that_runs_something_is_no_link(web: Visitor) -> None:
    make_article(make_issue(), link_url="javascript:alert(1)", link_text="Tryck här")
    assert "Tryck här" not in Read(web.get("/foretagsamt/2026/1")).words


def test_the_words_a_shared_link_shows(web: Visitor) -> None:
    make_whole_issue(2026, 1, subject="Åtta nya jobb")
    tree = read(web, "/foretagsamt/2026/1").tree
    said = {meta.get("property"): meta.get("content") for meta in tree.xpath("//meta[@property]")}
    assert (said["og:title"], said["og:type"], said["og:locale"]) == ("Åtta nya jobb", "article", "sv_SE")
    assert said["og:url"] == issue_url(2026, 1)
    assert said["og:image"].startswith("http://127.0.0.1:8000/bild/")
    assert said["og:image:alt"] == "En vävstol i den nya hallen"


def test_the_english_page_has_an_english_frame_and_says_that_the_issue_is_swedish(web: Visitor) -> None:
    event = make_event(title="Fredagslunch om export", starts_at=from_local(_in_march()))
    with travel(from_local(_in_march()) - 9 * DAY, tick=False):
        make_whole_issue(2026, 1, event)
        page = read(web, "/en/foretagsamt/2026/1")
    assert page.tree.get("lang") == "en"
    assert "The newsletter is written in Swedish." in page.words
    [issue] = page.tree.xpath("//div[@class='issue']")
    assert issue.get("lang") == "sv"
    assert "fredag 6 mars kl. 11.30" in issue.text_content(), "Swedish dates in the Swedish text"
    assert issue.xpath(f".//a[@href='/en/evenemang/{event.slug}']")
    assert page.tree.xpath("//main//a[@href='/en/nyhetsbrev']")


def _in_march() -> datetime:
    return datetime(2026, 3, 6, 11, 30)  # noqa: DTZ001 - as the clock on the wall says it


# --- what has happened since --------------------------------------------------------------------------------------


def test_the_calendar_of_an_issue_stays_as_it_was_that_day(web: Visitor) -> None:
    out_at = now() - 30 * DAY
    then = {"published_at": out_at - DAY, "created_at": out_at - DAY}
    over = make_event(title="Har varit nu", starts_at=now() - 5 * DAY, **then)
    make_event(title="Hade redan varit", starts_at=out_at - DAY, **then)
    make_event(title="Kommer än", starts_at=now() + 5 * DAY, **then)
    make_event(title="Tillkom senare", starts_at=now() + 6 * DAY)
    make_event(title="Utkast", starts_at=now() + 6 * DAY, state=EventState.DRAFT)
    make_event(title="Med inbjudan", by_invitation=True, starts_at=now() + 6 * DAY, **then)
    make_event(title="Inte i kalendern", series=make_series(public=False), starts_at=now() + 6 * DAY, **then)
    gone = make_event(title="Ställdes in sedan", starts_at=now() + 7 * DAY, **then)
    cancel_event(gone.id, "", now())
    issue = make_issue(published_at=out_at)
    make_article(issue, "Det händer", kind=ArticleKind.EVENT_LIST)
    rows = read(web, "/foretagsamt/2026/1").tree.xpath("//ul[@class='story-events']/li")
    said = [" ".join(row.xpath("string(.//p[1])").split()) for row in rows]
    assert said == ["Har varit nu Har varit", "Kommer än", "Ställdes in sedan Inställt"]
    assert over.slug in web.get("/foretagsamt/2026/1").text


def test_what_has_happened_to_the_event_of_an_article_is_said(web: Visitor) -> None:
    cancelled, over = make_event(title="Inställd"), make_event(title="Över", starts_at=now() - 2 * DAY)
    draft = make_event(title="Utkast", state=EventState.DRAFT)
    cancel_event(cancelled.id, "", now())
    issue = make_issue()
    for event in (cancelled, over, draft):
        make_article(issue, event.title, kind=ArticleKind.EVENT, event_id=event.id)
    first, second, third = read(web, "/foretagsamt/2026/1").tree.xpath("//article")
    assert "Inställt" in first.text_content()
    assert "Har varit" in second.text_content()
    assert not any("anmäl dig" in article.text_content() for article in (first, second, third))
    assert not third.xpath(".//a[contains(@href, '/evenemang/')]"), "nobody may see it yet"


def test_a_procurement_says_when_its_time_is_out(web: Visitor) -> None:
    issue = make_issue()
    for days in (-1, 0):
        make_article(issue, f"Dag {days}", kind=ArticleKind.PROCUREMENT, buyer="Staden", last_day=in_days(days))
    gone, today = read(web, "/foretagsamt/2026/1").tree.xpath("//article")
    assert "Anbudstiden har gått ut" in gone.text_content()
    assert "Anbudstiden har gått ut" not in today.text_content()


# --- the feed, and what it costs ----------------------------------------------------------------------------------


def test_the_feed_holds_the_newest_issues_and_leads_to_them(web: Visitor) -> None:
    for number in range(1, 5):
        for year in (2023, 2024, 2025, 2026):
            make_issue(year, number)
    make_article(make_issue(2027, 1, subject="Å & Ö"), "Först ut")
    answer = web.get("/foretagsamt.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = etree.fromstring(answer.data)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 12
    assert entries[0].findtext(f"{ATOM}title") == "Å & Ö"
    assert entries[0].findtext(f"{ATOM}id") == issue_url(2027, 1)
    assert "Först ut" in str(entries[0].findtext(f"{ATOM}summary"))
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 12


def test_an_empty_feed_is_a_feed(web: Visitor) -> None:
    assert etree.fromstring(web.get("/foretagsamt.atom").data).findall(f"{ATOM}entry") == []


def asked(statements: list[str]) -> list[str]:
    return reads(statements)


def test_pages_cost_the_same_number_of_queries_however_much_there_is(web: Visitor, count_queries: QueryCounter) -> None:
    make_whole_issue(2025, 1)
    with count_queries() as few_issues:
        web.get("/foretagsamt?1")
    with count_queries() as few_articles:
        web.get("/foretagsamt/2025/1?1")
    for number in range(2, 6):
        issue = make_whole_issue(2025, number)
    for _more in range(20):
        picture, event = make_picture(20, 20), make_event()
        make_article(issue, kind=ArticleKind.EVENT, event_id=event.id, picture_id=picture.id)
    with count_queries() as many_issues:
        web.get("/foretagsamt?2")
    with count_queries() as many_articles:
        web.get("/foretagsamt/2025/5?2")
    assert len(asked(few_issues)) == len(asked(many_issues)) == 2
    assert len(asked(few_articles)) == len(asked(many_articles)) == 5
    assert not any("picture.content " in one or "picture.content," in one for one in many_articles)


def test_a_page_is_kept_for_a_moment_and_is_small(web: Visitor, count_queries: QueryCounter) -> None:
    make_whole_issue()
    with travel(now(), tick=False), count_queries() as again:
        whole = web.get("/foretagsamt/2026/1")
        again.clear()
        assert web.get("/foretagsamt/2026/1").data == whole.data
    assert again == []
    assert len(whole.data) < 16_000
    assert len(web.get("/foretagsamt").data) < 8_000
    assert "Set-Cookie" not in whole.headers


def test_staff_see_an_issue_that_is_not_out_as_the_web_will_show_it(app: Flask) -> None:
    issue = make_whole_issue(2026, 4, published_at=None, state=IssueState.DRAFT)
    view = issue_view(issue_by_id(issue.id))
    assert (view.published_at, view.published_day) == (None, "")
    assert [one.heading for one in view.articles] == [HEADINGS[one.kind.value] for one in view.articles]
    assert [event.title for one in view.articles for event in one.events] == ["Fredagslunch om export"]
