"""Co-organisers meet their own series only, on every staff page there is, whatever address they guess.

The addresses come from the routes themselves. A new route with an argument that is not known here fails the first
test: say in `worlds._rows` what the argument names, or here which word stands in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pytest
from flask import Flask
from pypdf import PdfReader
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from eventsys.clock import now
from eventsys.database import db, transaction
from eventsys.mail.models import Delivery
from eventsys.staff.models import Account, Role
from tests.factories import make_event, make_registration
from tests.house.worlds import World, everything, give, held_by, is_whole, make_world
from tests.staff_fixtures import Visitor, new_account, visitor_as

# Words that stand in an address: they choose a form of something, and name nobody's row.
WORDS = {
    ("events_staff.show_export", "kind"): "csv",
    ("events_staff.show_period_export", "kind"): "csv",
    ("companies_staff.show_companies_file", "kind"): "csv",
    ("companies_staff.show_visits_file", "kind"): "csv",
    ("newsletters_staff.show_ledger_file", "kind"): "csv",
    ("surveys_staff.show_result_file", "what"): "siffror",
    ("surveys_staff.show_result_file", "kind"): "csv",
    ("surveys_staff.show_surveys_file", "kind"): "csv",
    ("events_staff.show_outline_page", "sheet"): "10",
    ("newsletters_staff.show_readers_file", "kind"): "csv",
    ("events_staff.submit_reminder_off", "kind"): "week",
    ("events_staff.show_sample", "name"): "paminnelse",
    ("events_staff.show_sample_letter", "name"): "paminnelse",
    ("newsletters_staff.submit_year", "year"): "2027",
    ("newsletters_staff.show_year_calendar", "year"): "2027",
    ("newsletters_staff.show_welcome_addresses", "kind"): "csv",
    ("newsletters_staff.show_welcome_ledger_file", "kind"): "csv",
    ("retention.show_rule", "key"): "events.people",
    ("retention.submit_rule", "key"): "events.people",
    ("retention.submit_rule_removal", "key"): "events.people",
    ("retention.show_protocol_file", "kind"): "csv",
    ("handouts.show_set", "key"): "companies.contacts",
    ("handouts.submit_set", "key"): "companies.contacts",
    **{
        (f"statements.{page}", name): word
        for page in ("show_statement", "submit_statement", "show_versions", "show_version")
        for name, word in (("word", "personuppgifter"), ("lang", "sv"), ("label", "2026-11"))
    },
}
# Pages that are not about a series: accounts and suppressed addresses are for others than co-organisers.
NOT_THEIRS = {
    "account_id", "suppression_id", "issue_id", "article_id", "picture_id", "proof_id", "code_id", "reader_id",
    "segment_id", "response_id", "delivery_id", "tag_id", "round_id", "pdf_id", "import_id", "goal_id", "written_id",
    "year", "half", "figure", "document", "person_request_id",
    "run_id", "handout_id",
}  # fmt: skip
ELSEWHERE = {
    "staff.show_password_link", "staff.submit_password_link",  # a secret in the address, and nobody signed in
    "desk.show_caught_letter", "desk.show_caught_html", "desk.show_caught_attachment",  # not for co-organisers
}  # fmt: skip
# The button that is pressed, where a page has several.
PRESSED = {"events_staff.submit_material": "ta-bort", "events_staff.submit_door_change": "stang"}
PARENTS = {"event_id", "registration_id", "series_id"}

OWN, FOREIGN = "Alfa", "Omega"


@pytest.fixture
def account(app: Flask) -> Account:
    return new_account(Role.CO_ORGANISER)


@pytest.fixture
def own(account: Account) -> World:
    world = make_world(OWN, account)
    give(account, world)
    return world


@pytest.fixture
def foreign(account: Account) -> World:
    return make_world(FOREIGN, account)


@pytest.fixture
def partner(app: Flask, account: Account, own: World) -> Visitor:
    return visitor_as(app, account)


def staff_rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/personal")]


def arguments_of(rule: Rule) -> set[str]:
    """Those that name a row."""
    return {name for name in rule.arguments if (rule.endpoint, name) not in WORDS}


def routes_with_ids(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in staff_rules(app):
        if rule.endpoint not in ELSEWHERE and arguments_of(rule) - NOT_THEIRS:
            for method in sorted({"GET", "POST"} & set(rule.methods or ())):
                yield rule, method


def address(app: Flask, rule: Rule, ids: dict[str, int]) -> str:
    words = {name: word for (endpoint, name), word in WORDS.items() if endpoint == rule.endpoint}
    return app.url_map.bind("").build(rule.endpoint, {**{name: ids[name] for name in arguments_of(rule)}, **words})


def roles_of(app: Flask, rule: Rule) -> frozenset[Role]:
    roles: frozenset[Role] = app.view_functions[rule.endpoint].guarded_for  # type: ignore[attr-defined]
    return roles or frozenset(Role)


def test_every_argument_of_a_staff_page_is_known_here(app: Flask, own: World) -> None:
    unknown = {
        f"{rule.rule}: {name}"
        for rule in staff_rules(app)
        if rule.endpoint not in ELSEWHERE
        for name in arguments_of(rule) - NOT_THEIRS - own.ids.keys()
    }
    assert unknown == set(), "say in tests/house/worlds.py what these name"


def test_what_is_left_out_here_is_not_for_co_organisers(app: Flask) -> None:
    for rule in staff_rules(app):
        if rule.arguments & NOT_THEIRS:
            assert Role.CO_ORGANISER not in roles_of(app, rule), rule.rule
    assert {rule.endpoint for rule in staff_rules(app)} >= ELSEWHERE | {endpoint for endpoint, _ in WORDS}


def test_no_guessed_address_opens_or_changes_anything_of_another_series(
    app: Flask, partner: Visitor, foreign: World
) -> None:
    before, routes = everything(), list(routes_with_ids(app))
    assert len(routes) > 100
    for rule, method in routes:
        expected = 404 if Role.CO_ORGANISER in roles_of(app, rule) else 403
        answer = partner.open(address(app, rule, foreign.ids), method=method, data=stuffing(foreign, rule))
        assert answer.status_code == expected, f"{method} {rule.rule}"
    assert everything() == before


def stuffing(world: World, rule: Rule) -> dict[str, object]:
    """Ids of a world in the fields that forms have, so that nothing stops before they are looked at."""
    ids = world.ids
    return {
        "ids": [ids["attendee_id"], ids["invitation_id"]], "event": ids["event_id"], "themes": ids["theme_id"],
        "theme": ids["theme_id"], "session": ids["session_id"], "slot": ids["slot_id"], "series": ids["series_id"],
        "events": [ids["event_id"]], "people": [ids["attendee_id"]], "invitations": [ids["invitation_id"]],
        "company": ids["company_id"], "door": ids["door_id"], "material": [ids["material_id"]],
        "name": "Ny", "email": "ny@foretag.example", "title": "Ny", "text": "Ny", "label": "Ny?", "subject": "Ny",
        "body": "Ny", "to": "chosen", "gor": PRESSED.get(rule.endpoint, "skicka"), "lage": "kom", "url": "https://boras.example/",
    }  # fmt: skip


def test_no_part_of_one_series_is_reached_under_the_id_of_another(
    app: Flask, partner: Visitor, own: World, foreign: World
) -> None:
    before, tried = held_by(foreign), 0
    for rule, method in routes_with_ids(app):
        children = arguments_of(rule) - PARENTS if arguments_of(rule) & PARENTS else set()
        if "attendee_id" in arguments_of(rule):
            children.add("attendee_id")
        for child in children:
            ids = {**own.ids, child: foreign.ids[child]}
            answer = partner.open(address(app, rule, ids), method=method, data=stuffing(own, rule))
            assert answer.status_code in {404, 403}, f"{method} {rule.rule}: {child}"
            tried += 1
    assert tried > 30
    assert held_by(foreign) == before


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_same_addresses_open_for_whom_they_are_meant(app: Flask, account: Account, partner: Visitor) -> None:
    """The control: what answered 404 above was refused for its id, not for something else in the address."""
    world = given_world(account)
    for rule, method in sorted(routes_with_ids(app), key=lambda route: route[1]):  # first those that change nothing
        if Role.CO_ORGANISER in roles_of(app, rule):
            answer = partner.open(address(app, rule, world.ids), method=method, data=pressed(rule))
            assert answer.status_code in OPEN, f"{method} {rule.rule}: {answer.status_code}"
            if method == "POST" and not is_whole(world):
                world = given_world(account)


def given_world(account: Account) -> World:
    world = make_world(OWN, account)
    give(account, world)
    return world


OPEN = {200, 302, 409, 422, 503, 400}  # 400: a file that was not sent along


def pressed(rule: Rule) -> dict[str, str]:
    return {"gor": PRESSED[rule.endpoint]} if rule.endpoint in PRESSED else {}


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_ids_of_another_series_in_a_form_do_nothing_to_it(app: Flask, account: Account, foreign: World) -> None:
    partner, before, world = visitor_as(app, account), held_by(foreign), given_world(account)
    for rule, method in routes_with_ids(app):
        if method == "POST" and Role.CO_ORGANISER in roles_of(app, rule):
            answer = partner.post(address(app, rule, world.ids), data=stuffing(foreign, rule))
            assert answer.status_code < 500, rule.rule
            if not is_whole(world):
                assert held_by(foreign) == before, rule.rule
                world = given_world(account)
    assert held_by(foreign) == before


# --- what pages show ----------------------------------------------------------------------------------------------


def text_of(answer: TestResponse) -> str:
    """What a person could read in an answer, in a sheet or a PDF too."""
    if answer.mimetype == "application/pdf":
        return (
            " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
            if (len(answer.data) > 100)
            else ""
        )
    if answer.mimetype.endswith("sheet"):
        book = openpyxl.load_workbook(io.BytesIO(answer.data))
        return " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    return answer.data.decode("utf-8", "replace")


def open_pages(app: Flask, world: World) -> Iterator[str]:
    """The addresses of everything that a co-organiser can open, with the ids of this world where there are any."""
    for rule in staff_rules(app):
        is_page = "GET" in (rule.methods or ()) and hasattr(app.view_functions[rule.endpoint], "guarded_for")
        known = rule.endpoint not in ELSEWHERE and not arguments_of(rule) & NOT_THEIRS
        if is_page and known and Role.CO_ORGANISER in roles_of(app, rule):
            yield address(app, rule, world.ids)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_no_page_shows_anything_of_another_series(app: Flask, account: Account, partner: Visitor, own: World) -> None:
    """Not even of a company that comes to both, and not when it is searched for."""
    foreign = make_world(FOREIGN, account, company=own.company)
    make_event(series=foreign.series, title=f"Kommande {FOREIGN}")
    searched = [f"/personal/{page}={FOREIGN.lower()}" for page in ("sok?q", "brev?q", "brev?sok", "evenemang?sok")]
    series = foreign.series.id
    filtered = [
        f"/personal/evenemang?serie={series}", "/personal/evenemang?sok=dag", "/personal/evenemang?visa=utkast",
        f"/personal/evenemang/nytt?serie={own.series.id}", f"/personal/evenemang/deltagare.csv?serie={series}",
        f"/personal/evenemang/deltagare.xlsx?serie={series}",
    ]  # fmt: skip
    seen = 0
    for path in [*open_pages(app, own), *filtered, *searched]:
        shown = text_of(partner.get(path))
        for mark in (FOREIGN, f".{FOREIGN.lower()}@"):
            assert mark not in shown, f"{path}: {shown[max(0, shown.find(mark) - 200) :][:260]}"
        seen += OWN in shown
    assert seen > 40, "the own series is shown"


# --- others than co-organisers ------------------------------------------------------------------------------------


def test_hosts_open_nothing_of_another_day(app: Flask, account: Account) -> None:
    world, host = make_world(OWN, account), visitor_as(app, new_account(Role.HOST))
    before = everything()
    for rule, method in routes_with_ids(app):
        assert method == "GET" or Role.HOST not in roles_of(app, rule), "hosts look, and check in at the doors"
        expected = 404 if Role.HOST in roles_of(app, rule) else 403
        answer = host.open(address(app, rule, world.ids), method=method, data=stuffing(world, rule))
        assert answer.status_code == expected, f"{method} {rule.rule}"
    assert everything() == before


def test_editors_open_no_page_about_people(app: Flask, account: Account) -> None:
    world, editor = make_world(OWN, account), visitor_as(app, new_account(Role.EDITOR))
    about_people = {
        "registration_id", "attendee_id", "invitation_id", "paper_id", "company_id", "scan_id", "choice_id", "entry_id",
    }  # fmt: skip
    before, closed = everything(), 0
    for rule, method in routes_with_ids(app):
        # A company there is itself, not who came from it; the next test sees that no name is shown.
        is_register = rule.endpoint.startswith("companies_staff.") or rule.endpoint == "desk.show_company"
        if arguments_of(rule) & about_people and not is_register:
            assert Role.EDITOR not in roles_of(app, rule), rule.rule
            assert editor.open(address(app, rule, world.ids), method=method).status_code == 403, rule.rule
            closed += 1
    assert closed > 15
    assert everything() == before


def test_editors_see_no_name_on_any_page_of_an_event_a_series_or_a_company(app: Flask, account: Account) -> None:
    world, editor = make_world(OWN, account), visitor_as(app, new_account(Role.EDITOR))
    for rule, method in routes_with_ids(app):
        is_letter = rule.endpoint.startswith("desk.") and rule.endpoint != "desk.show_company"
        if method == "GET" and Role.EDITOR in roles_of(app, rule) and not is_letter:
            shown = text_of(editor.get(address(app, rule, world.ids)))
            for name in (f"Åsa {OWN}", f"Bo {OWN}", f"Gäst {OWN}"):
                assert name not in shown, rule.rule


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_signed_out_changes_nothing_and_is_asked_to_sign_in(app: Flask, account: Account, method: str) -> None:
    world = make_world(OWN, account)
    before, nobody = everything(), Visitor(app, app.response_class, use_cookies=True)
    for rule, allowed in routes_with_ids(app):
        if allowed == method:
            answer = nobody.open(address(app, rule, world.ids), method=method, data=stuffing(world, rule))
            assert answer.status_code == 302, rule.rule
            assert answer.location.startswith("/personal/logga-in"), rule.rule
    assert everything() == before


def test_a_series_taken_away_is_closed_at_once(app: Flask, account: Account, partner: Visitor, own: World) -> None:
    assert partner.get(f"/personal/evenemang/{own.event.id}").status_code == 200
    give(account)
    assert partner.get(f"/personal/evenemang/{own.event.id}").status_code == 404
    assert partner.get(f"/personal/brev/{own.ids['letter_id']}").status_code == 404


def test_a_co_organiser_sees_the_letters_to_the_guests_of_the_own_series(
    app: Flask, account: Account, partner: Visitor, own: World, foreign: World
) -> None:
    letters = {world.mark: letter_to_guest(world) for world in (own, foreign)}
    assert partner.get(f"/personal/brev/{letters[OWN]}").status_code == 200
    assert partner.get(f"/personal/brev/{letters[FOREIGN]}").status_code == 404
    assert f"gast.{OWN.lower()}" in partner.get("/personal/brev").text


def letter_to_guest(world: World) -> int:
    booking = make_registration(world.event, [f"Ny {world.mark}"])
    with transaction():
        made = db.session.get(Delivery, world.ids["letter_id"])
        assert made is not None
        columns = {column.key: getattr(made, column.key) for column in made.__table__.columns if column.key != "id"}
        columns |= {
            "purpose_key": f"invitation:{booking.id}", "about": f"invitation:{world.ids['invitation_id']}",
            "address": f"gast.{world.mark.lower()}@foretag.example", "token": f"t{booking.id}", "created_at": now(),
        }  # fmt: skip
        copy = Delivery(**columns)
        db.session.add(copy)
        db.session.flush()
        return int(copy.id)
