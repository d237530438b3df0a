"""Who may open which page: every staff page is guarded, and the public pages are written out by name."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule

from eventsys.staff.models import Role
from tests.staff_fixtures import new_account, visitor, visitor_as

# Pages that anybody may open, in English too. A new one is public only once it stands here.
PUBLIC = {
    "static",
    "health.show_health",
    "health.show_readiness",
    "metrics.show_metrics",
    "identity.show_logo",
    "identity.show_stylesheet",
    "privacy.show_accessibility",
    "privacy.show_privacy",
    "privacy.show_request_form",
    "privacy.submit_request",
    "privacy.show_confirm",
    "privacy.submit_confirm",
    "events.show_start",
    "events.show_calendar",
    "events.show_embedded_list",
    "events.show_calendar_feed",
    "events.show_atom_feed",
    "events.show_json_feed",
    "events.show_event",
    "events.show_event_calendar",
    "events.show_programme",
    "events.show_sessions",
    "events.submit_sessions",
    "events.show_picture",
    "events.show_seats",
    "events.show_source",
    "events.show_registration_form",
    "events.submit_registration",
    "events.show_received",
    "events.show_my_bookings",
    "events.submit_my_bookings",
    "events.show_booking",
    "events.show_booker",
    "events.submit_booker",
    "events.show_person",
    "events.submit_person",
    "events.show_new_person",
    "events.submit_new_person",
    "events.show_cancel",
    "events.submit_cancel",
    "events.submit_answer_to_offer",
    "events.show_coming",
    "events.submit_coming",
    "events.show_ticket",
    "events.show_ticket_calendar",
    "events.show_ticket_pdf",
    "events.show_invitation",
    "events.submit_yes",
    "events.submit_no",
    "events.submit_colleague",
    "events.show_request_form",
    "events.submit_request",
    "events.show_material",
    "events.show_own_material",
    "newsletters.show_archive",
    "newsletters.show_archive_feed",
    "newsletters.show_issue",
    "newsletters_open.show_response",
    "newsletters_open.submit_response",
    "newsletters.show_sign_up",
    "newsletters.submit_sign_up",
    "newsletters.show_confirm",
    "newsletters.submit_confirm",
    "newsletters.show_preferences",
    "newsletters.submit_preferences",
    "newsletters.submit_other_address",
    "newsletters_open.show_leave",
    "newsletters_open.submit_leave",
    "newsletters_open.submit_take_back",
    "newsletters_open.submit_why",
    "newsletters_open.show_picture",
    "surveys.show_survey_form",
    "surveys.submit_survey",
    "surveys.show_open_survey_form",
    "surveys.submit_open_survey",
    "surveys.show_thanks",
    "surveys.show_results",
    "door.show_door",
    "door.submit_pin",
    "door.submit_lock",
    "door.submit_plainly",
    "door.show_list",
    "door.submit_scans",
    "door.show_script",
    "door.show_worker",
    "door.show_manifest",
}
# The doors to /personal that nobody is signed in for yet (or any more).
SIGN_IN = {
    "staff.show_sign_in",
    "staff.submit_sign_in",
    "staff.submit_sign_out",
    "staff.show_forgotten",
    "staff.submit_forgotten",
    "staff.show_password_link",
    "staff.submit_password_link",
    "issuer.show_way_to_issuer",
    "issuer.show_answer",
    "issuer.show_way_out",
    "second_factor.show_code",
    "second_factor.submit_code",
    "second_factor.show_first_setup",
    "second_factor.submit_first_setup",
}


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def is_guarded(app: Flask, rule: Rule) -> bool:
    return isinstance(getattr(app.view_functions[rule.endpoint], "guarded_for", None), frozenset)


def is_staff_page(rule: Rule) -> bool:
    return rule.rule == "/personal" or rule.rule.startswith("/personal/")


def test_every_staff_page_is_guarded(app: Flask) -> None:
    open_doors = {rule.endpoint for rule in rules(app) if is_staff_page(rule) and not is_guarded(app, rule)}
    assert open_doors == SIGN_IN


def test_every_guarded_page_is_a_staff_page(app: Flask) -> None:
    assert [rule.rule for rule in rules(app) if is_guarded(app, rule) and not is_staff_page(rule)] == []


def test_the_public_pages_are_those_written_here(app: Flask) -> None:
    found = {rule.endpoint.replace("_en.", ".") for rule in rules(app) if not is_staff_page(rule)}
    assert found - PUBLIC == set(), "public pages that are not in the list"
    assert PUBLIC - found == set(), "pages in the list that are not there"


def test_guards_name_roles(app: Flask) -> None:
    for rule in rules(app):
        roles = getattr(app.view_functions[rule.endpoint], "guarded_for", frozenset())
        assert all(isinstance(role, Role) for role in roles), rule.rule


def paths(app: Flask, method: str) -> list[str]:
    """The guarded addresses with this method, arguments filled in with 1."""
    found = [rule for rule in rules(app) if is_guarded(app, rule) and method in (rule.methods or ())]
    with app.test_request_context():
        return [app.url_map.bind("").build(rule.endpoint, dict.fromkeys(rule.arguments, 1)) for rule in found]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_visitor_is_sent_to_the_sign_in_page_from_every_staff_page(app: Flask, method: str) -> None:
    for path in paths(app, method):
        answer = visitor(app).open(path, method=method)
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/personal/logga-in"), path
        assert answer.headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize("role", Role)
def test_every_staff_page_opens_or_names_the_role_it_is_for(app: Flask, role: Role) -> None:
    client = visitor_as(app, new_account(role))
    for path in plain_pages(app):
        answer = client.get(path)
        assert answer.status_code in {200, 302, 403, 404}, path  # 404: the address names nothing to show
        if answer.status_code == 403:
            assert "Din roll räcker inte" in answer.text, path
        assert role is not Role.ADMINISTRATOR or answer.status_code != 403, path


def plain_pages(app: Flask) -> list[str]:
    """Guarded pages that need no argument."""
    found = [rule for rule in rules(app) if is_guarded(app, rule) and not rule.arguments]
    return [rule.rule for rule in found if "GET" in (rule.methods or ())]
