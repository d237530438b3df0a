"""Checks before sending, in plain words: what is good, worth a thought, or a stop."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from eventsys.clock import now
from eventsys.database import transaction
from eventsys.events.models import EventState
from eventsys.newsletters.issues.changing import locked_issue
from eventsys.newsletters.issues.checking import CHECKS, Verdict, check_weight, checks_of
from eventsys.newsletters.issues.links import trouble_with
from eventsys.newsletters.issues.models import ArticleKind, ArticleState, Issue
from eventsys.newsletters.issues.queries import issue_by_id
from tests.events.scenes import edit_event
from tests.factories import make_event
from tests.newsletters.issues.scenes import make_approved, make_article, make_issue, make_picture
from tests.staff_fixtures import see_anew


def found(issue: Issue, verdict: Verdict) -> str:
    see_anew()
    return "\n".join(
        f"{one.what}: {one.words}" for one in checks_of(issue_by_id(issue.id), CHECKS) if one.verdict is verdict
    )


def test_an_empty_issue_stops(app: Flask) -> None:
    stops = found(make_issue(subject=""), Verdict.STOP)
    assert "Numret har inga artiklar" in stops
    assert "ingen ämnesrad" in stops


def test_a_finished_and_approved_issue_has_nothing_that_stops(app: Flask) -> None:
    issue = make_issue(articles=2)
    make_approved(issue)
    assert found(issue, Verdict.STOP) == ""
    assert "precis det brev" in found(issue, Verdict.GOOD)


def test_what_is_not_ready_or_not_described_stops_and_says_where(app: Flask) -> None:
    issue = make_issue()
    make_article(issue, heading="Om bryggan", state=ArticleState.DRAFT)
    make_article(issue, heading="Om bron", picture_id=make_picture().id, alt="")
    stops = found(issue, Verdict.STOP)
    assert "”Om bryggan” är inte klar" in stops
    assert "Bilden i ”Om bron” saknar beskrivning" in stops
    assert "Ingen kollega har godkänt" in stops


@pytest.mark.parametrize(
    ("address", "trouble"),
    [
        ("http://127.0.0.1:8000/evenemang", ""),
        ("http://127.0.0.1:8000", ""),
        ("http://127.0.0.1:8000/evenemang/lunch", ""),
        ("http://127.0.0.1:8000/evenemang/utkast", "leder ingenstans"),
        ("http://127.0.0.1:8000/evenemang/finns-inte", "leder ingenstans"),
        ("http://127.0.0.1:8000/finns/inte", "leder ingenstans"),
        ("http://127.0.0.1:8000/personal/nyhetsbrev", "för personal"),
        ("https://www.boras.se/vad-som-helst", ""),
        ("http://localhost:3000/a", "en enda dator"),
        ("http://intranat/a", "en enda dator"),
        ("mailto:eva@boras.se", ""),
        ("mailto:eva", "ingen e-postadress"),
    ],
)
def test_our_own_addresses_are_looked_up_and_no_others(app: Flask, address: str, trouble: str) -> None:
    make_event(slug="lunch")
    make_event(slug="utkast", state=EventState.DRAFT)
    said = trouble_with(address)
    assert (trouble in said) if trouble else said == ""


def test_a_dead_link_in_a_text_is_named_with_its_article(app: Flask) -> None:
    issue = make_issue()
    make_article(issue, heading="Om bron", body='<p><a href="http://127.0.0.1:8000/borta">x</a></p>')
    assert "http://127.0.0.1:8000/borta leder ingenstans. Den står i ”Om bron”" in found(issue, Verdict.STOP)


def test_events_and_procurements_that_time_has_passed_are_told(app: Flask) -> None:
    issue = make_issue(send_on=(now() + timedelta(days=30)).date())
    over, off = make_event(starts_at=now() + timedelta(days=3)), make_event(state=EventState.CANCELLED)
    make_article(issue, kind=ArticleKind.EVENT, heading="Redan varit", event_id=over.id)
    make_article(issue, kind=ArticleKind.EVENT, heading="Inställd", event_id=off.id)
    make_article(issue, kind=ArticleKind.PROCUREMENT, heading="För sent", buyer="Borås Stad", last_day=date(2020, 1, 2))
    assert "”Redan varit”: evenemanget är" in found(issue, Verdict.THINK)
    stops = found(issue, Verdict.STOP)
    assert "”Inställd”: evenemanget är inställt" in stops
    assert "”För sent”: sista dag för anbud är 2 januari 2020" in stops


def test_a_heavy_letter_is_worth_a_thought_and_a_too_heavy_one_stops(app: Flask) -> None:
    verdicts = []
    for number, characters in ((1, 10_000), (2, 85_000), (3, 110_000)):
        issue = make_issue(number=number)
        make_article(issue, body=f"<p>{'ord ' * (characters // 8)}</p>")
        make_article(issue, body=f"<p>{'ord ' * (characters // 8)}</p>")
        (check,) = check_weight(issue_by_id(issue.id))
        verdicts.append(check.verdict)
    assert verdicts == [Verdict.GOOD, Verdict.THINK, Verdict.STOP]


def test_an_approved_letter_whose_event_has_moved_is_worth_a_thought(app: Flask) -> None:
    issue, event = make_issue(), make_event(starts_at=now() + timedelta(days=200))
    make_article(issue, kind=ArticleKind.EVENT, event_id=event.id)
    make_approved(issue)
    assert "Godkännande" not in found(issue, Verdict.THINK)
    edit_event(event.id, {"place": "Textile Fashion Center"}, now())
    assert "något det hämtar har ändrats" in found(issue, Verdict.THINK)


def test_an_issue_that_was_changed_after_the_question_says_so(app: Flask) -> None:
    issue = make_issue(articles=1)
    make_approved(issue)
    with transaction():
        locked_issue(issue.id).version += 1
    assert "har ändrats sedan du frågade" in found(issue, Verdict.STOP)
