"""The staff's pages of sending: what they say, what the buttons do, who may take out lists, and what they cost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from time_machine import travel

from eventsys.audit import AuditEntry
from eventsys.clock import local, now
from eventsys.database import db, transaction
from eventsys.mail.mailings import course
from eventsys.mail.mailings.ledger import COLUMNS
from eventsys.mail.models import Delivery, MailingState, Relay, State
from eventsys.newsletters import actors
from eventsys.newsletters.audience.choosing import LEFT
from eventsys.newsletters.audience.keys import segment_key
from eventsys.newsletters.audience.models import Segment
from eventsys.newsletters.issues.models import Issue, IssueState, NewsletterSettings
from eventsys.newsletters.issues.proofs import approved_proof
from eventsys.newsletters.lists import COMPANIES, FORETAGSAMT
from eventsys.staff.models import Role
from tests.desk.scenes import QueryCounter
from tests.newsletters.factories import make_reader
from tests.newsletters.sending.scenes import (
    again,
    approved_issue,
    deliver_all,
    id_of,
    mailing,
    make_company,
    make_issue,
    scheduled,
    sent_off,
    states,
)
from tests.sink import SmtpSink
from tests.staff_fixtures import Visitor

Client = Callable[[Role], Visitor]
HOUR = timedelta(hours=1)


@pytest.fixture
def editor_page(signed_in_client: Client) -> Visitor:
    return signed_in_client(Role.EDITOR)


def base(issue: Issue) -> str:
    return f"/personal/nyhetsbrev/nummer/{id_of(issue)}"


def page(client: Visitor, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.text.split()).replace("\N{NO-BREAK SPACE}", " ")


def press(client: Visitor, address: str, data: dict[str, object] | None = None) -> str:
    """Post a form, and the page it leads to."""
    answer = client.post(address, data=data or {})
    assert answer.status_code == 302, answer.status_code
    return page(client, answer.location)


def some_readers(number: int, first: int = 0) -> None:
    for place in range(first, first + number):
        make_reader(f"a{place:03}@ek.example", name=f"Åsa Öberg {place}", organisation="Väveriet AB")


# --- audience


def test_the_audience_is_looked_at_before_it_is_chosen(app: Flask, editor_page: Visitor) -> None:
    some_readers(3)
    make_reader("borta@ek.example", lists=[], left=[FORETAGSAMT])
    make_company("Färgeriet AB", ["info@fargeriet.example"])
    issue = make_issue()
    seen = page(editor_page, f"{base(issue)}/mottagare?val={COMPANIES}")
    assert "<b>4</b>får brevet" in seen
    assert "Färgeriet AB" in seen
    assert "Välj Alla företag med e-postadress (4 mottagare)" in seen
    assert again(issue).audience == FORETAGSAMT
    chosen = press(editor_page, f"{base(issue)}/mottagare", {"val": COMPANIES})
    assert "Alla företag med e-postadress, 4. Inget är skickat än." in chosen
    assert again(issue).audience == COMPANIES
    left_out = page(editor_page, f"{base(issue)}/mottagare?visa=utelamnade&orsak={LEFT}")
    assert "borta@ek.example" in left_out


def test_names_are_searched_and_paged(app: Flask, editor_page: Visitor) -> None:
    some_readers(60)
    issue = make_issue()
    assert "51–60 av 60" in page(editor_page, f"{base(issue)}/mottagare?sida=2")
    found = page(editor_page, f"{base(issue)}/mottagare?sok=OBERG 59")
    assert "a059@ek.example" in found
    assert "a058@ek.example" not in found
    assert "Ingen passar in" in page(editor_page, f"{base(issue)}/mottagare?sok=finnsinte")


def test_an_audience_that_is_gone_says_so(app: Flask, editor_page: Visitor) -> None:
    issue = make_issue(audience="segment:77")
    assert "finns inte längre" in page(editor_page, f"{base(issue)}/mottagare")
    assert editor_page.post(f"{base(issue)}/mottagare", data={"val": "serie:9999"}).status_code == 404


# --- before it leaves


def test_the_page_says_what_will_happen_to_whom(
    app: Flask, editor_page: Visitor, use_settings: Callable[..., None]
) -> None:
    use_settings(smtp_per_minute=30)
    some_readers(61)
    issue = approved_issue()
    seen = page(editor_page, f"{base(issue)}/utskick")
    assert "61 mottagare" in seen
    assert "Schemalägg utskick till 61 mottagare" in seen
    assert "högst 30 brev i minuten. Det tar ungefär 2 minuter" in seen
    now_page = page(editor_page, f"{base(issue)}/utskick/nu")
    assert "Skicka till 61 mottagare" in now_page
    assert again(issue).state is IssueState.DRAFT


def test_asking_how_long_it_takes_makes_no_row(app: Flask, editor_page: Visitor) -> None:
    some_readers(1)
    page(editor_page, f"{base(approved_issue())}/utskick")
    assert db.session.query(Relay).count() == 0


def test_what_is_missing_stands_on_the_page_and_nothing_can_be_sent(app: Flask, editor_page: Visitor) -> None:
    issue = make_issue()
    seen = page(editor_page, f"{base(issue)}/utskick")
    assert "Innan numret kan skickas" in seen
    assert "Ingen får brevet" in seen
    refused = editor_page.post(f"{base(issue)}/utskick/nu", data={"hold": "10"})
    assert refused.status_code == 422
    assert again(issue).state is IssueState.DRAFT
    assert "Ingen får brevet" in page(editor_page, f"{base(issue)}/kontroll")


def test_a_time_is_chosen_moved_and_taken_back(app: Flask, editor_page: Visitor) -> None:
    some_readers(2)
    issue = approved_issue()
    tomorrow = local(now()) + timedelta(days=1)
    seen = press(editor_page, f"{base(issue)}/utskick/tid", {"at": f"{tomorrow:%Y-%m-%dT10:00}", "hold": "15"})
    assert "kl. 10.00 till 2 mottagare" in seen
    assert (again(issue).state, again(issue).hold_minutes) == (IssueState.SCHEDULED, 15)
    assert local(again(issue).sends_at).hour == 10
    wrong = editor_page.post(f"{base(issue)}/utskick/tid", data={"at": "i morgon", "hold": "x"})
    assert wrong.status_code == 422
    past = editor_page.post(f"{base(issue)}/utskick/tid", data={"at": "2020-01-01T10:00", "hold": "0"})
    assert "Tiden har redan varit" in past.text
    assert "Tiden är borttagen" in press(editor_page, f"{base(issue)}/utskick/ta-tillbaka")
    assert again(issue).state is IssueState.DRAFT


def test_what_did_not_leave_says_why_and_can_be_sent_even_so(app: Flask, editor_page: Visitor) -> None:
    some_readers(2)
    issue = scheduled(approved_issue())
    with transaction():
        db.session.get_one(Issue, issue.id).trouble = "Det skulle ha skickats, men systemet var inte igång då."
    seen = page(editor_page, f"{base(issue)}/utskick")
    assert "Numret skickades inte" in seen
    assert "Skicka nu ändå" in seen
    assert "skickas nu till 2 mottagare" in press(editor_page, f"{base(issue)}/utskick/nu", {"hold": "0"})
    assert again(issue).trouble == ""


# --- the ledger


def test_the_ledger_adds_up_and_each_number_opens_its_names(app: Flask, relay: SmtpSink, editor_page: Visitor) -> None:
    relay.when("rcpt", to="a001@ek.example", say="552 5.3.4 Message too big")
    some_readers(5)
    make_reader("borta@ek.example", lists=[], left=[FORETAGSAMT])
    issue = approved_issue()
    sent_off(issue)
    deliver_all()
    seen = page(editor_page, f"{base(issue)}/utskick")
    assert "5 valda</a> = 4 skickade + 1 avvisat" in seen
    assert "6 möjliga mottagare = 5 valda + " in seen
    rejected = page(editor_page, f"{base(issue)}/utskick/namn?lage=avvisade")
    assert "a001@ek.example" in rejected
    assert "a002@ek.example" not in rejected
    letter_id = db.session.query(Delivery.id).filter_by(address="a001@ek.example").scalar()
    assert f'href="/personal/brev/{letter_id}"' in rejected
    assert "a004@ek.example" in page(editor_page, f"{base(issue)}/utskick/namn?sok=öberg 4")
    assert "borta@ek.example" in page(editor_page, f"{base(issue)}/utskick/utelamnade?orsak={LEFT}")
    relay.manner.rules.clear()
    assert "prövas igen" in press(editor_page, f"{base(issue)}/utskick/brev/{letter_id}/igen")
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}


def test_a_letter_of_another_mailing_is_not_tried_here(app: Flask, editor_page: Visitor) -> None:
    some_readers(1)
    first, second = approved_issue(), approved_issue()
    sent_off(first)
    sent_off(second)
    foreign = db.session.query(Delivery.id).filter_by(mailing_id=again(second).mailing_id).scalar()
    assert editor_page.post(f"{base(first)}/utskick/brev/{foreign}/igen").status_code == 404


def test_pause_go_on_release_and_cancel(app: Flask, relay: SmtpSink, editor_page: Visitor) -> None:
    some_readers(4)
    with transaction():
        db.session.add(NewsletterSettings(id=1, seeds="frö@boras.example", hold_minutes=10, goal_new=75))
    issue = approved_issue()
    mailing_id = sent_off(issue, hold=10)
    deliver_all()
    here = f"{base(issue)}/utskick"
    assert "De första breven går nu" in page(editor_page, here)
    assert "pausat" in press(editor_page, f"{here}/pausa")
    assert mailing(mailing_id).state is MailingState.PAUSED
    assert "inte längre i det läge" in press(editor_page, f"{here}/pausa")
    assert "fortsätter" in press(editor_page, f"{here}/fortsatt")
    assert f'href="{here}/slapp"' in page(editor_page, here)
    asked = page(editor_page, f"{here}/slapp")
    assert "<strong>4 brev</strong> går direkt" in asked
    assert "Skicka 4 brev nu" in asked
    assert "De första breven går nu" in page(editor_page, here)
    assert "Resten går nu" in press(editor_page, f"{here}/slapp")
    assert editor_page.get(f"{here}/slapp").location == here
    assert "4 brev stoppas" in page(editor_page, f"{here}/avbryt")
    assert "4 brev stoppades" in press(editor_page, f"{here}/avbryt")
    assert relay.count == 1
    assert "Gör om numret" in page(editor_page, here)
    assert "ett utkast igen" in press(editor_page, f"{here}/gor-om")
    assert again(issue).state is IssueState.DRAFT
    assert "Redan skickat" not in page(editor_page, here)


@pytest.mark.parametrize("what", ["skickade", "igen"])
def test_unknown_letters_are_dealt_with_together(app: Flask, relay: SmtpSink, editor_page: Visitor, what: str) -> None:
    relay.when("dot", times=3, drop=True)
    some_readers(8)
    issue = approved_issue()
    sent_off(issue)
    deliver_all()
    unknown = list(states().values()).count(State.UNKNOWN)
    assert unknown
    here = f"{base(issue)}/utskick"
    assert f"Ta hand om de okända ({unknown})" in page(editor_page, here)
    assert f"{unknown} okän" in page(editor_page, f"{here}/okanda")
    said = "1 okänt brev" if unknown == 1 else f"{unknown} okända brev"
    assert said in press(editor_page, f"{here}/okanda/{what}")
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}


def test_deferred_letters_are_tried_when_asked(app: Flask, relay: SmtpSink, editor_page: Visitor) -> None:
    relay.when("rcpt", to="a001@ek.example", say="451 4.2.0 Later", times=1)
    some_readers(2)
    issue = approved_issue()
    sent_off(issue)
    deliver_all()
    assert "Pröva de uppskjutna nu (1)" in page(editor_page, f"{base(issue)}/utskick")
    assert "1 uppskjutet brev prövas nu" in press(editor_page, f"{base(issue)}/utskick/uppskjutna")
    deliver_all()
    assert set(states().values()) == {State.ACCEPTED}


def test_the_moving_part_says_rate_reason_and_end(
    app: Flask, relay: SmtpSink, editor_page: Visitor, use_settings: Callable[..., None]
) -> None:
    use_settings(smtp_per_minute=30)
    some_readers(120)
    issue = approved_issue()
    at = now()
    mailing_id = sent_off(issue)
    moving = page(editor_page, f"{base(issue)}/utskick/laget")
    ends = local(at + timedelta(minutes=4))
    assert "Högst 30 i minuten" in moving
    assert f"kl. {ends:%H.%M}" in moving or f"kl. {ends - timedelta(minutes=1):%H.%M}" in moving
    assert "<html" not in moving
    with transaction():
        course.pause(mailing_id)
    assert "Utskicket är pausat" in page(editor_page, f"{base(issue)}/utskick/laget")


def test_without_script_the_page_is_read_again_only_while_letters_leave(
    app: Flask, relay: SmtpSink, editor_page: Visitor
) -> None:
    some_readers(1)
    issue = approved_issue()
    mailing_id = sent_off(issue)
    assert '<noscript><meta http-equiv="refresh"' in page(editor_page, f"{base(issue)}/utskick")
    with transaction():
        course.pause(mailing_id)
    assert "http-equiv" not in page(editor_page, f"{base(issue)}/utskick")


def test_the_ledger_as_files_is_for_those_who_take_lists_and_is_noted(
    app: Flask, relay: SmtpSink, signed_in_client: Client
) -> None:
    make_reader("åsa@ek.example", name="=1+1", organisation="Väveriet AB")
    make_reader("borta@ek.example", lists=[], left=[FORETAGSAMT])
    issue = approved_issue()
    sent_off(issue)
    deliver_all()
    files = f"{base(issue)}/utskick/liggare"
    editor, organiser = signed_in_client(Role.EDITOR), signed_in_client(Role.ORGANISER)
    assert editor.get(f"{files}.csv").status_code == 403
    assert "liggare.csv" not in page(editor, f"{base(issue)}/utskick")
    assert "liggare.csv" in page(organiser, f"{base(issue)}/utskick")
    text = organiser.get(f"{files}.csv", buffered=True).data.decode("utf-8-sig")
    head, first, second = csv.reader(io.StringIO(text), delimiter=";")
    assert tuple(head) == COLUMNS
    assert first[:6] == ["åsa@ek.example", "'=1+1", "Väveriet AB", "skickat", "", "1"]
    assert second[:5] == ["borta@ek.example", "Åsa Lind", "", "utelämnad", LEFT]
    sheet = openpyxl.load_workbook(io.BytesIO(organiser.get(f"{files}.xlsx").data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert [sheet.cell(2, 1).value, sheet.cell(2, 2).value] == ["åsa@ek.example", "=1+1"]
    assert organiser.get(f"{files}.pdf").status_code == 404
    taken = db.session.query(AuditEntry).filter_by(action="issue.ledger_taken_out").all()
    assert [one.detail["rows"] for one in taken] == [2, 2]


# --- segments


def test_a_segment_is_counted_by_name_before_it_is_kept(app: Flask, editor_page: Visitor) -> None:
    make_company("Väveriet AB", ["info@vaveriet.example"], place="Borås")
    make_company("Färgeriet AB", ["info@fargeriet.example"], place="Kinna")
    data = {"name": "I Borås", "base": COMPANIES, "places": "Borås"}
    counted = editor_page.post("/personal/nyhetsbrev/urval/nytt", data={**data, "gor": "rakna"})
    assert counted.status_code == 200
    assert "1 får brevet" in counted.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "info@vaveriet.example" in counted.text
    assert db.session.query(Segment).count() == 0
    kept = press(editor_page, "/personal/nyhetsbrev/urval/nytt", {**data, "gor": "spara"})
    assert "Alla företag med e-postadress, som finns i Borås." in kept
    assert "info@vaveriet.example" in kept
    assert "info@fargeriet.example" not in kept
    assert "I Borås" in page(editor_page, "/personal/nyhetsbrev/urval")


def test_a_segment_is_changed_and_its_name_is_its_own(app: Flask, editor_page: Visitor) -> None:
    new = "/personal/nyhetsbrev/urval/nytt"
    press(editor_page, new, {"name": "Ett", "base": COMPANIES})
    press(editor_page, new, {"name": "Två", "base": COMPANIES})
    one = db.session.query(Segment).filter_by(name="Ett").one().id
    taken = editor_page.post(f"/personal/nyhetsbrev/urval/{one}/andra", data={"name": "Två", "base": COMPANIES})
    assert taken.status_code == 422
    assert "redan ett urval med det namnet" in taken.text
    edited = {"name": "Ett", "base": FORETAGSAMT, "company": "väv", "with_company": "y", "ways": ["code", "page"]}
    seen = press(editor_page, f"/personal/nyhetsbrev/urval/{one}/andra", edited)
    assert "Företagsamt, som kom genom en QR-kod eller webbsidan" in seen
    again_form = page(editor_page, f"/personal/nyhetsbrev/urval/{one}/andra")
    assert 'value="väv"' in again_form
    missing = editor_page.post(new, data={"name": "", "base": COMPANIES, "attended_since": "2026-01-01"})
    assert "Skriv ett namn" in missing.text
    assert "vad de har deltagit i" in missing.text


def test_a_segment_in_use_is_not_deleted(app: Flask, editor_page: Visitor) -> None:
    press(editor_page, "/personal/nyhetsbrev/urval/nytt", {"name": "Ett", "base": COMPANIES})
    segment_id = db.session.query(Segment.id).scalar()
    issue = make_issue(audience=segment_key(segment_id))
    removal = f"/personal/nyhetsbrev/urval/{segment_id}/ta-bort"
    assert "Urvalet används" in page(editor_page, removal)
    assert "Välj andra mottagare" in press(editor_page, removal)
    with transaction():
        db.session.get_one(Issue, issue.id).audience = FORETAGSAMT
    assert "Urvalet är borttaget" in press(editor_page, removal)
    assert page(editor_page, f"/personal/nyhetsbrev/urval/{segment_id}", 404)


def test_a_scheduled_issues_segment_stands_fast(app: Flask, editor_page: Visitor) -> None:
    some_readers(1)
    press(editor_page, "/personal/nyhetsbrev/urval/nytt", {"name": "Ett", "base": FORETAGSAMT})
    segment_id = db.session.query(Segment.id).scalar()
    scheduled(approved_issue(audience=segment_key(segment_id)))
    refused = editor_page.post(
        f"/personal/nyhetsbrev/urval/{segment_id}/andra", data={"name": "Ett", "base": COMPANIES}
    )
    assert refused.status_code == 422
    assert "Ta tillbaka tiden först" in refused.text


@pytest.mark.parametrize(("base", "holds"), [(FORETAGSAMT, True), (COMPANIES, False)])
def test_another_base_of_a_segment_asks_for_a_new_approval(
    app: Flask, editor_page: Visitor, base: str, holds: bool
) -> None:
    """The letter says why one gets it, and what its link leaves."""
    some_readers(1)
    press(editor_page, "/personal/nyhetsbrev/urval/nytt", {"name": "Ett", "base": FORETAGSAMT})
    segment_id = db.session.query(Segment.id).scalar()
    of_the_segment, other = approved_issue(audience=segment_key(segment_id)), approved_issue()
    press(editor_page, f"/personal/nyhetsbrev/urval/{segment_id}/andra", {"name": "Två", "base": base})
    assert (approved_proof(again(of_the_segment)) is not None) is holds
    assert (of_the_segment.changed_by is None) is holds
    assert approved_proof(again(other)) is not None


# --- settings


def test_settings_are_kept_and_wrong_ones_say_what_to_do(app: Flask, editor_page: Visitor) -> None:
    here = "/personal/nyhetsbrev/installningar"
    assert 'value="75"' in page(editor_page, here)
    good = {"seeds": "Frö@Boras.example\n\nfrö@boras.example\nbo@alm.example", "hold_minutes": "20", "goal_new": "80"}
    assert "sparade" in press(editor_page, here, good)
    kept = db.session.get_one(NewsletterSettings, 1)
    assert (kept.seeds.split(), kept.hold_minutes, kept.goal_new) == (["frö@boras.example", "bo@alm.example"], 20, 80)
    wrong = editor_page.post(here, data={**good, "seeds": "bo@alm.example\ningen adress", "hold_minutes": "-1"})
    assert wrong.status_code == 422
    assert "”ingen adress” är ingen e-postadress" in wrong.text
    assert "mellan 0 och" in wrong.text


# --- what it costs


@pytest.mark.parametrize(
    "path",
    ["mottagare", "mottagare?visa=utelamnade", "utskick", "utskick/laget", "utskick/namn", "utskick/utelamnade"],
)
def test_a_page_costs_the_same_however_many_there_are(
    app: Flask, editor_page: Visitor, count_queries: QueryCounter, path: str
) -> None:
    some_readers(3)
    make_reader("borta@ek.example", lists=[], left=[FORETAGSAMT])
    few = approved_issue()
    sent_off(few)
    some_readers(70, first=3)
    many = approved_issue()
    sent_off(many)
    costs = []
    for issue in (few, many):
        page(editor_page, f"{base(issue)}/{path}")
        with count_queries() as statements:
            page(editor_page, f"{base(issue)}/{path}")
        costs.append(len(statements))
    assert costs[1] <= costs[0] + 1
    assert costs[1] < 35


@pytest.mark.parametrize("role", [Role.HOST, Role.CO_ORGANISER])
def test_others_do_not_get_in(app: Flask, signed_in_client: Client, role: Role) -> None:
    client, issue = signed_in_client(role), make_issue()
    for path in (f"{base(issue)}/utskick", f"{base(issue)}/mottagare", "/personal/nyhetsbrev/urval"):
        assert client.get(path).status_code == 403


def test_an_issue_that_does_not_exist_is_not_found(app: Flask, editor_page: Visitor) -> None:
    issue = make_issue()
    for path in ("utskick/laget", "utskick/namn", "utskick/slapp", "utskick/avbryt", "utskick/okanda"):
        assert editor_page.get(f"{base(issue)}/{path}").status_code == 404
    for path in ("999999999/utskick", "99999999999/mottagare"):
        assert editor_page.get(f"/personal/nyhetsbrev/nummer/{path}").status_code == 404


def test_a_late_issue_is_found_by_the_clock_only_until_it_has_said_why(app: Flask, editor_page: Visitor) -> None:
    some_readers(1)
    issue = scheduled(approved_issue())
    with travel(now() + timedelta(hours=5), tick=True):
        db.session.remove()
        actors.send_issue(id_of(issue))
        actors.ring_due()
    assert "Numret skickades inte" in page(editor_page, f"{base(issue)}/utskick")
